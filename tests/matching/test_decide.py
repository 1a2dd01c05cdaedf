"""Which of some papers is meant: verdicts, reasons and what a person is shown."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enrich.library import Reason, Verdict
from enrich.matching.decide import are_one, decide
from enrich.matching.values import Known, Wanted
from tests.values import ids

DPO = "Direct Preference Optimization: Your Language Model is Secretly a Reward Model"
SHORT = "Self-Rewarding Language Models"
RAFAILOV = ("Rafael Rafailov", "Archit Sharma", "Eric Mitchell", "Chelsea Finn")
YUAN = ("Weizhe Yuan", "Richard Pang", "Kyunghyun Cho", "Jason Weston")
LAN = ("Tian Lan", "Wenwei Zhang", "Heyan Huang")
MATCHED, AMBIGUOUS, NOT_FOUND = Verdict.MATCHED, Verdict.AMBIGUOUS, Verdict.NOT_FOUND


def known(
    stated: str, title: str = DPO, *authors: str, year: int | None = None, venue: str | None = None
) -> Known:
    return Known("s", ids(*stated.split()), title, authors or RAFAILOV, year, venue)


def nobodys(stated: str, title: str) -> Known:
    """A paper without authors."""
    return Known("s", ids(*stated.split()), title)


PAPER = known("arxiv:2305.18290", year=2023)
REWARDING = known("arxiv:2401.10020", SHORT, *YUAN, year=2024)


@pytest.mark.parametrize(
    ("wanted", "paper", "verdict", "reason"),
    [
        pytest.param(Wanted(DPO), PAPER, MATCHED, Reason.SAME_TITLE, id="a long title alone"),
        pytest.param(
            Wanted(DPO.upper(), "Rafailov et al."),
            PAPER,
            MATCHED,
            Reason.SAME_TITLE_AND_AUTHORS,
            id="title and authors",
        ),
        pytest.param(
            Wanted("self-rewarding language model", "Yuan"),
            REWARDING,
            MATCHED,
            Reason.RESPELT_TITLE,
            id="singular",
        ),
        pytest.param(
            Wanted("Direct Preference Optimization", "Rafailov", None, 2023),
            PAPER,
            MATCHED,
            Reason.CUT_TITLE,
            id="without its sub-title",
        ),
        pytest.param(
            Wanted(f"DPO: {DPO}", "Rafailov, Sharma, Mitchell, Finn"),
            PAPER,
            MATCHED,
            Reason.CUT_TITLE,
            id="a nick in front",
        ),
        pytest.param(
            Wanted("Scaling Instruction-Finetuned Models", "Chung et al.", None, 2022),
            known(
                "arxiv:2210.11416",
                "Scaling Instruction-Finetuned Language Models",
                *("Hyung Won Chung", "Le Hou", "Shayne Longpre"),
                year=2022,
            ),
            MATCHED,
            Reason.REWORDED_TITLE,
            id="a word left out",
        ),
        pytest.param(
            Wanted("大型语言模型对齐综述", "王伟"),
            known("doi:10.1/x", "大型语言模型对齐综述", "Wei Wang", "San Zhang"),
            MATCHED,
            Reason.SAME_TITLE_AND_AUTHORS,
            id="Chinese",
        ),
        pytest.param(
            Wanted(DPO, "Lee et al."), PAPER, AMBIGUOUS, Reason.WEAK_EVIDENCE, id="by others"
        ),
        pytest.param(
            Wanted(DPO, None, None, 2003), PAPER, AMBIGUOUS, Reason.WEAK_EVIDENCE, id="years before"
        ),
        pytest.param(
            Wanted("DPO"), PAPER, NOT_FOUND, Reason.UNKNOWN_TITLE, id="initials are no title"
        ),
        pytest.param(
            Wanted("Constitutional AI"), PAPER, NOT_FOUND, Reason.UNKNOWN_TITLE, id="another"
        ),
        pytest.param(Wanted("", "Rafailov"), PAPER, NOT_FOUND, Reason.NO_TITLE, id="no title"),
        pytest.param(Wanted("…?!"), PAPER, NOT_FOUND, Reason.NO_TITLE, id="only marks"),
    ],
)
def test_one_candidate(wanted: Wanted, paper: Known, verdict: Verdict, reason: Reason) -> None:
    decision = decide(wanted, [paper])
    assert (decision.verdict, decision.reason) == (verdict, reason)
    assert decision.records == ((paper,) if verdict is MATCHED else ())
    shown = [candidate.value for candidate in decision.candidates]
    assert shown == ([paper.identifiers[0].value] if verdict is not NOT_FOUND else [])


@pytest.mark.parametrize(
    ("title", "other"),
    [
        pytest.param("Reasoning with Feedback", "Reasoning without Feedback", id="negation"),
        pytest.param("Physics of Models: Part 1", "Physics of Models: Part 2", id="part"),
        pytest.param("DeepSeek-V2 Report", "DeepSeek-V3 Report", id="version"),
        pytest.param("Size increases Truth", "Size decreases Truth", id="opposite"),
        pytest.param("Can Models Explain?", "Models Can Explain", id="question"),
    ],
)
def test_what_tells_apart_is_never_matched(title: str, other: str) -> None:
    paper = known("arxiv:2401.10020", other, *YUAN, year=2024)
    decision = decide(Wanted(title, "Yuan, Pang, Cho, Weston", None, 2024), [paper])
    assert decision.verdict is not MATCHED


MAIN = known("acl:2023.acl-long.1", year=2023, venue="ACL")
FINDINGS = known("acl:2023.findings-acl.7", year=2023)
WORKSHOP = known("acl:2022.wassa-1.5", year=2022, venue="Workshop on Subjectivity")
NUMBERED = known("acl:W17-1234", year=2023)


@pytest.mark.parametrize(
    ("wanted", "papers", "expected"),
    [
        pytest.param(
            Wanted("CriticBench", None),
            [known("arxiv:1", "CriticBench", *YUAN), known("arxiv:2", "CriticBench", *LAN)],
            (AMBIGUOUS, {"1", "2"}),
            id="two works of one short title",
        ),
        pytest.param(
            Wanted(DPO),
            [PAPER, known("arxiv:2402.13764", DPO, *LAN, year=2023)],
            (AMBIGUOUS, {"2305.18290", "2402.13764"}),
            id="two works of one long title",
        ),
        pytest.param(
            Wanted("CriticBench", "Lan et al."),
            [known("arxiv:1", "CriticBench", *YUAN), known("arxiv:2", "CriticBench", *LAN)],
            (MATCHED, {"2"}),
            id="two works, told apart by authors",
        ),
        pytest.param(
            Wanted(DPO), [PAPER, MAIN], (MATCHED, {"2305.18290", "2023.acl-long.1"}), id="preprint"
        ),
        pytest.param(
            Wanted(DPO),
            [MAIN, FINDINGS],
            (AMBIGUOUS, {"2023.acl-long.1", "2023.findings-acl.7"}),
            id="two numbers that nothing tells apart",
        ),
        pytest.param(
            Wanted(DPO), [WORKSHOP, MAIN], (MATCHED, {"2023.acl-long.1"}), id="the conference's"
        ),
        pytest.param(
            Wanted(DPO), [NUMBERED, MAIN], (MATCHED, {"2023.acl-long.1"}), id="a W is a workshop's"
        ),
        pytest.param(
            Wanted(DPO, None, None, 2022),
            [WORKSHOP, MAIN],
            (MATCHED, {"2022.wassa-1.5"}),
            id="the workshop's by its year",
        ),
        pytest.param(
            Wanted(DPO, None, "WASSA Workshop"),
            [WORKSHOP._replace(year=2023), MAIN],
            (MATCHED, {"2022.wassa-1.5"}),
            id="the workshop's by its venue",
        ),
        pytest.param(
            Wanted(SHORT, "Yuan"),
            [nobodys("arxiv:1", SHORT), known("arxiv:1 doi:10.1/x", SHORT, *YUAN)],
            (MATCHED, {"1", "10.1/x"}),
            id="authors borrowed by the identifier",
        ),
        pytest.param(
            Wanted("CriticBench", "Lan"),
            [
                nobodys("arxiv:1", "CriticBench"),
                nobodys("arxiv:2", "CriticBench"),
                known("arxiv:1", "Critic Bench", *YUAN),
                known("arxiv:2", "Critic Bench", *LAN),
            ],
            (MATCHED, {"2"}),
            id="two works, told apart by borrowed authors",
        ),
        pytest.param(
            Wanted(DPO), [PAPER._replace(identifiers=())], (MATCHED, set()), id="no identifier"
        ),
        pytest.param(Wanted(DPO), [], (NOT_FOUND, set()), id="no candidate"),
    ],
)  # fmt: skip
def test_several_candidates(
    wanted: Wanted, papers: list[Known], expected: tuple[Verdict, set[str]]
) -> None:
    for order in permutations(papers):
        decision = decide(wanted, order)
        found = {i.value for record in decision.records for i in record.identifiers}
        if decision.verdict is AMBIGUOUS:
            assert decision.reason is Reason.SEVERAL_WORKS
            found = {candidate.value for candidate in decision.candidates}
        assert (decision.verdict, found) == expected


def test_the_candidate_of_a_match_is_the_publication_that_is_meant() -> None:
    decision = decide(Wanted(DPO, None, None, 2022), [WORKSHOP, MAIN])
    assert [candidate.value for candidate in decision.candidates] == ["2022.wassa-1.5"]


def test_candidates_of_one_score_stand_by_their_identifier_whatever_else_is_known() -> None:
    one = known("arxiv:2401.10020", "CriticBench", *YUAN)
    other = known("arxiv:2212.10560", "CriticBench", *LAN)
    more = one._replace(identifiers=ids("acl:2023.acl-long.754", "arxiv:2401.10020"))
    for told in (one, more):
        shown = decide(Wanted("CriticBench"), [told, other]).candidates
        assert [each.value for each in shown] == ["2212.10560", "2401.10020"]


def test_a_like_title_stands_back_behind_the_very_title() -> None:
    papers = [REWARDING, known("arxiv:2402.1", "Self-Rewarding Language Model", *YUAN)]
    wanted = Wanted(SHORT, "Yuan")
    alone = decide(wanted, papers[1:])
    assert (alone.verdict, alone.records) == (MATCHED, (papers[1],))
    beside = decide(wanted, papers)
    assert REWARDING.identifiers[0].value == beside.candidates[0].value


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param(PAPER, MAIN, True, id="preprint and publication"),
        pytest.param(PAPER, known("acl:1", DPO, *LAN), False, id="by others"),
        pytest.param(
            known("acl:1", DPO, "Yizhong Wang", "Yeganeh Kordi"),
            known("arxiv:1", DPO, "Wang"),
            True,
            id="a list names one of them, by a common name",
        ),
        pytest.param(PAPER, known("acl:1", f"{DPO} II"), False, id="a second part"),
        pytest.param(PAPER, known("acl:1", year=2031), False, id="eight years later"),
        pytest.param(
            PAPER, known("doi:10.48550/arxiv.2305.18290", SHORT, *LAN), True, id="one number"
        ),
        pytest.param(PAPER, nobodys("acl:1", DPO), True, id="a long title without authors"),
        pytest.param(
            nobodys("acl:1", "CriticBench"),
            nobodys("doi:1", "CriticBench"),
            False,
            id="a short title without authors",
        ),
    ],
)
def test_one_work_or_two(one: Known, other: Known, same: bool) -> None:
    assert are_one(one, other) is same
    assert are_one(other, one) is same


TITLES = [DPO, SHORT, "Direct Preference Optimization", "CriticBench", f"{DPO} II", "", "?"]
NUMBERS = ["arxiv:2305.18290", "acl:2023.acl-long.1", "acl:W17-1234", "doi:10.1/x", "s2:1", ""]
some_paper = st.builds(
    lambda number, title, authors, year, venue: Known(
        "s", ids(*number.split()), title, authors, year, venue
    ),
    st.sampled_from(NUMBERS),
    st.sampled_from(TITLES),
    st.sampled_from([(), RAFAILOV, YUAN, LAN[:1]]),
    st.sampled_from([None, 2022, 2023]),
    st.sampled_from([None, "ACL", "A Workshop"]),
)
some_wanted = st.builds(
    Wanted,
    st.sampled_from(TITLES),
    st.sampled_from([None, "Rafailov et al.", "Lan", "Wang, Lee"]),
    st.sampled_from([None, "ACL", "workshop"]),
    st.sampled_from([None, 2022, 2023, 1900]),
)


@settings(max_examples=300)
@given(some_wanted, st.lists(some_paper, max_size=5), st.randoms(use_true_random=False))
def test_laws(wanted: Wanted, papers: list[Known], chance: object) -> None:
    decision = decide(wanted, papers)
    shuffled = papers[:]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    again = decide(wanted, shuffled)
    assert (again.verdict, again.reason, again.candidates) == (
        decision.verdict,
        decision.reason,
        decision.candidates,
    )
    assert again.records == decision.records
    assert 0 <= decision.score <= 1
    assert all(0 <= candidate.score <= 1 for candidate in decision.candidates)
    assert bool(decision.records) is (decision.verdict is MATCHED)
    assert len(decision.candidates) == len({c[:2] for c in decision.candidates}) <= 5


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("reward " * 150_000, id="a megabyte of words"),
        pytest.param("\\" * 10_000, id="TeX"),
        pytest.param("\0\ud800\u202e" * 1000, id="NUL, half a letter, right to left"),
        pytest.param(": " * 50_000, id="colons"),
        pytest.param("," * 100_000, id="commas"),
    ],
)
def test_hostile_lines(text: str) -> None:
    papers = [PAPER, Known("s", ids("doi:10.1/x"), text, (text,), -1, text)]
    decision = decide(Wanted(text, text, text, 10**12), papers)
    assert 0 <= decision.score <= 1
    assert PAPER not in decision.records
