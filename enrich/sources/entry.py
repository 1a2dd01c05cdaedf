"""What does an entry of arXiv's feed say of a paper?"""

from __future__ import annotations

import re

from arxiv import Result, _feed

from enrich import ids
from enrich.model import DOI, Identifier, Record, Status, Told
from enrich.sources import fields
from enrich.sources.atom import ATOM

NAME = "arxiv"

# The newest version of a withdrawn paper is a stub; the feed has no flag (upstream-apis 3.3).
# "Withdrawn from <venue>" in a comment tells of a submission elsewhere.
_WITHDRAWN_COMMENT = re.compile(r"\bwithdrawn\b(?! from (?!(?:the )?arxiv))", re.IGNORECASE)
_WITHDRAWN_SUMMARY = re.compile(
    r"\b(?:paper|article|manuscript|submission|preprint|work|version)\s+"
    r"(?:has been|have been|was|is|is being)\s+(?:temporarily\s+)?withdrawn\b"
    r"|^\W*(?:this \w+ )?withdrawn\b",
    re.IGNORECASE,
)


def record(told: Told) -> Record:
    """An Atom entry in the project's terms, read by the `arxiv` package's model."""
    result = _result(told.body)
    if result is None:
        return Record(NAME, told.asked)
    comment, summary = fields.text(result.comment), fields.text(result.summary)
    venue = fields.line(result.journal_ref)
    identifiers = [*ids.from_url(result.entry_id), told.asked]
    if doi := ids.doi(fields.text(result.doi) or ""):
        identifiers.append(Identifier(DOI, doi))
    status = Status.PUBLISHED if venue or doi else Status.PREPRINT
    if _WITHDRAWN_COMMENT.search(comment or "") or _WITHDRAWN_SUMMARY.search(summary or ""):
        status = Status.WITHDRAWN
    return Record(
        NAME,
        told.asked,
        title=fields.line(result.title),
        authors=fields.names([author.name for author in result.authors]),
        year=result.published.year,
        published=result.published.date(),
        venue=venue,
        status=status,
        abstract=summary,
        category=fields.text(result.primary_category),
        identifiers=tuple(dict.fromkeys(identifiers)),
    )


def _result(entry: str) -> Result | None:
    # The package logs a warning for an entry that has no date, and raises for a strange one.
    if "published>" not in entry:
        return None
    try:
        feed = _feed.parse(f'<feed xmlns="{ATOM}">{entry}</feed>'.encode())
    except ValueError:
        return None
    return feed.results[0] if feed.results else None
