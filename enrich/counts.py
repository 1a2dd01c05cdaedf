"""Is a citation count that a source tells news, and is it to be believed?"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from enrich.model import Record

INSTANT = timedelta(microseconds=1)
"""The least that two times in the store differ by."""


class Observed(NamedTuple):
    """A record and the time it was told."""

    record: Record
    at: datetime


class Count(NamedTuple):
    """One observation of a citation count: appended when it changed, never altered."""

    paper_id: str
    source: str
    observed_at: datetime
    citation_count: int | None
    influential_citation_count: int | None


def counted(
    paper_id: str, current: Count | None, before: Observed | None, told: Observed
) -> Count | None:
    """The observation to append, or None where nothing changed or a fall must be confirmed.

    Semantic Scholar's counts fall to 0 or null and come back (upstream-apis.md, section 4.3): each
    of the two is believed to have fallen when the previous answer, `before`, said so too.
    """
    new = _counts(told.record)
    if current is None:
        is_news = new[0] is not None
    else:
        known = current[3:]
        then = _counts(before.record) if before and before.at < told.at else known
        new = tuple(
            now if not _falls(was, now) or _falls(was, earlier) else was
            for was, earlier, now in zip(known, then, new, strict=True)
        )
        is_news = new != known
    if not is_news:
        return None
    # The order in which counts were told stays, also in one instant and after a clock set back.
    at = told.at if current is None else max(told.at, current.observed_at + INSTANT)
    return Count(paper_id, told.record.source, at, *new)


def _counts(record: Record) -> tuple[int | None, ...]:
    return record.citation_count, record.influential_citation_count


def _falls(was: int | None, now: int | None) -> bool:
    """Whether a known count has become zero or unknown."""
    return was is not None and not now and now != was
