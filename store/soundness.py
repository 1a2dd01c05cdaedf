"""Is a snapshot sound: readable to its last block, of its schema, without contradiction?"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

import duckdb

from enrich.errors import StoreError
from store.agreement import disagreements
from store.database import (
    BESIDE_A_LIBRARY,
    MIGRATIONS,
    SCHEMA_VERSION,
    Connection,
    migrate,
    open_file,
    reason,
)

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
"""The key of each relation without which a night cannot go on from a snapshot."""

HISTORY = {
    "citations": (
        *("paper_id", "source", "observed_at"),
        *("citation_count", "influential_citation_count"),
    ),
    "abstracts": ("paper_id", "source", "sha256"),
    "review": ("entry_id",),
}
"""The keys of the others."""

REFERENCES = (
    *((table, "paper_id", "papers", "paper_id") for table in ("entries", "identifiers", "records")),
    *((table, "paper_id", "papers", "paper_id") for table in ("citations", "abstracts", "fetches")),
    *((table, "paper_id", "papers", "paper_id") for table in ("changes", "paper_aliases")),
    ("review", "entry_id", "entries", "entry_id"),
    ("source_runs", "run_id", "runs", "run_id"),
    ("changes", "run_id", "runs", "run_id"),
)
"""Which column must name a row of which relation; null names none."""


class NewerSchema(StoreError):
    """A snapshot written by a newer Papertide than this one."""


def verify(path: Path) -> Mapping[str, int]:
    """Read every column of a snapshot, and check its schema and keys; returns how many rows were
    read of each relation.

    DuckDB notices damage only in the blocks it reads (engine-facts.md, section 4), so all are. The
    schema is that of the migrations which the snapshot has had: an older one is no damaged one.

    Raises:
        StoreError: what is wrong with it, in one line.
    """
    try:
        with open_file(path, read_only=True) as connection:
            connection.execute(f"set memory_limit = '{BESIDE_A_LIBRARY}'")
            read: dict[str, int] = {}
            for table in check_schema(path, connection):
                # A count by itself would be answered without reading the rows.
                [(read[table], _)] = connection.execute(
                    f"select count(*), max(hash(each)) from {table} as each"
                ).fetchall()
            for complaint in _doubles(connection, UNIQUE):
                raise StoreError(f"{path}: damaged: {complaint}")
            return read
    except duckdb.Error as error:
        raise StoreError(f"{path}: {reason(error)}") from None


def contradictions(path: Path) -> Iterator[str]:
    """What a snapshot that can be read says against itself: none of it keeps a night from going
    on, all of it is a fault."""
    with open_file(path, read_only=True) as connection:
        yield from _doubles(connection, HISTORY)
        for table, column, target, key in REFERENCES:
            found = connection.execute(
                f"select {column} from {table} anti join {target} "
                f"on {table}.{column} = {target}.{key} where {column} is not null limit 1"
            ).fetchall()
            if found:
                yield f"{table}.{column} is {found[0][0]}, which {target} does not have"
        for each in disagreements(connection):
            yield f"{each.works:,} works {each.what}, {each.one} for one"


@cache
def expected_columns(
    steps: frozenset[str] | None = None,
) -> dict[str, list[tuple[str, str]]]:
    """Name and type of every column of every relation after these migrations; default: all."""
    with duckdb.connect() as connection:
        migrate(connection, only=steps)
        return _columns(connection)


def _columns(connection: Connection) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for table, column, kind in connection.execute(
        "select table_name, column_name, data_type from duckdb_columns() "
        "where not internal and schema_name = 'main' order by table_name, column_index"
    ).fetchall():
        found.setdefault(table, []).append((column, kind))
    return found


def check_schema(path: Path, connection: Connection) -> Collection[str]:
    """Refuse a file that has not the relations which its own migrations make; returns their names.

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
    rows = connection.execute("select name from migrations").fetchall()
    steps = frozenset(name for (name,) in rows)
    if unknown := steps - {step.name for step in MIGRATIONS.glob("*.sql")}:
        raise NewerSchema(
            f"{path}: written by a newer Papertide (this one does not know {min(unknown)}); "
            "upgrade Papertide, nothing was changed"
        )
    found = _columns(connection)
    expected = expected_columns(steps)
    for table, columns in expected.items():
        if missing := set(columns) - set(found.get(table, [])):
            column = sorted(missing)[0][0]
            raise StoreError(f"{path}: damaged: {table}.{column} is missing or of another type")
    return expected


def _doubles(connection: Connection, unique: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for table, keys in unique.items():
        double = connection.execute(
            f"select {', '.join(keys)} from {table} group by all having count(*) > 1 limit 1"
        ).fetchall()
        if double:
            yield f"{table} has two rows for {'/'.join(map(str, double[0]))}"
