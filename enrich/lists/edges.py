"""Where a title begins and ends in a line: behind marks and authors, before venue and date."""

from __future__ import annotations

import re

from enrich.lists.names import all_people, et_al, has_et_al, is_person, people
from enrich.lists.venues import is_dated, is_venue, years
from enrich.lists.words import is_label, tokens

_LEAD = re.compile(
    r"(?:\s|\ufe0f|:[a-z0-9_+-]{2,40}:|\[[ xX]\](?=\s)|#?\d{1,4}[.)](?=\s)|#\d{1,4}(?=\s)"
    r"|[\[(\u3010]\d{1,4}[\])\u3011]|[-\u2013\u2014+~*](?=\s)"
    r"|(?!\u221a\S)[^\w\s\"'\u201c\u2018($\\\[\u3010\u300a<@#~`.+-])+"
)
_TAG = re.compile(r"[\[(\u3010<]([^\[\]()\u3010\u3011<>\n]{1,60})[\])\u3011>]\s{0,4}[:,-]?\s{0,4}")
# A stop that ends a sentence: not behind an initial or an abbreviation, before a new beginning.
_STOP = re.compile(
    r"(?<!\b[A-Z])(?<!\bvs)(?<!\bVs)(?<!\bDr)(?<!\bSt)(?<!\bpp)(?<!\b[Vv]ol)(?<!\bProc)(?<!\b[Nn]o)[.?!\u3002][\"\u201d\u2019'*_]*"
    r"(?=\s+[\"\u201c(A-Z\u00c0-\u024f\d\u4e00-\u9fff*_\[']|\s+(?:ar|bio|med)[Xx]iv|$)"
)
_PARTING = re.compile(
    r"\s(?:[-\u2013\u2014]{1,3}|\||\u00b7|/{1,2}|@|by)\s|,\s|\s?[(\[](?=[^()\[\]]*[)\]])"
)
_APA = re.compile(
    r"(?P<names>[^()\[\]\n]{3,400}?)"
    r"(?:\s{0,4}\((?:19|20)\d\d[a-z]?(?:,[^()]{1,20})?\)[.,:]?|,\s?(?:19|20)\d\d[a-z]?[.:])\s+"
)
# An identifier in words: what stands before it is the title with its data.
_STATED = re.compile(
    r"[\s,.;:(\[\u2013-]+(?:ar[Xx]iv(?:\s(?:pre|e)print)?(?:\sar[Xx]iv)?\s?[:\s]\s?\d{4}\.\d{4,5}"
    r"|(?:doi|DOI)\s?:\s?10\.\d{4})"
)
_BAR = re.compile(r"\s[|\uff5c]\s")
_INITIALED = re.compile(
    r",\s(?=(?:[A-Z]\.[\s-]?){1,3}[A-Z][\w'\u2019-]+(?:\s(?:and|&)\s|[,.;]|\s?$))"
)
_IN_PRINT = re.compile(
    r"[,.]\s(?=(?:[Ii]n\s)?(?:Proc\b|Proceedings\b|(?:Communications?|Journal|Transactions)\s(?:of|on)\b"
    r"|(?:IEEE|ACM)\s[A-Z]|(?:\d+(?:st|nd|rd|th)\s)?(?:International|Annual)\s(?:Conf|Symp|Work)))"
)
_AFTER_NAMES = re.compile(r"[.,:;]?\s{1,4}(?:\(?(?:19|20)\d\d\)?[.,:;]?\s{1,4})?(?=\w.{9})")
_OCCASION = re.compile(
    r"(?=.*[A-Z])[\w&@/ .,+-]{2,50}?[\s,'\u2019-]{0,3}"
    r"(?:(?:19|20)\d\d|['\u2019]\s?\d\d|\d\d['\u2019])"
)
_YEARS = re.compile(r"\d{4}\s?[-\u2013\u2014]\s?\d{4}")
_FIRST = re.compile(r"\s*([^|,:;\n\uff0c]{2,60}?)\s*(?:[|,:;\uff0c]\s*|\s[-\u2013\u2014]\s+)(?=\S)")
_LAST_NAME = re.compile(r"(?:and\s|&\s)?([^.,;:]{3,60}?(?:\s[A-Z]\.[^.,;:]{2,40})?)[.;]\s+")
_KEY = re.compile(
    r"\s{0,4}(?:title|paper(?: title)?|\u6807\u9898|\u9898\u76ee|\u8bba\u6587)\s?[:\uff1a]\s{0,4}",
    re.IGNORECASE,
)
# The last brackets of a text: "(SDM 2018)".
_LAST = re.compile(r"\s?[(\[\uff08]([^()\[\]\n]{2,60})[)\]\uff09]$")
_AROUND = ' \t\n,;|\u00b7"\u201c\u201d\u300a\u300b\u00ab\u00bb*_'
_AFTER = _AROUND + ":\uff1a\uff0c\u3001"
_PAIRS = {"[": "]", "(": ")", "\u3010": "\u3011"}
_ROUNDS = 8
"""How often marks around a title are looked for again under those just cut."""


def marks_end(text: str) -> int:
    """How much of a text are marks before its first word: emoji, numbers, a check box."""
    form = _LEAD.match(text)
    return form.end() if form else 0


def is_titled(text: str) -> bool:
    """Whether a text begins with a key that announces a title ("Title: ...")."""
    return _KEY.match(text) is not None


def is_title_key(text: str) -> bool:
    """Whether a text is but the key of a title ("Title:")."""
    return _KEY.fullmatch(text.strip(" :\uff1a") + ":") is not None


def within(text: str, start: int, end: int) -> tuple[int, int]:
    """A slice without what only surrounds a title: marks, numbers, tags, quotes, stops."""
    for _ in range(_ROUNDS):
        before = start, end
        start = lead_end(text, start, end)
        while start < end and text[start] in _AROUND and not _quotes(text, start, end, start):
            start += 1
        while end > start and text[end - 1] in _AFTER and not _quotes(text, start, end, end - 1):
            end -= 1
        stopped = end - start > 1 and text[end - 1] in ".\u3002" and text[end - 2] != "."
        if stopped and not text.endswith(" al.", start, end):
            end -= 1
        if end - start > 2 and text[start] in _PAIRS and _closing(text, start, end) == end - 1:
            start, end = start + 1, end - 1
        if form := _KEY.match(text, start, end):
            start = form.end()
        form = _LAST.search(text, start, end)
        if form is not None and form.start() > start and is_occasion(form[1]):
            end = form.start()
        if (start, end) == before:
            break
    return start, end


def _quotes(text: str, start: int, end: int, at: int) -> bool:
    """Whether the mark at an end of a slice quotes a part of it rather than all of it."""
    if text[at] == '"':
        count = text.count('"', start, end)
        return count % 2 == 0 and not (count == 2 and text[start] == text[end - 1])
    if text[at] in "\u201c\u201d":
        count = text.count("\u201c", start, end)
        whole = count == 1 and text[start] + text[end - 1] == "\u201c\u201d"
        return count == text.count("\u201d", start, end) and not whole
    return False


def lead_end(text: str, start: int, end: int) -> int:
    """Where a title may begin: behind marks, numbers, and tags such as [ICLR 2024] or (2023)."""
    for _ in range(_ROUNDS):
        before = start
        if form := _LEAD.match(text, start, end):
            start = form.end()
        if (form := _TAG.match(text, start, end)) and form.end() < end - 3:
            nick = text[start] in "[\u3010" and len(tokens(form[1])) <= 4
            if nick or is_dated(form[1]) or is_label(form[1]) or not re.search(r"\w", form[1]):
                start = form.end()
        if start == before:
            break
    return start


def is_occasion(text: str) -> bool:
    """Whether a short text says where and when: "ICLR 2024 oral", "Entropy 2018", "3DV'19"."""
    if _YEARS.search(text):
        return False  # "World Survey (2017-2022)"
    return is_dated(text) or (bool(_OCCASION.fullmatch(text)) and len(tokens(text)) <= 8)


def occasion_end(text: str, start: int, end: int) -> int:
    """Where a title begins behind where and when: "arXiv 2023.10, A Title", "3DV'19 | A Title"."""
    for _ in range(_ROUNDS):
        form = _FIRST.match(text, start, end)
        if form is None or not is_occasion(form[1].strip(" *_")):
            return start
        start = form.end()
    return start


def authors_end(text: str) -> int:
    """How much of a text are authors before the title: "Doe, J., & Roe, A. (2020). "."""
    if form := _APA.match(text):
        return form.end() if people(form["names"]) >= 0.6 else 0
    if (others := et_al(text)) and others[0] <= 100 and all_people(text[: others[0]]):
        after = _AFTER_NAMES.match(text, others[1])
        return after.end() if after is not None else 0
    if comma := _names_end(text[:400]):
        return comma
    if colon := _named_end(text[:400]):
        return colon
    for stop in _STOP.finditer(text, 0, 400):
        names = text[: stop.start()]
        if has_et_al(names):
            break  # Not all before it were people: "A Title, Doe et al. 2020".
        if len(re.split(r",|\band\b|&", names)) > 1 and people(names) >= 0.9:
            return stop.end()
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
    return at if count >= 2 and len(tokens(rest)) >= 3 and not _is_data(rest) else 0


def _named_end(text: str) -> int:
    """Where full names before a colon end, as in exports of bibliographies."""
    names, colon, rest = text.partition(": ")
    parts = re.split(r",\s|;\s|\s(?:and|&)\s", names) if colon else []
    named = len(parts) >= 2 and all(" " in name.strip() and is_person(name) for name in parts)
    return len(names) + len(colon) if named and len(tokens(rest)) >= 3 else 0


def lone_author_end(text: str) -> int:
    """How much of a text is one full name and a stop, if a title of some words follows it."""
    stop = _STOP.search(text, 0, 60)
    if stop is None or " " not in (name := text[: stop.start()].strip()) or not is_person(name):
        return 0
    rest = text[stop.end() :].strip()
    title = rest[: title_end(rest)]
    return stop.end() if len(tokens(title)) >= 3 and not _is_data(title) else 0


def title_end(text: str) -> int:
    """How much of a plain text is its title: authors, venue and year come after it."""
    text = text[: _data_start(text)]
    if form := et_al(text):
        stops = [stop.end() for stop in _STOP.finditer(text, 0, form[0])]
        parts = [part for part in _PARTING.finditer(text) if part.end() <= form[0]]
        names = [part for part in parts if all_people(text[part.end() : form[0]])]
        # A bar or a dash parts more than a comma does.
        names = [part for part in names if part[0].strip() not in (",", "")] or names
        cuts = [*stops[-1:], *(part.start() for part in (names or parts[-1:])), form[0]]
        return cuts[0]
    for stop in _STOP.finditer(text):
        rest = text[stop.end() :].strip(" *_")
        if rest and (_is_data(rest[:200]) or _is_data(re.split(r"[.]\s", rest)[0])):
            return stop.end()
    partings = list(_PARTING.finditer(text))
    end = len(text)
    while partings and partings[-1].start() > 0:
        rest = text[partings[-1].start() : end].strip(" ,()[]|-\u2013\u2014.\u00b7/@")
        if rest and (not _is_data(rest) or _goes_on(text, partings[-1], rest)):
            break
        end = partings.pop().start()
    for part in partings:
        rest = text[part.end() : end]
        if "," in rest and are_authors(rest):
            return part.start()
    return end


def _data_start(text: str) -> int:
    """Where plain signs of data begin: an identifier, a bar, people with initials, "Proc."."""
    end = len(text)
    for pattern in (_STATED, _BAR, _INITIALED, _IN_PRINT):
        form = pattern.search(text, 0, end)
        if form is not None and len(tokens(text[: form.start()])) >= 2:
            end = form.start()
    form = _LAST.search(text[:end].rstrip(" ,.;"))
    return form.start() if form and form.start() and is_occasion(form[1]) else end


def _goes_on(text: str, parting: re.Match[str], rest: str) -> bool:
    """Whether words behind a first word and a comma are more title: "Listen, Attend and Spell"."""
    if parting[0].strip() != "," or len(tokens(text[: parting.start()])) != 1:
        return False
    names = re.split(r",|\band\b|&", rest)
    return len(names) > 1 and not is_dated(rest) and all(" " not in n.strip() for n in names)


def _is_data(text: str) -> bool:
    """Whether what follows a title is authors, a venue or a date rather than more title."""
    text = text.strip(" .,*_")
    if not text or is_dated(text) or is_label(text) or are_authors(text):
        return True
    return is_venue(text) and (bool(years(text)) or len(tokens(text)) <= 4)


def are_authors(text: str) -> bool:
    """Whether a text names people, one of them at least by more than a surname."""
    if people(text) < 0.9:
        return False
    parts = re.split(r",|;|\band\b|&", text)
    known = any(" " in part.strip() or "." in part for part in parts) or not text.isascii()
    return known or len(parts) >= 4


def _closing(text: str, start: int, end: int) -> int:
    """Where the bracket that opens at `start` closes."""
    depth = 0
    for index in range(start, end):
        depth += (text[index] == text[start]) - (text[index] == _PAIRS[text[start]])
        if depth == 0:
            return index
    return -1
