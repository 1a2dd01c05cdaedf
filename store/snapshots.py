"""The published history: which snapshot is current, is it good, and how the next one gets there."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from enrich.errors import StoreError
from enrich.library import Library
from store import durable, reading
from store.database import Connection, open_file
from store.layout import Layout
from store.soundness import NewerSchema, verify

FORMAT = "%Y%m%dT%H%M%SZ"
NAME = re.compile(r"\d{8}T\d{6}Z\.duckdb")


@dataclass(frozen=True, slots=True)
class Base:
    """What a night starts from. `tool_version`: of the Papertide that wrote it; `set_aside`: newer
    files that proved damaged, with the reason."""

    path: Path | None = None
    snapshot_id: str | None = None
    simulated: bool = False
    tool_version: str | None = None
    library: Library = field(default_factory=Library)
    set_aside: tuple[str, ...] = ()


def history(layout: Layout) -> list[Path]:
    """The published snapshots, newest first."""
    files = layout.snapshots.glob("*.duckdb") if layout.snapshots.is_dir() else ()
    return sorted((f for f in files if NAME.fullmatch(f.name)), reverse=True)


def newest_good(layout: Layout) -> Base:
    """The current snapshot, or the newest of the history that can be read whole.

    Raises:
        StoreError: snapshots exist and none can be read, or the newest was written by a newer
            Papertide: to start anew beside it would lose its history.
    """
    candidates = history(layout)
    if layout.current.exists():
        # A run that was killed between the two renames of `publish` left a newer one there.
        finished = candidates[:1] if candidates and _is_newer(candidates[0], layout.current) else []
        candidates = [*finished, layout.current, *candidates[len(finished) :]]
    complaints: list[str] = []
    for path in candidates:
        try:
            verify(path)
            with open_file(path, read_only=True) as connection:
                meta, library = _meta(connection), reading.library(connection)
            instead = [f"{complaint}; {path} was used instead" for complaint in complaints]
            return Base(path, *meta, library, tuple(instead))
        except NewerSchema:
            raise
        except StoreError as error:
            complaints.append(str(error))
    if complaints:
        raise StoreError(
            f"{complaints[0]}; no good snapshot is left in {layout.snapshots}: move these files "
            "away to start anew, nothing was changed"
        )
    return Base()


def is_newest(layout: Layout, base: Base) -> bool:
    """Whether nothing was published since a run read its base."""
    published = history(layout)
    return not published or published[0].stem == base.snapshot_id


def publish(layout: Layout, draft: Path, snapshot_id: str) -> Path:
    """Put a verified draft in its place in the history, and then as the current snapshot."""
    durable.sync_file(draft)
    target = layout.snapshots / f"{snapshot_id}.duckdb"
    target.parent.mkdir(parents=True, exist_ok=True)
    durable.place(draft, target)
    draft.replace(layout.current)
    durable.sync_folder(layout.root)
    return target


def free_id(layout: Layout, started: datetime) -> str:
    """The id of a snapshot begun at this time: later than the newest there is, if need be."""
    moment = started
    if published := history(layout):
        newest = datetime.strptime(published[0].stem, FORMAT).replace(tzinfo=UTC)
        moment = max(started, newest + timedelta(seconds=1))
    return moment.strftime(FORMAT)


def _meta(connection: Connection) -> tuple[str, bool, str]:
    query = "select snapshot_id, simulated, tool_version from meta"
    snapshot_id, simulated, tool_version = connection.execute(query).fetchall()[0]
    return snapshot_id, simulated, tool_version


def _is_newer(published: Path, current: Path) -> bool:
    """Whether a file of the history is newer than the current snapshot, if that can be read."""
    try:
        with open_file(current, read_only=True) as connection:
            return published.stem > _meta(connection)[0]
    except (StoreError, duckdb.Error, IndexError):
        return False
