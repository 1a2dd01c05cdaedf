"""How the report says things: numbers, times, and what codes mean for people."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache

from markupsafe import Markup

from enrich.ids import url_of
from enrich.library import Candidate, Place, Reason
from enrich.model import SCHEMES, Identifier
from enrich.report.table import LABELS
from enrich.update.names import named
from enrich.update.style import Style

SOURCES = {
    "arxiv": "arXiv",
    "semantic_scholar": "Semantic Scholar",
    "openreview": "OpenReview",
    "acl_anthology": "ACL Anthology",
    "list": "the list",
}
"""How the sources call themselves."""

REASONS = {
    Reason.UNKNOWN_TITLE: "no paper of this title was found",
    Reason.NO_TITLE: "the list gives no title",
    Reason.SEVERAL_WORKS: "several works have this title",
    Reason.WEAK_EVIDENCE: "too little speaks for one of them",
    Reason.MISMATCHED: "the link is another paper's",
    Reason.NOT_ASKED: "not asked yet",
    Reason.SOURCE_DOWN: "a source that could tell did not answer",
    Reason.INDEX_UNAVAILABLE: "the ACL Anthology could not be read",
    Reason.REJECTED: "rejected by a person",
}
"""Why an entry has no paper, or not surely one; where it has, there is nothing to say."""

HARMFUL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def number(value: float | None, *, signed: bool = False) -> str:
    """A number as it is read; a minus that is as wide as the plus."""
    if value is None:
        return "–"
    text = f"{value:+,}" if signed else f"{value:,}"
    return text.replace("-", "\u2212")


def day(value: date) -> str:
    """A day as it is read."""
    return f"{value.day} {value:%b %Y}"


def moment(value: datetime) -> str:
    """A time to the minute; all times are in UTC."""
    return f"{day(value)}, {value:%H:%M} UTC"


def source(name: str | None) -> str:
    """A source as it calls itself."""
    return SOURCES.get(name or "", name or "nobody")


def field(name: str) -> str:
    """A column of `papers` as people call it."""
    scheme = name.removesuffix("_id")
    return LABELS.get(scheme) or name.replace("_", " ")


@lru_cache(maxsize=4096)
def venue(name: str | None) -> str | None:
    """A venue by the short name that people use, where it has one."""
    return ("".join(Style().name(named(name))) or name) if name else None


def harmless(value: object) -> object:
    """Text without control characters and those that turn the line around it; anything else, and
    finished markup, as it is."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return HARMFUL.sub("", value)
    return value


def authors(names: Sequence[str] | None, most: int = 4) -> str:
    """The first authors of a work, and how many more there are."""
    if not names:
        return ""
    if len(names) <= most:
        return ", ".join(names)
    return f"{', '.join(names[: most - 1])} and {len(names) - most + 1:,} others"


def where(place: Place) -> str:
    """An entry as `papertide review` takes it."""
    return f"{place.list_id}:{place.line}"


def reason(place: Place) -> str:
    """Why an entry has no paper, or not surely this one, in words."""
    code = place.finding.reason if place.finding else None
    return REASONS.get(code, "") if code else ""


def address(candidate: Candidate) -> str | None:
    """The page of a candidate, if its scheme has pages."""
    scheme, value = candidate[:2]
    return url_of(Identifier(scheme, value)) if scheme in SCHEMES else None
