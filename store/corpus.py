"""A parquet file of bibliographic records, for a sandbox that is to know more papers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

from enrich.errors import StoreError

COLUMNS = (
    "title, authors, year, published, arxiv_id, arxiv_primary_category, acl_id, openreview_id, "
    "doi, venue, venue_status, abstract, citations, work_id"
)


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The records, each a mapping of column to value.

    Raises:
        StoreError: the file cannot be read, or has other columns.
    """
    names = COLUMNS.split(", ")
    try:
        with duckdb.connect() as connection:
            result = connection.execute(f"select {COLUMNS} from read_parquet(?)", [str(path)])
            while chunk := result.fetchmany(4096):
                for values in chunk:
                    yield dict(zip(names, values, strict=True))
    except duckdb.Error as error:
        raise StoreError(f"{path}: {str(error).splitlines()[0]}") from None
