"""Running the two deployments in this process' children until a signal comes."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterId,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import State, StateType
from prefect.runner import Runner
from prefect.states import Cancelled, Crashed

from enrich.configuration import Configuration
from enrich.configuration import now as wall_clock
from enrich.errors import PapertideError
from flows.running import Terminated
from flows.service.catching_up import is_missed
from flows.service.deployments import deployments
from flows.service.prefect_server import answers
from flows.service.schedule import next_night

TOGETHER = {"nightly": 1, "backfill": 3}
"""Runs of each deployment at a time. The pace is kept whatever this is; it bounds memory."""


LOOK_AGAIN = 10.0
"""Seconds between two looks at whether the server is still there."""

LOOKS = 12
"""Looks in vain after which it is not: on a busy machine it may be slow for a while."""

FAREWELL = 45.0
"""Seconds that ending in order may take: a run is killed after 30, and where the server went just
now, Prefect would go on telling it for four minutes."""


async def serve_deployments(
    configuration: Configuration,
    address: str,
    ready: Callable[[datetime, bool], None],
    *,
    is_own: bool,
) -> None:
    """Register both deployments and run them, each run in a process of its own.

    `ready` is told when the next night is due, and whether one that was missed is made up for now.
    `is_own`: nobody else starts runs on this server.

    Raises:
        KeyboardInterrupt, Terminated: a signal came; the runs in hand were ended in order.
        PapertideError: the server has gone.
    """
    now = wall_clock(os.environ)
    due = await next_night(configuration, now)
    night, backfill = deployments(configuration)
    runners = [
        Runner(name=name, limit=limit, pause_on_shutdown=False) for name, limit in TOGETHER.items()
    ]
    ids = [
        await runner.aadd_deployment(deployment)
        for runner, deployment in zip(runners, (night, backfill), strict=True)
    ]
    missed = await is_missed(configuration, now)
    async with get_client() as client:
        if is_own:
            await _tidy(client, ids)
        if missed:
            await client.create_flow_run_from_deployment(ids[0])
    loops: list[asyncio.Future[None]] = [
        asyncio.create_task(runner.start(webserver=False)) for runner in runners
    ]
    received: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    await asyncio.sleep(0)  # each runner takes SIGTERM for itself as it starts
    _receive(received)
    ready(due, missed)
    gone = asyncio.create_task(_gone(address))
    try:
        waiting: list[asyncio.Future[Any]] = [received, gone, *loops]
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    finally:
        with suppress(TimeoutError):
            await asyncio.wait_for(_farewell(runners, loops), 0 if gone.done() else FAREWELL)
        gone.cancel()
        for loop in loops:  # nobody is left to be told of the runs: they are ended without
            loop.cancel()
        await asyncio.gather(*loops, return_exceptions=True)
    if received.done():
        raise KeyboardInterrupt if received.result() == signal.SIGINT else Terminated
    raise PapertideError(
        f"the Prefect server at {address} does not answer any more; runs in hand were ended, start "
        "papertide serve again"
    )


async def _farewell(runners: Sequence[Runner], loops: Sequence[asyncio.Future[None]]) -> None:
    """End the runs in hand, and tell the server of it."""
    stops = [runner.astop() for runner in runners if runner.started]
    await asyncio.gather(*stops, return_exceptions=True)
    await asyncio.gather(*loops, return_exceptions=True)


async def _gone(address: str) -> None:
    """Wait until the server has not answered for two minutes."""
    silent = 0
    while silent < LOOKS:
        await asyncio.sleep(LOOK_AGAIN)
        silent = 0 if await asyncio.to_thread(answers, address) else silent + 1


def _receive(received: asyncio.Future[int]) -> None:
    def receive(signum: int) -> None:
        if not received.done():
            received.set_result(signum)

    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(signum, receive, signum)


async def _tidy(client: PrefectClient, deployment_ids: Sequence[UUID]) -> None:
    """Call those runs ended that no process is at any more, and those off that time has passed by:
    what they would have done, one run does."""
    of_ours = DeploymentFilter(id=DeploymentFilterId(any_=list(deployment_ids)))
    unfinished = (StateType.RUNNING, StateType.PENDING, StateType.CANCELLING, StateType.SCHEDULED)
    state = FlowRunFilterState(type=FlowRunFilterStateType(any_=list(unfinished)))
    now = wall_clock({})
    for run in await client.read_flow_runs(
        flow_run_filter=FlowRunFilter(state=state), deployment_filter=of_ours
    ):
        if run.state_type is not StateType.SCHEDULED:
            ended: State = Crashed(message="its process ended without saying so")
        elif run.auto_scheduled and run.expected_start_time and run.expected_start_time < now:
            ended = Cancelled(message="missed; one run makes up for all that were")
        else:
            continue
        await client.set_flow_run_state(run.id, ended, force=True)
