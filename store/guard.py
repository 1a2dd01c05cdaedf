"""What a new snapshot must not lose, and where one goes that lost it."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from enrich.library import Library
from store import durable
from store.agreement import disagreements
from store.database import open_file
from store.layout import Layout

GUARDED = {
    "papers": "select (select count(*) from papers) + (select count(*) from paper_aliases)",
    "identifiers": "select count(*) from identifiers where source <> 'review'",
    "citation counts": "select count(citation_count) from papers",
    "abstracts": "select count(abstract) from papers",
    "entries, removed ones included": "select count(*) from entries",
    "observed counts in its history": "select count(*) from citations",
}
"""What is counted. A list that is shortened or left out loses none of it: its rows stay. A work
that was merged into another is not lost, nor is an identifier that only a decision gave."""

KEPT = 3
"""Snapshots kept aside, the newest: enough to look into, and never a heap."""


def differing(rows: Mapping[str, int], library: Library) -> str | None:
    """Which relation of a draft has more rows or fewer than its run came to: a database that loses
    rows without an error must not cost a store its identifiers.

    `rows`: how many were read of each relation.
    """
    for table, meant in (
        ("lists", library.lists),
        ("entries", library.places),
        ("papers", library.works),
        ("identifiers", library.claims),
        ("fetches", library.fetches),
        ("paper_aliases", library.aliases),
    ):
        if rows[table] != len(meant):
            return f"{table} has {rows[table]:,} rows where {len(meant):,} were meant"
    return None


def loss(previous: Path | None, draft: Path, max_loss: float) -> str | None:
    """What a draft lost of its predecessor beyond this share, from how many to how many; or of
    what its own relations say of each other, which shows in the first snapshot too."""
    with open_file(draft, read_only=True) as after:
        [(works,)] = after.execute("select count(*) from papers").fetchall()
        found = {d.what: d.works for d in disagreements(after)}
        if previous is None:
            return _contradiction(found, {}, works, max_loss)
        with open_file(previous, read_only=True) as before:
            for name, query in GUARDED.items():
                (old,), (new,) = before.execute(query).fetchall() + after.execute(query).fetchall()
                if new < old * (1 - max_loss):
                    return (
                        f"the new snapshot has {new:,} {name}, the last one {old:,}: it lost more "
                        f"than [guard] max_loss = {max_loss:g} allows"
                    )
            known = {d.what: d.works for d in disagreements(before)} if found else {}
            return _contradiction(found, known, works, max_loss)


def _contradiction(
    found: Mapping[str, int], known: Mapping[str, int], works: int, max_loss: float
) -> str | None:
    """On what the relations of a draft disagree that those of its predecessor did not."""
    for what, number in found.items():
        if number - known.get(what, 0) > works * max_loss:
            return f"of {works:,} works in the new snapshot {number:,} {what}"
    return None


def set_aside(layout: Layout, draft: Path, snapshot_id: str) -> Path:
    """Keep a refused draft where a person can look into it; returns the folder it is in."""
    folder = layout.set_aside / snapshot_id
    if folder.exists():  # a run at the same second that was refused too
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    draft.replace(folder / "snapshot.duckdb")
    durable.sync_folder(folder)
    for old in sorted(each for each in layout.set_aside.iterdir() if each.is_dir())[:-KEPT]:
        shutil.rmtree(old)
    return folder


def refused(layout: Layout) -> list[str]:
    """The snapshots that are kept aside, the oldest first."""
    folder = layout.set_aside
    return sorted(each.name for each in folder.iterdir()) if folder.is_dir() else []
