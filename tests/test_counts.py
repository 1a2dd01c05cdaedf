"""A count is news when it changed, and believed unless it fell to nothing for the first time."""

from __future__ import annotations

import pytest

from enrich.counts import Count, Observed, counted
from tests.values import night, observed, record

Two = tuple[int | None, int | None]


def seen(counts: Two, n: int) -> Observed:
    return observed(
        record("arxiv:1", citation_count=counts[0], influential_citation_count=counts[1]), night(n)
    )


@pytest.mark.parametrize(
    ("nights", "expected"),
    [
        pytest.param([(5, 1)], [(5, 1)], id="first told"),
        pytest.param([(0, 0)], [(0, 0)], id="zero is a count"),
        pytest.param([(None, None)], [], id="unknown is none"),
        pytest.param([(5, 1), (5, 1)], [(5, 1)], id="no change, no row"),
        pytest.param([(5, 1), (7, 2)], [(5, 1), (7, 2)], id="more"),
        pytest.param([(7, 2), (5, 1)], [(7, 2), (5, 1)], id="fewer, but some"),
        pytest.param([(5, 1), (5, 2)], [(5, 1), (5, 2)], id="only the influential ones changed"),
        pytest.param([(5, 1), (0, 0)], [(5, 1)], id="row 18: fell to zero: waits"),
        pytest.param(
            [(5, 1), (0, 0), (0, 0)], [(5, 1), (0, 0)], id="row 18: to zero twice: believed"
        ),
        pytest.param([(5, 1), (None, None)], [(5, 1)], id="fell to null: waits"),
        pytest.param([(5, 1), (None, None), (None, None)], [(5, 1), (None, None)], id="null twice"),
        pytest.param([(5, 1), (None, None), (0, 0)], [(5, 1), (0, 0)], id="null, then zero"),
        pytest.param([(5, 1), (0, 0), (5, 1)], [(5, 1)], id="fell and came back"),
        pytest.param(
            [(5, 1), (0, 0), (6, 1), (0, 0)], [(5, 1), (6, 1)], id="came back, fell again"
        ),
        pytest.param([(0, 0), (None, None)], [(0, 0)], id="zero is not forgotten at one null"),
        pytest.param([(0, 0), (3, 0)], [(0, 0), (3, 0)], id="the first citation"),
        pytest.param(
            [(5, 1), (6, 0)], [(5, 1), (6, 1)], id="only the influential ones fell: they wait"
        ),
        pytest.param(
            [(5, 1), (6, 0), (6, 0)], [(5, 1), (6, 1), (6, 0)], id="and are believed then"
        ),
        pytest.param([(5, 1), (0, 2)], [(5, 1), (5, 2)], id="only the citations fell"),
        pytest.param([(5, None), (5, 1)], [(5, None), (5, 1)], id="influential ones told at last"),
    ],
)
def test_counted(nights: list[Two], expected: list[Two]) -> None:
    rows: list[Count] = []
    before = None
    for n, counts in enumerate(nights):
        told = seen(counts, n)
        new = counted("p1", rows[-1] if rows else None, before, told)
        rows += [new] if new else []
        before = told
    assert [(row.citation_count, row.influential_citation_count) for row in rows] == expected


def test_one_answer_does_not_confirm_itself() -> None:
    row = counted("p1", None, None, seen((5, 1), 0))
    assert counted("p1", row, seen((0, 0), 1), seen((0, 0), 1)) is None
