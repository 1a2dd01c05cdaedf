"""`papertide status`: what it tells of a store, in whatever state that is."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from flows.cli import main as cli
from flows.night.tonight import Scope
from store.layout import Layout
from store.lock import writing
from tests.nights import FIRST_NIGHT, Store


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = Store(tmp_path_factory.mktemp("one"), {})
    store.night(scope=Scope(offline=True))
    return store.folder


@pytest.fixture
def data(published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(published, tmp_path / "store")
    monkeypatch.chdir(tmp_path / "store")
    monkeypatch.setenv("PAPERTIDE_NOW", FIRST_NIGHT)
    return tmp_path / "store" / "data"


def status(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    assert cli._run(["status", "--json"]) == 0
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return document


def test_each_part_of_the_disk_is_told(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (data / "work" / "set-aside" / "20261120T020000Z").mkdir(parents=True)
    (data / "work" / "set-aside" / "20261120T020000Z" / "snapshot.duckdb").write_bytes(b"x" * 99)
    found = status(capsys)
    disk = found["disk"]
    size = (data / "papertide.duckdb").stat().st_size
    assert (disk["current"], disk["snapshots"], found["history"]) == (size, size, 1)
    assert disk["work/set-aside"] == 99
    assert disk["work"] == sum(n for part, n in disk.items() if part.startswith("work/"))
    assert cli._run(["status"]) == 0
    text = capsys.readouterr().out
    assert "set aside: snapshot 20261120T020000Z" in text
    assert "; 1 snapshot in the history" in text
    assert " 0.0 MB" not in text.replace("work 0.0 MB", "")


@pytest.mark.parametrize(
    ("now", "code"),
    [
        pytest.param("2026-11-21T02:00:00Z", 0, id="fresh"),
        pytest.param("2026-11-22T14:00:00Z", 0, id="just within"),
        pytest.param("2026-11-22T14:00:01Z", 1, id="stale"),
        pytest.param("2026-11-19T02:00:00Z", 1, id="of a day to come"),
    ],
)
def test_the_healthcheck_goes_by_the_age_of_the_snapshot(
    data: Path, monkeypatch: pytest.MonkeyPatch, now: str, code: int
) -> None:
    monkeypatch.setenv("PAPERTIDE_NOW", now)
    assert cli._run(["status", "--healthcheck"]) == code


def test_the_healthcheck_of_an_empty_store_is_one_line(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(data)
    assert cli._run(["status", "--healthcheck"]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert "run papertide refresh" in captured.err


def test_a_corrupt_current_file_is_noted_and_the_history_read(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (data / "papertide.duckdb").write_bytes(b"no database")
    found = status(capsys)
    assert found["snapshot"].endswith("20261121T020000Z.duckdb")
    assert "papertide.duckdb" in found["set_aside"][0]
    assert cli._run(["status", "--healthcheck"]) == 0


def test_it_works_while_a_run_writes(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with writing(Layout(data)):
        assert status(capsys)["coverage"]["works"] == 3
