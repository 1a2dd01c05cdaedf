"""Reads a snapshot with nothing but duckdb, of whatever version runs this: see `make compat`."""

from __future__ import annotations

import sys

import duckdb


def main(path: str) -> None:
    """Read every relation, comment and macro; end with a line that says so."""
    with duckdb.connect(path, read_only=True) as connection:
        tables = [row[0] for row in connection.execute("show tables").fetchall()]
        rows = {}
        for table in tables:
            rows[table] = len(connection.execute(f"from {table}").fetchall())
        assert rows["meta"] == 1 and rows["papers"] and rows["entries"] and rows["runs"], rows
        silent = connection.execute(
            "select table_name, column_name from duckdb_columns() "
            "where not internal and schema_name = 'main' and comment is null"
        ).fetchall()
        assert not silent, silent
        known = connection.execute("select count(*) from papers_as_of(now())").fetchall()[0][0]
        assert known == rows["papers"], (known, rows["papers"])
        early = "select count(*) from papers_as_of(timestamptz '2000-01-01 00:00:00+00')"
        assert connection.execute(early).fetchall() == [(0,)]
    print(f"DuckDB {duckdb.__version__}: {len(tables)} relations, {sum(rows.values()):,} rows")


if __name__ == "__main__":
    main(sys.argv[1])
