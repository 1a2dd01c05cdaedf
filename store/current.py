"""The current snapshot, for who only reads it."""

from __future__ import annotations

from collections.abc import Mapping
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
    path = layout.current
    if not path.exists():
        raise StoreError(f"{path}: no snapshot is published yet; run papertide refresh first")
    try:
        with open_file(path, read_only=True) as connection:
            check_schema(path, connection)
            return Current(
                path, *_meta(connection), reading.library(connection), _papers(connection)
            )
    except duckdb.Error as error:
        raise StoreError(f"{path}: {reason(error)}") from None


def _meta(connection: Connection) -> tuple[str, datetime, bool]:
    query = "select snapshot_id, created_at, simulated from meta"
    snapshot_id, created_at, simulated = connection.execute(query).fetchall()[0]
    return snapshot_id, created_at, simulated


def _papers(connection: Connection) -> Mapping[str, Paper]:
    ids = connection.execute("select paper_id from papers").fetchall()
    return reading.papers(connection, [paper_id for (paper_id,) in ids])


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
