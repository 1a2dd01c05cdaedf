"""From accepted units to entries: fields read, cleaned, and their places in the file noted."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from itertools import count

from enrich.lists import clean
from enrich.lists.blocks import Document
from enrich.lists.chunks import Details
from enrich.lists.conventions import labelled_lists, labelled_venue
from enrich.lists.decode import Source
from enrich.lists.details import read_details
from enrich.lists.kinds import kind_of_unit
from enrich.lists.lines import Line, join
from enrich.lists.names import is_shortcut
from enrich.lists.occasions import is_day, venue_of_heading, year_of_heading
from enrich.lists.publication import year_place
from enrich.lists.signs import Use, is_target
from enrich.lists.targets import Targets
from enrich.lists.titles import Title, candidates, choose, common_style
from enrich.lists.units import Unit
from enrich.lists.unlinked import FEWEST, is_credited
from enrich.lists.venues import Year, years
from enrich.model import ARXIV, Entry, Kind, Link, Span

LONGEST_RAW = 10_000
"""Characters of an entry's source text that are kept."""


def entries_of(units: list[Unit], document: Document, source: Source) -> Iterator[Entry]:
    """The entries that the units stand for, in order.

    `units` is emptied: each is given up for its entry, as many of both would fill the memory.
    """
    heads = [join(unit.head) for unit in units]
    choices = [candidates(head, document.links) for head in heads]
    groups: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for index, unit in enumerate(units):
        groups[_kin(unit)].append(index)
    styles = {
        key: common_style([choices[index] for index in members]) for key, members in groups.items()
    }
    credited = {
        key: _are_credited([heads[index] for index in members]) for key, members in groups.items()
    }
    labelled = labelled_lists(units)
    targets = Targets(source.utf8, document.links)
    waiting = deque(zip(units, heads, choices, strict=True))
    for done in (units, heads, choices):
        done.clear()
    for number in count(1):
        if not waiting:
            return
        unit, head, titles = waiting.popleft()
        title = choose(titles, styles[_kin(unit)], credited[_kin(unit)])
        place = (title.start, title.end) if title is not None else None
        details = read_details(unit, head, place, source.utf8)
        if not details.venue and (unit.layout, unit.scope) in labelled:
            details.venue = labelled_venue(unit)
        yield _entry(number, unit, head, title, details, source, targets)


def _are_credited(heads: Sequence[Line]) -> bool:
    """Whether most works of a group name their people behind "by"."""
    return len(heads) >= FEWEST and sum(is_credited(h.text) for h in heads) * 2 >= len(heads)


def _kin(unit: Unit) -> tuple[object, ...]:
    """Units that share a way of writing: of one section and layout."""
    return (
        unit.layout,
        unit.scope,
        unit.section,
        len(unit.group) and unit.group[0] if "table" in unit.layout else 0,
    )


def _entry(
    number: int,
    unit: Unit,
    head: Line,
    title: Title | None,
    details: Details,
    source: Source,
    targets: Targets,
) -> Entry:
    place = (title.start, title.end) if title is not None else None
    name_spans = head.spans(*place) if place else []
    name = clean.title(source.cut(*span) for span in name_spans)
    venue = clean.venue(source.cut(*span) for span in details.venue)
    year = clean.year(source.cut(*span) for span in details.year)
    authors = clean.plain([details.authors]).strip(" ,;") or None
    uses = [use for use in unit.signs.uses if is_target(use.url)]
    places = targets.places(uses)
    link = head.link_at(title.start) if title is not None else -1
    kind = kind_of_unit(unit, link, venue, bool(authors))
    nick = unit.nicks and kind is Kind.PAPER and title is not None and title.words <= 6
    if place and is_shortcut(head.text[slice(*place)]):
        nick = True
        if year is None and (dates := years(head.text[slice(*place)])):
            date = dates[-1]
            details.year = year_place(
                head, Year(date.value, date.start + place[0], date.end + place[0])
            )
            year = clean.year(source.cut(*span) for span in details.year)
    spans: dict[str, tuple[Span, ...]] = {
        key: tuple(_placed(source, span) for span in pieces)
        for key, pieces in (
            ("title", name_spans),
            ("venue", details.venue if venue else []),
            ("year", details.year if year else []),
            ("counts", details.counts),
            ("links", places),
        )
        if pieces
    }
    line, end_line = source.line(unit.start), source.line(_last(source.utf8, unit))
    return Entry(
        n=number,
        line=line,
        end_line=max(line, end_line),
        section=unit.section,
        title=None if nick else name,
        label=name if nick else None,
        authors=authors,
        venue=venue or next(filter(None, map(venue_of_heading, reversed(unit.section))), None),
        year=year or _year_above(unit),
        kind=kind,
        links=tuple(
            Link(_label(use), clean.url([source.cut(*place)]))
            for use, place in zip(uses, places, strict=True)
        ),
        ids=unit.signs.ids,
        confidence=_confidence(unit, title, details),
        layout=unit.layout,
        spans=spans,
        raw=_raw(source, line, max(line, end_line)),
    )


def _year_above(unit: Unit) -> int | None:
    """The year that a heading or a group above an entry is named for.

    Works are older than the day on which they are read: a day's year is that of a work only where
    the number that arXiv gave it says so as well.
    """
    named = ((name, year_of_heading(name)) for name in reversed(unit.section))
    name, year = next(((name, year) for name, year in named if year), ("", None))
    if year is None or not is_day(name):
        return year
    numbers = [known.value for known in unit.signs.ids if known.scheme == ARXIV]
    return year if any(number.startswith(f"{year % 100:02}") for number in numbers) else None


def _label(use: Use) -> str:
    return clean.plain([use.label]).strip(" []\u3010\u3011")


def _placed(source: Source, span: Span) -> Span:
    return source.place(span[0]), source.place(span[1])


def _last(utf8: bytes, unit: Unit) -> int:
    """The last byte of a unit that is not blank."""
    body = utf8[unit.start : unit.end].rstrip()
    return unit.start + max(0, len(body) - 1)


def _raw(source: Source, line: int, end_line: int) -> str:
    end = source.starts[end_line] if end_line < len(source.starts) else len(source.utf8)
    start = source.starts[line - 1]
    return source.cut(start, min(end, start + 4 * LONGEST_RAW)).rstrip("\r\n")[:LONGEST_RAW]


def _confidence(unit: Unit, title: Title | None, details: Details) -> float:
    """How sure the reading is, 0 to 1: a title, a paper's link, authors or a venue."""
    sure = 0.4 if title is not None else 0.2
    sure += (0.1, 0.25, 0.35, 0.45)[unit.signs.strength]
    sure += 0.15 if title is not None and title.words >= 3 else 0.0
    sure += 0.1 if details.authors or details.venue or unit.layout.endswith("table") else 0.0
    return round(min(1.0, sure), 2)
