"""Asking the sources for what is due: side by side, batch after batch, each answer kept."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Protocol, TypeVar

from enrich import plan
from enrich.marks import Answered
from enrich.model import TITLE, Identifier, Outcome, SourceState, Told
from enrich.plan import Ask, Terms
from enrich.runs import SourceRun
from enrich.sources import Source, record
from flows.anthology import Anthology
from flows.watch import Watch
from store.journal import Batch, Journal

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


class Asking:
    """The questions and answers of one run. `answers` grows with every batch."""

    def __init__(
        self,
        journal: Journal,
        run_id: str,
        terms: Mapping[str, Terms],
        now: datetime,
        watch: Watch,
        perform: Perform,
    ) -> None:
        self.run_id = run_id
        self.answers: list[Answered] = []
        self.efforts: defaultdict[str, Effort] = defaultdict(Effort)
        self.simulated = False
        self._journal = journal
        self._terms = terms
        self._now = now
        self._watch = watch
        self._perform = perform

    @property
    def asked(self) -> dict[str, set[Identifier]]:
        """The identifiers that each source was asked for in this run."""
        return {name: effort.asked for name, effort in self.efforts.items()}

    def resume(self) -> None:
        """Take in the answers that runs which did not publish left in the journal."""
        self.take(self._journal.pending().batches)

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
        except ExceptionGroup as group_of_one:  # the first that fails ends the others
            raise group_of_one.exceptions[0] from None

    async def _renew(self, anthology: Anthology) -> None:
        if anthology.is_due():
            self._watch.phase("acl_anthology: the bulk file")
        await self._perform("acl_anthology: bulk file", anthology.refresh)

    async def _ask_all(self, source: Source, questions: Sequence[Ask]) -> None:
        if source.gateway.state is SourceState.DISABLED:
            return
        terms = self._terms[source.name]
        batches = plan.batches(questions, terms)
        cost = plan.cost(source.name, questions, terms)
        self._watch.begin(source.name, cost.due, cost.seconds)
        effort = self.efforts[source.name]
        effort.began = effort.began or time.monotonic()
        for number, batch in enumerate(batches, start=1):
            name = f"{source.name}: {number} of {len(batches)}, {len(batch)} works"
            told = await self._perform(name, partial(_ask, source, batch))
            effort.asked.update(batch)
            effort.ended = time.monotonic()
            self._keep(told, simulated=source.gateway.tally.simulated)
            for each in told:
                effort.outcomes[each.outcome] += each.asked in batch
            # A paper that a search brought up need not be asked for.
            effort.asked.update(each.asked for each in told if each.outcome is Outcome.OK)
            self._watch.advance(source.name, len(batch))

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
    """What was told, read."""
    is_paper = told.outcome is Outcome.OK and told.asked.scheme != TITLE
    return Answered(told, at, record(told) if is_paper else None)


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
