"""Would a report of this snapshot say anything that an earlier one does not?

What counts is what it says of works, entries and lists, of the week's movers, of how old the counts
are and how the sources do. Times of asking and numbers of requests do not: they differ every night.
Nor does what is news: a quiet night has none, and takes nothing from what the last report tells.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace

import msgspec

from enrich.report import holdings, services
from enrich.report.facts import Facts
from enrich.report.movers import movers

MARK = re.compile(r'<meta name="papertide" content="([^"]*)">')
HEAD = 4096
"""Characters at a page's beginning that hold its mark."""


def fingerprint(facts: Facts) -> str:
    """The same for two snapshots of which the report says the same."""
    works = facts.works
    said = (
        [replace(each, citations_checked_at=None, updated_at=each.first_seen_at) for each in works],
        [replace(each, last_seen_at=each.first_seen_at, raw="") for each in facts.live],
        [each.list_id for each in facts.lists],
        [(mover.paper.paper_id, mover.gained) for mover in movers(facts)],
        holdings.ages(works, facts.created_at),
        [each[:4] for each in holdings.sources(facts)],
        services.states(facts),
        [run.status for run in facts.history.runs[:1]],
        sorted(facts.decided),
        facts.simulated,
        facts.history.tool_version,
    )
    return hashlib.sha256(msgspec.json.encode(said)).hexdigest()


def mark_of(head: str) -> str | None:
    """The fingerprint of a report, from the beginning of its page; None where it is none."""
    found = MARK.search(head)
    return found[1] if found else None
