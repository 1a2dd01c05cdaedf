"""OpenReview asked for titles: rows 19 to 24 of the services' test matrix."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from enrich.model import Outcome, SourceState
from enrich.sources import record
from tests.network import MIDNIGHT, Answer, answer, reply, search
from tests.test_openreview import CHALLENGE, FORBIDDEN, LOGIN, TOKEN, M, N, notes

OK, MISSING, FAILED = Outcome.OK, Outcome.NOT_FOUND, Outcome.FAILED
T = "Sailing with Small Models"
NEAR = "Sailing without Small Models"


def v2(number: str = N, title: str = T, **content: Any) -> dict[str, Any]:
    values = {name: {"value": value} for name, value in {"title": title, **content}.items()}
    return {"id": number, "forum": number, "content": values}


def v1(number: str = M, title: str = T, **content: Any) -> dict[str, Any]:
    return {"id": number, "forum": number, "content": {"title": title, **content}}


@pytest.mark.parametrize(
    ("answers", "expected", "papers", "asked"),
    [
        pytest.param([TOKEN, notes(v2())], OK, [N], "login2 2", id="v2 has the very title"),
        pytest.param(
            [TOKEN, notes(), notes(v1())], OK, [M], "login2 2 1", id="row 23: v2 empty, v1 has it"
        ),
        pytest.param(
            [TOKEN, notes(v2(N, NEAR)), notes(v1())],
            OK,
            [N, M],
            "login2 2 1",
            id="row 23: v2 has a relative, v1 the paper",
        ),
        pytest.param(
            [TOKEN, notes(v2(N, NEAR)), notes()], OK, [N], "login2 2 1", id="only a relative"
        ),
        pytest.param(
            [TOKEN, notes(), notes()], MISSING, [], "login2 2 1", id="a miss after both answered"
        ),
        pytest.param(
            [TOKEN, notes(v2(N, "Reward Models for Sheep")), notes()],
            MISSING,
            [],
            "login2 2 1",
            id="a fuzzy search finds something else",
        ),
        pytest.param(
            [TOKEN, *[reply(503)] * 4, notes()],
            FAILED,
            [],
            "login2 2 2 2 2 1",
            id="v2 down: v1 alone makes no miss",
        ),
        pytest.param(
            [TOKEN, *[reply(503)] * 4, notes(v1())],
            OK,
            [M],
            "login2 2 2 2 2 1",
            id="v2 down: v1 has the very title",
        ),
        pytest.param(
            [TOKEN, notes(v2(N, NEAR)), reply(503)],
            FAILED,
            [N],
            "login2 2 1 1 1 1",
            id="v1 down: a relative in v2 is not all there is",
        ),
        pytest.param(
            [TOKEN, notes(searchUnavailable=True), notes(v2())],
            OK,
            [N],
            "login2 2 2",
            id="row 22: search unavailable for a moment",
        ),
        pytest.param(
            [TOKEN, notes(searchUnavailable=True)],
            FAILED,
            [],
            "login2 2 2 2 2 1 1 1 1",
            id="row 22: search unavailable",
        ),
        pytest.param(
            [TOKEN, FORBIDDEN, TOKEN, FORBIDDEN, notes(v2())],
            OK,
            [N],
            "login2 2 login2 2 2",
            id="row 20: 403 with a login passes",
        ),
        pytest.param(
            [TOKEN, FORBIDDEN, TOKEN, FORBIDDEN],
            FAILED,
            [],
            "login2 2 login2 2 2 2 2 1 login1",
            id="row 20: 403 with a login stays",
        ),
        pytest.param(
            [TOKEN, reply(200, "<html>"), notes(v2())],
            OK,
            [N],
            "login2 2 2",
            id="HTML is no answer",
        ),
        pytest.param(
            [TOKEN, reply(404, "<html>")], FAILED, [], "login2 2 1", id="404 of a wrong address"
        ),
        pytest.param(
            [answer({"name": "Unauthorized"}, 400)], FAILED, [], "login2", id="a wrong password"
        ),
        pytest.param(
            [
                TOKEN,
                notes(v2(N, T, venue=["ICLR 2024 poster"], authors=[{"fullname": "Ada Tidewell"}])),
            ],
            OK,
            [N],
            "login2 2",
            id="row 24: lists and objects",
        ),
        pytest.param(
            [TOKEN, notes({"id": M, "forum": N, "content": {"title": {"value": T}}}), notes()],
            MISSING,
            [],
            "login2 2 1",
            id="a reply is no paper",
        ),
        pytest.param(
            [TOKEN, notes({"id": "a/b", "content": {}}, {"id": N}, v2()), notes()],
            OK,
            [N],
            "login2 2",
            id="notes of wrong shapes",
        ),
    ],
)
def test_openreview_search(
    answers: list[Answer], expected: Outcome, papers: list[str], asked: str
) -> None:
    found, script, source = search("openreview", [T], *answers, environ=LOGIN)
    seen = [
        ("login" if r.url.path == "/login" else "") + ("2" if "api2" in r.url.host else "1")
        for r in script.asked
    ]
    assert found.outcomes() == {T: expected}
    assert [one.removeprefix("openreview:") for one in found.papers] == papers
    assert seen == asked.split()
    assert all(b >= a + 20 for a, b in zip(script.starts, script.starts[1:], strict=False))
    assert "p4ssw0rd" not in f"{found} {source.gateway.trouble}"


def test_a_note_is_told_as_if_it_had_been_asked_for() -> None:
    made = v2(N, T, venue=["X 2024"], authors=[{"fullname": "Ada Tidewell"}], abstract="So.")
    found, *_ = search("openreview", [T], TOKEN, notes(made), environ=LOGIN)
    got = record(found.papers[f"openreview:{N}"])
    assert (got.title, got.authors, got.abstract) == (T, ("Ada Tidewell",), "So.")


def test_what_openreview_is_sent_for_a_title() -> None:
    titles = ['R&D - "C++" (50\\%): {W}hat\'s $\\alpha$-new?', "word " * 100, "?!"]
    found, script, _ = search("openreview", titles, TOKEN, notes(), environ=LOGIN)
    _, first, _, second, _ = script.asked
    assert first.method == "GET"
    assert first.url.path == "/notes/search"
    assert dict(first.url.params) == {
        "term": "R&D C 50 What's alpha-new",
        "type": "terms",
        "content": "all",
        "group": "all",
        "source": "forum",
        "limit": "20",
    }
    assert first.headers["authorization"] == "Bearer t0k3n"
    assert len(second.url.params["term"]) <= 300
    assert found.titles["?!"].reason == "not_searchable"


@pytest.mark.parametrize(
    ("ahead", "outcome", "starts"),
    [
        pytest.param(200, OK, [0, 20, 220], id="row 21: sleeps until the reset"),
        pytest.param(1800, FAILED, [0, 20], id="row 21: defers a long one"),
    ],
)
def test_row_21_reset_time(ahead: int, outcome: Outcome, starts: list[float]) -> None:
    def limited(request: httpx.Request) -> httpx.Response:
        moment = (MIDNIGHT + timedelta(seconds=20 + ahead)).isoformat().replace("+00:00", ".000Z")
        return answer(
            {"name": "RateLimitError", "status": 429, "details": {"resetTime": moment}}, 429
        )

    found, script, _ = search("openreview", [T], TOKEN, limited, notes(v2()), environ=LOGIN)
    assert found.outcomes() == {T: outcome}
    assert script.starts == starts


@pytest.mark.parametrize(
    ("environ", "answers", "requests"),
    [
        pytest.param({}, [notes()], 0, id="no login: not asked"),
        pytest.param(LOGIN, [answer({"mfaPending": True})], 1, id="a second factor"),
    ],
)
def test_row_19_disabled(environ: dict[str, str], answers: list[Answer], requests: int) -> None:
    found, script, source = search("openreview", [T, NEAR], *answers, environ=environ)
    assert found == ({}, {})
    assert source.gateway.state is SourceState.DISABLED
    assert len(script.asked) == requests


def test_row_19_challenge_in_the_middle_of_a_search() -> None:
    told = [notes(v2()), CHALLENGE]
    found, script, source = search("openreview", [T, "Other", "Third"], *told, anonymous=True)
    assert found.outcomes() == {T: OK}
    assert source.gateway.state is SourceState.DISABLED
    assert len(script.asked) == 2
