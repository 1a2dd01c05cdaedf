"""Who is due to be asked for what, in how many requests, in how many seconds?

Functions from the library to the questions of one round. A source that missed a work by one
identifier is asked by the next one in the same run; one that failed is asked in the next run.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from enrich.library import Claim
from enrich.model import Fetched, Identifier, Outcome

Ways = Callable[[Iterable[Identifier]], tuple[Identifier, ...]]
"""The identifiers by which a source can be asked for a work, best first."""


class Ask(NamedTuple):
    """One work to ask one source for, and by which identifier."""

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

    `requests_per_batch`: at most; 0 for a source that has no credentials. `requests_per_run`:
    once, before the first batch.
    """

    refresh_after: timedelta
    not_found_after: timedelta
    batch_size: int
    seconds_per_request: float
    requests_per_batch: int = 1
    requests_per_run: int = 0


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
) -> tuple[Ask, ...]:
    """The works to ask a source for, those that wait longest first.

    `asked`: the identifiers that this run has already asked this source for.
    """
    waiting: list[tuple[float, Ask]] = []
    for paper_id in works:
        possible = ways(identifiers.get(paper_id, ()))
        fetched = fetches.get((paper_id, source))
        is_miss = fetched is not None and fetched.outcome is Outcome.NOT_FOUND
        # A mark of the future was made under a wrong clock, and is worth nothing.
        is_marked = fetched is not None and fetched.checked_at <= now < fetched.due_at
        is_tried = any(i in asked for i in possible)
        if (is_tried or is_marked) and not is_miss:
            continue
        missed = fetched.asked if fetched is not None and is_marked else ()
        fresh = [i for i in possible if i not in asked and i not in missed]
        if fresh:
            since = fetched.due_at.timestamp() if fetched else 0.0
            waiting.append((since, Ask(paper_id, fresh[0])))
    return tuple(ask for _, ask in sorted(waiting))


def batches(asks: Sequence[Ask], size: int) -> list[tuple[Identifier, ...]]:
    """The questions cut into requests; an identifier that two works share is asked once."""
    unique = tuple(dict.fromkeys(ask.identifier for ask in asks))
    return [unique[start : start + size] for start in range(0, len(unique), size)]


REVEALING = ("semantic_scholar", "acl_anthology")
"""Sources whose answers bring identifiers that other sources are then asked by."""


def without_short_batches(
    asks: Mapping[str, Sequence[Ask]],
    terms: Mapping[str, Terms],
    asked: Mapping[str, Collection[Identifier]],
) -> Mapping[str, Sequence[Ask]]:
    """This round's questions without arXiv's last batch, if that is short and may yet fill up.

    arXiv is the slowest to ask, three seconds a request, and Semantic Scholar reveals arXiv
    numbers: asked at once and again after that, the few would cost a request each time.
    """
    questions = asks.get("arxiv", ())
    size = terms["arxiv"].batch_size
    short = len(questions) % size
    # Its first question is not put off: a source that hangs shall hang while the others are
    # asked, not after them.
    is_first = short == len(questions) and not asked.get("arxiv")
    if not short or is_first or not any(asks.get(source) for source in REVEALING):
        return asks
    return {**asks, "arxiv": questions[:-short]}


def cost(source: str, asks: Sequence[Ask], terms: Terms) -> SourcePlan:
    """What the questions cost at the source's batch size and pace, at most."""
    requests = len(batches(asks, terms.batch_size)) * terms.requests_per_batch
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
