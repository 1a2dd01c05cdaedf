"""Which Prefect server a run belongs to, and one of our own where a person wants one.

This module does not import Prefect: that takes two seconds, and most runs need none.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

import filelock

from enrich.configuration import Configuration
from enrich.errors import PapertideError
from flows.running import Terminated
from store import durable
from store.layout import Layout
from store.lock import is_held

PATIENCE = 120.0
"""Seconds a server of our own may take to start; measured: 13 with a new database
(engine-facts.md, section 2)."""

USUAL_PORT = 4200
"""Prefect's own."""

DAY = 86_400

QUIET = {
    # No account, no telemetry, nothing written outside the store (engine-facts.md, section 2).
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
    "PREFECT_INTERNAL_LOGGING_LEVEL": "CRITICAL",  # a page an event, where the server has gone
    "PREFECT_CLI_PROMPT": "false",
}

PRUNED = {
    # Of its own accord Prefect 3.8 deletes events only, after a week. Runs take their tasks, logs
    # and artifacts with them; `runs` in the snapshot has them for good.
    "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
    "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(30 * DAY),
}


def named(configuration: Configuration, environ: Mapping[str, str]) -> str:
    """The API address of the server that a person named; empty where none is."""
    return configuration.settings.prefect.api_url or environ.get("PREFECT_API_URL", "")


def reachable(configuration: Configuration, environ: Mapping[str, str]) -> str | None:
    """The API address of the named server, else of the one that `papertide serve` runs, if it
    answers."""
    address = named(configuration, environ) or _served(Layout(configuration.store_dir))
    return address if address and answers(address) else None


def point_at(configuration: Configuration, address: str) -> None:
    """Have Prefect use the server at `address`, and keep its own files under the store.

    Must come before Prefect is imported, which reads its settings once.
    """
    os.environ.update(_surroundings(configuration, address))


@contextmanager
def serving(layout: Layout) -> Iterator[None]:
    """Be the one `papertide serve` of a store.

    Raises:
        PapertideError: there is another.
    """
    layout.prefect.mkdir(parents=True, exist_ok=True)
    try:
        # Who only looks whether it is held holds it for a moment.
        with filelock.FileLock(layout.serving, timeout=0.3):
            yield
    except filelock.Timeout:
        where = _served(layout) or "starting"
        raise PapertideError(
            f"{layout.root}: papertide serve runs for this store already ({where}); nothing was "
            "done"
        ) from None


@contextmanager
def announced(layout: Layout, address: str) -> Iterator[None]:
    """Let every `papertide refresh` of this store find the server."""
    durable.write(layout.server, json.dumps({"api_url": address}).encode())
    yield
    # The note stays, for its port: it means nothing once `serving` is over.


def own_address(layout: Layout) -> str:
    """Where the server of a store is to be: where it was, else at the usual port, if that is
    free."""
    ports = [USUAL_PORT]
    with suppress(ValueError, TypeError):
        ports.insert(0, int(str(_note(layout)).rpartition(":")[2].partition("/")[0]))
    port = next((port for port in ports if _is_free(port)), 0) or _free_port()
    return f"http://127.0.0.1:{port}/api"


@contextmanager
def own(configuration: Configuration, address: str = "") -> Iterator[Mapping[str, str]]:
    """A server of our own for as long as this lasts; gives the environment of its clients.

    `address`: of `own_address`; else at any free port.
    """
    address = address or f"http://127.0.0.1:{_free_port()}/api"
    surroundings = {**os.environ, **_surroundings(configuration, address)}
    command = "-m flows.service.leash server start --host 127.0.0.1 --port"
    server = subprocess.Popen(
        [sys.executable, *command.split(), address.rpartition(":")[2].partition("/")[0]],
        env={**surroundings, **PRUNED},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C is for the run; the server must outlive its tidying up
    )
    try:
        _wait_for(address, server)
        yield surroundings
    finally:
        _stop(server)


def run_as_client(arguments: Sequence[str], environ: Mapping[str, str]) -> int:
    """Run `papertide` again, as a client of a server; returns its exit code.

    A process of its own, because Prefect goes on talking to its server until the process ends.
    A signal is passed on, and the client waited for.
    """
    client = subprocess.Popen([sys.executable, "-m", "flows.cli", *arguments], env=dict(environ))
    while True:
        try:
            return client.wait()
        except KeyboardInterrupt:  # the client got it from the terminal too, or did not
            client.send_signal(signal.SIGINT)
        except Terminated:
            client.terminate()


def answers(address: str) -> bool:
    """Whether a Prefect API answers at once. No proxy: it is this machine's, or named as it is."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{address.rstrip('/')}/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except (OSError, ValueError):
        return False


def _served(layout: Layout) -> str | None:
    """The address of the server that `papertide serve` runs for this store, while it does."""
    address = _note(layout)
    return address if address is not None and is_held(layout.serving) else None


def _note(layout: Layout) -> str | None:
    """Where the store's server is, or was last."""
    try:
        return str(json.loads(layout.server.read_bytes())["api_url"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _surroundings(configuration: Configuration, address: str) -> dict[str, str]:
    home = Layout(configuration.store_dir).prefect
    home.mkdir(parents=True, exist_ok=True)
    ours = {"PREFECT_HOME": str(home), "PAPERTIDE__PREFECT__API_URL": address}
    return {**QUIET, **ours, "PREFECT_API_URL": address}


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while not answers(address):
        if server.poll() is not None or time.monotonic() > until:
            raise PapertideError(
                "a Prefect server could not be started; run without Prefect, or see why with "
                "`prefect server start`; nothing was published"
            )
        time.sleep(0.2)


def _stop(server: subprocess.Popen[bytes]) -> None:
    """End the server and whatever it started: let its leash go (`leash.py`)."""
    if server.stdin is not None:
        server.stdin.close()
    with suppress(subprocess.TimeoutExpired):
        server.wait(5.0)
    with suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)
    server.wait()


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server will
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError):
            return False
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
