"""A night and a backfill as Prefect flows: one task for every batch, named as a person would."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import asdict
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Literal, TypeVar

from prefect import flow, task
from prefect.artifacts import acreate_link_artifact
from prefect.cache_policies import NO_CACHE

from enrich.backfill import Wanted
from enrich.configuration import Configuration, load
from enrich.configuration import now as wall_clock
from flows import night
from flows.backfilling import scope_for
from flows.reporting import renew_report
from flows.summary import Summary
from flows.tonight import Scope, scope_of
from flows.watch import Silent, Watch

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
) -> Summary:
    """Refresh the reading lists and publish a snapshot.

    Args:
        config: Path of config.toml, on the machine that runs this.
        lists: Only these lists; none for all.
        sources: Only these sources; none for all.
        offline: Ask nobody; publish what the lists say.
    """
    configuration = load(Path(config), os.environ)
    return await _carry_out(configuration, scope_of(configuration, lists, sources, offline=offline))


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
    configuration = load(Path(config), os.environ)
    wanted = Wanted(lists, papers, sources, fields, since, until, all)
    return await _carry_out(configuration, scope_for(configuration, wanted))


async def _carry_out(configuration: Configuration, scope: Scope) -> Summary:
    watch = WATCH.get() or Silent()
    summary = await night.refresh(configuration, os.environ, scope, watch, as_task)
    await as_task("report", partial(_report, configuration, watch))
    return summary


async def _report(configuration: Configuration, watch: Watch) -> None:
    """Renew the report, and link it where the run is looked at."""
    written = renew_report(configuration, watch.say)
    if written is None:
        return
    try:
        await acreate_link_artifact(written.path.as_uri(), "The report", key="report")
    except Exception as error:  # what was published is published, also without a link to it
        watch.say(f"the report is not linked in Prefect: {error}")


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
