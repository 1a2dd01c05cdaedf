"""What a snapshot tells of the time until it was made, as the report reads it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from enrich.counts import Count
from enrich.errors import StoreError
from enrich.papers import Change
from enrich.report.facts import History, Moved, Point
from enrich.runs import Run
from store import rows
from store.database import migrate, open_file
from store.loading import Rows
from store.readout import LAST_RUNS, POINTS, history
from tests.reports import work
from tests.values import DAY, NIGHT, night

S2 = "semantic_scholar"


def told(paper_id: str, days_ago: float, citations: int | None, source: str = S2) -> Count:
    return Count(paper_id, source, NIGHT - days_ago * DAY, citations, None)


def read(
    tmp_path: Path,
    counts: Sequence[Count] = (),
    changes: Sequence[Change] = (),
    runs: Sequence[Run] = (),
    since_days: int = 7,
    works: Sequence[str] = ("a", "b"),
) -> History:
    """The history of a snapshot with the works `a`, `b`, and `c`, which no list names any more."""
    path = tmp_path / "snapshot.duckdb"
    papers = [work(name, citation_source=S2) for name in "ab"]
    papers.append(work("c", citation_source=S2, lists=()))
    with open_file(path, read_only=False) as connection:
        migrate(connection)
        tables = Rows(connection, tmp_path)
        tables.append("papers", [rows.paper_row(paper) for paper in papers])
        tables.append("citations", [count._asdict() for count in counts])
        tables.append("changes", [{"run_id": "r", **change._asdict()} for change in changes])
        tables.append("runs", [run._asdict() for run in runs])
        meta: dict[str, Any] = {"snapshot_id": "s2", "previous_snapshot_id": "s1"}
        tables.append("meta", [{**meta, "tool_version": "0.1", "created_at": NIGHT}])
    return history(path, NIGHT, NIGHT - since_days * DAY, works)


def test_a_curve_is_thinned_out_and_keeps_its_end(tmp_path: Path) -> None:
    counts = [told("a", n, 1000 - n) for n in range(400)]
    found = read(tmp_path, [*counts, told("b", 3, 5)])
    assert POINTS <= len(found.curves["a"]) <= POINTS + 1
    assert found.curves["a"][-1] == Point(NIGHT, 1000)
    assert list(found.curves["a"]) == sorted(found.curves["a"])
    assert found.curves["b"] == [Point(NIGHT - 3 * DAY, 5)]


def test_curves_are_of_the_works_that_are_shown(tmp_path: Path) -> None:
    found = read(tmp_path, [told("a", 3, 5), told("b", 3, 5)], works=["b"])
    assert list(found.curves) == ["b"]
    assert list(found.baselines) == ["a", "b"]


@pytest.mark.parametrize(
    ("counts", "before"),
    [
        pytest.param([told("a", 9, 5), told("a", 8, 7), told("a", 1, 9)], 7, id="a week ago"),
        pytest.param([told("a", 7, 7), told("a", 1, 9)], 7, id="exactly a week ago"),
        pytest.param([told("a", 3, 7), told("a", 1, 9)], 7, id="first told later"),
        pytest.param([told("a", 9, 7), told("a", 8, None)], 7, id="no longer told"),
        pytest.param([told("a", 9, 3, "other"), told("a", 8, 7)], 7, id="another's count"),
        pytest.param([told("a", 9, None)], None, id="never told"),
        pytest.param([told("c", 9, 7)], None, id="listed no more"),
    ],
)
def test_what_a_count_was_a_week_before(
    tmp_path: Path, counts: list[Count], before: int | None
) -> None:
    found = [point.citations for point in read(tmp_path, counts).baselines.values()]
    assert found == ([] if before is None else [before])


def test_days_without_news_gained_nothing(tmp_path: Path) -> None:
    counts = [told("a", 5, 100), told("a", 3, 104), told("b", 3, 7), told("b", 2.5, 6)]
    assert read(tmp_path, counts).gained == [
        (date(2026, 11, 18), 3),  # a gained 4, b lost 1; first counts are no gain
        *((date(2026, 11, day), 0) for day in (19, 20, 21)),
    ]
    assert read(tmp_path / "other", [told("a", 5, 100)]).gained == ()


def test_changes_since_the_earlier_of_two_times(tmp_path: Path) -> None:
    def change(field: str, days: int, old: str | None = "1", new: str | None = "4") -> Change:
        return Change("a", field, old, new, NIGHT - days * DAY)

    found = read(
        tmp_path,
        changes=[
            change("venue", 0),
            change("title", 6),
            change("title", 8),
            change("citation_count", 0),
            change("citation_count", 3),
            change("citation_count", 9),
            change("citation_count", 2, None, "7"),
            change("influential_citation_count", 0),
        ],
    )
    assert [(each.field, each.at) for each in found.changes] == [
        ("venue", NIGHT),
        ("title", NIGHT - 6 * DAY),
    ]
    assert (found.since_last, found.since_day) == (Moved(1, 3), Moved(1, 6))
    later = read(tmp_path / "later", changes=[change("venue", 0)], since_days=-1)
    assert [each.field for each in later.changes] == ["venue"]


def test_the_last_runs_newest_first(tmp_path: Path) -> None:
    runs = [Run(f"r{n:02}", "refresh", "ok", night(n), None, "0.1", "{}") for n in range(20)]
    found = read(tmp_path, runs=runs).runs
    assert [run.run_id for run in found] == [f"r{n:02}" for n in range(19, 19 - LAST_RUNS, -1)]


def test_a_damaged_file_is_no_snapshot(tmp_path: Path) -> None:
    path = tmp_path / "snapshot.duckdb"
    path.write_bytes(b"no database")
    with pytest.raises(StoreError, match="damaged"):
        history(path, NIGHT, NIGHT, [])
