"""The night as a Prefect flow: one task for every batch, named as a person would."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.flows import Flow

from enrich.configuration import Configuration, load
from enrich.configuration import now as wall_clock
from flows import night
from flows.summary import Summary
from flows.tonight import Scope
from flows.watch import Watch

T = TypeVar("T")


async def as_task(name: str, step: Callable[[], Awaitable[T]]) -> T:
    """Carry out a step as a task run of this name. The gateway has retried; Prefect does not."""

    @task(name=name.partition(":")[0], task_run_name=name, cache_policy=NO_CACHE)
    async def carry_out() -> T:
        return await step()

    return await carry_out()


def _run_name() -> str:
    return f"refresh of {wall_clock(os.environ):%Y-%m-%d %H:%M} UTC"


def nightly(watch: Watch) -> Flow[[str, list[str], list[str], bool], Coroutine[Any, Any, Summary]]:
    """The flow, showing its progress to `watch`."""

    @flow(
        name="nightly",
        flow_run_name=_run_name,
        description="Refresh the reading lists and publish a snapshot.",
    )
    async def refresh(config: str, lists: list[str], sources: list[str], offline: bool) -> Summary:
        configuration = load(Path(config), os.environ)
        scope = Scope(tuple(lists), tuple(sources), offline)
        return await night.refresh(configuration, os.environ, scope, watch, as_task)

    return refresh


async def refresh_as_flow(configuration: Configuration, scope: Scope, watch: Watch) -> Summary:
    """Run the flow once, on the server that Prefect was pointed at."""
    flow_run: Any = nightly(watch)  # Prefect's overloads cannot tell that it is asynchronous
    summary: Summary = await flow_run(
        config=str(configuration.path),
        lists=list(scope.lists),
        sources=list(scope.sources),
        offline=scope.offline,
    )
    return summary
