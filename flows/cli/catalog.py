"""`papertide catalog` on the command line. Thin, as `flows.cli.main`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from flows.cli.options import Commands, common, configured

if TYPE_CHECKING:
    from enrich.configuration import Configuration
    from flows.terminal import Terminal


@click.group(cls=Commands)
def catalog() -> None:
    """The local catalogue, in which titles are looked up without a network."""


@catalog.command()
@click.option(
    "--source", "sources", multiple=True, help="acl_anthology (default) or arxiv; may be repeated."
)
@click.option(
    "--set",
    "specs",
    multiple=True,
    help="A set of arXiv's, such as cs:cs:CL; may be repeated. Default: those harvested before, "
    "else cs:cs:CL, cs:cs:LG and cs:cs:AI.",
)
@click.option("--since", help="Only what arXiv changed since this day; default: the last harvest.")
@configured
@common
def build(
    configuration: Configuration,
    sources: tuple[str, ...],
    specs: tuple[str, ...],
    since: str | None,
    terminal: Terminal,
) -> int:
    """Fetch the ACL Anthology's bulk file; with --source arxiv, harvest sets of arXiv."""
    from flows.commands.cataloguing import build_catalog

    return build_catalog(configuration, sources, specs, since, terminal)


@catalog.command()
@configured
@common
def status(configuration: Configuration, terminal: Terminal) -> int:
    """Show what the catalogue holds, and how far each set of arXiv is harvested."""
    from flows.commands.catalog_status import show_catalog

    return show_catalog(configuration, terminal)
