"""`papertide report`, as it is typed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from flows.cli.options import common, configured
from flows.terminal import Terminal

if TYPE_CHECKING:
    from enrich.configuration import Configuration

DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.argument("out", metavar="[OUT.html]", required=False, type=click.Path(path_type=Path))
@click.option(
    "--since",
    type=DAY,
    metavar="DATE",
    help="Tell what changed from this day on; default: a week before the snapshot.",
)
@configured
@common
def report(
    configuration: Configuration, out: Path | None, since: datetime | None, terminal: Terminal
) -> int:
    """Write the current snapshot as one HTML page that needs nothing else.

    Default: report.html in the store's folder, where every run leaves it as well.
    """
    if str(out) == "-":
        raise click.UsageError("OUT.html: name a file; report does not write to '-'")
    from flows.night.reporting import show_report

    return show_report(configuration, out, since.date() if since else None, terminal)
