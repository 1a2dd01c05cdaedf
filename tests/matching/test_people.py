"""An author line of a list beside the authors that a source tells."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrich.matching.people import Agreement, agreement, people, split

ALL, FIRST, SOME, FEW, NONE, UNTOLD = Agreement
LLAMA = ("Hugo Touvron", "Thibaut Lavril", "Gautier Izacard")
YUAN = ("Weizhe Yuan", "Richard Yuanzhe Pang", "Kyunghyun Cho", "Jason Weston")
FIFTY = tuple(f"{a}ven {b}oss{a}y" for a in "bcdfghjklm" for b in "prstv")


@pytest.mark.parametrize(
    ("line", "authors", "expected"),
    [
        pytest.param("Touvron et al.", LLAMA, FIRST, id="et al."),
        pytest.param("Touvronet al.", LLAMA, FIRST, id="et al. without a blank"),
        pytest.param("Touvron et. al", LLAMA, FIRST, id="et al. dotted wrongly"),
        pytest.param("H. Touvron, T. Lavril, G. Izacard", LLAMA, ALL, id="initials"),
        pytest.param("Touvron, H.; Lavril, T.", LLAMA, FIRST, id="initials behind"),
        pytest.param("Hugo", LLAMA, FIRST, id="a given name"),
        pytest.param("Weizhe Yuan", YUAN, FIRST, id="first"),
        pytest.param("Yuan Weizhe", YUAN, FIRST, id="family name first"),
        pytest.param("Yuan, Weizhe and Pang, Richard", YUAN, ALL, id="family names before commas"),
        pytest.param("Jason Weston", YUAN, SOME, id="last"),
        pytest.param("Cho & Weston", YUAN, SOME, id="two others"),
        pytest.param("Yuan with Pang", YUAN, FIRST, id="with"),
        pytest.param("Weizhe Yuan*, Jason Weston†", YUAN, FIRST, id="marks of footnotes"),
        pytest.param("Laurens van der Maaten", ("L.J.P. van der Maaten",), FIRST, id="particles"),
        pytest.param("van der Berg", ("Laurens van der Maaten",), NONE, id="particles agree"),
        pytest.param("Mueller", ("Klaus Müller",), FIRST, id="ue"),
        pytest.param("Müller", ("Klaus Muller",), FIRST, id="u"),
        pytest.param("Łukasz Kaiser", ("Lukasz Kaiser",), FIRST, id="Ł"),
        pytest.param("Søgaard", ("Anders Sogaard",), FIRST, id="ø"),
        pytest.param("Иванов", ("Ivan Ivanov",), FIRST, id="Cyrillic in the list"),
        pytest.param("Ivanov", ("Иван Иванов",), FIRST, id="Cyrillic at the source"),
        pytest.param("王伟", ("Wei Wang",), FIRST, id="Chinese in the list"),
        pytest.param("Wang Wei", ("王伟",), FIRST, id="Chinese at the source"),
        pytest.param("王伟、李四", ("王伟", "李四"), FIRST, id="Chinese in both"),
        pytest.param("D'Amour", ("Alexander D’Amour",), FIRST, id="apostrophes"),
        pytest.param("Garcia-Molina", ("Hector Garcia Molina",), FIRST, id="hyphen or blank"),
        pytest.param("Hernández Orallo", ("José Hernández-Orallo",), FIRST, id="blank or hyphen"),
        pytest.param("Wentau Yih", ("Wen-tau Yih",), FIRST, id="hyphen or nothing"),
        pytest.param("Gudib", ("Arnav Gudibande", "Eric Wallace"), FIRST, id="a cut name"),
        pytest.param("Gudibandi", ("Arnav Gudibande",), FIRST, id="a slip in a long name"),
        pytest.param("Lan et al.", ("Zicheng Lin",), NONE, id="a letter in a short name"),
        pytest.param("Wang", ("Xu Wang", "Lei Chen"), SOME, id="a common family name"),
        pytest.param("Wang, Zhou, Sun", ("Xu Wang", "Lei Chen", "A. Kim"), FEW, id="one of three"),
        pytest.param("Chen", ("Y. Wang", "Z. Liu", "X. Chen"), SOME, id="a common one, last"),
        pytest.param("Lee", ("Weizhe Yuan",), NONE, id="others"),
        pytest.param("OpenAI", ("Josh Achiam",), UNTOLD, id="an organisation is nobody"),
        pytest.param("Meta AI Team", LLAMA, UNTOLD, id="nor is a team"),
        pytest.param("Anthropic (Bai et al.)", ("Yuntao Bai",), FIRST, id="and who is in it"),
        pytest.param("et al.", YUAN, UNTOLD, id="nobody is named"),
        pytest.param("A., B.", YUAN, UNTOLD, id="initials alone"),
        pytest.param("", YUAN, UNTOLD, id="empty"),
        pytest.param(None, YUAN, UNTOLD, id="no line"),
        pytest.param("Yuan", (), UNTOLD, id="a source without authors"),
        pytest.param("Yuan", ("", "?"), UNTOLD, id="a source with empty names"),
        pytest.param(", ".join(YUAN), YUAN[:1], FIRST, id="a record of the first author only"),
        pytest.param("Yuan, Pang, Cho, Weston", YUAN, ALL, id="all"),
        pytest.param(", ".join(FIFTY), FIFTY, ALL, id="fifty"),
        pytest.param("Zzyzx et al.", FIFTY, NONE, id="none of fifty"),
        pytest.param("Yuan et al.", (*FIFTY, "Weizhe Yuan"), SOME, id="the fifty-first"),
    ],
)
def test_agreement(line: str | None, authors: tuple[str, ...], expected: Agreement) -> None:
    assert agreement(line, authors) is expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param(
            "Lee, J. and van der Berg, A. et al.", [{"lee"}, {"berg"}], id="initials, particles"
        ),
        pytest.param("Yuntao Bai; Andy Jones", [{"yuntao", "bai"}, {"andy", "jones"}], id="two"),
        pytest.param("Google DeepMind", [], id="nobody"),
        pytest.param("Anderson and Sandoval", [{"anderson"}, {"sandoval"}], id="and in names"),
    ],
)
def test_people(line: str, expected: list[set[str]]) -> None:
    assert [set(person) for person in people(line)] == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param("Yuan, Pang et al.", ("Yuan", "Pang"), id="et al."),
        pytest.param("Ana Li and Bo Wu (2020)", ("Ana Li", "Bo Wu (2020"), id="as written"),
        pytest.param(" , ; ", (), id="nobody"),
        pytest.param(None, (), id="no line"),
    ],
)
def test_split(line: str | None, expected: tuple[str, ...]) -> None:
    assert split(line) == expected


HOSTILE = {
    "commas": "," * 500_000,
    "et al.": "et" + " al" * 100_000,
    "a megabyte": "Yuan " * 200_000,
    "NUL": "\0" * 5000,
    "bidi": "\u202eYuan\u2069" * 1000,
    "Chinese": "王" * 100_000,
    "lone surrogates": "\ud800" * 100,
    "hyphens": "-" * 100_000,
    "long ligature": "\ufdfa" * 5000,
}


@pytest.mark.parametrize("line", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_author_lines_are_read_like_any(line: str) -> None:
    assert agreement(line, YUAN) in Agreement
    assert agreement("Yuan", (line,) * 100) in Agreement
    assert all(split(line)) or not split(line)


@given(st.text(max_size=40), st.lists(st.text(max_size=20), max_size=4))
def test_any_line_agrees_somehow(line: str, authors: list[str]) -> None:
    assert agreement(line, tuple(authors)) in Agreement


@given(st.permutations(FIFTY[:8]))
def test_a_full_list_agrees_in_any_order(authors: list[str]) -> None:
    assert agreement(", ".join(authors), FIFTY[:8]) is ALL
