"""What speaks for a known paper being the one that is wanted, and how much?"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from functools import lru_cache

from enrich.matching.people import Agreement, agreement
from enrich.matching.values import Known, Wanted
from enrich.matching.weights import WEIGHTS
from enrich.matching.wording import Wording, compare
from enrich.model import ACL, ARXIV, Identifier
from enrich.titles import words

BEYOND_DOUBT = 12.0
"""The logarithm of odds that no evidence exceeds."""
TOLD_APART = 0.0
"""That of titles which differ in a number or a negation, whoever wrote them: people write a second
part, and a list may say the wrong one. Only a person decides."""
FEWEST_WORDS = 2
"""Words of a title that alone never stand for a paper: *Introduction*, *A Survey*."""
LONG = 60
"""Letters of a title beyond which more of them say no more."""
SHORT = 30
"""Letters below which a title without authors hardly stands for its paper."""
NICK = 16
"""Letters that a nick before a colon has at most; a sub-title is longer."""
VENUE_WORD = re.compile(r"[a-z]{3,}")


def probability(wanted: Wanted, known: Known) -> float:
    """The probability, 0 to 1, that this is the wanted paper, looked at by itself."""
    return 1 / (1 + math.exp(-logit(wanted, known)))


@lru_cache(maxsize=200_000)
def logit(wanted: Wanted, known: Known) -> float:
    """The sum of the weights of all features, bounded so that no evidence is beyond doubt.

    Remembered, because a run decides anew after every answer.
    """
    found = features(wanted, known)
    total = sum(WEIGHTS.get(name, 0.0) * value for name, value in found.items())
    is_open = (
        bool(found["telling"]) or _is_bare(wanted, found) or _is_anothers(wanted, known, found)
    )
    return max(-BEYOND_DOUBT, min(TOLD_APART if is_open else BEYOND_DOUBT, total))


def _is_bare(wanted: Wanted, found: Mapping[str, float]) -> bool:
    """Whether a title of a word or two stands without authors and a year: many are called so."""
    is_short = len(words(wanted.title)) <= FEWEST_WORDS
    return is_short and _says(found, Agreement.UNTOLD) and "year same" not in found


def _is_anothers(wanted: Wanted, known: Known, found: Mapping[str, float]) -> bool:
    """Whether the authors are others, or a sub-title that the paper has not is all the more a list
    says without them: people answer papers in papers of nearly the same title."""
    if not _says(found, Agreement.UNTOLD):
        return _says(found, Agreement.NONE)
    return compare(wanted.title, known.title).more > NICK


def _says(found: Mapping[str, float], people: Agreement) -> bool:
    """Whether this is what the names were found to say."""
    return any(name.startswith(f"authors {people}, ") for name in found)


def features(wanted: Wanted, known: Known) -> Mapping[str, float]:
    """What is weighed, by name; a name that is absent is zero. Most are 0 or 1."""
    wording = compare(wanted.title, known.title)
    people = agreement(wanted.authors, known.authors)
    found = {"all": 1.0, **_title(wording), f"authors {people}, {_way(wording)} title": 1.0}
    if people in (Agreement.UNTOLD, Agreement.NONE):
        found[f"short, authors {people}"] = max(0, SHORT - wording.shared) / SHORT
    year = _year(wanted.year, known)
    found[f"year {year}"] = 1.0
    if people is Agreement.UNTOLD and year == "far":
        found["year far, authors untold"] = 1.0
    if wording.is_nicked and _way(wording) == "changed":
        found[f"same nick, authors {people}"] = 1.0
    return found


def _title(wording: Wording) -> dict[str, float]:
    said = max(1, wording.shared)
    return {
        "lost": min(1.0, wording.lost / said),
        "added": min(1.0, wording.added / said),
        "both changed": float(bool(wording.lost and wording.added)),
        "small": min(3, wording.small) / 3,
        "telling": float(wording.is_telling),
        "nick cut": float(0 < wording.cut <= NICK),
        "sub-title cut": float(wording.cut > NICK),
        "short": _shortness(wording),
        "short and cut": _shortness(wording) * bool(wording.cut),
    }


def _shortness(wording: Wording) -> float:
    return max(0, LONG - wording.shared) / LONG


def _way(wording: Wording) -> str:
    if wording.lost or wording.added or wording.is_telling:
        return "changed"
    return "cut" if wording.cut else "whole"


def _year(wanted: int | None, known: Known) -> str:
    """How far the wanted year is from the nearer of the known ones: a preprint, whose number
    tells its year, comes a year or two before its publication."""
    told = [known.year, *map(_of_number, known.identifiers)]
    years = [year for year in told if year]
    if not wanted or not years:
        return "untold"
    later = min((wanted - year for year in years), key=abs)
    if later == 0:
        return "same"
    if later in (1, -1):
        return "near"
    return "off" if later in (-2, 2, 3) else "far"


def _of_number(identifier: Identifier) -> int | None:
    """The year in an arXiv number of the form that began in 2007."""
    digits = identifier.value[:2]
    is_new = identifier.scheme == ARXIV and identifier.value[4:5] == "."
    return 2000 + int(digits) if is_new and digits.isdecimal() else None


def is_venue(wanted: str | None, known: Known) -> bool:
    """Whether the known paper's venue, or its Anthology number, has a word of the wanted one."""
    if not wanted:
        return False
    said = set(VENUE_WORD.findall(wanted.lower())) - {"arxiv", "proceedings", "conference", "the"}
    told = set(VENUE_WORD.findall((known.venue or "").lower()))
    for identifier in known.identifiers:
        if identifier.scheme == ACL:
            told |= set(VENUE_WORD.findall(identifier.value.lower()))
    return not said.isdisjoint(told)
