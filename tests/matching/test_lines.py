"""Lines of a bibliography, read as people and spreadsheets write them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from enrich.errors import PapertideError
from enrich.library import Candidate, Finding, Reason, Verdict
from enrich.matching import lines
from enrich.model import ARXIV, DOI, SCHEMES, Identifier


def read(**fields: Any) -> lines.Line:
    [line] = lines.read(json.dumps(fields).encode(), "in")
    return line


@pytest.mark.parametrize(
    ("said", "year"),
    [
        pytest.param(2024, 2024, id="number"),
        pytest.param(2024.0, 2024, id="a spreadsheet's number"),
        pytest.param(" 2024 ", 2024, id="text"),
        pytest.param("2024.0", 2024, id="a spreadsheet's text"),
        *(
            pytest.param(nonsense, None, id=repr(nonsense)[:12])
            for nonsense in (
                *(None, "", 0, -2024, 2024.5, 20240, "in press", "2024a", "nan", "inf", "1e999"),
                *(10**30, "9" * 5000),
            )
        ),
    ],
)
def test_a_year_that_is_none_is_not_said(said: Any, year: int | None) -> None:
    assert read(title="x", year=said).wanted.year == year


@pytest.mark.parametrize(
    ("said", "authors"),
    [
        pytest.param("Yuan et al.", "Yuan et al.", id="text"),
        pytest.param(["W. Yuan", "R. Y. Pang"], "W. Yuan, R. Y. Pang", id="list"),
        pytest.param([], None, id="empty list"),
        pytest.param("  ", None, id="blank"),
        pytest.param(None, None, id="null"),
    ],
)
def test_authors_are_a_text_or_a_list(said: Any, authors: str | None) -> None:
    assert read(authors=said).wanted.authors == authors


def test_a_line_without_n_is_called_by_its_number() -> None:
    found = lines.read(b'\n{"title": " x "}\r\n \r\n{"n": null}\n{"n": false}\n{"n": 0}', "in")
    assert [line.n for line in found] == [2, 4, False, 0]
    assert found[0].wanted == ("x", None, None, None)


def test_fields_are_cut_to_a_sensible_size() -> None:
    assert read(title="x" * 1_000_000, venue="y" * 9000).wanted[::2] == ("x" * 4000, "y" * 4000)


def test_a_wrong_line_is_named() -> None:
    with pytest.raises(PapertideError, match=r"in: line 3: .*title.*a line is like"):
        lines.read(b'{"title": "x"}\n\n{"title": {}}', "in")


def test_a_line_out_has_every_scheme_sorted() -> None:
    ids = [Identifier(DOI, "10.1/b"), Identifier(ARXIV, "2401.1"), Identifier(DOI, "10.1/a")]
    candidate = Candidate(ARXIV, "2401.2", "Another", 0.5)
    finding = Finding("p", Verdict.MATCHED, Reason.SAME_TITLE, 0.98765, candidates=(candidate,))
    told = lines.render([1], finding, ids, "A title")
    assert list(told["ids"]) == list(SCHEMES)
    assert told["ids"] == {
        **{scheme: [] for scheme in SCHEMES},
        "arxiv": ["2401.1"],
        "doi": ["10.1/a", "10.1/b"],
    }
    assert (told["n"], told["score"], told["title"]) == ([1], 0.988, "A title")
    assert json.loads(json.dumps(told["candidates"])) == [
        {"scheme": "arxiv", "value": "2401.2", "title": "Another", "score": 0.5}
    ]
