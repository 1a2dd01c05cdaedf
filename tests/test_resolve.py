"""`papertide resolve`: any JSON lines in, one line out for each, and nothing asked in vain."""

from __future__ import annotations

import io
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from enrich.model import SCHEMES
from enrich.sandbox import World, running
from enrich.sandbox.server import Sandbox
from flows.cli import main as cli
from tests.nights import FIRST_NIGHT, LOGIN, Store, requests

SELF_REWARDING = "Self-rewarding language models"
PLAN_AND_SOLVE = (
    "Plan-and-Solve Prompting: Improving Zero-Shot Chain-of-Thought Reasoning by Large Language "
    "Models"
)
NOWHERE = "Gulls Are Few-Shot Learners of Harbours and Quays"
FIELDS = ["n", "verdict", "reason", "score", "ids", "title", "candidates"]
WORLD = World.builtin()


@pytest.fixture(scope="module")
def services() -> Iterator[Sandbox]:
    with running(WORLD, pace=0) as sandbox:
        yield sandbox


class Desk:
    """A folder, the sandbox that is asked from it, and what it was asked since the last look."""

    def __init__(self, folder: Path, sandbox: Sandbox, patch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.sandbox = sandbox
        self.patch = patch
        self.use(sandbox)

    def use(self, sandbox: Sandbox) -> None:
        """Ask this sandbox, by the environment alone: there is no configuration file."""
        self.sandbox = sandbox
        self.before = requests(sandbox)
        for source, urls in sandbox.base_urls.items():
            keys = {**urls, "attempts": "1", "timeout": "5"}
            if source != "acl_anthology":
                keys["seconds_per_request"] = "0"
            for key, value in keys.items():
                self.set(source, key, value)

    def set(self, source: str, key: str, value: str) -> None:
        self.patch.setenv(f"PAPERTIDE__SOURCES__{source.upper()}__{key.upper()}", value)

    def asked(self) -> dict[str, int]:
        """The requests since the last look, of the services that had any."""
        now, before = requests(self.sandbox), self.before
        self.before = now
        return {name: n - before[name] for name, n in now.items() if n != before[name]}

    def feed(self, content: bytes | list[Any]) -> None:
        """What stands on the standard input."""
        if not isinstance(content, bytes):
            content = "".join(json.dumps(line) + "\n" for line in content).encode()
        self.patch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(content)))


@pytest.fixture
def desk(tmp_path: Path, services: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv("PAPERTIDE_NOW", FIRST_NIGHT)
    monkeypatch.chdir(tmp_path)
    return Desk(tmp_path, services, monkeypatch)


Capture = pytest.CaptureFixture[str]


def resolve(*arguments: str) -> int:
    return cli._run(["resolve", *arguments])


def told(capsys: Capture) -> tuple[list[dict[str, Any]], str]:
    captured = capsys.readouterr()
    assert "Traceback" not in captured.err
    assert "a fault in Papertide" not in captured.err
    return [json.loads(line) for line in captured.out.splitlines()], captured.err


def test_one_title_for_people_and_nothing_is_written(desk: Desk, capsys: Capture) -> None:
    assert resolve("--title", "self-rewarding language model", "--authors", "Yuan") == 0
    captured = capsys.readouterr()
    verdict, title, first, *_ = captured.out.splitlines()
    assert verdict.startswith("matched (respelt_title, 0.9")
    assert (title, first) == ("Self-Rewarding Language Models", "  arxiv:2401.10020")
    assert captured.err == ""
    assert desk.asked() == {"arxiv": 1, "semantic_scholar": 1}
    assert list(desk.folder.iterdir()) == []


def test_one_title_for_programs(desk: Desk, capsys: Capture) -> None:
    assert resolve("--json", "--title", PLAN_AND_SOLVE, "--year", "2023") == 0
    [found], _ = told(capsys)
    assert list(found) == FIELDS
    assert list(found["ids"]) == list(SCHEMES)
    assert found["ids"]["acl"] == ["2023.acl-long.147"]
    assert found["ids"]["arxiv"] == ["2305.04091"]
    for values in found["ids"].values():
        assert values == sorted(set(values))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        pytest.param(["--title", "x", "in.jsonl"], "exclude each other", id="title and file"),
        pytest.param(["--authors", "Yuan"], "go with --title", id="authors alone"),
        pytest.param(["--authors", "", "in.jsonl"], "go with --title", id="empty authors"),
        pytest.param(["--year", "2024", "in.jsonl"], "go with --title", id="year of a file"),
        pytest.param(["--title", "x", "--year", "99999"], "--year", id="no year"),
        pytest.param(["--title", "x", "--config", "no.toml"], "no such configuration", id="config"),
        pytest.param(["--titel", "x"], "--titel", id="unknown option"),
    ],
)
def test_wrong_usage_is_one_line(
    desk: Desk, capsys: Capture, arguments: list[str], says: str
) -> None:
    assert resolve(*arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert says in captured.err
    assert desk.asked() == {}


@pytest.mark.parametrize("name", [None, "-", "in.jsonl"])
def test_a_line_out_for_every_line_in(desk: Desk, capsys: Capture, name: str | None) -> None:
    lines = [
        b'{"n": "b", "title": "' + NOWHERE.encode() + b'"}',
        b"",
        b'{"n": 1, "title": "self-rewarding Language Models", "authors": ["Weizhe Yuan"]}',
        b'{"title": "Self-rewarding language models", "authors": "Yuan et al.", "year": "2024"}',
        b'  {"n": null, "title": null, "other": [1]}  ',
        b'{"n": [1.5, {"a": null}], "title": ""}',
        b'{"n": 1, "title": "?!", "year": "in press"}',
        b'{"n": 12345678901234567890123, "title": "' + b"x " * 500_000 + b'"}',
    ]
    content = b"\xef\xbb\xbf" + b"\r\n".join(lines)
    if name == "in.jsonl":
        Path(name).write_bytes(content)
    else:
        desk.feed(content)
    assert resolve(*([name] if name else [])) == 0
    found, errors = told(capsys)
    names = ["b", 1, 4, 5, [1.5, {"a": None}], 1, 12345678901234567890123]
    assert [each["n"] for each in found] == names
    assert [each["verdict"] for each in found] == [
        *("not_found", "matched", "matched"),
        *("not_found", "not_found", "not_found", "not_found"),
    ]
    assert [each["reason"] for each in found[3:6]] == ["no_title"] * 3
    assert all(list(each) == FIELDS and list(each["ids"]) == list(SCHEMES) for each in found)
    assert found[1]["ids"] == found[2]["ids"]
    assert errors.splitlines()[-1] == "7 titles: 5 not_found, 2 matched"
    assert "OpenReview answers only with a login" in errors


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(b'{"title": "x"}\n\nnot json\n', "line 3: JSON is malformed", id="no JSON"),
        pytest.param(b'{"title": "x"}\n{"title": 3}', "line 2: Expected `str", id="title"),
        pytest.param(b'{"authors": [null]}', "line 1: Expected `str`", id="authors"),
        pytest.param(b'{"year": [2024]}', "$.year", id="year"),
        pytest.param(b'["x"]', "Expected `object`", id="array"),
        pytest.param(b'{"n": 1e400}', "out of range", id="n that cannot be given back"),
        pytest.param(b'{"title": "\xff"}', "utf-8", id="no UTF-8"),
        pytest.param(b"[" * 200_000, "line 1", id="deep"),
        pytest.param(b"\x89PNG\r\n\x1a\n\x00\x00", "line 1", id="binary"),
    ],
)
def test_a_wrong_line_is_named_before_anybody_is_asked(
    desk: Desk, capsys: Capture, content: bytes, says: str
) -> None:
    desk.feed(content)
    assert resolve() == 1
    found, errors = told(capsys)
    assert found == []
    assert errors.count("\n") == 1
    assert errors.startswith("papertide: stdin: line ")
    assert says in errors
    assert desk.asked() == {}


def test_files_that_cannot_be_read(desk: Desk, capsys: Capture) -> None:
    Path("long.jsonl").write_bytes(b'{"title": "x"}\n' * 10)
    desk.patch.setenv("PAPERTIDE__PARSE__MAX_BYTES", "100")
    for name in ("long.jsonl", "missing.jsonl", "."):
        assert resolve(name) == 1
    desk.feed(b" " * 200)
    assert resolve() == 1
    errors = told(capsys)[1].splitlines()
    assert ["max_bytes" in each for each in errors] == [True, False, False, True]
    assert len(errors) == 4


@pytest.mark.parametrize("content", [b"", b"\n \r\n"])
def test_no_line_at_all(desk: Desk, capsys: Capture, content: bytes) -> None:
    desk.feed(content)
    assert resolve() == 0
    assert told(capsys) == ([], "0 titles\n")
    assert desk.asked() == {}


def test_offline_without_a_catalogue(desk: Desk, capsys: Capture) -> None:
    desk.feed([{"title": SELF_REWARDING}, {"title": "?"}])
    assert resolve("--offline") == 3
    found, errors = told(capsys)
    assert [each["verdict"] for each in found] == ["unavailable", "not_found"]
    assert errors.splitlines() == [
        "papertide: no local catalogue: papertide catalog build fetches one; "
        "without it nobody could be asked",
        "2 titles: 1 unavailable, 1 not_found",
    ]
    assert desk.asked() == {}


def test_nobody_to_ask_is_unavailable_too(desk: Desk, capsys: Capture) -> None:
    desk.set("arxiv", "enabled", "false")
    desk.set("semantic_scholar", "enabled", "false")
    assert resolve("--json", "--title", SELF_REWARDING) == 3
    [found], errors = told(capsys)
    assert found["verdict"] == "unavailable"
    assert "no local catalogue" in errors


def test_a_catalogue_answers_without_a_request(desk: Desk, capsys: Capture) -> None:
    Path("config.toml").touch()
    assert cli._run(["catalog", "build", "-q"]) == 0
    capsys.readouterr()
    desk.asked()
    desk.feed([{"title": PLAN_AND_SOLVE}, {"title": NOWHERE}])
    assert resolve("--offline") == 0
    found, _ = told(capsys)
    assert found[0]["ids"]["acl"] == ["2023.acl-long.147"]
    assert found[1]["verdict"] == "not_found"
    assert desk.asked() == {}


THREE: list[Any] = [
    {"title": SELF_REWARDING, "authors": "Yuan"},
    {"title": NOWHERE},
    {"title": PLAN_AND_SOLVE},
]


@pytest.mark.parametrize("how", ["503", "refused"])
@pytest.mark.parametrize(
    ("down", "verdicts"),
    [
        pytest.param(["arxiv", "semantic_scholar"], ["unavailable"] * 3, id="both"),
        pytest.param(["arxiv"], ["matched", "unavailable", "matched"], id="arXiv"),
        pytest.param(["semantic_scholar"], ["matched", "unavailable", "matched"], id="S2"),
    ],
)
def test_sources_that_are_down(
    desk: Desk, capsys: Capture, how: str, down: list[str], verdicts: list[str]
) -> None:
    with running(WORLD, pace=0, faults=",".join(f"{name}:503" for name in down)) as broken:
        if how == "503":
            desk.use(broken)
        for name in down if how == "refused" else ():
            desk.set(name, "base_url", "http://127.0.0.1:9")
        desk.feed(THREE)
        assert resolve() == 3
    found, errors = told(capsys)
    assert [each["verdict"] for each in found] == verdicts
    reasons = {each["reason"] for each in found if each["verdict"] == "unavailable"}
    assert reasons == {"source_down"}
    complaints = [each for each in errors.splitlines() if each.startswith("papertide: ")]
    assert [each.split(": ")[1] for each in complaints] == down


def test_secrets_are_never_told(desk: Desk, capsys: Capture) -> None:
    secrets = {
        "SEMANTIC_SCHOLAR_API_KEY": "key-hush-1",
        "OPENREVIEW_USERNAME": "hush-2@sandbox.invalid",
        "OPENREVIEW_PASSWORD": "wrong",
    }
    for name, value in secrets.items():
        desk.patch.setenv(name, value)
    desk.feed(THREE)
    assert resolve("-v") == 3
    captured = capsys.readouterr()
    assert "openreview" in captured.err
    assert "hush" not in captured.out + captured.err


def test_openreview_is_searched_where_there_is_a_login(desk: Desk, capsys: Capture) -> None:
    for name, value in LOGIN.items():
        desk.patch.setenv(name, value)
    desk.feed(THREE)
    assert resolve() == 0
    found, errors = told(capsys)
    assert [each["verdict"] for each in found] == ["matched", "not_found", "matched"]
    assert "login" not in errors
    assert desk.asked()["openreview"] > 0


def test_a_pipe_with_a_name_is_read(desk: Desk, capsys: Capture) -> None:
    """As `<(command)` gives one."""
    os.mkfifo("titles")
    line = json.dumps({"n": "a", "title": SELF_REWARDING}).encode()
    feeder = threading.Thread(target=Path("titles").write_bytes, args=(line,))
    feeder.start()
    assert resolve("titles", "--offline") == 3
    feeder.join()
    assert [each["n"] for each in told(capsys)[0]] == ["a"]


def test_what_a_terminal_would_obey_is_written_as_its_number(desk: Desk, capsys: Capture) -> None:
    desk.feed(b'{"n": "\xc2\x9b31m\xe2\x80\xae\\u001b[0m", "title": null}\n')
    assert resolve() == 0
    captured = capsys.readouterr()
    assert not {"\x9b", "\u202e", "\x1b"} & set(captured.out)
    assert json.loads(captured.out)["n"] == "\x9b31m\u202e\x1b[0m"
    with running(WORLD, pace=0, faults="any:hostile") as hostile:
        desk.use(hostile)
        resolve("--title", SELF_REWARDING)
    assert not {"\x9b", "\u202e", "\x1b"} & set(capsys.readouterr().out)


def found_at_arxiv(count: int) -> list[str]:
    """Titles of the world that arXiv has and nothing else is like."""
    titles = [p.title for p in WORLD.papers if p.arxiv_id and len(p.title) > 60]
    return random.Random(4).sample(sorted(set(titles)), count)


def test_thirty_titles_a_request_and_semantic_scholar_for_what_is_open(
    desk: Desk, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.commands.searching.PORTION", 60)
    titles = [*found_at_arxiv(85), *(f"{NOWHERE} {n}" for n in ("aft", "fore"))]
    lines = [{"n": n, "title": title} for n, title in enumerate([*titles, *titles[:20]])]
    random.Random(5).shuffle(lines)
    desk.feed(lines)
    matches = desk.sandbox.stats()["semantic_scholar"]["endpoints"].get("match", 0)
    assert resolve() == 0
    found, errors = told(capsys)
    assert [each["n"] for each in found] == [line["n"] for line in lines]
    assert "no local catalogue" in errors
    stats = desk.sandbox.stats()
    assert desk.asked()["arxiv"] == 3
    # Only titles that arXiv left open, each once.
    assert stats["semantic_scholar"]["endpoints"]["match"] - matches == 2
    by_title = {line["title"]: each for line, each in zip(lines, found, strict=True)}
    first = {line["n"]: by_title[line["title"]] for line in lines}
    assert all(each["ids"] == first[each["n"]]["ids"] for each in found)
    assert stats["arxiv"]["violations"] == 0


@pytest.fixture
def store(desk: Desk) -> Path:
    data = desk.folder / "data"
    data.mkdir()
    return data


def test_nothing_is_asked_twice_within_its_age(desk: Desk, store: Path, capsys: Capture) -> None:
    for now, asked in (
        ("2026-11-21T02:00:00Z", {"arxiv": 1, "semantic_scholar": 2}),
        ("2026-11-24T02:00:00Z", {}),
        ("2026-11-29T02:00:00Z", {"arxiv": 1, "semantic_scholar": 2}),
    ):
        desk.patch.setenv("PAPERTIDE_NOW", now)
        desk.feed([*THREE, THREE[0]])
        assert resolve() == 0
        found, _ = told(capsys)
        verdicts = [each["verdict"] for each in found]
        assert verdicts == ["matched", "not_found", "matched", "matched"]
        assert found[0]["ids"]["s2"]
        assert desk.asked() == asked, now
    journal = store / "work" / "searches" / "work" / "journal"
    assert len(list(journal.iterdir())) == 1  # what is too old is deleted


def test_a_snapshot_settles_what_it_knows(desk: Desk, capsys: Capture) -> None:
    lists = Store(desk.folder, desk.sandbox.base_urls)
    lists.night()
    desk.asked()
    before = sorted(desk.folder.rglob("*"))
    desk.patch.setenv("PAPERTIDE_NOW", "2026-11-23T02:00:00Z")
    assert resolve("--json", "--title", SELF_REWARDING) == 0
    [found], _ = told(capsys)
    assert found["ids"]["arxiv"] == ["2401.10020"]
    assert found["ids"]["s2"]
    assert desk.asked() == {}
    assert sorted(desk.folder.rglob("*")) == before


def test_ctrl_c_keeps_what_was_found(desk: Desk, store: Path, capsys: Capture) -> None:
    Path("in.jsonl").write_text("".join(json.dumps(line) + "\n" for line in THREE))
    with running(WORLD, pace=0, faults="semantic_scholar:hang") as slow:
        desk.use(slow)
        run = subprocess.Popen(
            [sys.executable, "-m", "flows.cli", "resolve", "in.jsonl"],
            env={**os.environ, "PYTHONPATH": str(Path(cli.__file__).parents[1])},
            stderr=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        until = time.monotonic() + 20
        while not requests(slow)["semantic_scholar"] and time.monotonic() < until:
            time.sleep(0.02)
        run.send_signal(signal.SIGINT)
        out, errors = run.communicate(timeout=10)
    assert run.returncode == 130
    # What is decided by then is said; the title that is still asked for is not.
    assert [json.loads(line)["n"] for line in out.splitlines()] == [1, 3]
    assert "what was found is kept" in errors
    assert "Traceback" not in errors
    with running(WORLD, pace=0) as again:
        desk.use(again)
        assert resolve("in.jsonl") == 0
        assert desk.asked() == {"semantic_scholar": 2}
    assert [each["verdict"] for each in told(capsys)[0]] == ["matched", "not_found", "matched"]
