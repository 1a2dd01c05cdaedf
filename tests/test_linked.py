"""Links that lead elsewhere, what searches left open, and a work's other identifiers."""

from __future__ import annotations

from typing import Any

import pytest

from enrich.library import Finding, Reason, Verdict
from enrich.marks import NONE_OF_THEM, judged
from enrich.model import Entry, Fetched, Identifier, Kind, Outcome
from enrich.titles import key
from tests.values import NIGHT, Nights, entry, ids, indexed, night, record, told, untold

LONG = "Self-Instruct: Aligning Language Models with Self-Generated Instructions"
OTHER = "Attention Is All You Need for Sequence Transduction"
SELF, WRONG, IN_ACL = "arxiv:2212.10560", "arxiv:1706.03762", "acl:2023.acl-long.754"
WANG = ("Yizhong Wang", "Yeganeh Kordi")
VASWANI = ("Ashish Vaswani", "Noam Shazeer")
STRAY = told(record(WRONG, OTHER, WRONG, authors=VASWANI))
RIGHT = told(record(SELF, LONG, SELF, authors=WANG, source="arxiv"))


def finding(nights: Nights, name: str = "a", position: int = 1) -> Finding:
    found = nights.place(name, position).finding
    assert found is not None
    return found


def questions(nights: Nights) -> set[str]:
    """The titles that are still to be searched for."""
    assert nights.settled is not None
    return {question.title for question in nights.settled.questions.values()}


@pytest.mark.parametrize(
    ("each", "title", "authors", "is_wrong"),
    [
        pytest.param(entry(LONG, WRONG), OTHER, VASWANI, True, id="another paper"),
        pytest.param(
            entry(LONG, WRONG, authors="Wang et al."), OTHER, VASWANI, True, id="by others"
        ),
        pytest.param(
            entry(LONG, WRONG, authors="Vaswani et al."), OTHER, VASWANI, False, id="renamed"
        ),
        pytest.param(entry(LONG.upper(), WRONG), LONG, WANG, False, id="the paper"),
        pytest.param(entry("Self-Instruct", WRONG), LONG, WANG, False, id="its nick"),
        pytest.param(entry("FLARE", WRONG), OTHER, VASWANI, False, id="a nick says too little"),
        pytest.param(entry(None, WRONG, label="Paper"), OTHER, VASWANI, False, id="no title"),
        pytest.param(entry(LONG, WRONG, kind=Kind.DATASET), OTHER, VASWANI, False, id="a data set"),
        pytest.param(entry(LONG, WRONG), None, (), False, id="the source tells no title"),
    ],
)  # fmt: skip
def test_where_a_link_leads(
    each: Entry, title: str | None, authors: tuple[str, ...], is_wrong: bool
) -> None:
    answer = told(record(WRONG, title, WRONG, authors=authors))
    nights = Nights().night({"a": [each]}, [answer], {})
    reason = Reason.MISMATCHED if is_wrong else Reason.OWN_IDENTIFIER
    assert finding(nights).reason is reason
    assert nights.ids(nights.paper("a")) == {WRONG}
    assert (LONG in questions(nights)) is is_wrong


def test_the_title_wins_over_a_wrong_link_and_both_are_recorded() -> None:
    lists = {"a": [entry(LONG, WRONG, authors="Wang")], "b": [entry(LONG, SELF, authors="Wang")]}
    nights = Nights().night(lists, [STRAY, RIGHT], {})
    assert nights.paper("a") == nights.paper("b")
    assert nights.ids(nights.paper("a")) == {SELF}
    assert finding(nights).reason is Reason.MISMATCHED
    shown = [str(Identifier(c.scheme, c.value)) for c in finding(nights).candidates]
    assert shown == [SELF, WRONG]


def test_a_wrong_link_is_carried_over_and_asked_about_once() -> None:
    lists = {"a": [entry(LONG, WRONG)]}
    nights = Nights().night(lists, [STRAY], {})
    first = finding(nights)
    assert questions(nights) == {LONG}
    for _ in range(2):
        nights.night(lists, index={})
        assert (finding(nights), questions(nights)) == (first, set())


def test_a_corrected_link_is_judged_anew() -> None:
    nights = Nights().night({"a": [entry(LONG, WRONG)]}, [STRAY], {})
    wrong = nights.paper("a")
    nights.night({"a": [entry(LONG, SELF)]}, [RIGHT], {})
    assert finding(nights).reason is Reason.OWN_IDENTIFIER
    assert (nights.ids(nights.paper("a")), nights.ids(wrong)) == ({SELF}, {WRONG})


def test_a_wrong_link_lends_its_paper_neither_title_nor_authors() -> None:
    brief = "Self-Rewarding Language Models"
    lists = {
        "a": [entry(LONG, WRONG, authors="Wang, Kordi")],
        "b": [entry(brief, "acl:2023.acl-long.1", authors="Wang, Kordi")],
    }
    nameless = told(record(WRONG, brief, WRONG))
    nights = Nights().night(lists, [nameless], {})
    works = set(nights.library.works)
    assert len(works) == 2
    nights.night(lists, [nameless], {})
    assert set(nights.library.works) == works


SEARCH = f"title:{LONG}"


@pytest.mark.parametrize(
    ("outcome", "answers", "mark", "asked"),
    [
        pytest.param(
            Outcome.NOT_FOUND,
            [untold("arxiv", SEARCH)],
            (Outcome.NOT_FOUND, "unknown"),
            ids(SEARCH),
            id="missed",
        ),
        pytest.param(
            Outcome.FAILED,
            [untold("arxiv", SEARCH, Outcome.FAILED)],
            (Outcome.FAILED, "unknown"),
            ids(SEARCH),
            id="failed",
        ),
        pytest.param(
            Outcome.OK,
            [
                untold("arxiv", SEARCH, Outcome.OK),
                told(record(WRONG, OTHER, WRONG, source="arxiv", authors=VASWANI)),
            ],
            (Outcome.NOT_FOUND, NONE_OF_THEM),
            ids(SEARCH),
            id="others were brought up",
        ),
        pytest.param(
            Outcome.OK,
            [untold("arxiv", SEARCH, Outcome.OK), RIGHT],
            (Outcome.OK, None),
            ids(SELF, SEARCH),
            id="found",
        ),
    ],
)
def test_the_mark_of_a_search(outcome: Any, answers: Any, mark: Any, asked: Any) -> None:
    nights = Nights().night({"a": [entry(LONG, authors="Wang")]}, answers, {})
    left = nights.library.fetches[nights.paper("a"), "arxiv"]
    assert (left.outcome, left.error) == mark
    assert set(left.asked) <= set(asked)
    is_found = mark[0] is Outcome.OK
    assert (finding(nights).verdict is Verdict.MATCHED) is is_found
    assert (nights.ids(nights.paper("a")) == {SELF}) is is_found


def marked(outcome: Outcome) -> Fetched:
    return Fetched(outcome, NIGHT, night(7))


OPEN = Finding("p", Verdict.NOT_FOUND, Reason.UNKNOWN_TITLE, 0.0)


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        pytest.param("nn", (Verdict.NOT_FOUND, Reason.UNKNOWN_TITLE), id="both missed it"),
        pytest.param("nf", (Verdict.UNAVAILABLE, Reason.SOURCE_DOWN), id="one was down"),
        pytest.param("f-", (Verdict.UNAVAILABLE, Reason.SOURCE_DOWN), id="down, and not asked"),
        pytest.param("n-", (Verdict.UNAVAILABLE, Reason.NOT_ASKED), id="one was not asked"),
        pytest.param("--", (Verdict.UNAVAILABLE, Reason.NOT_ASKED), id="nobody was asked"),
    ],
)
def test_a_miss_at_a_source_that_was_down_is_no_miss(marks: str, expected: object) -> None:
    names = ("arxiv", "openreview")
    outcomes = {"n": Outcome.NOT_FOUND, "f": Outcome.FAILED}
    fetches = {
        ("p", name): marked(outcomes[each])
        for name, each in zip(names, marks, strict=True)
        if each in outcomes
    }
    found = judged(OPEN, fetches, names)
    assert (found.verdict, found.reason) == expected


def test_what_is_settled_does_not_wait_for_sources() -> None:
    settled = Finding("p", Verdict.AMBIGUOUS, Reason.SEVERAL_WORKS, 0.5)
    assert judged(settled, {}, ("arxiv",)) == settled


@pytest.mark.parametrize(
    ("authors", "expected"),
    [
        pytest.param("Wang et al.", {SELF, IN_ACL}, id="agreeing authors"),
        pytest.param("Lee et al.", {SELF}, id="others"),
        pytest.param(None, {SELF}, id="nobody says who wrote it"),
    ],
)
def test_preprint_and_publication_come_together(authors: str | None, expected: set[str]) -> None:
    catalogue = {
        "selfinstructaligninglanguagemodelswithselfgeneratedinstructions": [
            indexed(IN_ACL, LONG, *WANG, year=2023)
        ]
    }
    each = entry(LONG, SELF, authors=authors, year=2023)
    nights = Nights().night({"a": [each]}, index=catalogue)
    assert nights.ids(nights.paper("a")) == expected


def test_what_was_not_decided_stays_so_on_quiet_nights() -> None:
    lists = {"a": [entry("CriticBench", authors="Wang")]}
    answers = [
        told(record(f"arxiv:2402.1480{n}", "CriticBench", authors=(who,), source="arxiv"))
        for n, who in ((1, "Xu Wang"), (2, "Lei Wang"))
    ]
    nights = Nights().night(lists, answers, {})
    first = finding(nights)
    assert (first.verdict, first.reason) == (Verdict.AMBIGUOUS, Reason.SEVERAL_WORKS)
    for _ in range(2):
        nights.night(lists, index={})
        assert finding(nights) == first


def test_what_was_not_decided_stays_so_when_the_answer_is_no_longer_believed() -> None:
    """The number that it may have is by then another entry's, by its own title."""
    lists = {"a": [entry("Self-Rewarding Language Models"), entry(LONG)]}
    both = [
        told(record(WRONG, LONG)),
        told(record("doi:10.1/x", "Self-Rewarding Language Models", WRONG)),
    ]
    nights = Nights().night(lists, both, {})
    first = [finding(nights, "a", n).verdict for n in (1, 2)]
    nights.night(lists, both, {})
    assert [finding(nights, "a", n).verdict for n in (1, 2)] == first


def test_an_answer_with_another_number_than_was_asked_for_identifies_nothing() -> None:
    answer = told(record(SELF, LONG, WRONG, authors=WANG))
    nights = Nights().night({"a": [entry(LONG, authors="Wang")]}, [answer], {})
    assert finding(nights).verdict is Verdict.NOT_FOUND


def test_a_like_title_in_the_catalogue_does_not_keep_the_very_title_from_being_searched() -> None:
    like = LONG.replace("Models", "Model")
    index = {key(LONG): [indexed("acl:2023.acl-long.9005", like, "Ada Galehouse")]}
    nights = Nights().night({"a": [entry(LONG)]}, index=index)
    assert finding(nights).reason is Reason.RESPELT_TITLE
    assert questions(nights) == {LONG}
    nights = Nights().night({"a": [entry(LONG)]}, [RIGHT], index=index)
    assert finding(nights).reason is Reason.SAME_TITLE
    assert SELF in nights.ids(nights.paper("a"))
    assert questions(nights) == set()


def test_a_title_that_is_nearly_one_by_others_is_not_settled() -> None:
    index = {key(LONG): [indexed(IN_ACL, LONG.replace("Models", "Model"), *WANG)]}
    nights = Nights().night({"a": [entry(LONG, authors="Galehouse", year=2023)]}, index=index)
    assert finding(nights).verdict is Verdict.AMBIGUOUS


def test_a_note_gets_its_other_identifiers_once_its_authors_are_told() -> None:
    forum = "openreview:0NphYCmgua"
    note = told(record(forum, LONG, forum, authors=WANG, source="openreview"))
    nights = Nights().night({"a": [entry(LONG, forum)]}, [RIGHT, note], index={})
    assert nights.ids(nights.paper("a")) >= {forum, SELF}
