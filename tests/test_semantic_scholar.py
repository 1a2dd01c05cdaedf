"""Semantic Scholar's client: rows 10 to 18 of the services' test matrix, and its records."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import httpx
import pytest

from enrich.errors import ConfigError
from enrich.ids import parse
from enrich.model import Outcome, Record, SourceState, Status, Told
from enrich.sources import record
from enrich.sources.semantic_scholar import FIELDS
from tests.network import (
    Answer,
    answer,
    ask,
    named,
    outcomes,
    reply,
)

OK, MISSING, FAILED = Outcome.OK, Outcome.NOT_FOUND, Outcome.FAILED
A, B, C = "2401.00001", "2401.00002", "hep-th/9901001"
SHA, OTHER = "a" * 40, "b" * 40


def row(number: int, **more: Any) -> dict[str, Any]:
    return {"paperId": f"{number:040x}", "corpusId": number, "title": f"Title {number}", **more}


@pytest.mark.parametrize(
    ("batch", "answers", "expected", "requests"),
    [
        pytest.param(
            f"arxiv:{A} acl:2023.acl-long.1 doi:10.1234/x",
            [answer([row(1), None, row(3)])],
            {A: OK, "2023.acl-long.1": MISSING, "10.1234/x": OK},
            1,
            id="row 10: null holes",
        ),
        pytest.param(
            f"arxiv:{A} arxiv:{B}",
            [answer({"error": "No valid paper ids given"}, 400)],
            {A: MISSING, B: MISSING},
            1,
            id="row 11: no valid ids",
        ),
        pytest.param(
            f"arxiv:{A} doi:10.1234/<odd>&id arxiv:{B}",
            [
                answer({"error": "No valid paper ids given"}, 400),
                answer([row(1), row(2)]),
                answer({"error": "No valid paper ids given"}, 400),
            ],
            {A: OK, "10.1234/<odd>&id": MISSING, B: OK},
            3,
            id="row 11: an unvalidated id is asked apart",
        ),
        pytest.param(
            f"arxiv:{A} arxiv:{B} arxiv:{C}",
            [
                answer({"error": "Response would exceed maximum size, ..."}, 400),
                answer([row(1)]),
                answer([row(2), None]),
            ],
            {A: OK, B: OK, C: MISSING},
            3,
            id="row 12: too large is halved",
        ),
        pytest.param(
            f"arxiv:{A}",
            [answer({"error": "Response would exceed maximum size"}, 400)],
            {A: FAILED},
            1,
            id="row 12: one alone cannot be halved",
        ),
        pytest.param(
            f"arxiv:{A}",
            [answer({"error": "Unrecognized or unsupported fields: [x]"}, 400)],
            {A: FAILED},
            1,
            id="row 13: unsupported fields",
        ),
        *(
            pytest.param(
                f"arxiv:{A}", [reply(status, body)], {A: FAILED}, 4, id=f"row 15: {status} {kind}"
            )
            for status in (429, 500, 502, 503, 504)
            for kind, body in (("JSON", '{"message": "no"}'), ("HTML", "<html>"), ("empty", ""))
        ),
        pytest.param(
            f"arxiv:{A}", [reply(200, "<html>ok</html>")], {A: FAILED}, 4, id="row 15: 200 HTML"
        ),
        pytest.param(f"arxiv:{A}", [answer({})], {A: FAILED}, 4, id="row 15: 200 other JSON"),
        pytest.param(
            f"arxiv:{A}", [reply(200, "[" * 100_000)], {A: FAILED}, 4, id="nested too deep"
        ),
        pytest.param(
            f"arxiv:{A}", [reply(503), answer([row(1)])], {A: OK}, 2, id="row 15: after a retry"
        ),
        pytest.param(
            f"s2:{SHA} s2:CorpusID:9",
            [answer([{"paperId": OTHER, "corpusId": 7}, row(8)])],
            {SHA: OK, "CorpusID:9": OK},
            1,
            id="row 16: another paperId",
        ),
        pytest.param(
            f"doi:10.1000/old arxiv:{A}",
            [
                answer(
                    [
                        row(1, externalIds={"DOI": "10.1000/new", "ArXiv": A}),
                        row(1, externalIds={"ArXiv": A}),
                    ]
                )
            ],
            {"10.1000/old": OK, A: OK},
            1,
            id="row 16: two ids of one merged cluster",
        ),
        pytest.param(
            f"arxiv:{A} arxiv:{B} arxiv:{C}",
            [
                answer(
                    [
                        row(2, externalIds={"ArXiv": B}),
                        row(1, externalIds={"ArXiv": A}),
                        row(3, externalIds={"ArXiv": C}),
                    ]
                )
            ],
            {A: FAILED, B: FAILED, C: OK},
            1,
            id="rows out of order",
        ),
        pytest.param(
            f"arxiv:{A} arxiv:{B}", [answer([row(1)])], {A: FAILED, B: FAILED}, 1, id="a row short"
        ),
        pytest.param(
            f"arxiv:{A}v2 doi:nothing openreview:AbC123xyz s2:zz",
            [answer([])],
            {f"{A}v2": MISSING, "nothing": MISSING, "AbC123xyz": MISSING, "zz": MISSING},
            0,
            id="what cannot be an id is not sent",
        ),
        pytest.param(f"arxiv:{A}", [reply(404)], {A: FAILED}, 1, id="a wrong address is no miss"),
    ],
)
def test_semantic_scholar(
    batch: str, answers: list[Answer], expected: dict[str, Outcome], requests: int
) -> None:
    told, script, _, _ = ask("semantic_scholar", batch, *answers)
    assert outcomes(told) == expected
    assert len(script.asked) == requests


def test_what_semantic_scholar_is_sent() -> None:
    batch = f"arxiv:{C} acl:P19-1001 doi:10.1234/x s2:{SHA} s2:CorpusID:7"
    environ = {"SEMANTIC_SCHOLAR_API_KEY": " k3y\n"}
    _, script, _, _ = ask("semantic_scholar", batch, answer([None] * 5), environ=environ)
    request = script.asked[0]
    assert script.json() == {
        "ids": [f"ARXIV:{C}", "ACL:P19-1001", "DOI:10.1234/x", SHA, "CorpusId:7"]
    }
    assert request.headers["x-api-key"] == "k3y"
    assert request.url.path == "/graph/v1/paper/batch"
    assert request.url.params["fields"] == FIELDS


def test_every_field_is_one_that_the_package_knows() -> None:
    from semanticscholar.Paper import Paper

    assert set(FIELDS.split(",")) <= set(Paper.FIELDS)


@pytest.mark.parametrize(
    ("answered", "says"),
    [
        pytest.param(
            answer({"error": "Unrecognized or unsupported fields: [x]"}, 400), "field", id="row 13"
        ),
        pytest.param(answer({"message": "Forbidden"}, 403), "key", id="a bad key"),
    ],
)
def test_what_no_retry_can_help_ends_the_source_for_the_run(
    answered: httpx.Response, says: str
) -> None:
    environ = {"SEMANTIC_SCHOLAR_API_KEY": "s3cr3t"}
    told, _, _, source = ask("semantic_scholar", f"arxiv:{A}", answered, environ=environ)
    assert source.gateway.state is SourceState.DOWN
    assert says in str(source.gateway.trouble)
    assert "s3cr3t" not in f"{source.gateway.trouble} {told} {source.__dict__['gateway']!r}"


def test_a_key_that_no_header_can_carry() -> None:
    with pytest.raises(ConfigError, match="SEMANTIC_SCHOLAR_API_KEY") as caught:
        ask("semantic_scholar", "", reply(), environ={"SEMANTIC_SCHOLAR_API_KEY": "schlüssel"})
    assert "schl" not in str(caught.value)


def s2_record(value: Any) -> Record:
    return record(Told("semantic_scholar", parse(A) or named("a:b")[0], OK, json.dumps(value)))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(
            {
                "paperId": SHA,
                "corpusId": 7,
                "externalIds": {"ArXiv": A, "DOI": "10.48550/arXiv." + A, "ACL": "P19-1001"},
            },
            {
                "identifiers": tuple(
                    named(f"arxiv:{A} doi:10.48550/arxiv.{A} acl:P19-1001 s2:{SHA} s2:CorpusID:7")
                )
            },
            id="identifiers",
        ),
        pytest.param(
            {"externalIds": {"DOI": "not one", "CorpusId": 8, "ArXiv": None}, "paperId": None},
            {"identifiers": tuple(named("s2:CorpusID:8"))},
            id="identifiers that are none",
        ),
        pytest.param(
            {"citationCount": 0, "influentialCitationCount": None},
            {"citation_count": 0, "influential_citation_count": None},
            id="zero is not unknown",
        ),
        pytest.param({}, {"citation_count": None, "title": None}, id="row 17: nothing told"),
        pytest.param(
            {"citationCount": -1, "influentialCitationCount": True},
            {"citation_count": None, "influential_citation_count": None},
            id="counts that are none",
        ),
        pytest.param(
            {"abstract": None, "openAccessPdf": {"url": "", "disclaimer": "elided"}},
            {"abstract": None, "open_access_pdf": None},
            id="row 17: elided abstract",
        ),
        pytest.param(
            {"venue": "arXiv.org", "publicationDate": "2024-01-02", "year": 2024},
            {"venue": None, "status": Status.PREPRINT, "published": date(2024, 1, 2)},
            id="a preprint server is no venue",
        ),
        pytest.param(
            {"venue": "ACL", "publicationDate": "2024", "authors": [{"name": " A  B "}, {}]},
            {"venue": "ACL", "status": Status.PUBLISHED, "published": None, "authors": ("A B",)},
            id="published",
        ),
        pytest.param(
            {"title": "\x1b[31mRed\x00\ud800", "openAccessPdf": {"url": "javascript:x"}},
            {"title": "Red", "open_access_pdf": None},
            id="hostile text",
        ),
        pytest.param(
            {"title": "T", "authors": 5, "externalIds": [], "openAccessPdf": "x"},
            {"identifiers": ()},
            id="wrong shapes",
        ),
        pytest.param([1], {"title": None}, id="no object"),
    ],
)
def test_semantic_scholar_record(value: Any, expected: dict[str, Any]) -> None:
    got = s2_record(value)
    assert {name: getattr(got, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("field", "written"),
    [("citationCount", "1e999"), ("year", "-1e999"), ("authors", "5"), ("authors", '"A"')],
)
def test_one_absurd_field_costs_no_other(field: str, written: str) -> None:
    row = f'{{"paperId": "{"a" * 40}", "title": "A Title", "venue": "ACL", "{field}": {written}}}'
    told, *_ = ask("semantic_scholar", "arxiv:2401.00001", reply(200, f"[{row}]"))
    [record_of] = map(record, told.values())
    assert (record_of.title, record_of.venue) == ("A Title", "ACL")
    assert (record_of.citation_count, record_of.year, record_of.authors) == (None, None, ())


def test_a_row_that_names_nothing_is_a_failure() -> None:
    told, *_ = ask("semantic_scholar", "arxiv:2401.00001", reply(200, '[{"citationCount": 7}]'))
    assert [one.outcome for one in told.values()] == [Outcome.FAILED]
