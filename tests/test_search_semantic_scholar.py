"""Semantic Scholar asked for titles: rows 13 to 16 of the services' test matrix."""

from __future__ import annotations

import json
from typing import Any

import pytest

from enrich.model import Outcome, SourceState
from enrich.sources import record
from enrich.sources.semantic_scholar import FIELDS
from tests.network import Answer, answer, reply, search
from tests.test_semantic_scholar import row

OK, MISSING, FAILED = Outcome.OK, Outcome.NOT_FOUND, Outcome.FAILED
T = "Old Tides of the Northern Sea"
NONE = answer({"error": "Title match not found"}, 404)


def match(*rows: Any) -> Any:
    return answer({"data": list(rows)})


def paper(**more: Any) -> dict[str, Any]:
    return row(7, **{"title": T, "matchScore": 131.8, **more})


@pytest.mark.parametrize(
    ("answers", "expected", "requests"),
    [
        pytest.param([match(paper())], OK, 1, id="there"),
        pytest.param([NONE], MISSING, 1, id="row 14: 404 is a miss, and not asked again"),
        pytest.param([reply(404, "<html>")], FAILED, 1, id="404 of a wrong address"),
        pytest.param([answer({"message": "Not Found"}, 404)], FAILED, 1, id="404 of a gateway"),
        pytest.param([match()], MISSING, 1, id="no row"),
        pytest.param(
            [match(paper(title="Reward Models for Sheep"))], MISSING, 1, id="another paper"
        ),
        pytest.param([match(paper(title=None))], MISSING, 1, id="a row without a title"),
        pytest.param([match({"title": T})], FAILED, 1, id="a row that names no paper"),
        pytest.param([match(None, 5, paper())], OK, 1, id="rows that are none"),
        *(
            pytest.param([reply(status, body)], FAILED, 4, id=f"row 15: {status} {kind}")
            for status in (429, 500, 502, 503, 504)
            for kind, body in (("JSON", '{"message": "no"}'), ("HTML", "<html>"), ("empty", ""))
        ),
        pytest.param([reply(200, "<html>ok</html>")], FAILED, 4, id="row 15: 200 HTML"),
        pytest.param([reply(200, "")], FAILED, 4, id="row 15: 200 empty"),
        pytest.param([answer([])], FAILED, 4, id="row 15: 200 other JSON"),
        pytest.param([answer({})], FAILED, 4, id="row 15: 200 without data"),
        pytest.param([reply(429), reply(503), match(paper())], OK, 3, id="row 15: after retries"),
        pytest.param([reply(503), NONE], MISSING, 2, id="row 14 after a retry"),
        pytest.param([answer({"error": "bad query"}, 400)], FAILED, 1, id="400"),
        pytest.param(
            [answer({"error": "Unrecognized or unsupported fields: [x]"}, 400)],
            FAILED,
            1,
            id="row 13: unsupported fields",
        ),
        pytest.param([answer({"message": "Forbidden"}, 403)], FAILED, 1, id="a bad key"),
    ],
)
def test_semantic_scholar_search(answers: list[Answer], expected: Outcome, requests: int) -> None:
    found, script, source = search("semantic_scholar", [T], *answers)
    assert found.outcomes() == {T: expected}
    assert len(script.asked) == requests
    assert bool(found.papers) == (expected is OK)
    assert (source.gateway.state is SourceState.OK) == (expected is not FAILED)


@pytest.mark.parametrize(
    ("more", "asked"),
    [
        pytest.param(
            {"externalIds": {"DOI": "10.48550/arXiv.2401.00001", "ACL": "P19-1001"}},
            "arxiv:2401.00001",
            id="the arXiv number in a DOI",
        ),
        pytest.param(
            {"externalIds": {"DOI": "10.1234/X", "ACL": "P19-1001"}}, "acl:P19-1001", id="ACL"
        ),
        pytest.param({"externalIds": {"DOI": "10.1234/X"}}, "doi:10.1234/x", id="DOI"),
        pytest.param({"externalIds": None}, "s2:CorpusID:7", id="corpus id"),
        pytest.param({"corpusId": None}, f"s2:{7:040x}", id="sha"),
    ],
)
def test_a_paper_is_told_under_what_the_batch_would_ask(more: dict[str, Any], asked: str) -> None:
    found, *_ = search("semantic_scholar", [T], match(paper(citationCount=3, **more)))
    assert list(found.papers) == [asked]
    got = record(found.papers[asked])
    assert (got.title, got.citation_count) == (T, 3)
    assert asked in map(str, (*got.identifiers, got.asked))


def test_what_semantic_scholar_is_sent_for_a_title() -> None:
    titles = ["R&D + C++: 100% “more”?", "{T}wo\nlines of $\\alpha$", "tide " * 200, "…"]
    environ = {"SEMANTIC_SCHOLAR_API_KEY": "k3y"}
    found, script, _ = search("semantic_scholar", titles, NONE, environ=environ)
    urls = [request.url for request in script.asked]
    assert [url.params["query"] for url in urls[:2]] == [titles[0], "Two lines of alpha"]
    assert "R%26D" in str(urls[0]) and "%2B" in str(urls[0])
    assert len(urls[2].params["query"]) == 300
    assert {url.params["fields"] for url in urls} == {FIELDS}
    assert {url.path for url in urls} == {"/graph/v1/paper/search/match"}
    assert {request.method for request in script.asked} == {"GET"}
    assert {request.headers["x-api-key"] for request in script.asked} == {"k3y"}
    assert found.titles["…"].reason == "not_searchable"
    assert len(script.asked) == 3


def test_a_service_that_is_down_is_not_asked_for_every_title() -> None:
    titles = [f"Tide Table Number {n}" for n in range(50)]
    found, script, source = search("semantic_scholar", titles, reply(503))
    assert set(found.outcomes().values()) == {FAILED}
    assert len(script.asked) == 12
    assert source.gateway.state is SourceState.DOWN


def test_a_key_that_is_refused_ends_the_source() -> None:
    environ = {"SEMANTIC_SCHOLAR_API_KEY": "s3cr3t"}
    forbidden = answer({"message": "Forbidden"}, 403)
    found, script, source = search("semantic_scholar", [T, "Other"], forbidden, environ=environ)
    assert set(found.outcomes().values()) == {FAILED}
    assert len(script.asked) == 1
    assert "key" in str(source.gateway.trouble)
    assert "s3cr3t" not in json.dumps([str(found), source.gateway.trouble])


def test_one_paper_for_two_titles_is_told_once() -> None:
    found, script, _ = search("semantic_scholar", [T, T.lower(), T], match(paper()))
    assert found.outcomes() == {T: OK, T.lower(): OK}
    assert (len(found.papers), len(script.asked)) == (1, 2)
