"""Whose count is it: what does the list say of where a citation count is from?

A count is Semantic Scholar's, nobody's in particular, or another source's. The last is changed only
together with everything that names the other source, so the places of these are told as well.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from enrich.ids import from_url
from enrich.lists.signs import is_target
from enrich.model import Entry, Span

OWN = "Semantic Scholar"
"""What counts come from, as a label says it."""

_OWN = re.compile(rb"semantic(?:%20|[\s_+-]){0,3}scholar|\bs2\b", re.IGNORECASE)
_OTHERS = re.compile(
    rb"google(?:%20|[\s_+-]){0,3}scholar|\bg\s?scholar\b|\bscopus\b|\bweb\s?of\s?science\b|\bwos\b"
    rb"|\bcross-?ref\b|\bopen-?alex\b|\bopen\s?citations\b|\bdimensions\b|\binspire(?:-?hep)?\b"
    rb"|\bresearch\s?gate\b|\bdblp\b|\bpubmed\b|\beurope\s?pmc\b|\bcnki\b",
    re.IGNORECASE,
)
_COUNTED = re.compile(rb"cit(?:ed|es?|ations?|ing)\b|cication|\xe5\xbc\x95\xe7\x94\xa8", re.I)
_HOSTS = {b"scholar.google": "Google Scholar", b"scopus": "Scopus", b"webof": "Web of Science"}
_OWN_HOST = re.compile(rb"^(?:https?:)?//(?:[\w-]+\.)*semanticscholar\.org(?:/|$)", re.IGNORECASE)
_HOST = re.compile(rb"^(?:https?:)?//([^/?#\s]+)", re.IGNORECASE)

_TARGET = rb"[^\s<>()]*(?:\([^\s<>()]*\)[^\s<>()]*)*"
_INLINE = re.compile(rb"[^\[\]\n<>]{0,80}\]\(\s*<?(" + _TARGET + rb")")
_AROUND_BADGE = re.compile(
    rb"[^\s\"'<>()\[\]]*(?:\s\"[^\"\n]{0,80}\")?\)\]\(\s*<?(" + _TARGET + rb")"
)
_REFERENCE = re.compile(rb"[^\[\]\n<>()]{0,80}\]\[")
_ANCHOR = re.compile(rb"<a\b[^<>]*?\bhref\s*=\s*[\"']?([^\"'<>\s]*)[^<>]*>", re.IGNORECASE)
# Where what is said of a count begins and ends: not before another part or another link.
_PARTS = re.compile(rb"[,;|\r\n]|\]\([^()\s]*\)|</?a\b[^<>]*>|(?<=[a-z)])\.\s", re.IGNORECASE)
_IMAGE = re.compile(
    rb"(?:!\[[^\[\]\n]{0,100}\]\(|<img\b[^<>]{0,200}?)[^\s()<>]{0,300}\Z", re.IGNORECASE
)
"""What stands before a count on a badge."""
_NEAR, _FAR = 60, 120
"""Bytes before a count in which its label, and the name of a source, stand."""


class Whose(NamedTuple):
    """What a list says of one count.

    `name`: the other source, None where none is named. `link`: the place of the target of the link
    that the count stands in. `is_own`: Semantic Scholar is named. `is_empty`: that link leads
    nowhere (`None`). `labels`: where the other source is named. `is_fixed`: it is also named where
    nothing may be changed.
    """

    name: str | None = None
    link: Span | None = None
    is_own: bool = False
    is_empty: bool = False
    labels: tuple[Span, ...] = ()
    is_fixed: bool = False


class Legend(NamedTuple):
    """A line that says whose the counts are: those that begin from `start` and before `end`."""

    name: str
    start: int
    end: int


def whose(utf8: bytes, span: Span, legends: Sequence[Legend]) -> Whose:
    """What is said of the count at `span`. `legends`: what `legends_of` found."""
    link, is_opaque = _link(utf8, span)
    target = utf8[slice(*link)] if link else b""
    names, far = _names(utf8, span, link)
    by_link = _source(target) if link else None
    legend = next((each.name for each in legends if each.start <= span[0] < each.end), None)
    is_elsewhere = bool(far) or legend is not None or is_opaque
    said = [_called(utf8, *name) for name in (*names, *far)]
    name = next(filter(None, (*said[: len(names)], by_link, *said[len(names) :], legend)), None)
    is_own = (link is not None and bool(_OWN_HOST.match(target))) or bool(
        _OWN.search(utf8, *_window(utf8, span, _NEAR))
    )
    return Whose(
        name or ("another source" if is_opaque else None),
        link,
        is_own,
        link is not None and not is_target(target.decode("utf-8", "replace")),
        tuple(names),
        is_elsewhere,
    )


def legends_of(utf8: bytes, entries: Sequence[Entry]) -> tuple[Legend, ...]:
    """What lines beside the entries say of all counts, and heads of tables of those below them."""
    inside = {n for e in entries for n in range(e.line, e.end_line + 1)}
    found, heads, at = list[Legend](), list[Legend](), 0
    for number, line in enumerate(utf8.splitlines(keepends=True), start=1):
        is_row = line.lstrip().startswith(b"|")
        if not is_row:
            found += [head._replace(end=at) for head in heads]
            heads = []
        if number not in inside and _COUNTED.search(line) and (form := _OTHERS.search(line)):
            legend = Legend(_called(utf8, at + form.start(), at + form.end()), at, len(utf8))
            if is_row:
                heads.append(legend)
            else:
                found.append(legend._replace(start=0))
        at += len(line)
    return (*found, *heads)


def _link(utf8: bytes, span: Span) -> tuple[Span | None, bool]:
    """The target of the link that a count stands in; and whether that is written elsewhere."""
    start, end = span
    for pattern in (_INLINE, _AROUND_BADGE):
        if form := pattern.match(utf8, end):
            return form.span(1), False
    line = utf8.rfind(b"\n", 0, start) + 1
    anchors = list(_ANCHOR.finditer(utf8, max(line, start - 1000), start))
    if anchors and b"</a" not in utf8[anchors[-1].end() : start].lower():
        return anchors[-1].span(1), False
    return None, _REFERENCE.match(utf8, end) is not None


def _source(target: bytes) -> str | None:
    """The other source that a link leads to; a paper's own page is none."""
    if not is_target(text := target.decode("utf-8", "replace")) or _OWN_HOST.match(target):
        return None
    if from_url(text):
        return None
    host = form[1].lower() if (form := _HOST.match(target)) else target[:40]
    known = next((name for part, name in _HOSTS.items() if part in host), None)
    return known or host.decode("ascii", "replace")


def _names(utf8: bytes, span: Span, link: Span | None) -> tuple[list[Span], list[Span]]:
    """Where other sources are named: in what belongs to the count, and near it."""
    near = _window(utf8, span, _NEAR)
    first = max(utf8.rfind(b"\n", 0, span[0]) + 1, span[0] - _FAR)
    first = max(first, *(utf8.rfind(mark, first, span[0]) + 1 for mark in (b",", b";", b"|")))
    wide = min(first, near[0]), near[1]
    found = [form.span() for form in _OTHERS.finditer(utf8, *wide)]
    found = [f for f in found if link is None or f[1] <= link[0] or f[0] >= link[1]]
    return [f for f in found if f[0] >= near[0]], [f for f in found if f[0] < near[0]]


def _window(utf8: bytes, span: Span, before: int) -> Span:
    """The stretch around a count that speaks of it alone."""
    first = max(0, span[0] - before)
    if image := _IMAGE.search(utf8, max(0, span[0] - 600), span[0]):
        first = image.start()
    for form in _PARTS.finditer(utf8, first, span[0]):
        first = form.end()
    over = _PARTS.search(utf8, span[1], span[1] + _NEAR)
    return first, over.start() if over else min(len(utf8), span[1] + _NEAR)


def _called(utf8: bytes, start: int, end: int) -> str:
    """A name as a person writes it."""
    text = utf8[start:end].decode("ascii", "replace")
    return "Google Scholar" if text.lower().startswith("g") else text
