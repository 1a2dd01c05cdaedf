"""What does a night add to the last snapshot?

Two steps, both without a clock or a disk: `settle` sorts entries and answers into works, as often
as a new round of answers came in; `describe_all` then describes the works that anything touched.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from operator import attrgetter

from enrich.counts import Count, Observed, counted
from enrich.library import Finding, Library, ListState, Place, Question
from enrich.marks import Answered, judged, marked
from enrich.matching.values import Known
from enrich.model import Record
from enrich.papers import Change, Paper, changes, describe
from enrich.plan import Terms, identifiers_of
from enrich.review.decisions import Ruling
from enrich.works.identify import NO_RULINGS, identify

STATE = attrgetter(*(each.name for each in fields(Place) if each.name != "last_seen_at"))
"""What an entry is, but for when it was last seen."""


@dataclass(frozen=True, slots=True)
class Settled:
    """The library as tonight leaves it, the answers by work, the works to describe anew, the
    titles to search for (`Identified.questions`), and which of `touched` were told of and no more:
    should the answer be the last one again, there is nothing to describe."""

    library: Library
    answered: Mapping[str, Mapping[str, Observed]]
    touched: frozenset[str]
    questions: Mapping[str, Question] = field(default_factory=dict)
    only_told: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Described:
    """New descriptions, and what is appended to the history."""

    papers: Sequence[Paper]
    counts: Sequence[Count]
    changes: Sequence[Change]


def settle(
    base: Library,
    lists: Mapping[str, ListState],
    places: Sequence[Place],
    answers: Sequence[Answered],
    index: Mapping[str, Sequence[Known]] | None,
    terms: Mapping[str, Terms],
    now: datetime,
    rulings: Mapping[str, Ruling] = NO_RULINGS,
    searching: Sequence[str] = (),
) -> Settled:
    """Sort tonight's entries and answers into works.

    `places`: all entries there ever were, as `enrich.places.track` left them. `rulings`: what
    people decided, by entry. `searching`: the sources that are searched by title.
    """
    live = [place for place in places if place.removed_at is None]
    records = [each.record for each in answers if each.record]
    identified = identify(base, live, records, index, now, rulings)
    fetches, answered = marked(base, live, identified, answers, terms)
    findings = {
        entry_id: finding and judged(finding, fetches, searching)
        for entry_id, finding in identified.findings.items()
    }
    placed = {
        place.entry_id: _found(place, findings[place.entry_id])
        if place.removed_at is None
        else _resettled(place, identified.aliases)
        for place in places
    }
    library = Library(
        lists, placed, identified.works, identified.claims, identified.aliases, fetches
    )
    told = library.works.keys() & {paper_id for paper_id, each in answered.items() if each}
    stirred = _stirred(base, library)
    return Settled(
        library, answered, stirred | told, identified.questions, frozenset(told - stirred)
    )


def describe_all(
    settled: Settled,
    records: Mapping[str, Mapping[str, Observed]],
    counts: Mapping[str, Count],
    papers: Mapping[str, Paper],
    now: datetime,
) -> Described:
    """Describe every touched work from what was known (`records`, `counts`, `papers`: by the
    work's present id) and what was told tonight."""
    library, touched = settled.library, settled.touched
    places = places_by_work(
        p for p in library.places.values() if p.finding and p.finding.paper_id in touched
    )
    identifiers = identifiers_of({i: c for i, c in library.claims.items() if c.paper_id in touched})
    described: list[Paper] = []
    appended: list[Count] = []
    changed: list[Change] = []
    for paper_id in sorted(touched):
        before = records.get(paper_id, {})
        told = settled.answered.get(paper_id, {})
        count = counts.get(paper_id)
        for source, observed in told.items():
            if _counts(observed.record):
                new = counted(paper_id, count, before.get(source), observed)
                if new is not None:
                    appended.append(new)
                    count = new
        old = papers.get(paper_id)
        paper = describe(
            paper_id,
            {**before, **told},
            places.get(paper_id, []),
            identifiers.get(paper_id, ()),
            count,
            old,
            library.works[paper_id].first_seen_at,
            now,
        )
        described.append(paper)
        if old is not None:
            changed.extend(changes(old, paper, now))
    return Described(described, appended, changed)


def places_by_work(places: Iterable[Place]) -> dict[str, list[Place]]:
    """The entries, also former ones, of every work."""
    found: defaultdict[str, list[Place]] = defaultdict(list)
    for place in places:
        if place.finding:
            found[place.finding.paper_id].append(place)
    return found


def _counts(record: Record) -> bool:
    """Whether this source counts citations at all: only Semantic Scholar does."""
    return record.source == "semantic_scholar"


def _found(place: Place, finding: Finding | None) -> Place:
    return place if place.finding == finding else replace(place, finding=finding)


def _resettled(place: Place, aliases: Mapping[str, str]) -> Place:
    """An entry that is gone keeps its finding, under the id that its work goes by now."""
    if place.finding is None or place.finding.paper_id not in aliases:
        return place
    return replace(place, finding=replace(place.finding, paper_id=aliases[place.finding.paper_id]))


def _stirred(base: Library, now: Library) -> frozenset[str]:
    """Works that are new, changed identifiers or entries, or took another in."""
    touched = now.works.keys() - base.works.keys()
    touched |= {c.paper_id for i, c in now.claims.items() if base.claims.get(i) != c}
    lost = [base.claims[i].paper_id for i in base.claims.keys() - now.claims.keys()]
    touched |= {now.aliases.get(paper_id, paper_id) for paper_id in lost}
    touched |= {now.aliases[old] for old in now.aliases.keys() - base.aliases.keys()}
    for entry_id, place in now.places.items():
        old_place = base.places.get(entry_id)
        if old_place is None or not same_entry(old_place, place):
            for each in (place, old_place):
                if each and each.finding:
                    paper_id = each.finding.paper_id
                    touched.add(now.aliases.get(paper_id, paper_id))
    return frozenset(touched & now.works.keys())


def same_entry(one: Place, other: Place) -> bool:
    """Whether two states of an entry differ in nothing but when it was last seen."""
    return STATE(one) == STATE(other)
