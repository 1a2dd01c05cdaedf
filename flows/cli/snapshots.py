"""`papertide snapshots` and its commands, as they are typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from flows.cli.options import Listing, common, configured, configured_if_any

if TYPE_CHECKING:
    from enrich.configuration import Configuration
    from flows.terminal import Terminal


@click.group(cls=Listing)
def snapshots() -> None:
    """The published history: list (when nothing else is said), verify, diff or prune."""


@snapshots.command("list")
@configured
@common
def snapshots_list(configuration: Configuration, terminal: Terminal) -> int:
    """List the published snapshots, newest first."""
    from flows.commands.history import list_snapshots

    return list_snapshots(configuration, terminal)


@snapshots.command("verify")
@configured
@common
def snapshots_verify(configuration: Configuration, terminal: Terminal) -> int:
    """Read every snapshot whole, and against the one before it; exit 1 for a damaged one."""
    from flows.commands.history import verify_snapshots

    return verify_snapshots(configuration, terminal)


@snapshots.command("diff")
@click.argument("one", metavar="A")
@click.argument("other", metavar="B")
@configured_if_any
@common
def snapshots_diff(configuration: Configuration, one: str, other: str, terminal: Terminal) -> int:
    """What happened from A to B, each a snapshot's id or a path: entries, works, identifiers,
    counts, venues, withdrawals."""
    from flows.commands.differing import show_difference

    return show_difference(configuration, one, other, terminal)


@snapshots.command("prune")
@click.option("--dry-run", is_flag=True, help="Only say what would go.")
@configured
@common
def snapshots_prune(configuration: Configuration, dry_run: bool, terminal: Terminal) -> int:
    """Delete the snapshots that [store] keep_daily and keep_weekly give up, as every night does."""
    from flows.commands.history import prune_snapshots

    return prune_snapshots(configuration, terminal, dry_run=dry_run)
