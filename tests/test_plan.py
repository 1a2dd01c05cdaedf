"""Who is due, by which identifier, and what it costs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest

from enrich.library import Claim
from enrich.model import Fetched, Identifier, Outcome
from enrich.plan import (
    Ask,
    SourcePlan,
    Terms,
    batches,
    cost,
    due,
    fetched,
    identifiers_of,
    without_short_batches,
)
from tests.values import DAY, NIGHT, ids, night

OK, MISS, FAILED = Outcome.OK, Outcome.NOT_FOUND, Outcome.FAILED
TODAY, LATER, BEFORE = night(1), night(2), night(0)


def ways(identifiers: Iterable[Identifier]) -> tuple[Identifier, ...]:
    """Every identifier, in the order of the schemes' names."""
    return tuple(sorted(identifiers))


def mark(outcome: Outcome, due_at: datetime, *asked: str) -> Fetched:
    return Fetched(outcome, BEFORE, due_at, None, ids(*asked))


@pytest.mark.parametrize(
    ("known", "before", "asked", "expected"),
    [
        pytest.param("arxiv:1", None, (), "arxiv:1", id="never asked"),
        pytest.param("", None, (), None, id="nothing to ask by"),
        pytest.param("arxiv:1 doi:1", None, (), "arxiv:1", id="the best way first"),
        pytest.param("arxiv:1", mark(OK, LATER), (), None, id="not due"),
        pytest.param("arxiv:1", mark(OK, TODAY), (), "arxiv:1", id="due this very moment"),
        pytest.param("arxiv:1", mark(OK, BEFORE), (), "arxiv:1", id="overdue"),
        pytest.param(
            "arxiv:1 doi:1",
            mark(OK, LATER, "arxiv:1"),
            (),
            None,
            id="a new identifier of a work it knows",
        ),
        pytest.param(
            "arxiv:1 doi:1", mark(OK, LATER), ("arxiv:1",), None, id="answered in this run"
        ),
        pytest.param(
            "arxiv:1 doi:1",
            mark(MISS, LATER, "arxiv:1"),
            ("arxiv:1",),
            "doi:1",
            id="missed in this run: the next identifier",
        ),
        pytest.param(
            "arxiv:1",
            mark(MISS, LATER, "arxiv:1"),
            ("arxiv:1",),
            None,
            id="missed in this run by its only identifier",
        ),
        pytest.param(
            "arxiv:1 doi:1", mark(MISS, LATER, "arxiv:1", "doi:1"), (), None, id="a remembered miss"
        ),
        pytest.param(
            "arxiv:1", mark(MISS, BEFORE, "arxiv:1"), (), "arxiv:1", id="a miss that is due"
        ),
        pytest.param(
            "acl:1 arxiv:1",
            mark(MISS, LATER, "arxiv:1"),
            (),
            "acl:1",
            id="a new identifier after a remembered miss",
        ),
        pytest.param(
            "acl:1 arxiv:1",
            mark(MISS, LATER, "acl:1", "arxiv:1"),
            ("acl:1",),
            None,
            id="that one missed too: the remembered miss is not asked again",
        ),
        pytest.param(
            "arxiv:1 doi:1",
            mark(FAILED, TODAY, "arxiv:1"),
            ("arxiv:1",),
            None,
            id="failed: not again in this run",
        ),
        pytest.param("arxiv:1 doi:1", None, ("arxiv:1",), None, id="asked, and nothing was told"),
        pytest.param(
            "arxiv:1 doi:1",
            mark(FAILED, BEFORE, "arxiv:1"),
            (),
            "arxiv:1",
            id="failed last night: first again",
        ),
    ],
)
def test_due(
    known: str, before: Fetched | None, asked: tuple[str, ...], expected: str | None
) -> None:
    marks = {("p1", "source"): before} if before else {}
    asks = due("source", ways, ["p1"], {"p1": ids(*known.split())}, marks, ids(*asked), TODAY)
    assert asks == (() if expected is None else (Ask("p1", Identifier.of(expected)),))


def test_those_that_wait_longest_come_first() -> None:
    marks = {
        ("p1", "source"): mark(OK, TODAY),
        ("p2", "source"): mark(OK, BEFORE),
        ("p3", "other"): mark(OK, LATER),
    }
    known = {f"p{n}": ids(f"arxiv:{n}") for n in (1, 2, 3)}
    asks = due("source", ways, known, known, marks, (), TODAY)
    assert [ask.paper_id for ask in asks] == ["p3", "p2", "p1"]


def asks(*values: int) -> list[Ask]:
    return [Ask(f"p{n}", Identifier("arxiv", str(value))) for n, value in enumerate(values)]


@pytest.mark.parametrize(
    ("values", "sizes"),
    [
        pytest.param((), [], id="nothing"),
        pytest.param((1, 2), [2], id="one full batch"),
        pytest.param((1, 2, 3), [2, 1], id="one more than fits"),
        pytest.param((1, 1, 2), [2], id="an identifier that two works share is asked once"),
    ],
)
def test_batches(values: tuple[int, ...], sizes: list[int]) -> None:
    assert [len(batch) for batch in batches(asks(*values), Terms(DAY, DAY, 2, 3.0))] == sizes


@pytest.mark.parametrize(
    ("works", "per_batch", "per_run", "expected"),
    [
        pytest.param(0, 1, 1, SourcePlan("s", 0, 0, 0), id="nothing due costs no login"),
        pytest.param(1, 1, 0, SourcePlan("s", 1, 1, 0), id="the first request does not wait"),
        pytest.param(5, 1, 0, SourcePlan("s", 5, 3, 6), id="three batches, two waits"),
        pytest.param(5, 2, 1, SourcePlan("s", 5, 7, 18), id="a login, and two hosts a batch"),
        pytest.param(5, 0, 0, SourcePlan("s", 5, 0, 0), id="without credentials nothing is asked"),
    ],
)
def test_cost(works: int, per_batch: int, per_run: int, expected: SourcePlan) -> None:
    terms = Terms(DAY, DAY, 2, 3.0, per_batch, per_run)
    assert cost("s", asks(*range(works)), terms) == expected


@pytest.mark.parametrize(
    ("outcome", "wait"),
    [
        pytest.param(OK, timedelta(hours=20), id="told: when it may have changed"),
        pytest.param(MISS, timedelta(days=7), id="missed: remembered"),
        pytest.param(FAILED, timedelta(0), id="failed: due at once"),
    ],
)
def test_the_mark_of_an_answer(outcome: Outcome, wait: timedelta) -> None:
    terms = Terms(timedelta(hours=20), timedelta(days=7), 1, 1.0)
    found = fetched(outcome, ids("arxiv:1"), NIGHT, terms, "why")
    assert found == Fetched(outcome, NIGHT, NIGHT + wait, "why", ids("arxiv:1"))


def test_the_identifiers_of_every_work() -> None:
    claims = {
        i: Claim(p, "list", NIGHT)
        for i, p in zip(ids("doi:1", "acl:1", "s2:1"), "aab", strict=True)
    }
    assert identifiers_of(claims) == {"a": ids("acl:1", "doi:1"), "b": ids("s2:1")}


@pytest.mark.parametrize(
    ("arxiv", "others", "asked_before", "expected"),
    [
        pytest.param(5, 1, 0, 4, id="the short batch may yet fill up"),
        pytest.param(4, 1, 0, 4, id="full batches go"),
        pytest.param(1, 1, 0, 1, id="the first question is not put off"),
        pytest.param(1, 1, 4, 0, id="a later short one is"),
        pytest.param(5, 0, 0, 5, id="nobody reveals more"),
    ],
)
def test_arxivs_short_batch_waits_for_company(
    arxiv: int, others: int, asked_before: int, expected: int
) -> None:
    questions = {"arxiv": asks(*range(arxiv)), "semantic_scholar": asks(*range(others))}
    terms = {"arxiv": Terms(DAY, DAY, 2, 3.0)}
    asked = {"arxiv": set(ids(*(f"arxiv:{n}" for n in range(asked_before))))}
    assert len(without_short_batches(questions, terms, asked)["arxiv"]) == expected
