"""arXiv's client: rows 1 to 9 of the services' test matrix, and its records."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from enrich.ids import parse
from enrich.model import Identifier, Outcome, SourceState, Status
from enrich.sources import record
from tests.network import (
    Answer,
    ask,
    outcomes,
    reply,
)

OK, MISSING, FAILED = Outcome.OK, Outcome.NOT_FOUND, Outcome.FAILED
A, B, C = "2401.00001", "2401.00002", "hep-th/9901001"


def entry(number: str, title: str = "An Invented Title", more: str = "") -> str:
    return (
        f"<entry><id>http://arxiv.org/abs/{number}</id><title>{title}</title>"
        "<updated>2024-02-01T00:00:00Z</updated><published>2024-01-01T00:00:00Z</published>"
        f"<author><name>A. Writer</name></author>{more}</entry>"
    )


def feed(*entries: str, total: int | None = None, status: int = 200) -> httpx.Response:
    count = len(entries) if total is None else total
    return reply(
        status,
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom" '
        'xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">'
        f"<opensearch:totalResults>{count}</opensearch:totalResults>{''.join(entries)}</feed>",
        content_type="application/atom+xml",
    )


def error_feed(summary: str, status: int = 200) -> httpx.Response:
    return feed(
        "<entry><id>https://arxiv.org/api/errors#some</id><title>Error</title>"
        f"<updated>2026-11-21T00:00:00Z</updated><summary>{summary}</summary></entry>",
        status=status,
    )


THREE = f"arxiv:{A} arxiv:{B} arxiv:{C}"


@pytest.mark.parametrize(
    ("batch", "answers", "expected", "requests"),
    [
        pytest.param(
            THREE,
            [error_feed(f"incorrect id format for {B}"), feed(entry(f"{A}v1"), entry(f"{C}v2"))],
            {A: OK, B: MISSING, C: OK},
            2,
            id="row 1: 200 error feed naming one bad id",
        ),
        pytest.param(
            THREE,
            [
                error_feed(f"incorrect id format for {B}", 400),
                feed(entry(f"{A}v1"), entry(f"{C}v2")),
            ],
            {A: OK, B: MISSING, C: OK},
            2,
            id="row 2: 400 error feed naming one bad id",
        ),
        pytest.param(
            THREE,
            [error_feed("bad id"), feed(entry(A)), error_feed("bad id"), feed(entry(B)), feed()],
            {A: OK, B: OK, C: MISSING},
            5,
            id="rows 1 and 2: an unnamed bad id is found by halving",
        ),
        pytest.param(
            THREE,
            [error_feed("something broke")],
            {A: FAILED, B: FAILED, C: FAILED},
            5,
            id="an error of the service's own is no miss",
        ),
        pytest.param(
            THREE,
            [reply(200, "<html><body>busy</body></html>")],
            {A: FAILED, B: FAILED, C: FAILED},
            4,
            id="row 3: HTML",
        ),
        pytest.param(
            THREE,
            [reply(200, "Rate exceeded.")],
            {A: FAILED, B: FAILED, C: FAILED},
            4,
            id="row 3: Rate exceeded",
        ),
        pytest.param(
            THREE, [reply(200, "")], {A: FAILED, B: FAILED, C: FAILED}, 4, id="row 3: empty body"
        ),
        pytest.param(
            THREE,
            [reply(200, feed(entry(A), entry(B)).content[:-30])],
            {A: FAILED, B: FAILED, C: FAILED},
            4,
            id="row 4: truncated XML",
        ),
        pytest.param(
            THREE,
            [feed(entry(f"{C}v3"), entry(f"{A}v12"))],
            {A: OK, B: MISSING, C: OK},
            1,
            id="row 5: fewer entries, other order, versions",
        ),
        pytest.param(
            THREE,
            [feed(entry(f"{A}v1"), entry("2412.99999v1")), feed(entry(B))],
            {A: OK, B: OK, C: MISSING},
            2,
            id="row 5: an entry that nobody asked for",
        ),
        pytest.param(
            THREE,
            [feed(entry("2412.99998v1"), entry("2412.99999v1"))],
            {A: FAILED, B: FAILED, C: FAILED},
            2,
            id="row 5: only entries that nobody asked for",
        ),
        pytest.param(
            THREE,
            [feed(total=3)],
            {A: FAILED, B: FAILED, C: FAILED},
            2,
            id="row 6: counted and never shown",
        ),
        pytest.param(
            THREE,
            [feed(entry(f"{A}v1"), total=3), feed(total=2)],
            {A: OK, B: MISSING, C: MISSING},
            2,
            id="row 6: totalResults beyond the entries",
        ),
        pytest.param(
            THREE,
            [feed(), feed(entry(A), entry(B))],
            {A: OK, B: OK, C: MISSING},
            2,
            id="an empty page for many is asked once more",
        ),
        pytest.param(
            THREE,
            [reply(429, "Rate exceeded.")],
            {A: FAILED, B: FAILED, C: FAILED},
            4,
            id="row 7: 429 repeatedly",
        ),
        pytest.param(
            THREE,
            [reply(414, "<html>"), feed(entry(A)), feed(entry(B), entry(C))],
            {A: OK, B: OK, C: OK},
            3,
            id="row 8: 414 splits",
        ),
        pytest.param(
            THREE,
            [reply(414, "<html>")],
            {A: FAILED, B: FAILED, C: FAILED},
            5,
            id="row 8: 414 for one alone",
        ),
        pytest.param(
            THREE,
            [
                reply(301, location="https://export.arxiv.org/api/query2"),
                feed(entry(A), entry(B), entry(C)),
            ],
            {A: OK, B: OK, C: OK},
            2,
            id="row 9: redirect",
        ),
        pytest.param(
            f"arxiv:{A} arxiv:2613.00001 arxiv:9901001 arxiv:{A}v2 doi:10.1/x arxiv:",
            [feed(entry(A))],
            {
                A: OK,
                "2613.00001": MISSING,
                "9901001": MISSING,
                f"{A}v2": MISSING,
                "10.1/x": MISSING,
                "": MISSING,
            },
            1,
            id="what cannot be an id is not sent",
        ),
        pytest.param("arxiv:abc", [feed()], {"abc": MISSING}, 0, id="nothing to send"),
        pytest.param(
            f"arxiv:{A}",
            [reply(404, "<html>")],
            {A: FAILED},
            1,
            id="a wrong address is no miss",
        ),
        pytest.param(
            f"arxiv:{A}", [reply(400, "<html>")], {A: FAILED}, 1, id="400 without a feed is no miss"
        ),
        pytest.param(
            f"arxiv:{A}",
            [reply(200, "<!DOCTYPE f [<!ENTITY x 'y'>]>" + feed(entry(A)).text[38:])],
            {A: FAILED},
            4,
            id="a document type is refused",
        ),
    ],
)
def test_arxiv(
    batch: str, answers: list[Answer], expected: dict[str, Outcome], requests: int
) -> None:
    told, script, _, _ = ask("arxiv", batch, *answers)
    assert outcomes(told) == expected
    assert len(script.asked) == requests
    assert all(b >= a + 3 for a, b in zip(script.starts, script.starts[1:], strict=False))
    for one in told.values():
        assert (one.outcome is OK) == bool(one.body)
        assert (one.reason in ("invalid_id", "unknown")) == (one.outcome is MISSING)
        assert one.outcome is not FAILED or one.reason


def test_row_1_reasons_and_what_is_sent_again() -> None:
    told, script, _, _ = ask(
        "arxiv", THREE, error_feed(f"incorrect id format for {B}"), feed(entry(A), entry(C))
    )
    assert told[B].reason == "invalid_id"
    forms = [parse_qs(request.content.decode()) for request in script.asked]
    assert [form["id_list"][0].split(",") for form in forms] == [[A, B, C], [A, C]]
    assert [form["max_results"] for form in forms] == [["3"], ["2"]]
    assert {request.method for request in script.asked} == {"POST"}
    assert str(script.asked[0].url) == "https://export.arxiv.org/api/query"


def test_row_6_asks_for_no_page() -> None:
    _, script, _, _ = ask("arxiv", THREE, feed(entry(A), entry(B), total=3), feed(total=1))
    assert all(parse_qs(r.content.decode())["start"] == ["0"] for r in script.asked)


def test_row_7_cools_the_whole_provider_down_for_minutes() -> None:
    told, script, _, source = ask("arxiv", THREE, reply(429, "Rate exceeded."))
    assert script.starts == [0, 60, 180, 420]
    assert source.gateway.tally.rate_limited == 4
    assert source.gateway.state is SourceState.DOWN
    assert told[A].reason == source.gateway.trouble
    assert "export.arxiv.org" in str(told[A].reason)


def test_an_address_that_answers_404_to_all_is_down() -> None:
    _, _, _, source = ask("arxiv", THREE, reply(404, "<html>not here"))
    assert source.gateway.state is SourceState.DOWN
    assert "export.arxiv.org answered 404" in str(source.gateway.trouble)


def test_answers_that_do_not_fit_are_a_trouble() -> None:
    _, _, _, source = ask("arxiv", THREE, feed(total=3))
    assert source.gateway.state is SourceState.DEGRADED
    assert source.gateway.trouble == "the answer does not fit the question"
    assert source.gateway.tally.failures == 1


def test_a_service_that_answers_errors_for_ever_is_left() -> None:
    batch = " ".join(f"arxiv:2401.{n:05}" for n in range(1, 101))
    told, script, _, _ = ask("arxiv", batch, error_feed("something broke"))
    assert len(script.asked) <= 24
    assert set(outcomes(told).values()) == {FAILED}


WITHDRAWN = "This paper has been withdrawn by the authors due to an error in Lemma 2."


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        pytest.param("", {"status": Status.PREPRINT, "venue": None}, id="preprint"),
        pytest.param(
            "<arxiv:journal_ref>J. Inv. 1\n (2024)</arxiv:journal_ref>",
            {"status": Status.PUBLISHED, "venue": "J. Inv. 1 (2024)"},
            id="journal reference",
        ),
        pytest.param(
            "<arxiv:doi>10.1234/ABC</arxiv:doi><arxiv:doi>10.1234/def</arxiv:doi>",
            {
                "status": Status.PUBLISHED,
                "identifiers": (Identifier("arxiv", A), Identifier("doi", "10.1234/abc")),
            },
            id="DOI",
        ),
        pytest.param(
            "<arxiv:comment>Withdrawn: see v1</arxiv:comment>",
            {"status": Status.WITHDRAWN},
            id="withdrawn by its comment",
        ),
        pytest.param(
            f"<summary>{WITHDRAWN}</summary>",
            {"status": Status.WITHDRAWN, "abstract": WITHDRAWN},
            id="withdrawn by its summary",
        ),
        pytest.param(
            "<summary>The drug was withdrawn from the market.</summary>",
            {"status": Status.PREPRINT},
            id="another thing was withdrawn",
        ),
        pytest.param(
            "<arxiv:comment>Withdrawn from ICLR 2020</arxiv:comment>",
            {"status": Status.PREPRINT},
            id="withdrawn elsewhere",
        ),
        pytest.param(
            "<summary>  Line one\n  line\x09two &lt;b&gt; &amp;amp; \u202e </summary>",
            {"abstract": "Line one line two <b> &amp;"},
            id="line breaks and marks",
        ),
    ],
)
def test_arxiv_record(more: str, expected: dict[str, Any]) -> None:
    told, *_ = ask("arxiv", f"arxiv:{A}", feed(entry(f"{A}v2", "An\n  Invented Title", more)))
    got = record(told[A])
    assert got.title == "An Invented Title"
    assert (got.authors, got.year, got.published) == (("A. Writer",), 2024, date(2024, 1, 1))
    assert {name: getattr(got, name) for name in expected} == expected


RECORDED = Path(__file__).parents[1] / "../shared/corpus/recorded/arxiv"


def recorded() -> Sequence[Path]:
    return sorted(RECORDED.glob("*id_*.json")) if RECORDED.is_dir() else []


@pytest.mark.skipif(not recorded(), reason="the recorded answers are not here")
def test_recorded_answers_of_arxiv() -> None:
    for path in recorded():
        told_by = json.loads(path.read_text())
        query = parse_qs(told_by["url"].partition("?")[2])
        found = [i for raw in query["id_list"][0].split(",") if (i := parse(raw.partition("v")[0]))]
        if not found:
            continue
        batch = " ".join(map(str, found))
        told, *_ = ask("arxiv", batch, reply(told_by["status_code"], told_by["body"]))
        for one in told.values():
            assert one.outcome is not FAILED, path.name
            assert one.outcome is not OK or record(one).title


@pytest.mark.parametrize(
    "part", ["An Invented Title", "<published>2024-01-01T00:00:00Z</published>"]
)
def test_an_entry_without_its_title_or_date_is_a_failure(part: str) -> None:
    """What is not told there would take the place of what was."""
    told, *_ = ask("arxiv", f"arxiv:{A}", feed(entry(A).replace(part, "")))
    assert told[A].outcome is FAILED
