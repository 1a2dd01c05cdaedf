"""`papertide review` and its commands, as they are typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from flows.cli.options import Listing, common, configured
from flows.terminal import Terminal

if TYPE_CHECKING:
    from enrich.configuration import Configuration


@click.group(cls=Listing)
def review() -> None:
    """What a person must decide: list (when nothing else is said), accept or reject.

    ENTRY is an entry_id or LIST:LINE, the line where the entry begins in the current snapshot.
    """


@review.command("list")
@configured
@common
def review_list(configuration: Configuration, terminal: Terminal) -> int:
    """Show the entries that wait, with their candidates, and the decisions already taken."""
    from flows.commands.review import list_review

    return list_review(configuration, terminal)


@review.command("accept")
@click.argument("entry")
@click.argument("paper", metavar="ID")
@configured
@common
def review_accept(configuration: Configuration, entry: str, paper: str, terminal: Terminal) -> int:
    """Say that ENTRY is the paper ID: scheme:value, an address, or a candidate's number."""
    from flows.commands.review import decide

    return decide(configuration, entry, paper, terminal)


@review.command("reject")
@click.argument("entry")
@configured
@common
def review_reject(configuration: Configuration, entry: str, terminal: Terminal) -> int:
    """Say that ENTRY is none of its candidates, nor what it links."""
    from flows.commands.review import decide

    return decide(configuration, entry, None, terminal)
