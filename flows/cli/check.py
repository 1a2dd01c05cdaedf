"""`papertide check`, as it is typed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from flows.cli.options import common, configured_if_any
from flows.terminal import Terminal

if TYPE_CHECKING:
    from enrich.configuration import Configuration


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    help="For people (the default), programs, or annotations of a pull request.",
)
@configured_if_any
@common
def check(
    configuration: Configuration, files: tuple[Path, ...], form: str | None, terminal: Terminal
) -> int:
    """Find faults in lists: links, duplicates, what was published or withdrawn, counts, Markdown.

    Asks nobody: what is known is in the current snapshot. Ends with 1 when it found a fault.
    """
    if terminal.as_json and form not in (None, "json"):
        raise click.UsageError(f"--json and --format {form} exclude each other")
    from flows.commands.checking import check_files

    terminal = replace(terminal, as_json=terminal.as_json or form == "json")
    return check_files(configuration, files, form or "text", terminal)
