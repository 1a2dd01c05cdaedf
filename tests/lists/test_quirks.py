"""Quirks of single lines and headings, one row each: what stands there, and what it says."""

# A line of a list stays one line here, as long as it is there.
# ruff: noqa: E501

from __future__ import annotations

from typing import Any

import pytest

from enrich.lists import parse
from tests.lists.test_layouts import read, told

URL = "https://arxiv.org/abs/2401.0000"

ONE = [
    pytest.param(
        "- A Grand Theory of Reading Lists, Muller et al. 2023",
        {"title": "A Grand Theory of Reading Lists", "authors": "Muller et al.", "year": 2023},
        id="title, people and year in one unmarked line",
    ),
    pytest.param(
        f"- Knowing and Naming Older Things. [[paper]({URL}1)]",
        {"title": "Knowing and Naming Older Things", "authors": None},
        id="words that could be two people, with nothing behind them for a title",
    ),
    pytest.param(
        f"- **Things: A Machine for Reading**\n  **in the long run.** AAAI, 2019. [paper]({URL}1)",
        {"title": "Things: A Machine for Reading in the long run", "venue": "AAAI"},
        id="a title in bold whose bold ends and begins at a line's end",
    ),
    pytest.param(
        f"- **A Title of Things**\n  **Jane Doe, John Roe** AAAI, 2019. [paper]({URL}1)",
        {"title": "A Title of Things"},
        id="people in bold on the line below a title in bold",
    ),
    pytest.param(
        f"- **A Title of Things.** *Doe et al.* [[paper]({URL}1)] [[data](https://doi.org/10.5281/zenodo.123)]",
        {"ids": [f"arxiv:{URL[-9:]}1"], "labels": ["paper", "data"]},
        id="the identifier of the data beside that of the paper",
    ),
    pytest.param(
        "- **A Corpus of Things.** *Doe et al.* [[data](https://doi.org/10.5281/zenodo.123)]",
        {"ids": ["doi:10.5281/zenodo.123"]},
        id="the identifier of the data alone",
    ),
    pytest.param(
        "- [A Title of Things](https://arxiv.org/abs/2011.01234), arXiv 2011; ICML workshop 2021",
        {"venue": "ICML workshop", "year": 2021},
        id="a month on a server before where it appeared",
    ),
    pytest.param(
        f"- **A Title of Things.** ACM Computing Surveys (CSUR), 2018. [paper]({URL}1)",
        {"venue": "ACM Computing Surveys (CSUR)", "year": 2018, "authors": None},
        id="a journal of three words that could be people",
    ),
    pytest.param(
        f"- arXiv 2018,06, A Title of Things: The View. [Website]({URL}1). Just as it says.",
        {"title": "A Title of Things: The View", "venue": "arXiv", "year": 2018},
        id="a month behind a year's comma",
    ),
    pytest.param(
        f"- **A Title.** *Doe et al.* doi:10.1234/5678 [pdf]({URL}1) [data](https://doi.org/10.1234/5678)",
        {"ids": [f"arxiv:{URL[-9:]}1", "doi:10.1234/5678"]},
        id="an identifier in words that a link to the data repeats",
    ),
    pytest.param(
        f"1. **Jane Doe and John Roe** - *Exact Counting Machines* (2005) [pdf]({URL}1)",
        {"title": "Exact Counting Machines", "authors": "Jane Doe and John Roe", "year": 2005},
        id="people in bold and a dash before a title in italics",
    ),
    pytest.param(
        f"- **Counting and Sorting Machines**. *Jane Doe, John Roe*. ICML 2020. [pdf]({URL}1)",
        {"title": "Counting and Sorting Machines", "authors": "Jane Doe, John Roe"},
        id="people in italics behind a title that could be people",
    ),
    pytest.param(
        f"- **Nick**: [A Title of Things]({URL}1) (2023-01, Somecompany)",
        {"title": "A Title of Things", "venue": None, "year": 2023},
        id="a month, then a company",
    ),
    pytest.param(
        f"- **Nick**: [A Title of Things]({URL}1) (TASLP 2023, Somecompany)",
        {"title": "A Title of Things", "venue": "TASLP", "year": 2023},
        id="a venue, then a company",
    ),
    pytest.param(
        f"- **Alphabet** [[p]({URL}1)]",
        {"title": "Alphabet", "labels": ["p"]},
        id="a link's text of one letter is a label",
    ),
    pytest.param(
        f"- 2023-05-01: [Some Title of Work]({URL}1)",
        {"title": "Some Title of Work", "year": 2023},
        id="a date and a colon in front",
    ),
    pytest.param(
        f"- Jane Doe. Some Title of a Work. ICML 2021. [[pdf]]({URL}1)",
        {"title": "Some Title of a Work", "authors": "Jane Doe", "venue": "ICML", "year": 2021},
        id="one author in front",
    ),
    pytest.param(
        f"- Jane Doe, John Roe: Some Title of Work. ICML 2020: 1-10 [pdf]({URL}1)",
        {"title": "Some Title of Work", "authors": "Jane Doe, John Roe", "venue": "ICML", "year": 2020},
        id="authors and a colon in front, pages behind the venue",
    ),
    pytest.param(
        f'- J. Doe, A. Poe, "Other Title of Work," in IEEE Trans. Things, vol. 3, no. 2, pp. 1-10, 2021. [pdf]({URL}1)',
        {"title": "Other Title of Work", "venue": "IEEE Trans. Things", "year": 2021},
        id="a reference with volume, number and pages",
    ),
    pytest.param(
        f"- [Alpha Beta Gamma]({URL}1), *Jane Doe*, ICLR 2020, cited by 12",
        {"venue": "ICLR", "year": 2020, "authors": "Jane Doe"},
        id="a count behind the venue",
    ),
    pytest.param(
        f"- ![](https://img.shields.io/badge/NeurIPS-2022-blue) [Third Title of Work]({URL}1)",
        {"venue": "NeurIPS", "year": 2022},
        id="a badge with a dash between venue and year",
    ),
    pytest.param(
        f"- [![](https://img.shields.io/badge/ICLR%202022-blue)]({URL}1) Fourth Title of Work",
        {"title": "Fourth Title of Work", "venue": "ICLR", "year": 2022},
        id="a badge with an encoded blank",
    ),
    pytest.param(
        f"- [Doe et al., 2020]({URL}1)",
        {"title": None, "label": "Doe et al.", "year": 2020},
        id="an author short-cut",
    ),
    pytest.param(
        f"- [Poe and Loe 2019]({URL}1)",
        {"title": None, "label": "Poe and Loe 2019", "year": 2019},
        id="a short-cut of two authors",
    ),
    pytest.param(
        "- Nu Xi of Omicron: arXiv:2401.00001",
        {"title": "Nu Xi of Omicron", "ids": ["arxiv:2401.00001"]},
        id="an identifier in words behind the title",
    ),
    pytest.param(
        "- Rho and Sigma of Tau, doi:10.1234/abc.DEF",
        {"title": "Rho and Sigma of Tau", "ids": ["doi:10.1234/abc.def"]},
        id="a DOI in words behind the title",
    ),
    pytest.param(
        f"- **Nick:**The Title of Work [pdf]({URL}1)",
        {"title": "Nick:The Title of Work"},
        id="bold that Markdown does not see",
    ),
    pytest.param(
        f"- #5 A Title of Work [pdf]({URL}1)", {"title": "A Title of Work"}, id="a number sign"
    ),
    pytest.param(
        f"- **√Ñlpha Beta of Fr√§nken.** *J√∂rg D√∂e et al.* ICLR 2020. [[pdf]({URL}1)]",
        {"title": "Älpha Beta of Fränken", "authors": "Jörg Döe et al."},
        id="mojibake at the beginning",
    ),
    pytest.param(
        f"- [Don‚Äôt Beta Gamma]({URL}1), Ren√© Doe, ACL 2021",
        {"authors": "René Doe", "venue": "ACL"},
        id="mojibake in a name",
    ),
    pytest.param(
        f"- [Delta Eps Zeta]（{URL}1）",
        {"title": "Delta Eps Zeta"},
        id="a link with full-width brackets",
    ),
    pytest.param(
        f"- [Alpha Beta Gamma][1]\n\n> [1]: {URL}1",
        {"title": "Alpha Beta Gamma", "ids": ["arxiv:2401.00001"]},
        id="a definition inside a quotation",
    ),
    pytest.param(
        f"- arXiv 2023.10, Learning to (Learn at Night), [arXiv]({URL}1)",
        {"title": "Learning to (Learn at Night)", "venue": "arXiv", "year": 2023},
        id="where and when in front, a comma behind",
    ),
    pytest.param(
        f"- ICLR 2024 submission, **NickThing**: Models of Things for Control, [Oepnreview]({URL}1)",
        {"title": "NickThing: Models of Things for Control", "venue": "ICLR submission", "year": 2024},
        id="an occasion, a bold nick, the rest of the title",
    ),
    pytest.param(
        f"- RSS 2022 Best Student Paper Award Finalist, **ACIDO**: Dynamics of Things, [Site]({URL}1)",
        {"title": "ACIDO: Dynamics of Things", "year": 2022},
        id="an award in front",
    ),
    pytest.param(
        f"- ICML 2022, The **primacy trap** in deep learning, [arXiv]({URL}1)",
        {"title": "The primacy trap in deep learning"},
        id="bold inside a plain title",
    ),
    pytest.param(
        f"1. <span id='x'>**[Seq2Thing]**</span> | **3DV'19** | Making Animated Things from Words | [`[pdf]`]({URL}1)",
        {"title": "Making Animated Things from Words", "year": 2019},
        id="bars between nick, occasion and title",
    ),
    pytest.param(
        f"- [[3DV2021]({URL}1)] Open Detection of Things [[github](https://github.com/a/b)]",
        {"title": "Open Detection of Things"},
        id="a link that only says where and when, in front",
    ),
    pytest.param(
        f"- ```2010``` ```Old Kind``` Comparison of Ways to Detect Trees ```Far Sensing``` [```paper```]({URL}1)",
        {"title": "Comparison of Ways to Detect Trees", "year": 2010},
        id="tags in code in front",
    ),
    pytest.param(
        f"- **Graphs via Frequent Parts (SDM 2018)**\n  - Jane Doe and John Roe\n  - [[Paper]]({URL}1)\n  - [[Python Original]](https://github.com/a/graphs)",
        {"title": "Graphs via Frequent Parts", "authors": "Jane Doe and John Roe", "year": 2018, "labels": ["Paper", "Python Original"]},
        id="the occasion inside the bold, labelled links below",
    ),
    pytest.param(
        f"- A Survey of Ways: Techniques, Applications, and Challenges (*May 2023, arXiv*) [[Paper]({URL}1)]",
        {"title": "A Survey of Ways: Techniques, Applications, and Challenges", "year": 2023},
        id="words of a title that look like surnames",
    ),
    pytest.param(
        f"- [Megathing]({URL}1): Training Models of Things at Scale | SOSP 23",
        {"title": "Megathing: Training Models of Things at Scale", "year": 2023},
        id="a linked nick and the rest of its title",
    ),
    pytest.param(
        f"- [Ring Things]({URL}1) with Blocks for Near-Infinite Context | UCB",
        {"title": "Ring Things with Blocks for Near-Infinite Context"},
        id="a title that runs on behind its link",
    ),
    pytest.param(
        f"- [Some Thing]({URL}1): \"A Quoted Title of Words\"",
        {"title": "A Quoted Title of Words"},
        id="a linked nick, a quoted title",
    ),
    pytest.param(
        f'* CN: "Attributes for Real-Time Things" CVPR (Oral). [[Paper]]({URL}1)',
        {"title": "Attributes for Real-Time Things"},
        id="a nick that is a language's code as well",
    ),
    pytest.param(
        f"- Backdoors of Things: A Survey.\n  [[pdf]]({URL}1)\n  - Jane Doe, John Roe, and Ann Poe. arXiv, 2020.",
        {"title": "Backdoors of Things: A Survey", "authors": "Jane Doe, John Roe, and Ann Poe", "year": 2020},
        id="authors below a short title",
    ),
    pytest.param(
        f"- FROM DATA TO HIGH-QUALITY\nBENCHMARKS: HARD AND BUILT\nPIPELINE, <ins>arXiv, 2024</ins> [[pdf]]({URL}1)",
        {"title": "FROM DATA TO HIGH-QUALITY BENCHMARKS: HARD AND BUILT PIPELINE", "year": 2024},
        id="a wrapped title in capitals",
    ),
    pytest.param(
        f"- Traps and Pitfalls of Interposition Based\n  Tools, T. Garfield, Networks and Systems, 2003 [[pdf]({URL}1)]",
        {"title": "Traps and Pitfalls of Interposition Based Tools"},
        id="a comma, people with initials, a wrapped line",
    ),
    pytest.param(
        f"- A Title of Some Words\n  Jane Doe, John Roe\n  ICML 2020 [[pdf]({URL}1)]",
        {"title": "A Title of Some Words", "authors": "Jane Doe, John Roe", "venue": "ICML"},
        id="authors and venue on lines of their own",
    ),
    pytest.param(
        f"- A Title of Some Words :star: ICML 2020 [[pdf]({URL}1)]",
        {"title": "A Title of Some Words", "venue": "ICML", "year": 2020},
        id="a star behind the title",
    ),
    pytest.param(
        f"- **ISSTA'21** A Title of Some Words [[pdf]({URL}1)]",
        {"title": "A Title of Some Words", "year": 2021},
        id="an unknown venue in bold in front",
    ),
    pytest.param(
        f"- [ICML 2010: A Title of Some Words]({URL}1)",
        {"title": "A Title of Some Words", "venue": "ICML", "year": 2010},
        id="where and when inside the link, in front",
    ),
    pytest.param(
        f"- [A Title of Some Words, CGO 2010]({URL}1)",
        {"title": "A Title of Some Words", "year": 2010},
        id="where and when inside the link, behind",
    ),
    pytest.param(
        f"- Is Bigger Always Better? A Study of Tiny Nets, Doe et al., arXiv 2013 [[pdf]({URL}1)]",
        {"title": "Is Bigger Always Better? A Study of Tiny Nets", "authors": "Doe et al.", "year": 2013},
        id="a question in the title",
    ),
    pytest.param(
        f"- *A Title in Italics of Words*, Jane Doe, ACL 2012 [[pdf]({URL}1)]",
        {"title": "A Title in Italics of Words", "authors": "Jane Doe", "venue": "ACL"},
        id="a title in italics",
    ),
    pytest.param(
        f"- **Alpha of Maps.** *Doe et al.* [[paper]({URL}1)] [[follow-up]({URL}2)]",
        {"title": "Alpha of Maps", "labels": ["paper", "follow-up"]},
        id="an unknown label in brackets",
    ),
    pytest.param(
        f'- <i><b>A Survey of Things</b></i>, Doe et al., <a href="{URL}1"><img src="https://img.shields.io/badge/EMNLP-2024.11-blue" alt="EMNLP Badge"></a>',
        {"title": "A Survey of Things", "authors": "Doe et al.", "venue": "EMNLP", "year": 2024},
        id="a badge whose description names the venue again",
    ),
    pytest.param(
        f"- [A Model of Data]({URL}1) (1970): Codd's work laid the ground.",
        {"title": "A Model of Data", "year": 1970},
        id="a year in brackets, prose behind it",
    ),
    pytest.param(
        f"- (2023) **Open Masks of Things.** arXiv preprint. Doe, J., Roe, A. E., ... & Poe, B. (Some University, Some Lab). [(paper)]({URL}1)",
        {"title": "Open Masks of Things", "authors": "Doe, J., Roe, A. E., ... & Poe, B."},
        id="where the authors work, and others left out",
    ),
    pytest.param(
        "- (ECCV 24') Editing via Things, *Singer et al.* [[paper](https://a.b/c.pdf)]",
        {"title": "Editing via Things", "venue": "ECCV", "year": 2024},
        id="the apostrophe behind the year",
    ),
    pytest.param(
        f"- <[Alpha Beta Gamma]({URL}1)> by Ann Poe and Bob Loe, 2018. (Blog)",
        {"authors": "Ann Poe and Bob Loe", "venue": None, "year": 2018},
        id="two authors behind by, and no venue",
    ),
    pytest.param(
        f"- <[Alpha Beta Gamma]({URL}1)> by Jane Doe, 2018.（Blog）",
        {"authors": "Jane Doe", "venue": None, "year": 2018},
        id="one author behind by, and a wide bracket",
    ),
    pytest.param(
        f"- <[Alpha Beta Gamma]({URL}1)> by Doe J, Poe A B, Loe C. AAMAS, 2014.",
        {"authors": "Doe J, Poe A B, Loe C", "venue": "AAMAS", "year": 2014},
        id="initials behind the names, then the venue",
    ),
    pytest.param(
        f"- <[Alpha Beta Gamma]({URL}1)> by \nJane Doe, Ann Poe, and Bob Loe, ICML, 2016.",
        {"authors": "Jane Doe, Ann Poe, and Bob Loe", "venue": "ICML", "year": 2016},
        id="by at the end of a line",
    ),
    pytest.param(
        f"- [Alpha Beta Gamma]({URL}1) by training on more data",
        {"title": "Alpha Beta Gamma", "authors": None},
        id="by, and no people",
    ),
    pytest.param(
        f"- [Alpha Beta Gamma]({URL}1)\n    - Jane Doe, Ann Poe\n    - \U0001f4c5 Date: March 2026\n    - \U0001f4d1 Publisher: CVPR 2026",
        {"authors": "Jane Doe, Ann Poe", "venue": "CVPR", "year": 2026},
        id="an emoji before a key",
    ),
    pytest.param(
        f"- ISCA 15, Doe et al, [Alpha and Beta: a gamma]({URL}1)",
        {"title": "Alpha and Beta: a gamma", "authors": "Doe et al.", "venue": "ISCA", "year": 2015},
        id="where and when, then people, in front",
    ),
    pytest.param(
        f"- SoCC 16 -- `things` -- Doe et al, [Alpha: Beta of Gamma]({URL}1)",
        {"title": "Alpha: Beta of Gamma", "authors": "Doe et al.", "venue": "SoCC", "year": 2016},
        id="a tag between dashes, then people",
    ),
    pytest.param(
        f"- 1. Doe et al, SoCC'16, Alpha: Beta of Some Gamma, [paper]({URL}1)",
        {"title": "Alpha: Beta of Some Gamma", "authors": "Doe et al.", "venue": "SoCC", "year": 2016},
        id="people, then where and when, in front",
    ),
    pytest.param(
        f"- EuroSys '16 -- `cloud + things + learning` -- [Gamma: Scalable Beta of Alpha]({URL}1)",
        {"title": "Gamma: Scalable Beta of Alpha", "venue": "EuroSys", "year": 2016},
        id="a tag of some words before the title",
    ),
    pytest.param(
        f"- HotCloud `'11 -- [The Alpha Beta: Gamma]({URL}1)",
        {"title": "The Alpha Beta: Gamma", "venue": "HotCloud", "year": 2011},
        id="a stray mark before the year",
    ),
    pytest.param(
        f"- [ALPHA: beta aware gamma. COLING 2016. Doe, Jane and Poe, Ann and Loe, Bob.]({URL}1)",
        {"title": "ALPHA: beta aware gamma", "authors": "Doe, Jane and Poe, Ann and Loe, Bob", "venue": "COLING", "year": 2016},
        id="a whole citation as a link's text",
    ),
    pytest.param(
        f"- NSDI 17 -- [Doe et al, Alpha, Fast and Slow: Beta of Gamma]({URL}1)",
        {"title": "Alpha, Fast and Slow: Beta of Gamma", "authors": "Doe et al.", "venue": "NSDI", "year": 2017},
        id="people at the start of a link's text",
    ),
    pytest.param(
        f"1. **Alpha Beta Gamma of Things**\n         - [[paper]({URL}1)]\n         - Keyword: things",
        {"title": "Alpha Beta Gamma of Things", "ids": ["arxiv:2401.00001"], "labels": ["paper"]},
        id="notes set in too far",
    ),
    pytest.param(
        f"- [Alpha Beta Gamma]({URL}1)\n  - Jane Doe\u2217, Ann Poe\u2217, Bob Loe",
        {"authors": "Jane Doe\u2217, Ann Poe\u2217, Bob Loe"},
        id="stars of another kind behind names",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "fields"), ONE)
def test_one_entry(text: str, fields: dict[str, Any]) -> None:
    (entry,) = read(f"# A List\n\n## Some Works\n\n{text}\n")
    assert told(entry, fields) == fields
    for link in entry.links:
        assert link.url.startswith("https://")


@pytest.mark.parametrize(
    ("headings", "venue", "year"),
    [
        pytest.param("## 2024", None, 2024, id="a year"),
        pytest.param("## NeurIPS 2022", "NeurIPS", 2022, id="a venue and a year"),
        pytest.param("## ICLR'24 (12)", "ICLR", 2024, id="a short year and a count"),
        pytest.param("## ACL", "ACL", None, id="a venue"),
        pytest.param("## 2020年", None, 2020, id="Chinese"),
        pytest.param("## Papers of 2021", None, 2021, id="papers of a year"),
        pytest.param("## 3rd of October 2023", None, 2023, id="a day"),
        pytest.param("## 2024\n\n### A Topic", None, 2024, id="a topic under a year"),
        pytest.param("## ICLR\n\n### 2023", "ICLR", 2023, id="a year under a venue"),
        pytest.param("## 2023\n\n**ICLR**", "ICLR", 2023, id="a venue in bold under a year"),
        pytest.param("## 2019 and before", None, None, id="a year and before"),
        pytest.param("## Before 2015", None, None, id="before a year"),
        pytest.param("## 2016-2018", None, None, id="a range of years"),
        pytest.param("## Works since 2020 on things", None, None, id="a year in a sentence"),
    ],
)
def test_what_a_heading_says_of_its_entries(
    headings: str, venue: str | None, year: int | None
) -> None:
    text = f"# A List\n\n{headings}\n\n- [Alpha Beta Gamma]({URL}1)\n- [Delta Eps]({URL}2), 1999\n"
    one, two = read(text)
    assert (one.venue, one.year) == (venue, year)
    assert two.year == 1999
    assert "year" not in one.spans  # it does not stand in the entry


MANY = [
    pytest.param(
        f"- [paper]({URL}1) [code](https://github.com/a/b)\n- [paper]({URL}2)\n",
        ["title", "label", "ids"],
        [[None, None, ["arxiv:2401.00001"]], [None, None, ["arxiv:2401.00002"]]],
        id="works without any name",
    ),
    pytest.param(
        f"- **ICLR**\n  - **2023**\n    - [Alpha Beta Gamma]({URL}1)\n  - Before 2015\n    - [Delta Eps Zeta]({URL}2)\n",
        ["title", "venue", "year"],
        [["Alpha Beta Gamma", "ICLR", 2023], ["Delta Eps Zeta", "ICLR", None]],
        id="bullets of venue and year",
    ),
    pytest.param(
        f"Alpha Beta Gamma\n---\nJane Doe, ICML 2020. [pdf]({URL}1)\n\nDelta Eps Zeta\n---\nAnn Poe and Bob Loe. ACL 2021. [pdf]({URL}2)\n",
        ["title", "venue", "year", "layout"],
        [["Alpha Beta Gamma", "ICML", 2020, "heading"], ["Delta Eps Zeta", "ACL", 2021, "heading"]],
        id="a heading, and its data in a paragraph",
    ),
    pytest.param(
        f"### Alpha Beta Gamma\n- intro: ICCV 2015\n- arxiv: {URL}1\n\n### Delta Eps Zeta\n- arxiv: {URL}2\n",
        ["title", "venue", "year"],
        [["Alpha Beta Gamma", "ICCV", 2015], ["Delta Eps Zeta", None, None]],
        id="the venue under a key of another name",
    ),
    pytest.param(
        f'<table><tr><th>Name</th><th>Paper</th><th>Where</th></tr><tr><td>ABG</td><td><a href="{URL}1">Alpha Beta Gamma of Work</a></td><td rowspan="2">ICLR 2020</td></tr>'
        f'<tr><td>DEZ</td><td>Delta Eps Zeta of Work <a href="{URL}2">link</a></td></tr></table>\n',
        ["title", "venue", "year"],
        [["Alpha Beta Gamma of Work", "ICLR", 2020], ["Delta Eps Zeta of Work", "ICLR", 2020]],
        id="a venue that reaches over two rows",
    ),
    pytest.param(
        f"| Jahr | Titel | Autoren | Konferenz |\n|--|--|--|--|\n| 2020 | [Alpha Beta]({URL}1) | Jane Doe | ICLR |\n| 2021 | Delta Eps | Ann Poe | ACL |\n",
        ["title", "authors", "venue", "year"],
        [["Alpha Beta", "Jane Doe", "ICLR", 2020], ["Delta Eps", "Ann Poe", "ACL", 2021]],
        id="a german table",
    ),
    pytest.param(
        "- A First Title of Many Things (CIDR 2019)\n- A Second Title: of Many Things (aiDM 2021)\n- Third One for Things, Jane Doe and John Roe\n- Towards a Fourth Thing\n",
        ["title", "year", "kind"],
        [["A First Title of Many Things", 2019, "paper"], ["A Second Title: of Many Things", 2021, "paper"], ["Third One for Things", None, "paper"], ["Towards a Fourth Thing", None, "paper"]],
        id="works without a link, some of them cited",
    ),
    pytest.param(
        "- Tuning\n  - Nicked: FINETUNED MODELS OF THINGS ARE LEARNERS\n  - Nick-T5: Scaling the Models of Many Things\n- 经典方案\n  - Learning to Follow the Words of People\n"
        "- Other Ways\n  - LoRAx: Low-Rank Changes of Large Things\n  - Soft Prompts for Parameter-Efficient Things\n  - How Far Can Things Go? A Study\n",
        ["line", "title"],
        [[6, "Nicked: FINETUNED MODELS OF THINGS ARE LEARNERS"], [7, "Nick-T5: Scaling the Models of Many Things"], [9, "Learning to Follow the Words of People"],
         [11, "LoRAx: Low-Rank Changes of Large Things"], [12, "Soft Prompts for Parameter-Efficient Things"], [13, "How Far Can Things Go? A Study"]],
        id="topics of titles without links",
    ),
    pytest.param(
        "".join(f"- A Survey of the {word} Things and Their Uses\n" for word in "First Second Third Fourth Fifth Sixth".split())
        + "\n## Tool Use\n\n- Tools of Things: Learning to Call Them\n- Calling Things Well: A Study\n",
        ["title"],
        [*([f"A Survey of the {word} Things and Their Uses"] for word in "First Second Third Fourth Fifth Sixth".split()), ["Tools of Things: Learning to Call Them"], ["Calling Things Well: A Study"]],
        id="titles about tools in a list of bare titles",
    ),
    pytest.param(
        "- Paper\n\n    |domain|model name|booktitle|title|author|\n    |:-:|:-:|:-:|:-:|:-:|\n    Embedding|TransX|NIPS2013|Translating Embeddings for Data|Jane Doe, John Roe\n    Embedding|TransY|AAAI2014|Graphs by Translating on Planes|Ann Poe\n",
        ["line", "title", "authors"],
        [[9, "Translating Embeddings for Data", "Jane Doe, John Roe"], [10, "Graphs by Translating on Planes", "Ann Poe"]],
        id="a table inside an item",
    ),
    pytest.param(
        f"<table>\n<tr>\n<td>Metrics</td><td>Citation number</td><td>Publication time</td><td>Paper name</td>\n</tr>\n<tr>\n<td>SSIMX</td><td>58352</td><td>2004.04</td><td><a href='{URL}1'>Quality of Pictures of Things</a></td>\n</tr>\n"
        f"<tr>\n<td>UQIX</td><td>7419</td><td>2002.03</td><td><a href='{URL}2'>A universal index of pictures</a></td>\n</tr>\n</table>\n",
        ["line", "title", "year"],
        [[9, "Quality of Pictures of Things", 2004], [12, "A universal index of pictures", 2002]],
        id="an html table whose names of columns are plain cells",
    ),
    pytest.param(
        f"**Date** | **Papers**\n:--|:--\nApr 1 | [On Trusting Things]({URL}1) by K. Doe\nApr 3 | [Capabilities for Things]({URL}2) by Roe et. al\nApr 8 | [Confining Things with Cows]({URL}3) by D. Poe et al.\nApr 10 | No class\n",
        ["title"],
        [["On Trusting Things"], ["Capabilities for Things"], ["Confining Things with Cows"]],
        id="a day without a class",
    ),
    pytest.param(
        f"### Monad\nSoftware: https://a.b/monad\n\nMonad manuscript: [The dynamics of cells are revealed]({URL}1)\n\nMonad 2 manuscript: [Graphs that resolve the fates of cells]({URL}2)\n\n"
        f"### Slingo\nSoftware: https://a.b/slingo\n\nManuscript: [Slingo: lineage inference of single cells]({URL}3)\n",
        ["title", "layout"],
        [["The dynamics of cells are revealed", "paragraph"], ["Graphs that resolve the fates of cells", "paragraph"], ["Slingo: lineage inference of single cells", "paragraph"]],
        id="headings that are nicks, keyed titles below",
    ),
    pytest.param(
        f"### Palanty\n- Manuscript: [Fate choice in the cells of humans]({URL}1)\n- github: https://github.com/a/b\n\n### Slingo\n- Manuscript: [Slingo: lineage inference of single cells]({URL}2)\n- github: https://github.com/a/c\n",
        ["title", "layout"],
        [["Fate choice in the cells of humans", "heading"], ["Slingo: lineage inference of single cells", "heading"]],
        id="headings that are nicks, the linked titles below",
    ),
    pytest.param(
        f"### 3rd of October\n\n[Self-Taught Things: Improving Code]({URL}1)\n\n- Asks a model to improve.\n\n---\n### 2nd of October\n\n[Agents for Real-time\nThings and Opinions]({URL}2)\n\n- Sensory processing.\n\n---\n### 1st of October\n\n[Gorillas of Things]({URL}3)\n\n- [Other](https://github.com/a/b) is inspired by this.\n",
        ["title"],
        [["Self-Taught Things: Improving Code"], ["Agents for Real-time Things and Opinions"], ["Gorillas of Things"]],
        id="one paragraph under each date, a link over two lines",
    ),
    pytest.param(
        f"**Unifying Things with Models**\n\n![](/assets/x.png)\n\n- arxiv: [{URL}1]({URL}1)\n- github: [https://github.com/a/b](https://github.com/a/b)\n\n**Practical Nets for Things**\n\n- intro: EMNLP 2016\n- github: [https://github.com/c/d](https://github.com/c/d)\n",
        ["line", "title", "venue"],
        [[5, "Unifying Things with Models", None], [12, "Practical Nets for Things", "EMNLP"]],
        id="a picture between a name and its links; one with but its code",
    ),
    pytest.param(
        f"- [vThing](https://vthing.ai/): Easy, Fast, and Cheap Things with Pages | SOSP' 23\n- [Orcas]({URL}1): A System for Serving Things | OSDI 22\n- [Tabby]({URL}2): An Efficient System for Things\n",
        ["title"],
        [["vThing: Easy, Fast, and Cheap Things with Pages"], ["Orcas: A System for Serving Things"], ["Tabby: An Efficient System for Things"]],
        id="a site among papers of the same form",
    ),
    pytest.param(
        f"1. **Nets for Music Scores of Things.** *Jane Doe, John Roe.* [paper]()\n1. **Circuits of Things.** *Ann Poe.* [paper]({URL}1)\n1. **Nets for Fraud.** *Ann Poe.* [paper]({URL}2)\n",
        ["title", "ids"],
        [["Nets for Music Scores of Things", []], ["Circuits of Things", ["arxiv:2401.00001"]], ["Nets for Fraud", ["arxiv:2401.00002"]]],
        id="an empty target",
    ),
    pytest.param(
        "- [Things: A Survey](./paper/things_survey.caj)\n- [A Review of Many Things](./paper/review.djvu)\n- [Reports on Things](./paper/reports.ps.gz)\n",
        ["title", "kind"],
        [["Things: A Survey", "paper"], ["A Review of Many Things", "paper"], ["Reports on Things", "paper"]],
        id="documents that are no PDF",
    ),
    pytest.param(
        f"- HotCloud 2015 - [Alpha is Not Enough]({URL}1)\n- Web of Things (WoT): A vision, its elements, and directions, FGTS, 2013\n- Enabling the Web of Things, IEEE Computer 2015\n- Integration of Clouds and Things: A survey, -- FGTS 2016\n",
        ["title", "venue", "year"],
        [
            ["Alpha is Not Enough", "HotCloud", 2015],
            ["Web of Things (WoT): A vision, its elements, and directions", "FGTS", 2013],
            ["Enabling the Web of Things", "IEEE Computer", 2015],
            ["Integration of Clouds and Things: A survey", "FGTS", 2016],
        ],
        id="titles without links and unknown venues",
    ),
    pytest.param(
        "1. HotCloud '17 -- Alpha reallocation of things\n2. Mobisys '13 -- Just-in-time beta for gamma\n3. HotCloud 16 -- Beta Computing with Things -- not PDF released yet.\n",
        ["title", "venue"],
        [["Alpha reallocation of things", "HotCloud"], ["Just-in-time beta for gamma", "Mobisys"], ["Beta Computing with Things", "HotCloud"]],
        id="where and when, dashes, a title without a link",
    ),
    pytest.param(
        f"   - SoCC '17 -- [Alpha Beta Gamma]({URL}1)\n    - SoCC '16 -- Doe et al, [Delta Eps Zeta]({URL}2)\n    - [Eta Theta Iota]({URL}3)\n",
        ["line", "title", "ids"],
        [[5, "Alpha Beta Gamma", ["arxiv:2401.00001"]], [6, "Delta Eps Zeta", ["arxiv:2401.00002"]], [7, "Eta Theta Iota", ["arxiv:2401.00003"]]],
        id="bullets set in too far",
    ),
    pytest.param(
        f"--- Before-2020 ---  \n**Alpha: A Benchmark of Things**  \nJane Doe, Ann Poe  \n[ACL 2022]({URL}1)\n\n**Beta: Methods and Analysis of Things**  \nBob Loe, Jane Doe  \n[arXiv, 30 Sep 2024]({URL}2)  \n**Gamma: Exploring a Space of Things**  \nAnn Poe, Jane Doe  \n[arXiv, 28 Aug 2024]({URL}3)\n",
        ["line", "title", "ids"],
        [
            [6, "Alpha: A Benchmark of Things", ["arxiv:2401.00001"]],
            [10, "Beta: Methods and Analysis of Things", ["arxiv:2401.00002"]],
            [13, "Gamma: Exploring a Space of Things", ["arxiv:2401.00003"]],
        ],
        id="a divider above a title, and no blank line between two",
    ),
    pytest.param(
        f"</table>\n</tbody>\n<thead>\n<tr>\n<th>Paper Title</th>\n<th>Year</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td><a href='{URL}1'>Alpha Beta of Gamma</a></td>\n<td>2021</td>\n</tr>\n<tr>\n<td><a href='{URL}2'>Delta: Eps and Zeta</a></td>\n<td>2023</td>\n</tr>\n</tbody>\n</table>\n",
        ["title", "year"],
        [["Alpha Beta of Gamma", 2021], ["Delta: Eps and Zeta", 2023]],
        id="rows in no table",
    ),
    pytest.param(
        f"| Title | Venue | Year | Links |\n|--|--|--|--|\n| Alpha Beta of Gamma | AAAI :mortar_board: | 2022 | [[PDF]]({URL}1) |\n| Delta Eps of Zeta | ICLR \U0001f393 | 2021 | [[PDF]]({URL}2) |\n",
        ["title", "venue", "year"],
        [["Alpha Beta of Gamma", "AAAI", 2022], ["Delta Eps of Zeta", "ICLR", 2021]],
        id="a venue and a mark in its cell",
    ),
    pytest.param(
        f"#### [Alpha Beta Gamma]({URL}1)\n\narXiv 2024\n\n1. **Safe.** Zeta + [Smoothed Delta]({URL}2)\n2. Drops what is hidden\n\n#### [Eta Theta Iota]({URL}3)\n\nICLR 2024\n\n1. Much the same\n",
        ["title", "ids"],
        [["Alpha Beta Gamma", ["arxiv:2401.00001"]], ["Eta Theta Iota", ["arxiv:2401.00003"]]],
        id="another work named in a note",
    ),
    pytest.param(
        f"**Alpha: Beta of Many Things**  \nJane Doe, Ann Poe  \n[ACL 2022]({URL}1)  \n**Key idea of this work**: more [things]({URL}2)\n\n**Delta: Eps of Many Things**  \nAnn Poe, Bob Loe  \n[ACL 2023]({URL}3)\n",
        ["line", "title"],
        [[5, "Alpha: Beta of Many Things"], [10, "Delta: Eps of Many Things"]],
        id="a note that begins in bold",
    ),
    pytest.param(
        f"| System | Paper | Docs |\n|--|--|--|\n| [Alfa](https://github.com/a/alfa) | [Alpha Beta of Gamma]({URL}1) | |\n| [Beto](https://github.com/a/beto) | [Delta Eps of Zeta]({URL}2) | |\n| [Gamo](https://github.com/a/gamo) | | [Doc](https://gamo.example.io/) |\n",
        ["title", "kind"],
        [["Alpha Beta of Gamma", "paper"], ["Delta Eps of Zeta", "paper"], ["Gamo", "repo"]],
        id="a system without a paper among such with one",
    ),
    pytest.param(
        f"#### [Alpha Beta Gamma]({URL}1)\n\nAvailable on ICLR open review in 10/2020; ICLR 2021\n\n#### [Delta Eps Zeta]({URL}2)\n\nICML 2020\n",
        ["title", "venue", "year"],
        [["Alpha Beta Gamma", "ICLR", 2021], ["Delta Eps Zeta", "ICML", 2020]],
        id="where it was available, then where it appeared",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "keys", "rows"), MANY)
def test_a_section(text: str, keys: list[str], rows: list[list[Any]]) -> None:
    entries = read(f"# A List\n\n## Some Works\n\n{text}")
    assert [list(told(entry, keys).values()) for entry in entries] == rows


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("- [Jane Doe](https://jane.io), University of X\n- [John Roe](https://john.io)", id="who keeps the list"),
        pytest.param("- [Some Search](https://search.example)\n- [Other Search](https://other.example)", id="where to search"),
    ],
)  # fmt: skip
def test_what_stands_above_a_lists_sections_speaks_of_the_list(text: str) -> None:
    (entry,) = read(f"# A List\n\n{text}\n\n## Works\n\n- [Alpha Beta Gamma]({URL}1)\n")
    assert entry.title == "Alpha Beta Gamma"


NOTHING = [
    pytest.param("## Update Records\n\n- 🔥 [Feb.12, 2025] The first version of a survey has been released.\n", id="update records"),
    pytest.param("## Categories\n\n- Works\n- Other Works of Things\n\n## Works\n\n## Other Works of Things\n", id="a list that repeats the headings"),
    pytest.param("Zed Doe and others:\n\n- Zed Doe@[zed11](https://github.com/zed11)\n- Ann Poe@[ann](https://github.com/ann)\n", id="pages of people"),
    pytest.param("## Papers\n\n- 2023\n  - [NeurIPS 2023](https://neurips.cc/virtual/2023/papers.html)\n  - [CoRL 2023](https://openreview.net/group?id=x/CoRL/2023)\n", id="pages of venues"),
    pytest.param("**Note:**\n\n- Code of this is at [Text-Things](https://github.com/a/b)\n", id="notes in bold"),
    pytest.param("## Features\n\n- Supports Tables in Nested Lists of Things\n- Fast and Memory Efficient Reading of Files\n- Easy to Extend with New Layouts\n", id="features"),
    pytest.param("## Team\n\n- Jane Doe, University of Somewhere\n- John Roe, Institute of Something Else\n", id="people without links"),
    pytest.param("## Feedback\n\n- [pull request](https://github.com/a/b/pulls)\n- [issues](https://github.com/a/b/issues)\n", id="pull requests"),
    pytest.param("## Works\n\n| Paper Title | Year | Venue |\n|--|--|--|\n| PaperA | [Link to PaperA](#) | Some more details |\n| PaperB | [Link to PaperB](#) | Some more details |\n| ...    | ... | ... |\n", id="a template of a table"),
    pytest.param("## Things\n\n1. Thingdi (2017, 2016)\n2. Sensys  (2016, 2015, 2014)\n3. IPSN (2017, 2016, 2015)\n", id="venues and their years"),
    pytest.param("## \u673a\u6784\u53ca\u4eba\u7269\n\n- \u7532\u4e59\u4e19:[\u5927\u5b66\u7f51\u9875](http://x.example.edu/a/)\n- \u4e01\u620a\u5df1:[\u5927\u5b66\u7f51\u9875](http://y.example.edu/b/)\n", id="people in Chinese"),
    pytest.param(f"## Update log\n\n### 2024-05-01\n\n- [Alpha Beta Gamma]({URL}1)\n- [Delta Eps Zeta]({URL}2)\n- [Eta Theta Iota]({URL}3)\n", id="news of a day"),
    pytest.param(f"## News\n\n### New papers\n\n- [Alpha Beta Gamma]({URL}1)\n- [Delta Eps Zeta]({URL}2)\n- [Eta Theta Iota]({URL}3)\n", id="what is new below news"),
    pytest.param(f"## Defences\n\n1. One of them is harder than the other.\n2. Still, there is [an interesting paper]({URL}1) on both of them.\n3. How is it measured?\n", id="a paper that a sentence mentions"),
    pytest.param(f"## News\n\n### Mid of June\n\n- [Alpha Beta Gamma]({URL}1)\n- [Delta Eps Zeta]({URL}2)\n- [Eta Theta Iota]({URL}3)\n", id="news of a month"),
]  # fmt: skip


@pytest.mark.parametrize("text", NOTHING)
def test_no_entries(text: str) -> None:
    assert read(f"# A List\n\n{text}") == ()


def test_contents_as_a_first_heading_say_nothing_of_what_follows() -> None:
    contents = "Table of Contents\n===\n- [Works](#works)\n- [More](#more)\n\n"
    entries = read(f"{contents}## Works\n\n- [Alpha Beta Gamma]({URL}1)\n")
    assert [entry.title for entry in entries] == ["Alpha Beta Gamma"]


def test_metadata_stands_only_at_the_beginning() -> None:
    (entry,) = read(f"---\ntitle: x\n---\n\n## Works\n\n---\n- [Alpha Beta Gamma]({URL}1)\n\n---\n")
    assert (entry.line, entry.title) == (8, "Alpha Beta Gamma")


def test_stray_items_are_a_list() -> None:
    items = (
        f"<li><a href='{URL}1'>Alpha Beta Gamma</a></li>\n<li><a href='{URL}2'>Delta Eps</a></li>\n"
    )
    assert [entry.line for entry in read(f"# L\n\n## W\n\n{items}")] == [5, 6]


def test_a_text_of_endless_pieces_is_refused() -> None:
    from enrich.errors import PapertideError
    from enrich.lists import builder

    with pytest.MonkeyPatch.context() as patch, pytest.raises(PapertideError, match="pieces"):
        patch.setattr(builder, "MOST", 100)
        parse(b"- a\n" * 200)
    with pytest.raises(PapertideError, match="lines"):
        parse(b"\n" * 2_000_001)


def test_nothing_is_compared_across_level_one_headings() -> None:
    """Not even among sections of one name: each list sets off its titles in its own way."""
    one = f"# L\n\n## W\n\n- [Nick]({URL}1): Deep things of graphs and more | ICML 23\n"
    two = f"# L\n\n## W\n\n- [Deep deep deep]({URL}2), ACL 2020\n- [Deep graph deep]({URL}3), ACL 2020\n"
    apart = [entry.title for text in (one, two) for entry in read(text)]
    assert [entry.title for entry in read(f"{one}\n{two}")] == apart


def test_a_list_ends_the_log_above_it() -> None:
    """A writer forgot to: below a deeper heading of its own stand papers, not news."""
    rows = "".join(
        f"| {name} of Many Things | AAAI | 2022 | [[PDF]]({URL}{number}) |\n"
        for number, name in enumerate(("Alpha", "Beta", "Gamma"))
    )
    table = f"| Title | Venue | Year | Links |\n|--|--|--|--|\n{rows}"
    log = f"## Update log\n\n- 2022/05/24 - add [Old of Things]({URL}9)\n\n"
    entries = read(f"# A List\n\n{log}### Graphs of Things\n\n{table}")
    assert [entry.line for entry in entries] == [11, 12, 13]
    assert entries[0].section == ("A List", "Update log", "Graphs of Things")


def test_lines_of_a_paragraph_that_end_in_labelled_links_are_entries() -> None:
    lines = [
        f"{title} (ICLR, 202{n}) [[paper]]({URL}{n})"
        for n, title in enumerate(("Alpha of Beta", "Gamma for Delta and Zeta", "Eta with Theta"))
    ]
    parsed = parse("\n".join(["# L", "", "## Training", *lines]).encode())
    assert [(e.line, e.title, e.venue) for e in parsed.entries] == [
        (4, "Alpha of Beta", "ICLR"),
        (5, "Gamma for Delta and Zeta", "ICLR"),
        (6, "Eta with Theta", "ICLR"),
    ]


def test_labelled_links_below_an_item_are_its_own() -> None:
    """A blank line and no indent make a paragraph of them."""
    links = f"[paper]({URL}2) [code](https://github.com/some/code)"
    one = f"1. **Alpha of Beta.** ACL, 2018. [paper]({URL}1)"
    entries = read(f"## Works\n\n{one}\n2. **Gamma for Delta.** ACL, 2018.\n\n{links}\n")
    assert [[link.url for link in entry.links][:1] for entry in entries] == [
        [f"{URL}1"],
        [f"{URL}2"],
    ]
    entries = read(f"## Works\n\n{one}\n\n[paper]({URL}2)\n")
    assert [len(entry.links) for entry in entries] == [1]


def test_the_day_of_reading_is_not_when_a_work_appeared() -> None:
    rows = [f"- [Some Title of Things](https://arxiv.org/abs/{n}.00001)" for n in (1401, 1607)]
    for day in ("07/29/2016", "2016-07-29", "29 July 2016", "July 29th, 2016"):
        entries = read(
            "\n".join([f"# L\n\n## {day}\n", *rows, "- [Other Things](https://a.org/b.pdf)"])
        )
        assert [entry.year for entry in entries] == [None, 2016, None]
    entries = read("\n".join(["# L\n\n## July 2016\n", *rows]))
    assert [entry.year for entry in entries] == [2016, 2016]


def test_who_numbers_papers_numbers_those_without_a_link_among_them() -> None:
    titles = "1. Flatten the Complex Things\n2. Things of Others\n"
    entries = read(f"## Works\n\n{titles}3. Alpha of Beta [[paper]({URL}1)]\n")
    assert [entry.title for entry in entries] == [
        "Flatten the Complex Things",
        "Things of Others",
        "Alpha of Beta",
    ]
