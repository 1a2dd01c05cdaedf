"""Where the target of a link stands in the source, and how it is written there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from enrich.lists.blocks import Anchor
from enrich.lists.signs import Use
from enrich.model import Span

_DEFINITION = re.compile(
    rb"^[ \t>]{0,40}\[([^\]\n]{1,999})\]:[ \t]*\n?[ \t]*<?([^\s>]+)", re.MULTILINE
)
_HREF = re.compile(rb"href\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)
_INLINE = re.compile(rb"\]\(\s*<?([^\s<>]*)")


class Targets:
    """Finds targets by their link's place; definitions of references are looked up once."""

    def __init__(self, utf8: bytes, links: Sequence[Anchor]) -> None:
        self._utf8 = utf8
        self._links = links
        self._definitions: dict[str, Span] | None = None

    def places(self, uses: Iterable[Use]) -> list[Span]:
        """One place per link, in order. A place cleans to the link's address."""
        return [self._place(use) for use in uses]

    def _place(self, use: Use) -> Span:
        anchor = self._links[use.link]
        raw = self._utf8[anchor.start : anchor.end]
        if anchor.reference and (found := self._defined(anchor.reference)):
            return found
        written = use.url.encode()
        at = raw.rfind(written)
        if at >= 0:
            return anchor.start + at, anchor.start + at + len(written)
        # Written with escapes or entities: take what stands in the target's place.
        form = _HREF.search(raw) if raw[:2].lower() == b"<a" else None
        if form is not None and form.lastindex:
            first, last = form.span(form.lastindex)
            return anchor.start + first, anchor.start + last
        at = raw.rfind(b"](")
        inner = _INLINE.match(raw, at) if at >= 0 else None
        if inner is not None:
            first, last = inner.span(1)
            while (
                last > first
                and raw[last - 1 : last] == b")"
                and raw[first:last].count(b")") > raw[first:last].count(b"(")
            ):
                last -= 1
            return anchor.start + first, anchor.start + last
        return anchor.start, anchor.end

    def _defined(self, reference: str) -> Span | None:
        if self._definitions is None:
            self._definitions = {}
            for form in _DEFINITION.finditer(self._utf8):
                self._definitions.setdefault(_key(form[1].decode("utf-8", "replace")), form.span(2))
        return self._definitions.get(_key(reference))


def _key(reference: str) -> str:
    return " ".join(reference.casefold().split())
