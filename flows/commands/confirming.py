"""`papertide backfill`: what it will cost, whether that is meant, and the run."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from enrich.backfill import Wanted
from enrich.configuration import Configuration
from enrich.configuration import now as wall_clock
from enrich.errors import ConfigError, PapertideError
from enrich.plan import SourcePlan
from flows.commands.planning import plan_backfill, table
from flows.night.backfilling import scope_for
from flows.night.tonight import begin
from flows.service.refreshing import refresh_now
from flows.terminal import Terminal


def backfill_now(
    configuration: Configuration, wanted: Wanted, terminal: Terminal, *, yes: bool
) -> int:
    """Show the plan, ask where it costs more than `[backfill] confirm_above`, and carry it out."""
    scope = scope_for(configuration, wanted)
    tonight = begin(configuration, os.environ, scope, wall_clock(os.environ))
    plans = plan_backfill(tonight, wanted)
    for line in table(plans, "works"):
        terminal.note(line)
    if not yes:
        _confirm(plans, configuration.settings.backfill.confirm_above)
    return refresh_now(configuration, scope, terminal)


def _confirm(plans: Sequence[SourcePlan], limit: int) -> None:
    requests = sum(each.requests for each in plans)
    if requests <= limit:
        return
    cost = f"up to {requests:,} requests, more than [backfill] confirm_above = {limit:,}"
    if not is_interactive():
        raise ConfigError(f"this backfill costs {cost}; say --yes if that is meant")
    if not click.confirm(f"This backfill costs {cost}. Go on?", err=True):
        raise PapertideError("nothing was asked, nothing was changed")


def is_interactive() -> bool:
    """Whether there is a person to ask."""
    return sys.stdin.isatty() and sys.stderr.isatty()
