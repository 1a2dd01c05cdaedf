"""Who is due, by which identifier, and what it costs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import cycle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrich.library import Claim, Question
from enrich.model import TITLE, Fetched, Identifier, Outcome
from enrich.plan import (
    Ask,
    SourcePlan,
    Terms,
    batches,
    cost,
    due,
    fetched,
    identifiers_of,
    searchable,
)
from enrich.turns import piecemeal, without_short_batches, without_titles
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


def titles(*numbers: int) -> tuple[Ask, ...]:
    """Searches, each for a work of its own."""
    return tuple(Ask(f"t{n}", Identifier(TITLE, f"Title {n}")) for n in numbers)


ALL = ("arxiv", "semantic_scholar", "openreview")


@pytest.mark.parametrize(
    ("source", "searching", "marks", "asked", "expected"),
    [
        pytest.param("arxiv", ALL, {}, {}, "open linked", id="the cheapest: also what is known"),
        pytest.param("semantic_scholar", ALL, {}, {}, "", id="waits for arXiv"),
        pytest.param(
            "semantic_scholar", ALL, {"arxiv": mark(MISS, LATER)}, {}, "open", id="missed at arXiv"
        ),
        pytest.param(
            "semantic_scholar", ALL, {"arxiv": mark(MISS, BEFORE)}, {}, "", id="missed long ago"
        ),
        pytest.param(
            "semantic_scholar", ALL, {"arxiv": mark(FAILED, TODAY)}, {}, "", id="failed last night"
        ),
        pytest.param(
            "semantic_scholar",
            ALL,
            {"arxiv": mark(FAILED, TODAY)},
            {"arxiv": "Open"},
            "open",
            id="failed tonight: not waited for",
        ),
        pytest.param(
            "semantic_scholar", ALL[1:], {}, {}, "open linked", id="arXiv is switched off"
        ),
        pytest.param(
            "openreview", ALL, {"arxiv": mark(MISS, LATER)}, {}, "", id="waits for both of them"
        ),
        pytest.param(
            "openreview",
            ALL,
            {"arxiv": mark(MISS, LATER)},
            {"semantic_scholar": "Open"},
            "open",
            id="both were asked",
        ),
        pytest.param("openreview", ALL[:2], {}, {}, "", id="without a login"),
    ],
)
def test_searchable(
    source: str,
    searching: tuple[str, ...],
    marks: dict[str, Fetched],
    asked: dict[str, str],
    expected: str,
) -> None:
    questions = {
        "open": Question("Open", is_open=True),
        "linked": Question("Linked", is_open=False),
    }
    fetches = {(work, name): each for name, each in marks.items() for work in questions}
    before = {name: {Identifier(TITLE, title)} for name, title in asked.items()}
    found = searchable(source, questions, searching, fetches, before, TODAY)
    assert found == {work: questions[work].title for work in expected.split()}


@pytest.mark.parametrize(
    ("known", "before", "asked", "expected"),
    [
        pytest.param("", None, (), "title:T", id="nothing else to ask by"),
        pytest.param("arxiv:1", None, (), "arxiv:1", id="an identifier is better"),
        pytest.param("", mark(MISS, LATER, "title:T"), (), None, id="a remembered miss"),
        pytest.param("", mark(MISS, LATER, "title:Old"), (), "title:T", id="of another title"),
        pytest.param("", mark(MISS, BEFORE, "title:T"), (), "title:T", id="a miss that is due"),
        pytest.param("", mark(FAILED, TODAY, "title:T"), (), "title:T", id="failed last night"),
        pytest.param("", mark(FAILED, TODAY, "title:T"), ("title:T",), None, id="failed tonight"),
        pytest.param(
            "arxiv:1",
            mark(MISS, LATER, "title:T"),
            ("title:T",),
            "arxiv:1",
            id="found by its title",
        ),
    ],
)
def test_due_by_title(
    known: str, before: Fetched | None, asked: tuple[str, ...], expected: str | None
) -> None:
    fetches = {("w", "s"): before} if before else {}
    identifiers = {"w": ids(*known.split())}
    found = due("s", ways, [], identifiers, fetches, ids(*asked), TODAY, {"w": "T"})
    assert [str(ask.identifier) for ask in found] == ([expected] if expected else [])


def test_titles_and_identifiers_go_in_requests_of_their_own() -> None:
    terms = Terms(DAY, DAY, 2, 3.0, titles_per_request=3)
    mixed = [*titles(1, 2), *asks(1, 2, 3), *titles(2, 3, 4)]
    sizes = [(len(batch), batch[0].scheme == TITLE) for batch in batches(mixed, terms)]
    assert sizes == [(2, False), (1, False), (3, True), (1, True)]
    assert cost("s", mixed, terms).requests == 4


def test_questions_that_are_no_searches() -> None:
    assert without_titles({"s": [*titles(1), *asks(1)], "t": titles(2)}) == {
        "s": list(asks(1)),
        "t": [],
    }


@pytest.mark.parametrize(
    ("questions", "expected"),
    [
        pytest.param([*titles(1, 2, 3)], titles(1, 2), id="as many as a request holds"),
        pytest.param(
            [*asks(1, 2, 3), *titles(1, 2, 3)],
            (*asks(1, 2, 3), *titles(1, 2)),
            id="and all identifiers",
        ),
        pytest.param(
            [*titles(1), Ask("twin", titles(1)[0].identifier), *titles(2, 3)],
            (*titles(1), Ask("twin", titles(1)[0].identifier), *titles(2)),
            id="one title of two works counts once",
        ),
        pytest.param([], (), id="nothing"),
    ],
)
def test_piecemeal(questions: list[Ask], expected: tuple[Ask, ...]) -> None:
    terms = {
        "arxiv": Terms(DAY, DAY, 2, 3.0, titles_per_request=2),
        "openreview": Terms(DAY, DAY, 2, 1.0),
    }
    others = titles(1, 2, 3)
    found = piecemeal({"arxiv": questions, "openreview": others}, terms)
    assert (tuple(found["arxiv"]), found["openreview"]) == (expected, others)


@pytest.mark.parametrize(
    ("known", "elsewhere", "searches"),
    [
        pytest.param(0, 1, 1, id="nothing lasts longer"),
        pytest.param(0, 2, 2, id="two fit into eight seconds"),
        pytest.param(0, 3, 3, id="never more than there are"),
        pytest.param(5, 2, 1, id="what is known comes first"),
    ],
)
def test_arxiv_is_searched_on_while_a_slower_source_is_asked(
    known: int, elsewhere: int, searches: int
) -> None:
    terms = {
        "arxiv": Terms(DAY, DAY, 1, 3.0, titles_per_request=2),
        "openreview": Terms(DAY, DAY, 1, 8.0),
    }
    questions = [*asks(*range(known)), *titles(*range(6))]
    found = piecemeal({"arxiv": questions, "openreview": asks(*range(elsewhere))}, terms)
    assert len(found["arxiv"]) == known + 2 * searches


@pytest.mark.parametrize(
    ("open_titles", "elsewhere", "expected"),
    [
        pytest.param({5}, (), titles(0, 5), id="what others wait for goes first"),
        pytest.param((), (), titles(*range(6)), id="nobody waits: all at once"),
        pytest.param((), asks(1), titles(0, 1), id="another is asked meanwhile"),
    ],
)
def test_titles_that_nobody_else_is_asked_about_are_not_cut(
    open_titles: set[int], elsewhere: tuple[Ask, ...], expected: tuple[Ask, ...]
) -> None:
    terms = dict.fromkeys(("arxiv", "openreview"), Terms(DAY, DAY, 2, 3.0, titles_per_request=2))
    every = titles(*range(6))
    questions = [Question(ask.identifier.value, n in open_titles) for n, ask in enumerate(every)]
    found = piecemeal({"arxiv": every, "openreview": elsewhere}, terms, questions)
    assert tuple(found["arxiv"]) == expected


@pytest.mark.parametrize(
    ("arxiv", "s2", "expected"),
    [
        pytest.param(titles(1), asks(1, 2, 3), 2, id="arXiv is searched: the short batch waits"),
        pytest.param(titles(1), asks(1, 2), 2, id="full batches go"),
        pytest.param(asks(1), asks(1, 2, 3), 3, id="arXiv is not searched"),
        pytest.param((), asks(1, 2, 3), 3, id="arXiv is not asked"),
        pytest.param(titles(1), (*asks(1, 2, 3), *titles(4)), 3, id="titles do not wait"),
    ],
)
def test_semantic_scholars_short_batch_waits_while_arxiv_is_searched(
    arxiv: tuple[Ask, ...], s2: tuple[Ask, ...], expected: int
) -> None:
    terms = dict.fromkeys(("arxiv", "semantic_scholar"), Terms(DAY, DAY, 2, 3.0))
    asked = {"semantic_scholar": set(ids("doi:9"))}
    found = without_short_batches({"arxiv": arxiv, "semantic_scholar": s2}, terms, asked)
    assert len(found["semantic_scholar"]) == expected


ROUND = st.lists(st.sampled_from([OK, MISS, FAILED]), min_size=1, max_size=60)


@given(st.integers(0, 7), st.integers(0, 7), ROUND)
def test_the_rounds_of_a_run_end(works: int, open_titles: int, outcomes: list[Outcome]) -> None:
    terms = dict.fromkeys(ALL, Terms(DAY, DAY, 3, 1.0, titles_per_request=2))
    known = {f"w{n}": ids(f"arxiv:{n}", f"doi:{n}") for n in range(works)}
    questions = {f"t{n}": Question(f"Title {n}", is_open=n != 1) for n in range(open_titles)}
    fetches: dict[tuple[str, str], Fetched] = {}
    asked: dict[str, set[Identifier]] = {source: set() for source in ALL}
    answers = cycle(outcomes)
    for _ in range(3 * (2 * works + open_titles) + 1):
        every = {
            source: due(
                source,
                ways,
                known,
                known,
                fetches,
                asked[source],
                TODAY,
                searchable(source, questions, ALL, fetches, asked, TODAY),
            )
            for source in ALL
        }
        if not any(every.values()):
            break
        now = piecemeal(every, terms, questions.values())
        now = without_short_batches(now, terms, asked)
        assert any(now.values())  # a round that asks nobody would be the last
        for source, round_ in now.items():
            for ask in round_:
                assert ask.identifier not in asked[source]
            for paper_id, identifier in round_:
                before = fetches.get((paper_id, source))
                tried = (*(before.asked if before else ()), identifier)
                outcome = next(answers)
                fetches[paper_id, source] = fetched(outcome, tried, TODAY, terms[source], None)
                asked[source].add(identifier)
    else:
        raise AssertionError("the run does not end")
