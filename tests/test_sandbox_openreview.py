"""OpenReview in the sandbox: logins, two APIs, listings and search."""

from __future__ import annotations

import pytest

from tests.sandbox_desk import desk, login, notes, pick, send


@pytest.mark.parametrize(
    ("body", "status"),
    [
        pytest.param({"id": "a@b.c", "password": "x"}, 200, id="any password"),
        pytest.param({"id": "a@b.c", "password": "wrong"}, 401, id="the wrong one"),
        pytest.param({"id": "a@b.c", "password": ""}, 400, id="empty"),
        pytest.param({"password": "x"}, 400, id="nobody"),
        pytest.param([], 400, id="no object"),
    ],
)
def test_openreview_login(body: object, status: int) -> None:
    answer = send(desk(), "POST", "/openreview/v1/login", json=body)
    assert answer.status_code == status
    assert ("token" in answer.json()) == (status == 200)


def test_openreview_refuses_guests_and_unknown_tokens() -> None:
    at = desk()
    for version in ("v1", "v2"):
        guest = notes(at, version, {}, id="InvNote002")
        assert (guest.status_code, guest.json()["name"]) == (403, "ChallengeRequiredError")
    old = notes(at, "v2", {"authorization": "Bearer old"}, id="InvNote002")
    assert (old.status_code, old.json()["name"]) == (401, "TokenExpiredError")


def test_openreview_notes_live_on_one_api_each() -> None:
    at = desk()
    token = login(at, "v2")  # and is good at v1
    new = notes(at, "v2", token, id="InvNote002").json()["notes"][0]
    assert new["content"]["title"] == {"value": "Sailing with Small Models"}
    assert new["content"]["venue"] == {"value": "Submitted to ICLR 2024"}
    assert new["content"]["venueid"]["value"] == "ICLR.cc/2024/Conference/Rejected_Submission"
    old = notes(at, "v1", token, forum="InvNote001").json()
    assert old["count"] == 1
    assert old["notes"][0]["content"]["title"] == "Sailing without Small Models"
    assert old["notes"][0]["content"]["venue"] == "ICLR 2021 Poster"
    assert notes(at, "v1", token, id="InvNote002").json() == {"notes": [], "count": 0}
    assert notes(at, "v2", token, id="InvNote001").json()["name"] == "NotFoundError"


def test_openreview_many_ids_in_one_post() -> None:
    at = desk()
    token = login(at)
    ids = ["Absent0001", "InvNote003", "InvNote002", "InvNote001"]
    told = pick(at, "v2", {"ids": ids}, token).json()
    assert {note["id"] for note in told["notes"]} == {"InvNote002", "InvNote003"}
    assert told["count"] == 2
    assert pick(at, "v2", {"ids": ids * 300}, token).status_code == 400
    assert pick(at, "v2", {}, token).status_code == 400
    titles = {"content": {"title": {"terms": ['"Sailing with Small Models"']}}}
    found = pick(at, "v2", titles, token).json()["notes"]
    assert [note["id"] for note in found] == ["InvNote002"]


@pytest.mark.parametrize(
    ("version", "params", "found"),
    [
        pytest.param(
            "v2", {"content.venueid": "ICLR.cc/2024/Workshop/TIDE"}, ["InvNote003"], id="venue"
        ),
        pytest.param("v2", {"content.venueid": "ICLR.cc/2024/Conference"}, [], id="accepted only"),
        pytest.param(
            "v2",
            {"invitation": "ICLR.cc/2024/Conference/-/Submission"},
            ["InvNote002"],
            id="invitation",
        ),
        pytest.param(
            "v1",
            {"paperhash": "müller|sailing_without_small_models"},
            ["InvNote001"],
            id="paperhash",
        ),
        pytest.param(
            "v2",
            {"invitation": "ICLR.cc/2024/Conference/-/Submission", "after": "InvNote002"},
            [],
            id="after the last",
        ),
        pytest.param("v2", {}, None, id="no filter"),
        pytest.param("v1", {"id": "InvNote001", "count": "true"}, None, id="v1 knows no count"),
    ],
)
def test_openreview_listing(version: str, params: dict[str, str], found: list[str] | None) -> None:
    at = desk()
    answer = notes(at, version, login(at), **params)
    assert (answer.status_code == 400) == (found is None)
    if found is not None:
        assert [note["id"] for note in answer.json()["notes"]] == found


def test_openreview_search_is_fuzzy_and_split_by_api() -> None:
    at = desk()
    token = login(at)
    path, params = "notes/search", {"term": "Sailing with small models", "type": "terms"}
    for version, first in (("v1", "InvNote001"), ("v2", "InvNote002")):
        answer = send(at, "GET", f"/openreview/{version}/{path}", params=params, headers=token)
        assert answer.json()["notes"][0]["id"] == first
