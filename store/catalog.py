"""The local catalogue: the ACL Anthology's papers, by identifier and by title."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from enrich.errors import StoreError
from enrich.library import Indexed
from enrich.model import ACL, Identifier
from store.database import Connection, Rows, is_damage, open_file, set_aside, unwritable

TABLES = """
    create table if not exists acl_papers (
        id varchar, key varchar, title varchar, authors varchar[], year integer, venue varchar,
        doi varchar, abstract varchar
    );
    create table if not exists bulk (
        source varchar, etag varchar, last_modified varchar, checked_at timestamptz,
        simulated boolean, papers integer
    );
"""
FIELDS = "id, title, authors, year, venue, doi, abstract"


@dataclass(frozen=True, slots=True)
class Bulk:
    """A bulk file as it was last read. `checked_at`: when the server last confirmed it."""

    source: str
    etag: str | None
    last_modified: str | None
    checked_at: datetime
    simulated: bool
    papers: int

    @property
    def validators(self) -> tuple[str | None, str | None]:
        """By which the server knows this version of the file."""
        return (self.etag, self.last_modified)


class Catalog:
    """The catalogue at `path`; created when something is put into it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def bulk(self, source: str) -> Bulk | None:
        """What is known of a source's bulk file; None before the first one was read, or where
        the catalogue cannot be read: it is then fetched anew."""
        if not self._path.exists():
            return None
        try:
            with open_file(self._path, read_only=True) as connection:
                found = connection.execute(
                    "select * from bulk where source = ?", [source]
                ).fetchall()
        except (StoreError, duckdb.Error):
            return None
        return Bulk(*found[0]) if found else None

    def load(self, bulk: Bulk, papers: Iterable[Mapping[str, Any]], at_least: int = 0) -> Bulk:
        """Put a new bulk file's papers in the place of the old one's, or keep the old ones whole:
        when it cannot be read or written, or has fewer papers than `at_least`.

        `papers`: id, key (`enrich.titles.key`), title, authors, year, venue, doi, abstract.
        """
        try:
            with self._open() as connection:
                connection.begin()
                connection.execute("delete from acl_papers")
                count = Rows(connection, self._path.parent).append("acl_papers", papers)
                if count < at_least:
                    raise StoreError(
                        f"{bulk.source}: its new bulk file has {count:,} papers, at least "
                        f"{at_least:,} were expected; the last one is kept"
                    )
                written = replace(bulk, papers=count)
                _sign(connection, written)
                connection.commit()
                connection.execute("checkpoint")
        except duckdb.Error as error:
            if is_damage(error):  # its source has it all: begun anew next time
                set_aside(self._path)
            raise unwritable(self._path, str(error)) from None
        return written

    def confirm(self, bulk: Bulk) -> None:
        """Remember that the server confirmed the file."""
        try:
            with self._open() as connection:
                _sign(connection, bulk)
        except duckdb.Error as error:
            raise unwritable(self._path, str(error)) from None

    def found(self, ids: Collection[str]) -> dict[str, str]:
        """The papers that have these ACL identifiers, each as a JSON object."""
        return {
            row[0]: json.dumps(dict(zip(FIELDS.split(", "), row, strict=True)))
            for row in self._query(
                f"select {FIELDS} from acl_papers where id in (select unnest(?))",
                list(ids),
            )
        }

    def titled(self, keys: Collection[str]) -> dict[str, list[Indexed]]:
        """The papers whose titles have these keys, by key."""
        found: defaultdict[str, list[Indexed]] = defaultdict(list)
        for key, value, title, authors, year in self._query(
            "select key, id, title, authors, year from acl_papers "
            "where key in (select unnest(?)) order by id",
            list(keys),
        ):
            found[key].append(Indexed(Identifier(ACL, value), title, tuple(authors or ()), year))
        return dict(found)

    def _query(self, query: str, values: list[str]) -> list[tuple[Any, ...]]:
        if not self._path.exists():
            return []
        try:
            with open_file(self._path, read_only=True) as connection:
                return connection.execute(query, [values]).fetchall()
        except (StoreError, duckdb.Error):  # damaged: as if it were not there
            set_aside(self._path)
            return []

    def _open(self) -> Connection:
        """Open for writing; a damaged catalogue is set aside, its source has it all."""
        try:
            connection = open_file(self._path, read_only=False)
        except StoreError:
            set_aside(self._path)
            connection = open_file(self._path, read_only=False)
        connection.execute(TABLES)
        return connection


def _sign(connection: Connection, bulk: Bulk) -> None:
    connection.execute("delete from bulk where source = ?", [bulk.source])
    connection.execute(
        "insert into bulk values (?, ?, ?, ?, ?, ?)",
        [
            bulk.source,
            bulk.etag,
            bulk.last_modified,
            bulk.checked_at,
            bulk.simulated,
            bulk.papers,
        ],
    )
