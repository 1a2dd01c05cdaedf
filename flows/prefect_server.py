"""Which Prefect server a run belongs to, and one of our own where a person insists.

This module does not import Prefect: that takes two seconds, and most runs need none.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from enrich.configuration import Configuration
from enrich.errors import PapertideError
from flows.running import Terminated
from flows.watch import Watch
from store.layout import Layout

PATIENCE = 120.0
"""Seconds a server of our own may take to start; measured: 13 with a new database
(engine-facts.md, section 2)."""

QUIET = {
    # No account, no telemetry, nothing written outside the store (engine-facts.md, section 2).
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
    "PREFECT_CLI_PROMPT": "false",
}


def reachable(configuration: Configuration, environ: Mapping[str, str]) -> str | None:
    """The API address of the configured server, if one answers."""
    address = configuration.settings.prefect.api_url or environ.get("PREFECT_API_URL", "")
    return address if address and _answers(address) else None


def point_at(configuration: Configuration, address: str) -> None:
    """Have Prefect use the server at `address`, and keep its own files under the store.

    Must come before Prefect is imported, which reads its settings once.
    """
    os.environ.update(_surroundings(configuration, address))


@contextmanager
def own(configuration: Configuration, watch: Watch) -> Iterator[Mapping[str, str]]:
    """A server of our own for as long as this lasts; gives the environment of its clients."""
    port = _free_port()
    address = f"http://127.0.0.1:{port}/api"
    surroundings = {**os.environ, **_surroundings(configuration, address)}
    watch.say("no Prefect server is reachable: starting one for this run, some fifteen seconds")
    command = "-m prefect server start --host 127.0.0.1 --port"
    server = subprocess.Popen(
        [sys.executable, *command.split(), str(port)],
        env=surroundings,
        stdin=subprocess.DEVNULL,
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


def _surroundings(configuration: Configuration, address: str) -> dict[str, str]:
    home = Layout(configuration.store_dir).prefect
    home.mkdir(parents=True, exist_ok=True)
    ours = {"PREFECT_HOME": str(home), "PAPERTIDE__PREFECT__API_URL": address}
    return {**QUIET, **ours, "PREFECT_API_URL": address}


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while not _answers(address):
        if server.poll() is not None or time.monotonic() > until:
            raise PapertideError(
                "a Prefect server could not be started; run without --prefect, or see why with "
                "`prefect server start`; nothing was published"
            )
        time.sleep(0.2)


def _stop(server: subprocess.Popen[bytes]) -> None:
    """End the server and whatever it started."""
    for signum, patience in ((signal.SIGTERM, 5.0), (signal.SIGKILL, 5.0)):
        try:
            os.killpg(server.pid, signum)
            server.wait(patience)
        except ProcessLookupError:
            break
        except subprocess.TimeoutExpired:
            continue
    server.wait()


def _answers(address: str) -> bool:
    """Whether a Prefect API answers at once. No proxy: it is this machine's, or named as it is."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{address.rstrip('/')}/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except (OSError, ValueError):
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
