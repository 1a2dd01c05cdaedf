"""Reading a snapshot back into the project's values."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from enrich.counts import Count, Observed
from enrich.library import Claim, Library, ListState, Place, Work
from enrich.model import Identifier
from enrich.papers import Paper
from enrich.runs import Run
from store import rows
from store.database import Connection, open_file

RECORDS = """
    select records.*, abstracts.text
    from records
    left join abstracts on abstracts.paper_id = records.paper_id
        and abstracts.source = records.source and abstracts.sha256 = records.abstract
    where records.paper_id in (select unnest(?))
"""
PAPERS = "select * from papers where paper_id in (select unnest(?))"
NEWEST = (
    "order by observed_at desc, citation_count desc nulls last, "
    "influential_citation_count desc nulls last, source"
)
"""Of several observations of one work the one that holds; as in `papers_as_of`."""
COUNTS = f"""
    select * from citations where paper_id in (select unnest(?))
    qualify row_number() over (partition by paper_id {NEWEST}) = 1
"""


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TIME = "TIMESTAMP WITH TIME ZONE"
SAID_ONCE = {"raw", "title"}
"""Columns of which hardly two rows are alike."""


@contextmanager
def _keeping_all() -> Iterator[None]:
    """None of the millions of objects that reading makes is garbage: to look for it doubles the
    time."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


@_keeping_all()
def library(connection: Connection) -> Library:
    """Everything a night starts from, descriptions and history left where they are."""
    table = _Tables(connection).rows
    return Library(
        lists=_lists(connection),
        places=_places(table),
        works={
            row["paper_id"]: Work(
                row["paper_id"],
                row["title"],
                tuple(row["authors"] or ()),
                row["first_seen_at"],
            )
            for row in table("papers", "paper_id, title, authors, first_seen_at")
        },
        claims={
            Identifier(row["scheme"], row["value"]): Claim(
                row["paper_id"], row["source"], row["first_seen_at"]
            )
            for row in table("identifiers")
        },
        aliases={
            row["old_paper_id"]: row["paper_id"]
            for row in _rows(connection, "select old_paper_id, paper_id from paper_aliases")
        },
        fetches={(row["paper_id"], row["source"]): rows.fetched(row) for row in table("fetches")},
    )


@_keeping_all()
def listing(connection: Connection) -> Library:
    """Lists and entries alone: how their works were identified and asked for is left out."""
    return Library(_lists(connection), _places(_Tables(connection).rows))


@_keeping_all()
def all_papers(connection: Connection) -> Mapping[str, Paper]:
    """The description of every work."""
    return {row["paper_id"]: rows.paper(row) for row in _Tables(connection).rows("papers")}


def papers(connection: Connection, paper_ids: Iterable[str]) -> Mapping[str, Paper]:
    """The descriptions of these works."""
    return {
        row["paper_id"]: rows.paper(row) for row in _rows(connection, PAPERS, [list(paper_ids)])
    }


def records(
    connection: Connection, paper_ids: Iterable[str]
) -> Mapping[str, Mapping[str, Observed]]:
    """What every source told last of these works, by work and source."""
    found: dict[str, dict[str, Observed]] = {}
    for row in _rows(connection, RECORDS, [list(paper_ids)]):
        found.setdefault(row["paper_id"], {})[row["source"]] = rows.observed(row)
    return found


def told_by(path: Path, source: str) -> frozenset[str]:
    """The works of a snapshot of which a source ever told, whatever it said since."""
    with open_file(path, read_only=True) as connection:
        found = _rows(connection, "select paper_id from records where source = ?", [source])
        return frozenset(row["paper_id"] for row in found)


def counts(connection: Connection, paper_ids: Iterable[str]) -> Mapping[str, Count]:
    """The newest count of each of these works."""
    found = (Count(**row) for row in _rows(connection, COUNTS, [list(paper_ids)]))
    return {count.paper_id: count for count in found}


def published(connection: Connection) -> Mapping[str, date]:
    """When each work was published, of those whose date is known."""
    query = "select paper_id, published from papers where published is not null"
    return {row["paper_id"]: row["published"] for row in _rows(connection, query)}


def runs(connection: Connection) -> tuple[Run, ...]:
    """Every run that the snapshot lists."""
    columns = ", ".join(Run._fields)
    return tuple(Run(**row) for row in _rows(connection, f"select {columns} from runs"))


def _lists(connection: Connection) -> dict[str, ListState]:
    return {row["list_id"]: ListState(**row) for row in _rows(connection, "from lists")}


def _places(table: Callable[..., Iterator[dict[str, Any]]]) -> dict[str, Place]:
    candidates = {row["entry_id"]: row["candidates"] for row in table("review")}
    return {
        row["entry_id"]: rows.place({**row, "candidates": candidates.get(row["entry_id"])})
        for row in table("entries", order="order by list_id, position, entry_id")
    }


class _Tables:
    """Whole relations, in whose rows equal ids and equal times are one object: a library of 100,000
    works has a million of them, few of them different. DuckDB makes a time with its zone slowly,
    so they come as microseconds."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[Any, Any] = {}

    def rows(self, table: str, columns: str = "*", order: str = "") -> Iterator[dict[str, Any]]:
        """Rows of a relation by column name."""
        described = self._connection.execute(f"describe select {columns} from {table}").fetchall()
        kinds = {name: kind for name, kind, *_ in described}
        told = ", ".join(
            f"epoch_us({name}) as {name}" if kind == TIME else f'"{name}"'
            for name, kind in kinds.items()
        )
        result = self._connection.execute(f"select {told} from {table} {order}")
        while chunk := result.fetchmany(2048):
            values = (
                self._shared(name, kinds[name], column)
                for name, column in zip(kinds, zip(*chunk, strict=True), strict=True)
            )
            for row in zip(*values, strict=True):
                yield dict(zip(kinds, row, strict=True))

    def _shared(self, name: str, kind: str, column: Sequence[Any]) -> Iterable[Any]:
        if kind == TIME:
            return map(self._moment, column)
        if kind == "VARCHAR" and name not in SAID_ONCE:
            return map(self._known.setdefault, column, column)
        return column

    def _moment(self, microseconds: int | None) -> datetime | None:
        if microseconds is None:
            return None
        found: datetime | None = self._known.get(microseconds)
        if found is None:
            found = EPOCH + timedelta(microseconds=microseconds)
            self._known[microseconds] = found
        return found


def _rows(
    connection: Connection, query: str, parameters: list[Any] | None = None
) -> Iterator[dict[str, Any]]:
    result = connection.execute(query, parameters)
    names = [column[0] for column in result.description or ()]
    while chunk := result.fetchmany(2048):
        for values in chunk:
            yield dict(zip(names, values, strict=True))
