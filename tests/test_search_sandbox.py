"""Titles asked of the sandbox, through its faults: what is there is found, no fault is a miss."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from enrich.model import Outcome
from enrich.sandbox import Desk
from enrich.sources import Source
from enrich.sources.arxiv_phrases import phrase, query
from tests.network import Searched, Time, searched, talk
from tests.sandbox_desk import arxiv, atom_ids, desk

OK, MISSING, FAILED = Outcome.OK, Outcome.NOT_FOUND, Outcome.FAILED
LOGIN = {"OPENREVIEW_USERNAME": "someone", "OPENREVIEW_PASSWORD": "p4ssw0rd"}
HOME: dict[str, Any] = {
    "arxiv": {"base_url": "http://sandbox/arxiv"},
    "semantic_scholar": {"base_url": "http://sandbox/semantic_scholar"},
    "openreview": {
        "base_url_v1": "http://sandbox/openreview/v1",
        "base_url_v2": "http://sandbox/openreview/v2",
    },
}
THERE = {
    "arxiv": "An invented title: of one kind",
    "semantic_scholar": "An invented title: of one kind",
    "openreview": "Sailing with Small Models",
}
OLDER = "Sailing without Small Models"
NOWHERE = "Gulls Are Few-Shot Learners of Harbours"


def find(name: str, titles: list[str], at: Desk) -> Searched:
    async def put(source: Source) -> list[Any]:
        return await source.search(titles)

    transport = httpx.ASGITransport(at.app)
    told, _ = talk(name, put, transport, Time(), HOME, LOGIN)
    return searched(told)


@pytest.mark.parametrize(
    ("name", "papers"),
    [
        pytest.param("arxiv", ["arxiv:2401.90001"], id="arxiv"),
        pytest.param("semantic_scholar", ["arxiv:2401.90001"], id="semantic_scholar"),
        pytest.param("openreview", ["openreview:InvNote002"], id="openreview"),
    ],
)
def test_found_and_not_found(name: str, papers: list[str]) -> None:
    at = desk()
    found = find(name, [THERE[name], NOWHERE], at)
    assert found.outcomes() == {THERE[name]: OK, NOWHERE: MISSING}
    assert set(papers) <= set(found.papers)
    asked = at.stats()[name]["asked"]
    assert asked["most"] == 1
    assert asked["titles"] == (3 if name == "openreview" else 2)


@pytest.mark.parametrize(
    ("faults", "is_found"),
    [
        *(
            pytest.param(f"{{}}:{kind}@1", True, id=f"{kind} once")
            for kind in "html empty rate-text truncate 429 500 502 503 504 301 slow=0".split()
        ),
        *(
            pytest.param(f"{{}}:{kind}", False, id=f"{kind} for ever")
            for kind in "html empty rate-text truncate 400 404 410 414 429 500 503 504".split()
        ),
    ],
)
@pytest.mark.parametrize("name", list(HOME))
def test_no_fault_is_a_miss(name: str, faults: str, is_found: bool) -> None:
    endpoint = {"arxiv": "query", "semantic_scholar": "match", "openreview": "search"}[name]
    found = find(name, [THERE[name], NOWHERE], desk(faults.format(f"{name}.{endpoint}")))
    expected = [OK, MISSING] if is_found else [FAILED, FAILED]
    assert list(found.outcomes().values()) == expected


@pytest.mark.parametrize(
    ("name", "faults", "expected"),
    [
        pytest.param("arxiv", "arxiv:empty-page@1", [OK, MISSING], id="row 6: empty page once"),
        pytest.param("arxiv", "arxiv:empty-page", [FAILED, FAILED], id="row 6: only empty pages"),
        pytest.param("arxiv", "arxiv:total", [OK, FAILED], id="row 6: counts more than it shows"),
        pytest.param("arxiv", "arxiv:error-feed@1", [OK, MISSING], id="row 2: an error once"),
        pytest.param("arxiv", "arxiv:error-feed=Gulls", [OK, FAILED], id="row 2: one to blame"),
        pytest.param("arxiv", "arxiv:error-feed", [FAILED, FAILED], id="row 2: only errors"),
        pytest.param("arxiv", "arxiv:error-feed-200", [FAILED, FAILED], id="row 1: only errors"),
        pytest.param("arxiv", "arxiv:entities", [FAILED, FAILED], id="entities"),
        pytest.param("arxiv", "arxiv:hostile", [FAILED, FAILED], id="hostile entries"),
        pytest.param("semantic_scholar", "semantic_scholar:fields", [FAILED, FAILED], id="row 13"),
        pytest.param("semantic_scholar", "semantic_scholar:merged", [OK, MISSING], id="row 16"),
        pytest.param("semantic_scholar", "semantic_scholar:no-abstract", [OK, MISSING], id="17"),
        pytest.param("semantic_scholar", "semantic_scholar:absurd", [OK, MISSING], id="absurd"),
        pytest.param(
            "semantic_scholar", "semantic_scholar:hostile", [FAILED, MISSING], id="hostile"
        ),
        pytest.param("openreview", "openreview:search-unavailable@2", [OK, MISSING], id="row 22"),
        pytest.param(
            "openreview", "openreview:search-unavailable", [FAILED, FAILED], id="row 22 for ever"
        ),
        pytest.param("openreview", "openreview:v1-only", [OK, MISSING], id="row 23"),
        pytest.param("openreview", "openreview:hostile", [FAILED, MISSING], id="hostile notes"),
        pytest.param("openreview", "openreview:lists", [OK, MISSING], id="row 24"),
        pytest.param(
            "openreview", "openreview.v2:503@2*4", [FAILED, MISSING], id="v2 down for one"
        ),
        pytest.param("openreview", "openreview.login:401", [FAILED, FAILED], id="a wrong password"),
    ],
)
def test_a_fault_of_its_own(name: str, faults: str, expected: list[Outcome]) -> None:
    found = find(name, [THERE[name], NOWHERE], desk(faults))
    assert list(found.outcomes().values()) == expected


def test_openreview_is_disabled_by_a_challenge_for_guests() -> None:
    found = find("openreview", [OLDER], desk("openreview.login:mfa"))
    assert found == ({}, {})


@pytest.mark.parametrize(
    "title",
    [
        pytest.param("An Invented Title – of One Kind", id="another dash"),
        pytest.param("an INVENTED title:  of\none kind", id="case and line break"),
        pytest.param("{A}n \\textit{Invented} Title: \\emph{of} One Kind", id="LaTeX"),
        pytest.param("Nick: An Invented Title: Of One Kind", id="a nick before it"),
        pytest.param('"An Invented Title: Of One Kind"', id="in quotation marks"),
        pytest.param("Invented Titles of One Kind", id="plural and article"),
    ],
)
def test_arxiv_finds_a_title_written_otherwise(title: str) -> None:
    found = find("arxiv", [title], desk())
    assert found.outcomes() == {title: OK}
    assert "arxiv:2401.90001" in found.papers


def test_semantic_scholar_is_asked_for_a_whole_title_with_signs() -> None:
    title = "50% of BERT & α in “R&D”"
    at = desk()
    assert find("semantic_scholar", [title], at).outcomes() == {title: OK}
    assert at.stats()["semantic_scholar"]["asked"]["most_asked"] == f"title:{title}"


def test_arxiv_counts_a_group_of_phrases_as_one_title() -> None:
    at = desk()
    titles = ["Tides: Rising Waters Lift Small Boats in Every Harbour", "Old Tides"]
    wholes = [p for title in titles if (p := phrase(title))]
    asked = query(wholes, with_parts=True)
    assert len(asked.phrases) > 2
    assert atom_ids(arxiv(at, search_query=asked.text)) == ["hep-th/9901001"]
    assert at.stats()["arxiv"]["asked"]["distinct"] == 2


def test_arxiv_shows_first_what_holds_more_of_the_question() -> None:
    text = '(ti:"Tide Table") OR (ti:"An Invented Title" OR ti:"of One Kind")'
    assert atom_ids(arxiv(desk(), search_query=text, max_results=2))[0] == "2401.90001"
