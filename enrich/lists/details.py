"""Finds authors, venue, year and citation count in what a work's lines say beside its title."""

from __future__ import annotations

from enrich.lists.authors import take_authors
from enrich.lists.badges import badge_counts
from enrich.lists.chunks import MARKS, Details, Place, chunks_of
from enrich.lists.edges import trail_start
from enrich.lists.lines import Line, join, trimmed
from enrich.lists.publication import take_venue, take_year, without_year, year_place
from enrich.lists.units import Unit
from enrich.lists.venues import NUMBER, counts, is_venue, years
from enrich.lists.words import is_label


def read_details(unit: Unit, head: Line, title: Place | None, utf8: bytes) -> Details:
    """The details of a unit whose title stands at `title` in its head line."""
    found = Details()
    notes = join(unit.notes)
    for line in (head, notes):
        for form in counts(line.text):
            if line is head and title and form.start() < title[1] and form.end() > title[0]:
                continue  # "Papers With 100 Citations" is a title
            found.counts += line.spans(*form.span("number" if form["number"] else "before"))
    found.counts += badge_counts((*unit.head, *unit.notes), utf8)
    for role, runs in unit.columns.items():
        _read_column(role, join(runs), found)
    chunks = [*chunks_of(head, title), *chunks_of(notes, None)]
    rest = take_authors(chunks, found, head, title)
    if not found.venue:
        take_venue(rest, found, unit, utf8)
    if not found.year:
        take_year(rest, found)
    return found


def _read_column(role: str, line: Line, found: Details) -> None:
    if role == "counts":
        if form := NUMBER.search(line.text):
            found.counts += line.spans(*form.span())
        return
    start, end = trimmed(line.text, 0, trail_start(line.text, 0, len(line.text)), MARKS)
    text = line.text[start:end]
    known = role == "venue" and is_venue(text)  # "ICLR" is a label, too
    if not text or (is_label(text) and not (known or years(text))):
        return
    if role == "authors" and not found.authors:
        dates = years(text)
        if dates and dates[0].start and dates[-1].end == len(text):  # "Jane Doe, 2020"
            found.year = found.year or year_place(
                line, dates[-1]._replace(start=start + dates[-1].start, end=start + dates[-1].end)
            )
            text = text[: dates[0].start].rstrip(MARKS)
        found.authors = f"{text}." if text.endswith(" al") else text
    elif role in ("year", "venue"):
        dates = years(line.text)
        if dates and not found.year:
            found.year = year_place(line, dates[-1])
        if role == "venue":
            found.venue = without_year(line, start, end, dates[-1] if dates else None)
