"""An entry keeps its id through every edit of a list, and no other entry ever gets it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrich.identity import follow, trace_of_place
from enrich.model import Entry, Kind
from tests.values import entry, ids, link, numbered, places

LIMA = entry("LIMA: Less Is More for Alignment", "arxiv:2305.11206", authors="Zhou et al.")
DPO = entry("Direct Preference Optimization", "arxiv:2305.18290", authors="Rafailov et al.")
KTO = entry(
    "Model Alignment as Prospect Theoretic Optimization",
    "arxiv:2402.01306",
    authors="Ethayarajh et al.",
)
BARE = entry(
    "Learning to summarize with human feedback",
    authors="Stiennon et al.",
    raw="Learning to summarize with human feedback. Stiennon et al. Neurips 2020.",
)
NICK = entry(None, "arxiv:2302.00001", label="FLARE")
WEAK = entry(
    "A statistical framework for weak-to-strong generalization",
    "arxiv:2405.16236",
    raw="* **A statistical framework for weak-to-strong generalization.** "
    "*Somerstep et al.* arXiv 2024. [[paper](https://arxiv.org/abs/2405.16236)]",
)
STRONG = entry(
    "Theoretical Analysis of Weak-to-Strong Generalization",
    "arxiv:2405.16043",
    raw="* **Theoretical Analysis of Weak-to-Strong Generalization.** "
    "*Lang et al.* arXiv 2024. [[paper](https://arxiv.org/abs/2405.16043)]",
)
ELSEWHERE = ("Another section",)


def badged(each: Entry) -> Entry:
    return replace(each, links=(link("None"), link(f"https://lab.example/{each.title}")))


def titled(each: Entry, title: str) -> Entry:
    return replace(each, title=title, raw=each.raw.replace(each.title or "", title))


def fate(before: list[Entry], today: list[Entry]) -> list[int | None]:
    """Of each of today's entries, which of yesterday's it is (from 0), or None for a new one."""
    old = places(*before)
    known = {place.entry_id: n for n, place in enumerate(old)}
    got = follow("list", [trace_of_place(p) for p in old], numbered(today))
    assert len(set(got)) == len(got)
    return [known.get(entry_id) for entry_id in got]


@pytest.mark.parametrize(
    ("before", "today", "expected"),
    [
        pytest.param([LIMA, DPO], [LIMA, DPO], [0, 1], id="nothing changed"),
        pytest.param([LIMA, DPO], [DPO, LIMA], [1, 0], id="moved"),
        pytest.param([LIMA, DPO], [KTO, LIMA, DPO], [None, 0, 1], id="one more in front"),
        pytest.param([LIMA, DPO], [DPO], [1], id="the first is gone"),
        pytest.param([LIMA], [replace(LIMA, section=ELSEWHERE)], [0], id="into another section"),
        pytest.param([LIMA], [titled(LIMA, "LIMA")], [0], id="title cut short"),
        pytest.param([LIMA], [replace(LIMA, ids=DPO.ids)], [0], id="link corrected"),
        pytest.param([LIMA], [replace(LIMA, ids=())], [0], id="link dropped"),
        pytest.param([BARE], [replace(BARE, ids=LIMA.ids)], [0], id="link added"),
        pytest.param(
            [BARE],
            [titled(BARE, "Learning to summarise from human feedback")],
            [0],
            id="typo mended",
        ),
        pytest.param(
            [LIMA],
            [
                replace(
                    titled(LIMA, "LIMA: Less is more for alignment."),
                    ids=ids("acl:2023.acl-long.1"),
                )
            ],
            [0],
            id="preprint becomes the published version",
        ),
        pytest.param(
            [NICK], [replace(NICK, title="Active Retrieval")], [0], id="nick gets a title"
        ),
        pytest.param([LIMA, LIMA], [LIMA, LIMA], [0, 1], id="twice in one section"),
        pytest.param([LIMA, LIMA], [LIMA], [0], id="twice, then once: the first stays"),
        pytest.param([LIMA], [LIMA, LIMA], [0, None], id="once, then twice: the first is the old"),
        pytest.param(
            [LIMA, replace(LIMA, section=ELSEWHERE)],
            [replace(LIMA, section=ELSEWHERE), LIMA],
            [1, 0],
            id="in two sections that changed places",
        ),
        pytest.param([LIMA], [DPO], [None], id="another paper in its place"),
        pytest.param([WEAK], [STRONG], [None], id="another paper, the lines much alike"),
        pytest.param(
            [WEAK, LIMA], [LIMA, STRONG], [1, None], id="another paper where one left the section"
        ),
        pytest.param(
            [replace(badged(WEAK), ids=())],
            [replace(badged(KTO), ids=()), replace(badged(DPO), ids=())],
            [None, None],
            id="a badge is no link of its own",
        ),
        pytest.param(
            [replace(badged(BARE), section=ELSEWHERE)],
            [titled(badged(BARE), "Summaries"), badged(DPO)],
            [0, None],
            id="a link of its own is",
        ),
        pytest.param(
            [entry("CriticBench", "arxiv:2402.14809"), entry("CriticBench", "arxiv:2402.13764")],
            [entry("CriticBench", "arxiv:2402.13764"), entry("CriticBench", "arxiv:2402.14809")],
            [1, 0],
            id="two papers of one name that changed places",
        ),
        pytest.param(
            [entry("CriticBench: Critique-Correct", "arxiv:2402.14809")],
            [entry("CriticBench: LLMs as Critic", "arxiv:2402.13764")],
            [None],
            id="nearly one name, another number",
        ),
        pytest.param(
            [entry(None, kind=Kind.OTHER, raw="- [site]")],
            [entry(None, kind=Kind.OTHER, raw="- [site]")],
            [0],
            id="neither title nor link",
        ),
        pytest.param([], [LIMA, LIMA], [None, None], id="a new list that names a paper twice"),
    ],
)
def test_fate(before: list[Entry], today: list[Entry], expected: list[int | None]) -> None:
    assert fate(before, today) == expected


def test_the_same_line_of_two_lists_has_two_ids() -> None:
    assert places(LIMA, name="a")[0].entry_id != places(LIMA, name="b")[0].entry_id


def test_an_id_can_be_repeated() -> None:
    assert places(LIMA, DPO)[0].entry_id == places(KTO, LIMA)[1].entry_id


some_entries = st.lists(
    st.builds(
        lambda title, stated, section, url: replace(
            entry(title, *stated), section=(section,), links=(link(url),)
        ),
        st.sampled_from(["LIMA", "DPO", "CriticBench", None]),
        st.lists(
            st.sampled_from(["arxiv:2305.11206", "arxiv:2305.18290", "acl:P19-1001"]), unique=True
        ),
        st.sampled_from("AB"),
        st.sampled_from(["None", "https://x.example/1", "https://x.example/2"]),
    ),
    max_size=8,
)


@given(some_entries, some_entries)
def test_every_entry_has_one_id_and_what_did_not_change_keeps_it(
    before: list[Entry], today: list[Entry]
) -> None:
    fate(before, today)
    assert fate(before, before) == list(range(len(before)))
