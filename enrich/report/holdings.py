"""How much is known of the works, and how fresh is it?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from enrich.library import ListState, Verdict
from enrich.model import Outcome, Status
from enrich.papers import Paper
from enrich.report.facts import Facts, Held


class Share(NamedTuple):
    """How many of all. `what` of them have it."""

    what: str
    have: int
    of: int

    @property
    def percent(self) -> float:
        """0 to 100; of nothing it is none."""
        return 100 * self.have / self.of if self.of else 0.0


class ListRow(NamedTuple):
    """A list in numbers: entries, the works they name, and how many of these are identified."""

    state: ListState
    entries: int
    works: int
    matched: int
    published: int
    counted: int


class SourceRow(NamedTuple):
    """What a source holds of the works listed now, and when it was asked."""

    source: str
    ok: int
    not_found: int
    failed: int
    oldest: datetime


AGES = (
    ("within a day", timedelta(days=1)),
    ("1 to 7 days before", timedelta(days=7)),
    ("7 to 30 days before", timedelta(days=30)),
)
OLDER, NEVER = "earlier", "no count yet"


def coverage(works: Sequence[Paper]) -> list[Share]:
    """How many works have each thing that a reader may want of them."""
    have = {
        "arXiv": sum(1 for p in works if p.arxiv_id),
        "ACL Anthology": sum(1 for p in works if p.acl_id),
        "OpenReview": sum(1 for p in works if p.openreview_id),
        "DOI": sum(1 for p in works if p.doi),
        "Semantic Scholar": sum(1 for p in works if p.s2_id or p.s2_corpus_id),
        "Abstract": sum(1 for p in works if p.abstract),
        "Citation count": sum(1 for p in works if p.citation_count is not None),
        "Free text": sum(1 for p in works if p.open_access_pdf),
    }
    return [Share(what, n, len(works)) for what, n in have.items()]


def ages(confirmed: Mapping[datetime | None, int], at: datetime) -> dict[str, int]:
    """How many works have a count that was confirmed so long before `at`. `confirmed`: works by
    that time."""
    found: Counter[str] = Counter()
    for time, works in confirmed.items():
        found[_age(time, at)] += works
    return {name: found[name] for name in (*(name for name, _ in AGES), OLDER, NEVER)}


def lists(facts: Facts) -> list[ListRow]:
    """Every list in numbers."""
    rows = []
    live = facts.live
    for state in facts.lists:
        places = [place for place in live if place.list_id == state.list_id]
        named = {p.finding.paper_id for p in places if p.finding}
        papers = [facts.papers[paper_id] for paper_id in named if paper_id in facts.papers]
        matched = {
            p.finding.paper_id for p in places if p.finding and p.finding.verdict is Verdict.MATCHED
        }
        rows.append(
            ListRow(
                state,
                len(places),
                len(named),
                len(matched),
                sum(1 for p in papers if p.status is Status.PUBLISHED),
                sum(1 for p in papers if p.citation_count is not None),
            )
        )
    return rows


def sources(answers: Sequence[Held]) -> list[SourceRow]:
    """What each source answered of the works listed now."""
    told: dict[str, list[Held]] = {}
    for each in answers:
        told.setdefault(each.source, []).append(each)
    return [
        SourceRow(
            source,
            ok=sum(each.works for each in found if each.outcome is Outcome.OK),
            not_found=sum(each.works for each in found if each.outcome is Outcome.NOT_FOUND),
            failed=sum(each.works for each in found if each.outcome is Outcome.FAILED),
            oldest=min(each.oldest for each in found),
        )
        for source, found in sorted(told.items())
    ]


def _age(checked_at: datetime | None, at: datetime) -> str:
    if checked_at is None:
        return NEVER
    return next((name for name, limit in AGES if at - checked_at <= limit), OLDER)
