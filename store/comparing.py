"""What two snapshots do not have alike, found without reading what they have."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from enrich.difference import Found, KnownWork, ListedEntry, Named, Side
from enrich.errors import StoreError
from store.database import CONFIG, Connection, open_file, reason
from store.soundness import check_schema

ENTRIES = """
    select entry_id, list_id, line, coalesce(title, label), paper_id
    from {here}.entries as here where removed_at is null and not exists (
        from {there}.entries as there
        where there.entry_id = here.entry_id and there.removed_at is null
    ) order by list_id, line, entry_id
"""
IDENTIFIERS = """
    select paper_id, papers.title, scheme, value, source
    from {here}.identifiers anti join {there}.identifiers using (scheme, value)
    left join {here}.papers as papers using (paper_id) order by paper_id, scheme, value
"""
WORKS = """
    select was.paper_id, was.title, was.venue, was.status, was.citation_count,
        now.paper_id, now.title, now.venue, now.status, now.citation_count
    from one.papers as was full join other.papers as now using (paper_id)
    where was.paper_id is null or now.paper_id is null
        or (was.venue, was.status, was.citation_count)
        is distinct from (now.venue, now.status, now.citation_count)
    order by coalesce(now.title, was.title), paper_id
"""
ALIASES = """
    select old_paper_id, now.paper_id
    from other.paper_aliases as now anti join one.paper_aliases using (old_paper_id)
"""


def compare(one: Path, other: Path) -> tuple[Side, Side, Found]:
    """Both snapshots, and what they do not have alike.

    Raises:
        StoreError: one of them is not there, cannot be read, or is of a newer Papertide.
    """
    sides = _side(one), _side(other)
    if one.samefile(other):
        return *sides, Found(((), ()), ((), ()), (), {})
    try:
        with duckdb.connect(config=dict(CONFIG)) as connection:
            connection.execute("set timezone = 'UTC'")
            for name, path in (("one", one), ("other", other)):
                file = str(path).replace("'", "''")  # ATTACH takes no parameter
                connection.execute(f"attach '{file}' as {name} (read_only)")
            return *sides, _found(connection)
    except duckdb.Error as error:
        raise StoreError(f"{one}, {other}: {reason(error)}") from None


def _found(connection: Connection) -> Found:
    def rows(query: str, here: str = "", there: str = "") -> list[tuple[Any, ...]]:
        return connection.execute(query.format(here=here, there=there)).fetchall()

    ways = (("one", "other"), ("other", "one"))
    gone, new = ([ListedEntry(*row) for row in rows(ENTRIES, *way)] for way in ways)
    lost, found = ([Named(*row) for row in rows(IDENTIFIERS, *way)] for way in ways)
    works = [(_work(row[:5]), _work(row[5:])) for row in rows(WORKS)]
    return Found((gone, new), (lost, found), works, dict(rows(ALIASES)))


def _work(values: tuple[Any, ...]) -> KnownWork | None:
    return None if values[0] is None else KnownWork(*values)


def _side(path: Path) -> Side:
    if not path.is_file():
        raise StoreError(f"{path}: there is no such snapshot")
    try:
        with open_file(path, read_only=True) as connection:
            check_schema(path, connection)
            [row] = connection.execute(
                "select snapshot_id, created_at, simulated from meta"
            ).fetchall()
    except duckdb.Error as error:
        raise StoreError(f"{path}: {reason(error)}") from None
    return Side(*row)
