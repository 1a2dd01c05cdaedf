"""What became of a list's entries since it was last read?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from enrich.identity import Trace, follow, trace_of_place
from enrich.library import Place
from enrich.model import Entry

REMOVED_LAST = 1_000_000_000
"""Added to a removed entry's place, so that a live one is always recognised before it."""


def track(
    list_id: str, before: Sequence[Place], today: Sequence[Entry], now: datetime
) -> tuple[Place, ...]:
    """The list's places after reading it today: its entries in order, then those that left.

    An entry that comes back gets its old `entry_id` again, and loses its `removed_at`.
    """
    old = {place.entry_id: place for place in before}
    traces = [_trace(place) for place in before]
    kept = tuple(
        _place(list_id, entry, entry_id, old.get(entry_id), now)
        for entry, entry_id in zip(today, follow(list_id, traces, today), strict=True)
    )
    here = {place.entry_id for place in kept}
    return kept + removed((p for p in before if p.entry_id not in here), now)


def seen(places: Iterable[Place], now: datetime) -> tuple[Place, ...]:
    """The places of a list that says what it said before: what `track` gives, without reading."""
    return tuple(p if p.removed_at else replace(p, last_seen_at=now) for p in places)


def removed(places: Iterable[Place], now: datetime) -> tuple[Place, ...]:
    """The places as they are once their entries are in the list no longer."""
    return tuple(p if p.removed_at else replace(p, removed_at=now) for p in places)


def _trace(place: Place) -> Trace:
    known = trace_of_place(place)
    return replace(known, place=known.place + REMOVED_LAST) if place.removed_at else known


def _place(list_id: str, entry: Entry, entry_id: str, old: Place | None, now: datetime) -> Place:
    return Place(
        entry_id=entry_id,
        list_id=list_id,
        position=entry.n,
        line=entry.line,
        section=entry.section,
        raw=entry.raw,
        title=entry.title,
        label=entry.label,
        authors=entry.authors,
        venue=entry.venue,
        year=entry.year,
        kind=entry.kind,
        links=entry.links,
        ids=entry.ids,
        first_seen_at=old.first_seen_at if old else now,
        last_seen_at=now,
        finding=old.finding if old else None,
    )
