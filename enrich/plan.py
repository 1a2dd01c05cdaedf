"""Who is due to be asked for what, in how many requests, in how many seconds?

Functions from the library to the questions of one round. A source that missed a work by one
identifier is asked by the next one in the same run; one that failed is asked in the next run.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from types import MappingProxyType
from typing import NamedTuple

from enrich.library import Claim, Question
from enrich.model import TITLE, Fetched, Identifier, Outcome

Ways = Callable[[Iterable[Identifier]], tuple[Identifier, ...]]
"""The identifiers by which a source can be asked for a work, best first."""


NO_TITLES: Mapping[str, str] = MappingProxyType({})


class Ask(NamedTuple):
    """One work to ask one source for, and by which identifier, or title (`TITLE`)."""

    paper_id: str
    identifier: Identifier


@dataclass(frozen=True, slots=True)
class SourcePlan:
    """What a refresh would ask of one source. `seconds`: at its pace, none for the first."""

    source: str
    due: int
    requests: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Terms:
    """When a source is to be asked again, how fast it may be asked, and what a batch costs.

    `titles_per_request`: titles that it is searched for at once. `requests_per_batch`: at most; 0
    for a source that has no credentials. `requests_per_run`: once, before the first batch.
    """

    refresh_after: timedelta
    not_found_after: timedelta
    batch_size: int
    seconds_per_request: float
    requests_per_batch: int = 1
    requests_per_run: int = 0
    titles_per_request: int = 1


def identifiers_of(
    claims: Mapping[Identifier, Claim],
) -> dict[str, tuple[Identifier, ...]]:
    """The identifiers of every work, sorted."""
    found: defaultdict[str, list[Identifier]] = defaultdict(list)
    for identifier, claim in claims.items():
        found[claim.paper_id].append(identifier)
    return {paper_id: tuple(sorted(ids)) for paper_id, ids in found.items()}


def due(
    source: str,
    ways: Ways,
    works: Iterable[str],
    identifiers: Mapping[str, tuple[Identifier, ...]],
    fetches: Mapping[tuple[str, str], Fetched],
    asked: Collection[Identifier],
    now: datetime,
    titles: Mapping[str, str] = NO_TITLES,
) -> tuple[Ask, ...]:
    """The works to ask a source for, those that wait longest first.

    `asked`: the identifiers that this run has already asked this source for. `titles`: those to
    search it for (`searchable`), by work, where no identifier is known that it could be asked by.
    """
    found: list[tuple[float, Ask]] = []
    for paper_id in dict.fromkeys((*works, *titles)):
        fetched = fetches.get((paper_id, source))
        is_miss = fetched is not None and fetched.outcome is Outcome.NOT_FOUND
        # A mark of the future was made under a wrong clock, and is worth nothing.
        is_marked = fetched is not None and fetched.checked_at <= now < fetched.due_at
        if is_marked and not is_miss:
            continue
        possible = ways(identifiers.get(paper_id, ()))
        if not possible and paper_id in titles:
            possible = (Identifier(TITLE, titles[paper_id]),)
        if not is_miss and any(i in asked for i in possible):
            continue
        missed = fetched.asked if fetched is not None and is_marked else ()
        fresh = [i for i in possible if i not in asked and i not in missed]
        if fresh:
            since = fetched.due_at.timestamp() if fetched else 0.0
            found.append((since, Ask(paper_id, fresh[0])))
    return tuple(ask for _, ask in sorted(found))


SEARCHED = ("arxiv", "semantic_scholar", "openreview")
"""The sources that are searched by title, the cheapest first: thirty titles a request, one, and
one of two slow hosts."""


def searchable(
    source: str,
    questions: Mapping[str, Question],
    searching: Collection[str],
    fetches: Mapping[tuple[str, str], Fetched],
    asked: Mapping[str, Collection[Identifier]],
    now: datetime,
) -> dict[str, str]:
    """The titles that a source may be searched for: those that every cheaper one was asked about,
    and nobody but the cheapest for a work that is known.

    `questions`: all open titles, by work. `searching`: the sources that this run searches.
    """
    if source not in searching:
        return {}
    cheaper = [each for each in SEARCHED[: SEARCHED.index(source)] if each in searching]

    def is_over(paper_id: str, title: str, other: str) -> bool:
        mark = fetches.get((paper_id, other))
        is_marked = mark is not None and mark.checked_at <= now < mark.due_at
        return is_marked or Identifier(TITLE, title) in asked.get(other, ())

    return {
        paper_id: title
        for paper_id, (title, is_open) in questions.items()
        if (is_open or not cheaper) and all(is_over(paper_id, title, o) for o in cheaper)
    }


class Waiting(NamedTuple):
    """Questions that wait to be asked, the first first, so many in one request."""

    questions: deque[Identifier]
    size: int


def waiting(asks: Sequence[Ask], terms: Terms) -> tuple[Waiting, Waiting]:
    """The questions by identifier, and those by title; what two works share is asked once."""
    unique = dict.fromkeys(ask.identifier for ask in asks)
    return (
        Waiting(deque(i for i in unique if i.scheme != TITLE), terms.batch_size),
        Waiting(deque(i for i in unique if i.scheme == TITLE), terms.titles_per_request),
    )


def batches(asks: Sequence[Ask], terms: Terms) -> list[tuple[Identifier, ...]]:
    """The questions cut into requests."""
    return [
        tuple(islice(questions, start, start + size))
        for questions, size in waiting(asks, terms)
        for start in range(0, len(questions), size)
    ]


def cost(source: str, asks: Sequence[Ask], terms: Terms) -> SourcePlan:
    """What the questions cost at the source's batch size and pace, at most."""
    requests = len(batches(asks, terms)) * terms.requests_per_batch
    if requests:
        requests += terms.requests_per_run
    seconds = max(0, requests - 1) * terms.seconds_per_request
    return SourcePlan(source, len(asks), requests, seconds)


def fetched(
    outcome: Outcome,
    tried: tuple[Identifier, ...],
    at: datetime,
    terms: Terms,
    error: str | None,
) -> Fetched:
    """The mark that an answer leaves: a miss is remembered, a failure is due at once."""
    after = {
        Outcome.OK: terms.refresh_after,
        Outcome.NOT_FOUND: terms.not_found_after,
        Outcome.FAILED: timedelta(0),
    }[outcome]
    return Fetched(outcome, at, at + after, error, tried)
