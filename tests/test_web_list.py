"""A reading list given by its address: asked for conditionally, its last good copy kept."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from flows.night.lists import ListUnreadable
from flows.night.tonight import Scope
from flows.watch import Silent
from tests.nights import ONE_LIST, Store


class Web:
    """A server of one list: what it sends, and what it was asked."""

    def __init__(self) -> None:
        self.content = ONE_LIST.encode()
        self.status = 200
        self.pause = 0.0
        self.over = threading.Event()
        self.statuses: list[int] = []
        web = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                etag = f'"{hash(web.content)}"'
                status = web.status
                if status == 200 and self.headers.get("If-None-Match") == etag:
                    status = 304
                web.statuses.append(status)
                web.over.wait(web.pause)
                self.send_response(status)
                self.send_header("ETag", etag)
                self.send_header("Content-Length", str(len(web.content) if status == 200 else 0))
                self.end_headers()
                if status == 200:
                    self.wfile.write(web.content)

            def log_message(self, *_: object) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/list.md"


@pytest.fixture
def web() -> Iterator[Web]:
    web = Web()
    thread = threading.Thread(target=web.server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield web
    finally:
        web.over.set()
        web.server.shutdown()
        thread.join()
        web.server.server_close()


@pytest.fixture
def store(tmp_path: Path, web: Web) -> Store:
    listed = f'[[lists]]\nname = "papers"\nurl = "{web.url}"\n'
    return Store(tmp_path, {}, {}, listed, {})


def night(store: Store, hour: int, *, offline: bool = False) -> tuple[int, list[str]]:
    watch = Silent()
    scope = Scope(sources=("openreview",), offline=offline)  # it has no login: asks nobody
    summary = store.night(f"2026-11-21T{hour:02}:00:00Z", scope, watch)
    return summary.entries, [line for line in watch.lines if line.startswith("list ")]


def test_an_unchanged_list_is_not_sent_again(store: Store, web: Web) -> None:
    assert night(store, 2) == (3, [])
    assert night(store, 3) == (3, [])
    assert web.statuses == [200, 304]


def test_a_changed_list_is_read_anew(store: Store, web: Web) -> None:
    night(store, 2)
    web.content = "\n".join(ONE_LIST.splitlines()[:3]).encode()
    assert night(store, 3) == (1, [])


@pytest.mark.parametrize("status", [403, 404])
def test_a_list_that_cannot_be_had_is_as_it_was(store: Store, web: Web, status: int) -> None:
    night(store, 2)
    web.status = status
    entries, [said] = night(store, 3)
    assert entries == 3
    assert "last good copy was used" in said


def test_offline_uses_the_copy_without_a_word(store: Store, web: Web) -> None:
    night(store, 2)
    assert night(store, 3, offline=True) == (3, [])
    assert len(web.statuses) == 1


def test_a_list_that_does_not_end_is_as_it_was(store: Store, web: Web) -> None:
    night(store, 2)
    store.extra += '[refresh]\ndeadline = "0.2s"\n'
    web.pause = 1.0
    entries, [said] = night(store, 3)
    assert entries == 3
    assert "did not come before the deadline; its last good copy was used" in said


def test_a_list_that_was_never_had_ends_the_run(store: Store, web: Web) -> None:
    web.status = 404
    with pytest.raises(ListUnreadable, match="no earlier copy"):
        night(store, 2)
