"""The nightly and the backfill deployment: what is registered with Prefect."""

from __future__ import annotations

from datetime import UTC, datetime

from prefect.client.orchestration import get_client
from prefect.deployments.runner import RunnerDeployment
from prefect.schedules import Cron
from prefect.types.entrypoint import EntrypointType

from enrich.configuration import Configuration
from enrich.errors import PapertideError
from flows.service.nightly import backfill, nightly
from flows.service.schedule import checked, next_night


def deployments(
    configuration: Configuration, pool: str | None = None
) -> tuple[RunnerDeployment, RunnerDeployment]:
    """The nightly one, with its schedule, and that of backfills, which wait for who starts them.

    `pool`: the work pool whose workers run them; none for `papertide serve`. There Prefect has to
    keep two nights apart; `serve` does that itself, because a limit of Prefect's outlives the
    process that held it.

    Raises:
        ConfigError: `[schedule]` names no time.
    """
    checked(configuration)
    schedule, parameters = configuration.settings.schedule, {"config": str(configuration.path)}
    both = (
        RunnerDeployment.from_flow(
            nightly,
            "nightly",
            schedule=Cron(schedule.nightly, timezone=schedule.timezone),
            parameters=parameters,
            concurrency_limit=1 if pool else None,
            entrypoint_type=EntrypointType.MODULE_PATH,
        ),
        RunnerDeployment.from_flow(
            backfill,
            "backfill",
            parameters=parameters,
            entrypoint_type=EntrypointType.MODULE_PATH,
        ),
    )
    for deployment in both:  # also none is said: else the pool of an earlier registration stays
        deployment.work_pool_name = pool
    return both


async def register(configuration: Configuration, pool: str) -> list[str]:
    """Register both deployments for a work pool; gives their names.

    Raises:
        ConfigError: `[schedule]` names no time.
        PapertideError: there is no such pool, or the server refused.
    """
    await next_night(configuration, datetime.now(UTC))
    async with get_client() as client:
        pools = [each.name for each in await client.read_work_pools()]
    if pool not in pools:
        known = f"; there are {', '.join(sorted(pools))}" if pools else ""
        raise PapertideError(
            f"no work pool is called {pool!r}{known}; create it with "
            f"`prefect work-pool create {pool} --type process`"
        )
    both = deployments(configuration, pool)
    for deployment in both:
        await deployment.aapply()
    return [deployment.full_name for deployment in both]
