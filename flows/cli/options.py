"""What all commands share: their options, and what a wrong name is answered with."""

from __future__ import annotations

import difflib
import functools
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from flows.terminal import Terminal, Unread

if TYPE_CHECKING:
    from enrich.configuration import Configuration


class Commands(click.Group):
    """The commands; an unknown one names the nearest."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; click itself would end with 1 when nobody reads its output, and write
        an empty line after Ctrl-C, also into a log."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise Unread from None
        except KeyboardInterrupt:
            raise click.Abort from None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or say which one it might have been."""
        if args and self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            near = difflib.get_close_matches(args[0], self.list_commands(ctx), n=1, cutoff=0.5)
            hint = f"; did you mean {near[0]!r}?" if near else "; see papertide --help"
            raise click.UsageError(f"no command {args[0]!r}{hint}")
        return super().resolve_command(ctx, args)


class Listing(Commands):
    """A group of which `list` is meant when nothing else is said."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put `list` where a command is missing."""
        if not args or (args[0].startswith("-") and args[0] not in ("-h", "--help")):
            args = ["list", *args]
        return super().parse_args(ctx, args)


def common(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command the options that all have; it gets them as one `Terminal`."""

    @click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
    @click.option("-v", "--verbose", is_flag=True, help="Say more on stderr.")
    @click.option("-q", "--quiet", is_flag=True, help="Say nothing on stderr but errors.")
    @functools.wraps(command)
    def with_terminal(as_json: bool, verbose: bool, quiet: bool, **options: Any) -> int:
        if verbose and quiet:
            raise click.UsageError("-v and -q exclude each other")
        return command(terminal=Terminal(as_json, verbose - quiet), **options)

    return with_terminal


def configured(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command `--config`; it gets the loaded `Configuration`."""
    return _configured(command, must_exist=True)


def configured_if_any(command: Callable[..., int]) -> Callable[..., int]:
    """As `configured`, for a command that also works where nothing was ever configured."""
    return _configured(command, must_exist=False)


def _configured(command: Callable[..., int], *, must_exist: bool) -> Callable[..., int]:
    @click.option(
        "--config",
        "path",
        type=click.Path(path_type=Path),
        help="Default: ./config.toml, or the file that PAPERTIDE_CONFIG names.",
    )
    @functools.wraps(command)
    def with_configuration(path: Path | None, **options: Any) -> int:
        return command(configuration=_load(path, must_exist=must_exist), **options)

    return with_configuration


def _load(path: Path | None, *, must_exist: bool) -> Configuration:
    """The configuration that is named, or the usual one; only that may be missing."""
    from enrich.configuration import load

    named = path or os.environ.get("PAPERTIDE_CONFIG")
    is_needed = must_exist or bool(named)
    return load(Path(named or "config.toml"), os.environ, must_exist=is_needed)
