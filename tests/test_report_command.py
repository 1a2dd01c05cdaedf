"""`papertide report`, and the report that every run leaves: when it is written, and when not."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from enrich.configuration import load
from enrich.report import page
from enrich.sandbox import World, running
from enrich.sandbox.server import Sandbox
from flows.cli import main as cli
from flows.night import reporting
from store import durable
from tests.nights import FIRST_NIGHT, LOGIN, ONE_LIST, Store

NEXT_NIGHT = "2026-11-22T02:00:00Z"
UNKNOWN = "- A title that nobody knows. *Doe et al.* 2024. [[paper](https://example.org/x.pdf)]\n"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with running(World.builtin(), pace=0) as services:
        yield services


@pytest.fixture(scope="module")
def after_a_night(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> Path:
    folder = tmp_path_factory.mktemp("report")
    Store(folder, sandbox.base_urls).night()
    return folder


@pytest.fixture
def store(
    tmp_path: Path, after_a_night: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> Store:
    """A store after its first night."""
    monkeypatch.setenv("PAPERTIDE_NOW", FIRST_NIGHT)
    for name, value in LOGIN.items():
        monkeypatch.setenv(name, value)
    folder = tmp_path / "store"
    shutil.copytree(after_a_night, folder)
    monkeypatch.chdir(folder)
    return Store(folder, sandbox.base_urls)


def papertide(*arguments: str) -> int:
    return cli._run(list(arguments))


def test_it_goes_into_the_store(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert papertide("report", "--json") == 0
    captured = capsys.readouterr()
    document = json.loads(captured.out)
    html = Path(document["path"])
    assert html == store.data / "report.html"
    assert document == {
        **{"path": str(html), "bytes": html.stat().st_size},
        **{"works": 3, "simulated": True},
    }
    assert "Self-Rewarding Language Models" in html.read_text()
    assert "SIMULATED" in captured.err


def test_it_goes_where_a_person_says(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert papertide("report", "out/mine.html", "--since", "2026-11-01") == 0
    assert "3 works" in capsys.readouterr().out
    assert "Self-Rewarding Language Models" in Path("out/mine.html").read_text()
    assert papertide("report", "out/mine.html") == 0  # its own earlier one may be replaced
    assert not (store.data / "report.html").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        pytest.param(["--since", "yesterday"], 2, "yesterday", id="no date"),
        pytest.param(["--since", "2026-11-22"], 2, "in the future", id="a day to come"),
        pytest.param(["-"], 2, "name a file", id="standard output"),
        pytest.param(["papers.md"], 1, "no report of Papertide", id="somebody's file"),
        pytest.param(["data"], 1, "cannot be read", id="a folder"),
        pytest.param(["papers.md/x.html"], 1, "papers.md", id="below a file"),
    ],
)
def test_mistakes_are_one_line(
    store: Store,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int,
    says: str,
) -> None:
    assert papertide("report", *arguments) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert says in captured.err
    assert Path("papers.md").read_text() == ONE_LIST


def test_without_a_snapshot_it_says_what_to_run_first(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree("data")
    assert papertide("report") == 1
    assert "run papertide refresh first" in capsys.readouterr().err
    assert not Path("data").exists()


def test_a_run_leaves_it_and_leaves_it_alone_when_it_would_say_the_same(
    store: Store, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    html = store.data / "report.html"
    assert papertide("refresh", "--json") == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out)["status"] == "ok"
    assert f"report: {html}" in captured.err
    first = html.stat()
    assert papertide("refresh") == 0
    assert "report:" not in capsys.readouterr().err
    assert (html.stat().st_ino, html.stat().st_mtime_ns) == (first.st_ino, first.st_mtime_ns)
    Path("papers.md").write_text(ONE_LIST.replace("- Constitutional AI", "\n- Constitutional AI"))
    monkeypatch.setenv("PAPERTIDE_NOW", NEXT_NIGHT)
    assert papertide("refresh", "--offline") == 0
    assert html.stat().st_ino != first.st_ino
    assert "papers:6" in html.read_text()


def test_a_report_that_fails_costs_no_night(
    store: Store, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    html = store.data / "report.html"
    papertide("report")
    before = html.read_bytes()
    monkeypatch.setattr(page, "_names", lambda facts: {})
    Path("papers.md").write_text(ONE_LIST + UNKNOWN)
    assert papertide("refresh", "--offline") == 0
    assert "the report was not written" in capsys.readouterr().err
    assert store.rows("select count(*) from papers") == [(4,)]
    assert html.read_bytes() == before


def test_a_report_that_cannot_be_written_leaves_the_old_one(
    store: Store, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    html = store.data / "report.html"
    papertide("report")
    before = html.read_bytes()

    def full(path: Path, content: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(durable, "write", full)
    capsys.readouterr()
    assert papertide("report", "--since", "2026-11-02") == 1
    assert "could not be written (No space left on device)" in capsys.readouterr().err
    assert html.read_bytes() == before


def test_what_a_damaged_snapshot_says(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    (store.data / "papertide.duckdb").write_bytes(b"no database")
    assert papertide("report") == 1
    assert "damaged" in capsys.readouterr().err


def test_a_second_night_is_told_from_the_first(store: Store) -> None:
    store.lists["papers"] = ONE_LIST + UNKNOWN
    store.night(NEXT_NIGHT)
    written = reporting.write_report(load(store.config, {}), since=date(2026, 11, 22))
    html = written.path.read_text()
    assert "Since the last snapshot" in html
    assert "Since 22 Nov 2026" in html
    assert html.count("New works") == 2
    assert html.count("A title that nobody knows") >= 3
    assert written.works == 4
