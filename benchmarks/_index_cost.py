"""What does the index over all titles of the corpus cost? In a process of its own, so that memory
which others have given back is not taken for its own. Prints titles, seconds and megabytes."""

from __future__ import annotations

import resource
import time
from pathlib import Path

import duckdb

from benchmarks._labelled import CORPUS, SHARED
from benchmarks.measure import MAXRSS_UNIT
from enrich.matching.index import TitleIndex


def resident() -> float:
    """Megabytes, of 1e6 bytes, that this process holds now, or has held where that is not told."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text().split()[1]) * resource.getpagesize() / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * MAXRSS_UNIT / 1e6


if __name__ == "__main__":
    with duckdb.connect() as connection:
        path = str(SHARED / CORPUS)
        rows = connection.execute("select title from read_parquet(?)", [path]).fetchall()
    titles = [title for (title,) in rows]
    del rows
    before, began = resident(), time.perf_counter()
    index = TitleIndex(titles)
    print(len(titles), time.perf_counter() - began, resident() - before)
