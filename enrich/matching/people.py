"""Do an author line of a list and the authors of a paper belong together?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache

from anyascii import anyascii
from rapidfuzz.distance import OSA

from enrich.titles import PARTICLES

SPLIT = re.compile(r"[,;&/|]|\band\b|et\.? al\b|\bwith\b", re.IGNORECASE)
WORD = re.compile(r"[a-z]{2,}")
SYLLABLE = re.compile("(?<=[a-z])(?=[A-Z])")
IDEOGRAPH = re.compile("[\u3400-\u9fff]")
HYPHENATED = re.compile(r"[a-z]{5,}(?=-)|(?<=-)[a-z]{5,}")
UMLAUT = re.compile("(?<=[aou])e")
NO_NAME = PARTICLES | frozenset(
    "jr sr phd dr prof team group lab labs university institute research authors author "
    "anonymous paper equal contribution ai openai google deepmind meta facebook fair microsoft "
    "anthropic nvidia amazon apple ibm adobe salesforce huggingface eleutherai eleuther "
    "bigscience cohere mistral alibaba tencent baidu bytedance huawei deepseek stanford princeton "
    "berkeley cmu mit tsinghua oxford cambridge".split()
)
"""Words of author lines that are nobody's name: lists also name who paid for the paper."""
COMMON = frozenset(
    "wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he lin gao luo zheng "
    "liang xie tang song han deng feng cao peng xiao cheng yuan dong pan lu jiang cai yu wei shen "
    "kim lee park choi jung singh kumar gupta sharma nguyen tran smith jones brown johnson".split()
)
"""Family names that many author lists hold: one of them in common says little."""

MANY = 3
"""People whose agreement leaves no doubt about the group that wrote a paper."""
MOST_LETTERS = 4000
"""Letters of an author line that are read; the longest collaborations are cut."""


class Agreement(StrEnum):
    """What the names say. `ALL`: three or more are named, and nearly all are authors. `FIRST`: the
    first author is the same. `SOME`: others are. `FEW`: a common family name, or one of many."""

    ALL = "all"
    FIRST = "first"
    SOME = "some"
    FEW = "few"
    NONE = "none"
    UNTOLD = "untold"


def agreement(line: str | None, authors: tuple[str, ...]) -> Agreement:
    """How far the line agrees with the authors, who may be only the first of them.

    Lists name one author of twelve, by given or family name, spelt as they come.
    """
    said = people(line or "")
    known = tuple(names for author in authors if (names := _names(author)))
    if not said or not known:
        return Agreement.UNTOLD
    everybody = frozenset().union(*known)
    agreeing = [person for person in said if _shares(person, everybody)]
    if not agreeing:
        return Agreement.NONE
    if len(agreeing) >= max(MANY, 0.8 * max(len(said), len(known))):
        return Agreement.ALL
    # A list of many against one name, as of a record that holds the first author only.
    is_most = 2 * len(agreeing) >= min(len(said), len(known))
    is_telling = len(agreeing) > 1 or any(_tells(person, known) for person in agreeing)
    if is_most and is_telling and _shares(said[0], known[0]):
        return Agreement.FIRST
    return Agreement.SOME if is_most and (is_telling or len(said) == 1) else Agreement.FEW


def split(line: str | None) -> tuple[str, ...]:
    """An author line cut into people, as written."""
    return tuple(name for part in SPLIT.split(line or "") if (name := part.strip(" .()")))


@lru_cache(maxsize=50_000)
def people(line: str) -> tuple[frozenset[str], ...]:
    """The people that an author line names, in order, each by the words of the name.

    `Lee, J. and van der Berg, A. et al.` gives Lee and Berg; initials are no names.
    """
    text = _folded(line[:MOST_LETTERS])
    found = (_words(part) for part in SPLIT.split(text))
    return tuple(names for names in found if names)


@lru_cache(maxsize=200_000)
def _names(author: str) -> frozenset[str]:
    return _words(_folded(author[:200]))


def _folded(text: str) -> str:
    """Latin lower case whatever the script; `ü`, `ue` and `u` are one. An ideograph is a word."""
    ascii_only = text if text.isascii() else anyascii(text)
    if IDEOGRAPH.search(text):
        ascii_only = SYLLABLE.sub(" ", ascii_only)
    return UMLAUT.sub("", ascii_only.lower().replace("'", ""))


def _words(text: str) -> frozenset[str]:
    """The words of a name, those with a hyphen as one, and their longer parts by themselves."""
    found = WORD.findall(text.replace("-", ""))
    return frozenset((*found, *HYPHENATED.findall(text))) - NO_NAME


def _tells(person: frozenset[str], known: Sequence[frozenset[str]]) -> bool:
    """Whether a person is told by a rare name, or by two names of one author."""
    return any(_shares(person - COMMON, one) or len(person & one) > 1 for one in known)


def _shares(person: frozenset[str], others: frozenset[str]) -> bool:
    """Whether a name of the person is among the others', cut short or a letter off if long."""
    if not person.isdisjoint(others):
        return True
    return any(
        other.startswith(mine) or (len(mine) > 5 and OSA.distance(mine, other, score_cutoff=1) <= 1)
        for mine in person
        if len(mine) > 3
        for other in others
        if len(other) > 5
    )
