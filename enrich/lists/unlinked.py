"""Tells works that are listed without any link: by their titles and what stands behind those."""

from __future__ import annotations

import re
from collections.abc import Sequence

from enrich.lists.edges import are_authors, is_occasion, title_end
from enrich.lists.units import Unit
from enrich.lists.venues import is_dated
from enrich.lists.words import length

FEWEST = 3
"""Siblings by which a shape can be told to repeat."""
LONG = 5
"""Words that titles have on average; names of topics and tools have fewer."""
_SENTENCE = re.compile(
    r"\b(?:is|are|was|were|we|our|you|your|please|it|this|these|should|must|can)\b|[:;,]$"
)
_TAIL = re.compile(r"[(\[\uff08]([^()\[\]\uff08\uff09]{2,60})[)\]\uff09]\W*$")


def cites(text: str) -> bool:
    """Whether people, or where and when, stand behind a title of some words."""
    end = title_end(text)
    rest = text[end:].strip(" ,.;()[]*_")
    form = _TAIL.search(text)
    named = length(text[:end]) >= 2
    return named and bool(
        (rest and (are_authors(rest) or is_dated(rest))) or (form and is_occasion(form[1]))
    )


def reads_as_title(text: str) -> bool:
    """Whether a text is written as titles are: its long words capitalised, no sentence."""
    words = text.split()
    long = [word for word in words if len(word) >= 4 and word[0].isalpha()]
    capital = sum(word[0].isupper() for word in long) * 5 >= len(long) * 3
    return 2 <= len(words) <= 30 and bool(long) and capital and not _SENTENCE.search(text)


def are_unlinked_works(units: Sequence[Unit], repeated: bool) -> bool:
    """Whether siblings, most of them without a link, list works.

    `repeated`: their scope lists works so elsewhere, and a few are enough.
    """
    free = [unit.own.text for unit in units if not unit.own.uses and not unit.own.key]
    if len(free) * 2 < len(units) or not (len(free) >= FEWEST or (free and repeated)):
        return False
    cited = sum(map(cites, free))
    good = sum(cites(text) or reads_as_title(text) for text in free)
    if good * 5 < len(free) * 3:
        return False
    return cited * 10 >= len(free) * 3 or sum(map(length, free)) >= LONG * len(free)
