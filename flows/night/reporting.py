"""`papertide report`, and the report that every run leaves behind."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from enrich.configuration import Configuration
from enrich.configuration import now as wall_clock
from enrich.errors import ConfigError, StoreError
from enrich.report.facts import Facts, listed
from enrich.report.fingerprint import HEAD, fingerprint, mark_of
from enrich.report.table import LARGEST
from enrich.review import decisions
from enrich.review.decisions import Ruling
from flows.terminal import Terminal
from store import durable, overrides
from store.current import read_listing
from store.layout import Layout
from store.outline import read_outline
from store.readout import history

USUAL = timedelta(days=7)
"""How far back the report tells what changed, where no day is named."""


@dataclass(frozen=True, slots=True)
class Written:
    """A report in its place. `is_new`: whether it was written now."""

    path: Path
    bytes: int
    works: int
    simulated: bool
    is_new: bool = True


def show_report(
    configuration: Configuration, out: Path | None, since: date | None, terminal: Terminal
) -> int:
    """Write the report, and say where it is."""
    if since is not None and since > wall_clock(os.environ).date():
        raise ConfigError(f"--since: {since} is in the future")
    written = write_report(configuration, out, since)
    document = asdict(written)
    del document["is_new"]
    terminal.document({**document, "path": str(written.path)})
    size = f"{written.bytes / 1e6:.1f} MB"
    terminal.result(f"{written.path}: {written.works:,} works, {size}")
    if written.simulated:
        terminal.note("SIMULATED: counts and abstracts in this report are invented by the sandbox")
    return 0


def renew_report(configuration: Configuration, say: Callable[[str], None]) -> Written | None:
    """Write the store's report after a run, unless it would say what it says already.

    The snapshot is published: whatever goes wrong here is only said, and None comes back.
    """
    try:
        written = write_report(configuration, unless_same=True)
    except Exception as error:  # also a fault of ours: it must not cost the night
        say(f"the report was not written, the last one stays: {error}")
        return None
    if written.is_new:
        say(f"report: {written.path}")
    return written


def write_report(
    configuration: Configuration,
    out: Path | None = None,
    since: date | None = None,
    *,
    unless_same: bool = False,
) -> Written:
    """Make the report of the current snapshot and put it at `out`, or in the store.

    `since`: the day from which on it tells what changed. `unless_same`: only if the one that is
    there says anything else.

    Raises:
        StoreError: there is no snapshot, or the file cannot be written; what was there stays.
    """
    path = (out or Layout(configuration.store_dir).report).absolute()
    is_there, old_mark = _mark(path)
    if is_there and old_mark is None:
        raise StoreError(f"{path}: is no report of Papertide; nothing was changed")
    rulings = _rulings(configuration)
    outline = read_outline(Layout(configuration.store_dir))
    mark, works = fingerprint(outline, rulings), outline.works
    if unless_same and mark == old_mark:
        return Written(path, path.stat().st_size, works, outline.simulated, is_new=False)
    from enrich.report.page import render  # takes half a second the first time

    page = render(_facts(configuration, rulings, since), mark).encode("utf-8", "replace")
    try:
        durable.write(path, page)
    except OSError as error:
        why = error.strerror or str(error)
        raise StoreError(f"{path}: could not be written ({why}); nothing was changed") from None
    return Written(path, len(page), works, outline.simulated)


def _facts(configuration: Configuration, rulings: Sequence[Ruling], since: date | None) -> Facts:
    current = read_listing(Layout(configuration.store_dir))
    day = since or current.created_at.date() - USUAL
    shown = [paper.paper_id for paper in listed(current.papers.values())[:LARGEST]]
    start = datetime.combine(day, time(), UTC)
    return Facts(
        current.snapshot_id,
        current.created_at,
        current.simulated,
        current.library,
        current.papers,
        history(current.path, current.created_at, start, shown),
        start,
        frozenset(decisions.rulings_of(current.library.places.values(), rulings)),
    )


def _rulings(configuration: Configuration) -> Sequence[Ruling]:
    """What people decided; what is wrong with the file is for the next run to say."""
    path = configuration.overrides
    try:
        return decisions.read(overrides.read(path).text, str(path))
    except ConfigError:
        return ()


def _mark(path: Path) -> tuple[bool, str | None]:
    """Whether a file with something in it is there, and the mark of the report that it is."""
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            head = file.read(HEAD)
    except FileNotFoundError:
        return False, None
    except OSError as error:
        raise StoreError(f"{path}: cannot be read ({error.strerror})") from None
    return bool(head.strip()), mark_of(head)
