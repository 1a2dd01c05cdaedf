"""The diff of an updated list is one that git itself applies."""

# ruff: noqa: E501  # one case a line

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from enrich.update.diff import unified

GIT = shutil.which("git")
LINES = [f"line {n}" for n in range(1, 30)]


def _text(end: str, *, last: str, changed: dict[int, str]) -> bytes:
    lines = [changed.get(n, line) for n, line in enumerate(LINES, start=1)]
    return (end.join(lines) + last).encode("utf-8", "surrogateescape")


@pytest.mark.parametrize(
    ("name", "end", "last", "changed"),
    [
        pytest.param("list.md", "\n", "\n", [1], id="the first line"),
        pytest.param("list.md", "\n", "\n", [29], id="the last line"),
        pytest.param("list.md", "\n", "", [29], id="the last line, cut off"),
        pytest.param("list.md", "\n", "", [27], id="a cut line in the context"),
        pytest.param("list.md", "\n", "", [28, 29], id="two lines up to the cut"),
        pytest.param("list.md", "\r\n", "\r\n", [4, 5, 20], id="CRLF"),
        pytest.param("list.md", "\r", "", [3], id="CR alone"),
        pytest.param("my lists/a list.md", "\n", "\n", [4, 10, 11, 12, 19], id="blanks in the path"),
        pytest.param("listes/\u00e9t\u00e9 \u8bba\u6587.md", "\n", "\n", [5], id="letters in the path"),
        pytest.param('a"b\\c.md', "\n", "\n", [5], id="quotes in the path"),
        pytest.param("a\tb.md", "\n", "\n", [5], id="a tabulator in the path"),
        pytest.param("-list.md", "\n", "\n", list(range(1, 30)), id="every line"),
    ],
)  # fmt: skip
def test_git_applies_it(tmp_path: Path, name: str, end: str, last: str, changed: list[int]) -> None:
    if GIT is None:
        pytest.skip("git is not installed")
    old = _text(end, last=last, changed={2: "caf\u00e9 \udcff"})
    new = _text(
        end, last=last, changed={2: "caf\u00e9 \udcff", **{n: f"{n} \u00fcber" for n in changed}}
    )
    file = tmp_path / name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(old)
    patch = unified(name.encode(), old, new)
    subprocess.run(["git", "apply", "-"], input=patch, cwd=tmp_path, check=True)
    assert file.read_bytes() == new
    subprocess.run(["git", "apply", "-R", "-"], input=patch, cwd=tmp_path, check=True)
    assert file.read_bytes() == old


def test_several_files_in_one(tmp_path: Path) -> None:
    if GIT is None:
        pytest.skip("git is not installed")
    files = {"a.md": (b"one\ntwo", b"one\n2"), "b.md": (b"x\n", b"y\n")}
    for name, (old, _) in files.items():
        (tmp_path / name).write_bytes(old)
    patch = b"".join(unified(name.encode(), *both) for name, both in files.items())
    subprocess.run(["git", "apply", "-"], input=patch, cwd=tmp_path, check=True)
    assert {name: (tmp_path / name).read_bytes() for name in files} == {
        name: new for name, (_, new) in files.items()
    }


def test_the_same_text_has_no_diff_and_a_lost_line_is_a_fault() -> None:
    assert unified(b"x", b"a\nb", b"a\nb") == b""
    with pytest.raises(ValueError, match="a line"):
        unified(b"x", b"a\nb\n", b"a\n")
