"""`papertide snapshots` and its commands, as they are typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from flows.options import Listing, common, configured

if TYPE_CHECKING:
    from enrich.configuration import Configuration
    from flows.terminal import Terminal


@click.group(cls=Listing)
def snapshots() -> None:
    """The published history: list (when nothing else is said) or verify."""


@snapshots.command("list")
@configured
@common
def snapshots_list(configuration: Configuration, terminal: Terminal) -> int:
    """List the published snapshots, newest first."""
    from flows.history import list_snapshots

    return list_snapshots(configuration, terminal)


@snapshots.command("verify")
@configured
@common
def snapshots_verify(configuration: Configuration, terminal: Terminal) -> int:
    """Read every column of every snapshot; exit 1 when one is damaged."""
    from flows.history import verify_snapshots

    return verify_snapshots(configuration, terminal)
