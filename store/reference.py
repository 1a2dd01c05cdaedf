"""docs/schema.md, made from the comments in the database: `python -m store.reference`."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from store.database import SCHEMA_VERSION, migrate

PRIVATE = ("migrations",)
TABLES = "select table_name, comment from duckdb_tables() where not internal order by table_oid"
COLUMNS = (
    "select column_name, data_type, comment from duckdb_columns() "
    "where table_name = ? order by column_index"
)


def reference() -> str:
    """The reference of all relations, as Markdown."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# The relations of a snapshot"
    yield ""
    yield f"Schema version {SCHEMA_VERSION}. Made from the comments in the database by"
    yield "`python -m store.reference > docs/schema.md`; a test compares them. What readers may"
    yield "rely on is in [contract.md](contract.md). Times are in UTC, digests are sha256."
    with duckdb.connect() as connection:
        migrate(connection)
        for table, about in connection.execute(TABLES).fetchall():
            if table in PRIVATE:
                continue
            yield from ("", f"## {table}", "", about, "")
            yield from ("| column | type | |", "|---|---|---|")
            for column, kind, meaning in connection.execute(COLUMNS, [table]).fetchall():
                yield f"| {column} | `{kind}` | {meaning} |"
    yield from ("", "## papers_as_of(ts)", "")
    yield "A macro: the rows of `papers` first seen by `ts`, with the counts known then:"
    yield "`from papers_as_of(timestamptz '2026-11-01 00:00:00+00')`. Other columns are today's."


if __name__ == "__main__":
    print(reference(), end="")
