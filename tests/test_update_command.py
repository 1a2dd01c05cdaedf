"""`papertide update`: what it prints and writes, and where it refuses."""

from __future__ import annotations

import errno
import json
import os
import stat
import tomllib
from pathlib import Path
from typing import Any

import pytest

from enrich import lists
from enrich.configuration import Configuration
from enrich.errors import StoreError
from enrich.settings import ListSource, Settings, Update
from flows.cli import main as cli
from flows.commands.demo import demo_config
from store import durable
from store.current import Current
from tests.renewed import renewed
from tests.values import NIGHT

SCHOLAR = "https://scholar.google.com/scholar?cites=1"
LIST = f"""\
# A List

## Papers

- [A Paper About Gulls and Ships](https://arxiv.org/abs/2403.09701), ACL 2023, cited by 12
- [A Paper About Terns and Ships](https://arxiv.org/abs/2403.09702), arXiv 2024
- [A Paper About Ducks and Ships](https://arxiv.org/abs/2403.09703), cited by [12]({SCHOLAR})
"""
AFTER = LIST.replace("cited by 12", "cited by 2001").replace("arXiv 2024", "EMNLP 2029")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a list in it, and a snapshot that knows its papers."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "list.md").write_text(LIST)
    _snapshot(monkeypatch, simulated=False)
    return tmp_path


def _snapshot(monkeypatch: pytest.MonkeyPatch, *, simulated: bool) -> None:
    known = renewed(lists.parse(LIST.encode()).entries)
    current = Current(
        Path("x.duckdb"), "20261121T020000Z", NIGHT, simulated, known.library, known.papers
    )
    monkeypatch.setattr("flows.commands.updating.read_current", lambda layout: current)


def papertide(*arguments: str) -> int:
    return cli._run(["update", *arguments])


def test_it_shows_a_diff_and_changes_nothing(here: Path, capfdbinary: Any) -> None:
    assert papertide("list.md") == 0
    out, err = capfdbinary.readouterr()
    assert out.startswith(b"--- a/list.md\n+++ b/list.md\n@@ -2,6 +2,6 @@\n")
    assert (
        b"\n+- [A Paper About Terns and Ships](https://arxiv.org/abs/2403.09702), EMNLP 2029\n"
        in out
    )
    assert err.decode().splitlines() == [
        "list.md: 1 count, 1 venue, 1 year would change",
        "list.md: 1 count left: it is from Google Scholar; "
        'update = { counts = "replace" } for this list replaces what can be',
    ]
    assert (here / "list.md").read_text() == LIST


def test_it_writes_once(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "list.md").chmod(0o640)
    assert papertide("--write", "list.md") == 0
    assert (here / "list.md").read_text() == AFTER
    assert stat.S_IMODE((here / "list.md").stat().st_mode) == 0o640
    changed = (here / "list.md").stat().st_mtime_ns
    assert papertide("--write", "list.md") == 0
    assert (here / "list.md").stat().st_mtime_ns == changed
    assert "list.md: up to date" in capsys.readouterr().err
    assert sorted(path.name for path in here.iterdir()) == ["list.md"]


def test_it_checks(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert papertide("--check", "list.md") == 1
    assert capsys.readouterr().out.splitlines() == [
        "list.md:5: count: 12 -> 2001 (Semantic Scholar, 2026-11-21)",
        "list.md:6: venue: arXiv -> EMNLP (published: Proceedings of the 2029 Conference on "
        "Empirical Methods in Natural Language Processing)",
        "list.md:6: year: 2024 -> 2029 (published: Proceedings of the 2029 Conference on "
        "Empirical Methods in Natural Language Processing)",
    ]
    assert (here / "list.md").read_text() == LIST
    (here / "list.md").write_text(AFTER)
    assert papertide("--check", "list.md") == 0


def test_json_is_one_document(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert papertide("--json", "-q", "--only", "counts", "list.md") == 0
    captured = capsys.readouterr()
    told = json.loads(captured.out)
    assert captured.err == ""
    [change] = told.pop("changes")
    start, end = change.pop("span")
    assert LIST.encode()[start:end] == b"12"
    assert change == {
        "file": "list.md",
        "line": 5,
        "kind": "count",
        "old": "12",
        "new": "2001",
        "why": "Semantic Scholar, 2026-11-21",
    }
    assert told == {
        "snapshot": "20261121T020000Z",
        "simulated": False,
        "written": False,
        "left": [{"file": "list.md", "source": "Google Scholar", "counts": 1}],
    }


def test_the_policy_is_that_of_the_list(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "config.toml").write_text(
        '[[lists]]\nname = "l"\npath = "list.md"\nupdate = { counts = "replace" }\n'
    )
    (here / "same.md").symlink_to("list.md")
    (here / "copy.md").write_text(LIST)
    assert papertide("--write", "same.md", "copy.md") == 0
    assert (here / "same.md").is_symlink()
    assert "scholar.google" not in (here / "list.md").read_text()
    assert (here / "copy.md").read_text() == AFTER


def test_append_needs_a_template(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "config.toml").write_text(
        '[[lists]]\nname = "l"\npath = "list.md"\nupdate = { counts = "append" }\n'
    )
    assert papertide("list.md") == 2
    assert 'lists.l.update: counts = "append" needs a template' in capsys.readouterr().err


@pytest.mark.parametrize(
    "template", ["no number", "{count} and {count}", "two\\nlines {count}", "{count} {what}"]
)
def test_a_template_that_cannot_be_filled(
    here: Path, capsys: pytest.CaptureFixture[str], template: str
) -> None:
    (here / "config.toml").write_text(
        '[[lists]]\nname = "l"\npath = "list.md"\n'
        f'update = {{ counts = "append", template = "{template}" }}\n'
    )
    assert papertide("list.md") == 2
    assert "a line with {count} in it once" in capsys.readouterr().err


def test_a_simulated_snapshot_is_written_only_on_demand(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _snapshot(monkeypatch, simulated=True)
    assert papertide("--write", "list.md") == 1
    assert "SIMULATED" in capsys.readouterr().err
    assert (here / "list.md").read_text() == LIST
    assert papertide("--diff", "list.md") == 0
    assert "SIMULATED" in capsys.readouterr().err
    assert papertide("--write", "--simulated", "list.md") == 0
    assert (here / "list.md").read_text() == AFTER


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("none.md", None, "No such file"),
        ("folder", "", "is no file"),
        ("a.bin", b"\x7fELF\0\1\2\3", "NUL bytes"),
        ("big.md", b"# A\n" * 600, "larger than [parse] max_bytes"),
    ],
)
def test_what_cannot_be_read_is_said_and_the_others_are_done(
    here: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    content: Any,
    says: str,
) -> None:
    monkeypatch.setenv("PAPERTIDE__PARSE__MAX_BYTES", "2000")
    if content == "":
        (here / name).mkdir()
    elif content is not None:
        (here / name).write_bytes(content)
    assert papertide("--write", name, "list.md") == 1
    err = capsys.readouterr().err
    assert says in err
    assert name in err
    assert (here / "list.md").read_text() == AFTER


def test_nothing_to_change_in_what_lists_nothing(
    here: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    (here / "empty.md").write_bytes(b"")
    assert papertide("empty.md") == 0
    assert capfdbinary.readouterr() == (b"", b"empty.md: up to date\n")


def test_modes_exclude_each_other(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert papertide("--write", "--check", "list.md") == 2
    assert "exclude each other" in capsys.readouterr().err


def test_without_a_snapshot_it_says_what_to_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "list.md").write_text(LIST)
    assert papertide("list.md") == 1
    assert "run papertide refresh first" in capsys.readouterr().err


def test_a_path_elsewhere(here: Path, tmp_path: Path, capfdbinary: Any) -> None:
    inner = here / "inner"
    inner.mkdir()
    os.chdir(inner)
    assert papertide("../list.md") == 0
    head = capfdbinary.readouterr()[0].splitlines()[0]
    assert head == b"--- a/" + os.fsencode(str(here / "list.md").lstrip("/"))


def test_a_file_that_changed_meanwhile_is_not_written(tmp_path: Path) -> None:
    file = tmp_path / "list.md"
    file.write_bytes(b"edited by a person")
    with pytest.raises(StoreError, match="changed while it was read"):
        durable.replace(file, b"as it was", b"new")
    assert file.read_bytes() == b"edited by a person"
    assert [path.name for path in tmp_path.iterdir()] == ["list.md"]


def test_output_that_cannot_be_written_is_no_fault_of_the_list(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(file: object, terminal: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("flows.commands.updating._print_diff", full)
    assert papertide("list.md") == 1
    assert "list.md: cannot be written" not in capsys.readouterr().err


def test_a_file_that_may_not_be_written_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "list.md"
    file.write_bytes(b"old")
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(StoreError, match="may not be written"):
        durable.replace(file, b"old", b"new")
    assert file.read_bytes() == b"old"


@pytest.mark.parametrize(
    ("policy", "line"),
    [
        (Update(), '# update = { counts = "replace" }    # see docs/updating.md'),
        (
            Update(counts="append", template='"{count}"', links="leave"),
            'update = { counts = "append", template = "\\"{count}\\"", links = "leave" }',
        ),
    ],
)
def test_the_demo_keeps_the_policy_of_a_list(here: Path, policy: Update, line: str) -> None:
    settings = Settings(lists=(ListSource("l", path="list.md", update=policy),))
    text = demo_config(Configuration(settings, here / "config.toml"), {}, here / "demo")
    assert line in text.splitlines()
    [parsed] = tomllib.loads(text)["lists"]
    assert parsed.get("update", {}).get("counts") == policy.counts
