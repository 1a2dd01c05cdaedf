"""Reads pasted plain text: numbered or bulleted lines, and headings without any mark."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from enrich.lists.blocks import BREAK, Block, Document, Run
from enrich.lists.builder import Builder
from enrich.lists.html import read_html

# A heading, a link, bold, a table, a rule, a fence, a tag that is structure, or a code span.
_MARKDOWN = re.compile(
    r"^ {0,3}#{1,6} \S|\]\([ \t]*(?:https?:|[#./])|\*\*[^*\n]+\*\*|`[^`\n]+`"
    r"|^[ \t]*+(?:\|[ \t]*+)?:?-{2,}:?[ \t]*\||^(?:={3,}|-{3,})[ \t]*$|^[ \t]*(?:```|~~~)"
    r"|<a\s{1,9}href\s?=\s?[\"']?http|^[ \t]*<(?:table|li|h[1-6]|td)\b",
    re.MULTILINE | re.IGNORECASE,
)
_ITEM = re.compile(
    r"[ \t]*(?P<mark>\(?\d{1,4}[.)\]\u3001]|\[\d{1,4}\]|[-*+\u2022\u00b7\u25cf\u25e6])[ \t]+"
    r"(?P<body>\S.*)"
)
_TAG = re.compile(r"[ \t]*<[a-zA-Z!/]")
_LINE = re.compile(rb"[^\r\n]+")
_LEAF = 5
"""The level of a heading directly above works, where no mark tells levels."""
LONGEST_HEADING = 90
"""Characters of a line that may still be a heading."""


def is_plain(text: str) -> bool:
    """Whether a text has no structure of Markdown at all, so that `*` and `_` mean themselves."""
    return _MARKDOWN.search(text) is None and "<table" not in text


def read_plain(text: str, utf8: bytes) -> Document:
    """The blocks of a plain text: a list item per marked line, headings, paragraphs."""
    lines = [
        _Text(form.start(), form[0].decode("utf-8", "replace")) for form in _LINE.finditer(utf8)
    ]
    reader = _Reader(Builder(utf8))
    for index, line in enumerate(lines):
        reader.read(line, lines[index + 1 : index + 4])
    reader.end_paragraph()
    document = reader.builder.document
    document.blocks[:] = _gathered(document.blocks)
    _nest(document.blocks)
    return document


class _Text(NamedTuple):
    """A line, without its end, and the byte at which it starts."""

    start: int
    text: str

    def part(self, first: int, last: int) -> tuple[str, int, int]:
        """A slice of the line and its place."""
        start = self.start + len(self.text[:first].encode())
        return self.text[first:last], start, start + len(self.text[first:last].encode())


class _Reader:
    """Gives one line after another its block."""

    def __init__(self, builder: Builder) -> None:
        self.builder = builder
        self._paragraph: list[tuple[str, int, int]] = []
        self._item: Block | None = None
        self._end = 0

    def read(self, line: _Text, after: Sequence[_Text]) -> None:
        body = line.text.rstrip()
        # Two line ends between two lines with text: a blank line, whatever the line ends are.
        blank = self.builder.document.utf8[self._end : line.start].count(b"\n") > 1
        self._end = line.start + len(line.text.encode())
        if not body or blank:
            self.end_paragraph()
        if not body:
            self._item = None
            return
        indent = len(body) - len(body.lstrip())
        if item := _ITEM.match(body):
            self.end_paragraph()
            self._begin_item(item, line, len(body))
        elif _TAG.match(body):
            self.end_paragraph()
            end = line.start + len(body.encode())
            read_html(self.builder, self.builder.document.utf8, line.start, end, _no_markdown)
            self.builder.close_html()
        elif self._item is not None and indent >= 2 and not blank:
            self._continue_item(line, indent, len(body))
        elif not self._paragraph and _is_heading(body.strip(), after):
            self._item = None
            self._block("heading", [line.part(indent, len(body))], _LEAF)
        else:
            self._item = None
            self._paragraph.append(line.part(indent, len(body)))

    def end_paragraph(self) -> None:
        if self._paragraph:
            self._block("paragraph", self._paragraph, 0)
            self._paragraph = []

    def _begin_item(self, item: re.Match[str], line: _Text, end: int) -> None:
        text, start, stop = line.part(item.start("body"), end)
        self.builder.open("list", line.start, stop).ordered = item["mark"][-1] in ".)]\u3001"
        self._item = self.builder.open("item", line.start, stop)
        self.builder.text(text, start, stop)
        self.builder.close("list", stop)

    def _continue_item(self, line: _Text, indent: int, end: int) -> None:
        """A further line of the item above."""
        item = self._item
        if item is None:
            return
        text, start, stop = line.part(indent, end)
        item.runs += [Run("\n", line.start, start, BREAK), Run(text, start, stop)]
        item.end = self.builder.document.blocks[-1].end = stop

    def _block(self, kind: str, pieces: Sequence[tuple[str, int, int]], level: int) -> None:
        self.builder.open(kind, pieces[0][1], pieces[-1][2], level=level)
        for index, (text, start, stop) in enumerate(pieces):
            if index:
                self.builder.line_break(BREAK, pieces[index - 1][2], start)
            self.builder.text(text, start, stop)
        self.builder.close(kind, pieces[-1][2])


def _no_markdown(start: int, end: int) -> None:
    """Text between tags of a plain text is never Markdown."""


def _is_heading(text: str, after: Sequence[_Text]) -> bool:
    """Whether a line is a heading: short, no sentence, and an item or a heading follows it."""
    if len(text) > LONGEST_HEADING or text[-1] in '.,;!"\u201d' or "://" in text:
        return False
    below = next((line.text for line in after if line.text.strip()), "")
    if text.isupper() and below and not below.isupper():
        return True
    return bool(_ITEM.match(below)) or (
        0 < len(below.strip()) <= LONGEST_HEADING and (below.rstrip()[-1] not in ".,;")
    )


def _gathered(blocks: list[Block]) -> list[Block]:
    """Blocks with the items that follow each other made one list."""
    gathered: list[Block] = []
    for block in blocks:
        last = gathered[-1] if gathered else None
        if last is not None and block.kind == last.kind == "list" and block.ordered == last.ordered:
            last.children += block.children
            last.end = block.end
        else:
            gathered.append(block)
    return gathered


def _nest(blocks: list[Block]) -> None:
    """Give headings without marks their levels: those in a row nest, the last holds the works."""
    run: list[Block] = []
    for block in blocks:
        if block.kind == "heading":
            run.append(block)
            continue
        if block.kind == "list" and not block.html:
            for above, heading in enumerate(reversed(run)):
                heading.level = max(2, _LEAF - above)
        run = []
