"""Many rows at once: none is lost, none is there twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from store.database import migrate, open_file
from store.loading import Rows

MANY = 130_000
"""More than DuckDB keeps in one group of rows, of which it is that some were not seen."""


def fetches(of: range) -> Iterator[Mapping[str, Any]]:
    return ({"paper_id": f"p:{n}", "source": "arxiv", "status": "ok"} for n in of)


@pytest.mark.parametrize("in_place", [(), ("status", "error")])
def test_more_rows_than_a_group_of_rows_replace_others_within_one_transaction(
    tmp_path: Path, in_place: tuple[str, ...]
) -> None:
    with open_file(tmp_path / "draft.duckdb", read_only=False) as connection:
        migrate(connection)
        connection.begin()
        rows = Rows(connection, tmp_path)
        for of in (range(MANY), range(MANY // 2, MANY + 10)):
            rows.replace("fetches", ["paper_id", "source"], fetches(of), in_place)
        query = "select count(distinct paper_id), max(rowid) is not null from fetches"
        assert connection.execute(query).fetchall() == [(MANY + 10, True)]


@pytest.mark.parametrize("in_place", [(), ("status", "error")])
def test_rows_are_read_that_follow_a_statement_which_inserted_none(
    tmp_path: Path, in_place: tuple[str, ...]
) -> None:
    with open_file(tmp_path / "draft.duckdb", read_only=False) as connection:
        migrate(connection)
        rows = Rows(connection, tmp_path)
        rows.append("fetches", fetches(range(10)))
        connection.begin()
        rows.replace("fetches", ["paper_id", "source"], fetches(range(10)), in_place)
        rows.move("from fetches where source = 'nobody'", "fetches")
        rows.append("fetches", fetches(range(10, MANY)))
        # A count of rows is answered without reading them, and would be right all the same.
        query = "select count(distinct paper_id) from fetches"
        assert connection.execute(query).fetchall() == [(MANY,)]
