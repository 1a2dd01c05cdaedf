"""The sandbox on a loopback port: for a `with` block, or until a signal ends it."""

from __future__ import annotations

import json
import os
import socket
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TextIO

import uvicorn

from enrich.errors import PapertideError
from enrich.sandbox.application import Desk
from enrich.sandbox.limits import PUBLISHED, Limits
from enrich.sandbox.world import World

LOOPBACK = "127.0.0.1"

BaseUrls = dict[str, dict[str, str]]


def base_urls(port: int) -> BaseUrls:
    """The addresses as the keys of `[sources.*]` in config.toml."""
    root = f"http://{LOOPBACK}:{port}"
    return {
        "arxiv": {"base_url": f"{root}/arxiv", "oai_url": f"{root}/arxiv/oai"},
        "semantic_scholar": {"base_url": f"{root}/semantic_scholar"},
        "openreview": {
            "base_url_v1": f"{root}/openreview/v1",
            "base_url_v2": f"{root}/openreview/v2",
        },
        "acl_anthology": {"base_url": f"{root}/acl_anthology"},
    }


class Sandbox:
    """A sandbox that runs: where it is, and what it saw."""

    def __init__(self, port: int, desk: Desk) -> None:
        self.port = port
        self.base_urls = base_urls(port)
        self._desk = desk

    def stats(self) -> dict[str, Any]:
        """What `/_stats` answers."""
        return self._desk.stats()

    def fail(self, faults: str) -> None:
        """Serve these faults from now on, and no others."""
        self._desk.fail(faults)

    def reset(self) -> None:
        """Set all counts to nothing; limits and faults go on as they were."""
        self._desk.reset()


@contextmanager
def running(
    world: World,
    port: int = 0,
    pace: float = 1.0,
    faults: str = "",
    *,
    environ: Mapping[str, str] = os.environ,
    limits: Limits = PUBLISHED,
    oai_page: int = 2000,
) -> Iterator[Sandbox]:
    """Serve from a thread of this process while the block lasts. Port 0 takes a free one.

    Raises:
        PapertideError: the port is taken, or the faults cannot be read.
    """
    desk = Desk(
        world,
        pace=pace,
        faults=faults,
        environ=environ,
        limits=limits,
        oai_page=oai_page,
    )
    with _bound(port) as listener:
        server = _server(desk)
        thread = threading.Thread(
            target=server.run,
            kwargs={"sockets": [listener]},
            name="sandbox",
            daemon=True,
        )
        thread.start()
        try:
            yield Sandbox(listener.getsockname()[1], desk)
        finally:
            server.should_exit = server.force_exit = True
            thread.join()


def run(
    world: World,
    port: int = 0,
    pace: float = 1.0,
    faults: str = "",
    *,
    environ: Mapping[str, str] = os.environ,
    out: TextIO | None = None,
) -> None:
    """Print the base URLs as one line of JSON, then serve until SIGINT or SIGTERM.

    The signal is raised again once the port is closed, so that its usual effect follows.

    Raises:
        PapertideError: the port is taken, or the faults cannot be read.
    """
    desk = Desk(world, pace=pace, faults=faults, environ=environ)
    with _bound(port) as listener:
        print(
            json.dumps(base_urls(listener.getsockname()[1])),
            file=out or sys.stdout,
            flush=True,
        )
        _server(desk).run(sockets=[listener])


def _server(desk: Desk) -> uvicorn.Server:
    return uvicorn.Server(
        uvicorn.Config(
            desk.app,
            lifespan="off",
            loop="asyncio",
            http="h11",
            ws="none",
            log_config=None,
            log_level="critical",
            access_log=False,
            server_header=False,
            date_header=False,
            timeout_graceful_shutdown=1,
            # Longer requests must reach the emulated services, which refuse them in their words.
            h11_max_incomplete_event_size=1_000_000,
        )
    )


@contextmanager
def _bound(port: int) -> Iterator[socket.socket]:
    """A listening socket, so that clients may connect before the server has started."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((LOOPBACK, port))
        except (OSError, OverflowError) as error:
            raise PapertideError(
                f"port {port} on {LOOPBACK} cannot be used ({error}); choose another with --port"
            ) from None
        listener.listen(128)
        yield listener
