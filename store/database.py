"""DuckDB as Papertide uses it: opening, numbered migrations, moving rows in."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import msgspec

from enrich.errors import StoreError

MIGRATIONS = Path(__file__).parent / "sql"

STORAGE_VERSION = "v1.4.0"
"""The oldest DuckDB that can read what is written (contract section 3; engine-facts.md, 4)."""

MIGRATED = """
    create table if not exists migrations (name varchar, applied_at timestamptz);
    comment on table migrations is 'The steps that brought the relations to their present form.';
    comment on column migrations.name is 'File of the step, in store/sql.';
    comment on column migrations.applied_at is 'When it was taken.';
"""

SCHEMA_VERSION = 1
"""`meta.schema_version`: changes when a reader of the old relations would fail on the new."""

MEMORY = "256MB"
"""What DuckDB may hold: rows come and go in batches, and a refresh stays under 400 MB."""

BESIDE_A_LIBRARY = "160MB"
"""The same while a library and a night's answers are in memory: 750 MB for 100,000 works."""

LARGEST_ROW = 4_000_000
"""Bytes of one row as JSON. DuckDB reserves a multiple of it; entries and abstracts are bounded
far below by those who read them."""

CONFIG: Mapping[str, str] = {
    "memory_limit": MEMORY,
    "threads": "2",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}

PATIENCE = 10.0
"""Seconds that `open_when_free` waits for another process, which writes for a second or two."""

INNOCENT = (
    duckdb.OutOfMemoryException,
    duckdb.ParserException,
    duckdb.BinderException,
    duckdb.CatalogException,
)

Connection = duckdb.DuckDBPyConnection


class HeldError(StoreError):
    """Another process, or another part of this one, has the file open in another way."""


def open_file(path: Path, *, read_only: bool) -> Connection:
    """Open a database, creating it in the storage version that older readers know.

    Raises:
        HeldError: another process holds it.
        StoreError: it is no database, is damaged, or is newer.
    """
    try:
        if not read_only and not path.exists():
            _create(path)
        connection = duckdb.connect(str(path), read_only=read_only, config=dict(CONFIG))
        connection.execute("set timezone = 'UTC'")
        connection.execute("set temp_directory = ?", [str(path.parent / ".spill")])
    except duckdb.Error as error:
        kind = HeldError if _is_held(error) else StoreError
        raise kind(f"{path}: {reason(error)}") from None
    return connection


def open_when_free(path: Path, *, read_only: bool) -> Connection:
    """As `open_file`, but waits a while for another process to close the file."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return open_file(path, read_only=read_only)
        except HeldError:
            if time.monotonic() >= until:
                raise
        time.sleep(0.05)


def migrate(connection: Connection, only: Collection[str] | None = None) -> None:
    """Apply the numbered SQL files that this database has not seen, each in one transaction.

    `only`: names of the files that may be applied; default: all.
    """
    connection.execute(MIGRATED)
    rows = connection.execute("select name from migrations").fetchall()
    done = {name for (name,) in rows}
    for step in sorted(MIGRATIONS.glob("[0-9]*.sql")):
        if step.name not in done and (only is None or step.name in only):
            connection.begin()
            connection.execute(step.read_text(encoding="utf-8"))
            connection.execute("insert into migrations values (?, now())", [step.name])
            connection.commit()


class Spool(NamedTuple):
    """Rows as a file of JSON lines."""

    file: Path
    size: int


@contextmanager
def spooled(rows: Iterable[Mapping[str, Any]], folder: Path) -> Iterator[Spool]:
    """Write rows down while no database is open: making them may take long, and a database that
    is open for writing shuts its readers out. The file is removed at the end."""
    folder.mkdir(parents=True, exist_ok=True)
    encoder = msgspec.json.Encoder()
    descriptor, name = tempfile.mkstemp(f".{os.getpid()}.draft", ".rows-", folder)
    count = 0
    try:
        with os.fdopen(descriptor, "wb") as file:
            for row in rows:
                file.write(encoder.encode(row))
                file.write(b"\n")
                count += 1
        yield Spool(Path(name), count)
    finally:
        Path(name).unlink(missing_ok=True)


class Rows:
    """Moves rows into tables by way of JSON lines, DuckDB's fastest entrance that needs no other
    library: 100,000 rows with abstracts take two seconds, `executemany` twenty."""

    def __init__(self, connection: Connection, folder: Path) -> None:
        self._connection = connection
        self._folder = folder

    def append(self, table: str, rows: Iterable[Mapping[str, Any]]) -> int:
        """Append rows, each a mapping of column to value; returns how many."""
        with spooled(rows, self._folder) as spool:
            return self.take(table, spool)

    def take(self, table: str, spool: Spool) -> int:
        """Append rows that were written down before; returns how many."""
        if spool.size:
            self._connection.execute(
                f"insert into {table} by name select * from read_json(?, "
                f"format = 'newline_delimited', maximum_object_size = {LARGEST_ROW}, columns = "
                f"{self._types(table)})",
                [str(spool.file)],
            )
        return spool.size

    def replace(
        self,
        table: str,
        keys: Sequence[str],
        rows: Iterable[Mapping[str, Any]],
        in_place: Sequence[str] = (),
    ) -> None:
        """Put rows in the place of those that have the same keys, and append the others; see
        `put` for `in_place`."""
        fresh = f"fresh_{table}"
        self._connection.execute(f"create temp table {fresh} as from {table} limit 0")
        if self.append(fresh, rows):
            self.put(fresh, table, keys, in_place)
        self._connection.execute(f"drop table {fresh}")

    def put(self, fresh: str, table: str, keys: Sequence[str], in_place: Sequence[str]) -> None:
        """Move the rows of a temporary table over those that have the same keys.

        Where nothing but the columns `in_place` differs, only these are set. A row that is deleted
        and appended leaves a hole where it was, and the file grows by it until it is rewritten:
        many changed counts or times of wide rows must not do that every night.
        """
        run = self._connection.execute
        same = " and ".join(f"{table}.{k} = {fresh}.{k}" for k in keys)
        if in_place:
            columns = [row[0] for row in run(f"describe {table}").fetchall()]
            rest = [c for c in columns if c not in (*keys, *in_place)]
            alike = " and ".join(
                [same, *(f"{table}.{c} is not distinct from {fresh}.{c}" for c in rest)]
            )
            assigned = ", ".join(f"{c} = {fresh}.{c}" for c in in_place)
            run(f"update {table} set {assigned} from {fresh} where {alike}")
            run(f"delete from {fresh} using {table} where {alike}")
        run(f"delete from {table} using {fresh} where {same}")
        run(f"insert into {table} by name from {fresh}")

    def _types(self, table: str) -> str:
        """The table's columns as the struct literal that `read_json` wants."""
        described = self._connection.execute(f"describe {table}").fetchall()
        return "{" + ", ".join(f"\"{d[0]}\": '{d[1]}'" for d in described) + "}"


def unwritable(path: Path, why: str) -> StoreError:
    """What to say when a write failed: the disk is full, most often."""
    reason = why.strip().splitlines()[0] if why.strip() else "unknown reason"
    return StoreError(
        f"{path}: could not be written ({reason}); the last snapshot stays, and what was fetched "
        "is kept for the next run"
    )


def set_aside(path: Path) -> None:
    """Move a damaged database out of the way, with what DuckDB keeps beside it."""
    for file in (path, path.with_name(f"{path.name}.wal")):
        if file.exists():
            file.replace(file.with_name(f"{file.name}.damaged"))


def is_damage(error: duckdb.Error) -> bool:
    """Whether it is the file that is at fault, not a full disk, a lack of memory or a question
    that it does not understand."""
    full = ("No space left", "File too large")
    return not isinstance(error, INNOCENT) and not any(words in str(error) for words in full)


def _create(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(config=dict(CONFIG)) as connection:
        name = str(path).replace("'", "''")  # ATTACH takes no parameter
        connection.execute(f"attach '{name}' as fresh (storage_version '{STORAGE_VERSION}')")
        connection.execute("detach fresh")


def reason(error: duckdb.Error) -> str:
    """Why a database cannot be read, in words for a person."""
    text = str(error)
    if _is_held(error):
        return "another process has it open for writing"
    if "newer version of DuckDB" in text:
        return "was written by a newer DuckDB"
    if "Permission denied" in text:
        return "cannot be read (permission denied)"
    return "damaged, or no DuckDB file"


def _is_held(error: duckdb.Error) -> bool:
    return "Could not set lock" in str(error) or "different configuration" in str(error)
