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


def test_a_text_of_endless_pieces_is_refused() -> None:
    from enrich.errors import PapertideError
    from enrich.lists import builder

    with pytest.MonkeyPatch.context() as patch, pytest.raises(PapertideError, match="pieces"):
        patch.setattr(builder, "MOST", 100)
        parse(b"- a\n" * 200)
