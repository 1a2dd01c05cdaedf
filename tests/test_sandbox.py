"""The sandbox as a server: its world, its limits, its counts and its life."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterable
from datetime import date
from typing import Any

import httpx
import pytest

from enrich.errors import PapertideError
from enrich.sandbox import Desk, Limits, World, running, simulate
from enrich.sandbox.limits import Gate, Window
from tests.sandbox_desk import BULK, TODAY, WORLD, arxiv, batch, desk, login, match, notes, send


def test_builtin_world_is_facts_and_marked_inventions() -> None:
    papers = World.builtin().papers
    facts = [p for p in papers if not p.invented]
    made_up = [p for p in papers if p.invented]
    assert len({p.work_id or p.key for p in facts}) > 350
    assert len([p for p in made_up if p.near_miss]) > 150
    assert all(p.abstract is None and p.citations is None for p in papers)
    assert len([p for p in made_up if p.acl_id]) > 200
    for identity in ("arxiv_id", "acl_id", "openreview_id", "doi"):
        real = {getattr(p, identity) for p in facts} - {None}
        assert not real & {getattr(p, identity) for p in made_up}
    numbers = [p.arxiv_id.partition(".")[2] for p in made_up if p.arxiv_id]
    assert all(number.startswith("9") or len(number) == 4 for number in numbers)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        pytest.param({"work_id": "a1"}, None, id="works named by texts"),
        pytest.param({"work_id": 1.5}, "work_id", id="works named by numbers that are not whole"),
        pytest.param({"year": "2024"}, "year", id="a year in letters"),
        pytest.param({"authors": "A, B"}, "authors are a list", id="authors in one text"),
        pytest.param({"venue": 5}, "not int", id="a venue that is no text"),
    ],
)
def test_a_corpus_that_does_not_fit_is_one_line(row: dict[str, Any], says: str | None) -> None:
    rows = [{"title": "A", "authors": ["B"], **row}, {"title": "A", "authors": ["B"], **row}]
    if says is None:
        assert len(World.from_rows(rows).clusters) == 1
    else:
        with pytest.raises(PapertideError, match=says) as caught:
            World.from_rows(rows)
        assert str(caught.value).startswith("a record of the corpus does not fit")


def test_corpus_rows_become_papers_with_their_own_values() -> None:
    rows = [
        {"title": "T", "authors": ["A B"], "arxiv_id": "2401.00001", "abstract": "Real.",
         "citations": 7, "work_id": 3, "published": date(2024, 1, 2), "venue": None, "url": "x"},
        {"title": "", "authors": None},
    ]  # fmt: skip
    world = World.from_rows(rows)
    assert [p.title for p in world.papers] == ["T"]
    at = Desk(world, pace=0, environ=TODAY)
    fields = "abstract,citationCount,publicationDate"
    (row,) = batch(at, ["ARXIV:2401.00001"], fields).json()
    assert row["publicationDate"] == "2024-01-02"
    assert 7 <= row["citationCount"] < 7 + 100
    assert row["abstract"] in (None, "Real.")


def test_simulated_counts_move_for_a_few_works_a_night() -> None:
    keys = [f"paper {n}" for n in range(4000)]
    night, next_night = date(2026, 11, 20), date(2026, 11, 21)
    before = [simulate.citations(key, None, night) for key in keys]
    after = [simulate.citations(key, None, next_night) for key in keys]
    assert all(a >= b for a, b in zip(after, before, strict=True))
    changed = sum(a != b for a, b in zip(after, before, strict=True))
    assert 0.02 < changed / len(keys) < 0.08


class Clock:
    def __init__(self, times: Iterable[float]) -> None:
        self.times = iter(times)

    def __call__(self) -> float:
        return next(self.times)


@pytest.mark.parametrize(
    ("path", "pace", "times", "statuses"),
    [
        pytest.param("/arxiv/api/query", 1, [0, 3, 6], [200, 200, 200], id="arxiv in time"),
        pytest.param("/arxiv/api/query", 1, [0, 2.9, 5.9], [200, 429, 200], id="arxiv too soon"),
        pytest.param(
            "/arxiv/api/query", 1, [0, 1, 3], [200, 429, 429], id="a refused start counts"
        ),
        pytest.param("/arxiv/api/query", 1, [0, 2.96], [200, 200], id="within the tolerance"),
        pytest.param(
            "/arxiv/oai?verb=Identify", 1, [0, 1], [200, 429], id="OAI has the same budget"
        ),
        pytest.param("/arxiv/api/query", 0.1, [0, 0.3, 0.5], [200, 200, 429], id="scaled"),
        pytest.param("/arxiv/api/query", 0, [0, 0, 0], [200, 200, 200], id="lifted"),
        pytest.param(
            "/semantic_scholar/graph/v1/paper/CorpusId:1", 1, [0, 1, 1.5], [404, 404, 429], id="s2"
        ),
        pytest.param(BULK, 1, [0, 0, 0], [200, 200, 200], id="acl has none"),
    ],
)
def test_limits(path: str, pace: float, times: list[float], statuses: list[int]) -> None:
    at = desk(pace=pace, clock=Clock(times))
    assert [send(at, "GET", path).status_code for _ in times] == statuses
    stats = at.stats()[path.split("/")[1]]
    assert stats["violations"] == statuses.count(429)
    assert stats["requests"] == len(times)


def test_refusals_speak_the_services_words() -> None:
    at = desk(pace=1, clock=Clock([0, 0, 0, 0]))
    arxiv(at)
    assert arxiv(at).text == "Rate exceeded."
    match(at, "x")
    assert match(at, "x").json()["code"] == "429"


def test_arxiv_takes_one_connection_at_a_time() -> None:
    gate = Gate(gap=3.0, at_once=1)
    assert gate.enter(0) is None
    violation = gate.enter(3)
    assert violation is not None
    assert violation.kind == "connections"
    gate.leave()
    gate.leave()
    assert gate.enter(6) is None
    assert (gate.most_inside, gate.lasted) == (2, 6)
    gate.leave()
    gate.forget()
    assert gate.enter(9) is None
    assert gate.lasted == 0


def test_a_followed_redirect_is_no_violation() -> None:
    at = desk("arxiv:301*1", pace=1, clock=Clock([0, 0, 1]))
    first = arxiv(at)
    assert (first.status_code, first.headers["location"]) == (301, str(first.request.url))
    assert [arxiv(at).status_code for _ in range(2)] == [200, 429]


def test_openreview_counts_a_window_for_each_account() -> None:
    limits = Limits(openreview_requests=2, openreview_window=60)
    clock = Clock([0, 1, 2, 30, 61.5])
    at = desk(pace=1, limits=limits, clock=clock.__call__)
    at_window = Window(2, 60)
    assert [at_window.enter("a", t) is None for t in (0, 1, 30, 60, 61, 62)] == [
        True, True, False, True, True, False,
    ]  # fmt: skip
    clock.times = iter([0.0, 1, 1, 2, 2, 31, 31])
    token = login(at)
    answers = [notes(at, "v1", token, id="InvNote001") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    told = answers[2].json()
    assert told["name"] == "RateLimitError"
    assert told["details"]["resetTime"] == "2026-11-21T02:00:30.000Z"
    assert at.stats()["openreview"]["violation_kinds"] == {"window": 1}


def test_stats_say_what_was_asked_twice() -> None:
    at = desk("arxiv:503@2")
    for _ in range(3):
        arxiv(at, id_list="2401.90001,2302.90002")  # the second is spoilt, and does not count
    batch(at, ["ARXIV:2401.90001", "ARXIV:2302.90002"])
    answer = send(at, "GET", "/_stats")
    assert answer.headers["x-papertide-simulated"] == "1"
    stats = answer.json()
    assert stats["arxiv"]["asked"] == {
        "distinct": 2, "total": 4, "most": 2, "most_asked": "2401.90001", "titles": 0,
    }  # fmt: skip
    assert stats["arxiv"]["endpoints"] == {"query": 3}
    assert stats["arxiv"]["faults"] == {"503": 1}
    assert stats["arxiv"]["statuses"] == {"200": 2, "503": 1}
    assert stats["semantic_scholar"]["asked"]["most"] == 1
    after = send(at, "POST", "/_stats/reset").json()
    assert after["arxiv"]["requests"] == after["arxiv"]["asked"]["total"] == 0


@pytest.mark.parametrize("path", ["/", "/elsewhere", "/arxiv/nothing", "/openreview/v3/notes"])
def test_unknown_paths_are_simulated_too(path: str) -> None:
    answer = send(desk(), "GET", path)
    assert answer.status_code == 404
    assert answer.headers["x-papertide-simulated"] == "1"


def test_running_serves_on_loopback_and_stops() -> None:
    with running(WORLD, pace=0, environ=TODAY) as sandbox:
        urls = sandbox.base_urls
        assert set(urls) == {"arxiv", "semantic_scholar", "openreview", "acl_anthology"}
        with httpx.Client() as client:
            answer = client.get(f"{urls['arxiv']['oai_url']}?verb=Identify")
            assert answer.headers["date"] == "Sat, 21 Nov 2026 02:00:00 GMT"
            url = f"{urls['semantic_scholar']['base_url']}/graph/v1/paper/ARXIV:hep-th%2F9901001"
            assert client.get(url).json()["title"] == "Old Tides"
        assert sandbox.stats()["arxiv"]["endpoints"] == {"oai": 1}
        sandbox.reset()
        assert sandbox.stats()["arxiv"]["requests"] == 0
        with pytest.raises(PapertideError, match="--port"), running(WORLD, port=sandbox.port):
            pass
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{urls['arxiv']['oai_url']}?verb=Identify")


@pytest.mark.parametrize(
    ("fault", "timeout", "error"),
    [
        pytest.param("any:wrong-length", 10, httpx.RemoteProtocolError, id="cut off"),
        pytest.param("any:hang", 0.3, httpx.ReadTimeout, id="no byte"),
        pytest.param("any:hang=0.01", 10, httpx.RemoteProtocolError, id="no byte, then the end"),
    ],
)
def test_broken_connections(fault: str, timeout: float, error: type[Exception]) -> None:
    with running(WORLD, pace=0, faults=fault) as sandbox:
        url = f"{sandbox.base_urls['arxiv']['base_url']}/api/query?id_list=2401.90001"
        with httpx.Client(timeout=timeout) as client, pytest.raises(error):
            client.get(url)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_command_prints_its_addresses_and_ends_on_a_signal(number: int) -> None:
    code = "from enrich.sandbox import World, run; run(World.builtin(), pace=0)"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        urls = json.loads(process.stdout.readline())
        answer = httpx.get(f"{urls['arxiv']['base_url']}/api/query?id_list=1706.03741")
        assert "Deep Reinforcement Learning from Human Preferences" in answer.text
        os.kill(process.pid, number)
        assert process.wait(10) == -number
