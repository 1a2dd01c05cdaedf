"""Which titles of many may be the title that is looked for?"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable
from heapq import nlargest
from operator import itemgetter

from rapidfuzz import fuzz, process

from enrich.titles import LONGEST_TITLE, key, words

ENDS = 9
"""Letters at either end of a key that bring a title up where all its rare words are misspelt."""
FEWEST = 3
"""Words that are followed however many titles have them, the rarest first."""
MOST_PLACES = 3000
"""Titles that the words after these may bring up in all: what is common tells little."""
POOL = 60
"""Titles that share most words with the one looked for, compared letter by letter."""


class TitleIndex:
    """Titles by position, found by their key or by the rare words that they share.

    Measured on 300,000 titles: `make bench`, the matching part.
    """

    def __init__(self, titles: Iterable[str]) -> None:
        self._keys: defaultdict[str, list[int]] = defaultdict(list)
        self._spelled: list[str] = []
        self._places: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
        for position, title in enumerate(titles):
            found = words(title[:LONGEST_TITLE])
            joined = "".join(found)
            self._keys[key(title)].append(position)
            self._spelled.append(" ".join(found))
            for mark in {*found, *_ends(joined)}:
                self._places[mark].append(position)

    def same(self, title: str) -> list[int]:
        """Positions of the titles with the same key."""
        folded = key(title)
        return list(self._keys.get(folded, ())) if folded else []

    def nearest(self, title: str, most: int = 10) -> list[int]:
        """Positions of the most alike titles, the best first, those of the same key included."""
        found = words(title[:LONGEST_TITLE])
        votes = self._votes(dict.fromkeys((*found, *_ends("".join(found)))))
        spelled = {n: self._spelled[n] for n, _ in nlargest(POOL, votes.items(), key=itemgetter(1))}
        scored = process.extract(" ".join(found), spelled, scorer=fuzz.ratio, limit=None)
        # Letters alone pass over the title whose sub-title was left out: it has all the words.
        ranked = sorted(scored, key=lambda each: -each[1] - 100 * votes[each[2]] / len(found))
        return list(dict.fromkeys((*self.same(title), *(n for _, _, n in ranked[:most]))))[:most]

    def _votes(self, marks: Iterable[str]) -> Counter[int]:
        """How many of the marks each title has, as far as they are rare enough to be counted."""
        votes: Counter[int] = Counter()
        total = 0
        known = [self._places[mark] for mark in marks if mark in self._places]
        for n, places in enumerate(sorted(known, key=len)):
            total += len(places)
            if n >= FEWEST and total > MOST_PLACES:
                break
            votes.update(places)
        return votes


def _ends(joined: str) -> tuple[str, ...]:
    """The first and the last letters of a title, marked so that they are no words."""
    return (f"^{joined[:ENDS]}", f"{joined[-ENDS:]}$") if joined else ()
