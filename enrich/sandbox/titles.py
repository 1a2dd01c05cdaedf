"""Which titles hold a phrase, and which is the nearest: the search behind three of the services."""

from __future__ import annotations

import math
import re
import unicodedata
from array import array
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

# The stop words of an English analyser: "with" and "not" count for nothing in a search,
# which is why near misses come back.
STOP = frozenset(
    re.findall(
        r"\w+",
        "a an and are as at be but by for if in into is it no not of on or such that the their "
        "then there these they this to was will with",
    )
)
_WORD = re.compile(r"[^\W_]+")
_ENDING = re.compile(r"(?<=\w{3})(?:ies|ing|es|ed|s|y|e)$")

COMMON = 3000
"""A word in more titles than this does not bring up candidates when a rarer one does."""


@lru_cache(maxsize=100_000)
def _stem(word: str) -> str:
    return _ENDING.sub("", word)


def words(text: str) -> list[str]:
    """The stems of a title's words, folded, without stop words."""
    folded = unicodedata.normalize("NFKD", text)
    folded = "".join(c for c in folded if not unicodedata.combining(c)).casefold()
    return [_stem(word) for word in _WORD.findall(folded) if word not in STOP]


class TitleIndex:
    """Titles by position, searchable by phrase or by likeness."""

    def __init__(self, titles: Iterable[str]) -> None:
        self._titles = tuple(titles)
        self._places: dict[str, array[int]] = {}
        for position, title in enumerate(self._titles):
            for word in set(words(title)):
                self._places.setdefault(word, array("I")).append(position)

    def holding(self, phrase: str) -> list[int]:
        """Positions of the titles that hold the phrase's words in a row, shortest title first."""
        asked = words(phrase)
        if not asked:
            return []
        found = [self._places.get(word) for word in set(asked)]
        if not all(found):
            return []
        rarest, *others = sorted((p for p in found if p is not None), key=len)
        candidates = set(rarest)
        for places in others[:2]:
            candidates.intersection_update(places)
        needle = f" {' '.join(asked)} "
        spelled = {n: f" {' '.join(words(self._titles[n]))} " for n in candidates}
        return sorted(
            (n for n in candidates if needle in spelled[n]),
            key=lambda n: len(spelled[n]),
        )

    def nearest(self, query: str, limit: int = 10) -> list[tuple[int, float]]:
        """The most alike titles, with a score from 1 for the same words to 0 for none shared."""
        asked = set(words(query))
        known = sorted((w for w in asked if w in self._places), key=lambda w: len(self._places[w]))
        votes: Counter[int] = Counter()
        for n, word in enumerate(known):
            if n < 3 or len(self._places[word]) <= COMMON:
                votes.update(self._places[word])
        total = sum(map(self._weight, asked))
        best = [(n, self._score(n, asked, total)) for n, _ in votes.most_common(max(limit * 5, 50))]
        best.sort(key=lambda pair: (-pair[1], pair[0]))
        return best[:limit]

    def _weight(self, word: str) -> float:
        return math.log(1 + (len(self._titles) + 1) / (len(self._places.get(word, ())) + 1))

    def _score(self, position: int, asked: set[str], total: float) -> float:
        mine = set(words(self._titles[position]))
        shared = sum(map(self._weight, asked & mine))
        return 2 * shared / (total + sum(map(self._weight, mine)))
