"""Which entries name one work: a table of nights, and laws that hold whatever lists say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrich.library import Library, Method, Reason, Verdict
from enrich.marks import Answered
from enrich.matching.values import Known
from enrich.model import Entry, Kind
from enrich.titles import key
from tests.values import Nights, entry, indexed, record, told

LONG = "Self-Instruct: Aligning Language Models with Self-Generated Instructions"
SHORT = "Self-Rewarding Language Models"
SELF = "arxiv:2212.10560"
IN_ACL = "acl:2023.acl-long.754"
BRIEF = "Attention Is All You Need"


@dataclass
class Case:
    """One night after another: lists, and what sources tell. `same`: works by (list, position),
    each group one work and no two groups the same."""

    lists: list[dict[str, list[Entry]]]
    same: list[set[tuple[str, int]]]
    answers: dict[int, list[Answered]] = field(default_factory=dict)
    index: Mapping[str, Sequence[Known]] = field(default_factory=dict)


def played(case: Case) -> Nights:
    nights = Nights()
    for n, lists in enumerate(case.lists):
        nights.night(lists, case.answers.get(n, ()), case.index)
    return nights


def one(*lists: list[Entry]) -> list[dict[str, list[Entry]]]:
    """One night with the lists a, b, c."""
    return [dict(zip("abc", lists, strict=False))]


TOGETHER = [{("a", 1), ("b", 1)}]
APART = [{("a", 1)}, {("b", 1)}]


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(
            Case(one([entry(LONG, SELF)], [entry("Self-Instruct", SELF)]), TOGETHER),
            id="one identifier in two lists",
        ),
        pytest.param(
            Case(one([entry(LONG, SELF)], [entry(LONG.upper())]), TOGETHER),
            id="one title in two lists, one of them without a link",
        ),
        pytest.param(
            Case(one([entry(LONG)], [entry(LONG, SELF)]), TOGETHER),
            id="the list without a link comes first",
        ),
        pytest.param(
            Case(one([entry(LONG, SELF)], [entry(LONG, IN_ACL)]), TOGETHER),
            id="preprint in one list, published version in the other",
        ),
        pytest.param(
            Case(one([entry(LONG)], [entry(LONG)]), TOGETHER), id="unresolved in two lists"
        ),
        pytest.param(
            Case(one([entry(BRIEF)], [entry(BRIEF)]), APART),
            id="a title of few letters without authors says too little",
        ),
        pytest.param(
            Case(
                one([entry(BRIEF, authors="Vaswani et al.")], [entry(BRIEF, authors="A. Vaswani")]),
                TOGETHER,
            ),
            id="a title of few letters with authors",
        ),
        pytest.param(
            Case(
                one(
                    [entry("CriticBench", "arxiv:2402.14809", authors="Lin et al.")],
                    [entry("CriticBench", "arxiv:2402.13764", authors="Lan et al.")],
                ),
                APART,
            ),
            id="two CriticBench by number",
        ),
        pytest.param(
            Case(one([entry(LONG, SELF)], [entry(LONG, "arxiv:2402.13764")]), APART),
            id="two numbers are two papers, however long the title",
        ),
        pytest.param(
            Case(
                one(
                    [entry("CriticBench", "arxiv:2402.14809", authors="Lin et al.")],
                    [entry("CriticBench", authors="Lan et al.")],
                ),
                APART,
            ),
            id="two CriticBench by authors",
        ),
        pytest.param(
            Case(
                one([entry(LONG, SELF)], [entry("Self-Instruct", IN_ACL)]),
                TOGETHER,
                {0: [told(record(SELF, LONG, SELF, IN_ACL))]},
            ),
            id="preprint and ACL version brought together by externalIds",
        ),
        pytest.param(
            Case(
                one([entry(LONG, SELF)], [entry("Self-Instruct", IN_ACL)]),
                TOGETHER,
                {0: [told(record(SELF, LONG, SELF, "doi:10.18653/v1/2023.acl-long.754"))]},
            ),
            id="brought together by the number in an ACL DOI",
        ),
        pytest.param(
            Case(
                one([entry(SHORT, "arxiv:2401.10020")], [entry(SHORT, "openreview:0NphYCmgua")]),
                TOGETHER,
                {
                    0: [
                        told(
                            record(
                                "arxiv:2401.10020",
                                SHORT,
                                "arxiv:2401.10020",
                                authors=("Weizhe Yuan", "Jason Weston"),
                                source="arxiv",
                            )
                        ),
                        told(
                            record(
                                "openreview:0NphYCmgua",
                                SHORT,
                                "openreview:0NphYCmgua",
                                authors=("Weizhe Yuan", "Jason Weston"),
                                source="openreview",
                            )
                        ),
                    ]
                },
            ),
            id="a title of few letters, once sources told the authors",
        ),
        pytest.param(
            Case(
                one(
                    [entry("CriticBench", "arxiv:2402.14809")],
                    [entry("CriticBench", "openreview:0NphYCmgua")],
                ),
                APART,
                {
                    0: [
                        told(
                            record(
                                "arxiv:2402.14809",
                                None,
                                "arxiv:2402.14809",
                                authors=("Zicheng Lin", "Zhibin Gou", "Yujiu Yang"),
                            )
                        ),
                        told(
                            record(
                                "openreview:0NphYCmgua",
                                None,
                                "openreview:0NphYCmgua",
                                authors=("Tian Lan", "Wenwei Zhang", "Xiang Yang"),
                            )
                        ),
                    ]
                },
            ),
            id="authors who share one family name are not the same authors",
        ),
        pytest.param(
            Case(
                one(
                    [entry(LONG, "arxiv:2402.14809")],
                    [entry(LONG, "arxiv:2402.13764")],
                    [entry(LONG, "openreview:0NphYCmgua")],
                ),
                [{("a", 1)}, {("b", 1)}, {("c", 1)}],
            ),
            id="a third entry that could be either of two is neither",
        ),
        pytest.param(
            Case(
                one([entry(SHORT, "arxiv:2401.10020")], [entry(LONG, SELF, "arxiv:2401.10020")]),
                APART,
            ),
            id="a second arXiv link is a mention",
        ),
        pytest.param(
            Case(
                one(
                    [entry(SHORT, "arxiv:2401.10020")],
                    [entry(LONG, SELF, "doi:10.48550/arxiv.2401.10020")],
                ),
                APART,
            ),
            id="a second arXiv number in a DOI is a mention",
        ),
        pytest.param(
            Case(
                one([entry(LONG, SELF)], [entry("LIMA", "doi:10.1000/x")]),
                APART,
                {0: [told(record(SELF, LONG, SELF, "doi:10.1000/x"))]},
            ),
            id="a report that contradicts another work's title is not believed",
        ),
        pytest.param(
            Case(
                one([entry(LONG, SELF)], [entry(LONG, kind=Kind.REPO, label="code")]), [{("a", 1)}]
            ),
            id="a repository of a paper's name is no paper",
        ),
        pytest.param(
            Case(one([entry(LONG, SELF)], [entry("Code", SELF, kind=Kind.REPO)]), TOGETHER),
            id="a repository entry with a paper's link has its identity",
        ),
        pytest.param(
            Case(one([entry(None, label="FLARE")], [entry(None, label="FLARE")]), APART),
            id="a nick says too little",
        ),
        pytest.param(
            Case(
                [
                    {"a": [entry(LONG)], "b": [entry(SHORT)]},
                    {"a": [entry(LONG, SELF)], "b": [entry(SHORT, SELF)]},
                ],
                TOGETHER,
            ),
            id="whoever links a number means its paper",
        ),
    ],
)
def test_one_work_or_two(case: Case) -> None:
    nights = played(case)
    found = [{nights.paper(*where) for where in group} for group in case.same]
    assert [len(group) for group in found] == [1] * len(found)
    assert len(set.union(*found)) == len(found)


@pytest.mark.parametrize(
    ("each", "index", "expected"),
    [
        pytest.param(
            entry(LONG, SELF),
            {},
            (Verdict.MATCHED, Reason.OWN_IDENTIFIER, Method.LINK),
            id="a link",
        ),
        pytest.param(
            entry(SHORT, authors="Yuan et al."),
            {},
            (Verdict.MATCHED, Reason.SAME_TITLE_AND_AUTHORS, Method.TITLE),
            id="another list knows it",
        ),
        pytest.param(
            entry("CriticBench", authors="Wang et al."),
            {},
            (Verdict.AMBIGUOUS, Reason.SEVERAL_WORKS, None),
            id="two works of that name",
        ),
        pytest.param(
            entry("CriticBench", authors="Lee et al."),
            {},
            (Verdict.NOT_FOUND, Reason.UNKNOWN_TITLE, None),
            id="two works of that name, both by others",
        ),
        pytest.param(
            entry("CriticBench"),
            {},
            (Verdict.AMBIGUOUS, Reason.SEVERAL_WORKS, None),
            id="a title of few letters without authors",
        ),
        pytest.param(
            entry(LONG, year=2022),
            {"index": [indexed(IN_ACL, LONG, "Yizhong Wang", year=2023)]},
            (Verdict.MATCHED, Reason.SAME_TITLE, Method.TITLE),
            id="in the ACL index",
        ),
        pytest.param(
            entry(LONG, year=2012),
            {"index": [indexed(IN_ACL, LONG, "Yizhong Wang", year=2023)]},
            (Verdict.AMBIGUOUS, Reason.WEAK_EVIDENCE, None),
            id="in the ACL index, eleven years later",
        ),
        pytest.param(
            entry(LONG, authors="Lee et al."),
            {"index": [indexed(IN_ACL, LONG, "Yizhong Wang", year=2023)]},
            (Verdict.AMBIGUOUS, Reason.WEAK_EVIDENCE, None),
            id="in the ACL index, by others",
        ),
        pytest.param(
            entry(LONG),
            {"index": [indexed(IN_ACL, LONG), indexed("acl:2023.findings-acl.1", LONG)]},
            (Verdict.AMBIGUOUS, Reason.SEVERAL_WORKS, None),
            id="twice in the ACL index",
        ),
        pytest.param(
            entry(LONG),
            None,
            (Verdict.UNAVAILABLE, Reason.INDEX_UNAVAILABLE, None),
            id="the index is not to be had",
        ),
        pytest.param(
            entry(SHORT, authors="Yuan et al."),
            None,
            (Verdict.MATCHED, Reason.SAME_TITLE_AND_AUTHORS, Method.TITLE),
            id="the index is not to be had, nor needed",
        ),
        pytest.param(
            entry(None, label="FLARE"),
            {},
            (Verdict.NOT_FOUND, Reason.NO_TITLE, None),
            id="a nick and nothing else",
        ),
        pytest.param(
            entry("…", authors="Yuan et al."),
            {},
            (Verdict.NOT_FOUND, Reason.NO_TITLE, None),
            id="a title without a letter",
        ),
        pytest.param(entry(SHORT, kind=Kind.REPO), {}, None, id="a repository"),
        pytest.param(entry(LONG, kind=Kind.BLOG), None, None, id="a blog"),
        pytest.param(
            entry("Code", "doi:10.1000/x", kind=Kind.REPO),
            {},
            (Verdict.MATCHED, Reason.OWN_IDENTIFIER, Method.LINK),
            id="a repository with a paper's identifier",
        ),
    ],
)
def test_verdict(each: Entry, index: Any, expected: tuple[object, ...] | None) -> None:
    known = [
        entry("CriticBench", "arxiv:2402.14809", authors="Lin, Wang"),
        entry("CriticBench", "arxiv:2402.13764", authors="Lan, Wang"),
        entry(SHORT, "arxiv:2401.10020", authors="Yuan, Weston"),
    ]
    if index:
        index = {key(each.title or ""): index["index"]}
    finding = Nights().night({"a": [each], "b": known}, index=index).place("a").finding
    assert (finding and (finding.verdict, finding.reason, finding.method)) == expected


def test_an_ambiguous_entry_says_between_what() -> None:
    known = [entry("CriticBench", f"arxiv:2402.1480{n}", authors="Lin, Wang") for n in (1, 2)]
    nights = Nights().night({"a": [entry("CriticBench", authors="Wang")], "b": known}, index={})
    finding = nights.place("a").finding
    assert finding is not None
    assert [c.value for c in finding.candidates] == ["2402.14801", "2402.14802"]
    assert not nights.ids(finding.paper_id)


def test_an_entry_that_gets_an_identifier_keeps_its_work() -> None:
    nights = Nights().night({"a": [entry(LONG)]})
    before = nights.paper("a")
    nights.night({"a": [entry(LONG, SELF)]})
    assert (nights.paper("a"), nights.library.aliases) == (before, {})
    assert SELF in nights.ids(before)


def test_an_identifier_that_another_work_has_leaves_an_alias() -> None:
    nights = (
        Nights().night({"a": [entry(SHORT)]}).night({"a": [entry(SHORT)], "b": [entry(LONG, SELF)]})
    )
    older, newer = nights.paper("a"), nights.paper("b")
    nights.night({"a": [entry(LONG, SELF)], "b": [entry(LONG, SELF)]})
    assert nights.paper("a") == nights.paper("b") == newer  # another title: no longer that entry
    assert older in nights.library.works

    nights = (
        Nights()
        .night({"a": [entry(LONG)]})
        .night({"a": [entry(LONG + "!")], "b": [entry(LONG, SELF)]})
    )
    assert nights.library.aliases == {}
    assert nights.paper("a") == nights.paper("b")


def test_the_older_work_stays_and_old_references_follow() -> None:
    first, later = entry(SHORT, "arxiv:2401.10020"), entry(SHORT, "doi:10.1000/x")
    former = entry(SHORT, "doi:10.1000/x", section=("Former",))
    nights = Nights().night({"a": [first]}).night({"a": [first], "b": [later, former]})
    kept, lost = nights.paper("a"), nights.paper("b")
    assert kept != lost
    nights.night({"a": [first], "b": [later]})
    report = record("doi:10.1000/x", SHORT, "doi:10.1000/x", "arxiv:2401.10020")
    nights.night({"a": [first], "b": [later]}, [told(report)])
    assert nights.library.aliases == {lost: kept}
    assert nights.paper("a") == nights.paper("b") == kept
    gone = [p.finding for p in nights.library.places.values() if p.removed_at]
    assert [f and f.paper_id for f in gone] == [kept]


def test_an_alias_of_an_alias_leads_to_the_present_work() -> None:
    lists = {
        "a": [entry(SHORT, "acl:P19-1001")],
        "b": [entry(SHORT, "openreview:0NphYCmgua")],
        "c": [entry(SHORT, "doi:10.1000/x")],
    }
    nights = Nights().night({"c": lists["c"]}).night({n: lists[n] for n in "bc"}).night(lists)
    oldest, middle, newest = nights.paper("c"), nights.paper("b"), nights.paper("a")
    nights.night(
        lists, [told(record("acl:P19-1001", SHORT, "acl:P19-1001", "openreview:0NphYCmgua"))]
    )
    assert nights.library.aliases == {newest: middle}
    nights.night(lists, [told(record("acl:P19-1001", SHORT, "acl:P19-1001", "doi:10.1000/x"))])
    assert nights.library.aliases == {newest: oldest, middle: oldest}
    assert len(nights.library.works) == 1


def test_works_made_and_merged_in_one_night_leave_no_alias() -> None:
    report = told(record("doi:10.1000/x", SHORT, "doi:10.1000/x", "arxiv:2401.10020"))
    lists = {"a": [entry(SHORT, "arxiv:2401.10020")], "b": [entry(SHORT, "doi:10.1000/x")]}
    nights = Nights().night(lists, [report])
    assert (len(nights.library.works), nights.library.aliases) == (1, {})


@pytest.mark.parametrize(
    ("before", "today", "moves"),
    [
        pytest.param(entry(LONG, "arxiv:1706.03762"), entry(LONG, SELF), True, id="corrected"),
        pytest.param(entry(LONG, SELF), entry(LONG, SELF, IN_ACL), False, id="one more link"),
        pytest.param(entry(LONG, SELF), entry(LONG, IN_ACL), False, id="now published"),
        pytest.param(entry(LONG, SELF), entry(LONG), False, id="link dropped"),
        pytest.param(entry(BRIEF, SELF), entry(BRIEF), False, id="link dropped, few letters"),
        pytest.param(entry(LONG, SELF), entry(LONG.lower(), SELF), False, id="other letters"),
        pytest.param(entry(SHORT, SELF), entry(LONG, SELF), False, id="title corrected"),
        pytest.param(
            entry(SHORT, SELF), replace(entry(LONG), links=()), True, id="another paper's title"
        ),
    ],
)  # fmt: skip
def test_an_edited_entry(before: Entry, today: Entry, moves: bool) -> None:
    nights = Nights().night({"a": [before]}, index={})
    old = nights.paper("a")
    nights.night({"a": [today]}, index={})
    assert (nights.paper("a") != old) is moves
    assert old in nights.library.works


def test_a_corrected_link_leaves_the_other_work_its_number() -> None:
    wrong, right = entry(LONG, "arxiv:1706.03762"), entry(LONG, SELF)
    nights = Nights().night(
        {"a": [wrong]}, [told(record("arxiv:1706.03762", BRIEF, "arxiv:1706.03762"))]
    )
    old = nights.paper("a")
    nights.night({"a": [right]})
    assert (nights.ids(old), nights.ids(nights.paper("a"))) == ({"arxiv:1706.03762"}, {SELF})


def test_what_was_settled_stays_when_the_index_is_gone_or_a_namesake_appears() -> None:
    each = entry(BRIEF, authors="Vaswani et al.")
    title = key(each.title or "")
    index = {title: [indexed("acl:P17-1001", BRIEF, "Ashish Vaswani")]}
    nights = Nights().night({"a": [each]}, index=index)
    before = nights.place("a").finding
    for lists in ({}, {"b": [entry(BRIEF, "arxiv:1706.03762", authors="Vaswani")]}):
        nights.night({"a": [each], **lists}, index=None)
        assert nights.place("a").finding == before


@pytest.mark.parametrize(
    ("report", "believed"),
    [
        pytest.param(record(SELF, LONG, SELF, "doi:10.1/x"), True, id="names what was asked"),
        pytest.param(record(SELF, SHORT, SELF, "doi:10.1/x"), True, id="the list's link is wrong"),
        pytest.param(record(SELF, LONG, "doi:10.1/x"), True, id="an alias of the same title"),
        pytest.param(record(SELF, None, "doi:10.1/x"), True, id="an alias without a title"),
        pytest.param(record(SELF, SHORT, "doi:10.1/x"), False, id="another paper's record"),
        pytest.param(
            record(SELF, LONG, "arxiv:2402.13764", "doi:10.1/x"), False, id="another paper's number"
        ),
    ],
)
def test_a_report_that_contradicts(report: Any, believed: bool) -> None:
    nights = Nights().night({"a": [entry(LONG, SELF)]}, [told(report)])
    assert ("doi:10.1/x" in nights.ids(nights.paper("a"))) is believed
    assert nights.settled is not None
    assert bool(nights.settled.answered.get(nights.paper("a"))) is believed


def test_reported_identifiers_keep_their_source() -> None:
    report = told(record(SELF, LONG, SELF, "doi:10.18653/v1/2023.acl-long.754", f"s2:{'a' * 40}"))
    nights = Nights().night({"a": [entry(LONG, SELF)]}, [report])
    assert {str(i): c.source for i, c in nights.library.claims.items()} == {
        SELF: "list",
        "doi:10.18653/v1/2023.acl-long.754": "semantic_scholar",
        IN_ACL: "semantic_scholar",
        f"s2:{'a' * 40}": "semantic_scholar",
    }


def test_a_thousand_entries_of_one_short_title_are_that_many_works() -> None:
    nights = Nights().night({"a": [entry("Slides", raw=f"- Slides {n}") for n in range(1000)]})
    assert len(nights.library.works) == 1000


# Laws. A small world: few titles, authors and identifiers, so that everything meets everything.
TITLES = [LONG, SHORT, "CriticBench", None]
NUMBERS = ["arxiv:2401.10020", SELF, IN_ACL, "doi:10.1/x", "doi:10.48550/arxiv.2401.10020",
           "openreview:0NphYCmgua", "s2:CorpusID:7"]  # fmt: skip


def listed(title: str | None, authors: str | None, stated: list[str], kind: Kind) -> Entry:
    return entry(title, *stated, authors=authors, kind=kind, label=None if title else "Nick")


some_entry = st.builds(
    listed,
    st.sampled_from(TITLES),
    st.sampled_from([None, "Yuan et al.", "Lan, Wang", "Wang"]),
    st.lists(st.sampled_from(NUMBERS), max_size=2, unique=True),
    st.sampled_from([Kind.PAPER, Kind.PAPER, Kind.REPO]),
)
some_lists = st.dictionaries(st.sampled_from("abc"), st.lists(some_entry, max_size=4))
some_answers = st.lists(
    st.builds(
        lambda asked, title, reported, authors: told(
            record(asked, title, *reported, authors=authors)
        ),
        st.sampled_from(NUMBERS),
        st.sampled_from(TITLES),
        st.lists(st.sampled_from(NUMBERS), max_size=3, unique=True),
        st.sampled_from([(), ("Weizhe Yuan",), ("Tian Lan", "Xu Wang")]),
    ),
    max_size=3,
)
KEYS = {key(t): t for t in TITLES if t}


def in_index(titles: dict[str, list[tuple[str, ...]]]) -> dict[str, list[Known]]:
    """Papers of these titles, one for each author line, each with a number of its own."""
    return {
        title: [
            indexed(f"acl:P{19 - list(KEYS).index(title)}-100{n}", KEYS[title], *people)
            for n, people in enumerate(authors, start=1)
        ]
        for title, authors in titles.items()
    }


some_index = st.none() | st.dictionaries(
    st.sampled_from(list(KEYS)),
    st.lists(st.sampled_from([(), ("Weizhe Yuan",), ("Tian Lan",)]), max_size=2),
).map(in_index)
some_nights = st.lists(st.tuples(some_lists, some_answers, some_index), min_size=1, max_size=3)


def kept(before: Library, after: Library) -> None:
    """What no night may break."""
    for claim in after.claims.values():
        assert claim.paper_id in after.works
    for old, new in after.aliases.items():
        assert old not in after.works
        assert new in after.works
    for place in after.places.values():
        assert place.finding is None or place.finding.paper_id in after.works
        if place.removed_at is None:
            assert (place.finding is not None) is place.wants_paper
    for paper_id in (*before.works, *before.aliases):
        assert after.aliases.get(paper_id, paper_id) in after.works
    for identifier, claim in before.claims.items():
        still = after.claims[identifier]
        assert still.paper_id == after.aliases.get(claim.paper_id, claim.paper_id)
        assert (still.source, still.first_seen_at) == (claim.source, claim.first_seen_at)
    for paper_id in after.works:
        mine = [i for i, c in after.claims.items() if c.paper_id == paper_id]
        for scheme in ("arxiv", "acl"):
            assert sum(i.scheme == scheme for i in mine) <= 1


@given(some_nights)
def test_what_no_night_may_break(nights: list[tuple[Any, Any, Any]]) -> None:
    played = Nights()
    for lists, answers, index in nights:
        before = played.library
        played.night(lists, answers, index)
        kept(before, played.library)


def again(played: Nights, lists: Any, answers: Any, index: Any, rulings: Any = None) -> None:
    """Play a night on its own result; nothing may change."""
    first = played.library
    second = played.night(lists, answers, index, rulings).library
    assert second.works == first.works
    assert second.claims == first.claims
    assert second.aliases == first.aliases
    findings = {e: p.finding for e, p in first.places.items()}
    assert {e: p.finding for e, p in second.places.items()} == findings


@given(some_nights)
def test_a_quiet_night_changes_nothing(nights: list[tuple[Any, Any, Any]]) -> None:
    """What an edit left behind is gone after one more night, and so is what lists and answers that
    contradict each other leave open: whose name a paper goes by is known when a night is over."""
    played = Nights()
    for lists, answers, index in (*nights, nights[-1]):
        played.night(lists, answers, index)
    again(played, *nights[-1])
