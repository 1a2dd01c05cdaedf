"""Carrying out a night or a backfill: as a flow run where a Prefect server is, else directly."""

from __future__ import annotations

import os
import sys

from enrich.configuration import Configuration
from flows.log import LOG
from flows.night import night
from flows.night.reporting import renew_report
from flows.night.summary import Summary, sentences
from flows.night.tonight import Scope
from flows.progress import Bars
from flows.running import Terminated, ending_in_order, leaving_at_once, run
from flows.service import prefect_server
from flows.terminal import Terminal, complain


def refresh_now(
    configuration: Configuration, scope: Scope, terminal: Terminal, *, insist: bool = False
) -> int:
    """Carry the run out, and say what it came to. `insist`: on Prefect, whatever it takes."""
    with ending_in_order(), Bars(terminal) as bars:
        address = prefect_server.reachable(configuration, os.environ)
        if address is not None:
            summary = _as_flow(configuration, scope, bars, address)
        elif insist:
            bars.say("no Prefect server is reachable: starting one, some fifteen seconds")
            with prefect_server.own(configuration) as environ:
                return prefect_server.run_as_client(sys.argv[1:], environ)
        else:
            bars.say("no Prefect server is reachable: running directly, recorded in the snapshot")
            summary = run(night.refresh(configuration, os.environ, scope, bars))
            renew_report(configuration, bars.say)
    tell(summary, terminal)
    return summary.exit_code


def tell(summary: Summary, terminal: Terminal) -> None:
    """Print what a run came to."""
    terminal.document(summary.as_json())
    if LOG.is_json and terminal.verbosity >= 0:
        level = "warning" if summary.trouble else "info"
        more = {**summary.as_json(), "exit_code": summary.exit_code, "trouble": summary.trouble}
        LOG.tell(level, "run_ended", f"the run is {summary.status}", **more)
    if terminal.verbosity < 0:  # quiet, but never silent about what went wrong
        for line in summary.trouble:
            complain(line)
    for line in sentences(summary):
        terminal.result(line)


def _as_flow(configuration: Configuration, scope: Scope, bars: Bars, address: str) -> Summary:
    prefect_server.point_at(configuration, address)
    leaving_at_once()
    from prefect.exceptions import TerminationSignal

    from flows.service.nightly import refresh_as_flow

    try:
        return run(refresh_as_flow(configuration, scope, bars))
    except TerminationSignal:  # what Prefect makes of SIGTERM while a flow runs
        raise Terminated from None
