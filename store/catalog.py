"""The local catalogue: the ACL Anthology and harvested sets of arXiv, by identifier and title."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb

from enrich.errors import StoreError
from enrich.harvest import Harvest, Page
from enrich.matching.values import Known
from enrich.model import ACL, ARXIV, DOI, Identifier
from store import harvests
from store.catalog_tables import NEXT_NUMBER, VERSION, complete, prepare, touch
from store.database import (
    Connection,
    HeldError,
    is_damage,
    open_when_free,
    set_aside,
    unwritable,
)
from store.loading import Rows, spooled

FIELDS = "id, title, authors, year, venue, doi, abstract"

SCHEMES = {"acl_anthology": ACL, "arxiv": ARXIV}
"""By source: what its papers are numbered by."""


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


class ChangedError(StoreError):
    """Another process changed the catalogue between two questions that belong together."""


class Catalog:
    """The catalogue at `path`; created when something is put into it.

    Reading waits a while for a process that writes, then raises StoreError. A damaged file is
    moved away, and is then as if it had not been there.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def lock(self) -> Path:
        """To be held (`store.lock.holding`) while a bulk file is renewed or a page taken in."""
        return self._path.with_suffix(".lock")

    def version(self) -> str | None:
        """Another one whenever the papers changed; None where there is no catalogue."""
        rows = _known_by(self._path, _state(self._path), VERSION, ())
        return rows[0][0] if rows else None

    def titles(self) -> list[tuple[int, str]]:
        """The number and title of every paper; a number holds as long as `version` is the same."""
        return self._query("select number, title from papers")

    def known(self, numbers: Sequence[int]) -> list[Known]:
        """The papers that have these numbers, in this order.

        Raises:
            ChangedError: one is of another version of the catalogue.
        """
        rows = self._query(
            "select * from papers where number in (select unnest(?))", [list(numbers)]
        )
        found = {row[0]: _known(row) for row in rows}
        if not found.keys() >= set(numbers):
            raise ChangedError(
                f"{self._path}: was changed while it was read; run the command again"
            )
        return [found[number] for number in numbers]

    def keyed(self, keys: Collection[str]) -> dict[str, list[Known]]:
        """The papers whose titles have these keys (`enrich.titles.key`), by key."""
        found: defaultdict[str, list[Known]] = defaultdict(list)
        for row in self._query(
            "select * from papers where key in (select unnest(?)) order by source, id",
            [list(keys)],
        ):
            found[row[1]].append(_known(row))
        return dict(found)

    def found(self, ids: Collection[str]) -> dict[str, str]:
        """The papers that have these ACL identifiers, each as a JSON object."""
        return {
            row[0]: json.dumps(dict(zip(FIELDS.split(", "), row, strict=True)))
            for row in self._query(
                f"select {FIELDS} from acl_papers where id in (select unnest(?))", [list(ids)]
            )
        }

    def sizes(self) -> dict[str, int]:
        """How many papers there are, by source."""
        return dict(self._query("select source, count(*) from papers group by source"))

    def bulk(self, source: str) -> Bulk | None:
        """What is known of a source's bulk file; None before the first one was read, or where
        the catalogue cannot be read: it is then fetched anew."""
        columns = "source, etag, last_modified, checked_at, simulated, papers"
        query = f"select {columns} from bulk where source = ?"
        found = _known_by(self._path, _state(self._path), query, (source,))
        return Bulk(*found[0]) if found else None

    def harvests(self) -> dict[str, Harvest]:
        """The last harvest of every set, by set."""
        rows = self._query(f"select {harvests.COLUMNS} from harvests order by spec")
        return {row[0]: Harvest(*row) for row in rows}

    def load(self, bulk: Bulk, papers: Iterable[Mapping[str, Any]], at_least: int = 0) -> Bulk:
        """Put a new bulk file's papers in the place of the old one's, or keep the old ones whole:
        when it cannot be read or written, or has fewer papers than `at_least`.

        `papers`: id, key (`enrich.titles.key`), title, authors, year, venue, doi, abstract.
        """
        # Read before, not while it is written: whoever loads holds the catalogue's lock.
        [(first,)] = self._query(NEXT_NUMBER) or [(0,)]
        numbered = ({**paper, "number": number} for number, paper in enumerate(papers, first))
        with spooled(numbered, self._path.parent) as spool:
            if spool.size < at_least:
                raise StoreError(
                    f"the new bulk file has {spool.size:,} papers, at least {at_least:,} were "
                    "expected"
                )
            written = replace(bulk, papers=spool.size)
            with self._writing() as connection:
                connection.execute("delete from acl_papers")
                Rows(connection, self._path.parent).take("acl_papers", spool)
                _sign(connection, written)
                touch(connection, first + spool.size)
        return written

    def confirm(self, bulk: Bulk) -> None:
        """Remember that the server confirmed the file."""
        with self._writing() as connection:
            _sign(connection, bulk)

    def take(self, page: Page, harvest: Harvest) -> None:
        """Take in a page of a harvest and how it stands after it: both or, when killed, neither."""
        with self._writing() as connection:
            harvests.put(connection, self._path.parent, page, harvest)

    def _query(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        if not self._path.exists():
            return []
        try:
            with open_when_free(self._path, read_only=True) as connection:
                complete(connection)
                return connection.execute(query, list(values)).fetchall()
        except HeldError:
            raise
        except (StoreError, duckdb.Error) as error:  # damaged: as if it were not there
            if isinstance(error, duckdb.Error) and not is_damage(error):
                raise StoreError(f"{self._path}: could not be read ({error})") from None
            set_aside(self._path)
            return []

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """A transaction; what is damaged is set aside, to be begun anew from its sources."""
        try:
            with self._open() as connection:
                connection.begin()
                prepare(connection)
                yield connection
                connection.commit()
        except duckdb.Error as error:
            if is_damage(error):
                set_aside(self._path)
            raise unwritable(self._path, str(error)) from None

    def _open(self) -> Connection:
        try:
            return open_when_free(self._path, read_only=False)
        except HeldError:
            raise
        except StoreError:
            set_aside(self._path)
            return open_when_free(self._path, read_only=False)


def _state(path: Path) -> tuple[object, ...]:
    """What changes whenever the file does, so that a night need not open it for every question."""
    return tuple(
        (seen.st_ino, seen.st_size, seen.st_mtime_ns)
        for file in (path, path.with_name(f"{path.name}.wal"))
        for seen in ([file.stat()] if file.exists() else ())
    )


@lru_cache(maxsize=16)
def _known_by(
    path: Path, state: tuple[object, ...], query: str, values: tuple[Any, ...]
) -> Sequence[tuple[Any, ...]]:
    """The rows of a query to the file as it is now."""
    return Catalog(path)._query(query, values)


def _known(row: Sequence[Any]) -> Known:
    _, _, source, value, doi, title, authors, year, venue = row
    identifiers = [Identifier(SCHEMES[source], value)]
    if doi:
        identifiers.append(Identifier(DOI, doi))
    return Known(source, tuple(identifiers), title, tuple(authors or ()), year, venue)


def _sign(connection: Connection, bulk: Bulk) -> None:
    connection.execute("delete from bulk where source = ?", [bulk.source])
    connection.execute("insert into bulk values (?, ?, ?, ?, ?, ?)", astuple(bulk))
