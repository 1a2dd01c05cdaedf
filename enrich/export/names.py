"""Which part of an author's name is the family name?

Sources tell names as they are spoken, `Laurens van der Maaten`; bibliographies sort by a part.
The rule is BibTeX's own (words in lower case are particles), and what it gets wrong mended: the
suffix, capital particles as in `Benjamin Van Durme`, groups, and names of one word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

_SUFFIX = re.compile(r"(?:jr|sr)\.?|ii|iii|iv", re.IGNORECASE)
_OTHERS = re.compile(r"[\s,]*(?:\bet\.?\s*al\b\.?|et al\b\.?|\b(?:and )?others)$", re.IGNORECASE)
_GROUP = re.compile(
    r"\b(?:team|consortium|collaboration|collaborators|community|workshop|project|committee"
    r"|initiative|foundation|institute|university|laboratory|labs?|group|inc|corporation|research"
    r"|organization|organisation|association|contributors|alliance|society)\b\.?$|(?-i:\bAI)$",
    re.IGNORECASE,
)
_JOINING = frozenset("y e i".split())
_CAPITALS = frozenset("Van Von De Di Del Della Der Den Dos".split())
_LOWER = frozenset(
    "van von vom zu zum zur der den de del della delle di da das dos du la le los las "
    "ter ten te 't bin ibn bint al el af av".split()
)
# Where the word before one of these is Van, it is a Vietnamese middle name.
_VIETNAMESE = frozenset(
    "nguyen tran le pham hoang huynh phan vu vo dang bui do ho ngo duong ly dinh trinh".split()
)


class Name(NamedTuple):
    """An author. A group, or a name that has but one word, is all `family` and `is_whole`."""

    family: str
    given: str = ""
    particle: str = ""
    suffix: str = ""
    is_whole: bool = False


def names(authors: Iterable[str]) -> tuple[tuple[Name, ...], bool]:
    """The authors, and whether the line says that there are others."""
    found: list[Name] = []
    others = False
    for author in authors:
        text = " ".join(author.split())
        cut = _OTHERS.sub("", text).strip(" ,;")
        others = others or len(cut) < len(text.strip(" ,;"))
        if cut:
            found.append(name(cut))
    return tuple(found), others


def name(text: str) -> Name:
    """A name that is written `Given von Family Jr.` or `von Family, Jr., Given`."""
    if _GROUP.search(text):
        return Name(text, is_whole=True)
    parts = [part for each in text.split(",") if (part := each.strip())]
    if len(parts) == 2 and _SUFFIX.fullmatch(parts[1]):
        parts = [" ".join(parts)]
    if len(parts) == 1:
        return _spoken(parts[0].split())
    suffix = next((part for part in parts[1:] if _SUFFIX.fullmatch(part)), "")
    given = " ".join(part for part in parts[1:] if part != suffix)
    words = parts[0].split()
    start = _leading_particles(words)
    return Name(" ".join(words[start:]), given, " ".join(words[:start]), suffix)


def _spoken(words: list[str]) -> Name:
    suffix = ""
    if len(words) > 2 and _SUFFIX.fullmatch(words[-1]):
        suffix = words.pop()
    if len(words) == 1:
        return Name(words[0], is_whole=True)
    family = _family_start(words)
    start = next((i for i in range(family) if _is_particle_run(words[i:family])), family)
    return Name(
        " ".join(words[family:]), " ".join(words[:start]), " ".join(words[start:family]), suffix
    )


def _family_start(words: list[str]) -> int:
    """Where the family name begins, particles in lower case left out and capital ones included."""
    last = len(words) - 1
    joining = next((i for i in range(2, last) if words[i] in _JOINING), None)
    if joining:
        return joining - 1
    lower = [i for i in range(last) if words[i] in _LOWER]
    if lower:
        return lower[-1] + 1
    capital = [i for i in range(1, last) if words[i] in _CAPITALS]
    if capital and words[last].lower() not in _VIETNAMESE:
        return capital[0]
    return last


def _is_particle_run(words: list[str]) -> bool:
    """Whether these words are particles up to the family name: `van der`, `Van der`. One in
    capitals alone is a given name, or was taken for a part of the family name."""
    return words[-1] in _LOWER and all(word in _LOWER or word in _CAPITALS for word in words)


def _leading_particles(words: list[str]) -> int:
    count = 0
    while count < len(words) - 1 and words[count] in _LOWER:
        count += 1
    return count
