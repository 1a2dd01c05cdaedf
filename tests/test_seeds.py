"""The seed lists are the given ones, line by line, with everything but facts emptied."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SEEDS = sorted(path.name for path in (ROOT / "seeds").iterdir())
GIVEN = {
    "automated-alignment.md": "000_*.txt",
    "llm-alignment.md": "002_*.txt",
    "align-llm-human.md": "003_*.txt",
    "alignment-goals.txt": "004_*.txt",
}

# Counts are not facts about a paper but about a day, so each became what the list itself
# writes for a count that it does not know.
COUNT = re.compile(rb"(?<=cication: \[\*\*)\d+(?=\*\*\]\(https://scholar\.google\.com/)")
# What a repository says of itself, two lines below its name; links behind it stay.
REPOSITORY = b"- [**"
TAG_LINE = re.compile(rb"(?<=^\t )\*[^*]+\* (?=\xc2\xb7 \(\[)")
FACTS = re.compile(
    rb"https?://|href="  # a link, or a table of contents
    rb"|^\t \*[^*]+\*|^ +author=\{"  # authors
    rb"|^  \d+\. "  # a numbered title; the plain-text list has no links at all
)
LONGEST = 200
"""Bytes; a longer line without any of `FACTS` is prose."""

each_seed = pytest.mark.parametrize("name", SEEDS)


def _lines(path: Path) -> list[bytes]:
    return path.read_bytes().split(b"\n")


def _kept(line: bytes, entry: bytes) -> set[bytes]:
    """The forms in which a given line may stand in the seed; `entry` is two lines above."""
    counted = COUNT.sub(b"-1", line)
    return {b"", counted, TAG_LINE.sub(b"", line) if entry.startswith(REPOSITORY) else counted}


@each_seed
def test_lines_stay_where_they_were(name: str, shared: Path) -> None:
    [given] = (shared / "seeds").glob(GIVEN[name])
    before, after = _lines(given), _lines(ROOT / "seeds" / name)
    assert len(before) == len(after)
    entries = [b"", b"", *before]
    changed = [
        number
        for number, (was, stands, entry) in enumerate(zip(before, after, entries, strict=False), 1)
        if stands not in _kept(was, entry)
    ]
    assert not changed


@each_seed
def test_most_lines_are_still_there(name: str, shared: Path) -> None:
    """Emptying is for prose: what links, or is numbered or marked as an entry or heading, stays."""
    [given] = (shared / "seeds").glob(GIVEN[name])
    facts = re.compile(rb"^\s*(#|[-*] (?!`)|\d+\. )|\]\(")
    lost = [
        number
        for number, (was, stands) in enumerate(
            zip(_lines(given), _lines(ROOT / "seeds" / name), strict=True), start=1
        )
        if facts.search(was) and not stands
    ]
    assert not lost


@each_seed
def test_no_prose_is_left(name: str) -> None:
    prose = [
        number
        for number, line in enumerate(_lines(ROOT / "seeds" / name), start=1)
        if len(line) > LONGEST and not FACTS.search(line)
    ]
    assert not prose


@each_seed
def test_no_count_is_left(name: str) -> None:
    assert not COUNT.search((ROOT / "seeds" / name).read_bytes())
