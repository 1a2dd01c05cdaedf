"""In what do two titles differ, and does the difference tell two papers apart?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, Indel, Prefix

from enrich.matching.turns import are_opposite, is_affixed, is_turned
from enrich.titles import LONGEST_TITLE, words

SMALL = frozenset(
    "a an the of for in on to at by from via and or as is are be using use towards toward its "
    "their your you we our it this that do does how what why when can with s".split()
)
"""Words that are changed, dropped and added when people copy titles."""
TELLING = frozenset(
    "without not no non nor never neither cannot cant dont doesnt isnt arent wont part i ii iii iv "
    "v vi vii viii ix x one two three four five first second third versus vs revisited revisiting "
    "reply comment response replication reproduction reproducibility critique against anti few "
    "zero scale".split()
)
"""Words that make it another paper, short as they are."""
SERIES = frozenset(
    "part ii iii iv revisited revisiting reply comment replication reproduction reproducibility "
    "critique".split()
)
"""Words of a sub-title that make it another one's sequel, or an answer to it."""
SAME = {
    **dict(zip("zero one two three four five".split(), "012345", strict=True)),
    **dict(zip("i ii iii iv v vi vii viii ix x".split(), map(str, range(1, 11)), strict=True)),
    "vs": "versus",
}
"""Words that are written in several ways and tell papers apart in none of them."""
BREAK = re.compile(r"\s*[:：]\s*|\s+[-–—|]+\s+|(?<=[?!])\s+|\s*[–—]\s*|\.\s+(?=[A-Z])")
COINED = re.compile(r"\w[A-Z]|\d")
LONGEST_NICK = 32
DIGIT = re.compile(r"\d")

FEW = 4
"""Words that a title lacks of another, at most, for one of them to be what tells the two apart."""
UNALIKE = 0.3
"""The share of equal letters below which two titles are not searched for spellings."""
STEM, ENDING = 5, 5
"""Letters that forms of one word share at least, and may differ in: diverse, diversified."""
ALIKE = 92
"""Per cent of the letters of a passage that are the same where only its spelling differs."""


@dataclass(frozen=True, slots=True)
class Wording:
    """Two titles side by side, in letters of their folded words.

    `shared`: what both say; `lost`: what only the wanted title says; `added`: what only the known
    one does. `cut`: letters before or after a colon that one of them left out, which do not count
    as lost or added, and `more` those of them that only the wanted title has. `small`: differences
    in spelling and small words. `is_telling`: they differ in a number, a negation or another word
    that tells papers apart. `is_nicked`: both begin with one coined name and a colon.
    """

    shared: int
    lost: int = 0
    added: int = 0
    cut: int = 0
    more: int = 0
    small: int = 0
    is_telling: bool = False
    is_nicked: bool = False


@lru_cache(maxsize=100_000)
def compare(wanted: str, known: str) -> Wording:
    """Put two titles side by side, word by word in their order."""
    one, other = _parts(wanted), _parts(known)
    mine, theirs = _joined(one), _joined(other)
    shared, small, lost, added = _aligned(mine, theirs)
    cuts = []
    is_telling = is_turned(one, theirs) != is_turned(other, mine) or (
        len(lost) <= FEW and any(are_opposite(mine[n], theirs[m]) for n in lost for m in added)
    )
    left = []
    for sentence, rest, parts in ((mine, lost, one), (theirs, added, other)):
        dropped = _dropped(rest, parts)
        told = [sentence[n] for n in rest if n not in dropped]
        is_sequel = any(sentence[n] in SERIES for n in dropped) or (
            bool(dropped) and all(_tells(sentence[n]) for n in dropped)
        )
        is_telling |= is_sequel or any(map(_tells, told))
        cuts.append(_letters(sentence[n] for n in dropped))
        small += sum(word in SMALL for word in told)
        left.append(_letters(word for word in told if word not in SMALL))
    is_nicked = bool(nick := _nick(wanted)) and nick == _nick(known)
    return Wording(shared, left[0], left[1], sum(cuts), cuts[0], small, is_telling, is_nicked)


def _nick(title: str) -> str:
    """The coined name before a title's first colon, folded: one with capitals or digits inside."""
    head, colon, _ = title[:LONGEST_NICK].partition(":")
    return "".join(words(head)) if colon and COINED.search(head) else ""


@lru_cache(maxsize=50_000)
def _parts(title: str) -> tuple[tuple[str, ...], ...]:
    found = (tuple(words(part)) for part in BREAK.split(title[:LONGEST_TITLE]))
    return tuple(part for part in found if part)


def _joined(parts: Iterable[Sequence[str]]) -> list[str]:
    return [word for part in parts for word in part]


def _letters(found: Iterable[str]) -> int:
    return sum(map(len, found))


def _tells(word: str) -> bool:
    return word in TELLING or DIGIT.search(word) is not None


def _aligned(one: Sequence[str], other: Sequence[str]) -> tuple[int, int, set[int], set[int]]:
    """The letters that both have, how many spellings differ, and the places of the other words."""
    stretches = list(_stretches(one, other))
    shared = sum(_letters(one[n] for n in here) for is_equal, here, _ in stretches if is_equal)
    is_alike = shared >= UNALIKE * min(_letters(one), _letters(other))
    small = 0
    lost: set[int] = set()
    added: set[int] = set()
    for is_equal, here, there in stretches:
        if is_equal:
            continue
        rest, others = list(here), list(there)
        if rest and others and _is_spelling([one[n] for n in rest], [other[n] for n in others]):
            shared += min(_letters(one[n] for n in rest), _letters(other[n] for n in others))
            small += 1
            continue
        for n in here if is_alike else ():
            twin = next((m for m in others if _is_respelt(one[n], other[m])), None)
            if twin is not None:
                rest.remove(n)
                others.remove(twin)
                shared += min(len(one[n]), len(other[twin]))
                small += 1
        lost.update(rest)
        added.update(others)
    return shared, small, lost, added


def _stretches(
    one: Sequence[str], other: Sequence[str]
) -> Iterator[tuple[bool, Sequence[int], Sequence[int]]]:
    """The alternating passages in which the two are equal and in which they differ."""
    at, there = 0, 0
    for block in Indel.opcodes(one, other):
        if block.tag != "equal":
            continue
        if block.src_start > at or block.dest_start > there:
            yield False, range(at, block.src_start), range(there, block.dest_start)
        yield True, range(block.src_start, block.src_end), ()
        at, there = block.src_end, block.dest_end
    if at < len(one) or there < len(other):
        yield False, range(at, len(one)), range(there, len(other))


def _is_spelling(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two passages are one but for hyphens and a slip of the pen."""
    mine, theirs = "".join(one), "".join(other)
    if mine == theirs or _is_short_for(one, other) or _is_short_for(other, one):
        return True
    if not mine or not theirs or sorted(filter(_tells, one)) != sorted(filter(_tells, other)):
        return False
    if len(one) == len(other) == 1:
        return _is_respelt(mine, theirs)
    return len(mine) >= 10 and fuzz.ratio(mine, theirs) >= ALIKE and not is_affixed(mine, theirs)


def _is_short_for(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether the one word, singular or plural, is the initials of the others: `llms`."""
    initials = "".join(word[0] for word in other)
    return len(one) == 1 and len(other) > 1 and one[0] in (initials, f"{initials}s")


def _is_respelt(one: str, other: str) -> bool:
    """Whether two words are one with a slip, in the plural or in British spelling."""
    if one != other and SAME.get(one, one) == SAME.get(other, other):
        return True
    short, long = sorted((one, other), key=len)
    if len(short) == 3 and long == f"{short}s":
        return not _tells(short)
    shorter = len(short)
    if shorter < 4 or (one[0] != other[0] and one[-1] != other[-1]):
        return False
    is_form = Prefix.similarity(one, other) >= max(STEM, max(len(one), len(other)) - ENDING)
    allowed = 2 if shorter >= 8 else 1
    if not is_form and OSA.distance(one, other, score_cutoff=allowed) > allowed:
        return False
    return not (_tells(one) or _tells(other) or are_opposite(one, other))


def _dropped(rest: set[int], parts: Sequence[Sequence[str]]) -> frozenset[int]:
    """Of the unmatched places those that are a whole nick or sub-title of a title of several
    parts."""
    if len(parts) < 2 or not rest:
        return frozenset()
    bounds = [0]
    for part in parts:
        bounds.append(bounds[-1] + len(part))
    head, tail = set(range(bounds[1])), set(range(bounds[1], bounds[-1]))
    last = set(range(bounds[-2], bounds[-1]))
    for whole in (tail, last, head):
        # A small word of a sub-title may have found a partner elsewhere.
        words_of = [n for n in whole if n in rest]
        if len(words_of) >= 0.7 * len(whole) and len(whole) < bounds[-1] and len(rest - whole) <= 1:
            return frozenset(words_of)
    return frozenset()
