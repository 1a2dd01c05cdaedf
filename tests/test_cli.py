"""The command line: exit codes, one clear line for each mistake, JSON and nothing else."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from enrich.sandbox import World, running
from enrich.sandbox.server import Sandbox
from flows.cli import main as cli
from flows.log import LOG
from tests.nights import FIRST_NIGHT, LOGIN, Store


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with running(World.builtin(), pace=0) as services:
        yield services


@pytest.fixture
def store(tmp_path: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("PAPERTIDE_NOW", FIRST_NIGHT)
    for name, value in LOGIN.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    store = Store(tmp_path, sandbox.base_urls)
    store.write()
    return store


def papertide(*arguments: str) -> int:
    return cli._run(list(arguments))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        pytest.param(["refrehs"], "did you mean 'refresh'", id="unknown command"),
        pytest.param(["refresh", "--lists", "papers"], "--list", id="unknown option"),
        pytest.param(["refresh", "--list", "paper"], "did you mean 'papers'", id="unknown list"),
        pytest.param(["plan", "--source", "arxive"], "did you mean 'arxiv'", id="unknown source"),
        pytest.param(["refresh", "--config", "no.toml"], "no such configuration", id="no config"),
        pytest.param(["status", "-v", "-q"], "exclude each other", id="loud and quiet"),
        pytest.param(["parse"], "FILES", id="nothing to parse"),
        pytest.param(["sandbox", "--faults", "arxiv:sulks"], "sulks", id="unknown fault"),
    ],
)
def test_wrong_usage_is_one_line(
    store: Store, capsys: pytest.CaptureFixture[str], arguments: list[str], says: str
) -> None:
    assert papertide(*arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert says in captured.err


def test_a_wrong_key_names_the_nearest(
    store: Store, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAPERTIDE__SOURCES__ARXIV__BATCHSIZE", "3")
    assert papertide("plan") == 2
    assert "did you mean 'batch_size'" in capsys.readouterr().err


def test_refresh_as_json(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert papertide("refresh", "--json") == 0
    document = json.loads(capsys.readouterr().out)
    assert set(document) == {
        *("run_id", "status", "snapshot", "entries", "works", "identified", "refreshed"),
        *("unchanged", "missing", "unavailable", "requests", "seconds"),
    }
    assert document["status"] == "ok"
    assert Path(document["snapshot"]).exists()
    assert document["entries"] == document["works"] == document["refreshed"] == 3


def test_refresh_for_people(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert papertide("refresh") == 0
    captured = capsys.readouterr()
    assert "3 entries name 3 works" in captured.out
    assert "SIMULATED" in captured.out
    assert captured.err.startswith("no Prefect server is reachable: running directly")


def test_plan_asks_nobody_and_writes_nothing(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(store.folder.rglob("*"))
    assert papertide("plan", "--json") == 0
    plans = {each["source"]: each for each in json.loads(capsys.readouterr().out)["sources"]}
    assert sorted(store.folder.rglob("*")) == before
    assert plans["arxiv"] == {"source": "arxiv", "due": 2, "requests": 1, "seconds": 0}
    assert plans["semantic_scholar"]["due"] == 3
    assert plans["acl_anthology"]["requests"] == 1
    assert papertide("refresh", "--dry-run") == 0
    assert "works due" in capsys.readouterr().out
    assert sorted(store.folder.rglob("*")) == before


def test_status_before_and_after_the_first_night(
    store: Store, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert papertide("status") == 0
    assert "nothing is published yet" in capsys.readouterr().out
    assert papertide("status", "--healthcheck") == 1
    papertide("refresh", "-q")
    capsys.readouterr()
    assert papertide("status", "--healthcheck", "--json") == 0
    document = json.loads(capsys.readouterr().out)
    assert document["coverage"]["works"] == document["coverage"]["counted"] == 3
    assert document["stale"] is False
    monkeypatch.setenv("PAPERTIDE_NOW", "2026-11-23T02:00:00Z")
    assert papertide("status", "--healthcheck") == 1


def test_snapshots_are_listed_and_verified(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    assert papertide("snapshots", "verify") == 1
    papertide("refresh", "-q")
    capsys.readouterr()
    assert papertide("snapshots", "--json") == 0
    [listed] = json.loads(capsys.readouterr().out)["snapshots"]
    assert listed["snapshot"] == "20261121T020000Z"
    assert papertide("snapshots", "verify") == 0
    (store.data / "snapshots" / "20261121T020000Z.duckdb").write_bytes(b"no database")
    capsys.readouterr()
    assert papertide("snapshots", "verify") == 1
    assert "BAD" in capsys.readouterr().out


def test_a_file_that_is_no_list(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    (store.folder / "picture.md").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\x01" * 50)
    assert papertide("parse", "picture.md") == 1
    assert papertide("parse", "missing.md") == 1
    captured = capsys.readouterr()
    assert captured.err.count("\n") == 2
    assert "picture.md" in captured.err


def test_parse_prints_json_lines_with_the_contracts_fields(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    assert papertide("parse", "--json", "papers.md") == 0
    entries = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [entry["ids"]["arxiv"] for entry in entries] == [["2401.10020"], ["2212.08073"], []]
    assert set(entries[0]) == {
        *("n", "line", "end_line", "section", "title", "label", "authors", "venue", "year"),
        *("kind", "links", "ids", "confidence", "layout", "spans"),
    }


def test_explain_gives_every_line_a_role(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    lines = (store.folder / "papers.md").read_text().splitlines()
    assert papertide("parse", "--explain", "papers.md") == 0
    assert len(capsys.readouterr().out.splitlines()) == len(lines)
    assert papertide("parse", "--explain", "--json", "papers.md") == 0
    roles = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [role["line"] for role in roles] == list(range(1, len(lines) + 1))
    assert roles[2]["entry"] == 1


def test_control_characters_of_a_list_do_not_reach_the_terminal(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    (store.folder / "evil.md").write_text(
        "# Papers\n\n- **A Title \x1b]0;owned\x07 of a paper.** [[paper](https://arxiv.org/abs/2401.10020)]\n"
    )
    assert papertide("parse", "evil.md") == 0
    assert "\x1b" not in capsys.readouterr().out


def test_parse_reads_the_other_files_beside_one_that_it_cannot_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = tmp_path / "good.md"
    good.write_text("# L\n\n- [A title of some words](https://arxiv.org/abs/2401.10020)\n")
    assert papertide("parse", "--json", str(tmp_path / "none.md"), str(good)) == 1
    captured = capsys.readouterr()
    assert [json.loads(line)["n"] for line in captured.out.splitlines()] == [1]
    assert captured.err.count("\n") == 1


@pytest.mark.parametrize("breaks", ["print", "flush"])
def test_a_reader_that_leaves_ends_the_command_without_a_word(
    store: Store, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, breaks: str
) -> None:
    """As `papertide parse … | head` does."""

    class Left(io.StringIO):
        def write(self, text: str) -> int:
            if breaks == "print":
                raise BrokenPipeError
            return len(text)

        def flush(self) -> None:
            raise BrokenPipeError

    monkeypatch.setattr(sys, "stdout", Left())
    monkeypatch.setattr(sys, "argv", ["papertide", "parse", "-q", "papers.md"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert (ended.value.code, capsys.readouterr().err) == (141, "")


def test_neither_help_nor_parse_imports_prefect_or_duckdb(store: Store) -> None:
    program = (
        "import sys; from flows.cli import main as cli; code = cli._run(sys.argv[1:]); "
        "heavy = {'prefect', 'duckdb', 'httpx', 'arxiv'} & set(sys.modules); "
        "sys.exit(f'{code} {heavy}' if heavy or code else 0)"
    )
    for arguments in (["--help"], ["parse", "papers.md"]):
        subprocess.run([sys.executable, "-c", program, *arguments], check=True, capture_output=True)


@pytest.mark.parametrize("form", ["", "json"])
def test_ctrl_c_leaves_one_line_in_a_log(
    store: Store,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    form: str,
) -> None:
    def interrupted(*_: object, **__: object) -> int:
        raise KeyboardInterrupt

    store.write()
    monkeypatch.setenv("PAPERTIDE_LOG", form)
    monkeypatch.setattr("flows.commands.status.show_status", interrupted)
    assert cli._run(["status", "--config", str(store.config)]) == 130
    [line] = capsys.readouterr().err.splitlines()
    assert "stopped" in line
    assert line.startswith("{" if form else "papertide: ")
    LOG.open({})


@pytest.mark.parametrize(
    ("signum", "code"),
    [
        pytest.param(signal.SIGINT, 130, id="Ctrl-C"),
        pytest.param(signal.SIGTERM, 143, id="SIGTERM"),
    ],
)
def test_a_signal_ends_a_run_at_once_and_keeps_what_was_fetched(
    store: Store, signum: signal.Signals, code: int
) -> None:
    with running(World.builtin(), pace=0, faults="arxiv:hang") as slow:
        store.base_urls = slow.base_urls
        store.write()
        run = subprocess.Popen(
            [sys.executable, "-m", "flows.cli", "refresh", "--config", str(store.config)],
            env={**os.environ, "PYTHONPATH": str(Path(cli.__file__).parents[1])},
            stderr=subprocess.PIPE,
            text=True,
        )
        journal = store.data / "work" / "journal"
        until = time.monotonic() + 20
        while not list(journal.glob("*/*.json.gz")) and time.monotonic() < until:
            time.sleep(0.05)
        begun = time.monotonic()
        run.send_signal(signum)
        _, errors = run.communicate(timeout=10)
        assert time.monotonic() - begun < 2
    assert run.returncode == code
    assert "what was fetched is kept" in errors
    assert "Traceback" not in errors
    assert list(journal.glob("*/*.json.gz"))
