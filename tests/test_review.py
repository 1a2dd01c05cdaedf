"""`papertide review`: what waits, and decisions from the command line to the next snapshot."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from enrich.errors import ConfigError
from enrich.review.choosing import entry_named
from enrich.sandbox import World, running
from enrich.sandbox.server import Sandbox
from flows.cli import main as cli
from flows.watch import Silent
from store import overrides
from tests.nights import FIRST_NIGHT, LOGIN, Store, requests
from tests.values import entry, places

SECOND_NIGHT = "2026-11-21T22:30:00Z"
THIRD_NIGHT = "2026-11-22T02:00:00Z"

PAPERS = """# Papers

- CriticBench: one of two. *Lin, Wang.* [[paper](https://arxiv.org/abs/2402.14809)]
- CriticBench: one of two. *Lan, Wang.* [[paper](https://arxiv.org/abs/2402.13764)]
- Self-rewarding language models. *Yuan et al.* [[paper](https://arxiv.org/abs/2212.08073)]
"""
NOTES = """# Notes

- CriticBench: one of two. *Wang.* [[paper](https://example.org/critic.pdf)]
- A paper that nobody ever wrote, at length. *Nobody.* [[paper](https://example.org/none.pdf)]
"""
TWO = {"arxiv:2402.14809", "arxiv:2402.13764"}
RIGHT, WRONG = "arxiv:2401.10020", "arxiv:2212.08073"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with running(World.builtin(), pace=0) as services:
        yield services


@pytest.fixture(scope="module")
def after_a_night(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> Path:
    folder = tmp_path_factory.mktemp("night")
    Store(folder, sandbox.base_urls, {"papers": PAPERS, "notes": NOTES}).night()
    return folder


@pytest.fixture
def store(
    tmp_path: Path, sandbox: Sandbox, after_a_night: Path, monkeypatch: pytest.MonkeyPatch
) -> Store:
    """A store after its first night; one entry waits, and one has a wrong link."""
    monkeypatch.setenv("PAPERTIDE_NOW", FIRST_NIGHT)
    for name, value in LOGIN.items():
        monkeypatch.setenv(name, value)
    folder = tmp_path / "store"
    shutil.copytree(after_a_night, folder)
    monkeypatch.chdir(folder)
    return Store(folder, sandbox.base_urls, {"papers": PAPERS, "notes": NOTES})


def papertide(*arguments: str) -> int:
    return cli._run(list(arguments))


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    """The document that a command prints."""
    capsys.readouterr()
    assert papertide(*arguments, "--json") == 0
    return json.loads(capsys.readouterr().out)


def written(store: Store) -> str:
    return (store.folder / "overrides.toml").read_text(encoding="utf-8")


ENTRY = """
    select verdict, reason, method, list(scheme || ':' || value order by scheme, value)
        filter (value is not null)
    from entries left join identifiers using (paper_id)
    where removed_at is null and list_id = '{}' and line = {}
    group by all
"""


def found(store: Store, name: str, line: int) -> tuple[Any, ...]:
    [row] = store.rows(ENTRY.format(name, line))
    return row


def entry_id(store: Store, name: str, line: int) -> str:
    query = f"select entry_id from entries where list_id = '{name}' and line = {line}"
    return str(store.rows(query)[0][0])


def test_what_waits_is_listed_with_its_candidates(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    waiting, mismatched = said(capsys, "review")["waiting"]
    assert (waiting["list"], waiting["line"]) == ("notes", 3)
    assert waiting["reason"] == "several_works"
    assert (mismatched["list"], mismatched["line"]) == ("papers", 5)
    assert mismatched["reason"] == "mismatched"
    assert [c["id"] for c in mismatched["candidates"]] == [RIGHT, WRONG]
    assert [c["n"] for c in waiting["candidates"]] == [1, 2]
    assert {c["id"] for c in waiting["candidates"]} == TWO
    assert papertide("review", "list") == 0
    out = capsys.readouterr().out
    assert "2 entries wait" in out
    assert "notes:3  CriticBench: one of two" in out
    assert "   1  arxiv:2402.13764  CriticBench: " in out


def test_from_the_list_to_the_next_snapshot(
    store: Store, capsys: pytest.CaptureFixture[str], sandbox: Sandbox
) -> None:
    assert said(capsys, "status")["review"] == 2
    accepted = said(capsys, "review", "accept", "notes:3", "2")
    assert accepted["number"] == 1
    assert accepted["accept"] in TWO
    assert [each["line"] for each in said(capsys, "review")["waiting"]] == [5]
    assert said(capsys, "status")["review"] == 1  # before any night applied it
    said(capsys, "review", "reject", entry_id(store, "papers", 3))
    said(capsys, "review", "accept", "papers:5", "https://arxiv.org/abs/2401.10020v2")

    store.night(SECOND_NIGHT)
    verdict, reason, method, ids = found(store, "notes", 3)
    assert (verdict, reason, method) == ("matched", "decided", "review")
    assert accepted["accept"] in ids
    assert found(store, "papers", 3) == ("not_found", "rejected", "review", None)
    assert RIGHT in found(store, "papers", 5)[3]
    assert WRONG not in found(store, "papers", 5)[3]
    assert store.rows("from review") == []
    titles = store.rows(
        "select papers.title from papers join entries using (paper_id) "
        "where list_id = 'papers' and line = 5"
    )
    assert titles == [("Self-Rewarding Language Models",)]  # asked for and described that night
    decisions = said(capsys, "review")["decisions"]
    assert [each["entry"]["line"] for each in decisions] == [3, 3, 5]


def test_a_decision_that_is_deleted_is_judged_anew(store: Store) -> None:
    before = {(n, i): found(store, n, i) for n, i in (("papers", 5), ("notes", 3), ("notes", 4))}
    for where, paper in (("papers:5", RIGHT), ("notes:3", "1"), ("notes:4", "arxiv:2311.99999")):
        assert papertide("review", "accept", where, paper) == 0
    store.night(SECOND_NIGHT)
    assert found(store, "notes", 4)[3] == ["arxiv:2311.99999"]
    assert store.rows("select source from identifiers where value = '2311.99999'") == [("review",)]
    (store.folder / "overrides.toml").unlink()
    store.night(THIRD_NIGHT)
    assert {where: found(store, *where) for where in before} == before
    assert store.rows("from identifiers where value = '2311.99999'") == []
    assert store.rows("select * from papers where arxiv_id = '2311.99999'") == []


def test_a_decision_outlives_a_moved_and_retitled_line(store: Store) -> None:
    papertide("review", "accept", "papers:5", RIGHT)
    first = "- A new first one. [[paper](https://arxiv.org/abs/1706.03762)]\n- Critic"
    store.lists["papers"] = PAPERS.replace("- Critic", first, 1).replace("models", "LLMs")
    store.night(SECOND_NIGHT)
    assert found(store, "papers", 6)[1] == "decided"
    assert RIGHT in found(store, "papers", 6)[3]


def test_one_that_finds_no_entry_is_told_once_and_is_no_trouble(store: Store) -> None:
    (store.folder / "overrides.toml").write_text(
        '[[decision]]\nlist = "papers"\ntitle = "Long gone"\nreject = true\n'
    )
    watch = Silent()
    summary = store.night(SECOND_NIGHT, watch=watch)
    assert summary.exit_code == 0
    [line] = [line for line in watch.lines if "finds no entry" in line]
    assert "overrides.toml: decision 1 (line 1)" in line


def test_a_broken_file_stops_the_night_before_anybody_is_asked(
    store: Store, sandbox: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    (store.folder / "overrides.toml").write_text('[[decision]]\nentry_id = "e1"\naccept = "x:1"\n')
    before = (requests(sandbox), sorted(store.data.rglob("*.duckdb")))
    with pytest.raises(ConfigError, match=r"decision 1 \(line 1\): accept"):
        store.night(SECOND_NIGHT)
    for command in (["refresh"], ["plan"], ["review"], ["review", "reject", "notes:3"]):
        assert papertide(*command) == 2
        assert (
            capsys.readouterr()
            .err.splitlines()[-1]
            .startswith(
                f"papertide: {store.folder / 'overrides.toml'}: decision 1 (line 1): accept: 'x:1'"
            )
        )
    assert (requests(sandbox), sorted(store.data.rglob("*.duckdb"))) == before
    assert not list((store.data / "work" / "journal").rglob("*.json*"))
    assert written(store).endswith('accept = "x:1"\n')
    assert papertide("status") == 0
    assert "decision 1 (line 1)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(b"\x00", "line 1", id="NUL"),
        pytest.param(b"# \xff\n", "line 1: not valid TOML: it is no UTF-8", id="no UTF-8"),
        pytest.param(b"a = " + b"[" * 200_000, "not valid TOML", id="deep"),
        pytest.param(b"#" * (overrides.MOST_BYTES + 1), "is larger than 10,000,000", id="huge"),
    ],
)
def test_a_hostile_file_is_one_line_and_stays(
    store: Store, capsys: pytest.CaptureFixture[str], content: bytes, says: str
) -> None:
    path = store.folder / "overrides.toml"
    path.write_bytes(content)
    capsys.readouterr()
    assert papertide("review", "reject", "notes:3") == 2
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert says in err
    assert len(err) < 400
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        pytest.param(["accept", "notes:4", "1"], "entry notes:4 has none", id="no candidates"),
        pytest.param(["accept", "notes:3", "3"], "entry notes:3 has 2", id="a third of two"),
        pytest.param(["accept", "notes:3", "arxvi:2401.10020"], f"mean '{RIGHT}'", id="scheme"),
        pytest.param(["accept", "notes:3", "that one"], "write scheme:value", id="words"),
        pytest.param(["accept", "notes:3"], "ID", id="no identifier"),
        pytest.param(["reject", "notes:2"], "did you mean 'notes:3'?", id="no entry there"),
        pytest.param(["reject", "notes:x"], "'x' is no line", id="no number"),
        pytest.param(["reject", "note:3"], "did you mean 'notes'?", id="unknown list"),
        pytest.param(["reject", "e123"], "no entry 'e123' is in a list; did", id="unknown entry"),
        pytest.param(["acept", "notes:3"], "did you mean 'accept'?", id="unknown command"),
    ],
)
def test_wrong_usage_is_one_line(
    store: Store, capsys: pytest.CaptureFixture[str], arguments: list[str], says: str
) -> None:
    capsys.readouterr()
    assert papertide("review", *arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert says in captured.err
    assert not (store.folder / "overrides.toml").exists()


def test_several_entries_on_one_line_must_be_told_apart() -> None:
    one, other = places(entry("One"), entry("Other"), name="l")
    with pytest.raises(ConfigError, match=f"2 entries begin at l:1; name one: {one.entry_id}"):
        entry_named([one, replace(other, line=1)], "l:1")


def test_without_a_snapshot(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Store(tmp_path, {}).write()
    for command in ([], ["accept", "papers:3", RIGHT], ["reject", "papers:3"]):
        assert papertide("review", *command) == 1
        assert "run papertide refresh first" in capsys.readouterr().err


def test_the_file_lies_beside_the_configuration(
    store: Store, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (store.folder / "elsewhere").mkdir()
    monkeypatch.chdir(store.folder / "elsewhere")
    papertide("review", "reject", "notes:3", "--config", "../config.toml")
    assert "overrides.toml: decision 1: notes:3" in capsys.readouterr().out
    assert "reject = true" in written(store)
    assert list((store.folder / "elsewhere").iterdir()) == []


def test_comments_order_and_line_ends_are_kept(store: Store) -> None:
    path = store.folder / "overrides.toml"
    mine = "\ufeff# mine\r\n[[decision]] # hm\r\ntitle = 'Of another list' \r\nlist='x'\r\n"
    mine += f"reject=true # no!\r\n\r\n[[decision]]\r\nentry_id = '{entry_id(store, 'notes', 3)}'"
    mine += "\r\naccept = 'arxiv:2402.14809'   # the first\r\n# the end"
    path.write_bytes(mine.encode())
    assert papertide("review", "accept", "notes:3", "arxiv:2402.13764") == 0
    mine = mine.replace("'arxiv:2402.14809'", '"arxiv:2402.13764"')
    assert path.read_bytes() == mine.encode()
    assert papertide("review", "reject", "notes:3") == 0
    mine = mine.replace('accept = "arxiv:2402.13764"', "reject = true")
    assert path.read_bytes() == mine.encode()
    assert papertide("review", "reject", "notes:4") == 0
    after = path.read_bytes()
    assert after.startswith(mine.encode())
    assert after.count(b"\n") == after.count(b"\r\n")
    assert list(store.folder.glob(".overrides*")) == []


def test_a_decision_taken_twice_is_written_once(store: Store) -> None:
    for _ in range(2):
        assert papertide("review", "reject", "notes:3") == 0
    assert written(store).count("[[decision]]") == 1


def test_decisions_taken_at_the_same_time_are_all_kept(store: Store) -> None:
    command = [sys.executable, "-m", "flows.cli", "review", "reject"]
    environ = {**os.environ, "PYTHONPATH": str(Path(cli.__file__).parents[1])}
    entries = ("notes:3", "notes:4", "papers:3")
    runs = [
        subprocess.Popen([*command, e], env=environ, stdout=subprocess.DEVNULL) for e in entries
    ]
    assert [run.wait(timeout=30) for run in runs] == [0, 0, 0]
    assert written(store).count("reject = true") == 3


def test_a_file_that_cannot_be_written_is_one_line(
    store: Store, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise PermissionError(13, "Permission denied", "overrides.toml")

    monkeypatch.setattr(overrides.durable, "write", refuse)
    capsys.readouterr()
    assert papertide("review", "reject", "notes:3") == 1
    assert capsys.readouterr().err == "papertide: overrides.toml: Permission denied\n"
