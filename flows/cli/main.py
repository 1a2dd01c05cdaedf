"""The command line (docs/contract.md, section 1). Thin: every command imports what it runs."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from traceback import format_exception
from typing import TYPE_CHECKING

import click

from enrich.errors import ConfigError, PapertideError
from flows.cli.backfill import backfill
from flows.cli.catalog import catalog
from flows.cli.check import check
from flows.cli.export import export
from flows.cli.options import Commands, common, configured, configured_if_any
from flows.cli.report import report
from flows.cli.review import review
from flows.cli.serve import deploy, serve
from flows.cli.snapshots import snapshots
from flows.cli.update import update
from flows.log import LOG
from flows.running import EXIT_CODE, Terminated
from flows.terminal import Terminal, Unread, close_streams, complain, open_streams

if TYPE_CHECKING:
    from enrich.configuration import Configuration


def main() -> None:
    """Run a command and end with its exit code."""
    # A night makes millions of values that live until it ends, and hardly a cycle: to look for
    # cycles as often as Python does takes an eighth of its processor time.
    gc.set_threshold(100_000, 20, 50)
    open_streams()
    try:
        EXIT_CODE[0] = _run(sys.argv[1:])
        sys.stdout.flush()
    except (Unread, BrokenPipeError):
        close_streams()
        EXIT_CODE[0] = 141  # as of a program that SIGPIPE ended
    sys.exit(EXIT_CODE[0])


def _run(arguments: list[str]) -> int:
    try:
        LOG.open(os.environ)
        code = cli.main(args=arguments, prog_name="papertide", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except click.exceptions.NoArgsIsHelpError as error:
        print(error.ctx.get_help(), file=sys.stderr)
        return 2
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except click.ClickException as error:
        complain(error.format_message())
        return 2
    except ConfigError as error:
        complain(str(error))
        return 2
    except PapertideError as error:
        complain(str(error))
        return 1
    except OSError as error:
        complain(f"{error.filename}: {error.strerror}" if error.filename else str(error))
        return 1
    except (KeyboardInterrupt, click.Abort):
        if sys.stderr.isatty():
            print(file=sys.stderr)  # the terminal shows the ^C without ending its line
        complain(f"stopped{_kept(arguments)}")
        return 130
    except Terminated:
        complain(f"terminated{_kept(arguments)}")
        return 143
    except Unread:
        raise
    except Exception as error:  # the last resort: a person gets a line, who asks gets it all
        if {"-v", "--verbose"} & set(arguments):
            if not LOG.is_json:
                raise
            LOG.tell("error", "fault", str(error), traceback="".join(format_exception(error)))
        complain(
            f"a fault in Papertide ({type(error).__name__}: {error}); please report it with what "
            "the same command prints with -v"
        )
        return 1


def _kept(arguments: list[str]) -> str:
    """What stays true of a run that was ended early."""
    if arguments[:2] == ["catalog", "build"]:
        return "; what was harvested is kept, the next build goes on from there"
    if not {"refresh", "backfill", "serve", "demo"} & set(arguments[:1]):
        return ""
    return "; what was fetched is kept, the next run goes on from there"


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="papertide", message="%(version)s")
def cli() -> None:
    """Keeps reading lists alive: parses them, identifies their papers, refreshes what is known
    of them, and publishes it all as one DuckDB file."""


@cli.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, allow_dash=True))
@click.option("--explain", is_flag=True, help="Every source line with the role it was given.")
@click.option("--config", "path", type=click.Path(path_type=Path), help="For [parse] max_bytes.")
@common
def parse(files: tuple[Path, ...], explain: bool, path: Path | None, terminal: Terminal) -> int:
    """Show the entries of Markdown, HTML-in-Markdown or plain-text lists (- for stdin)."""
    from flows.commands.parsing import parse_files

    return parse_files(files, path, terminal, explain=explain)


@cli.command()
@click.argument("file", required=False, type=click.Path(path_type=Path, allow_dash=True))
@click.option("--title", help="One title, in the place of a file.")
@click.option("--authors", help="Its authors, as far as known.")
@click.option("--year", type=click.IntRange(1000, 2200), help="Its year.")
@click.option("--offline", is_flag=True, help="Only what is known, and the local catalogue.")
@configured_if_any
@common
def resolve(
    configuration: Configuration,
    file: Path | None,
    title: str | None,
    authors: str | None,
    year: int | None,
    offline: bool,
    terminal: Terminal,
) -> int:
    """Find the identifiers of papers by title: JSON lines in, JSON lines out (- for stdin)."""
    from flows.commands.resolving import resolve_file, resolve_title

    if title is None:
        if authors is not None or year is not None:
            raise click.UsageError("--authors and --year go with --title")
        return resolve_file(configuration, file, terminal, offline=offline)
    if file is not None:
        raise click.UsageError("--title and a file exclude each other")
    return resolve_title(configuration, title, authors, year, terminal, offline=offline)


@cli.command()
@click.option("--list", "lists", multiple=True, help="Only this list; may be repeated.")
@click.option("--source", "sources", multiple=True, help="Only this source; may be repeated.")
@configured
@common
def plan(
    configuration: Configuration,
    lists: tuple[str, ...],
    sources: tuple[str, ...],
    terminal: Terminal,
) -> int:
    """Say what a refresh would ask, of whom, and how long that takes; asks nobody."""
    from flows.commands.planning import show_plan
    from flows.night.tonight import scope_of

    return show_plan(configuration, scope_of(configuration, lists, sources), terminal)


@cli.command()
@click.option("--list", "lists", multiple=True, help="Only this list; may be repeated.")
@click.option("--source", "sources", multiple=True, help="Only this source; may be repeated.")
@click.option("--dry-run", is_flag=True, help="Only say what would be asked.")
@click.option("--offline", is_flag=True, help="Ask nobody; publish what the lists say.")
@click.option("--prefect", "insist", is_flag=True, help="Run as a Prefect flow, whatever it takes.")
@configured
@common
def refresh(
    configuration: Configuration,
    lists: tuple[str, ...],
    sources: tuple[str, ...],
    dry_run: bool,
    offline: bool,
    insist: bool,
    terminal: Terminal,
) -> int:
    """The nightly job: parse, resolve, fetch what is due, publish a snapshot."""
    from flows.night.tonight import scope_of

    scope = scope_of(configuration, lists, sources, offline=offline)
    if dry_run:
        from flows.commands.planning import show_plan

        return show_plan(configuration, scope, terminal)
    from flows.service.refreshing import refresh_now

    return refresh_now(configuration, scope, terminal, insist=insist)


@cli.command()
@click.option("--healthcheck", is_flag=True, help="Exit 1 when the last snapshot is stale.")
@configured
@common
def status(configuration: Configuration, healthcheck: bool, terminal: Terminal) -> int:
    """Show the last runs, the sources' health, coverage, and what is due."""
    from flows.commands.status import show_status

    return show_status(configuration, terminal, healthcheck=healthcheck)


cli.add_command(backfill)
cli.add_command(report)
cli.add_command(review)
cli.add_command(serve)
cli.add_command(deploy)
cli.add_command(catalog)
cli.add_command(update)
cli.add_command(snapshots)
cli.add_command(export)
cli.add_command(check)


@cli.command()
@configured
@common
def demo(configuration: Configuration, terminal: Terminal) -> int:
    """The whole night against the built-in sandbox, into data/demo/, without internet."""
    from flows.commands.demo import run_demo

    return run_demo(configuration, terminal)


@cli.command()
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Default: a free one.")
@click.option("--corpus", type=click.Path(path_type=Path), help="A parquet file of records.")
@click.option("--faults", default="", help="Faults to serve; see docs/sandbox.md.")
@click.option("--pace", type=click.FloatRange(min=0), default=1.0, help="Factor on all limits.")
@common
def sandbox(port: int, corpus: Path | None, faults: str, pace: float, terminal: Terminal) -> int:
    """Emulate the four services on loopback; prints their base URLs as JSON."""
    from flows.commands.demo import run_sandbox

    return run_sandbox(port, corpus, faults, pace)


if __name__ == "__main__":
    main()
