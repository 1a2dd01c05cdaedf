"""`papertide serve` and `deploy`: the schedule, kept by Prefect."""

from __future__ import annotations

import asyncio
import os
import sys
import warnings
from contextlib import ExitStack
from datetime import datetime

from enrich.configuration import Configuration
from enrich.configuration import now as wall_clock
from enrich.errors import PapertideError
from flows.running import ending_in_order, leaving_at_once
from flows.service import prefect_server
from flows.terminal import Terminal
from store.layout import Layout


def serve(configuration: Configuration, terminal: Terminal) -> int:
    """Keep the schedule until a signal comes, on the named server or one of our own."""
    layout = Layout(configuration.store_dir)
    named = prefect_server.named(configuration, os.environ)
    with ending_in_order(), prefect_server.serving(layout), ExitStack() as stack:
        if named and not prefect_server.answers(named):
            raise PapertideError(
                f"the Prefect server at {named} does not answer; start it, or leave [prefect] "
                "api_url and PREFECT_API_URL empty for one of Papertide's own"
            )
        address = named or prefect_server.own_address(layout)
        prefect_server.point_at(configuration, address)
        leaving_at_once()
        from flows.service.runners import serve_deployments
        from flows.service.schedule import next_night

        asyncio.run(next_night(configuration, wall_clock(os.environ)))  # or it names no time
        if not named:
            terminal.note("starting Papertide's Prefect server, some fifteen seconds")
            stack.enter_context(prefect_server.own(configuration, address))
            stack.enter_context(prefect_server.announced(layout, address))

        def ready(due: datetime, missed: bool) -> None:
            _tell(configuration, terminal, address, due, missed=missed)

        # Prefect forgets a coroutine of its own when its server has gone.
        warnings.filterwarnings("ignore", "coroutine 'Runner", RuntimeWarning)
        asyncio.run(serve_deployments(configuration, address, ready, is_own=not named))
    raise AssertionError("served without end")


def _tell(
    configuration: Configuration, terminal: Terminal, address: str, due: datetime, *, missed: bool
) -> None:
    """Where to look, and what comes next."""
    page, schedule = address.removesuffix("/api"), configuration.settings.schedule
    told = {"ui": page, "api_url": address, "next": due.isoformat(), "catching_up": missed}
    terminal.document(told)
    terminal.result(f"Prefect: {page}")
    terminal.result(
        f"nightly: {schedule.nightly} {schedule.timezone}, next {due:%Y-%m-%d %H:%M %Z}"
    )
    if missed:
        terminal.result("no night has published since the last scheduled time: one starts now")
    terminal.result("Ctrl-C or SIGTERM ends it; a run in hand goes on next time where it was")
    sys.stdout.flush()


def deploy(configuration: Configuration, pool: str, terminal: Terminal) -> int:
    """Register both deployments for a work pool."""
    address = prefect_server.reachable(configuration, os.environ)
    if address is None:
        raise PapertideError(
            "no Prefect server is reachable; name one by [prefect] api_url or PREFECT_API_URL, or "
            "run papertide serve"
        )
    prefect_server.point_at(configuration, address)
    leaving_at_once()
    from flows.service.deployments import register

    names = asyncio.run(register(configuration, pool))
    terminal.document({"api_url": address, "pool": pool, "deployments": names})
    for name in names:
        terminal.result(f"{name} is registered for the work pool {pool} at {address}")
    terminal.note(
        f"its workers must have Papertide and {configuration.path} at that very path; several "
        "machines on one store are not supported yet: run one worker, or a store for each"
    )
    return 0
