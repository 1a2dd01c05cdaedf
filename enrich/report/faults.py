"""What is wrong with the lists themselves, as far as the snapshot can tell?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from enrich.library import Place, Reason, Verdict
from enrich.model import Status
from enrich.papers import PREPRINT_VENUE, Paper
from enrich.report.facts import Facts
from enrich.update.style import is_preprint


class Double(NamedTuple):
    """A work that a list names more than once."""

    paper: Paper
    places: Sequence[Place]


class Fault(NamedTuple):
    """An entry and the work that it stands for."""

    place: Place
    paper: Paper


@dataclass(frozen=True, slots=True)
class Faults:
    """What a curator may want to mend.

    `mismatched`: entries whose link leads to another paper than their title names; that paper is
    the last of the candidates. `superseded`: called a preprint, and published since.
    `warned`: withdrawn or retracted, on a source's word. `waiting`: entries that a person must
    decide. `unknown`: entries whose paper nobody knows, or whose source did not answer.
    """

    mismatched: Sequence[Place]
    doubles: Sequence[Double]
    superseded: Sequence[Fault]
    warned: Sequence[Fault]
    waiting: Sequence[Place]
    unknown: Sequence[Place]

    @property
    def count(self) -> int:
        """All of them."""
        kinds = (self.mismatched, self.doubles, self.superseded, self.warned, self.waiting)
        return sum(map(len, (*kinds, self.unknown)))


def faults(facts: Facts) -> Faults:
    """Everything that is found amiss, in the order of the lists."""
    named = [
        Fault(place, facts.papers[place.finding.paper_id])
        for place in facts.live
        if place.finding and place.finding.paper_id in facts.papers
    ]
    open_ones = [fault for fault in named if fault.place.entry_id not in facts.decided]
    return Faults(
        mismatched=[f.place for f in open_ones if _reason(f.place) is Reason.MISMATCHED],
        doubles=_doubles(named),
        superseded=[fault for fault in named if _is_superseded(*fault)],
        warned=[f for f in named if f.paper.status in (Status.WITHDRAWN, Status.RETRACTED)],
        waiting=[
            f.place
            for f in open_ones
            if f.place.waits and _reason(f.place) is not Reason.MISMATCHED
        ],
        unknown=[
            f.place
            for f in open_ones
            if f.place.finding
            and f.place.finding.verdict in (Verdict.NOT_FOUND, Verdict.UNAVAILABLE)
        ],
    )


def _reason(place: Place) -> Reason | None:
    return place.finding.reason if place.finding else None


def _doubles(named: Sequence[Fault]) -> list[Double]:
    found: defaultdict[tuple[str, str], list[Fault]] = defaultdict(list)
    for fault in named:
        found[fault.place.list_id, fault.paper.paper_id].append(fault)
    return [
        Double(each[0].paper, [fault.place for fault in each])
        for each in found.values()
        if len(each) > 1
    ]


def _is_superseded(place: Place, paper: Paper) -> bool:
    """Whether the list calls a preprint what was published at a venue, not before the list says."""
    if paper.status is not Status.PUBLISHED or not paper.venue or PREPRINT_VENUE.match(paper.venue):
        return False
    is_later = not (place.year and paper.year and paper.year < place.year)
    return bool(place.venue and is_preprint(place.venue) and is_later)
