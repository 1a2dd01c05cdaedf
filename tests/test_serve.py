"""`papertide serve`, for real: it starts a server, runs both deployments, and leaves nothing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from enrich.sandbox import World, running
from tests.nights import Store
from tests.test_prefect import servers, start

pytestmark = pytest.mark.slow

PATIENCE = 120
"""Seconds; a start takes fifteen on a machine that does nothing else."""


@contextmanager
def served(store: Store) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    """`papertide serve`, ready, and what it says of itself."""
    service = start(store, "serve", "--json")
    try:
        assert service.stdout is not None
        yield service, json.loads(service.stdout.readline())
    finally:
        service.kill()
        service.communicate()


def call(address: str, what: str, body: Any = None, patience: int = 4) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(
        f"{address}/{what}", data=data, headers={"content-type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        if error.code != 503 or not patience:
            raise
    time.sleep(1)  # its database is locked now and then; its own clients ask again too
    return call(address, what, body, patience - 1)


def runs(address: str) -> list[tuple[str, str]]:
    """Every flow run that is not waiting for its time: its deployment's flow and its state."""
    flows = {each["id"]: each["name"] for each in call(address, "flows/filter", {})}
    found = call(address, "flow_runs/filter", {"sort": "START_TIME_ASC"})
    return [(flows[r["flow_id"]], r["state_name"]) for r in found if r["state_name"] != "Scheduled"]


def scheduled(address: str) -> list[str]:
    """When runs are due that nobody asked for, to the minute."""
    found = call(address, "flow_runs/filter", {"sort": "EXPECTED_START_TIME_ASC"})
    return [each["expected_start_time"][:16] for each in found if each["auto_scheduled"]]


def until(sign: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not sign():
        assert time.monotonic() < end
        time.sleep(0.5)


def begin_backfill(address: str, **parameters: Any) -> None:
    deployment = call(address, "deployments/name/backfill/backfill")["id"]
    body = {"parameters": parameters, "state": {"type": "SCHEDULED"}}
    call(address, f"deployments/{deployment}/create_flow_run", body)


def test_it_serves_a_night_and_a_backfill_and_ends_in_order(tmp_path: Path) -> None:
    with running(World.builtin(), pace=0) as sandbox:
        store = Store(tmp_path, sandbox.base_urls)
        store.write()
        with served(store) as (service, told):
            address = told["api_url"]
            assert told["catching_up"]
            until(lambda: ("nightly", "Completed") in runs(address))
            until(lambda: scheduled(address) != [])
            assert scheduled(address)[0] == told["next"][:16]
            begin_backfill(address, fields=["citations"])
            until(lambda: ("backfill", "Completed") in runs(address))
            begin_backfill(address, since="2024-01-02", until="2024-01-01")
            until(lambda: ("backfill", "Failed") in runs(address))

            found = call(address, "artifacts/filter", {"sort": "CREATED_DESC"})
            artifacts = {each["key"]: each["data"] for each in reversed(found) if each["key"]}
            assert set(artifacts) == {"summary", "sources", "changes", "report"}
            assert "3 entries name 3 works" in artifacts["summary"]
            assert '"source": "semantic_scholar", "requests": 1' in artifacts["sources"]
            kinds = store.rows("select kind, status from runs order by started_at")
            assert kinds == [("refresh", "ok"), ("backfill", "ok")]

            second = start(store, "serve")
            _, complaint = second.communicate(timeout=60)
            assert (second.returncode, complaint.count("\n")) == (1, 1)
            assert address in complaint
            refresh = start(store, "refresh")
            _, said = refresh.communicate(timeout=60)
            assert "no Prefect server" not in said
            assert runs(address).count(("nightly", "Completed")) == 2

            with running(World.builtin(), pace=0, faults="arxiv:hang") as slow:
                store.base_urls = slow.base_urls
                store.write()
                begin_backfill(address, all=True)
                until(lambda: bool(list((store.data / "work/journal").glob("*/*.json.gz"))))
                service.send_signal(signal.SIGTERM)
                _, errors = service.communicate(timeout=60)
        assert service.returncode == 143
        assert "backfill: ended early; what was fetched is kept" in errors, errors
        assert errors.splitlines()[-1].startswith("papertide: terminated; what was fetched is kept")
        assert "Traceback" not in errors
        assert "nanobind" not in errors
        assert servers(store) == []


def test_the_server_ends_with_serve_however_that_ends(tmp_path: Path) -> None:
    with running(World.builtin(), pace=0) as sandbox:
        store = Store(tmp_path, sandbox.base_urls)
        store.night("2099-01-01T02:00:00Z")  # nothing to catch up with
        with served(store) as (service, told):
            assert not told["catching_up"]
            service.kill()
            service.wait()
            until(lambda: servers(store) == [])
            deployed = start(store, "deploy", "--pool", "papertide")
            _, complaint = deployed.communicate(timeout=60)
            assert deployed.returncode == 1
            assert "no Prefect server is reachable" in complaint


def test_sigterm_for_all_of_its_processes_at_once(tmp_path: Path) -> None:
    """As systemd sends it, and a machine that shuts down."""
    with running(World.builtin(), pace=0, faults="arxiv:hang") as sandbox:
        store = Store(tmp_path, sandbox.base_urls)
        store.write()
        with served(store) as (service, _):
            until(lambda: bool(list((store.data / "work/journal").glob("*/*.json.gz"))))
            began = time.monotonic()
            for pid in [service.pid, *servers(store)]:
                os.kill(pid, signal.SIGTERM)
            _, errors = service.communicate(timeout=60)
        assert service.returncode == 143
        assert time.monotonic() - began < 30, "TimeoutStopSec is 90, and Prefect's patience 250"
        assert "refresh: ended early; what was fetched is kept" in errors, errors
        assert errors.splitlines()[-1].startswith("papertide: terminated; what was fetched is kept")
        assert servers(store) == []


def test_ctrl_c_while_the_server_starts(tmp_path: Path) -> None:
    store = Store(tmp_path, {})
    store.write()
    service = start(store, "serve")
    until(lambda: servers(store) != [])
    service.send_signal(signal.SIGINT)
    _, errors = service.communicate(timeout=60)
    assert service.returncode == 130, errors
    assert "Traceback" not in errors
    assert servers(store) == []
