"""`papers_as_of` and the history of counts, where they are easily got wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from enrich.counts import INSTANT, Count, Observed, counted
from enrich.model import Identifier, Record
from store import reading, soundness
from store.database import migrate, open_file
from store.draft import Draft, Meta

DAY0 = datetime(2026, 11, 1, tzinfo=UTC)
S2, OTHER = "semantic_scholar", "crossref"


def day(n: float) -> datetime:
    return DAY0 + timedelta(days=n)


History = list[tuple[float, str, int | None]]
"""Day, source and count."""


@pytest.mark.parametrize(
    ("history", "asked", "expected"),
    [
        pytest.param([(0, S2, 7)], -1, None, id="before it was seen"),
        pytest.param([(0, S2, 7)], 0, 7, id="at the moment itself"),
        pytest.param([(1, S2, 7), (2, S2, 9), (3, S2, 7)], 2.5, 9, id="between"),
        pytest.param([(1, S2, 7), (2, S2, 9), (3, S2, 7)], 3, 7, id="back to an earlier count"),
        pytest.param([(2, S2, 7)], 1, None, id="unknown, then known"),
        pytest.param([(1, S2, 7), (2, S2, None)], 3, None, id="known, then unknown"),
        pytest.param([(1, S2, 7), (2, S2, 0)], 3, 0, id="zero is a count"),
        pytest.param([(1, S2, 7), (2, OTHER, 5)], 3, 5, id="another source counts"),
        pytest.param([(1, S2, 7), (2, OTHER, 5)], 1.5, 7, id="before the other source"),
        pytest.param([(1, S2, 7), (1, S2, 9)], 1, 9, id="two in one moment"),
        pytest.param([(1, S2, 9), (1, S2, 7)], 1, 9, id="two in one moment, the other way"),
        pytest.param([(1, S2, 7), (1, OTHER, None)], 1, 7, id="known and unknown in one moment"),
    ],
)
def test_the_count_known_at_a_time(
    tmp_path: Path, history: History, asked: float, expected: int | None
) -> None:
    with open_file(tmp_path / "db", read_only=False) as connection:
        migrate(connection)
        connection.execute(
            "insert into papers by name select 'p' as paper_id, ?::timestamptz as first_seen_at",
            [day(0)],
        )
        for at, source, count in history:
            connection.execute(
                "insert into citations values ('p', ?, ?, ?, null)", [source, day(at), count]
            )
        rows = connection.execute(
            "select citation_count from papers_as_of(?::timestamptz)", [day(asked)]
        ).fetchall()
        assert rows == ([(expected,)] if asked >= 0 else [])
        newest = connection.execute(
            "select citation_count from papers_as_of(?::timestamptz)", [day(99)]
        ).fetchall()
        assert newest == [(reading.counts(connection, ["p"])["p"].citation_count,)]


def observed(count: int | None, at: datetime) -> Observed:
    record = Record(S2, Identifier("arxiv", "2401.10020"), citation_count=count)
    return Observed(record, at)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        pytest.param(day(2), day(2), id="later"),
        pytest.param(day(1), day(1) + INSTANT, id="the same moment"),
        pytest.param(day(0), day(1) + INSTANT, id="a clock that was set back"),
    ],
)
def test_observations_keep_their_order(at: datetime, expected: datetime) -> None:
    current = Count("p", S2, day(1), 7, None)
    new = counted("p", current, observed(7, day(1)), observed(9, at))
    assert new == Count("p", S2, expected, 9, None)


def test_the_histories_of_merged_works_are_one_and_nobody_gets_the_others_count(
    tmp_path: Path,
) -> None:
    path = tmp_path / "draft"
    with Draft(path, None) as draft:
        run = draft._connection.execute
        run("insert into papers by name select unnest(['stays', 'goes']) as paper_id, "
            "?::timestamptz as first_seen_at", [day(0)])  # fmt: skip
        for paper_id, at, count in (
            *(("stays", 1, 7), ("stays", 5, 8), ("stays", 2, 5)),
            *(("goes", 1, 3), ("goes", 6, 4), ("goes", 2, 5)),
        ):
            run("insert into citations values (?, ?, ?, ?, null)", [paper_id, S2, day(at), count])
        for paper_id in ("stays", "goes"):
            run("insert into abstracts values (?, ?, 'sum', 'text', ?)", [paper_id, S2, day(0)])
        draft.merge({"goes": "stays"}, day(7))
        run("update papers set citation_count = 8, citation_source = ?", [S2])
        run(f"insert into records by name select 'stays' as paper_id, '{S2}' as source")
        run(f"insert into fetches by name select 'stays' as paper_id, '{S2}' as source")
        draft.sign(Meta("20261108T000000Z", None, day(7), "0", False))
    with open_file(path, read_only=True) as connection:
        found = connection.execute(
            "select date_diff('day', ?, observed_at), citation_count from citations "
            "order by observed_at, citation_count",
            [day(0)],
        ).fetchall()
        assert found == [(1, 3), (1, 7), (2, 5), (5, 8), (6, 4), (7, 8)]
        assert reading.counts(connection, ["stays"])["stays"].citation_count == 8
        assert connection.execute("select count(*) from abstracts").fetchall() == [(1,)]
    soundness.verify(path)
    assert list(soundness.contradictions(path)) == []
