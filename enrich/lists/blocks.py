"""What the readers make of a text: blocks in reading order, each with its runs of visible text.

All offsets are into the UTF-8 bytes of the text, half-open.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

BOLD, ITALIC, CODE, STRIKE, UNDER, QUOTED, IMAGE, BREAK, LINE, PART = (1 << n for n in range(10))
"""Styles of a run. Breaks are runs too: BREAK a soft one, LINE a `<br>`, PART a new paragraph."""


class Run(NamedTuple):
    """A stretch of visible text in one style; `link` indexes the document's links, or is -1."""

    text: str
    start: int
    end: int
    style: int = 0
    link: int = -1
    image: str = ""


class Anchor(NamedTuple):
    """A link of the document: target as resolved, and where it stands, markup included."""

    url: str
    start: int
    end: int
    reference: str = ""


@dataclass(slots=True)
class Block:
    """A heading, paragraph, list, item, table, row, quote, fold or skipped stretch of the text.

    `level` is a heading's level, or 1 for a row of column headings; a row has one list of runs per
    cell and how many columns and rows each covers. `signs` is kept by `signs_of`.
    """

    kind: str
    start: int
    end: int
    level: int = 0
    ordered: bool = False
    html: bool = False
    runs: list[Run] = field(default_factory=list)
    children: list[Block] = field(default_factory=list)
    cells: list[list[Run]] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)
    signs: Any = None


@dataclass(slots=True)
class Document:
    """A text, read: its top-level blocks, its links, and the bytes both point into."""

    utf8: bytes
    blocks: list[Block] = field(default_factory=list)
    links: list[Anchor] = field(default_factory=list)


def visible(runs: Iterable[Run]) -> str:
    """The text of runs without pictures, breaks as blanks."""
    return "".join(
        " " if run.style & (BREAK | LINE | PART) else run.text
        for run in runs
        if not run.style & IMAGE
    )


def lines_of(runs: list[Run], breaks: int = LINE | PART) -> Iterator[list[Run]]:
    """The runs of a block, parted at the breaks of the given kinds."""
    line: list[Run] = []
    for run in runs:
        if run.style & breaks:
            if line:
                yield line
            line = []
        else:
            line.append(run)
    if line:
        yield line


def walk(blocks: Iterable[Block]) -> Iterator[Block]:
    """Every block and the blocks inside it, in reading order."""
    waiting = list(blocks)[::-1]
    while waiting:
        block = waiting.pop()
        yield block
        waiting += block.children[::-1]
