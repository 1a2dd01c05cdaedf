"""Reads Markdown: the events of pyromark (pulldown-cmark) as blocks, with their places."""

from __future__ import annotations

import re
from typing import Any

import pyromark

from enrich.lists.blocks import BOLD, BREAK, CODE, ITALIC, LINE, STRIKE, Document
from enrich.lists.builder import Builder
from enrich.lists.html import read_html, read_inline_tag
from enrich.lists.parted import unlazy

_OPTIONS = (
    pyromark.Options.ENABLE_TABLES
    | pyromark.Options.ENABLE_STRIKETHROUGH
    | pyromark.Options.ENABLE_TASKLISTS
)
_PARSER = pyromark.Markdown(options=_OPTIONS)
_STYLES = {"Strong": BOLD, "Emphasis": ITALIC, "Strikethrough": STRIKE}
# Only what begins the file: further down, two rules around a text mean nothing of the kind.
_METADATA = re.compile(r"---[ \t]*\n(?:[^\n]*\n){0,200}?---[ \t]*\n")
_LIST_LINE = re.compile(rb"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+\S|.*\]\(\s*\S|.*https?://")


def read_markdown(text: str, utf8: bytes) -> Document:
    """The blocks of a Markdown text. `utf8` is the same text in bytes."""
    reader = _Reader(utf8)
    start = 0
    if form := _METADATA.match(text):
        start = len(form[0].encode())
        reader.builder.skip("metadata", 0, start)
        text = text[form.end() :]
    reader.read(text, start)
    unlazy(reader.builder.document.blocks, utf8)
    return reader.builder.document


class _Reader:
    """Turns one event after another into calls of the builder."""

    def __init__(self, utf8: bytes) -> None:
        self.utf8 = utf8
        self.builder = Builder(utf8)
        self._html: int | None = None
        self._code: tuple[int, bool] | None = None
        self._inside = False

    def read(self, text: str, base: int) -> None:
        """Read a text that begins at byte `base`."""
        for event, place in _PARSER.events_with_range(text):
            start, end = base + place["start"], base + place["end"]
            if isinstance(event, str):
                self._mark(event, start, end)
                continue
            value: Any
            ((kind, value),) = event.items()
            if kind == "Text":
                if self._html is None and self._code is None:
                    self.builder.text(value, start, end)
            elif kind == "Start":
                self._start(value, start, end)
            elif kind == "End":
                self._end(value, end)
            elif kind == "Code":
                self._code_span(value, start, end)
            elif kind == "InlineHtml":
                if value.startswith("<!"):
                    continue
                read_inline_tag(self.builder, value, start, end)

    def _mark(self, event: str, start: int, end: int) -> None:
        if event == "SoftBreak":
            self.builder.line_break(BREAK, start, end)
        elif event == "HardBreak":
            self.builder.line_break(LINE, start, end)
        elif event == "Rule":
            self.builder.skip("rule", start, end)

    def _code_span(self, value: str, start: int, end: int) -> None:
        """A code span's run covers its inside, without the backticks."""
        raw = self.utf8[start:end]
        ticks = len(raw) - len(raw.lstrip(b"`"))
        self.builder.styled(value, start + ticks, end - ticks, CODE)

    def _start(self, value: Any, start: int, end: int) -> None:
        if isinstance(value, str):
            if value in _STYLES:
                self.builder.style(_STYLES[value], on=True)
            elif value == "HtmlBlock":
                self._html = start
            elif not self._inside:
                self._start_block(value, start, end)
            return
        ((kind, detail),) = value.items()
        if kind == "Link":
            reference = detail["id"] if detail["link_type"] not in ("Inline", "Autolink") else ""
            self.builder.open_link(detail["dest_url"], start, end, reference)
        elif kind == "Image":
            self.builder.open_image(detail["dest_url"], start)
        elif kind == "CodeBlock":
            self._code = (start, detail == "Indented")
        elif self._inside:
            return
        elif kind == "Heading":
            self.builder.close_html()
            self.builder.open("heading", start, end, level=int(detail["level"][1]))
        elif kind == "List":
            self.builder.open("list", start, end).ordered = detail is not None
        elif kind == "Table":
            self.builder.open("table", start, end)
        elif kind == "BlockQuote":
            self.builder.open("quote", start, end)

    def _start_block(self, value: str, start: int, end: int) -> None:
        if value == "Paragraph":
            self.builder.open("paragraph", start, end)
        elif value == "Item":
            self.builder.open("item", start, end)
        elif value in ("TableHead", "TableRow"):
            self.builder.open("row", start, end, level=int(value == "TableHead"))
        elif value == "TableCell":
            self.builder.open("cell", start, end)

    def _end(self, value: Any, end: int) -> None:
        kind = value if isinstance(value, str) else next(iter(value))
        if kind in _STYLES:
            self.builder.style(_STYLES[kind], on=False)
        elif kind == "Link":
            self.builder.close_link(end)
        elif kind == "Image":
            self.builder.close_image(end)
        elif kind == "HtmlBlock":
            start, self._html = self._html, None
            if start is not None:
                read_html(self.builder, self.utf8, start, end, self._inline)
        elif kind == "CodeBlock":
            self._end_code(end)
        elif not self._inside and kind in _CLOSES:
            self.builder.close(_CLOSES[kind], end)

    def _end_code(self, end: int) -> None:
        """An indented block is code only if it looks like code: lists are indented too."""
        code, self._code = self._code, None
        if code is None:
            return
        start, indented = code
        if indented and self.builder.in_html_table:
            read_html(self.builder, self.utf8, start, end, self._inline)
        elif indented and _LIST_LINE.match(self.utf8, start, end):
            for line in re.finditer(rb"[^\n]+", self.utf8[start:end]):
                body = line[0].lstrip()
                self.read(body.decode("utf-8", "replace"), start + line.end() - len(body))
        else:
            self.builder.skip("code", start, end)

    def _inline(self, start: int, end: int) -> None:
        """Read Markdown that stands between HTML tags, without opening blocks for it."""
        if self._inside:
            self.builder.text(self.utf8[start:end].decode("utf-8", "replace"), start, end)
            return
        self._inside = True
        html, self._html = self._html, None
        raw = self.utf8[start:end]
        body = raw.lstrip()
        # A list mark at the start would open a list: what is wanted is the text of the line.
        self.read(body.decode("utf-8", "replace"), end - len(body))
        self._inside, self._html = False, html


_CLOSES = {
    "Paragraph": "paragraph",
    "Heading": "heading",
    "List": "list",
    "Item": "item",
    "Table": "table",
    "TableHead": "row",
    "TableRow": "row",
    "TableCell": "cell",
    "BlockQuote": "quote",
}
