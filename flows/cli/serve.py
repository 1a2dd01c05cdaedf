"""`papertide serve` and `papertide deploy`, as they are typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from flows.cli.options import common, configured
from flows.terminal import Terminal

if TYPE_CHECKING:
    from enrich.configuration import Configuration


@click.command()
@configured
@common
def serve(configuration: Configuration, terminal: Terminal) -> int:
    """Keep the schedule: run Papertide's Prefect server, the nightly run and backfills."""
    from flows.service.serving import serve as keep_schedule

    return keep_schedule(configuration, terminal)


@click.command()
@click.option("--pool", required=True, metavar="NAME", help="The work pool.")
@configured
@common
def deploy(configuration: Configuration, pool: str, terminal: Terminal) -> int:
    """Register the nightly run and backfills for a Prefect work pool."""
    from flows.service.serving import deploy as register

    return register(configuration, pool, terminal)
