"""Encodings, places, line ends, roles: the entry as a place in the file as given."""

from __future__ import annotations

import json

import pytest

from enrich.errors import PapertideError
from enrich.lists import clean, explain, parse, render
from enrich.lists.decode import decode
from enrich.model import Parsed

TEXT = """\
# A List

- [Contents](#contents)

## Works 💡

- **Tür: A Title of
  Two Lines.** *Jäne Doe et al.* ACL 2020. [[paper](https://arxiv.org/abs/2101.00001 "x")]
- [M<sup>3</sup>IT & More &amp; More](https://doi.org/10.1234/A_b\\_c), `arXiv, 2310.19852`,
  cited by 1,234
  - Code: <a href="https://github.com/a/b?x=1&amp;y=2">here</a>
- [By Reference to Others][Ref One], EMNLP'21.

[ref one]: <https://aclanthology.org/2021.emnlp-main.2/>
"""

ENCODED = [
    pytest.param(TEXT.encode(), "utf-8", id="utf-8"),
    pytest.param(b"\xef\xbb\xbf" + TEXT.encode(), "utf-8", id="utf-8 with a mark"),
    pytest.param(TEXT.replace("\n", "\r\n").encode(), "utf-8", id="windows line ends"),
    pytest.param(TEXT.encode("utf-16"), "utf-16-le", id="utf-16"),
    pytest.param(b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-16-be", id="utf-16 big-endian"),
    pytest.param(TEXT.encode("utf-16-le"), "utf-16-le", id="utf-16 without a mark"),
]


@pytest.mark.parametrize(("data", "encoding"), ENCODED)
def test_cleaning_the_cut_pieces_gives_the_field(data: bytes, encoding: str) -> None:
    one, two, three = parse(data).entries

    def cut(key: str) -> list[str]:
        return [data[start:end].decode(encoding) for start, end in entry.spans.get(key, ())]

    for entry in (one, two, three):
        assert clean.title(cut("title")) == entry.title
        assert clean.venue(cut("venue")) == entry.venue
        assert clean.year(cut("year")) == entry.year
        assert [clean.url([piece]) for piece in cut("links")] == [link.url for link in entry.links]
    entry = two
    assert clean.count(cut("counts")) == 1234
    assert (one.title, one.authors, one.year) == (
        "Tür: A Title of Two Lines",
        "Jäne Doe et al.",
        2020,
    )
    assert (two.title, two.venue) == ("M3IT & More & More", "arXiv")
    assert two.links[1].url == "https://github.com/a/b?x=1&y=2"
    assert (three.venue, three.year) == ("EMNLP", 2021)
    assert [(e.line, e.end_line) for e in (one, two, three)] == [(7, 8), (9, 11), (12, 12)]


def test_bytes_that_are_no_utf8_shift_nothing() -> None:
    data = b"# A \xff\xfe\n\n- [A Title of Words](https://arxiv.org/abs/2101.00001)\n"
    (entry,) = parse(data).entries
    ((start, end),) = entry.spans["title"]
    assert data[start:end] == b"A Title of Words"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(200), id="an image"),
        pytest.param(b"text with a \0 in it", id="a NUL byte"),
        pytest.param(bytes(range(128, 255)) * 9, id="no text encoding"),
    ],
)
def test_what_is_no_text_is_refused_in_one_line(data: bytes) -> None:
    with pytest.raises(PapertideError, match="not a text list") as refused:
        parse(data)
    assert "\n" not in str(refused.value)


def test_an_empty_file_is_an_empty_list() -> None:
    assert parse(b"") == Parsed((), parse(b"").roles)


def test_lines_are_counted_as_editors_do() -> None:
    """A lone carriage return ends a line, a line separator inside a line does not."""
    assert len(decode(b"a\rb\r\nc\nd").starts) == 4
    assert len(decode("a\u2028b\x0bc".encode()).starts) == 1


def test_explain_shows_every_line_with_its_role() -> None:
    data = TEXT.encode()
    shown = list(explain(data, parse(data)))
    roles = {role.line: role for role in parse(data).roles}
    assert len(shown) == len(TEXT.splitlines())
    assert [roles[line].role for line in (1, 3, 5)] == ["heading", "contents", "heading"]
    assert (roles[7].role, roles[7].entry) == ("paper (bullet), title", 1)
    assert (roles[8].role, roles[8].entry) == ("title, venue, year, links", 1)
    assert roles[11].role == "links"
    assert "Tür: A Title of" in shown[6]


def test_render_is_the_contracts_line() -> None:
    line = render(parse(TEXT.encode()).entries[1])
    assert list(line) == [
        *("n", "line", "end_line", "section", "title", "label", "authors", "venue", "year", "kind"),
        *("links", "ids", "confidence", "layout", "spans"),
    ]
    assert line["ids"] == {
        "arxiv": ["2310.19852"],
        "acl": [],
        "openreview": [],
        "doi": ["10.1234/a_b_c"],
        "s2": [],
    }
    assert json.loads(json.dumps(line)) == line


@pytest.mark.parametrize(
    ("garbled", "text"),
    [
        pytest.param("K√∂ksal", "Köksal", id="mac roman"),
        pytest.param("Fr√§nken", "Fränken", id="mac roman, one letter"),
        pytest.param("J√©r√©my", "Jérémy", id="mac roman, twice"),
        pytest.param("Ã©tude", "étude", id="latin-1"),
        pytest.param("donâ€™t", "don't", id="windows-1252"),
        pytest.param("Küblbeck", "Küblbeck", id="an umlaut is no mojibake"),
        pytest.param("α–β ≥ √2", "α–β ≥ √2", id="mathematics is no mojibake"),
        pytest.param("«Étude»", "«Étude»", id="quotation marks are no mojibake"),
    ],
)
def test_mojibake(garbled: str, text: str) -> None:
    assert clean.plain([garbled]).replace("\u2019", "'") == text


def test_raw_is_the_source_of_the_entry_cut() -> None:
    long = "- [A Title of Words](https://arxiv.org/abs/2101.00001) " + "word " * 4000
    (entry,) = parse(f"# L\n\n{long}\n".encode()).entries
    assert entry.raw == long[:10_000]
