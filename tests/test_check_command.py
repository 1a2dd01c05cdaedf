"""`papertide check`: what it prints, how it ends, and what is shipped around it."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from enrich.check.codes import Code
from enrich.sandbox import World, running
from flows.cli import main as cli
from tests.nights import FIRST_NIGHT, LOGIN, ONE_LIST, Store

ROOT = Path(__file__).parents[1]
CHECKING = (ROOT / "docs" / "checking.md").read_text(encoding="utf-8")
FAULTY = (
    ONE_LIST + "- A paper of some words. [[paper](https://arxiv.org/abs/2401.10021)] [code](None)\n"
)


@pytest.fixture(scope="module")
def after_a_night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("check")
    with running(World.builtin(), pace=0) as services:
        Store(folder, services.base_urls).night()
        yield folder


@pytest.fixture
def store(tmp_path: Path, after_a_night: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a store after its first night, a good list and a faulty one."""
    monkeypatch.setenv("PAPERTIDE_NOW", FIRST_NIGHT)
    for name, value in LOGIN.items():
        monkeypatch.setenv(name, value)
    folder = tmp_path / "store"
    shutil.copytree(after_a_night, folder)
    (folder / "good.md").write_text("# Papers\n\n- Nothing at all\n")
    (folder / "bad.md").write_text(FAULTY)
    monkeypatch.chdir(folder)
    return folder


def check(*arguments: str) -> int:
    return cli._run(["check", *arguments])


def test_text_and_exit_codes(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check("good.md") == 0
    assert capsys.readouterr().out == ""
    assert check("good.md", "bad.md") == 1
    captured = capsys.readouterr()
    column = len(FAULTY.splitlines()[-1].partition("None")[0]) + 1
    assert f"bad.md:6:{column}: PT403 a link leads nowhere" in captured.out
    assert "SIMULATED" in captured.err


def test_json(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["--json"], ["--format", "json"]):
        assert check("bad.md", *arguments) == 1
        found = json.loads(capsys.readouterr().out)
        assert found["simulated"] is True
        assert {"file", "line", "column", "code", "name", "message", "suggestion"} == set(
            found["findings"][0]
        )
        [file] = found["files"]
        assert (file["file"], file["papers"], file["known"]) == ("bad.md", 4, 3)
    assert check("good.md", "--json") == 0
    assert json.loads(capsys.readouterr().out)["findings"] == []


def test_github(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check("bad.md", "--format", "github") == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines
    assert all(re.match(r"::warning file=bad\.md,line=\d,col=\d+,title=PT\d{3} ", x) for x in lines)


def test_a_configured_list_and_any_other_give_the_same(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy("papers.md", "copy.md")
    said = []
    for file in ("papers.md", "copy.md"):
        assert check(file) == 1
        said.append(capsys.readouterr().out.replace(file, ""))
    assert "PT202" in said[0]
    assert said[0] == said[1]


def test_checks_are_switched_off(
    store: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    every = json.dumps([code.value for code in Code])
    monkeypatch.setenv("PAPERTIDE__CHECK__OFF", every)
    assert check("bad.md") == 0
    monkeypatch.setenv("PAPERTIDE__CHECK__OFF", '["PT4O3"]')
    assert check("bad.md") == 2
    assert "did you mean 'PT403'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        pytest.param(["none.md"], 1, "none.md", id="no file"),
        pytest.param(["data"], 1, "is no file", id="a folder"),
        pytest.param(["data/papertide.duckdb"], 1, "not a text list", id="no text"),
        pytest.param([], 2, "FILES", id="nothing"),
        pytest.param(["good.md", "--json", "--format", "text"], 2, "exclude", id="two formats"),
        pytest.param(["good.md", "--format", "gitlab"], 2, "github", id="unknown format"),
    ],
)
def test_wrong_usage_is_one_line(
    store: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, says: str
) -> None:
    assert check(*arguments, "-q") == code
    captured = capsys.readouterr()
    assert captured.err.count("\n") == 1
    assert says in captured.err


def test_without_a_snapshot(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree("data")
    assert check("good.md") == 1
    assert "run papertide refresh first" in capsys.readouterr().err


def test_control_characters_do_not_reach_the_terminal(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("evil.md").write_text("# P\n\n- A title \x1b]0;owned\x07 here. [x](https:/e\x1b[2J)\n")
    for form in ("text", "github", "json"):
        check("evil.md", "--format", form)
        assert "\x1b" not in capsys.readouterr().out


def test_every_code_is_documented() -> None:
    documented = re.findall(r"^\| (PT\d{3}) \| ([\w ]+) \|", CHECKING, re.MULTILINE)
    assert documented == [(code.value, code.title) for code in Code]


def test_the_hook_runs_a_command_that_there_is() -> None:
    [hook] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    program, command = hook["entry"].split()
    assert program == "papertide"
    assert command in cli.cli.commands
    assert hook["id"] in CHECKING


def test_the_workflow_is_one() -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", CHECKING, re.DOTALL)
    workflow = next(read for block in blocks if "jobs" in (read := yaml.safe_load(block)))
    steps = workflow["jobs"]["papertide"]["steps"]
    runs = [step["run"] for step in steps if "papertide" in step.get("run", "")]
    for run in runs[1:]:
        assert re.match(r"papertide (\w+)", run)[1] in cli.cli.commands  # type: ignore[index]
