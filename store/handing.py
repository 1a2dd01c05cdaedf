"""What a snapshot hands over to other tools: its works, its news, its relations as files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from enrich.errors import StoreError
from enrich.export.listed import Listed, Origin
from enrich.library import Library, ListState, Place
from enrich.model import Identifier
from enrich.papers import Change
from store import reading
from store.database import Connection, open_file, reason
from store.reference import PRIVATE

META = "select snapshot_id, created_at, tool_version, simulated from meta"
ORIGINS = """
    select paper_id, field, old from changes where field in ('authors', 'title', 'year')
    qualify row_number() over (partition by paper_id, field order by changes.at) = 1
"""
CHANGES = """
    select paper_id, field, old, new, changes.at from changes
    where field in ('status', 'citation_count') order by changes.at desc limit ?
"""
CATEGORIES = """
    select paper_id, category from records where source = 'arxiv' and category is not null
"""
MOST_CHANGES = 20_000
"""Newest changes that are looked through for news."""

WORKS = "select paper_id from papers where list_has_any(lists, $lists)"
ENTRIES = "select entry_id from entries where list_contains($lists, list_id)"
OF_LISTS = {
    "lists": "list_contains($lists, list_id)",
    "entries": "list_contains($lists, list_id)",
    "review": f"entry_id in ({ENTRIES})",
    **dict.fromkeys(
        ("papers", "identifiers", "citations", "abstracts", "fetches", "changes", "records"),
        f"paper_id in ({WORKS})",
    ),
    "paper_aliases": f"paper_id in ({WORKS})",
}
"""Which rows of a relation belong to some lists; of the others all do."""

AS_TEXT = "[]"
"""How the types of lists, of structs too, end: CSV has no lists, and gets them as JSON."""
FORMULA = "^[=+\\-@\\t\\r]"
"""Beginnings by which a spreadsheet takes a text for a formula (OWASP, CSV injection)."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A snapshot, read for hand-over. `works`: all that it ever described, by `paper_id`."""

    snapshot_id: str
    created_at: datetime
    tool_version: str
    simulated: bool
    lists: Mapping[str, ListState]
    works: Sequence[Listed]
    changes: Sequence[Change]


def read(path: Path) -> Snapshot:
    """The works of a snapshot with the live entries that name them, and its newest changes.

    Raises:
        StoreError: it cannot be read.
    """
    with open_file(path, read_only=True) as connection:
        snapshot_id, created_at, tool_version, simulated = connection.execute(META).fetchall()[0]
        library = reading.library(connection)
        changes = connection.execute(CHANGES, [MOST_CHANGES]).fetchall()
        works = tuple(_works(connection, library))
    return Snapshot(
        snapshot_id,
        created_at,
        tool_version,
        simulated,
        library.lists,
        works,
        tuple(Change(*row) for row in changes),
    )


def _works(connection: Connection, library: Library) -> Iterator[Listed]:
    places: dict[str, list[Place]] = defaultdict(list)
    for place in library.places.values():
        if place.finding and place.removed_at is None:
            places[place.finding.paper_id].append(place)
    identifiers: dict[str, list[Identifier]] = defaultdict(list)
    for identifier, claim in library.claims.items():
        identifiers[claim.paper_id].append(identifier)
    first: dict[str, dict[str, str | None]] = defaultdict(dict)
    for paper_id, field, old in connection.execute(ORIGINS).fetchall():
        first[paper_id][field] = old
    categories = _categories(connection)
    for paper_id, paper in reading.papers(connection, library.works).items():
        now = {
            "authors": "; ".join((paper.authors or ())[:1]),
            "title": paper.title,
            "year": str(paper.year) if paper.year else None,
        }
        known = {**now, **first[paper_id]}
        author = (known["authors"] or "").partition("; ")[0]
        yield Listed(
            paper,
            Origin(author or None, known["title"], known["year"]),
            tuple(places[paper_id]),
            tuple(sorted(identifiers[paper_id])),
            categories.get(paper_id),
        )


def _categories(connection: Connection) -> dict[str, str]:
    """What arXiv files works under; snapshots from before 004_category.sql do not say it."""
    columns = connection.execute("describe records").fetchall()
    if all(column != "category" for column, *_ in columns):
        return {}
    return dict(connection.execute(CATEGORIES).fetchall())


def write_relations(
    path: Path, folder: Path, suffix: str, lists: Collection[str] = ()
) -> tuple[str, ...]:
    """Write each relation of a snapshot into a folder, as `parquet` or `csv`, and say which.

    With `lists` only the rows that belong to them. Columns and types are those of the contract;
    CSV has no lists and no types: lists are JSON there, times UTC, and a text that a spreadsheet
    would take for a formula has a `'` in front.

    Raises:
        StoreError: the snapshot cannot be read.
    """
    render = _plainly if suffix == "csv" else _as_it_is
    form = "header, format csv" if suffix == "csv" else "format parquet, compression zstd"
    named = {"lists": list(lists)} if lists else None
    with open_file(path, read_only=True) as connection:
        tables = relations(connection)
        for table in tables:
            columns = connection.execute(f"describe {table}").fetchall()
            shown = ", ".join(render(column, kind) for column, kind, *_ in columns)
            where = f" where {OF_LISTS[table]}" if named and table in OF_LISTS else ""
            target = str(folder / f"{table}.{suffix}").replace("'", "''")  # COPY: no parameter
            query = f"copy (select {shown} from {table}{where} order by all) to '{target}' ({form})"
            try:
                connection.execute(query, named if where else None)
            except duckdb.IOException as error:
                raise StoreError(f"{folder}: {str(error).splitlines()[0]}") from None
            except duckdb.Error as error:
                raise StoreError(f"{path}: {reason(error)}") from None
    return tables


def relations(connection: Connection) -> tuple[str, ...]:
    """The names of the relations that readers may use."""
    tables = (name for (name,) in connection.execute("show tables").fetchall())
    return tuple(name for name in tables if name not in PRIVATE)


def _as_it_is(column: str, kind: str) -> str:
    return f'"{column}"'


def _plainly(column: str, kind: str) -> str:
    if kind.endswith(AS_TEXT):
        return f'to_json("{column}") as "{column}"'
    if kind == "VARCHAR":
        return (
            f"case when regexp_matches(\"{column}\", '{FORMULA}') "
            f'then \'\'\'\' || "{column}" else "{column}" end as "{column}"'
        )
    return f'"{column}"'
