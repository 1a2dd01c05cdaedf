"""Finds where authors end that stand in front of a title."""

from __future__ import annotations

import re

from enrich.lists.ends import STOP, is_data, title_end
from enrich.lists.names import all_people, are_authors, et_al, has_et_al, is_person, people
from enrich.lists.occasions import occasion_end
from enrich.lists.venues import MONTH, is_venue
from enrich.lists.words import tokens

_APA = re.compile(
    r"(?P<names>[^()\[\]\n]{3,400}?)"
    r"(?:\s{0,4}\((?:19|20)\d\d[a-z]?(?:,[^()]{1,20})?\)[.,:]?"
    rf"|,\s?(?:19|20)\d\d[a-z]?(?:,\s(?:{MONTH})\b[^.,:\n]{{0,8}})?[.:]"
    r"|\.\s{1,2}(?:19|20)\d\d[a-z]?[.:])\s+"
)
_AFTER_NAMES = re.compile(r"[.,:;]?\s{1,4}(?:\(?(?:19|20)\d\d\)?[.,:;]?\s{1,4})?(?=\w.{9})")
_LAST_NAME = re.compile(
    r"(?:and\s|&\s)?((?:[A-Z]\.[\s-]?){0,3}[^.,;:]{2,60}?(?:\s[A-Z]\.[^.,;:]{2,40})?)[.;]\s+"
)
_CREDIT = re.compile(r"\s(?:by|[-\u2013\u2014~]{1,2})\s")
_MARK = re.compile(r"\s[-\u2013\u2014]{1,2}\s$|[:.,]\s$")
_COLON = re.compile(r"[:,]\s")
FARTHEST = 400
"""Characters in which authors are looked for."""


def authors_end(text: str) -> int:
    """How much of a text are authors before the title: "Doe, J., & Roe, A. (2020). "."""
    if form := _APA.match(text):
        return form.end() if people(form["names"]) >= 0.6 else 0
    if (others := et_al(text)) and others[0] <= 100 and all_people(text[: others[0]]):
        after = _AFTER_NAMES.match(text, others[1])
        rest = STOP.split(text[after.end() : FARTHEST])[0] if after is not None else ""
        rest = rest[occasion_end(rest, 0, len(rest)) :] or rest  # "Doe et al, ICML'16, A Title"
        named = len(tokens(rest)) >= 3 and not (is_venue(rest) or are_authors(rest))
        return after.end() if after is not None and (named or not is_data(rest)) else 0
    text = text[:FARTHEST]
    if end := _named_end(text) or _names_end(text):
        return end
    for stop in STOP.finditer(text):
        names = text[: stop.start()]
        if has_et_al(names):
            break  # Not all before it were people: "A Title, Doe et al. 2020".
        parts = re.split(r",|\band\b|&", names)
        if len(parts) > 1 and are_authors(names):
            # "Knowing and Naming Old Things." is a title, as nothing behind it is one.
            whole = all(" " in part.strip() for part in parts)
            return stop.end() if whole or tokens(text[stop.end() :]) else 0
    return 0


def _names_end(text: str) -> int:
    """Where full names parted by commas end and a title of some words begins."""
    at = count = 0
    for comma in re.finditer(r",\s+", text):
        names = re.split(r"\s(?:and|&)\s", text[at : comma.start()].removeprefix("and "))
        if not all(" " in name and is_person(name) for name in names):
            break
        count += len(names)
        at = comma.end()
    rest = re.split(r",\s", text[at:])[0]
    if last := _LAST_NAME.match(text, at):
        names = re.split(r"\s(?:and|&)\s", last[1])
        if all(" " in name.strip() and is_person(name) for name in names):
            at, rest = last.end(), text[last.end() :]
            rest = rest[: title_end(rest)]
    return at if count >= 2 and len(tokens(rest)) >= 3 and not is_data(rest) else 0


def _named_end(text: str) -> int:
    """Where names before a colon end, as in exports of bibliographies."""
    names, colon, rest = text.partition(": ")
    several = len(re.split(r",\s|;\s|\s(?:and|&)\s", names)) >= 2
    named = bool(colon) and several and are_authors(names)
    return len(names) + len(colon) if named and len(tokens(rest)) >= 3 else 0


def credit_start(text: str) -> int:
    """Where "by" or a dash stands before nothing but people: "A Book by Doe and Roe"."""
    form = next(reversed(list(_CREDIT.finditer(text, 1))), None)
    return form.start() if form and all_people(text[form.end() :].strip(" .,;()[]")) else 0


def are_set_before(text: str) -> bool:
    """Whether a text is but several people and the mark between them and a title."""
    form = _MARK.search(text)
    names = text[: form.start()] if form else ""
    return all_people(names) and people(names) >= 0.8


def lone_author_end(text: str) -> int:
    """How much of a text is one name and a mark behind it, if a title of some words follows."""
    stops = filter(None, (STOP.search(text, 0, 60), _COLON.search(text, 0, 60)))
    stop = min(stops, key=lambda form: form.start(), default=None)
    if stop is None or " " not in (name := text[: stop.start()].strip()) or not is_person(name):
        return 0
    rest = text[stop.end() :].strip()
    title = rest[: title_end(rest)]
    return stop.end() if len(tokens(title)) >= 3 and not is_data(title) else 0
