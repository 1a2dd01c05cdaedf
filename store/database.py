"""DuckDB as Papertide uses it: opening, numbered migrations, what its errors mean."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from pathlib import Path

import duckdb

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
