"""Asking the sources for what is due: side by side, batch after batch, each answer kept."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Protocol, TypeVar

from enrich import plan
from enrich.library import Library
from enrich.marks import Answered, still_news
from enrich.model import TITLE, Identifier, Outcome, SourceState, Told
from enrich.plan import Ask, Terms, Waiting
from enrich.runs import SourceRun
from enrich.sources import Source, record
from flows.night.anthology import Anthology
from flows.watch import Watch
from store.claims import Taken
from store.journal import Batch, Journal, Pending

T = TypeVar("T")


class Perform(Protocol):
    """How a step is carried out: awaited as it is, or as a task of a Prefect flow."""

    async def __call__(self, name: str, step: Callable[[], Awaitable[T]]) -> T:
        """Carry out the step under this name."""


async def directly(name: str, step: Callable[[], Awaitable[T]]) -> T:
    """Carry out a step as it is."""
    return await step()


@dataclass(slots=True)
class Effort:
    """What one source was asked in this run; `began` and `ended` on the monotonic clock."""

    asked: set[Identifier] = field(default_factory=set)
    outcomes: defaultdict[Outcome, int] = field(default_factory=lambda: defaultdict(int))
    began: float = 0.0
    ended: float = 0.0


def unshared(source: str, waiting: Waiting) -> Taken:
    """The next batch, whatever others ask."""
    queue = waiting.questions
    return Taken(tuple(queue.popleft() for _ in range(min(waiting.size, len(queue)))), ())


class Asking:
    """The questions and answers of one run. `answers` grows with every batch.

    `take`: which of the questions that wait are asked next, and which are left to another run.
    """

    def __init__(
        self,
        journal: Journal,
        run_id: str,
        terms: Mapping[str, Terms],
        now: datetime,
        watch: Watch,
        perform: Perform,
        take: Callable[[str, Waiting], Taken] = unshared,
    ) -> None:
        self.run_id = run_id
        self.answers: list[Answered] = []
        self.efforts: defaultdict[str, Effort] = defaultdict(Effort)
        self.left: defaultdict[str, set[Identifier]] = defaultdict(set)
        self.simulated = False
        self._adopted = {run_id}
        self._journal = journal
        self._terms = terms
        self._now = now
        self._watch = watch
        self._perform = perform
        self._next_of = take

    @property
    def asked(self) -> dict[str, set[Identifier]]:
        """The identifiers that each source was asked for in this run."""
        return {name: effort.asked for name, effort in self.efforts.items()}

    def adopt(self, pending: Pending, library: Library, until: datetime) -> bool:
        """Take in the answers that runs which did not publish left in the journal, but for those
        that the library has a later word on; whether there were runs that were not known of."""
        fresh = pending.told.keys() - self._adopted
        before = len(self.answers)
        self.take(pending.told_to(fresh))
        self.answers[before:] = still_news(self.answers[before:], library, library, until)
        self._adopted |= fresh
        return bool(fresh)

    def unclaimed(self, asks: Mapping[str, Sequence[Ask]]) -> dict[str, Sequence[Ask]]:
        """The questions without those that were left to another run, which asks them now."""
        return {
            source: [ask for ask in questions if ask.identifier not in self.left[source]]
            for source, questions in asks.items()
        }

    def take(self, batches: Iterable[Batch]) -> None:
        """Take in answers that are on the disk already."""
        for batch in batches:
            self._take(batch.told, batch.at, simulated=batch.simulated)

    async def round(
        self,
        sources: Mapping[str, Source],
        asks: Mapping[str, Sequence[Ask]],
        anthology: Anthology | None,
    ) -> None:
        """Ask every source what is due, all of them at once, and bring the bulk file up to date."""
        try:
            async with asyncio.TaskGroup() as group:
                if anthology is not None:
                    group.create_task(self._renew(anthology))
                for name, questions in asks.items():
                    if questions:
                        group.create_task(self._ask_all(sources[name], questions))
        except BaseExceptionGroup as group_of_one:  # the first that fails ends the others
            raise group_of_one.exceptions[0] from None  # also Prefect's signal: it strikes anywhere

    async def _renew(self, anthology: Anthology) -> None:
        if anthology.is_due():
            self._watch.phase("acl_anthology: the bulk file")
        await self._perform("acl_anthology: bulk file", anthology.refresh)

    async def _ask_all(self, source: Source, questions: Sequence[Ask]) -> None:
        if source.gateway.state is SourceState.DISABLED:
            return
        terms = self._terms[source.name]
        cost = plan.cost(source.name, questions, terms)
        total = len(plan.batches(questions, terms))
        self._watch.begin(source.name, cost.due, cost.seconds)
        effort = self.efforts[source.name]
        effort.began = effort.began or time.monotonic()
        # What is looked up in a file on this machine costs nobody anything.
        next_of = self._next_of if terms.requests_per_batch else unshared
        number = 0
        for waiting in plan.waiting(questions, terms):
            while waiting.questions:
                batch, left = next_of(source.name, waiting)
                self.left[source.name].update(left)
                if batch:
                    number += 1
                    name = f"{source.name}: {number} of {total}, {len(batch)} works"
                    told = await self._perform(name, partial(_ask, source, batch))
                    self._told(source, batch, told)
                self._watch.advance(source.name, len(batch) + len(left))

    def _told(self, source: Source, batch: Sequence[Identifier], told: Sequence[Told]) -> None:
        effort = self.efforts[source.name]
        effort.asked.update(batch)
        effort.ended = time.monotonic()
        self._keep(told, simulated=source.gateway.tally.simulated)
        questions = set(batch)
        for each in told:
            effort.outcomes[each.outcome] += each.asked in questions
        # A paper that a search brought up need not be asked for.
        effort.asked.update(each.asked for each in told if each.outcome is Outcome.OK)

    def _keep(self, told: Sequence[Told], *, simulated: bool) -> None:
        """Take in a batch; what it told is on the disk when this returns. A failure is no answer,
        and left out there: whoever goes on from the journal asks again."""
        lasting = [each for each in told if each.outcome is not Outcome.FAILED]
        if lasting:
            self._journal.write_batch(lasting, self._now, simulated=simulated)
        self._take(told, self._now, simulated=simulated)

    def _take(self, told: Sequence[Told], at: datetime, *, simulated: bool) -> None:
        self.simulated |= simulated
        self.answers.extend(answered(each, at) for each in told)


def answered(told: Told, at: datetime) -> Answered:
    """What was told, read. Its body is left to the disk: of 100,000 works they are 400 MB."""
    is_paper = told.outcome is Outcome.OK and told.asked.scheme != TITLE
    return Answered(replace(told, body=""), at, record(told) if is_paper else None)


async def _ask(source: Source, batch: Sequence[Identifier]) -> list[Told]:
    """One batch, of identifiers or of titles."""
    if batch[0].scheme == TITLE:
        return await source.search([title.value for title in batch])
    return await source.ask(batch)


def source_run(run_id: str, source: Source, effort: Effort) -> SourceRun:
    """The row of `source_runs` that a source's part in this run comes to."""
    tally = source.gateway.tally
    return SourceRun(
        run_id=run_id,
        source=source.name,
        requests=tally.requests,
        retries=tally.retries,
        rate_limited=tally.rate_limited,
        failures=tally.failures,
        asked=len(effort.asked),
        found=effort.outcomes[Outcome.OK],
        missing=effort.outcomes[Outcome.NOT_FOUND],
        seconds=round(max(0.0, effort.ended - effort.began), 3),
        state=source.gateway.state,
    )


KEPT = "works keep what was known of them, and are asked for next time"


def trouble_with(source: Source, effort: Effort, left: str = KEPT) -> str | None:
    """One line on a source that should have answered everything and did not. `left`: what becomes
    of the questions that it did not answer, after their number."""
    state = source.gateway.state
    failed = effort.outcomes[Outcome.FAILED]
    if state is SourceState.DISABLED or (state is not SourceState.DOWN and not failed):
        return None
    what = source.gateway.trouble or "did not answer for all works"
    return f"{source.name}: {what}; " + (
        f"{failed:,} {left}" if failed else "what it told before is kept"
    )
