"""What does an OpenReview note say of a paper?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from enrich import ids
from enrich.model import Identifier, Record, Status, Told
from enrich.network.replies import json_of
from enrich.sources import fields

NAME = "openreview"

# The last part of a submission's venueid, after its venue's (upstream-apis 5.3; TMLR has no
# submission name behind the word).
_FATES = (
    (re.compile(r"(?:Desk_)?Reject"), Status.REJECTED),
    (re.compile(r"Withdrawn(?:_|$)"), Status.WITHDRAWN),
    (re.compile(r"Retracted(?:_|$)"), Status.RETRACTED),
)


def record(told: Told) -> Record:
    """A note of either API in the project's terms."""
    try:
        body = json_of(told.body.encode())
        note, content = body["note"], body["note"]["content"]
        content = {name: _value(value) for name, value in content.items()}
    except (ValueError, TypeError, KeyError, AttributeError):
        return Record(NAME, told.asked)
    forum = ids.parse(f"openreview:{note.get('forum')}")
    identifiers = tuple(dict.fromkeys([told.asked, *([forum] if forum else [])]))
    if forum and forum.value != note.get("id"):
        # A review or comment: its title is not the paper's, only the thread is.
        return Record(NAME, told.asked, identifiers=identifiers)
    return _paper(told.asked, note, content, identifiers)


def title_of(note: Mapping[str, Any]) -> str:
    """The title of a paper's note as it is written; empty for one without, and for a reply."""
    content = note.get("content") if note.get("forum") in (None, note.get("id")) else None
    written = _value(content.get("title")) if isinstance(content, dict) else None
    return written if isinstance(written, str) else ""


def _paper(
    asked: Identifier,
    note: dict[str, Any],
    content: dict[str, Any],
    identifiers: tuple[Identifier, ...],
) -> Record:
    venue, venue_id = _one(content.get("venue")), _one(content.get("venueid"))
    status = _status(note, venue, venue_id)
    published = fields.day(fields.first((note.get("pdate"), note.get("cdate"))))
    is_out = status is Status.PUBLISHED
    year = fields.year(venue_id or "") or fields.year(venue or "") if is_out else None
    authors = fields.names(content.get("authors"))
    return Record(
        NAME,
        asked,
        title=fields.line(content.get("title")),
        # Double-blind submissions name nobody.
        authors=() if [a.lower() for a in authors] == ["anonymous"] else authors,
        year=year or (published.year if published else None),
        published=published,
        venue=venue if is_out else None,
        status=status,
        abstract=fields.text(content.get("abstract")),
        identifiers=identifiers,
    )


def _status(note: dict[str, Any], venue: str | None, venue_id: str | None) -> Status | None:
    """Where a submission stands, None where the note alone does not tell.

    v2 writes it into `venueid`; v1 has invitations of their own for what was withdrawn, and no
    single field for rejections (upstream-apis 5.3).
    """
    only = note.get("invitation")
    if isinstance(only, str) and (fate := _fate(only.partition("/-/")[2])):
        return fate
    invitations = note.get("invitations")
    names = [only, *(invitations if isinstance(invitations, list) else ())]
    home = fields.text(note.get("domain")) or next(
        (n.partition("/-/")[0] for n in names if isinstance(n, str) and "/-/" in n), None
    )
    if not venue_id or not home:
        return None
    if venue_id == home:
        is_undecided = (venue or "").lower().startswith(("submitted to", "under review"))
        return None if is_undecided else Status.PUBLISHED
    if venue_id.startswith(f"{home}/"):
        return _fate(venue_id.removeprefix(f"{home}/")) or Status.PREPRINT
    return None


def _fate(last: str) -> Status | None:
    return next((status for pattern, status in _FATES if pattern.match(last)), None)


def _value(field: object) -> object:
    """A field's value: v2 wraps every one, v1 none."""
    return field.get("value") if isinstance(field, dict) and "value" in field else field


def _one(value: object) -> str | None:
    """The text of a field that occasionally arrives as a list."""
    return fields.line(value[0] if isinstance(value, list) and value else value)
