"""`papertide snapshots diff`: what happened between two snapshots."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import msgspec

from enrich.configuration import Configuration
from enrich.difference import (
    CountMove,
    Difference,
    KnownWork,
    ListedEntry,
    Merged,
    Named,
    VenueMove,
    Withdrawal,
    difference,
)
from enrich.errors import ConfigError
from flows.terminal import Terminal
from store import snapshots
from store.comparing import compare
from store.layout import Layout

SHOWN = 20
"""Lines of a kind for people; --json has all."""


def show_difference(configuration: Configuration, one: str, other: str, terminal: Terminal) -> int:
    """Print what differs from one snapshot to the other, each named by id or path."""
    layout = Layout(configuration.store_dir)
    found = difference(*compare(_path(layout, one), _path(layout, other)))
    terminal.document(_document(found))
    for line in _sentences(found):
        terminal.result(line)
    return 0


def _path(layout: Layout, name: str) -> Path:
    """The file that a snapshot's id or a path names.

    Raises:
        ConfigError: neither; names the nearest id.
    """
    published = layout.snapshots / f"{name}.duckdb"
    if snapshots.NAME.fullmatch(published.name) and published.is_file():
        return published
    if Path(name).is_file():
        return Path(name)
    known = [path.stem for path in snapshots.history(layout)]
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.3)
    hint = f"; did you mean {near[0]}?" if near else "; see papertide snapshots list"
    raise ConfigError(f"no snapshot {name!r}, and no file of that name{hint}")


def _document(found: Difference) -> dict[str, Any]:
    whole = {field.name: getattr(found, field.name) for field in fields(found)}
    lists = {
        name: [each._asdict() for each in rows]
        for name, rows in whole.items()
        if name not in ("one", "other", "is_backwards")
    }
    document: dict[str, Any] = msgspec.to_builtins(
        {
            "from": found.one._asdict(),
            "to": found.other._asdict(),
            "backwards": found.is_backwards,
            **lists,
        }
    )
    return document


def _sentences(found: Difference) -> Iterator[str]:
    back = " back" if found.is_backwards else ""
    yield f"from {found.one.snapshot_id}{back} to {found.other.snapshot_id}"
    if found.one.simulated or found.other.simulated:
        yield "SIMULATED: counts and abstracts in these snapshots are invented by the sandbox"
    kinds = (
        (
            "new entries",
            [f"{e.list_id}:{e.line}  {_name(e)}" for e in found.new_entries],
        ),
        (
            "gone entries",
            [f"{e.list_id}:{e.line}  {_name(e)}" for e in found.gone_entries],
        ),
        ("new works", [_name(w) for w in found.new_works]),
        (
            "merged works",
            [f"{_name(w)}: is {w.paper_id} now" for w in found.merged_works],
        ),
        ("gone works", [_name(w) for w in found.gone_works]),
        (
            "new identifiers",
            [f"{_name(i)}: {i.scheme}:{i.value} ({i.source})" for i in found.new_identifiers],
        ),
        (
            "gone identifiers",
            [f"{_name(i)}: {i.scheme}:{i.value}" for i in found.gone_identifiers],
        ),
        (
            "counts",
            [f"{_name(c)}: {_count(c.old)} → {_count(c.new)}" for c in found.counts],
        ),
        ("venues", [_venue(move) for move in found.venues]),
        (
            "withdrawals",
            [
                f"{_name(w)}: {w.old_status or 'unknown'} → {w.new_status}"
                for w in found.withdrawals
            ],
        ),
    )
    if not any(lines for _, lines in kinds):
        yield "nothing differs"
    for kind, lines in kinds:
        yield from _shown(kind, lines)


def _shown(kind: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield f"{kind}: {len(lines):,}"
        yield from (f"  {line}" for line in lines[:SHOWN])
        if len(lines) > SHOWN:
            yield f"  … and {len(lines) - SHOWN:,} more; --json has all"


def _name(
    each: ListedEntry | KnownWork | Named | Merged | CountMove | VenueMove | Withdrawal,
) -> str:
    return each.title or each.paper_id or "(no title)"


def _count(count: int | None) -> str:
    return "unknown" if count is None else f"{count:,}"


def _venue(move: VenueMove) -> str:
    was = f"{move.old or 'no venue'} ({move.old_status or 'unknown'})"
    now = f"{move.new or 'no venue'} ({move.new_status or 'unknown'})"
    return f"{_name(move)}: {was} → {now}" + (", an upgrade" if move.is_upgrade else "")
