"""OpenReview's client: rows 19 to 24 of the services' test matrix, and its records."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from enrich.model import Identifier, Outcome, SourceState, Status, Told
from enrich.sources import record
from tests.network import (
    MIDNIGHT,
    Answer,
    answer,
    ask,
    named,
    outcomes,
    reply,
)

OK, MISSING, FAILED = Outcome.OK, Outcome.NOT_FOUND, Outcome.FAILED
LOGIN = {"OPENREVIEW_USERNAME": "someone", "OPENREVIEW_PASSWORD": "p4ssw0rd"}
N, M = "AbC123xyz", "XyZ_-9876"
TOKEN = answer({"token": "t0k3n", "user": {}})

CHALLENGE = answer({"name": "ChallengeRequiredError", "status": 403}, 403)
FORBIDDEN = answer({"name": "ForbiddenError", "status": 403}, 403)


def note(number: str, **more: Any) -> dict[str, Any]:
    return {"id": number, "forum": number, "content": {"title": {"value": "T"}}, **more}


def notes(*found: dict[str, Any], **more: Any) -> httpx.Response:
    return answer({"notes": list(found), "count": len(found), **more})


@pytest.mark.parametrize(
    ("answers", "expected", "asked"),
    [
        pytest.param(
            [TOKEN, notes(note(M), note(N))],
            {N: OK, M: OK},
            "login2 2",
            id="one login, one search, any order",
        ),
        pytest.param(
            [TOKEN, notes(note(N)), notes(note(M))],
            {N: OK, M: OK},
            "login2 2 1",
            id="row 23: v2 lacks it, v1 has it",
        ),
        pytest.param(
            [TOKEN, notes(), notes()],
            {N: MISSING, M: MISSING},
            "login2 2 1",
            id="a miss is final after both",
        ),
        pytest.param(
            [TOKEN, notes(note("Other-1")), notes(note("Other-2"))],
            {N: FAILED, M: FAILED},
            "login2 2 1",
            id="only strangers are no miss",
        ),
        pytest.param(
            [TOKEN, notes(note(N)), reply(503)],
            {N: OK, M: FAILED},
            "login2 2 1 1 1 1",
            id="v1 down: what v2 lacks is unknown",
        ),
        pytest.param(
            [TOKEN, *[reply(503)] * 4, notes(note(N))],
            {N: OK, M: FAILED},
            "login2 2 2 2 2 1",
            id="v2 down: what v1 lacks is unknown",
        ),
        pytest.param(
            [TOKEN, notes(note(N)), FORBIDDEN, TOKEN, notes(note(M))],
            {N: OK, M: OK},
            "login2 2 1 login1 1",
            id="v1 refuses the token of v2",
        ),
        pytest.param(
            [TOKEN, FORBIDDEN, TOKEN, FORBIDDEN, notes(note(N), note(M))],
            {N: OK, M: OK},
            "login2 2 login2 2 2",
            id="row 20: 403 with a login passes",
        ),
        pytest.param(
            [TOKEN, FORBIDDEN, TOKEN, FORBIDDEN],
            {N: FAILED, M: FAILED},
            "login2 2 login2 2 2 2 2 1 login1",
            id="row 20: 403 with a login stays",
        ),
        pytest.param(
            [TOKEN, notes(searchUnavailable=True), notes(note(N), note(M))],
            {N: OK, M: OK},
            "login2 2 2",
            id="row 22: search unavailable for a moment",
        ),
        pytest.param(
            [TOKEN, notes(searchUnavailable=True)],
            {N: FAILED, M: FAILED},
            "login2 2 2 2 2 1 1 1 1",
            id="row 22: search unavailable",
        ),
        pytest.param(
            [TOKEN, reply(200, "<html>"), notes(note(N), note(M))],
            {N: OK, M: OK},
            "login2 2 2",
            id="HTML is no answer",
        ),
        pytest.param(
            [answer({"name": "Unauthorized"}, 400)],
            {N: FAILED, M: FAILED},
            "login2",
            id="a wrong password",
        ),
        pytest.param([answer({"mfaPending": True})], {}, "login2", id="a second factor"),
    ],
)
def test_openreview(answers: list[Answer], expected: dict[str, Outcome], asked: str) -> None:
    told, script, _, source = ask(
        "openreview", f"openreview:{N} openreview:{M}", *answers, environ=LOGIN
    )
    seen = [
        ("login" if r.url.path == "/login" else "") + ("2" if "api2" in r.url.host else "1")
        for r in script.asked
    ]
    assert outcomes(told) == expected
    assert seen == asked.split()
    assert all(b >= a + 20 for a, b in zip(script.starts, script.starts[1:], strict=False))
    assert "p4ssw0rd" not in f"{told} {source.gateway.trouble}"
    if set(expected.values()) == {OK} and FORBIDDEN in answers:
        assert source.gateway.state is SourceState.OK, "a login that is renewed is no trouble"


def test_what_openreview_is_sent() -> None:
    batch = f"openreview:{N} openreview:a/b openreview:{N}"
    told, script, _, _ = ask("openreview", batch, TOKEN, notes(note(N)), environ=LOGIN)
    assert script.json(0)["id"] == "someone"
    assert script.json(0)["password"] == "p4ssw0rd"
    assert script.json(1) == {"ids": [N]}
    assert script.asked[1].headers["authorization"] == "Bearer t0k3n"
    assert told["a/b"].reason == "invalid_id"


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

    told, script, _, _ = ask(
        "openreview", f"openreview:{N}", TOKEN, limited, notes(note(N)), environ=LOGIN
    )
    assert told[N].outcome is outcome
    assert script.starts == starts


@pytest.mark.parametrize(
    ("environ", "anonymous", "answers", "requests", "says"),
    [
        pytest.param({}, False, [notes()], 0, "OPENREVIEW_USERNAME", id="no login: not asked"),
        pytest.param(
            {"OPENREVIEW_USERNAME": "a"}, False, [notes()], 0, "OPENREVIEW_PASSWORD", id="half one"
        ),
        pytest.param({}, True, [CHALLENGE], 1, "without a login", id="row 19: challenge"),
    ],
)
def test_row_19_disabled(
    environ: dict[str, str], anonymous: bool, answers: list[Answer], requests: int, says: str
) -> None:
    told, script, _, source = ask(
        "openreview", f"openreview:{N}", *answers, environ=environ, anonymous=anonymous
    )
    assert told == {}
    assert source.gateway.state is SourceState.DISABLED
    assert says in str(source.gateway.trouble)
    assert len(script.asked) == requests


def test_anonymous_reads_where_they_are_allowed() -> None:
    told, script, _, _ = ask("openreview", f"openreview:{N}", notes(note(N)), anonymous=True)
    assert outcomes(told) == {N: OK}
    assert "authorization" not in script.asked[0].headers


V = "ICLR.cc/2024/Conference"


def v2(**content: Any) -> dict[str, Any]:
    return {
        "api": 2,
        "note": {
            "id": N,
            "forum": N,
            "domain": V,
            "invitations": [f"{V}/-/Submission"],
            "cdate": 1695000000000,
            "content": {name: {"value": value} for name, value in content.items()},
        },
    }


def v1(invitation: str = "Blind_Submission", **content: Any) -> dict[str, Any]:
    return {
        "api": 1,
        "note": {
            "id": N,
            "forum": N,
            "original": "hidden123",
            "invitation": f"{V}/-/{invitation}",
            "content": content,
        },
    }


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(
            v2(title="T", authors=["A B"], venue="ICLR 2024 poster", venueid=V, abstract="x"),
            {
                "title": "T",
                "authors": ("A B",),
                "abstract": "x",
                "venue": "ICLR 2024 poster",
                "year": 2024,
                "published": date(2023, 9, 18),
                "status": Status.PUBLISHED,
                "identifiers": (Identifier("openreview", N),),
            },
            id="v2 accepted",
        ),
        pytest.param(
            v1(title="T", authors=["A B"], venue="ICLR 2024 Poster", venueid=V),
            {"title": "T", "authors": ("A B",), "status": Status.PUBLISHED, "year": 2024},
            id="row 23: v1 is flat",
        ),
        pytest.param(
            v2(
                venue=["ICLR 2024 poster", "x"],
                venueid=[V],
                authors=[{"fullname": "A B", "username": "~A_B1"}, {"name": "C"}, 5],
            ),
            {"venue": "ICLR 2024 poster", "status": Status.PUBLISHED, "authors": ("A B", "C")},
            id="row 24: list-valued venue, author objects",
        ),
        pytest.param(
            v2(venue="Submitted to ICLR 2024", venueid=f"{V}/Rejected_Submission"),
            {"status": Status.REJECTED, "venue": None, "year": 2023},
            id="rejected",
        ),
        pytest.param(
            v2(venueid=f"{V}/Desk_Rejected_Paper"), {"status": Status.REJECTED}, id="desk rejected"
        ),
        pytest.param(
            v2(venueid=f"{V}/Withdrawn_Submission"), {"status": Status.WITHDRAWN}, id="withdrawn"
        ),
        pytest.param(v2(venueid=f"{V}/Submission"), {"status": Status.PREPRINT}, id="active"),
        pytest.param(v2(title="T"), {"status": None}, id="no evidence"),
        pytest.param(v2(venue="Submitted to X", venueid=V), {"status": None}, id="not yet decided"),
        pytest.param(
            v1("Withdrawn_Submission", venueid=V), {"status": Status.WITHDRAWN}, id="v1 withdrawn"
        ),
        pytest.param(
            v1("Desk_Rejected_Submission"), {"status": Status.REJECTED}, id="v1 desk rejected"
        ),
        pytest.param(v1(authors=["Anonymous"]), {"authors": (), "status": None}, id="blind"),
        pytest.param(
            {"note": {"id": N, "forum": M, "content": {"title": {"value": "Official Review"}}}},
            {"title": None, "identifiers": tuple(named(f"openreview:{N} openreview:{M}"))},
            id="a reply is not the paper",
        ),
        pytest.param({"note": {"content": []}}, {"title": None}, id="wrong shapes"),
        pytest.param({"note": None}, {"title": None}, id="no note"),
        pytest.param(5, {"title": None}, id="no object"),
    ],
)
def test_openreview_record(body: Any, expected: dict[str, Any]) -> None:
    got = record(Told("openreview", Identifier("openreview", N), OK, json.dumps(body)))
    assert {name: getattr(got, name) for name in expected} == expected
