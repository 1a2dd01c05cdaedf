"""What becomes of the venue and the year of an entry whose preprint was published since?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from enrich.ids import from_text, from_url
from enrich.model import Entry, Span, Status
from enrich.papers import PREPRINT_VENUE, Paper
from enrich.update.edits import Edit
from enrich.update.names import LONGEST, Named, is_harmless, named
from enrich.update.style import Style, When, is_preprint, when_of

# The number that stands with the server's name: "arXiv, 2307.00117", "arXiv:2307.00117".
_NUMBER = re.compile(
    rb"(?P<joint>(?:\s*[,:.(\[]?\s*)(?:arxiv\s?[:.,]?\s?|abs/|preprint\s|e-?prints?\s)*)"
    rb"(?P<number>(?:10\.48550/arxiv\.)?\d{4}\.\d{4,5}(?:v\d+)?)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(rb"shields\.io/[^\s()\[\]<>\"']*\Z", re.IGNORECASE)
_IN_ADDRESS = re.compile(r"[A-Za-z]{2,20}(?: [A-Za-z]{2,20})?")


def upgraded(utf8: bytes, entry: Entry, paper: Paper, style: Style) -> tuple[Edit, ...]:
    """The edits that put the publication in the place of the preprint, or none.

    Only where the entry writes a preprint's venue, and the paper is known to be published
    elsewhere; the year changes with the venue, or both stay.
    """
    spans = entry.spans.get("venue", ())
    if not _is_published(paper) or not entry.venue or len(spans) != 1:
        return ()
    venue = named(paper.venue or "")
    year = venue.year or paper.year
    if not is_preprint(entry.venue) or (year and entry.year and year < entry.year):
        return ()
    name = style.name(venue)
    at = spans[0]
    name = _written(utf8, at, name) if name and not _is_lengthy(venue, name, style) else None
    if name is None:
        return ()
    why = f"published: {paper.venue}" + (f", {year}" if year and not venue.year else "")
    return tuple(_edits(utf8, entry, at, name, year, style, why))


def _is_published(paper: Paper) -> bool:
    return (
        paper.status is Status.PUBLISHED
        and bool(paper.venue)
        and not PREPRINT_VENUE.match(paper.venue or "")
    )


def _is_lengthy(venue: Named, name: str, style: Style) -> bool:
    """Whether a name would not fit: written out, among short ones."""
    return venue.short is None and not style.in_full and len(name) > LONGEST


def _written(utf8: bytes, at: Span, name: str) -> str | None:
    """A name as it can stand there; on a badge, as part of an address."""
    if _ADDRESS.search(utf8, max(0, at[0] - 300), at[0]):
        return name.replace(" ", "%20") if _IN_ADDRESS.fullmatch(name) else None
    return name if is_harmless(name) else None


def _edits(
    utf8: bytes, entry: Entry, at: Span, name: str, year: int | None, style: Style, why: str
) -> Iterator[Edit]:
    when = when_of(utf8, entry)
    number = _NUMBER.match(utf8, at[1], at[1] + 60)
    if number and not _is_linked(entry, number["number"]):
        return  # the number is all that names the paper
    if when is not None and year is None and (when.joint is not None or not when.is_date):
        return  # the preprint's year would be taken for the publication's
    end, tail = at[1], ""
    if number:
        joint = _bare(number["joint"]) if style.joint is None else style.joint
        end = number.end()
        tail = _dated(joint, year, style.digits) if when is None or not _goes(when) else ""
    elif when is None or (when.is_date and when.joint is None):
        is_usual = style.joint is not None and year is not None
        tail = _dated(style.joint or "", year, style.digits) if is_usual else ""
    if utf8[at[0] : end] != (new := (name + tail).encode()):
        yield Edit(at[0], end, new, "venue", why)
    if when is not None and _goes(when) and year is not None:
        place, text = _year(when, year)
        if utf8[slice(*place)] != text:
            yield Edit(*place, text, "year", why)


def _goes(when: When) -> bool:
    """Whether the year is that of the venue; a date that stands elsewhere is the preprint's."""
    return when.joint is not None or not when.is_date


def _year(when: When, year: int) -> tuple[Span, bytes]:
    """A date beside the venue gives way to the year, a year keeps its number of digits."""
    digits = 4 if when.is_date else when.digits[1] - when.digits[0]
    return when.date, str(year)[-digits:].encode()


def _dated(joint: str, year: int | None, digits: int) -> str:
    return f"{joint}{str(year)[-digits:]}" if year else ""


def _bare(joint: bytes) -> str:
    """What parts a venue and its number, to part it from a year: no colon, as in "ACL:2023"."""
    return ", " if joint.lstrip().startswith(b",") else " "


def _is_linked(entry: Entry, number: bytes) -> bool:
    """Whether a link of the entry states the number as well."""
    stated = from_text(f"arXiv:{number.decode().rpartition('arxiv.')[2].rpartition('arXiv.')[2]}")
    linked = {i for link in entry.links for i in from_url(link.url)}
    return bool(stated) and set(stated) <= linked
