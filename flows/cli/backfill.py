"""`papertide backfill`, as it is typed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import click

from flows.cli.options import common, configured
from flows.terminal import Terminal

if TYPE_CHECKING:
    from enrich.configuration import Configuration

DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.option("--list", "lists", multiple=True, help="Only works of this list; may be repeated.")
@click.option(
    "--paper",
    "papers",
    multiple=True,
    metavar="ID",
    help="Only this work: a paper_id or scheme:value, such as arxiv:2401.10020; may be repeated.",
)
@click.option("--source", "sources", multiple=True, help="Only this source; may be repeated.")
@click.option(
    "--field",
    "fields",
    multiple=True,
    type=click.Choice(["citations", "abstract", "identifiers"]),
    help="Only the sources that tell it; may be repeated.",
)
@click.option("--since", type=DAY, metavar="DATE", help="Only works published then or later.")
@click.option("--until", type=DAY, metavar="DATE", help="Only works published then or before.")
@click.option("--all", "all_works", is_flag=True, help="All works.")
@click.option("--yes", is_flag=True, help="Do not ask, however many requests it costs.")
@configured
@common
def backfill(
    configuration: Configuration,
    lists: tuple[str, ...],
    papers: tuple[str, ...],
    sources: tuple[str, ...],
    fields: tuple[str, ...],
    since: datetime | None,
    until: datetime | None,
    all_works: bool,
    yes: bool,
    terminal: Terminal,
) -> int:
    """Ask for chosen works now, due or not, and publish a snapshot.

    Each kind of option narrows it down; the works are those of the current snapshot. A backfill
    that was broken off is gone on with by the same command.
    """
    from enrich.backfill import Wanted
    from flows.commands.confirming import backfill_now

    first, last = (each.date() if each else None for each in (since, until))
    wanted = Wanted(lists, papers, sources, fields, first, last, all_works)
    return backfill_now(configuration, wanted, terminal, yes=yes)
