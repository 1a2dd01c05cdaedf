"""What short texts say of where and when: tags, brackets, headings, the beginnings of lines."""

from __future__ import annotations

import re
from functools import lru_cache

from enrich.lists.venues import GENERIC, MONTH, VENUE, is_dated, years
from enrich.lists.words import tokens

LONGEST = 80
"""Characters; longer text says more than where and when."""
_OCCASION = re.compile(
    r"(?=.*[A-Z])[\w&@/ .,+-]{2,50}?[\s,'\u2019-]{0,3}"
    r"(?:(?:19|20)\d\d|['\u2019]\s?\d\d|\d\d['\u2019])|[A-Z][A-Z/&]{2,9}\s\d\d|[A-Z][a-z]{0,7}[A-Z][A-Za-z]{1,7}\s[012]\d"
)
# "arXiv 2018,06, A Title"
_MONTH = re.compile(r"(?:0[1-9]|1[0-2])\s?[,.:|]\s+(?=\S)")
_ARTICLE = re.compile(r"(?:A|An|The|On|Towards?|Learning|How|Why|What|Is|Are)\s")
_YEARS = re.compile(r"\d{4}\s?[-\u2013\u2014]\s?\d{4}")
_FIRST = re.compile(
    r"\s*([^|,:;_\n\uff0c]{2,60}?)\s*(?:[|,:;_\uff0c]\s*|\s(?:-{1,3}|[\u2013\u2014])\s+)(?=\S)"
)
# What a heading says beside where and when: "Papers of 2024 (12)".
_TALLY = re.compile(
    r"\(\s?\d{1,3}\s?\)|\(?\b\d{1,4}\s(?:papers?|works?|entries)\b\)?"
    r"|\b(?:papers?|publications?|works?|published|year)\b|\u8bba\u6587|\d{1,4}\s?\u7bc7",
    re.IGNORECASE,
)
_RANGE = re.compile(
    r"(?:19|20)\d\d\s?[-\u2013\u2014~\u81f3\u5230]+\s?(?:(?:19|20)\d\d|1[3-9]\b|[2-9]\d\b)"
)
# "07/29/2016", "2016-07-29", "2016\u5e747\u670829\u65e5", "29 July 2016", "July 29th, 2016".
_DAY = re.compile(
    r"\W*(?:(?:19|20)\d\d\s?[-./\u5e74]\s?\d{1,2}\s?[-./\u6708]\s?\d{1,2}\u65e5?"
    r"|\d{1,2}[-./]\d{1,2}[-./](?:19|20)\d\d"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\s{MONTH}\.?,?\s(?:19|20)\d\d"
    rf"|{MONTH}\.?\s\d{{1,2}}(?:st|nd|rd|th)?,?\s(?:19|20)\d\d)\W*",
    re.IGNORECASE,
)
_TOPICS = frozenset(("Nature", "Science", "Cell", "Neuron"))
"""Journals whose name alone is rather a topic."""
_ROUNDS = 8
"""How many of them follow each other."""


def is_occasion(text: str) -> bool:
    """Whether a short text says where and when: "ICLR 2024 oral", "Entropy 2018", "3DV'19"."""
    if len(text) > LONGEST or _YEARS.search(text):
        return False  # "World Survey (2017-2022)"
    if is_dated(text):
        return True
    said = bool(_OCCASION.fullmatch(text)) and not _ARTICLE.match(text)
    return said and len(tokens(text)) <= (7 if VENUE.search(text) else 6)


def occasion_end(text: str, start: int, end: int) -> int:
    """Where a title begins behind where and when: "arXiv 2023.10, A Title", "3DV'19 | A Title"."""
    for _ in range(_ROUNDS):
        form = _FIRST.match(text, start, end)
        if form is None or not is_occasion(form[1].strip(" *_")):
            return start
        start = form.end()
        if years(form[1]) and (month := _MONTH.match(text, start, end)):
            start = month.end()
    return start


@lru_cache(maxsize=1024)
def year_of_heading(name: str) -> int | None:
    """The one year that a heading or a group is named for: "2024", "Papers of ICLR 2024 (12)"."""
    name = _TALLY.sub(" ", name)
    dates = years(name) if is_dated(name) and not _RANGE.search(name) else []
    return dates[0].value if len({date.value for date in dates}) == 1 else None


def is_day(name: str) -> bool:
    """Whether a heading is but a day, on which somebody read or listed what stands below."""
    return len(name) <= LONGEST and _DAY.fullmatch(name) is not None


@lru_cache(maxsize=1024)
def venue_of_heading(name: str) -> str | None:
    """The venue that a heading or a group is named for."""
    name = _TALLY.sub(" ", name)
    forms = [form[0] for form in VENUE.finditer(name)] if is_dated(name) else []
    said = GENERIC if years(name) else GENERIC | _TOPICS
    known = [form for form in forms if form not in said]
    return known[0] if len(set(known)) == 1 else None
