"""Does a snapshot hold everything that the one before it had observed?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import duckdb

from enrich.errors import StoreError
from store.database import open_file, reason
from store.soundness import contradictions, verify

FOLLOWED = "coalesce(paper_aliases.paper_id, was.paper_id)"
"""A work of the older snapshot by the name that the newer one has for it."""

APPENDED = {
    "citations": ("source", "observed_at", "citation_count", "influential_citation_count"),
    "abstracts": ("source", "sha256"),
    "changes": ("run_id", "field", "old", "new", "at"),
}
"""Relations of which no row ever goes or changes, but that it follows a merged work."""

KEYED = {
    "entries": ("entry_id",),
    "runs": ("run_id",),
    "source_runs": ("run_id", "source"),
    "paper_aliases": ("old_paper_id",),
}
"""Relations of which no key ever goes."""

FIRST_SEEN = {
    "papers": ("paper_id",),
    "entries": ("entry_id",),
    "identifiers": ("paper_id", "scheme", "value", "source"),
}
"""Relations that say since when something is known: never later than they said before."""


class Snapshot(NamedTuple):
    """What a sound snapshot says of itself."""

    path: Path
    snapshot_id: str
    previous: str | None
    created_at: datetime


class Checked(NamedTuple):
    """One file of the history. `fault`: what is wrong with it; `note`: what a person may wonder
    at, though it is no fault."""

    path: Path
    fault: str | None = None
    note: str | None = None


def check(history: Sequence[Path], current: Path) -> list[Checked]:
    """Check the current snapshot and the history, the newest file first: each by itself, and each
    against the one that it says it continues."""
    found: dict[Path, Snapshot | str] = {path: _read(path) for path in (current, *history)}
    sound = {path.stem: each for path in history if isinstance(each := found[path], Snapshot)}
    checked = [_checked_current(current, found[current], history)]
    for path in history:
        each = found[path]
        if isinstance(each, str):
            checked.append(Checked(path, each))
        else:
            older = [name for name in sound if name < path.stem]
            fault = next(_faults(each, sound, older), None)
            before = sound.get(each.previous or "")
            note = None
            if before is not None and before.created_at > each.created_at:
                note = f"its run began before that of {each.previous}, or the clock was set back"
            checked.append(Checked(path, fault and f"{path}: {fault}", note))
    return checked


def lost(before: Path, after: Path) -> Iterator[str]:
    """What the newer of two snapshots does not have of the older one's observations."""
    with open_file(after, read_only=True) as connection:
        name = str(before).replace("'", "''")  # ATTACH takes no parameter
        connection.execute(f"attach '{name}' as older (read_only)")
        for what, query in _queries():
            if (count := connection.execute(query).fetchall()[0][0]) > 0:
                yield f"{count:,} {what}"


def _queries() -> Iterator[tuple[str, str]]:
    for table, columns in APPENDED.items():
        same = " and ".join(f'now."{c}" is not distinct from was."{c}"' for c in columns)
        yield (
            f"rows of {table} are gone",
            f"select count(*) from older.{table} was left join paper_aliases on "
            f"old_paper_id = was.paper_id anti join {table} now "
            f"on now.paper_id = {FOLLOWED} and {same}",
        )
    for table, keys in KEYED.items():
        yield (
            f"rows of {table} are gone",
            f"select count(*) from older.{table} anti join {table} using ({', '.join(keys)})",
        )
    yield (
        "works are gone",
        "select count(*) from older.papers was left join paper_aliases on "
        f"old_paper_id = was.paper_id anti join papers now on now.paper_id = {FOLLOWED}",
    )
    for table, keys in FIRST_SEEN.items():
        yield (
            f"rows of {table} say that they were first seen later",
            f"select count(*) from older.{table} was join {table} now using ({', '.join(keys)}) "
            "where now.first_seen_at > was.first_seen_at",
        )


def _read(path: Path) -> Snapshot | str:
    """What a snapshot says of itself, or what is wrong with it."""
    if not path.exists():
        return f"{path}: is not there; run papertide refresh"
    try:
        verify(path)
        if fault := next(contradictions(path), None):
            return f"{path}: {fault}"
        with open_file(path, read_only=True) as connection:
            [row] = connection.execute(
                "select snapshot_id, previous_snapshot_id, created_at from meta"
            ).fetchall()
    except StoreError as error:
        return str(error)
    except duckdb.Error as error:
        return f"{path}: {reason(error)}"
    return Snapshot(path, *row)


def _faults(each: Snapshot, sound: dict[str, Snapshot], older: Sequence[str]) -> Iterator[str]:
    if each.snapshot_id != each.path.stem:
        yield f"it is the snapshot {each.snapshot_id} under another name"
    elif each.previous is None:
        if older:
            yield f"it continues no snapshot, though {older[0]} was there"
    elif each.previous >= each.snapshot_id:
        yield f"it continues {each.previous}, which is no older one"
    elif each.previous in sound:
        for what in lost(sound[each.previous].path, each.path):
            yield f"{what} that {each.previous} had"


def _checked_current(current: Path, found: Snapshot | str, history: Sequence[Path]) -> Checked:
    if isinstance(found, str):
        return Checked(current, found)
    newest = history[0].stem if history else None
    if newest is not None and newest > found.snapshot_id:
        note = f"{newest} is newer: the run that published it was killed, the next one mends it"
        return Checked(current, None, note)
    return Checked(current)
