"""Citation counts on badges: pictures that shields.io draws of what their address says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from enrich.lists.blocks import IMAGE, Run
from enrich.lists.chunks import Place
from enrich.lists.venues import NUMBER

_SITE = "img.shields.io/"
_STATIC = re.compile(
    r"img\.shields\.io/(?:badge/(?!dynamic/)|static/v1\?)(?P<words>[^\s\"'<>)#]{1,300})",
    re.IGNORECASE,
)
"""A badge that is drawn of its own address; others ask a service for their number."""
_COUNTED = re.compile(r"cit(?:ed|es?|ations?)(?![a-z])|(?:semantic|google)\W{0,3}scholar", re.I)
_PART = re.compile(r"(?:(?<=message=)|(?<=-))[^-&?]+(?=[-&]|$)")
_BLANK = re.compile(r"%20|_|\+")


def badge_counts(runs: Iterable[Run], utf8: bytes) -> Iterator[Place]:
    """The places of the counts on badges: of the 29 in `/badge/Cited%20by-29-blue`."""
    for run in runs:
        if run.style & IMAGE and _SITE in run.image:
            raw = utf8[run.start : run.end].decode("utf-8", "replace")
            form = _STATIC.search(raw) if raw.isascii() else None
            if form and _COUNTED.search(_BLANK.sub(" ", form["words"])):
                yield from _numbers(form["words"], run.start + form.start("words"))


def _numbers(words: str, at: int) -> Iterator[Place]:
    """The first part of a badge that is a number. A badge may name the count before or behind it:
    `citations-29-blue`, `29-citations-blue`."""
    first = re.match(r"[^-&?=]+(?=-)", words)
    for part in (*([first] if first else []), *_PART.finditer(words)):
        if NUMBER.fullmatch(part[0]):
            yield at + part.start(), at + part.end()
            return
