"""What does a night add to the last snapshot?

Two steps, both without a clock or a disk: `settle` sorts entries and answers into works, as often
as a new round of answers came in; `describe_all` then describes the works that anything touched.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from enrich.counts import Count, Observed, counted
from enrich.decisions import Ruling
from enrich.library import Indexed, Library, ListState, Place
from enrich.model import Fetched, Identifier, Outcome, Record, Told
from enrich.papers import Change, Paper, changes, describe
from enrich.plan import Terms, fetched, identifiers_of
from enrich.works import NO_RULINGS, identify

ANOTHER_PAPER = "answered with another paper"
"""Why an answer that plainly describes another work than was asked for is no answer."""


class Answered(NamedTuple):
    """What a source told, when, and what it means; no record unless it was `ok`."""

    told: Told
    at: datetime
    record: Record | None


@dataclass(frozen=True, slots=True)
class Settled:
    """The library as tonight leaves it, the answers by work, and the works to describe anew."""

    library: Library
    answered: Mapping[str, Mapping[str, Observed]]
    touched: frozenset[str]


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
    index: Mapping[str, Sequence[Indexed]] | None,
    terms: Mapping[str, Terms],
    now: datetime,
    rulings: Mapping[str, Ruling] = NO_RULINGS,
) -> Settled:
    """Sort tonight's entries and answers into works.

    `places`: all entries there ever were, as `enrich.places.track` left them. `rulings`: what
    people decided, by entry.
    """
    live = [place for place in places if place.removed_at is None]
    records = [each.record for each in answers if each.record]
    identified = identify(base, live, records, index, now, rulings)
    placed = {
        place.entry_id: replace(place, finding=identified.findings[place.entry_id])
        if place.removed_at is None
        else _resettled(place, identified.aliases)
        for place in places
    }
    fetches = _realias(base.fetches, identified.aliases)
    answered: defaultdict[str, dict[str, Observed]] = defaultdict(dict)
    tried: defaultdict[tuple[str, str], dict[Identifier, None]] = defaultdict(dict)
    for told, at, record in answers:
        claim = identified.claims.get(told.asked)
        if claim is None:
            continue
        key = (claim.paper_id, told.source)
        if key not in tried and (mark := fetches.get(key)) and _is_miss(mark, at):
            tried[key] = dict.fromkeys(mark.asked)
        tried[key][told.asked] = None
        if told.outcome is not Outcome.OK and told.source in answered[claim.paper_id]:
            continue  # it knew the work by another identifier
        outcome, reason = told.outcome, told.reason
        if (told.source, told.asked) in identified.doubted:
            outcome, reason, record = Outcome.FAILED, ANOTHER_PAPER, None
        mark = fetched(outcome, tuple(tried[key]), at, terms[told.source], reason)
        before = base.fetches.get(key)
        if outcome is Outcome.NOT_FOUND and before and before.outcome is Outcome.OK:
            # A first miss after a good answer may be the source's slip: looked at again soon.
            mark = replace(mark, due_at=at + terms[told.source].refresh_after)
        fetches[key] = mark
        if record is not None:
            answered[claim.paper_id][told.source] = Observed(record, at)
    library = Library(
        lists, placed, identified.works, identified.claims, identified.aliases, fetches
    )
    return Settled(library, answered, _touched(base, library, answered))


def describe_all(
    settled: Settled,
    records: Mapping[str, Mapping[str, Observed]],
    counts: Mapping[str, Count],
    papers: Mapping[str, Paper],
    now: datetime,
) -> Described:
    """Describe every touched work from what was known (`records`, `counts`, `papers`: by the
    work's present id) and what was told tonight."""
    places = places_by_work(settled.library.places.values())
    identifiers = identifiers_of(settled.library.claims)
    described: list[Paper] = []
    appended: list[Count] = []
    changed: list[Change] = []
    for paper_id in sorted(settled.touched):
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
            settled.library.works[paper_id].first_seen_at,
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


def _resettled(place: Place, aliases: Mapping[str, str]) -> Place:
    """An entry that is gone keeps its finding, under the id that its work goes by now."""
    if place.finding is None or place.finding.paper_id not in aliases:
        return place
    return replace(place, finding=replace(place.finding, paper_id=aliases[place.finding.paper_id]))


def _is_miss(mark: Fetched, at: datetime) -> bool:
    """Whether a miss is still remembered."""
    return mark.outcome is Outcome.NOT_FOUND and mark.due_at > at


def _realias(
    fetches: Mapping[tuple[str, str], Fetched], aliases: Mapping[str, str]
) -> dict[tuple[str, str], Fetched]:
    """Fetches under present ids; of two merged works' marks the better, then the newer."""
    found: dict[tuple[str, str], Fetched] = {}
    for (paper_id, source), mark in fetches.items():
        key = (aliases.get(paper_id, paper_id), source)
        other = found.get(key)
        if other is None or _rank(mark) > _rank(other):
            found[key] = mark
    return found


def _rank(mark: Fetched) -> tuple[bool, datetime]:
    return (mark.outcome is Outcome.OK, mark.checked_at)


def _touched(
    base: Library, now: Library, answered: Mapping[str, Mapping[str, Observed]]
) -> frozenset[str]:
    """Works that are new, were told of, changed identifiers or entries, or took another in."""
    touched = {paper_id for paper_id, told in answered.items() if told}
    touched |= now.works.keys() - base.works.keys()
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
    return replace(one, last_seen_at=other.last_seen_at) == other
