"""The published history: which snapshot is current, is it good, and how the next one gets there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import duckdb

from enrich.errors import StoreError
from enrich.library import Library
from store import durable, reading
from store.database import SCHEMA_VERSION, Connection, migrate, open_file, reason
from store.layout import Layout

FORMAT = "%Y%m%dT%H%M%SZ"
NAME = re.compile(r"\d{8}T\d{6}Z\.duckdb")
UNIQUE = {
    "entries": ("entry_id",),
    "papers": ("paper_id",),
    "identifiers": ("scheme", "value"),
    "fetches": ("paper_id", "source"),
    "records": ("paper_id", "source"),
    "runs": ("run_id",),
    "source_runs": ("run_id", "source"),
    "paper_aliases": ("old_paper_id",),
    "lists": ("list_id",),
}
"""The key of each relation that has one."""

GUARDED = {
    "papers": "select count(*) from papers",
    "identifiers": "select count(*) from identifiers",
    "citation counts": "select count(citation_count) from papers",
}
"""What a new snapshot must not lose a large share of."""


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


class NewerSchema(StoreError):
    """A snapshot written by a newer Papertide than this one."""


def verify(path: Path) -> None:
    """Read every column of a snapshot, and check its schema and keys.

    DuckDB notices damage only in the blocks it reads (engine-facts.md, section 4), so all are.

    Raises:
        StoreError: what is wrong with it, in one line.
    """
    try:
        with open_file(path, read_only=True) as connection:
            check_schema(path, connection)
            for table in expected_columns():
                connection.execute(f"select max(hash(each)) from {table} as each").fetchall()
            for table, keys in UNIQUE.items():
                _check_unique(path, connection, table, keys)
    except duckdb.Error as error:
        raise StoreError(f"{path}: {reason(error)}") from None


def check_loss(previous: Path | None, draft: Path, max_loss: float) -> None:
    """Refuse a snapshot that lost more than a share of what its predecessor knew.

    Raises:
        StoreError: which quantity fell, from what to what.
    """
    if previous is None:
        return
    with (
        open_file(previous, read_only=True) as before,
        open_file(draft, read_only=True) as after,
    ):
        for name, query in GUARDED.items():
            (old,), (new,) = before.execute(query).fetchall() + after.execute(query).fetchall()
            if new < old * (1 - max_loss):
                raise StoreError(
                    f"the new snapshot has {new:,} {name}, the last one {old:,}: it lost more "
                    f"than [guard] max_loss = {max_loss:g} allows, and was not published"
                )


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


@cache
def expected_columns() -> dict[str, list[tuple[str, str]]]:
    """Name and type of every column of every relation, from the migrations themselves."""
    with duckdb.connect() as connection:
        migrate(connection)
        return _columns(connection)


def _columns(connection: Connection) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for table, column, kind in connection.execute(
        "select table_name, column_name, data_type from duckdb_columns() "
        "where not internal and schema_name = 'main' order by table_name, column_index"
    ).fetchall():
        found.setdefault(table, []).append((column, kind))
    return found


def check_schema(path: Path, connection: Connection) -> None:
    """Refuse a file that has not the relations of a snapshot of this version.

    Raises:
        StoreError: what is missing; `NewerSchema` where a newer Papertide wrote it.
    """
    tables = {row[0] for row in connection.execute("show tables").fetchall()}
    if "meta" not in tables:
        raise StoreError(f"{path}: no Papertide snapshot: it has no relation meta")
    version = connection.execute("select max(schema_version) from meta").fetchall()[0][0]
    if version is None:
        raise StoreError(f"{path}: damaged: meta has no row")
    if version > SCHEMA_VERSION:
        raise NewerSchema(
            f"{path}: written by a newer Papertide (schema {version}, this one knows "
            f"{SCHEMA_VERSION}); upgrade Papertide, nothing was changed"
        )
    found = _columns(connection)
    for table, columns in expected_columns().items():
        if missing := set(columns) - set(found.get(table, [])):
            column = sorted(missing)[0][0]
            raise StoreError(f"{path}: damaged: {table}.{column} is missing or of another type")


def _check_unique(path: Path, connection: Connection, table: str, keys: Sequence[str]) -> None:
    columns = ", ".join(keys)
    double = connection.execute(
        f"select {columns} from {table} group by all having count(*) > 1 limit 1"
    ).fetchall()
    if double:
        value = "/".join(map(str, double[0]))
        raise StoreError(f"{path}: damaged: {table} has two rows for {value}")


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
