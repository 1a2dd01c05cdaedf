"""What happened until a snapshot was made: counts over time, changes, runs. For the report."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from enrich.errors import StoreError
from enrich.model import Outcome, SourceState
from enrich.papers import Change
from enrich.report.facts import Held, History, Moved, Point
from enrich.runs import Run, SourceRun
from store.database import Connection, open_file, reason

POINTS = 40
"""Points of a curve at most: the newest of each fortieth of the time."""
MOST_CHANGES = 2_000
LAST_RUNS = 14
GAINED_DAYS = 42
WEEK = timedelta(days=7)

LISTED = """
    select paper_id, citation_source, citations_checked_at from papers where len(lists) > 0
"""
COUNTS = f"""
    select citations.* from citations join ({LISTED}) as listed using (paper_id)
    where source = listed.citation_source and citation_count is not null
"""
CURVES = f"""
    with counts as ({COUNTS}),
    span as (
        select min(observed_at) as start,
            greatest(epoch(max(observed_at) - min(observed_at)) / {POINTS}, 1) as width
        from counts
    )
    select paper_id, max(observed_at), arg_max(citation_count, observed_at)
    from counts semi join (select unnest($works) as paper_id) using (paper_id), span
    group by paper_id, floor(epoch(observed_at - start) / width)
    order by paper_id, max(observed_at)
"""
BASELINES = f"""
    with counts as ({COUNTS})
    select paper_id,
        coalesce(
            max(observed_at) filter (observed_at <= $week), min(observed_at)
        ) as observed_at,
        coalesce(
            arg_max(citation_count, observed_at) filter (observed_at <= $week),
            arg_min(citation_count, observed_at)
        ) as citation_count
    from counts group by paper_id
"""
GAINED = f"""
    with steps as (
        select observed_at, citation_count - lag(citation_count) over (
            partition by paper_id order by observed_at) as gained
        from ({COUNTS})
    )
    select cast(observed_at as date) as day, sum(gained)::bigint from steps
    where gained is not null and observed_at > $start group by day order by day
"""
CHANGES = f"""
    select {", ".join(f"changes.{name}" for name in Change._fields)} from changes
    where changes.at >= $since and field not in ('citation_count', 'influential_citation_count')
    order by changes.at desc, paper_id, field limit {MOST_CHANGES}
"""
MOVED = """
    select count(distinct paper_id),
        coalesce(sum(try_cast(new as bigint) - try_cast(old as bigint)), 0)::bigint
    from changes where field = 'citation_count' and changes.at >= $since
"""
RUNS = f"""
    select {", ".join(Run._fields)} from runs
    order by started_at desc, run_id desc limit {LAST_RUNS}
"""
ANSWERS = f"""
    select source, status, count(*), min(checked_at)
    from fetches semi join ({LISTED}) using (paper_id)
    group by source, status order by source, status
"""
PARTS = f"""
    select {", ".join(SourceRun._fields)} from source_runs
    where run_id in (select unnest($runs)) order by source
"""


def history(path: Path, created_at: datetime, since: datetime, works: Collection[str]) -> History:
    """What the snapshot at `path`, made at `created_at`, tells of the time until then. `works`:
    those that curves are wanted of.

    Raises:
        StoreError: it cannot be read.
    """
    try:
        with open_file(path, read_only=True) as connection:
            return _history(connection, created_at, since, works)
    except duckdb.Error as error:
        raise StoreError(f"{path}: {reason(error)}") from None


def _history(
    connection: Connection, created_at: datetime, since: datetime, works: Collection[str]
) -> History:
    def rows(query: str, **values: Any) -> list[tuple[Any, ...]]:
        return connection.execute(query, values or None).fetchall()

    ((previous, version),) = rows("select previous_snapshot_id, tool_version from meta")
    runs, parts = last_runs(connection)
    return History(
        previous=previous,
        tool_version=version,
        curves=_curves(rows(CURVES, works=list(works))),
        baselines={
            paper_id: Point(at, count)
            for paper_id, at, count in rows(BASELINES, week=created_at - WEEK)
        },
        gained=_every_day(
            dict(rows(GAINED, start=created_at - timedelta(days=GAINED_DAYS))), created_at.date()
        ),
        changes=[Change(*row) for row in rows(CHANGES, since=min(since, created_at))],
        since_last=Moved(*rows(MOVED, since=created_at)[0]),
        since_day=Moved(*rows(MOVED, since=since)[0]),
        runs=runs,
        parts=parts,
        answers=answers(connection),
    )


def answers(connection: Connection) -> Sequence[Held]:
    """What each source answered of the works listed now."""
    found = connection.execute(ANSWERS).fetchall()
    return [Held(name, Outcome(outcome), n, oldest) for name, outcome, n, oldest in found]


def last_runs(connection: Connection) -> tuple[Sequence[Run], Sequence[SourceRun]]:
    """The last runs, newest first, and the sources' parts in them."""
    runs = [Run(*row) for row in connection.execute(RUNS).fetchall()]
    parts = connection.execute(PARTS, {"runs": [run.run_id for run in runs]}).fetchall()
    return runs, [SourceRun._make((*row[:-1], SourceState(row[-1]))) for row in parts]


def _curves(rows: Sequence[tuple[str, datetime, int]]) -> Mapping[str, Sequence[Point]]:
    found: dict[str, list[Point]] = {}
    for paper_id, at, count in rows:
        found.setdefault(paper_id, []).append(Point(at, count))
    return found


def _every_day(gained: Mapping[date, int], last: date) -> Sequence[tuple[date, int]]:
    """Each day from the first that has a figure to `last`; a quiet one gained nothing."""
    if not gained:
        return ()
    first = min(gained)
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [(day, gained.get(day, 0)) for day in days]
