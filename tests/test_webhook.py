"""The webhook: told of what went wrong, in one document, without holding up or harming the run."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest

from enrich.errors import ConfigError, PapertideError, SourceError
from enrich.sandbox import World, running
from enrich.sandbox.server import Sandbox
from enrich.settings import Settings
from enrich.sources import webhook
from flows.night.summary import Summary
from flows.night.tonight import Scope
from flows.watch import Silent
from tests.network import Answer, Script, Time, reply
from tests.nights import Store

SECRET = "https://hooks.example:8443/services/T0/s3cr3t?token=s3cr3t"


class Hook:
    """A server that keeps what is posted to it."""

    def __init__(self) -> None:
        self.posted: list[dict[str, Any]] = []
        self.status = 200
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                assert self.headers["Content-Type"] == "application/json"
                hook.posted.append(json.loads(self.rfile.read(length)))
                self.send_response(hook.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/s3cr3t"


@pytest.fixture(scope="module")
def served() -> Iterator[Hook]:
    hook = Hook()
    thread = Thread(target=hook.server.serve_forever, args=(0.05,))
    thread.start()
    yield hook
    hook.server.shutdown()
    thread.join()
    hook.server.server_close()


@pytest.fixture(scope="module")
def services() -> Iterator[Sandbox]:
    with running(World.builtin(), pace=0) as sandbox:
        yield sandbox


@pytest.fixture
def hook(served: Hook) -> Hook:
    served.posted.clear()
    served.status = 200
    return served


@pytest.fixture
def store(tmp_path: Path, services: Sandbox, hook: Hook) -> Store:
    services.fail("")
    store = Store(tmp_path, services.base_urls)
    store.environ["PAPERTIDE_WEBHOOK"] = hook.url
    return store


def offline(store: Store, watch: Silent | None = None) -> Summary:
    return store.night(scope=Scope(offline=True), watch=watch)


FIELDS = {
    *("text", "event", "status", "exit_code", "tool_version", "kind", "run_id", "reason"),
    *("trouble", "store", "snapshot", "simulated", "started_at", "finished_at"),
}


def test_a_run_that_went_well_is_nobodys_business(store: Store, hook: Hook) -> None:
    assert offline(store).exit_code == 0
    assert hook.posted == []


def test_an_incomplete_run_is_told_with_all_its_trouble(
    store: Store, hook: Hook, services: Sandbox
) -> None:
    services.fail("arxiv:403,semantic_scholar:403")
    summary = store.night()
    [told] = hook.posted
    assert set(told) == FIELDS
    assert (told["event"], told["status"], told["exit_code"]) == ("run_incomplete", "partial", 3)
    assert told["text"] == ("Papertide: the refresh is incomplete (simulated): 2 things went wrong")
    assert told["trouble"] == list(summary.trouble)
    assert (told["run_id"], told["snapshot"]) == (summary.run_id, summary.snapshot)
    assert told["simulated"] is True
    assert told["store"] == str(store.data)
    assert told["started_at"] == "2026-11-21T02:00:00+00:00"


def test_a_failed_run_is_told_with_its_reason(store: Store, hook: Hook) -> None:
    store.lists = {"papers": b"\x00\x01\x02\xff" * 100}
    with pytest.raises(PapertideError) as error:
        offline(store)
    [told] = hook.posted
    assert set(told) == FIELDS
    assert (told["event"], told["status"], told["exit_code"]) == ("run_failed", "failed", 1)
    assert told["reason"] == str(error.value)
    assert told["run_id"].startswith("20261121T020000Z-")
    assert (told["snapshot"], told["simulated"]) == (None, None)


def test_a_run_that_could_not_begin_is_told_too(store: Store, hook: Hook) -> None:
    store.data.write_text("a file where the directory should be")
    with pytest.raises(PapertideError):
        offline(store)
    [told] = hook.posted
    assert (told["event"], told["run_id"]) == ("run_failed", None)
    assert "cannot be written" in told["reason"]


def test_a_fault_of_our_own_is_told_by_its_name_alone(
    store: Store, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("p4ssw0rd")

    monkeypatch.setattr("flows.night.night.publish", fail)
    with pytest.raises(ZeroDivisionError):
        offline(store)
    [told] = hook.posted
    assert told["reason"] == "a fault in Papertide (ZeroDivisionError)"
    assert "p4ssw0rd" not in json.dumps(told)


@pytest.mark.parametrize("ended", [KeyboardInterrupt, asyncio.CancelledError])
def test_a_run_that_a_person_ended_is_not_told(
    store: Store, hook: Hook, monkeypatch: pytest.MonkeyPatch, ended: type[BaseException]
) -> None:
    def end(*_: object, **__: object) -> None:
        raise ended

    monkeypatch.setattr("flows.night.night.publish", end)
    with suppress(ended):
        offline(store)
    assert hook.posted == []


def test_a_wrong_configuration_is_not_told(store: Store, hook: Hook) -> None:
    (store.folder / "overrides.toml").write_text("[[decision]]\nlist = 5\n")
    with pytest.raises(ConfigError):
        offline(store)
    assert hook.posted == []


def test_a_webhook_that_fails_is_one_note_and_no_trouble(
    store: Store, hook: Hook, services: Sandbox
) -> None:
    hook.status = 404
    services.fail("arxiv:403")
    watch = Silent()
    summary = store.night(watch=watch)
    assert len(summary.trouble) == 1
    assert watch.lines[-1] == (
        "the webhook that PAPERTIDE_WEBHOOK holds was not told: it answered 404 (Not Found)"
    )
    assert "s3cr3t" not in "".join(watch.lines)


@pytest.mark.parametrize(
    ("answers", "requests", "says"),
    [
        pytest.param([reply(204)], 1, None, id="taken"),
        pytest.param([reply(503), reply(200)], 2, None, id="taken at last"),
        pytest.param([reply(500)], 2, "it answered 500 (Internal Server Error)", id="broken"),
        pytest.param([reply(410)], 1, "it answered 410 (Gone)", id="gone"),
        pytest.param([reply(403, SECRET)], 1, "it answered 403 (Forbidden)", id="refused"),
        pytest.param(
            [reply(307, location="/elsewhere")],
            1,
            "it redirected elsewhere, which was not followed",
            id="redirected on its own host",
        ),
        pytest.param(
            [reply(302, location="http://169.254.169.254/")],
            1,
            "it redirected elsewhere, which was not followed",
            id="redirected to a private address",
        ),
        pytest.param(
            [httpx.ConnectError(SECRET)],
            2,
            "it could not be reached (the connection failed)",
            id="not there",
        ),
        pytest.param([httpx.ReadTimeout("")], 2, "it did not answer in time", id="silent"),
        pytest.param(
            [reply(200, b"x" * 200_000)], 1, "it sent more than was allowed", id="endless"
        ),
        pytest.param(
            [reply(429, retry_after="900")],
            1,
            "it answered 429 (Too Many Requests)",
            id="too often",
        ),
    ],
)
def test_post(answers: list[Answer], requests: int, says: str | None) -> None:
    time = Time()
    script = Script(time, *answers)

    async def main() -> str | None:
        try:
            await webhook.post(SECRET, {"a": 1}, Settings(), around=time.around(), transport=script)
        except SourceError as error:
            assert error.__suppress_context__
            return str(error)
        return None

    assert asyncio.run(main()) == says
    assert [request.method for request in script.asked] == ["POST"] * requests
    assert script.json(0) == {"a": 1}


def test_telling_takes_some_seconds_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook, "LONGEST", 0.05)

    class Silence(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            await asyncio.sleep(60)
            raise AssertionError

    with pytest.raises(SourceError, match="it took too long"):
        asyncio.run(webhook.post(SECRET, {}, Settings(), transport=Silence()))


@pytest.mark.parametrize(
    "value",
    [
        "s3cr3t",
        "ftp://a.example/s3cr3t",
        "https://",
        "https://[s3cr3t",
        "http://a b/s3cr3t",
        "http://h:99999/s3cr3t",
    ],
)
def test_what_is_no_address_is_refused_and_not_repeated(value: str) -> None:
    with pytest.raises(ConfigError, match="PAPERTIDE_WEBHOOK: holds no") as caught:
        webhook.address({"PAPERTIDE_WEBHOOK": value}, "PAPERTIDE_WEBHOOK")
    assert "s3cr3t" not in str(caught.value)


@pytest.mark.parametrize("environ", [{}, {"PAPERTIDE_WEBHOOK": " "}])
def test_without_one_nobody_is_told(environ: dict[str, str]) -> None:
    assert webhook.address(environ, "PAPERTIDE_WEBHOOK") is None
