"""What the report is made from: the works and entries of a snapshot, and what happened to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import NamedTuple

from enrich.library import Library, ListState, Place
from enrich.model import Outcome
from enrich.papers import Change, Paper
from enrich.runs import Run, SourceRun


class Point(NamedTuple):
    """A count and the time from which it was known."""

    at: datetime
    citations: int


class Held(NamedTuple):
    """Works of which a source answered so, and when it last did of the one it was longest ago."""

    source: str
    outcome: Outcome
    works: int
    oldest: datetime


class Moved(NamedTuple):
    """What counts did in a time: works whose count changed, and citations gained by all of them."""

    works: int = 0
    gained: int = 0


UNMOVED = Moved()


@dataclass(frozen=True, slots=True)
class History:
    """What happened until the snapshot was made.

    `curves`: the counts of each work in the table in order, thinned out. `baselines`: what each
    work's count was a week before, or first if that was later. `gained`: citations gained per day,
    all works together, first counts left out. `changes`: those since the earlier of the report's
    two times, newest first, counts left out. `since_last`, `since_day`: what counts did since each
    of them. `runs`: the last ones, newest first, and `parts` their sources. `answers`: of the works
    that are listed now.
    """

    previous: str | None = None
    tool_version: str = ""
    curves: Mapping[str, Sequence[Point]] = field(default_factory=dict)
    baselines: Mapping[str, Point] = field(default_factory=dict)
    gained: Sequence[tuple[date, int]] = ()
    changes: Sequence[Change] = ()
    since_last: Moved = UNMOVED
    since_day: Moved = UNMOVED
    runs: Sequence[Run] = ()
    parts: Sequence[SourceRun] = ()
    answers: Sequence[Held] = ()


@dataclass(frozen=True)
class Facts:
    """A snapshot. `since`: the earlier time from which on the report tells what changed. `decided`:
    entries that a person decided since; the next run applies it."""

    snapshot_id: str
    created_at: datetime
    simulated: bool
    library: Library
    papers: Mapping[str, Paper]
    history: History
    since: datetime
    decided: Set[str] = frozenset()

    @cached_property
    def lists(self) -> list[ListState]:
        """The lists that still have entries, by name."""
        named = {place.list_id for place in self.live}
        return [self.library.lists[name] for name in sorted(named & self.library.lists.keys())]

    @cached_property
    def live(self) -> list[Place]:
        """The entries that stand in a list now, in their order there."""
        places = (p for p in self.library.places.values() if p.removed_at is None)
        return sorted(places, key=lambda p: (p.list_id, p.position))

    @cached_property
    def works(self) -> list[Paper]:
        """The works that a list names now, the most cited first."""
        return listed(self.papers.values())


def listed(papers: Iterable[Paper]) -> list[Paper]:
    """Those of these works that a list names now, the most cited first."""
    named = (paper for paper in papers if paper.lists)
    return sorted(named, key=lambda p: (-(p.citation_count or 0), p.title or "", p.paper_id))
