"""By which key is a work cited?

A key stands in people's manuscripts: it must not change when a title is corrected, a preprint is
published or another paper arrives. So it is made of what was known of the work first, for people
to read, and of the digits of its permanent `paper_id`, which make it unique by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from anyascii import anyascii

from enrich.export.listed import Listed, Origin
from enrich.export.names import names

DIGITS = 5
"""Of `paper_id`: among 5,000 works by one author in one year, two would share them in 1 of 12
stores; only such a second work, the later one, gets more."""

_WORD = re.compile(r"[a-z0-9]+")
_SMALL = frozenset("a an the on of in for to and or is are do does can how what why when".split())


def keys(works: Iterable[Listed]) -> Mapping[str, str]:
    """The key of each work, by `paper_id`. It takes all works of a store, not only those that are
    exported, so that a key is the same in every export."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for work in sorted(works, key=lambda w: (w.paper.first_seen_at, w.paper.paper_id)):
        paper_id = work.paper.paper_id
        key = next(k for k in _candidates(work.origin, paper_id) if k not in taken)
        taken.add(key)
        found[paper_id] = key
    return found


def _candidates(origin: Origin, paper_id: str) -> Iterable[str]:
    stem = _stem(origin)
    for digits in range(DIGITS, len(paper_id)):
        yield f"{stem}-{paper_id[1 : 1 + digits]}"
    yield f"{stem}-{paper_id}"


def _stem(origin: Origin) -> str:
    """Family name of the first author, year and first telling word of the title, as far as known:
    `yuan2024self`."""
    people, _ = names([origin.author or ""])
    family = "".join(_WORD.findall(_folded(people[0].family)))[:20] if people else ""
    year = origin.year if origin.year and origin.year.isdigit() else ""
    words = [word for word in _WORD.findall(_folded(origin.title or "")) if word not in _SMALL]
    word = words[0][:20] if words else ""
    return (f"{family}{year}{word}" if family else f"{word}{year}") or "work"


def _folded(text: str) -> str:
    return anyascii(text).lower().replace("'", "")
