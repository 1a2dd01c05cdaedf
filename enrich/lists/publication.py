"""Finds where and when a work appeared among the parts of its lines, in columns and on badges."""

from __future__ import annotations

import re
from collections.abc import Sequence

from enrich.lists.blocks import IMAGE, ITALIC
from enrich.lists.chunks import MARKS, Chunk, Details, Place, without_marks
from enrich.lists.lines import Line
from enrich.lists.names import people
from enrich.lists.signs import badge_text
from enrich.lists.units import Unit
from enrich.lists.venues import VENUE, VOLUMED, Year, is_dated, is_venue, years
from enrich.lists.words import is_label, label_kinds, tokens
from enrich.model import ARXIV

LONGEST_VENUE = 200
"""Characters; what is longer is a sentence."""
_NUMBERS = re.compile(r"\b(?:ar[Xx]iv\s?[:,.]?\s?)?\d{4}\.\d{4,5}(?:v\d+)?\b|\b10\.\d{4,9}/\S+")
_ADDRESS_END = re.compile(r"[\"'\s)>]")
_BADGE_YEAR = re.compile(r"(?:%20|%27|%2C|[-_+ .,'\u2019])*((?:19|20)\d\d|\d\d)(?!\d)")
_NUMBER = r"(?:(?:vol(?:ume)?|no|issue|pp?|pages?)\.?\s?)?\d"
# A bracket goes to the number before it only where no other number follows: one way to read it.
_VOLUME = re.compile(
    rf"(?:[\s,(]++{_NUMBER}(?:[\d.:)\u2013-]|\((?![\s,(]*{_NUMBER}))*+)++[\s,]*$", re.IGNORECASE
)
_MONTH_OF = re.compile(r"\barxiv[\s:'-]{1,3}(\d\d(?:0[1-9]|1[0-2]))(?![\d.])", re.IGNORECASE)
_DIGITS = re.compile(r"\([^()]{0,60}[A-Za-z}]\s([012]\d)\)?$")
_PAGES = re.compile(r"(?:pp?|pages?|vol(?:ume)?|no)\.?[\s\d.,:\u2013-]*", re.IGNORECASE)
_HYPHEN = re.compile(r"-[A-Z]")
_CLOSED = re.compile(r"\s?\)(?=,\s)")
_CLOSES = {")": "(", "]": "[", "}": "{"}
_IN = re.compile(
    r"(?:(?:to appear|published|appeared|accepted|presented) )?(?:in|at|by)[:\s]\s*", re.I
)
_SAID = re.compile(
    r"(?:also )?(?:available|posted|submitted|presented|previously)\b", re.IGNORECASE
)
_VENUE_KEYS = frozenset(
    "venue publisher published conference journal accepted publication 会议 期刊 发表".split()
)
_YEAR_KEYS = frozenset("year date time 年份 时间 日期".split())


def take_venue(chunks: Sequence[Chunk], found: Details, unit: Unit, utf8: bytes) -> None:
    """The venue, with its year: the chunk that says both, else either; else a badge's words."""
    keyed = [c for c in chunks if _VENUE_KEYS & set(c.key.split())]
    free = [
        c
        for c in chunks
        if (not c.key or (is_venue(c.text) and is_dated(c.text))) and len(c.text) <= LONGEST_VENUE
    ]
    free = [c for c in free if not is_label(c.text) or is_venue(c.text) or years(c.text)]
    both = [
        c
        for c in free
        if is_venue(c.text) and years(_bare(c.text)) and _month_of(c.text, unit) is None
    ]
    some = [c for c in free if is_venue(c.text) and len(tokens(c.text)) <= 15]
    if both and some and free.index(some[0]) < free.index(both[0]):
        named = is_dated(some[0].text) and not _MONTH_OF.fullmatch(some[0].text)
        both = some if named else both
    # "Available on a server in 10/2020; ICLR 2021": the latter says nothing but where and when.
    both.sort(key=lambda c: not is_dated(c.text) and _SAID.match(c.text) is not None)
    volumed = [c for c in free if VOLUMED.match(c.text)]
    for chunk in keyed or both or some or volumed[:1] or _before_year(free) or _set_off(free):
        dates = years(_bare(chunk.text))
        last = _month_of(chunk.text, unit) or (dates[-1] if dates else _last_digits(chunk.text))
        if last is not None:
            last = Year(last.value, last.start + chunk.start, last.end + chunk.start)
        found.venue = without_year(chunk.line, chunk.start, chunk.end, last)
        if last is not None and not found.year:
            found.year = year_place(chunk.line, last)
        if found.venue:
            return
    _take_badge(unit, found, utf8)


def _before_year(chunks: Sequence[Chunk]) -> list[Chunk]:
    """Words with a year, or right before one, say where a work appeared even if unknown here."""
    for index, chunk in enumerate(chunks):
        dates = years(chunk.text)
        if not dates or len(tokens(chunk.text)) > 14:
            continue
        if dates[0].start == 0 and dates[0].end > len("2023"):
            continue  # "2023-01, A Company": behind a month stands who wrote it.
        words = re.sub(r"(?:19|20)\d\d|['\u2019]\d\d", "", chunk.text).strip(MARKS)
        named = len(words) > 2 and "://" not in words and people(words) < 0.6
        if named and not (is_dated(chunk.text) or is_label(words)):
            return [chunk]
        if index and chunk.line is chunks[index - 1].line and not years(chunks[index - 1].text):
            before = chunks[index - 1]
            if (
                1 < len(tokens(before.text)) <= 10
                and before.text[:1].isupper()
                and chunk.start - before.end <= 3
            ):
                return [before]
    return []


def _set_off(chunks: Sequence[Chunk]) -> list[Chunk]:
    """Words in italics that name no people say where a work appeared: "*Cognitive Things* 12"."""
    for chunk in chunks:
        words = [word for word in chunk.text.split() if len(word) > 3]
        capital = sum(word[0].isupper() for word in words)
        named = words and capital == len(words) <= 8 and ":" not in chunk.text
        other = is_label(chunk.text) or years(chunk.text) or "repo" in label_kinds(chunk.text)
        if chunk.style & ITALIC and named and not other and people(chunk.text) < 0.6:
            return [chunk]
    return []


def _month_of(text: str, unit: Unit) -> Year | None:
    """The year of an "arXiv 2011" that is November 2020: the work's number begins so."""
    form = _MONTH_OF.search(text)
    if form is None or not any(
        known.scheme == ARXIV and known.value.startswith(f"{form[1]}.") for known in unit.signs.ids
    ):
        return None
    return Year(2000 + int(form[1][:2]), *form.span(1))


def _last_digits(text: str) -> Year | None:
    """The year that two digits behind a known venue in brackets are: "(XYZ Security 19)"."""
    form = _DIGITS.search(text)
    return Year(2000 + int(form[1]), *form.span(1)) if form and is_venue(text) else None


def _take_badge(unit: Unit, found: Details, utf8: bytes) -> None:
    """A venue that stands verbatim on a shields.io badge: `/badge/Conference-ICML'23-blue`."""
    for run in (*unit.head, *unit.notes):
        if not run.style & IMAGE or "shields.io/badge/" not in run.image:
            continue
        words = badge_text(run.image)
        raw = utf8[run.start : run.end].decode("utf-8", "replace")
        # The last one: a badge says "Conference" before it names it.
        at = raw.find("/badge/") + 7
        over = _ADDRESS_END.search(raw, at)
        end = over.start() if over else len(raw)
        form = next(reversed(list(VENUE.finditer(raw, at, end))), None)
        if form is None or not is_venue(words) or not raw.isascii():
            continue
        found.venue = [(run.start + form.start(), run.start + form.end())]
        if not found.year and (date := _BADGE_YEAR.match(raw, form.end())):
            found.year = [(run.start + date.start(1), run.start + date.end(1))]
        return


def take_year(chunks: Sequence[Chunk], found: Details) -> None:
    """The year of a part that is a date, is keyed as one, or ends in one."""
    for chunk in chunks:
        dates = years(chunk.text)
        last = len(chunk.text.rstrip(")] "))
        ends = bool(dates) and dates[-1].end == last and len(tokens(chunk.text)) <= 6
        ends = ends or (bool(dates) and dates[0].start == 0 and len(tokens(chunk.text)) <= 3)
        if not ends and dates and dates[0].start == 0 and chunk.text[dates[0].end :][:1] == ")":
            dates, ends = dates[:1], True  # "(1981): what is said of the work"
        glued = bool(dates) and chunk.text[: dates[-1].start][-1:].isalpha()  # part of a name
        if (
            dates
            and not glued
            and (ends or is_dated(chunk.text) or _YEAR_KEYS & set(chunk.key.split()))
        ):
            date = dates[-1]
            found.year = year_place(
                chunk.line, Year(date.value, date.start + chunk.start, date.end + chunk.start)
            )
            return


def year_place(line: Line, date: Year) -> list[Place]:
    """The digits of the year inside a date."""
    text = line.text[date.start : date.end]
    form = re.search(str(date.value), text) or re.search(r"\d\d", text)
    if form is None:
        return []
    return line.spans(date.start + form.start(), date.start + form.end())


def without_year(line: Line, start: int, end: int, date: Year | None) -> list[Place]:
    """A venue's pieces: its text without the year, identifiers and the marks around them."""
    if form := _IN.match(line.text, start, end):
        start = form.end()
    if form := VOLUMED.match(line.text, start, end):
        end = form.end("name")
    elif date is not None and (close := _CLOSED.match(line.text, date.end, end)):
        end = close.end()  # "(CHI '92), Jane Doe (Eds.)": the editors are not its name.
    elif date is not None and _HYPHEN.match(line.text, date.end, end):
        end = date.end  # "[KDD'2020-Nick]"
    elif date is not None and line.text.startswith(", ", date.end) and date.end < end:
        known, rest = line.text[start : date.start], line.text[date.end : end]
        if is_venue(known) and not (is_venue(rest) or is_dated(line.text[start:end])):
            end = date.end  # "TASLP 2023, A Company"
    cuts = [form.span() for form in _NUMBERS.finditer(line.text, start, end)]
    if cuts and cuts[0][0] <= start and not re.search(r"[A-Za-z]{3}", line.text[cuts[0][1] : end]):
        # "arXiv, 2310.19852": the server is all the venue there is.
        cuts[0] = (start + len("arXiv"), cuts[0][1])
    if date is not None:
        quoted = line.text[max(start, date.start - 1) : date.start] in ("'", "\u2019")
        cuts.append((date.start - quoted, date.end))
    places: list[Place] = []
    at = start
    for first, last in sorted(cuts):
        if first > at:
            places.append((at, first))
        at = max(at, last)
    places.append((at, end))
    kept: list[Place] = []
    for place in places:
        first, last = without_marks(line.text, *place)
        text = line.text[slice(*place)]
        if _PAGES.fullmatch(line.text, first, last):
            continue
        if re.search(r"[^\W\d_]", line.text[first:last]):
            kept.append(_without_volume(line.text, first, last))
        elif kept and text[:1] in _CLOSES and _is_open(line.text[slice(*kept[-1])], text[:1]):
            kept.append((place[0], place[0] + 1))  # "(OpML 19)": without the year, "(OpML)".
    spans: list[Place] = []
    for index, (first, last) in enumerate(kept):
        # A later piece brings the blank before it, so that the pieces join as words.
        blank = index > 0 and first > 0 and line.text[first - 1] == " "
        spans += line.spans(first - blank, last)
    return spans


def _is_open(text: str, closing: str) -> bool:
    """Whether a piece lacks the bracket that closes it."""
    return text.count(_CLOSES[closing]) > text.count(closing)


def _without_volume(text: str, start: int, end: int) -> Place:
    """A venue without volume and pages: "Nature 521.7553" is Nature."""
    form = _VOLUME.search(text, max(start, end - LONGEST_VENUE), end)
    return (start, form.start()) if form and form.start() > start else (start, end)


def _bare(text: str) -> str:
    """The text with identifiers blanked: digits of an arXiv id are no year."""
    return _NUMBERS.sub(lambda form: " " * len(form[0]), text)
