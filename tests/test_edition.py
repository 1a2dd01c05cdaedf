"""What a night adds to the last one: marks, works to describe anew, counts and changes."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from enrich.counts import Count, Observed
from enrich.edition import Described, Settled, describe_all
from enrich.marks import Answered
from enrich.model import Entry, Outcome
from enrich.papers import Paper
from enrich.titles import key
from tests.values import Nights, entry, ids, indexed, night, record, told, untold

LONG = "Self-Instruct: Aligning Language Models with Self-Generated Instructions"
SELF, IN_ACL, DOI = "arxiv:2212.10560", "acl:2023.acl-long.754", "doi:10.1000/x"
S2 = "semantic_scholar"
OK, MISS, FAILED = Outcome.OK, Outcome.NOT_FOUND, Outcome.FAILED


def good(asked: str, n: int = 0, title: str = LONG) -> Answered:
    return told(record(asked, title, asked), night(n))


def missed(asked: str, n: int = 0) -> Answered:
    return untold(S2, asked, at=night(n))


def broken(asked: str, n: int = 0) -> Answered:
    return untold(S2, asked, FAILED, night(n))


@pytest.mark.parametrize(
    ("nights", "outcome", "asked", "waits"),
    [
        pytest.param([[good(SELF)]], OK, SELF, 0, id="told"),
        pytest.param([[missed(SELF)]], MISS, SELF, 7, id="missed"),
        pytest.param([[broken(SELF)]], FAILED, SELF, 0, id="failed"),
        pytest.param([[missed(SELF), good(DOI)]], OK, f"{SELF} {DOI}", 0, id="known by the next"),
        pytest.param([[missed(SELF), missed(DOI)]], MISS, f"{SELF} {DOI}", 7, id="missed by both"),
        pytest.param([[good(SELF), missed(DOI)]], OK, SELF, 0, id="known, and missed by another"),
        pytest.param([[good(SELF), broken(DOI)]], OK, SELF, 0, id="known, and failed by another"),
        pytest.param(
            [[missed(SELF)], [missed(DOI, 1)]],
            MISS,
            f"{SELF} {DOI}",
            7,
            id="a remembered miss is not forgotten over a new one",
        ),
        pytest.param(
            [[missed(SELF)], *[[]] * 6, [missed(DOI, 7)]],
            MISS,
            DOI,
            7,
            id="one whose time is over is",
        ),
        pytest.param([[good(SELF)], [missed(DOI, 1)]], MISS, DOI, 0, id="told, then missed: soon"),
    ],
)
def test_the_mark_of_a_work(
    nights: list[list[Answered]], outcome: Outcome, asked: str, waits: int
) -> None:
    played = Nights()
    for answers in nights:
        played.night({"a": [entry(LONG, SELF, DOI)]}, answers)
    mark = played.library.fetches[played.paper("a"), S2]
    assert (mark.outcome, mark.asked) == (outcome, ids(*asked.split()))
    assert (mark.due_at - mark.checked_at).days == waits


def test_an_answer_to_nobodys_question_is_left_alone() -> None:
    played = Nights().night({"a": [entry(LONG, SELF)]}, [good(DOI)])
    assert played.library.fetches == {}


def test_what_was_asked_by_a_number_from_the_index_is_the_works() -> None:
    played = Nights().night(
        {"a": [entry(LONG)]}, [good(IN_ACL)], {key(LONG): [indexed(IN_ACL, LONG)]}
    )
    assert (played.paper("a"), S2) in played.library.fetches


def test_a_merged_works_marks_follow() -> None:
    lists = {"a": [entry(LONG, SELF)], "b": [entry("Self-Instruct", DOI)]}
    played = Nights().night({"a": lists["a"]}).night(lists, [good(DOI, 1, "Self-Instruct")])
    kept, lost = played.paper("a"), played.paper("b")
    assert kept != lost
    played.night(lists, [told(record(SELF, LONG, SELF, DOI, source="arxiv"), night(2))])
    assert played.library.aliases == {lost: kept}
    assert set(played.library.fetches) == {(kept, S2), (kept, "arxiv")}


def touched(played: Nights) -> frozenset[str]:
    assert played.settled is not None
    return played.settled.touched


@pytest.mark.parametrize(
    ("today", "answers", "expected"),
    [
        pytest.param([entry(LONG, SELF)], [], False, id="a quiet night"),
        pytest.param([entry(LONG, SELF)], [good(SELF, 1)], True, id="told of"),
        pytest.param([entry(LONG, SELF)], [missed(SELF, 1)], False, id="missed"),
        pytest.param([entry(LONG, SELF)], [broken(SELF, 1)], False, id="failed"),
        pytest.param([entry(LONG, SELF, venue="ACL")], [], True, id="an entry says more"),
        pytest.param([entry(LONG, SELF, DOI)], [], True, id="one more identifier"),
        pytest.param([], [], True, id="left its list"),
        pytest.param([entry(LONG, SELF), entry("Other", DOI)], [], False, id="another work is new"),
    ],
)
def test_which_works_are_described_anew(
    today: list[Entry], answers: list[Answered], expected: bool
) -> None:
    played = Nights().night({"a": [entry(LONG, SELF)]})
    paper_id = played.paper("a")
    assert paper_id in touched(played)
    played.night({"a": today}, answers)
    assert (paper_id in touched(played)) is expected


class Told:
    """What the store remembers between nights, as `describe_all` is given it."""

    def __init__(self) -> None:
        self.nights = Nights()
        self.records: dict[str, dict[str, Observed]] = {}
        self.counts: dict[str, Count] = {}
        self.papers: dict[str, Paper] = {}

    def night(self, lists: Mapping[str, list[Entry]], *answers: Answered) -> Described:
        settled: Settled | None = self.nights.night(lists, answers).settled
        assert settled is not None
        found = describe_all(settled, self.records, self.counts, self.papers, night(self.nights.n))
        for paper_id, observed in settled.answered.items():
            self.records.setdefault(paper_id, {}).update(observed)
        self.counts |= {count.paper_id: count for count in found.counts}
        self.papers |= {paper.paper_id: paper for paper in found.papers}
        return found


def count(n: int | None, at: int, abstract: str | None = None) -> Answered:
    return told(record(SELF, LONG, SELF, citation_count=n, abstract=abstract), night(at))


def test_three_nights_of_a_count() -> None:
    store, lists = Told(), {"a": [entry(LONG, SELF)]}
    first = store.night(lists, count(5, 0, "An abstract."))
    assert [c.citation_count for c in first.counts] == [5]
    assert first.changes == []
    fallen = store.night(lists, count(0, 1))
    assert (fallen.counts, fallen.changes) == ([], [])
    assert (fallen.papers[0].citation_count, fallen.papers[0].citations_checked_at) == (5, night(0))
    assert fallen.papers[0].abstract == "An abstract."
    assert fallen.papers[0].updated_at == night(0)
    believed = store.night(lists, count(0, 2))
    assert [(c.field, c.old, c.new) for c in believed.changes] == [("citation_count", "5", "0")]
    assert (believed.papers[0].citations_checked_at, believed.papers[0].updated_at) == (
        night(2),
    ) * 2


def test_a_quiet_night_describes_nothing() -> None:
    store, lists = Told(), {"a": [entry(LONG, SELF)]}
    store.night(lists, count(5, 0))
    assert store.night(lists) == Described([], [], [])


def test_another_papers_record_describes_nothing() -> None:
    store, lists = Told(), {"a": [entry(LONG, SELF)]}
    store.night(
        lists, told(record(SELF, "Attention Is All You Need", "arxiv:1706.03762", citation_count=9))
    )
    (paper,) = store.papers.values()
    assert (paper.title, paper.citation_count, paper.arxiv_id) == (LONG, None, "2212.10560")


def test_counts_of_a_source_that_does_not_count_are_none() -> None:
    store = Told()
    answer = told(record(SELF, LONG, SELF, source="arxiv", citation_count=9))
    assert store.night({"a": [entry(LONG, SELF)]}, answer).counts == []


def test_a_work_that_left_every_list_keeps_its_description() -> None:
    store = Told()
    store.night({"a": [entry(LONG, SELF)]}, count(5, 0))
    (paper,) = store.night({"a": []}).papers
    assert (paper.title, paper.citation_count, paper.lists) == (LONG, 5, ())
