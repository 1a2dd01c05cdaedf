"""Which of the papers that a search brought up may be the one with this title?

A sieve, and a coarse one: which paper it is, is decided in `enrich.matching`. What goes through
here is kept, so that nobody needs to ask for it again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from rapidfuzz import fuzz

from enrich.model import Told
from enrich.sources import fields
from enrich.titles import LONGEST_TITLE, TAG, TEX_COMMAND, TEXT_COMMANDS, key

SMALL = frozenset(
    "a an and are as at be but by for if in into is it no not of on or such that the their then "
    "there these they this to was will with".split()
)
"""The stop words of the search engine behind arXiv and OpenReview; "not" is one of them."""
ENOUGH = 70
"""Per cent of letters in shared words, at least; 100 where one title holds all words of the other.

Five words of eight that the two share come to 77, four to 67.
"""
LEAST_WORDS = 3
"""Words that a title has which may stand for a longer one: "Alignment" stands for nothing."""
MOST_LIKELY = 10
"""Papers that are kept for one title, the most alike: a short title is part of hundreds."""

_TEX_SIGNS = re.compile(r"[${}]")
_NO_WORD = re.compile(r"[\W_]+")


# A name that nobody else has: `MathVista: …` is the same paper under its next sub-title.
COINED = re.compile(r"(?=.*[a-z].*[A-Z])[\w+-]{5,}")


class Wording(NamedTuple):
    """A title's folded words that say something, and the coined name before its colon, if any."""

    words: str
    name: str = ""


class Shown(NamedTuple):
    """A record that was brought up, its title's wording, and whether that can be no title."""

    told: Told
    wording: Wording
    is_damaged: bool = False


def shown(told: Told, title: str) -> Shown:
    """A record that was brought up under this title."""
    return Shown(told, wording(title), fields.is_damaged(title))


def plain(title: str) -> str:
    """A title as it can be sent: one line without markup; `$\\alpha$-DPO` gives `alpha-DPO`."""
    text = unicodedata.normalize("NFKC", title[:LONGEST_TITLE])
    text = TAG.sub(" ", text)
    text = TEX_COMMAND.sub(_read, text.replace("\\\\", " "))
    return fields.text(_TEX_SIGNS.sub("", text)) or ""


def wording(title: str) -> Wording:
    """What there is to compare of a title; its small words too, where it has no others."""
    text = plain(title)
    every = [key(word) for word in _NO_WORD.split(text)]
    words = " ".join([w for w in every if w and w not in SMALL] or filter(None, every))
    name, colon, _ = text.partition(":")
    return Wording(words, key(name) if colon and COINED.fullmatch(name) else "")


def fits(wanted: Wording, shown: Wording) -> bool:
    """Whether a paper with one wording may be meant by another."""
    if wanted.name and wanted.name == shown.name:
        return True
    if not wanted.words or not shown.words:
        return False
    if shown.words.count(" ") + 1 < min(LEAST_WORDS, wanted.words.count(" ") + 1):
        return False
    return fuzz.token_set_ratio(wanted.words, shown.words) >= ENOUGH


def likely(wanted: Wording, shown: Iterable[Shown]) -> list[Told]:
    """The records that may be the paper with this wording, the most alike first."""
    found = [one for one in shown if fits(wanted, one.wording)]
    found.sort(key=lambda one: fuzz.ratio(wanted.words, one.wording.words), reverse=True)
    return [one.told for one in found[:MOST_LIKELY]]


def _read(tex: re.Match[str]) -> str:
    """What a TeX command reads as: nothing for faces and accents, else its name or sign."""
    name = tex[1]
    if name is None:
        return tex[0][1] if tex[0][1] in "%&#_" else ""
    return "" if name.lower() in TEXT_COMMANDS else name
