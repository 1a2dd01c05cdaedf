"""A night and a backfill as Prefect flows: one task for every batch, named as a person would."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import asdict
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any, Literal, TypeVar

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.context import FlowRunContext
from prefect.exceptions import TerminationSignal
from prefect.states import Completed

from enrich.backfill import Wanted
from enrich.configuration import Configuration, load
from enrich.configuration import now as wall_clock
from enrich.errors import PapertideError
from flows.night import night
from flows.night.backfilling import scope_for
from flows.night.summary import Summary, sentences
from flows.night.tonight import Scope, scope_of
from flows.running import leaving_silently
from flows.service.artifacts import leave_behind
from flows.service.catching_up import is_made_up_for
from flows.service.logged import Logged
from flows.watch import Watch

T = TypeVar("T")
SourceName = Literal["arxiv", "semantic_scholar", "openreview", "acl_anthology"]
FieldName = Literal["citations", "abstract", "identifiers"]

WATCH: ContextVar[Watch | None] = ContextVar("WATCH", default=None)
"""Who is shown the run's progress: a flow takes no parameters but its own."""


async def as_task(name: str, step: Callable[[], Awaitable[T]]) -> T:
    """Carry out a step as a task run of this name. The gateway has retried; Prefect does not."""

    @task(name=name.partition(":")[0], task_run_name=name, cache_policy=NO_CACHE)
    async def carry_out() -> T:
        return await step()

    return await carry_out()


def _run_name(what: str) -> Callable[[], str]:
    return lambda: f"{what} of {wall_clock(os.environ):%Y-%m-%d %H:%M} UTC"


@flow(
    flow_run_name=_run_name("refresh"),
    description="Refresh the reading lists and publish a snapshot.",
)
async def nightly(
    config: str = "config.toml",
    lists: tuple[str, ...] = (),
    sources: tuple[SourceName, ...] = (),
    offline: bool = False,
) -> Summary | State[Any]:
    """Refresh the reading lists and publish a snapshot.

    Args:
        config: Path of config.toml, on the machine that runs this.
        lists: Only these lists; none for all.
        sources: Only these sources; none for all.
        offline: Ask nobody; publish what the lists say.
    """
    async with _shown("refresh") as watch:
        configuration = load(Path(config), os.environ)
        scope = scope_of(configuration, lists, sources, offline=offline)
        due = _scheduled()
        if due is not None and is_made_up_for(configuration, scope, due):
            watch.say("skipped: a later night has done its work")
            return Completed(name="Skipped", message="a later night has done its work")
        return await _carry_out(configuration, scope, watch)


def _scheduled() -> datetime | None:
    """When the schedule, not a person, wanted this run."""
    run = FlowRunContext.get()
    this = run.flow_run if run else None
    return this.expected_start_time if this and this.auto_scheduled else None


@flow(
    flow_run_name=_run_name("backfill"),
    description="Ask for chosen works, due or not, and publish a snapshot.",
)
async def backfill(
    config: str = "config.toml",
    lists: tuple[str, ...] = (),
    papers: tuple[str, ...] = (),
    sources: tuple[SourceName, ...] = (),
    fields: tuple[FieldName, ...] = (),
    since: date | None = None,
    until: date | None = None,
    all: bool = False,
) -> Summary:
    """Ask for chosen works, due or not, and publish a snapshot.

    Each kind of choice narrows it down. One that was broken off is gone on with by the same choice.

    Args:
        config: Path of config.toml, on the machine that runs this.
        lists: Only works of these lists.
        papers: Only these works, each a paper_id or scheme:value, such as arxiv:2401.10020.
        sources: Only these sources.
        fields: Only the sources that tell these fields.
        since: Only works published then or later.
        until: Only works published then or before.
        all: All works, where nothing else is chosen.
    """
    async with _shown("backfill") as watch:
        configuration = load(Path(config), os.environ)
        wanted = Wanted(lists, papers, sources, fields, since, until, all)
        return await _carry_out(configuration, scope_for(configuration, wanted), watch)


@asynccontextmanager
async def _shown(kind: str) -> AsyncIterator[Watch]:
    """Whoever is shown the run. Where nobody sits at it, its end is told too."""
    if shown := WATCH.get():
        yield shown
        return
    leaving_silently()
    logging.raiseExceptions = False  # a server that has gone is told no logs; serve says so itself
    watch = Logged(kind)
    try:
        yield watch
    except PapertideError as error:
        watch.say(f"failed: {error}")
        raise
    except (asyncio.CancelledError, TerminationSignal):  # the signal may strike while this runs
        with _undisturbed():
            watch.say("ended early; what was fetched is kept, the next run goes on from there")
        raise


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let no second SIGTERM strike: a service manager sends one to each process of `serve`, and so
    does that to its runs."""
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


async def _carry_out(configuration: Configuration, scope: Scope, watch: Watch) -> Summary:
    summary = await night.refresh(configuration, os.environ, scope, watch, as_task)
    for line in sentences(summary) if isinstance(watch, Logged) else ():
        watch.say(line)
    await as_task("artifacts", partial(leave_behind, configuration, summary, watch.say))
    return summary


async def refresh_as_flow(configuration: Configuration, scope: Scope, watch: Watch) -> Summary:
    """Run the flow once, on the server that Prefect was pointed at."""
    WATCH.set(watch)
    wanted = scope.wanted
    run: Any = backfill if wanted else nightly  # its overloads cannot tell that it is asynchronous
    choice = (
        {"lists": scope.lists, "sources": scope.sources, "offline": scope.offline}
        if wanted is None
        else asdict(wanted)
    )
    summary: Summary = await run(config=str(configuration.path), **choice)
    return summary
