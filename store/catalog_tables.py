"""The catalogue's tables, also in a file that an earlier version of Papertide wrote."""

from __future__ import annotations

from store.database import Connection

TABLES = {
    "acl_papers": "id varchar, key varchar, title varchar, authors varchar[], year integer, "
    "venue varchar, doi varchar, abstract varchar, number integer",
    "arxiv_papers": "id varchar, key varchar, title varchar, authors varchar[], year integer, "
    "published date, doi varchar, journal_ref varchar, number integer",
    "bulk": "source varchar, etag varchar, last_modified varchar, checked_at timestamptz, "
    "simulated boolean, papers integer",
    "harvests": "spec varchar, since date, token varchar, reached date, in_order boolean, "
    "started_at timestamptz, finished_at timestamptz, responded date, records integer, "
    "simulated boolean",
    "contents": "version varchar, next_number integer",
}
"""`number` names a paper within one version of the contents. None is given twice, so that a number
of an older version finds nothing rather than another paper."""

NEXT_NUMBER = "select coalesce(max(next_number), 10_000_000) from contents"
"""The first number that is free; an earlier version's papers, which had none, count from 0."""

PAPERS = """
    select {number} as number, key, 'acl_anthology' as source, id, doi, title, authors, year, venue
    from acl_papers
    union all
    select number, key, 'arxiv', id, doi, title, authors, year, journal_ref from arxiv_papers
"""

VERSION = """
    select coalesce(
        (select any_value(version) from contents),
        (select md5(string_agg(concat_ws(' ', etag, last_modified, papers))) from bulk)
    )
"""
"""Of the contents; the file of an earlier version is told apart by the bulk file that it has."""


def prepare(connection: Connection) -> None:
    """Have all tables there, to write into them."""
    for table, columns in TABLES.items():
        connection.execute(f"create table if not exists {table} ({columns})")
    if not _is_numbered(connection):
        connection.execute("alter table acl_papers add column number integer")
        connection.execute("update acl_papers set number = rowid")


def complete(connection: Connection) -> None:
    """Have all tables there, and `papers` of all sources, to read from a file that stays as it is.

    An earlier version numbered no papers; as nothing is written, their row ids do as well.
    """
    rows = connection.execute("select table_name from duckdb_tables()").fetchall()
    there = {name for (name,) in rows}
    for table, columns in TABLES.items():
        if table not in there:
            connection.execute(f"create temp table {table} ({columns})")
    number = "number" if _is_numbered(connection) else "rowid::integer"
    connection.execute(f"create temp view papers as {PAPERS.format(number=number)}")


def next_number(connection: Connection) -> int:
    """The first number that no paper ever had."""
    row = connection.execute(NEXT_NUMBER).fetchone()
    return int(row[0]) if row else 0


def touch(connection: Connection, next_number: int) -> None:
    """Give the contents another version, in which numbers from this one on are free."""
    connection.execute("delete from contents")
    connection.execute("insert into contents values (uuid()::varchar, ?)", [next_number])


def _is_numbered(connection: Connection) -> bool:
    columns = connection.execute("describe acl_papers").fetchall()
    return any(column[0] == "number" for column in columns)
