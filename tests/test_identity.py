"""An entry keeps its id through every edit of a list, and no other entry ever gets it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrich.identity import follow, trace_of_place
from enrich.library import Place
from enrich.lists import parse
from enrich.model import Entry, Kind
from enrich.places import track
from tests.values import entry, ids, link, night, numbered, places

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
        pytest.param(
            [LIMA, BARE],
            [
                replace(LIMA, section=ELSEWHERE),
                replace(titled(BARE, "Learning to summarise from feedback"), section=ELSEWHERE),
            ],
            [0, 1],
            id="reworded in a section that was renamed",
        ),
    ],
)
def test_fate(before: list[Entry], today: list[Entry], expected: list[int | None]) -> None:
    assert fate(before, today) == expected


ALPHA = "- **Alpha of Blending Maps.** *Doe et al.* ICML 2020. [[paper](https://arxiv.org/abs/2301.00001)]\n"
BETA = "- **Beta: Tables by Their Rows.** *Roe et al.* ICML 2021. [[paper](https://arxiv.org/abs/2301.00002)]\n"
GAMMA = "- **Gamma without Any Link.** *Poe et al.* ACL 2022.\n"
EDITS = [
    pytest.param(ALPHA + BETA + GAMMA, GAMMA + ALPHA + BETA, "201", "", id="moved"),
    pytest.param(
        ALPHA + BETA + GAMMA,
        "| Title | Venue | Link |\n|--|--|--|\n"
        "| Alpha of Blending Maps | ICML 2020 | [pdf](https://arxiv.org/pdf/2301.00001v2) |\n"
        "| Beta: Tables by Their Rows | ICML 2021 | [pdf](https://arxiv.org/pdf/2301.00002) |\n"
        "| Gamma without Any Link | ACL 2022 | |\n",
        "012",
        "",
        id="from bullets to a table",
    ),
    pytest.param(
        ALPHA + BETA,
        '<ol><li><a href="http://arxiv.org/abs/2301.00001">Alpha of Blending Maps</a></li>'
        '<li><a href="https://arxiv.org/abs/2301.00002">Beta: Tables by Rows</a></li></ol>\n',
        "01",
        "",
        id="from bullets to html, one reworded",
    ),
    pytest.param(
        ALPHA + BETA,
        ALPHA.replace("00001", "00002") + BETA.replace("00002", "00001"),
        "01",
        "",
        id="links swapped: the titles stay",
    ),
    pytest.param(
        "- **Alpha of Blending Maps** and **Beta: Tables by Their Rows** *Doe et al.* "
        "[[paper](https://arxiv.org/abs/2301.00001)] [[paper](https://arxiv.org/abs/2301.00002)]\n",
        ALPHA + BETA,
        "0n",
        "",
        id="split: the first half is the old one",
    ),
    pytest.param(
        ALPHA + BETA,
        ALPHA.replace(")]", ")] [[follow-up](https://arxiv.org/abs/2301.00002)]"),
        "0",
        "1",
        id="merged: the second is gone",
    ),
    pytest.param(
        ALPHA + "\n## More\n\n" + ALPHA,
        "\n## More\n\n" + ALPHA,
        "1",
        "0",
        id="twice, then only in the second section",
    ),
    pytest.param(
        ALPHA + BETA,
        ALPHA.replace("Alpha of Blending Maps", "On Blending").replace("2301.00001", "2305.00009")
        + BETA,
        "n1",
        "0",
        id="another title and another link: another work",
    ),
    pytest.param(
        ALPHA + BETA + GAMMA,
        "\n## Renamed\n\n" + ALPHA + BETA + GAMMA.replace("Any Link", "a Link"),
        "012",
        "",
        id="section renamed, one reworded",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "fates", "gone"), EDITS)
def test_the_fate_of_a_lists_entries(before: str, after: str, fates: str, gone: str) -> None:
    """`fates`: of each of today's entries its number yesterday, or n for a new one."""
    start = "# A List\n\n## Works\n\n"
    old = track("list", (), parse((start + before).encode()).entries, night(0))
    today = track("list", old, parse((start + after).encode()).entries, night(1))
    known = {place.entry_id: str(n) for n, place in enumerate(old)}
    here = [place for place in today if place.removed_at is None]
    assert "".join(known.get(place.entry_id, "n") for place in here) == fates
    assert [p.first_seen_at == night(1) for p in here] == [fate == "n" for fate in fates]
    left = [known[place.entry_id] for place in today if place.removed_at is not None]
    assert "".join(sorted(left)) == gone


def test_what_comes_back_is_what_it_was() -> None:
    texts = (ALPHA + BETA, ALPHA, ALPHA + BETA.replace("Tables by", "On Tables by"))
    places: tuple[Place, ...] = ()
    for n, text in enumerate(texts):
        places = track("list", places, parse(f"## Works\n\n{text}".encode()).entries, night(n))
    assert [place.first_seen_at for place in places] == [night(0), night(0)]
    assert [place.removed_at for place in places] == [None, None]


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
