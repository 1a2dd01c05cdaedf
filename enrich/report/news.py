"""What changed since a time: works and entries that came and went, and what sources told anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from enrich.library import Place
from enrich.model import Status
from enrich.papers import Change, Paper
from enrich.report.facts import Facts, Moved

GROUPS = {
    "published": "Published",
    "warned": "Withdrawn, retracted or rejected",
    "status": "Status",
    "venue": "Venue",
    "title": "Title",
    "authors": "Authors",
    "year": "Date",
    "identifiers": "Identifiers",
    "abstract": "Abstract",
    "open_access_pdf": "Free text",
}
"""What a change is filed under, in the order of what people ask for first."""

FIELDS = {
    **{field: field for field in ("status", "venue", "title", "authors", "year", "abstract")},
    "published": "year",
    "open_access_pdf": "open_access_pdf",
    **dict.fromkeys(
        ("arxiv_id", "acl_id", "openreview_id", "doi", "s2_id", "s2_corpus_id"), "identifiers"
    ),
}
"""The columns of `papers` whose change is told; entries tell of `lists`, and tallies of counts."""

WARNINGS = (Status.WITHDRAWN, Status.RETRACTED, Status.REJECTED)


class Edit(NamedTuple):
    """A field of a work that is not what it was; None: was, or is, not known."""

    paper: Paper
    field: str
    old: str | None
    new: str | None


class Group(NamedTuple):
    """Edits of one kind."""

    name: str
    edits: Sequence[Edit]


@dataclass(frozen=True, slots=True)
class News:
    """What changed since a time. `joined`: entries of works that were known before."""

    since: datetime
    works: Sequence[Paper]
    joined: Sequence[Place]
    left: Sequence[Place]
    groups: Sequence[Group]
    counts: Moved

    @property
    def is_quiet(self) -> bool:
        """Whether nothing changed."""
        return not (self.works or self.joined or self.left or self.groups or self.counts.works)


def news(facts: Facts, since: datetime, counts: Moved) -> News:
    """What the snapshot tells that was not so before `since`."""
    works = [paper for paper in facts.works if paper.first_seen_at >= since]
    fresh = {paper.paper_id for paper in works}
    joined = [
        place
        for place in facts.live
        if place.first_seen_at >= since and not (place.finding and place.finding.paper_id in fresh)
    ]
    left = [
        place
        for place in facts.library.places.values()
        if place.removed_at is not None and place.removed_at >= since
    ]
    return News(since, works, joined, left, _groups(facts, since, fresh), counts)


def _groups(facts: Facts, since: datetime, fresh: set[str]) -> Sequence[Group]:
    filed: dict[str, list[Edit]] = {name: [] for name in GROUPS}
    for (paper_id, field), (old, new) in _net(facts.history.changes, since).items():
        paper = facts.papers.get(paper_id)
        if paper is not None and paper_id not in fresh and field in FIELDS and old != new:
            filed[_group(field, new)].append(Edit(paper, field, old, new))
    return [
        Group(title, sorted(filed[name], key=lambda e: e.paper.title or ""))
        for name, title in GROUPS.items()
        if filed[name]
    ]


def _net(
    changes: Sequence[Change], since: datetime
) -> dict[tuple[str, str], tuple[str | None, str | None]]:
    """From what to what each field went in all. `changes`: the newest first."""
    net: dict[tuple[str, str], tuple[str | None, str | None]] = {}
    for change in changes:
        if change.at >= since:
            key = change.paper_id, change.field
            net[key] = change.old, net[key][1] if key in net else change.new
    return net


def _group(field: str, new: str | None) -> str:
    if field == "status" and new == Status.PUBLISHED:
        return "published"
    if field == "status" and new in WARNINGS:
        return "warned"
    return FIELDS[field]
