"""Moving many rows into a table at once."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from store.database import Connection

LARGEST_ROW = 4_000_000
"""Bytes of one row as JSON. DuckDB reserves a multiple of it; entries and abstracts are bounded
far below by those who read them."""


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
        with spooled(rows, self._folder) as spool:
            self.take_over(table, keys, spool, in_place)

    def take_over(
        self, table: str, keys: Sequence[str], spool: Spool, in_place: Sequence[str] = ()
    ) -> None:
        """As `replace`, for rows that were written down before."""
        fresh = f"fresh_{table}"
        self.lay_out(fresh, table)
        if self.take(fresh, spool):
            self.put(fresh, table, keys, in_place)
        self._connection.execute(f"drop table {fresh}")

    def lay_out(self, name: str, table: str) -> None:
        """Create an empty temporary table with another table's columns.

        Never by `create table … as` with no rows, which inserts none; see `move`.
        """
        columns = ", ".join(f'"{column}" {kind}' for column, kind in self._columns(table))
        self._connection.execute(f"create temp table {name} ({columns})")

    def put(self, fresh: str, table: str, keys: Sequence[str], in_place: Sequence[str]) -> None:
        """Move the rows of a temporary table over those that have the same keys.

        Where nothing but the columns `in_place` differs, only these are set. A row that is deleted
        and appended leaves a hole where it was, and the file grows by it until it is rewritten:
        many changed counts or times of wide rows must not do that every night.
        """
        run = self._connection.execute
        same = " and ".join(f"{table}.{k} = {fresh}.{k}" for k in keys)
        if in_place:
            rest = [c for c, _ in self._columns(table) if c not in (*keys, *in_place)]
            alike = " and ".join(
                [same, *(f"{table}.{c} is not distinct from {fresh}.{c}" for c in rest)]
            )
            assigned = ", ".join(f"{c} = {fresh}.{c}" for c in in_place)
            run(f"update {table} set {assigned} from {fresh} where {alike}")
            run(f"delete from {fresh} using {table} where {alike}")
        run(f"delete from {table} using {fresh} where {same}")
        self.move(f"from {fresh}", table)

    def move(self, query: str, to: str, parameters: Sequence[object] = ()) -> None:
        """Append what a query finds, if it finds anything.

        DuckDB 2.0.0: once a statement has inserted no row into a table, nothing that the same
        transaction then inserts in bulk, 122,880 rows or more, is read from it until a checkpoint.
        `count(*)` tells of the rows all the same.
        """
        if self._connection.execute(f"{query} limit 1", parameters).fetchall():
            self._connection.execute(f"insert into {to} by name {query}", parameters)

    def _types(self, table: str) -> str:
        """The table's columns as the struct literal that `read_json` wants."""
        columns = (f"\"{column}\": '{kind}'" for column, kind in self._columns(table))
        return "{" + ", ".join(columns) + "}"

    def _columns(self, table: str) -> list[tuple[str, str]]:
        """Name and type of each of a table's columns."""
        described = self._connection.execute(f"describe {table}").fetchall()
        return [(row[0], row[1]) for row in described]
