"""A night as a Prefect flow: recorded where a server runs, tidied up after in any case."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from enrich.configuration import load
from enrich.sandbox import World, running
from enrich.sandbox.server import Sandbox
from flows.cli import main as cli
from flows.service import prefect_server
from tests.nights import LOGIN, Store

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with running(World.builtin(), pace=0) as services:
        yield services


@pytest.fixture
def store(tmp_path: Path, sandbox: Sandbox) -> Store:
    store = Store(tmp_path, sandbox.base_urls)
    store.write()
    return store


def start(store: Store, *arguments: str, **environ: str) -> subprocess.Popen[str]:
    root = str(Path(cli.__file__).parents[1])
    return subprocess.Popen(
        [sys.executable, "-m", "flows.cli", *arguments, "--config", str(store.config)],
        env={**os.environ, **LOGIN, "PYTHONPATH": root, **environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def servers(store: Store) -> list[int]:
    """Processes that have this store's Prefect state in their environment."""
    mark = f"PREFECT_HOME={store.data}".encode()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (process / "environ").read_bytes():
                found.append(int(process.name))
        except OSError:
            continue
    return found


def asked(address: str, what: str) -> list[dict[str, Any]]:
    request = urllib.request.Request(
        f"{address}/{what}/filter", data=b"{}", headers={"content-type": "application/json"}
    )
    with urllib.request.urlopen(request) as answer:
        records: list[dict[str, Any]] = json.load(answer)
    return records


def test_with_a_server_the_night_is_a_flow_run_on_it(store: Store) -> None:
    configuration = load(store.config, {})
    with prefect_server.own(configuration) as environ:
        address = environ["PREFECT_API_URL"]
        run = start(store, "refresh", "--json", PREFECT_API_URL=address)
        out, err = run.communicate(timeout=60)
        flow_runs, task_runs = asked(address, "flow_runs"), asked(address, "task_runs")
        artifacts = asked(address, "artifacts")
    assert run.returncode == 0, err
    assert json.loads(out)["status"] == "ok"
    assert [each["state_name"] for each in flow_runs] == ["Completed"]
    assert flow_runs[0]["name"].startswith("refresh of ")
    left = {each["key"]: each["data"] for each in artifacts}
    assert left.keys() == {"summary", "sources", "changes", "report"}
    assert (store.data / "report.html").as_uri() in left["report"]
    names = {each["name"] for each in task_runs}
    assert {"arxiv: 1 of 1, 2 works", "semantic_scholar: 1 of 1, 3 works"} <= names
    assert len(task_runs) < 8
    assert "nanobind" not in err
    assert "Traceback" not in err
    assert servers(store) == []


def test_insisting_starts_a_server_and_stops_it(store: Store) -> None:
    run = start(store, "refresh", "--prefect")
    out, err = run.communicate(timeout=120)
    assert run.returncode == 0, err
    assert "3 entries name 3 works" in out
    assert "starting one, some fifteen seconds" in err
    assert servers(store) == []


@pytest.mark.parametrize(
    ("signum", "code"),
    [
        pytest.param(signal.SIGINT, 130, id="Ctrl-C"),
        pytest.param(signal.SIGTERM, 143, id="SIGTERM"),
    ],
)
@pytest.mark.parametrize("when", ["while the server starts", "while the night runs"])
def test_a_signal_leaves_no_server_behind(
    store: Store, signum: signal.Signals, code: int, when: str
) -> None:
    with running(World.builtin(), pace=0, faults="arxiv:hang") as slow:
        store.base_urls = slow.base_urls
        store.write()
        run = start(store, "refresh", "--prefect")
        until = time.monotonic() + 60
        sign = "journal/*/*.json.gz" if when == "while the night runs" else "prefect"
        while not list((store.data / "work").glob(sign)) and time.monotonic() < until:
            time.sleep(0.1)
        time.sleep(1)
        run.send_signal(signum)
        _, err = run.communicate(timeout=30)
    assert run.returncode == code, err
    assert "Traceback" not in err
    assert servers(store) == []
