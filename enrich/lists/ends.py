"""Finds where a plain title ends: before people, where and when, identifiers."""

from __future__ import annotations

import re

from enrich.lists.names import all_people, are_authors, et_al, is_person, people
from enrich.lists.occasions import is_occasion
from enrich.lists.venues import VENUE, VOLUMED, is_dated, years
from enrich.lists.words import is_label, length, tokens

# A stop that ends a sentence: not behind an initial or an abbreviation, before a new beginning.
STOP = re.compile(
    r"(?:(?<!\b[A-Z])|(?<=[Pp]art [IVX]))(?<!\bvs)(?<!\bVs)(?<!\bDr)(?<!\bSt)(?<!\bpp)"
    r"(?<!\b[Vv]ol)(?<!\bProc)(?<!\b[Nn]o)[.?!\u3002][\"\u201d\u2019'*_]*"
    r"(?=\s+[\"\u201c(A-Z\u00c0-\u024f\d\u4e00-\u9fff*_\[']|\s+(?:ar|bio|med)[Xx]iv|$)"
)
_PARTING = re.compile(
    r"\s(?:[-\u2013\u2014]{1,3}|\||\u00b7|/{1,2}|@|by)\s|,\s|\s?[(\[](?=[^()\[\]]*[)\]])"
)
# An identifier in words: what stands before it is the title with its data.
_STATED = re.compile(
    r"[\s,.;:(\[\u2013-]{1,4}(?:ar[Xx]iv(?:\s(?:pre|e)print)?(?:\sar[Xx]iv)?\s?[:\s]\s?\d{4}\.\d{4,5}"
    r"|(?:doi|DOI)\s?:\s?10\.\d{4})"
)
_BAR = re.compile(
    r"\s[|\uff5c]\s|\s~\s(?=[A-Z])|\s:[a-z][a-z0-9_]{2,40}:(?:\s|$)|\s?[\u2600-\u27bf\u2b50\U0001f300-\U0001faff]"
)
# People with initials: "..., J. Doe and A. Roe", "..., Doe, J., & Roe, A.".
_INITIALED = re.compile(
    r"[,.]\s(?=(?:[A-Z]\.[\s-]?){1,3}[A-Z][\w'\u2019-]+(?:\s(?:and|&)\s|[,.;]|\s?$))"
)
_INVERTED = re.compile(
    r"[,.]\s(?=[A-Z][\w'\u2019-]+,\s(?:[A-Z]\.[\s-]?){1,3}(?:,|\s?(?:and|&)\s|\s?$|[.;]))"
)
_IN_PRINT = re.compile(
    r"[,.]\s(?=(?:[Ii]n\s)?(?:Proc\b|Proceedings\b|"
    r"(?:Communications?|Journal|Transactions)\s(?:of|on)\b"
    r"|(?:IEEE|ACM)\s[A-Z]|(?:\d+(?:st|nd|rd|th)\s)?(?:International|Annual)\s(?:Conf|Symp|Work)))"
)
# An acronym that stands for itself: "ESEC/FSE", "ISSTA".
_ACRONYM = re.compile(r"(?=\S*[A-Z]\S*[A-Z])[A-Z][\w/&-]{1,11}(?:\s[A-Z][\w/&-]{0,9})?")
# "... -- PDF not released yet"
_NOT_OUT = re.compile(
    r"(?:(?:the )?(?:pdf|paper) )?(?:not|no|to be)\b[^.,:;]{0,30}"
    r"\b(?:released|available|published|yet)(?: yet)?",
    re.IGNORECASE,
)
# "A Title. (Nick, rank A)": what is said in brackets behind a full stop.
_ASIDE = re.compile(r"\([^()]{2,80}\)\.?")
# What GB/T 7714 puts behind a title: "[J]", "[C]//", "[EB/OL]".
TYPED = re.compile(r"\s?\[(?:[JCDMNPRSZG]|EB|DB|CP)(?:/(?:OL|MT|DK|CD))?\](?=$|[.,\s/])")
# "A Title SIGIR2021": where and when without a mark before it, but "A Summary of SIGIR 2021".
_GLUED = re.compile(r"(\w{1,40})\s([A-Z][\w-]{1,12}(?:\s?['\u2019]?\d{2,4})?)$")
_BEFORE_NAMES = frozenset("of at the in for on to and a an with from by via".split())
# "Jane Doe (CMU)": who, and where they work.
_SPEAKER = re.compile(r"(\w[^()]{2,40}\s[^()]{2,40}?)\s?\([^()]{2,60}\)?")
FARTHEST = 1000
"""Characters of a text in which its title ends."""
LAST = re.compile(r"\s?[(\[\uff08]([^()\[\]\n]{2,60})[)\]\uff09]$")
"""The last brackets of a text: "(SDM 2018)"."""


def title_end(text: str) -> int:
    """How much of a plain text is its title: authors, venue and year come after it."""
    text = text[:FARTHEST]
    text = text[: _data_start(text)].rstrip(" -\u2013\u2014|;,")
    if form := et_al(text):
        return _before_people(text, form[0])
    for stop in STOP.finditer(text):
        rest = text[stop.end() :].strip(" *_")
        first = re.split(r"[.]\s", rest)[0]
        if _ASIDE.fullmatch(rest):
            return stop.end()
        asks = text[stop.start()] in "?!"
        if rest and (_is_said(first) if asks else is_data(first) or is_data(rest[:200])):
            return stop.end()
    partings = list(_PARTING.finditer(text))
    end = len(text)
    while partings and partings[-1].start() > 0:
        rest = text[partings[-1].start() : end].strip(" ,()[]|-\u2013\u2014.\u00b7/@")
        if _ACRONYM.fullmatch(rest) and "(" in partings[-1][0] and not is_dated(rest):
            break  # "... for Inference (MII)"
        before = text[: partings[-1].start()]
        named = is_person(rest) and " " in rest and len(tokens(before)) >= 3
        if rest and not named and (not is_data(rest) or _goes_on(text, partings[-1], rest)):
            break
        end = partings.pop().start()
    for part in partings:
        rest = text[part.end() : end]
        if "," in rest and are_authors(rest):
            return part.start()
    return end


def is_data(text: str) -> bool:
    """Whether what follows a title is authors, a venue or a date rather than more title."""
    text = text.strip(" .,*_")
    if not text or _is_said(text) or is_label(text) or _ACRONYM.fullmatch(text):
        return True
    if is_speaker(text):
        return True
    if _NOT_OUT.fullmatch(text[:60]):
        return True
    if VOLUMED.match(text):
        return True
    stop = re.search(r"[,.]\s", text)
    first = text[: stop.end()] if stop else text
    begins = (
        text.startswith(("In ", "In: "))
        or VENUE.search(first)
        or people(first) >= 0.6
        or is_person(first)
    )
    known = bool(begins) and VENUE.search(text) is not None
    return known and (bool(years(text)) or len(tokens(text)) <= 4)


def is_speaker(text: str) -> bool:
    """Whether a text is one name and where they work: "Jane Doe (CMU)"."""
    form = _SPEAKER.fullmatch(text)
    return form is not None and is_person(form[1])


def _is_said(text: str) -> bool:
    """Whether a text is nothing but people, or where and when."""
    text = text.strip(" .,*_")
    return is_occasion(text) or are_authors(text)


def _before_people(text: str, end: int) -> int:
    """Where a title ends before the people of an "et al." that begins at `end`."""
    stops = [
        stop.end()
        for stop in STOP.finditer(text, 0, end)
        if text[stop.start()] == "." or all_people(text[stop.end() : end])
    ]
    parts = [part for part in _PARTING.finditer(text) if part.end() <= end]
    names = [part for part in parts if all_people(text[part.end() : end])]
    # A bar or a dash parts more than a comma does.
    apart = [part for part in names if part[0].strip() not in (",", "")]
    if apart or not names:
        cuts = [*stops[-1:], *(part.start() for part in (apart or parts[-1:])), end]
        return cuts[0]
    cut = names[-1]
    for part in reversed(names[:-1]):
        # A surname alone may be a word of the title: "Listen, Attend and Spell, Wu et al."
        if not are_authors(text[part.end() : cut.start()]) and not is_person(
            text[part.end() : cut.start()]
        ):
            break
        if " " not in text[part.end() : cut.start()].strip():
            break
        cut = part
    return min([*stops[-1:], cut.start()])


def _data_start(text: str) -> int:
    """Where plain signs of data begin: an identifier, a bar, people with initials, "Proc."."""
    end = len(text)
    for pattern in (_STATED, TYPED, _BAR, _INITIALED, _INVERTED, _IN_PRINT):
        form = pattern.search(text, 0, end)
        if form is not None and len(tokens(text[: form.start()])) >= 2:
            end = form.start()
    form = _GLUED.search(text[:end].rstrip(" ,.;"))
    if form is not None and _is_glued(form[1], form[2]) and length(text[: form.end(1)]) >= 2:
        end = form.end(1)
    form = LAST.search(text[:end].rstrip(" ,.;"))
    return form.start() if form and form.start() and is_occasion(form[1]) else end


def _is_glued(before: str, said: str) -> bool:
    """Whether the last words of a text say where and when, and the word before leads to no name."""
    return before.lower() not in _BEFORE_NAMES and is_dated(said) and bool(years(said))


def _goes_on(text: str, parting: re.Match[str], rest: str) -> bool:
    """Whether words behind a first word and a comma are more title: "Listen, Attend and Spell"."""
    if parting[0].strip() != "," or len(tokens(text[: parting.start()])) != 1:
        return False
    names = re.split(r",|\band\b|&", rest)
    return len(names) > 1 and not is_dated(rest) and all(" " not in n.strip() for n in names)
