"""What is told on stderr, as JSON lines when the environment asks for them."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flows.cli import main as cli
from flows.log import LOG
from flows.progress import Bars
from flows.terminal import Terminal
from tests.nights import FIRST_NIGHT, Store

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setenv("PAPERTIDE_NOW", FIRST_NIGHT)
    monkeypatch.setenv("PAPERTIDE_LOG", "json")
    monkeypatch.chdir(tmp_path)
    store = Store(tmp_path, {})
    store.write()
    yield store
    LOG.open({})


def papertide(*arguments: str) -> int:
    return cli._run(list(arguments))


def told(capsys: Capture) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    for line in lines:
        assert list(line)[:4] == ["time", "level", "event", "message"]
        assert line["level"] in ("debug", "info", "warning", "error")
    return lines


def test_a_run_is_told_in_json_lines(store: Store, capsys: Capture) -> None:
    assert papertide("refresh", "--offline", "-v") == 0
    lines = told(capsys)
    events = [line["event"] for line in lines]
    assert events[:3] == ["note", "phase", "phase"]
    assert events.index("run_ended") == len(events) - 1
    assert "run_id" not in lines[0]
    [run_id] = {line["run_id"] for line in lines[1:]}
    assert run_id.startswith("20261121T020000Z-")
    ended = lines[-1]
    assert (ended["level"], ended["status"], ended["exit_code"]) == ("info", "ok", 0)
    assert (ended["entries"], ended["trouble"]) == (3, [])


def test_the_result_is_on_stdout_as_ever(store: Store, capsys: Capture) -> None:
    assert papertide("refresh", "--offline", "--json", "-q") == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out)["status"] == "ok"
    assert captured.err == ""


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        pytest.param(["refrehs"], 2, "did you mean 'refresh'?", id="wrong usage"),
        pytest.param(["parse", "none.md"], 1, "none.md: cannot be read", id="failure"),
    ],
)
def test_why_a_command_ends(
    store: Store, capsys: Capture, arguments: list[str], code: int, says: str
) -> None:
    assert papertide(*arguments) == code
    [line] = told(capsys)
    assert (line["level"], line["event"]) == ("error", "failed")
    assert says in line["message"]
    assert not line["message"].startswith("papertide:")


def test_a_fault_is_one_line_too(
    store: Store, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("flows.commands.parsing.parse_files", fail)
    assert papertide("parse", "-v", "papers.md") == 1
    fault, failed = told(capsys)
    assert fault["event"] == "fault"
    assert "Traceback" in fault["traceback"]
    assert "ZeroDivisionError" in failed["message"]


def test_an_unknown_format_is_refused(
    store: Store, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAPERTIDE_LOG", "xml")
    assert papertide("status") == 2
    assert capsys.readouterr().err == ("papertide: PAPERTIDE_LOG: 'xml' is neither text nor json\n")


@pytest.mark.parametrize("is_json", [True, False])
def test_what_a_source_is_asked(capsys: Capture, is_json: bool) -> None:
    LOG.open({"PAPERTIDE_LOG": "json"} if is_json else {})
    try:
        with Bars(Terminal(verbosity=1)) as bars:
            bars.begin("arxiv", 1000, 12.34)
            bars.advance("arxiv", 200)
            bars.say("a \x1b[31mnote\u202e")
        errors = capsys.readouterr().err
    finally:
        LOG.open({})
    assert "\x1b" not in errors and "\u202e" not in errors
    if is_json:
        source, answered, note = map(json.loads, errors.splitlines())
        assert (source["event"], source["source"], source["works"]) == ("source", "arxiv", 1000)
        assert source["seconds"] == 12.3
        assert (answered["event"], answered["works"]) == ("answered", 200)
        assert note["message"] == "a \x1b[31mnote\u202e"
    else:
        assert "arxiv: 1,000 works, about 12 s at its pace" in errors


def test_a_line_is_written_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a collector has the last one of a process that was killed."""
    flushed = []
    monkeypatch.setattr(sys.stderr, "flush", lambda: flushed.append(True))
    LOG.open({"PAPERTIDE_LOG": "json"})
    LOG.tell("info", "note", "a")
    LOG.open({})
    assert flushed
