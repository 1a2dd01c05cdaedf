"""Tells works that are listed without any link: by their titles and what stands behind those."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from enrich.lists.ends import FARTHEST, is_speaker, title_end
from enrich.lists.leading import authors_end, credit_start
from enrich.lists.names import all_people, are_authors, people
from enrich.lists.occasions import is_occasion
from enrich.lists.units import Unit
from enrich.lists.venues import is_dated, years
from enrich.lists.words import key_of, length

FEWEST = 3
"""Siblings by which a shape can be told to repeat."""
MANY = 6
"""Bare titles that make a list of such."""
TOPIC = 6
"""Words of an item that may be but the topic of those below it."""
SHORTEST = 8
"""Characters of a Chinese text that may be a title."""
LONG = 4
"""Words that titles have on average; names of topics and tools have fewer."""
_VOICE = re.compile(r"\b(?:we|our|us|you|your|please|this (?:list|repo))\b|[:;,]$")
_SENTENCE = re.compile(
    r"\b(?:is|are|was|were|we|our|you|your|please|it|this|these|should|must|can)\b|[:;,]$"
)
_HAN = re.compile(r"[\u4e00-\u9fff]")
_HAN_VOICE = re.compile(r"[\u3002\uff01\uff0c\uff1b]|我们|请|你|欢迎|本(?:项目|仓库|文|列表)")
_MARKS = re.compile(r"(?:\s*:[a-z][a-z0-9_]{2,40}:|[\W_])+$")
_QUOTED = re.compile(r"([^\"\u201c]{3,200}?)[\"\u201c]([^\"\u201c\u201d]{8,300})[\"\u201d]")
_WHEN = re.compile(r"\(?(?:19|20)\d\d[a-z]?\)?[.:,]?\s*$")
_EMPTY = re.compile(r"[(\[\uff08\u3010]\s?[)\]\uff09\u3011]")
_TAIL = re.compile(r"[(\[\uff08]([^()\[\]\uff08\uff09]{2,60})[)\]\uff09]\W*$")


def cites(text: str) -> bool:
    """Whether people, or where and when, stand behind a title of some words."""
    return len(text) <= FARTHEST and _cites(_EMPTY.sub("", text).rstrip())


@lru_cache(maxsize=4096)
def _cites(text: str) -> bool:
    end = title_end(text)
    rest = text[end:].strip(" ,.;()[]*_")
    form = _TAIL.search(text)
    named = length(text[:end]) >= 2
    return named and bool(
        (rest and (are_authors(rest) or is_dated(rest) or is_occasion(rest) or is_speaker(rest)))
        or (form and is_occasion(form[1]))
    )


def is_reference(text: str) -> bool:
    """Whether a text is all of a reference: people, then a title of some words, and a year."""
    if len(text) > FARTHEST:
        return False
    if is_quoted_reference(text):
        return True
    behind = authors_end(text)
    return behind > 0 and length(text[behind:]) >= LONG and bool(years(text))


def is_quoted_reference(text: str) -> bool:
    """Whether a text is people, then a title of some words in quotes: `Doe, J. "A Title."`."""
    form = _QUOTED.match(text)
    if form is None or length(form[2]) < 3:
        return False
    names = _WHEN.sub("", form[1]).strip(" :;")
    return bool(names) and (people(names) >= 0.6 or all_people(names))


@lru_cache(maxsize=4096)
def is_credited(text: str) -> bool:
    """Whether a text names nothing but people behind a "by": "A Book by Doe and Roe"."""
    text = _TAIL.sub("", text[:FARTHEST]).rstrip(" ()[]")
    return credit_start(text) > 0


def reads_as_title(text: str, anyhow: bool = False) -> bool:
    """Whether a text is written as titles are: its long words capitalised, no sentence.

    `anyhow`: among titles, one that is written like a sentence is a title, too.
    """
    text = text[:-60] + _MARKS.sub("", text[-60:])
    if len(_HAN.findall(text)) >= SHORTEST:
        return len(text) <= 100 and not _HAN_VOICE.search(text)
    words = text.split()
    long = [word for word in words if len(word) >= 4 and word[0].isalpha()]
    capital = sum(word[0].isupper() for word in long) * 5 >= len(long) * 3
    if not 2 <= len(words) <= 30 or not long or _VOICE.search(text):
        return False
    if sum(word[0].isupper() for word in long) * 4 >= len(long) * 3:
        return True
    written = capital or (anyhow and text[:1].isupper() and text[-1:] != ".")
    return written and not _SENTENCE.search(text)


def topics_of(names: Sequence[str], texts: Sequence[str]) -> list[bool]:
    """Which names are but topics of the unlinked titles that stand below all of them."""
    topics = [length(name) <= TOPIC and not cites(name) and not key_of(name) for name in names]
    if sum(topics) * 3 >= len(topics) * 2:  # The others are but longer names of topics.
        topics = [length(name) <= 2 * TOPIC and not cites(name) for name in names]
    good = sum(cites(text) or reads_as_title(text) for text in texts)
    words = sum(map(length, texts)) / len(texts)
    above = sum(length(name) for name, topic in zip(names, topics, strict=True) if topic)
    long = words >= LONG and words * 2 > 3 * above / max(1, sum(topics))
    listed = len(texts) >= 2 and long and good * 3 >= len(texts) * 2
    return [topic and listed for topic in topics]


def is_bare_title(text: str) -> bool:
    """Whether a text of some words is a title, its labelled links aside."""
    return length(text) >= LONG and not key_of(text) and (cites(text) or reads_as_title(text))


def bare_titles(units: Sequence[Unit]) -> int:
    """How many of some units are titles without a link."""
    texts = [unit.own.text for unit in units if not unit.own.uses and not unit.own.key]
    return sum(cites(text) or reads_as_title(text) for text in texts)


def are_unlinked_works(units: Sequence[Unit], bare: bool) -> bool:
    """Whether siblings, most of them without a link, list works.

    `bare`: their scope is a list of titles without links; else people, or where and when, must
    stand behind some of the titles.
    """
    free = [unit.own.text for unit in units if not unit.own.uses and not unit.own.key]
    if len(free) * 2 < len(units) or not (len(free) >= FEWEST or (free and bare)):
        return False
    good = sum(cites(text) or reads_as_title(text, bare) for text in free)
    if good * 5 < len(free) * 3 and not (bare and good * 2 >= len(free)):
        return False
    if bare and sum(map(length, free)) >= LONG * len(free):
        return True
    if sum(map(is_credited, free)) * 2 >= len(free):
        return True
    return sum(map(cites, free)) * 10 >= len(free) * 3
