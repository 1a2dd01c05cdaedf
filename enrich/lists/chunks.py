"""Parts what a work's lines say beside its title, between stops, links and changes of style."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from enrich.lists.blocks import BOLD, CODE, IMAGE, ITALIC, UNDER, Run
from enrich.lists.lines import SLASH, Line, trimmed
from enrich.lists.names import et_al, people
from enrich.lists.occasions import occasion_end
from enrich.lists.venues import MONTH, SHORTENED, counts, is_dated, is_venue, years
from enrich.lists.words import is_label, key_of

Place = tuple[int, int]
MOST = 200
"""Parts of a line that are looked at; details do not stand further on."""
MARKS = (
    ' \t\n.,;:|*_`[](){}<>-/"\u00b7\u2013\u2014\u201c\u201d\u2022'
    "\u3001\u3002\u300a\u300b\u3010\u3011\uff08\uff09\uff0c\uff1a"
)
"""What stands between details and belongs to none of them."""
_BRACKETS = ("()", "[]", "{}", "\uff08\uff09")
_STOPS = re.compile(
    r"(?<!Proc)(?<!Trans)(?<!Int)(?<!Conf)(?<!\b[A-Z])(?<!\bJ)(?<!\bvs)(?<!al)(?<!\.\.)(?<!\b[Vv]ol)(?<!\b[Nn]o)(?<!\bpp)[.\u3002](?=\s|$)"
    r"|\s(?:-{1,3}|[\u2013\u2014|\u00b7])\s|[;\uff1b]\s|\s/\s|\n|:[a-z][a-z0-9_]{2,30}:"
)
# "Doe, J. and Roe, A., 2000, May" and "Jane Doe and John Roe 2018": people, then when.
_NAMES_YEAR = re.compile(
    rf"[\s,(]+(?=(?:19|20)\d\d[a-z]?(?:,\s(?:{MONTH})\b[^,.]{{0,8}})?$)", re.IGNORECASE
)
_REFERENCE = re.compile(r"\s*(?:\[\d{1,4}\]|\d{1,4}[.)\]])\s+")
_BY = re.compile(r"[\s,(>\])]*(?:by|~)\s+(?=[^\W\da-z_])")
# What parts the people behind "by" from each other and from where and when.
_PEOPLE_PARTED = re.compile(r"[,;.]\s+|\s?[(\uff08]")
NEXT = 80
"""Characters behind people that are looked at for where and when."""
_YEAR_FIRST = re.compile(r"(?:19|20)\d\d(?!\d)")
_INITIAL = re.compile(r"\s*[A-Z]\.")
_COLON = re.compile("[:\uff1a]")


@dataclass(slots=True)
class Details:
    """What was found: the authors as text, the rest as places in the source, in pieces."""

    authors: str = ""
    venue: list[Place] = field(default_factory=list)
    year: list[Place] = field(default_factory=list)
    counts: list[Place] = field(default_factory=list)


class Chunk(NamedTuple):
    """A part of a line between stops, links and changes of style."""

    line: Line
    start: int
    end: int
    style: int
    key: str = ""

    @property
    def text(self) -> str:
        return self.line.text[self.start : self.end]


def chunks_of(line: Line, title: Place | None) -> Iterator[Chunk]:
    """The first parts of a line beside its title, in order."""
    yield from islice(_chunks(line, title), MOST)


def rest_of(chunk: Chunk, start: int) -> Iterator[Chunk]:
    """What is left of a chunk from a character of its text on, itself in parts."""
    yield from _chunk(chunk.line, chunk.start + start, chunk.end, chunk.style)


def _chunks(line: Line, title: Place | None) -> Iterator[Chunk]:
    """The parts of a line beside its title, in order; links with a label say nothing here."""
    numbers = [form.span() for form in counts(line.text)]
    for start, end, style, link in _stretches(line, title):
        text = line.text[start:end]
        if "](" in text or (link >= 0 and (text.startswith("http") or _is_mere_label(text))):
            continue
        at = start
        stops = [
            stop.span()
            for stop in _STOPS.finditer(line.text, start, end)
            if not _shortens(line.text, stop.start())
        ]
        # A count may go on in another style: `Cited:` and then its number as code.
        told = [(max(first, start), min(last, end)) for first, last in numbers if first < end]
        stops = sorted(stops + [(first, last) for first, last in told if first < last])
        for first, last in stops:
            if first >= at:
                yield from _chunk(line, at, first, style)
            at = max(at, last)
        yield from _chunk(line, at, end, style)


def _is_mere_label(text: str) -> bool:
    """Whether a link's text is but a label: "[CVPR2018](url)" tells more."""
    return is_label(text) and not years(text)


def _shortens(text: str, at: int) -> bool:
    """Whether a stop only shortens a word of a venue and more follows: "Knowl. Based Syst."."""
    if text[at] != "." or at + 2 >= len(text):
        return False
    near = max(0, at - 20)
    start = max(text.rfind(mark, near, at) for mark in " (,") + 1
    return SHORTENED.fullmatch(text, start, at + 1) is not None


def _chunk(line: Line, start: int, end: int, style: int) -> Iterator[Chunk]:
    if form := _REFERENCE.match(line.text, start, end):
        start = form.end()
    if form := _BY.match(line.text, start, end):
        start = form.end()
        stop = _names_stop(line.text, start, end)
        if people(line.text[start:stop]) >= 0.6:
            yield Chunk(line, *trimmed(line.text, start, stop, MARKS), style, "by")
            start = stop
    key = key_of(line.text[start:end])
    if key and (colon := _COLON.search(line.text, start, end)):
        start = colon.end()
    first, last = without_marks(line.text, start, end)
    cut = occasion_end(line.text, first, last)
    if first < cut < last and et_al(line.text, cut) and people(line.text[cut:last]) >= 0.6:
        # "ISCA'15, Doe et al.": where and when, then people.
        yield Chunk(line, *trimmed(line.text, first, cut, MARKS), style, key)
        first = cut
    comma = max(line.text.rfind(mark, first, last) for mark in ",\uff0c")
    if (
        comma > 0
        and is_dated(line.text[comma + 1 : last])
        and people(line.text[first:comma]) >= 0.6
        and not is_venue(line.text[first:comma].split(",", 1)[0])
        and not _INITIAL.match(line.text, comma + 1)
    ):
        before = line.text.rfind(",", first, comma)
        if before > first and is_venue(name := line.text[before + 1 : comma]) and is_dated(name):
            comma = before
        # "Jane Doe, ICML, 2020": people, then where and when.
        yield Chunk(line, first, comma, style, key)
        first, last = trimmed(line.text, comma + 1, last, MARKS)
    if (when := _NAMES_YEAR.search(line.text, first, last)) and _are_people(
        line.text[first : when.start()]
    ):
        yield Chunk(line, first, when.start(), style, key)
        first = when.end()
    if first < last:
        yield Chunk(line, first, last, style, key)


def _are_people(text: str) -> bool:
    """Whether words before a year are people and no venue: "Jane Doe and John Roe 2018"."""
    return et_al(text) is None and people(text) >= 0.6 and not is_venue(text)


def without_marks(text: str, start: int, end: int) -> Place:
    """A slice without the marks around it; a bracket that pairs inside stays: "{X} of Y (Z)"."""
    before = (-1, -1)
    while (start, end) != before:
        before = start, end
        while start < end and text[start] in MARKS and not _pairs(text, start, end, start):
            start += 1
        while end > start and text[end - 1] in MARKS and not _pairs(text, start, end, end - 1):
            end -= 1
    return start, end


def _pairs(text: str, start: int, end: int, at: int) -> bool:
    """Whether the bracket at an end of a slice pairs with one inside it, not at its other end."""
    if text[start] + text[end - 1] in _BRACKETS:
        return False
    for pair in _BRACKETS:
        if at == start and text[at] == pair[0]:
            return text.find(pair[1], start, end) >= 0
        if at == end - 1 and text[at] == pair[1]:
            return text.rfind(pair[0], start, end) >= 0
    return False


def _names_stop(text: str, start: int, end: int) -> int:
    """Where people end that stand behind "by": before where and when they published."""
    for form in _PEOPLE_PARTED.finditer(text, start, end):
        rest = _PEOPLE_PARTED.split(text[form.end() : min(end, form.end() + NEXT)], 1)[0]
        over = rest.strip() and (is_dated(rest) or is_venue(rest) or _YEAR_FIRST.match(rest))
        if over or form[0].strip() in ("(", "\uff08"):
            return form.start()
    return end


def _stretches(line: Line, title: Place | None) -> Iterator[tuple[int, int, int, int]]:
    """Slices of one style and link, without the title, pictures and breaks."""
    cut = title or (0, 0)
    mask = BOLD | ITALIC | CODE | UNDER
    start, shape = 0, (0, -1)
    for index, run in enumerate((*line.runs, Run("", 0, 0, IMAGE))):
        at = line.starts[index] if index < len(line.starts) else len(line.text)
        broken = bool(run.style & IMAGE) or run.text == SLASH
        here = (run.style & mask, run.link)
        if here != shape or broken:
            for first, last in ((start, min(at, cut[0])), (max(start, cut[1]), at)):
                if first < last and not (cut[0] == cut[1] and first < start):
                    yield first, last, *shape
            start, shape = at, here
