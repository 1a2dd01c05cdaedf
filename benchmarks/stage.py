"""What is a run of Papertide measured against: a store, the sandbox, a Prefect server, nobody?"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import tomllib
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.measure import Ended, Unmeasured, run

ROOT = Path(__file__).parents[1]
PAPERTIDE = str(Path(sys.executable).parent / "papertide")

LOGIN = {"OPENREVIEW_USERNAME": "bench@sandbox.invalid", "OPENREVIEW_PASSWORD": "simulated"}
HASTE = {
    f"PAPERTIDE__SOURCES__{source}__SECONDS_PER_REQUEST": "0"
    for source in ("ARXIV", "SEMANTIC_SCHOLAR", "OPENREVIEW")
}
"""Where the night is not what is measured."""
URLS = {
    "arxiv": ("base_url", "oai_url"),
    "semantic_scholar": ("base_url",),
    "openreview": ("base_url_v1", "base_url_v2"),
    "acl_anthology": ("base_url",),
}
FOREIGN = ("PAPERTIDE", "PREFECT", "SEMANTIC_SCHOLAR", "OPENREVIEW", "S2_")
PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
NOTHING: Mapping[str, str] = {}
NO_TELEMETRY = {"PREFECT_SERVER_ANALYTICS_ENABLED": "false", "DO_NOT_TRACK": "1"}


def environment(**more: str) -> dict[str, str]:
    """This process's environment without anything that Papertide, Prefect or a proxy would see."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.upper().startswith(FOREIGN) and name.lower() not in PROXIES
    }
    return {**kept, **NO_TELEMETRY, **more}


@dataclass(frozen=True, slots=True)
class Store:
    """A configuration in a folder of its own: the project's lists, everything else at its
    default but the addresses. `runs`: what has been run so far."""

    folder: Path
    base_urls: Mapping[str, Mapping[str, str]]
    runs: list[Ended] = field(default_factory=list)

    def refresh(self, now: str, environ: Mapping[str, str] = NOTHING, expected: int = 0) -> Ended:
        """`papertide refresh --json` at a time, which must end with the `expected` code."""
        self.folder.mkdir(exist_ok=True)
        lines = ["[store]", 'dir = "data"']
        for each in tomllib.loads((ROOT / "config.toml").read_text(encoding="utf-8"))["lists"]:
            path = (ROOT / each["path"]).as_posix()
            lines += ["[[lists]]", f'name = "{each["name"]}"', f'path = "{path}"']
        for source, urls in self.base_urls.items():
            lines += [f"[sources.{source}]", *(f'{key} = "{url}"' for key, url in urls.items())]
        config = self.folder / "config.toml"
        config.write_text("\n".join(lines), encoding="utf-8")
        command = [PAPERTIDE, "refresh", "--json", "--config", str(config)]
        ended = run(command, environment(PAPERTIDE_NOW=now, **environ))
        if ended.code != expected:
            said = " ".join((ended.err or ended.out).split())[-300:]
            raise Unmeasured(f"refresh ended with {ended.code}, not {expected}: {said}")
        self.runs.append(ended)
        return ended

    def forget(self) -> None:
        """Set the sandbox's counts to nothing."""
        answer(f"{self._sandbox}/_stats/reset", {})

    def stats(self) -> dict[str, Any]:
        """What the sandbox has counted, by service (docs/sandbox.md)."""
        found: dict[str, Any] = json.loads(answer(f"{self._sandbox}/_stats"))
        return found

    @property
    def _sandbox(self) -> str:
        return self.base_urls["acl_anthology"]["base_url"].rpartition("/")[0]


def answer(url: str, body: Any = None, patience: float = 120.0) -> bytes:
    """What a server on loopback answers to a GET, or to a POST of `body`.

    Raises:
        Unmeasured: nothing, or an error.
    """
    content = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, content, {"content-type": "application/json"})
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=patience) as reply:
            return bytes(reply.read())
    except OSError as error:
        raise Unmeasured(f"{url}: {error}") from error


@contextmanager
def sandbox(folder: Path, *options: str, now: str) -> Iterator[dict[str, Any]]:
    """`papertide sandbox` in a process of its own; gives the base URLs that it prints."""
    log, environ = folder / "sandbox.log", environment(PAPERTIDE_NOW=now)
    with _server([PAPERTIDE, "sandbox", *options], environ, log) as process:
        until = time.monotonic() + 180
        while not (said := log.read_text(encoding="utf-8")).endswith("}\n"):
            if process.poll() is not None or time.monotonic() > until:
                raise Unmeasured(f"the sandbox did not start: {said[-200:]}")
            time.sleep(0.1)
        yield json.loads(said.splitlines()[-1])


@contextmanager
def prefect_server(folder: Path) -> Iterator[str]:
    """A Prefect server with its files in `folder`; gives its API address once it answers."""
    folder.mkdir(exist_ok=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = f"-m prefect server start --host 127.0.0.1 --port {port}".split()
    environ = environment(PREFECT_HOME=str(folder))
    with _server([sys.executable, *command], environ, folder / "server.log") as process:
        address, until = f"http://127.0.0.1:{port}/api", time.monotonic() + 120
        while True:
            try:
                answer(f"{address}/health", patience=2)
                break
            except Unmeasured:
                if process.poll() is not None or time.monotonic() > until:
                    raise
            time.sleep(0.2)
        yield address


@contextmanager
def _server(
    command: Sequence[str], environ: Mapping[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """A server in a process group of its own, which is ended with all that it started."""
    with log.open("wb") as said:
        process = subprocess.Popen(
            command,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        for signum in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(process.pid, signum)
                process.wait(10)
            except ProcessLookupError:
                break
            except subprocess.TimeoutExpired:
                continue
        process.wait()


@contextmanager
def nobody(*, drops: bool) -> Iterator[dict[str, dict[str, str]]]:
    """Base URLs where nobody answers: a closed port, or one that drops whatever comes.

    On Linux a listener whose queue is full drops packets, as many a firewall does.
    """
    with socket.socket() as door, socket.socket() as one, socket.socket() as two:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
        if drops:
            door.listen(0)
            for caller in (one, two):
                caller.setblocking(False)
                caller.connect_ex(("127.0.0.1", port))
        url = f"http://127.0.0.1:{port}"
        yield {source: dict.fromkeys(keys, url) for source, keys in URLS.items()}
