"""The current snapshot, for who only reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import duckdb

from enrich.counts import Observed
from enrich.errors import StoreError
from enrich.library import Library
from enrich.papers import Paper
from store import reading
from store.database import Connection, open_file, reason
from store.layout import Layout
from store.soundness import check_schema


@dataclass(frozen=True, slots=True)
class Current:
    """The current snapshot, read. `papers`: every work's description, by `paper_id`."""

    path: Path
    snapshot_id: str
    created_at: datetime
    simulated: bool
    library: Library = field(default_factory=Library)
    papers: Mapping[str, Paper] = field(default_factory=dict)


def read_current(layout: Layout) -> Current:
    """Everything that is known of the works and entries now; no history.

    Raises:
        StoreError: there is none yet, it cannot be read, or a newer Papertide wrote it.
    """
    return _read(layout, reading.library)


def read_listing(layout: Layout) -> Current:
    """As `read_current`, with no more of the library than lists and entries."""
    return _read(layout, reading.listing)


def _read(layout: Layout, library: Callable[[Connection], Library]) -> Current:
    with opened(layout) as connection:
        meta = _meta(connection)
        return Current(layout.current, *meta, library(connection), reading.all_papers(connection))


@contextmanager
def opened(layout: Layout) -> Iterator[Connection]:
    """The current snapshot for reading; errors as `read_current`."""
    path = layout.current
    if not path.exists():
        raise StoreError(f"{path}: no snapshot is published yet; run papertide refresh first")
    try:
        with open_file(path, read_only=True) as connection:
            check_schema(path, connection)
            yield connection
    except duckdb.Error as error:
        raise StoreError(f"{path}: {reason(error)}") from None


def _meta(connection: Connection) -> tuple[str, datetime, bool]:
    query = "select snapshot_id, created_at, simulated from meta"
    snapshot_id, created_at, simulated = connection.execute(query).fetchall()[0]
    return snapshot_id, created_at, simulated


def records(current: Current) -> Mapping[str, Mapping[str, Observed]]:
    """What every source told last of each work, by work and source.

    Raises:
        StoreError: the snapshot cannot be read any more.
    """
    try:
        with open_file(current.path, read_only=True) as connection:
            return reading.records(connection, current.papers)
    except duckdb.Error as error:
        raise StoreError(f"{current.path}: {reason(error)}") from None
