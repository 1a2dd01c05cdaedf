"""arXiv in the sandbox: feeds by id and by title, and OAI-PMH."""

from __future__ import annotations

import re
from contextlib import suppress
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enrich.sandbox.arxiv_query import Malformed, TooDeep, evaluate
from tests.sandbox_desk import ATOM, OAI, PAPERS, arxiv, atom_ids, desk, harvest, send


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        pytest.param(
            "2401.90001,2302.90002", ["2401.90001", "2302.90002"], id="by date, not as asked"
        ),
        pytest.param("2302.90002,2401.90001", ["2401.90001", "2302.90002"], id="same either way"),
        pytest.param("2401.90001,2401.99999", ["2401.90001"], id="missing one is absent"),
        pytest.param("2401.90001,2401.90001", ["2401.90001"], id="twice is once"),
        pytest.param("2401.90001v1", ["2401.90001"], id="a version"),
        pytest.param("2401.90001v99", [], id="no such version"),
        pytest.param("hep-th/9901001", ["hep-th/9901001"], id="old style"),
        pytest.param("arXiv:2401.90001", [], id="prefix is valid and matches nothing"),
    ],
)
def test_arxiv_id_list(asked: str, told: list[str]) -> None:
    answer = arxiv(desk(), id_list=asked)
    assert answer.status_code == 200
    assert atom_ids(answer) == told


def test_arxiv_ids_carry_versions_and_titles_break() -> None:
    answer = arxiv(desk(), id_list="2401.90001")
    assert re.search(r"<id>http://arxiv.org/abs/2401\.90001v\d</id>", answer.text)
    entry = ElementTree.fromstring(answer.content).find(f"{ATOM}entry")
    assert entry is not None
    assert (entry.findtext(f"{ATOM}summary") or "").strip().startswith("[Simulated] ")


@pytest.mark.parametrize(
    ("params", "status", "named"),
    [
        pytest.param(
            {"id_list": "2401.90001,abc"}, 400, "incorrect id format for abc", id="bad id"
        ),
        pytest.param({"id_list": "9901001"}, 400, "9901001", id="bare old number"),
        pytest.param({"id_list": "10.48550/arXiv"}, 400, "10.48550/arXiv", id="doi"),
        pytest.param(
            {"id_list": "2401.90001", "max_results": "x"}, 400, "integers", id="no number"
        ),
        pytest.param({"search_query": 'ti:"a\\"'}, 400, "backslash", id="backslash before quote"),
        pytest.param({"search_query": "(ti:x"}, 400, "parentheses", id="unbalanced"),
        pytest.param({"id_list": "2401.90001", "max_results": 40000}, 400, "30000", id="too many"),
    ],
)
def test_arxiv_error_feed(params: dict[str, object], status: int, named: str) -> None:
    answer = arxiv(desk(), **params)
    assert answer.status_code == status
    (entry,) = ElementTree.fromstring(answer.content).iter(f"{ATOM}entry")
    assert "/api/errors" in (entry.findtext(f"{ATOM}id") or "")
    assert named in (entry.findtext(f"{ATOM}summary") or "")
    assert entry.find(f"{ATOM}published") is None


def test_arxiv_returns_ten_unless_told() -> None:
    ids = ",".join(p.arxiv_id for p in PAPERS if p.arxiv_id)
    assert len(atom_ids(arxiv(desk(), id_list=ids))) == 10
    assert len(atom_ids(arxiv(desk(), id_list=ids, max_results=100))) == 43
    assert len(atom_ids(arxiv(desk(), id_list=ids, max_results=100, start=40))) == 3


def test_arxiv_post_reads_the_body_only() -> None:
    form = {"id_list": "2302.90002", "max_results": "5"}
    answer = send(desk(), "POST", "/arxiv/api/query?id_list=2401.90001", data=form)
    assert atom_ids(answer) == ["2302.90002"]


def test_arxiv_refuses_long_addresses_but_not_long_bodies() -> None:
    ids = ",".join(["2302.90002"] * 1000)
    assert arxiv(desk(), id_list=ids).status_code == 414
    answer = send(desk(), "POST", "/arxiv/api/query", data={"id_list": ids})
    assert atom_ids(answer) == ["2302.90002"]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        pytest.param('ti:"An Invented Title"', ["2302.90002", "2401.90001"], id="holds the phrase"),
        pytest.param('ti:"invented titles: of one kind"', ["2401.90001"], id="stems and case"),
        pytest.param(
            '(ti:"Old Tides") OR (ti:"of one kind")', ["hep-th/9901001", "2401.90001"], id="or"
        ),
        pytest.param('ti:"Invented Title" ANDNOT ti:"one kind"', ["2302.90002"], id="andnot"),
        pytest.param('ti:"Invented Title" AND au:"Žuk"', ["2302.90002"], id="author"),
        pytest.param(
            'ti:"Old Tides" AND ti:"one kind" OR ti:"old"', ["hep-th/9901001"], id="right first"
        ),
        pytest.param('ti:"Sailing with Small Models"', [], id="not on arXiv"),
        pytest.param('ti:"Old "Zebra" of"', ["hep-th/9901001"], id="inner quote makes junk"),
        pytest.param("", [], id="nothing asked"),
    ],
)
def test_arxiv_title_search(query: str, told: list[str]) -> None:
    answer = arxiv(desk(), search_query=query)
    assert answer.status_code == 200
    assert atom_ids(answer) == told


def test_arxiv_list_filtered_by_query() -> None:
    answer = arxiv(desk(), search_query='ti:"one kind"', id_list="2401.90001,2302.90002")
    assert atom_ids(answer) == ["2401.90001"]


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet='ab "()\\:ANDORT', max_size=40))
def test_arxiv_query_never_breaks(query: str) -> None:
    with suppress(Malformed, TooDeep):
        assert evaluate(query, lambda term: frozenset({len(term.text)})) is not None


def test_oai_pages_cover_everything_once() -> None:
    at = desk(oai_page=17)
    page = harvest(at, verb="ListRecords", metadataPrefix="arXiv")
    seen: list[str | None] = []
    while True:
        seen += [told.text for told in page.iter(f"{OAI}identifier")]
        token = page.findtext(f".//{OAI}resumptionToken")
        if not token:
            break
        page = harvest(at, verb="ListRecords", resumptionToken=token)
    assert len(seen) == len(set(seen)) == 43
    assert "oai:arXiv.org:hep-th/9901001" in seen


@pytest.mark.parametrize(
    ("params", "code"),
    [
        pytest.param({"verb": "Fetch"}, "badVerb", id="unknown verb"),
        pytest.param({"verb": "ListRecords"}, "badArgument", id="no format"),
        pytest.param(
            {"verb": "ListRecords", "metadataPrefix": "dc"}, "cannotDisseminateFormat", id="format"
        ),
        pytest.param(
            {"verb": "ListRecords", "metadataPrefix": "arXiv", "from": "soon"},
            "badArgument",
            id="date",
        ),
        pytest.param(
            {"verb": "ListRecords", "metadataPrefix": "arXiv", "set": "bio"},
            "noRecordsMatch",
            id="set",
        ),
        pytest.param(
            {"verb": "ListRecords", "metadataPrefix": "arXiv", "until": "2001-01-01"},
            "noRecordsMatch",
            id="empty",
        ),
        pytest.param(
            {"verb": "ListRecords", "resumptionToken": "skip=x"}, "badResumptionToken", id="token"
        ),
        pytest.param(
            {"verb": "ListRecords", "resumptionToken": "a", "set": "cs"},
            "badArgument",
            id="token alone",
        ),
        pytest.param(
            {"verb": "GetRecord", "metadataPrefix": "arXiv", "identifier": "oai:arXiv.org:1"},
            "idDoesNotExist",
            id="id",
        ),
    ],
)
def test_oai_errors(params: dict[str, str], code: str) -> None:
    error = harvest(desk(), **params).find(f"{OAI}error")
    assert error is not None
    assert error.get("code") == code


@pytest.mark.parametrize("wanted", ["stat", "stat:stat", "stat:stat:ML"])
def test_oai_sets_and_dates(wanted: str) -> None:
    page = harvest(desk(), verb="ListRecords", metadataPrefix="arXiv", set=wanted)
    assert [i.text for i in page.iter(f"{OAI}identifier")] == ["oai:arXiv.org:2302.90002"]
    names = [i.text for i in page.iter("{http://arxiv.org/OAI/arXiv/}keyname")]
    assert names == ["Marsh", "Žuk"]
    later = {"verb": "ListRecords", "metadataPrefix": "arXiv", "from": "2025-01-01"}
    assert len([*harvest(desk(), **later).iter(f"{OAI}record")]) >= 40
    assert harvest(desk(), verb="Identify").find(f"{OAI}Identify") is not None
