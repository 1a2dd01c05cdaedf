"""Would a report of this snapshot say anything that an earlier one does not?

What counts is what it says of works, entries and lists, of what counts gained in the week, of how
old they are and how the sources do. Times of asking and numbers of requests do not: they differ
every night. Nor does what is news: a quiet night has none, and takes nothing from what the last
report tells.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import msgspec

from enrich.report import holdings, services
from enrich.report.facts import Held
from enrich.review.decisions import Ruling
from enrich.runs import Run, SourceRun

MARK = re.compile(r'<meta name="papertide" content="([^"]*)">')
HEAD = 4096
"""Characters at a page's beginning that hold its mark."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A snapshot in short, so that a large one need not be read to learn that nothing is new.

    `works`: how many are listed now. `digests`: of their descriptions, of the entries and of what
    counts gained in the week; another one means that something is different. `confirmed`: works by
    the time of their count. `answers`, `runs`, `parts`: as in `History`.
    """

    created_at: datetime
    simulated: bool
    tool_version: str
    works: int
    digests: Sequence[str]
    confirmed: Mapping[datetime | None, int]
    answers: Sequence[Held]
    runs: Sequence[Run]
    parts: Sequence[SourceRun]


def fingerprint(outline: Outline, rulings: Sequence[Ruling]) -> str:
    """The same for two snapshots of which the report says the same, as long as people decided the
    same (`rulings`)."""
    said = (
        outline.digests,
        holdings.ages(outline.confirmed, outline.created_at),
        [each[:3] for each in outline.answers],
        services.states(outline.runs, outline.parts),
        [run.status for run in outline.runs[:1]],
        [replace(each, number=0, line=None) for each in rulings],
        outline.simulated,
        outline.tool_version,
    )
    return hashlib.sha256(msgspec.json.encode(said)).hexdigest()


def mark_of(head: str) -> str | None:
    """The fingerprint of a report, from the beginning of its page; None where it is none."""
    found = MARK.search(head)
    return found[1] if found else None
