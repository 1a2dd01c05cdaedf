"""What people decided wins over everything, every night, and leaves no trace once taken back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrich.library import Finding, Method, Reason, Verdict
from enrich.model import Entry, Identifier, Kind, Outcome
from tests.test_works import NUMBERS, again, some_answers, some_index, some_lists
from tests.values import Nights, entry, indexed, record, told, untold

LONG = "Self-Instruct: Aligning Language Models with Self-Generated Instructions"
SHORT = "Self-Rewarding Language Models"
SELF, OTHER = "arxiv:2212.10560", "arxiv:1706.03762"
FORUM = "openreview:0NphYCmgua"
IN_ACL = "acl:2023.acl-long.754"
FIRST = ("a", 1)


def finding(nights: Nights, name: str = "a", position: int = 1) -> Finding:
    found = nights.place(name, position).finding
    assert found is not None
    return found


def is_decided(nights: Nights, identifier: str, name: str = "a") -> bool:
    """Whether the entry is this paper by a person's word."""
    found = finding(nights, name)
    claim = nights.library.claims.get(Identifier.of(identifier))
    said = (found.verdict, found.reason, found.score, found.method)
    return said == (Verdict.MATCHED, Reason.DECIDED, 1.0, Method.REVIEW) and (
        claim is not None and claim.paper_id == found.paper_id
    )


def is_rejected(nights: Nights) -> bool:
    """Whether the entry is nothing by a person's word."""
    found = finding(nights)
    said = (found.verdict, found.reason, found.score, found.method)
    return said == (Verdict.NOT_FOUND, Reason.REJECTED, 0.0, Method.REVIEW) and not (
        nights.ids(found.paper_id) or found.candidates or nights.place("a").waits
    )


CRITICS = [entry("CriticBench", f"arxiv:2402.1480{n}", authors="Lin, Wang") for n in (1, 2)]


@pytest.mark.parametrize(
    ("each", "others", "index"),
    [
        pytest.param(entry(LONG), [], None, id="nothing is known"),
        pytest.param(entry(LONG, OTHER), [], None, id="it links another paper"),
        pytest.param(entry(LONG, FORUM), [], None, id="it links something without a number"),
        pytest.param(entry(LONG, SELF), [], None, id="it links the same paper"),
        pytest.param(entry(LONG), [entry(LONG, OTHER)], None, id="another list knows its title"),
        pytest.param(
            entry("CriticBench", authors="Wang"), CRITICS, None, id="it was between two papers"
        ),
        pytest.param(entry(LONG), [], [indexed(IN_ACL, LONG)], id="the index knows its title"),
        pytest.param(entry(None, label="FLARE"), [], None, id="a nick and nothing else"),
        pytest.param(entry("Code", "doi:10.1000/x", kind=Kind.REPO), [], None, id="a repository"),
    ],
)
@pytest.mark.parametrize("from_the_start", [True, False], ids=["at once", "a night later"])
def test_a_decision_wins_over(
    each: Entry, others: list[Entry], index: Any, from_the_start: bool
) -> None:
    lists = {"a": [each], "b": others}
    known = {"selfinstructaligninglanguagemodelswithselfgeneratedinstructions": index or []}
    for said in (SELF, None):
        nights = Nights()
        if not from_the_start:
            nights.night(lists, index=known)
        for _ in range(3):
            nights.night(lists, index=known, rulings={FIRST: said})
            assert is_decided(nights, said) if said else is_rejected(nights)
    assert not others or nights.ids(nights.paper("b")) == {str(i) for i in others[0].ids}


def test_the_identifier_comes_from_review_unless_a_list_states_it_too() -> None:
    nights = Nights().night({"a": [entry(LONG)]}, rulings={FIRST: SELF})
    assert nights.library.claims[Identifier.of(SELF)].source == "review"
    lists = {"a": [entry(LONG)], "b": [entry("Self-Instruct", SELF)]}
    nights = Nights().night(lists, rulings={FIRST: SELF})
    assert nights.library.claims[Identifier.of(SELF)].source == "list"


def test_a_DOI_brings_the_number_that_is_in_it() -> None:
    nights = Nights().night(
        {"a": [entry(LONG)]}, rulings={FIRST: "doi:10.18653/v1/2023.acl-long.754"}
    )
    assert IN_ACL in nights.ids(nights.paper("a"))


def test_an_unresolved_entry_keeps_its_work() -> None:
    for said in (SELF, None):
        nights = Nights().night({"a": [entry(LONG)]})
        before = nights.paper("a")
        nights.night({"a": [entry(LONG)]}, rulings={FIRST: said})
        assert (nights.paper("a"), nights.library.aliases) == (before, {})


def test_an_identifier_that_another_work_has() -> None:
    lists = {"a": [entry(LONG)], "b": [entry("Self-Instruct", SELF)]}
    nights = Nights().night({"a": lists["a"]}).night(lists)
    assert nights.paper("a") != nights.paper("b")
    nights.night(lists, rulings={FIRST: SELF})
    assert nights.paper("a") == nights.paper("b")
    assert is_decided(nights, SELF)

    lists = {"a": [entry(SHORT, OTHER)], "b": [entry(LONG, SELF)]}
    nights = Nights().night(lists)
    linked, accepted = nights.paper("a"), nights.paper("b")
    nights.night(lists, rulings={FIRST: SELF})
    assert nights.paper("a") == accepted
    assert nights.ids(linked) == {OTHER}
    assert nights.library.aliases == {}


def test_what_a_source_tells_of_the_accepted_paper_belongs_to_it() -> None:
    report = told(record(SELF, LONG, SELF, IN_ACL))
    nights = Nights().night({"a": [entry(LONG, OTHER)]}, [report], rulings={FIRST: SELF})
    assert nights.ids(nights.paper("a")) == {SELF, IN_ACL}


def test_a_wrong_link_that_only_this_entry_had_is_not_taken_for_the_paper() -> None:
    """Two identifiers without a number of their own and one title: as good as one work."""
    each = entry(LONG, FORUM)
    nights = Nights().night({"a": [each]})
    linked = nights.paper("a")
    nights.night({"a": [each]}, rulings={FIRST: SELF})
    assert (nights.ids(nights.paper("a")), nights.ids(linked)) == ({SELF}, {FORUM})


def test_a_rejected_entry_is_not_found_through_others() -> None:
    each = entry(LONG)
    nights = Nights().night({"a": [each, each]})  # one work without identifiers
    assert nights.paper("a", 1) == nights.paper("a", 2)
    lists = {"a": [each, each], "b": [entry(LONG, SELF)]}
    for _ in range(2):
        nights.night(lists, rulings={FIRST: None})
        assert is_rejected(nights)
        assert nights.ids(nights.paper("a", 2)) == {SELF}


def test_two_rejected_entries_do_not_share_what_one_of_them_becomes() -> None:
    each = entry(LONG)
    nights = Nights().night({"a": [each, each]})
    nights.night({"a": [each, each]}, rulings={("a", 1): None, ("a", 2): None})
    nights.night({"a": [each, each]}, rulings={("a", 1): None, ("a", 2): SELF})
    assert is_rejected(nights)
    assert nights.ids(nights.paper("a", 2)) == {SELF}


def test_a_blog_can_be_said_to_be_a_paper_and_is_none_otherwise() -> None:
    each = entry(LONG, kind=Kind.BLOG)
    assert is_decided(Nights().night({"a": [each]}, rulings={FIRST: SELF}), SELF)
    nights = Nights().night({"a": [each]}, rulings={FIRST: None})
    assert nights.place("a").finding is None
    assert not nights.library.works


@pytest.mark.parametrize("said", [SELF, None], ids=["accepted", "rejected"])
@pytest.mark.parametrize(
    ("each", "others"),
    [
        pytest.param(entry(LONG), [], id="nothing is known"),
        pytest.param(entry(LONG, OTHER), [], id="it links another paper"),
        pytest.param(entry(LONG, FORUM), [], id="it links something without a number"),
        pytest.param(entry(LONG), [entry(LONG, OTHER)], id="another list knows its title"),
        pytest.param(entry("CriticBench", authors="Wang"), CRITICS, id="between two papers"),
        pytest.param(entry(LONG), [entry(LONG)], id="another list has its title too"),
        pytest.param(entry(LONG, kind=Kind.BLOG), [], id="a blog"),
    ],
)
@pytest.mark.parametrize("from_the_start", [True, False], ids=["at once", "a night later"])
def test_a_decision_that_is_taken_back_leaves_no_trace(
    each: Entry, others: list[Entry], from_the_start: bool, said: str | None
) -> None:
    lists = {"a": [each], "b": others}
    never = Nights()
    nights = Nights()
    for n in range(4):
        never.night(lists, index={})
        rulings = {FIRST: said} if n < 2 and (n or from_the_start) else {}
        nights.night(lists, [untold("arxiv", SELF)], index={}, rulings=rulings)
    for entry_id, place in never.library.places.items():
        one, other = nights.library.places[entry_id].finding, place.finding
        assert (one is None) is (other is None)
        if one and other:
            assert (one.verdict, one.reason) == (other.verdict, other.reason)
            assert one.candidates == other.candidates
            assert nights.ids(one.paper_id) == never.ids(other.paper_id)
    assert nights.library.claims.keys() == never.library.claims.keys()


def test_what_a_source_confirmed_stays_when_the_decision_goes() -> None:
    report = told(record(SELF, SHORT, SELF, source="arxiv"))
    lists = {"a": [entry(None, label="FLARE")]}
    nights = Nights().night(lists, [report], rulings={FIRST: SELF})
    accepted = nights.paper("a")
    nights.night(lists)
    assert finding(nights).reason is Reason.NO_TITLE
    assert nights.ids(accepted) == {SELF}
    assert nights.ids(nights.paper("a")) == set()


def test_a_mistyped_number_is_gone_when_it_is_corrected() -> None:
    lists = {"a": [entry(LONG)], "b": [entry(LONG)]}
    missed = untold("arxiv", OTHER, Outcome.NOT_FOUND)
    nights = Nights().night(lists, [missed], index={}, rulings={FIRST: OTHER})
    before = nights.paper("a")
    nights.night(lists, index={}, rulings={FIRST: SELF})
    assert {str(i) for i in nights.library.claims} == {SELF}
    assert nights.paper("a") == nights.paper("b") == before
    assert nights.settled is not None
    assert before in nights.settled.touched


@pytest.mark.parametrize(
    "today",
    [
        pytest.param([entry("Other"), entry(LONG)], id="it moved"),
        pytest.param([entry("Other"), entry(LONG + " (revised)")], id="it was retitled"),
        pytest.param([entry("Other"), entry(LONG, OTHER)], id="it got a link"),
    ],
)
def test_a_decision_outlives_an_edit(today: list[Entry]) -> None:
    nights = Nights().night({"a": [entry(LONG), entry("Other")]}, rulings={FIRST: SELF})
    before = nights.place("a").entry_id
    nights.night({"a": today}, rulings={("a", 2): SELF})
    assert nights.place("a", 2).entry_id == before
    assert nights.ids(nights.paper("a", 2)) == {SELF}
    assert finding(nights, "a", 2).reason is Reason.DECIDED


# Laws, in the small world of tests/test_works.py.
some_rulings = st.dictionaries(
    st.tuples(st.sampled_from("abc"), st.integers(1, 3)), st.none() | st.sampled_from(NUMBERS)
)
some_nights = st.lists(
    st.tuples(some_lists, some_answers, some_index, some_rulings), min_size=1, max_size=3
)


def fitting(lists: Any, rulings: Any) -> Any:
    """Those of the decisions that are about an entry there is."""
    return {w: said for w, said in rulings.items() if w[1] <= len(lists.get(w[0], ()))}


@given(some_nights)
def test_whatever_lists_and_sources_say(nights: list[tuple[Any, Any, Any, Any]]) -> None:
    played = Nights()
    for lists, answers, index, said in nights:
        rulings = fitting(lists, said)
        before = played.library
        after = played.night(lists, answers, index, rulings).library
        for place in after.places.values():
            if place.removed_at is not None:
                continue
            where, found = (place.list_id, place.position), place.finding
            if where not in rulings:
                assert found is None or found.method is not Method.REVIEW
            elif accept := rulings[where]:
                assert found
                assert found.reason is Reason.DECIDED
                assert after.claims[Identifier.of(accept)].paper_id == found.paper_id
            else:
                assert (found is not None) is place.wants_paper
                assert not found or found.reason is Reason.REJECTED
                assert not found or not played.ids(found.paper_id)
        for claim in after.claims.values():
            assert claim.paper_id in after.works
        for paper_id in (*before.works, *before.aliases):
            assert after.aliases.get(paper_id, paper_id) in after.works
        for identifier, claim in before.claims.items():
            assert identifier in after.claims or claim.source == "review"


@given(some_nights)
def test_a_quiet_night_changes_nothing(nights: list[tuple[Any, Any, Any, Any]]) -> None:
    played = Nights()
    for lists, answers, index, said in (*nights, nights[-1]):
        played.night(lists, answers, index, fitting(lists, said))
    lists, answers, index, said = nights[-1]
    again(played, lists, answers, index, fitting(lists, said))
