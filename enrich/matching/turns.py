"""Does a word, in another's place, turn what a title says?"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache

OPPOSITES = frozenset(
    frozenset(pair.split("/"))
    for pair in "large/small big/small long/short high/low strong/weak open/closed easy/hard "
    "online/offline local/global sparse/dense static/dynamic forward/backward explicit/implicit "
    "positive/negative single/multiple black/white fast/slow human/machine teacher/student "
    "early/late deep/shallow symmetric/asymmetric homogeneous/heterogeneous macro/micro "
    "training/inference model/data true/false good/bad old/new".split()
)
"""Words that tell papers apart where one stands in the other's place."""
AFFIX = re.compile(
    r"un|non|in|im|dis|mis|anti|de|semi|self|multi|cross|inter|intra|sub|super|hyper"
)
SHORTEST = 4
"""Letters that follow such a syllable, at least."""
TURNS = tuple("in ex en de inter intra uni bi tri mono multi max min over under pre post".split())
"""Beginnings of words that, one in the other's place, turn what the rest says."""
ASKING = frozenset("is are was does do did can could will would should".split())
"""Words that make it a question where they come first: who copies a title does not move them."""


def is_turned(parts: Iterable[Sequence[str]], other: Collection[str]) -> bool:
    """Whether a title asks what the other states: they share the word that it begins with."""
    return any(part[0] in ASKING and part[0] in other for part in parts)


def are_opposite(one: str, other: str) -> bool:
    """Whether one word turns what the other says."""
    if one == other:
        return False
    is_pair = frozenset((one, other)) in OPPOSITES or is_affixed(one, other)
    return is_pair or not _stems(one).isdisjoint(_stems(other))


@lru_cache(maxsize=50_000)
def _stems(word: str) -> frozenset[str]:
    """What follows a syllable of `TURNS`: of `increase` and `decrease` the same."""
    stems = (word.removeprefix(turn) for turn in TURNS)
    return frozenset(stem for stem in stems if stem != word and len(stem) >= SHORTEST)


def is_affixed(one: str, other: str) -> bool:
    """Whether one word is the other with a syllable before it that turns its meaning."""
    short, long = sorted((one, other), key=len)
    return long.endswith(short) and AFFIX.fullmatch(long[: -len(short)]) is not None
