"""The Anthology's bulk file: what is read of an entry, and what is no bibliography at all."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import msgspec
import pytest
from bibtexparser.entrypoint import parse_string
from hypothesis import given
from hypothesis import strategies as st

from enrich import bibtex
from enrich.bibtex import AclPaper, Count, papers, plain, verify
from enrich.model import Identifier, Outcome, Status, Told
from enrich.network.download import TooLargeError, UnfitError
from enrich.sources import record
from enrich.sources.fields import is_damaged
from tests.fuzz import fuzzed

ENTRY = """@inproceedings{doe-2023-bert,
    title = "{BERT} and $\\alpha$-weights: 50{\\%} of {R}{\\&}{D}",
    author = "Doe, Jane  and
      Dvo{\\v{r}}{\\'a}k, Jan  and
      van der Berg, Jr., A. B.  and
      Plato",
    editor = "Roe, R.",
    booktitle = "Proceedings of {ACL} 2023",
    month = jul,
    year = "2023",
    url = "https://aclanthology.org/2023.acl-long.1/",
    doi = "10.18653/v1/2023.ACL-long.1",
    pages = "1--10",
    abstract = "We use \\textit{it} @home, 50{\\%}"
}
"""


def entry(number: str, title: str = "A Title", more: str = "") -> str:
    return (
        f'@article{{k-{number},\n    title = "{title}",\n{more}'
        f'    url = "https://aclanthology.org/{number}/",\n}}\n'
    )


def read(tmp_path: Path, text: str | bytes) -> tuple[list[AclPaper], Count]:
    raw = text.encode() if isinstance(text, str) else text
    path, count = tmp_path / "a.bib.gz", Count()
    path.write_bytes(gzip.compress(raw))
    return list(papers(path, count)), count


def test_an_entry(tmp_path: Path) -> None:
    found, count = read(tmp_path, ENTRY)
    assert count == Count(papers=1)
    assert found == [
        AclPaper(
            id="2023.acl-long.1",
            title="BERT and α-weights: 50% of R&D",
            authors=("Jane Doe", "Jan Dvořák", "A. B. van der Berg Jr.", "Plato"),
            year=2023,
            venue="Proceedings of ACL 2023",
            doi="10.18653/v1/2023.acl-long.1",
            abstract="We use \\textit{it} @home, 50{\\%}",
        )
    ]
    asked = Identifier("acl", "2023.acl-long.1")
    got = record(Told("acl_anthology", asked, Outcome.OK, msgspec.json.encode(found[0]).decode()))
    assert got.identifiers == (asked, Identifier("doi", "10.18653/v1/2023.acl-long.1"))
    assert (got.abstract, got.status) == ("We use it @home, 50%", Status.PUBLISHED)
    assert (got.venue, got.year, got.authors) == (found[0].venue, 2023, found[0].authors)


@pytest.mark.parametrize(
    ("text", "ids", "broken"),
    [
        pytest.param(
            entry("P19-1001") + entry("2020.acl-main.2"),
            ["P19-1001", "2020.acl-main.2"],
            0,
            id="two",
        ),
        pytest.param(
            "@proceedings{x, title = {V}, url = {u}}\n" + entry("P19-1001"),
            ["P19-1001"],
            0,
            id="a volume",
        ),
        pytest.param(entry("P19-1000") + entry("P19-1001"), ["P19-1001"], 1, id="front matter"),
        pytest.param(
            '@article{a, title = "cut\n\n' + entry("P19-1001"),
            ["P19-1001"],
            1,
            id="an entry that never ends",
        ),
        pytest.param(
            '@article{a,\n title = "x",\n title = "y",\n}\n' + entry("P19-1001"),
            ["P19-1001"],
            1,
            id="a field twice",
        ),
        pytest.param(
            entry("P19-1001", title="") + entry("P19-1002"), ["P19-1002"], 1, id="no title"
        ),
        pytest.param(
            "% comment\n\n" + entry("P19-1001").replace("\n", "\r\n"),
            ["P19-1001"],
            0,
            id="carriage returns",
        ),
        pytest.param(
            '@string{anth = "https://aclanthology.org/"}\n' + entry("P19-1001"),
            ["P19-1001"],
            0,
            id="a macro",
        ),
        pytest.param(entry("P19-1001", title="a @ b {@} c"), ["P19-1001"], 0, id="an at sign"),
        pytest.param(b"\xff\xfe" + entry("P19-1001").encode(), ["P19-1001"], 0, id="odd bytes"),
        pytest.param("", [], 0, id="nothing"),
    ],
)
def test_papers(text: str | bytes, ids: list[str], broken: int, tmp_path: Path) -> None:
    found, count = read(tmp_path, text)
    assert [paper.id for paper in found] == ids
    assert count == Count(papers=len(ids), broken=broken)


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        pytest.param("{BERT}: a  {L}anguage\n model", "BERT: a Language model", id="braces"),
        pytest.param("50{\\%} \\& {\\_}x \\#1", "50% & _x #1", id="escapes"),
        pytest.param("``So'' --- x--y~z", "“So” — x–y z", id="typography"),
        pytest.param("Caf{\\'e} {\\L}ukasz {\\ss}", "Café Łukasz ß", id="accents"),
        pytest.param("$k$NN in $O(n^2)$ for 5%", "kNN in O(n^2) for 5%", id="mathematics"),
        pytest.param("costs \\$5", "costs $5", id="a dollar"),
        pytest.param("\\textbf{A} \\url{x", "A x", id="an open brace"),
        pytest.param("\\frac{", "", id="half a command"),
        pytest.param("", "", id="empty"),
    ],
)
def test_plain(latex: str, text: str) -> None:
    if latex in ("\\textbf{A} \\url{x", "\\frac{"):
        assert isinstance(plain(latex), str)
    else:
        assert plain(latex) == text


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(gzip.compress(ENTRY.encode()), None, id="whole"),
        pytest.param(ENTRY.encode(), None, id="not packed"),
        pytest.param(b"<html><body>maintenance</body></html>", "no bibliography", id="a page"),
        pytest.param(gzip.compress(b"<html>@</html>"), "no bibliography", id="a packed page"),
        pytest.param(b"", "no bibliography", id="empty"),
        pytest.param(gzip.compress(b""), "no bibliography", id="packed nothing"),
        pytest.param(gzip.compress(ENTRY.encode())[:-20], "cut off", id="a truncated file"),
        pytest.param(
            gzip.compress(ENTRY.encode())[:-8] + b"12345678", "cut off", id="a wrong checksum"
        ),
        pytest.param(
            gzip.compress(ENTRY.encode()[:-30]), "only a part", id="packed when half made"
        ),
    ],
)
def test_verify(content: bytes, says: str | None, tmp_path: Path) -> None:
    path = tmp_path / "a.bib.gz"
    path.write_bytes(content)
    if says is None:
        verify(path)
    else:
        with pytest.raises(UnfitError, match=says):
            verify(path)


def test_a_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bibtex, "LARGEST_TEXT", 10_000_000)
    path = tmp_path / "a.bib.gz"
    path.write_bytes(gzip.compress(b"\n@x" + b" " * 30_000_000))
    with pytest.raises(TooLargeError):
        verify(path)
    with pytest.raises(TooLargeError):
        list(papers(path))


def test_what_never_ends_is_dropped(tmp_path: Path) -> None:
    endless = "@article{a, title = {" + "x" * (bibtex.LARGEST_ENTRY + bibtex.PIECE)
    found, count = read(tmp_path, f"{endless}\n{entry('P19-1001')}")
    assert [paper.id for paper in found] == ["P19-1001"]
    assert count.broken >= 1


def test_pieces_are_cut_between_entries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bibtex, "PIECE", 100)
    text = "".join(entry(f"P19-1{n:03}", f"Title {n} \u00e9") for n in range(1, 60))
    found, count = read(tmp_path, text)
    assert [paper.id for paper in found] == [f"P19-1{n:03}" for n in range(1, 60)]
    assert {paper.title[-1] for paper in found} == {"é"}
    assert count.broken == 0


pieces = st.sampled_from(
    [
        "@article{",
        "@",
        "{",
        "}",
        '"',
        ",",
        "=",
        "\n",
        "title",
        "url",
        "author",
        " and ",
        "\\",
        "$",
        "%",
        "https://aclanthology.org/P19-1001/",
        "\\frac",
        "\\begin{x}",
        "\x00",
        "é",
        "@string(",
        "@comment{",
        ")",
    ]
)


@fuzzed(2)
@given(text=st.lists(pieces, max_size=40).map("".join) | st.text(max_size=60))
def test_hostile_text_never_raises(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    found, _ = read(tmp_path_factory.mktemp("bib"), f"{text}\n{entry('P19-1002')}")
    assert all(paper.id and paper.title for paper in found)
    assert isinstance(plain(text), str)
    json.dumps([paper.title for paper in found])


def test_a_parser_that_fails_costs_one_entry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(text: str, parse_stack: list[object]) -> object:
        if "Bad" in text:
            raise IndexError
        return parse_string(text, parse_stack=[])

    monkeypatch.setattr("enrich.bibtex.parse_string", stumble)
    text = entry("P19-1001") + entry("P19-1002", "Bad") + entry("P19-1003")
    found, count = read(tmp_path, text)
    assert [paper.id for paper in found] == ["P19-1001", "P19-1003"]
    assert count == Count(papers=2, broken=1)


def test_a_piece_without_a_paper_ends_the_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is told of no paper cannot stop: a gigabyte of broken entries takes hours."""
    monkeypatch.setattr(bibtex, "PIECE", 1000)
    path = tmp_path / "x.bib"
    path.write_text("\n@article{a, title = {" * 200 + "\n@book{b, title = {B}}")
    with pytest.raises(UnfitError, match="no bibliography"):
        list(papers(path))


@pytest.mark.parametrize("field", ["author", "booktitle", "doi", "abstract"])
def test_an_endless_value_is_not_told(field: str, tmp_path: Path) -> None:
    """LaTeX takes seconds for it."""
    path = tmp_path / "x.bib"
    url = "url = {https://aclanthology.org/P19-1001}"
    path.write_text(f"@article{{a, {url}, title = {{A}}, {field} = {{{'$' * 110_000}}}}}\n")
    assert list(papers(path)) == [AclPaper("P19-1001", "A")]


def test_an_endless_title_stays_one(tmp_path: Path) -> None:
    found, _ = read(tmp_path, entry("P19-1001", "$" * 110_000))
    assert is_damaged(found[0].title)
