"""`papertide export`, as it is typed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from flows.cli.options import common, configured
from flows.terminal import Terminal

if TYPE_CHECKING:
    from enrich.configuration import Configuration

FORMATS = ("bibtex", "csl-json", "parquet", "csv", "jsonl", "feed")


@click.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(FORMATS), required=True, help="For which tool.")
@click.option("--list", "lists", multiple=True, help="Only this list; may be repeated.")
@click.option("--simulated", is_flag=True, help="Also a snapshot with invented values.")
@configured
@common
def export(
    configuration: Configuration,
    out: Path,
    form: str,
    lists: tuple[str, ...],
    simulated: bool,
    terminal: Terminal,
) -> int:
    """Hand the current snapshot over to other tools.

    OUT is a file: .bib, .json, .jsonl, or for a feed .xml (Atom) or .json (JSON Feed). For parquet
    and csv it is a folder, with one file per relation. What an earlier export wrote there is
    replaced, nothing else.
    """
    if str(out) == "-":
        raise click.UsageError("OUT: name a file or folder; export does not write to '-'")
    from flows.commands.exporting import export as run

    return run(configuration, form, lists, out, terminal, simulated=simulated)
