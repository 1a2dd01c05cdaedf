"""What becomes of the venue and the year of an entry whose preprint was published since?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from enrich.ids import from_text, from_url
from enrich.model import Entry, Span, Status
from enrich.papers import PREPRINT_VENUE, Paper
from enrich.update.edits import Edit
from enrich.update.names import LONGEST, Named, is_harmless, named
from enrich.update.style import Style, When, is_label, is_preprint, when_of

# The number that stands with the server's name: "arXiv, 2307.00117", "arXiv:2307.00117".
_NUMBER = re.compile(
    rb"(?P<joint>\s*[,:.]?\s*(?P<bracket>\(?)(?:arxiv\s?[:.,]?\s?|abs/|preprint\s|e-?prints?\s)*)"
    rb"(?P<number>(?:10\.48550/arxiv\.)?\d{4}\.\d{4,5}(?:v\d+)?)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(rb"shields\.io/[^\s()\[\]<>\"']*\Z", re.IGNORECASE)
_IN_ADDRESS = re.compile(r"(?:[A-Za-z]{2,20}(?: [A-Za-z]{2,20})?)?|(?: [A-Za-z]{2,20})")


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
    at = spans[0]
    before, behind = style.name(venue)
    if _is_lengthy(venue, style) or (is_label(utf8, at) and not style.in_links):
        return ()  # the label of a link to the preprint names the preprint
    name, rest = _written(utf8, at, before), _written(utf8, at, behind)
    if name is None or rest is None:
        return ()
    why = f"published: {paper.venue}" + (f", {year}" if year and not venue.year else "")
    return tuple(_edits(utf8, entry, at, (name, rest), year, style, why))


def _is_published(paper: Paper) -> bool:
    return (
        paper.status is Status.PUBLISHED
        and bool(paper.venue)
        and not PREPRINT_VENUE.match(paper.venue or "")
    )


def _is_lengthy(venue: Named, style: Style) -> bool:
    """Whether a name would not fit: written out, among short ones."""
    return venue.short is None and not style.in_full and len(venue.whole) > LONGEST


def _written(utf8: bytes, at: Span, name: str) -> str | None:
    """A part of a name as it can stand there; on a badge, as part of an address."""
    if _ADDRESS.search(utf8, max(0, at[0] - 300), at[0]):
        return name.replace(" ", "%20") if _IN_ADDRESS.fullmatch(name) else None
    return name if is_harmless(name) else None


def _edits(
    utf8: bytes,
    entry: Entry,
    at: Span,
    name: tuple[str, str],
    year: int | None,
    style: Style,
    why: str,
) -> Iterator[Edit]:
    when = when_of(utf8, entry)
    number = _NUMBER.match(utf8, at[1], at[1] + 60)
    if number and (is_label(utf8, at) or not _is_linked(entry, number["number"])):
        return  # the number is all that names the paper, or the link
    if when is not None and year is None and _goes(when):
        return  # the preprint's year would be taken for the publication's
    is_told = when is not None and _goes(when)
    if number and number["bracket"] and (is_told or year is None):
        return  # nothing would be left in the brackets
    end, joint = at[1], style.joint
    if number:
        end = number.end()
        joint = _bare(number) if joint is None or number["bracket"] else joint
    tail = "" if is_told or joint is None or year is None else f"{joint}{_cut(year, style.digits)}"
    new = name[0] + tail + ("" if is_told else name[1])
    if utf8[slice(at[0], end)] != new.encode():
        yield Edit(at[0], end, new.encode(), "venue", why)
    if is_told and when is not None and year is not None:
        text = _cut(year, 4 if when.is_date else when.digits[1] - when.digits[0]) + name[1]
        if utf8[slice(*when.date)] != text.encode():
            yield Edit(*when.date, text.encode(), "year", why)


def _goes(when: When) -> bool:
    """Whether the year is that of the venue; a date that stands elsewhere is the preprint's."""
    return when.joint is not None or not when.is_date


def _cut(year: int, digits: int) -> str:
    """The last digits of a year, as many as the list writes."""
    return str(year)[-digits:]


def _bare(number: re.Match[bytes]) -> str:
    """What parts a venue and its number, to part it from a year: no colon, as in "ACL:2023"."""
    if number["bracket"]:
        return " ("
    return ", " if number["joint"].lstrip().startswith(b",") else " "


def _is_linked(entry: Entry, number: bytes) -> bool:
    """Whether a link of the entry states the number as well."""
    stated = from_text(f"arXiv:{number.decode().rpartition('arxiv.')[2].rpartition('arXiv.')[2]}")
    linked = {i for link in entry.links for i in from_url(link.url)}
    return bool(stated) and set(stated) <= linked
