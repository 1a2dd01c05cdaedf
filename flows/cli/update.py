"""`papertide update`, as it is typed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from flows.cli.options import common, configured_if_any
from flows.terminal import Terminal

if TYPE_CHECKING:
    from enrich.configuration import Configuration


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--diff", "as_diff", is_flag=True, help="Show the changes as a diff (the default).")
@click.option("--write", "in_place", is_flag=True, help="Change the files.")
@click.option("--check", "only_tell", is_flag=True, help="Exit 1 when something would change.")
@click.option(
    "--only",
    type=click.Choice(["counts", "venues", "links"]),
    multiple=True,
    help="Nothing but these; may be repeated.",
)
@click.option("--simulated", is_flag=True, help="Write, even from a simulated snapshot.")
@configured_if_any
@common
def update(
    configuration: Configuration,
    files: tuple[Path, ...],
    as_diff: bool,
    in_place: bool,
    only_tell: bool,
    only: tuple[str, ...],
    simulated: bool,
    terminal: Terminal,
) -> int:
    """Bring lists up to date in place: counts, venues of what was published, links."""
    if as_diff + in_place + only_tell > 1:
        raise click.UsageError("--diff, --write and --check exclude each other")
    from flows.commands.updating import Mode, update_files

    mode = Mode.WRITE if in_place else Mode.CHECK if only_tell else Mode.DIFF
    return update_files(configuration, files, mode, only, terminal, may_simulate=simulated)
