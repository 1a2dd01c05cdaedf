"""What a snapshot says of itself: runs, sources, coverage, freshness, what waits."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from store.database import Connection, open_file

RUNS = "select * from runs order by started_at desc, run_id desc limit ?"
SOURCES = """
    select source_runs.* exclude (run_id), runs.started_at as at
    from source_runs join runs using (run_id)
    where requests > 0 or asked > 0 or state <> 'ok'
    qualify row_number() over (partition by source order by runs.started_at desc) = 1
    order by source
"""
COVERAGE = """
    select count(*) as works, count(arxiv_id) as arxiv, count(acl_id) as acl,
        count(openreview_id) as openreview, count(doi) as doi, count(s2_id) as s2,
        count(citation_count) as counted, count(abstract) as abstracts,
        count(*) filter (citations_checked_at >= $now - interval 1 day) as counted_within_a_day,
        count(*) filter (citations_checked_at >= $now - interval 7 day) as counted_within_a_week,
        count(*) filter (citations_checked_at >= $now - interval 30 day) as counted_within_a_month
    from papers where len(lists) > 0
"""
LISTS = "select list_id, source, entries, fetched_at from lists order by list_id"
VERDICTS = """
    select verdict, reason, count(*) as entries from entries
    where removed_at is null and verdict is not null group by all order by all
"""
REVIEW = """
    select count(*) as waiting from review where not list_contains(?::varchar[], entry_id)
"""
MISMATCHED = """
    select list_id, line, title, method, candidates from entries join review using (entry_id, title)
    where entries.reason = 'mismatched' and not list_contains(?::varchar[], entry_id)
    order by list_id, line
"""
SOURCES_OF = "select * exclude (run_id) from source_runs where run_id = ? order by source"
CHANGED_BY = """
    select coalesce(papers.title, paper_id) as work, field, old, new
    from changes left join papers using (paper_id) where run_id = ?
    order by field, work limit ?
"""
FETCHES = "select source, status, count(*) as works from fetches group by all order by all"


def overview(path: Path, now: Any, decided: Iterable[str] = (), runs: int = 7) -> dict[str, Any]:
    """The snapshot at `path` in numbers, as of `now`.

    `decided`: entries that a person decided since; they wait no longer.

    Raises:
        StoreError: it cannot be read.
    """
    with open_file(path, read_only=True) as connection:
        return {
            "meta": _rows(connection, "from meta")[0],
            "runs": _rows(connection, RUNS, runs),
            "known_runs": [row["run_id"] for row in _rows(connection, "select run_id from runs")],
            "sources": _rows(connection, SOURCES),
            "coverage": _rows(connection, COVERAGE, now=now)[0],
            "lists": _rows(connection, LISTS),
            "verdicts": _rows(connection, VERDICTS),
            "review": _rows(connection, REVIEW, list(decided))[0]["waiting"],
            "mismatched": _rows(connection, MISMATCHED, list(decided)),
            "fetches": _rows(connection, FETCHES),
        }


def sources_of(path: Path, run_id: str) -> list[dict[str, Any]]:
    """What each source did in one run."""
    with open_file(path, read_only=True) as connection:
        return _rows(connection, SOURCES_OF, run_id)


def changed_by(path: Path, run_id: str, most: int) -> tuple[list[dict[str, Any]], int]:
    """What one run saw change, works by title, and how much that is in all."""
    with open_file(path, read_only=True) as connection:
        [number] = _rows(connection, "select count(*) as n from changes where run_id = ?", run_id)
        return _rows(connection, CHANGED_BY, run_id, most), number["n"]


def _rows(connection: Connection, query: str, *values: Any, **named: Any) -> list[dict[str, Any]]:
    result = connection.execute(query, named or list(values))
    names = [column[0] for column in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
