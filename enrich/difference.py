"""What happened between two snapshots, to whom it may matter?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from enrich.model import Status
from enrich.papers import PREPRINT_VENUE

UNDONE = frozenset({Status.WITHDRAWN, Status.RETRACTED, Status.REJECTED})
"""What takes a work out of the literature."""


class Side(NamedTuple):
    """A snapshot that is compared."""

    snapshot_id: str
    created_at: datetime
    simulated: bool


class ListedEntry(NamedTuple):
    """An entry that one of the two has in a list and the other has not."""

    entry_id: str
    list_id: str
    line: int
    title: str | None
    paper_id: str | None


class KnownWork(NamedTuple):
    """A work as one of the two describes it."""

    paper_id: str
    title: str | None
    venue: str | None
    status: str | None
    citation_count: int | None


class Named(NamedTuple):
    """An identifier that only one of the two has."""

    paper_id: str
    title: str | None
    scheme: str
    value: str
    source: str


class Found(NamedTuple):
    """What two snapshots do not have alike: the first one's, then the second one's. `works` holds
    pairs; `aliases` those that only the second knows."""

    entries: tuple[Sequence[ListedEntry], Sequence[ListedEntry]]
    identifiers: tuple[Sequence[Named], Sequence[Named]]
    works: Sequence[tuple[KnownWork | None, KnownWork | None]]
    aliases: Mapping[str, str]


class CountMove(NamedTuple):
    """A count that is another one. None: not known."""

    paper_id: str
    title: str | None
    old: int | None
    new: int | None


class VenueMove(NamedTuple):
    """A venue or status that is another one. `is_upgrade`: a preprint was published."""

    paper_id: str
    title: str | None
    old: str | None
    new: str | None
    old_status: str | None
    new_status: str | None
    is_upgrade: bool


class Withdrawal(NamedTuple):
    """A work that was withdrawn, retracted or rejected since."""

    paper_id: str
    title: str | None
    old_status: str | None
    new_status: str


class Merged(NamedTuple):
    """A work that proved to be another one."""

    old_paper_id: str
    title: str | None
    paper_id: str


@dataclass(frozen=True, slots=True)
class Difference:
    """From one snapshot to the other. `is_backwards`: the other is the older one."""

    one: Side
    other: Side
    is_backwards: bool
    new_entries: Sequence[ListedEntry]
    gone_entries: Sequence[ListedEntry]
    new_works: Sequence[KnownWork]
    merged_works: Sequence[Merged]
    gone_works: Sequence[KnownWork]
    new_identifiers: Sequence[Named]
    gone_identifiers: Sequence[Named]
    counts: Sequence[CountMove]
    venues: Sequence[VenueMove]
    withdrawals: Sequence[Withdrawal]


def difference(one: Side, other: Side, found: Found) -> Difference:
    """Sort what differs by what it means; the largest moves of counts come first."""
    both = [(was, now) for was, now in found.works if was and now]
    gone = [was for was, now in found.works if was and not now]
    counts = [
        CountMove(now.paper_id, now.title, was.citation_count, now.citation_count)
        for was, now in both
        if was.citation_count != now.citation_count
    ]
    withdrawals = [
        Withdrawal(now.paper_id, now.title, was.status, now.status)
        for was, now in both
        if now.status is not None and now.status in UNDONE and now.status != was.status
    ]
    withdrawn = {each.paper_id for each in withdrawals}
    return Difference(
        one=one,
        other=other,
        is_backwards=one.snapshot_id > other.snapshot_id,
        new_entries=found.entries[1],
        gone_entries=found.entries[0],
        new_works=[now for was, now in found.works if now and not was],
        merged_works=[
            Merged(was.paper_id, was.title, found.aliases[was.paper_id])
            for was in gone
            if was.paper_id in found.aliases
        ],
        gone_works=[was for was in gone if was.paper_id not in found.aliases],
        new_identifiers=found.identifiers[1],
        gone_identifiers=found.identifiers[0],
        counts=sorted(counts, key=lambda c: (-abs((c.new or 0) - (c.old or 0)), c.paper_id)),
        venues=[
            _venue_move(was, now)
            for was, now in both
            if (was.venue, was.status) != (now.venue, now.status) and now.paper_id not in withdrawn
        ],
        withdrawals=withdrawals,
    )


def _venue_move(was: KnownWork, now: KnownWork) -> VenueMove:
    is_upgrade = not _is_published(was) and _is_published(now)
    return VenueMove(
        now.paper_id, now.title, was.venue, now.venue, was.status, now.status, is_upgrade
    )


def _is_published(work: KnownWork) -> bool:
    if work.status is not None:
        return work.status == Status.PUBLISHED
    return work.venue is not None and not PREPRINT_VENUE.match(work.venue)
