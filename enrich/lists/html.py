"""Reads the HTML inside a list: its tags as blocks, links and styles, with their places."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

from enrich.lists.blocks import BOLD, BREAK, CODE, ITALIC, LINE, PART, STRIKE, UNDER
from enrich.lists.builder import Builder

_TAG = re.compile(rb"</?[a-zA-Z][a-zA-Z0-9-]{0,40}(?:[^<>\"']|\"[^\"<]*\"|'[^'<]*'|[\"'])*+>")
_NAME = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)")
_ATTRIBUTE = re.compile(r"([a-zA-Z][a-zA-Z-]*)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'<>]+))")
_STYLES = {
    **dict.fromkeys(("b", "strong"), BOLD),
    **dict.fromkeys(("i", "em", "cite", "var"), ITALIC),
    **dict.fromkeys(("u", "ins"), UNDER),
    **dict.fromkeys(("s", "del", "strike"), STRIKE),
    **dict.fromkeys(("code", "kbd", "tt", "samp"), CODE),
}
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = {"ul": "list", "ol": "list", "dl": "list", "table": "table", "tr": "row"}
_CLOSERS = {
    "li": "item",
    "dt": "item",
    "dd": "item",
    "td": "cell",
    "th": "cell",
    "summary": "fold",
    "p": "paragraph",
    **_BLOCKS,
    **dict.fromkeys(_HEADINGS, "heading"),
}
_BREAKING = ("div", "center", "hr", "details", "blockquote", "section", "article")
_UNREAD = ("script", "style", "svg", "template", "noscript")

Inline = Callable[[int, int], None]
"""Reads Markdown between two offsets: text inside an HTML block that is written as Markdown."""


def read_html(builder: Builder, utf8: bytes, start: int, end: int, inline: Inline) -> None:
    """Read an HTML block. Comments and scripts are skipped; an unclosed comment ends the block."""
    at = start
    unread: bytes | None = None
    for form in _tags(utf8, start, end):
        first, last = form
        if unread is None:
            _text(builder, utf8, at, first, inline)
        tag = utf8[first:last]
        at = last
        if tag.startswith(b"<!--"):
            builder.skip("comment", first, last)
            continue
        name = tag.lstrip(b"</").split(b">")[0].split()[0].rstrip(b"/").lower()
        if unread is not None:
            if tag.startswith(b"</") and name == unread:
                unread = None
            continue
        if name.decode("ascii", "replace") in _UNREAD and not tag.startswith(b"</"):
            unread = name
            continue
        read_tag(builder, tag.decode("utf-8", "replace"), first, last)
    if unread is None:
        _text(builder, utf8, at, end, inline)


def read_inline_tag(builder: Builder, tag: str, start: int, end: int) -> None:
    """Act on one tag inside a line of Markdown, where a block's tag can only break the line."""
    form = _NAME.match(tag)
    if form is None:
        return
    name = form[1].lower()
    if name in _CLOSERS or name in _BREAKING:
        if name not in _HEADINGS and not tag.startswith("</"):
            builder.line_break(LINE, start, end)
    else:
        read_tag(builder, tag, start, end)


def read_tag(builder: Builder, tag: str, start: int, end: int) -> None:
    """Act on one tag in a block of HTML."""
    form = _NAME.match(tag)
    if form is None:
        return
    name = form[1].lower()
    if tag.startswith("</"):
        _end_tag(builder, name, end)
    elif name == "br":
        builder.line_break(LINE, start, end)
    elif name == "a":
        builder.close_link(start)
        href = _attributes(tag).get("href")
        if href:
            builder.open_link(href, start, end)
    elif name == "img":
        attributes = _attributes(tag)
        builder.image(attributes.get("alt", ""), attributes.get("src", ""), start, end)
    elif name in _STYLES:
        builder.style(_STYLES[name], on=True)
    else:
        _open_block(builder, name, tag, start, end)


def _open_block(builder: Builder, name: str, tag: str, start: int, end: int) -> None:
    if name in _HEADINGS:
        builder.open("heading", start, end, level=_HEADINGS[name], html=True)
    elif name in ("li", "dt", "dd"):
        builder.close("item", start, html=True)
        builder.open("item", start, end, html=True)
    elif name in ("td", "th"):
        builder.close("cell", start, html=True)
        builder.open("cell", start, end, html=True)
        attributes = _attributes(tag)
        columns, rows = (
            _size(attributes.get("colspan")),
            _size(attributes.get("rowspan")),
        )
        builder.cell_sized(columns, rows, head=name == "th")
    elif name in _BLOCKS:
        if name == "tr":
            builder.close("row", start, html=True)
        builder.open(_BLOCKS[name], start, end, html=True)
    elif name == "summary":
        builder.open("fold", start, end, html=True)
    elif name == "p":
        builder.close("paragraph", start, html=True)
        builder.open("paragraph", start, end, html=True)
    elif name in _BREAKING:
        builder.line_break(PART, start, start)


def _end_tag(builder: Builder, name: str, end: int) -> None:
    if name == "a":
        builder.close_link(end)
    elif name in _STYLES:
        builder.style(_STYLES[name], on=False)
    elif name in _CLOSERS:
        builder.close(_CLOSERS[name], end, html=True)
    elif name == "details":
        builder.skip("unfold", end, end)


def _text(builder: Builder, utf8: bytes, start: int, end: int, inline: Inline) -> None:
    """Text between tags: as Markdown where it is written so, else with its entities resolved."""
    raw = utf8[start:end]
    if not raw.strip():
        if raw and b"\n" in raw:
            builder.line_break(BREAK, start, end)
        return
    if b"](" in raw or b"**" in raw:
        inline(start, end)
        return
    for line in re.finditer(rb"[^\n]+|\n\s*", raw):
        piece = line[0].decode("utf-8", "replace")
        first, last = start + line.start(), start + line.end()
        if piece.startswith("\n"):
            builder.line_break(BREAK, first, last)
        else:
            builder.text(unescape(piece) if "&" in piece else piece, first, last)


def _tags(utf8: bytes, start: int, end: int) -> list[tuple[int, int]]:
    """Where the tags and comments stand between two offsets."""
    found: list[tuple[int, int]] = []
    at = start
    while (at := utf8.find(b"<", at, end)) >= 0:
        if utf8.startswith(b"<!--", at):
            close = utf8.find(b"-->", at + 4, end)
            found.append((at, close + 3 if close >= 0 else end))
        elif form := _TAG.match(utf8, at, end):
            found.append((at, form.end()))
        else:
            at += 1
            continue
        at = found[-1][1]
    return found


def _attributes(tag: str) -> dict[str, str]:
    return {
        form[1].lower(): unescape(form[2] or form[3] or form[4] or "").strip()
        for form in _ATTRIBUTE.finditer(tag)
    }


def _size(raw: str | None) -> int:
    """A colspan or rowspan, bounded: a browser allows 1,000 columns."""
    return min(int(raw), 1000) if raw and raw.isascii() and raw.isdigit() and int(raw) else 1
