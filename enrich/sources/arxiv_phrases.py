"""How are many titles asked of arXiv's query API in one request?

Each title is a group of quoted phrases joined by OR (upstream-apis 3.5). A phrase finds every title
that holds it, so the whole title finds those that go on; parts of it find those that begin, end or
spell something differently.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from enrich.sources.likely import COINED, SMALL, plain

LONGEST_PHRASE = 300
"""Characters; a longer title is asked by its beginning."""
MOST_PHRASES = 300
"""In a request; the service's parser dies of recursion between 900 and 1,200."""
LONGEST_QUERY = 20_000
"""Characters; bodies of 8,000 are known to be taken, and no limit of them is known."""
RESULTS_PER_PHRASE = 5
FEWEST_RESULTS, MOST_RESULTS = 50, 2000
"""Beyond 2,000 the service wants another page."""

TELLING_PART = 4
"""Words that a part of a title needs, for it to be a question of its own."""
LONG_TITLE, END = 7, 5
"""Of a title of seven words or more, small ones not counted, both ends are asked too."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_BREAK = re.compile(r"\s*[:：]\s+|(?<=[?!])\s+|\.\s+(?=[A-Z])|\s+[-–—]+\s+|\s*—\s*")
_QUOTING = re.compile(r'["\\]+')


class Query(NamedTuple):
    """A `search_query`, the phrases in it, and how many results are enough."""

    text: str
    phrases: tuple[str, ...]
    results: int


def phrase(title: str) -> str | None:
    """The title as it can stand between quotation marks; None for one that has no word to find."""
    text = " ".join(_QUOTING.sub(" ", plain(title)).split())
    if len(text) > LONGEST_PHRASE:
        text = text[:LONGEST_PHRASE].rpartition(" ")[0] or text[:LONGEST_PHRASE]
    return text if _words(text) else None


def parts(whole: str) -> tuple[str, ...]:
    """Parts of a phrase that bring up papers with a title that differs a little.

    What another part is contained in is left out: that one finds all the same papers.
    """
    pieces: list[str] = []
    name: tuple[str, ...] = ()
    if cut := _BREAK.search(whole):
        pieces += [whole[cut.end() :], whole[: cut.start()]]
        name = tuple(p for p in pieces[1:] if COINED.fullmatch(p))
    found = [piece for piece in pieces if len(_words(piece)) >= TELLING_PART]
    spots = _words(whole)
    if len(spots) >= LONG_TITLE:
        found += [whole[: spots[END - 1].end()], whole[spots[-END].start() :]]
    found = [part for part in dict.fromkeys(found) if part != whole]
    return (*(p for p in found if not any(o != p and o in p for o in found)), *name)


def query(wholes: Sequence[str], *, with_parts: bool) -> Query:
    """The question for some phrases, and for their parts as far as there is room for them."""
    groups = {whole.casefold(): [whole] for whole in wholes}
    seen = set(groups)
    size = sum(map(len, groups))
    for whole in wholes if with_parts else ():
        for part in parts(whole):
            size += len(part)
            if part.casefold() in seen or len(seen) >= MOST_PHRASES or size > LONGEST_QUERY:
                continue
            seen.add(part.casefold())
            groups[whole.casefold()].append(part)
    joined = (" OR ".join(map('ti:"{}"'.format, group)) for group in groups.values())
    text = " OR ".join(map("({})".format, joined))
    asked = tuple(p for group in groups.values() for p in group)
    results = min(max(FEWEST_RESULTS, RESULTS_PER_PHRASE * len(asked)), MOST_RESULTS)
    return Query(text, asked, results)


def _words(text: str) -> list[re.Match[str]]:
    """The words of a text that the service looks for."""
    return [m for m in _WORD.finditer(text) if m[0].casefold() not in SMALL]
