"""What is the current description of a work, given what the lists and the sources say of it?

Everything here is derived: from the newest record of each source, the counts observed so far and
the description of last night. Nothing that a source did not tell erases what it told before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import NamedTuple, TypeVar

from enrich.counts import Count, Observed
from enrich.library import Place
from enrich.model import ACL, ARXIV, DOI, OPENREVIEW, S2, Identifier, Record, Status

LIST = "list"
ARXIV_SOURCE, S2_SOURCE = "arxiv", "semantic_scholar"
OPENREVIEW_SOURCE, ACL_SOURCE = "openreview", "acl_anthology"

TRUST = (ACL_SOURCE, ARXIV_SOURCE, OPENREVIEW_SOURCE, S2_SOURCE, LIST)
"""Whom a title, author line or abstract is taken from, first to last: the publisher before the
authors' own deposit before an aggregator before a list."""

VENUE_TRUST = (ACL_SOURCE, OPENREVIEW_SOURCE, S2_SOURCE, ARXIV_SOURCE, LIST)
"""For venue and year: who knows of the publication comes before the preprint server."""

ARXIV_VENUE = re.compile(r"^\W*(arxiv(\.org)?|corr)\b", re.IGNORECASE)
PREPRINT_VENUE = re.compile(r"^\W*(arxiv(\.org)?|corr|preprint|openreview)\b", re.IGNORECASE)
ARXIV_DOI = "10.48550/"


class Change(NamedTuple):
    """A field of a work's description that differs from the last snapshot's, as text."""

    paper_id: str
    field: str
    old: str | None
    new: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Paper:
    """A work's current description: a row of `papers` (contract section 5)."""

    paper_id: str
    title: str | None
    authors: tuple[str, ...] | None
    year: int | None
    published: date | None
    venue: str | None
    status: Status | None
    abstract: str | None
    abstract_source: str | None
    arxiv_id: str | None
    acl_id: str | None
    openreview_id: str | None
    doi: str | None
    s2_id: str | None
    s2_corpus_id: str | None
    citation_count: int | None
    influential_citation_count: int | None
    citation_source: str | None
    citations_checked_at: datetime | None
    open_access_pdf: str | None
    lists: tuple[str, ...]
    first_seen_at: datetime
    updated_at: datetime


def ids_of(paper: Paper) -> tuple[Identifier, ...]:
    """The identifiers that a description names, one a scheme, in the order of `SCHEMES`."""
    corpus = f"CorpusID:{paper.s2_corpus_id}" if paper.s2_corpus_id else None
    said = (
        (ARXIV, paper.arxiv_id),
        (ACL, paper.acl_id),
        (OPENREVIEW, paper.openreview_id),
        (DOI, paper.doi),
        (S2, paper.s2_id or corpus),
    )
    return tuple(Identifier(scheme, value) for scheme, value in said if value)


NOT_NEWS = frozenset({"paper_id", "citations_checked_at", "first_seen_at", "updated_at"})
"""Columns whose change is bookkeeping, not something that happened to the work."""


def listed(paper_id: str, places: Sequence[Place]) -> Record:
    """What the lists themselves say of a work: the first place that says it, live ones first."""
    order = sorted(places, key=lambda p: (p.removed_at is not None, p.list_id, p.position))
    return Record(
        source=LIST,
        asked=Identifier(LIST, paper_id),
        title=_first(p.title for p in order),
        authors=_first(_names(p.authors) for p in order) or (),
        year=_first(p.year for p in order),
        venue=_first(p.venue for p in order),
    )


def describe(
    paper_id: str,
    records: Mapping[str, Observed],
    places: Sequence[Place],
    identifiers: Iterable[Identifier],
    count: Count | None,
    old: Paper | None,
    first_seen_at: datetime,
    now: datetime,
) -> Paper:
    """The work as it stands now. `count` is the newest accepted observation."""
    told = {source: observed.record for source, observed in records.items()}
    told[LIST] = listed(paper_id, places)
    by_trust = [told[source] for source in TRUST if source in told]
    by_venue = [told[source] for source in VENUE_TRUST if source in told]
    ids = _by_scheme(identifiers)
    abstract = next((r for r in by_trust if r.abstract), None)
    status = _status(told, ids)
    s2 = records.get(S2_SOURCE)
    held = count is not None and s2 is not None and s2.record.citation_count != count.citation_count
    paper = Paper(
        paper_id=paper_id,
        title=_first(r.title for r in by_trust),
        authors=_first(r.authors for r in by_trust),
        year=_first(r.year for r in by_venue),
        published=_first(told[s].published for s in TRUST[1:] if s in told),
        venue=_venue(by_venue, status),
        status=status,
        abstract=abstract.abstract if abstract else old.abstract if old else None,
        abstract_source=abstract.source if abstract else old.abstract_source if old else None,
        arxiv_id=ids.get(ARXIV),
        acl_id=ids.get(ACL),
        openreview_id=ids.get(OPENREVIEW),
        doi=ids.get(DOI),
        s2_id=ids.get(S2),
        s2_corpus_id=ids.get("corpus"),
        citation_count=count.citation_count if count else None,
        influential_citation_count=count.influential_citation_count if count else None,
        citation_source=count.source if count else None,
        citations_checked_at=(old.citations_checked_at if old else None)
        if held
        else s2.at
        if s2
        else None,
        open_access_pdf=_pdf(by_trust, ids),
        lists=tuple(sorted({p.list_id for p in places if p.removed_at is None})),
        first_seen_at=first_seen_at,
        updated_at=now,
    )
    if old is not None and not any(True for _ in changes(old, paper, now)):
        return replace(paper, updated_at=old.updated_at)
    return paper


def changes(old: Paper, new: Paper, at: datetime) -> Iterable[Change]:
    """The fields of a work that changed, an abstract by its first words."""
    before, after = _row(old), _row(new)
    for field in after:
        if field not in NOT_NEWS and before[field] != after[field]:
            yield Change(new.paper_id, field, _text(before[field]), _text(after[field]), at)


def _row(paper: Paper) -> dict[str, object]:
    return {field.name: getattr(paper, field.name) for field in fields(Paper)}


def _text(value: object) -> str | None:
    if value is None:
        return None
    text = "; ".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return text if len(text) <= 300 else text[:299] + "…"


T = TypeVar("T")


def _first(values: Iterable[T | None]) -> T | None:
    return next((value for value in values if value), None)


def _names(authors: str | None) -> tuple[str, ...] | None:
    """A list's author line as names, where it is complete: `Lee et al.` names nobody else."""
    if not authors or re.search(r"(?i)\bet\.?\s*al|…|\.\.\.|\bothers\b", authors):
        return None
    parts = re.split(r"[,;&]|\band\b", authors)
    return tuple(name for part in parts if (name := part.strip())) or None


def _by_scheme(identifiers: Iterable[Identifier]) -> dict[str, str]:
    """One identifier a scheme: of several, the publisher's DOI, else the first in order."""
    found: dict[str, str] = {}
    for scheme, value in sorted(identifiers, key=lambda i: (i.value.startswith(ARXIV_DOI), i)):
        if scheme == S2 and value.startswith("CorpusID:"):
            found.setdefault("corpus", value.removeprefix("CorpusID:"))
        else:
            found.setdefault(scheme, value)
    return found


def _status(told: Mapping[str, Record], ids: Mapping[str, str]) -> Status | None:
    """Where the work stands. Withdrawn from arXiv or retracted by the publisher outranks all; a
    venue's refusal says nothing of a work that is on arXiv or was published elsewhere, and the
    Anthology numbers nothing but what was published."""
    said = {source: record.status for source, record in told.items()}
    for source, status in (
        (ACL_SOURCE, Status.RETRACTED),
        (S2_SOURCE, Status.RETRACTED),
        (ARXIV_SOURCE, Status.WITHDRAWN),
    ):
        if said.get(source) is status:
            return status
    if Status.PUBLISHED in said.values() or ACL in ids:
        return Status.PUBLISHED
    if ARXIV in ids:
        return Status.PREPRINT
    return said.get(OPENREVIEW_SOURCE) or said.get(S2_SOURCE)


def _venue(by_venue: Sequence[Record], status: Status | None) -> str | None:
    """The venue of publication; a preprint's is the preprint server, whatever a list hopes."""
    venues = [r.venue for r in by_venue if r.venue]
    if status is Status.PREPRINT:
        stated = [r.venue for r in by_venue if r.venue and r.source != LIST]
        venue = _first(stated) or _first(venues)
    else:
        venue = _first(v for v in venues if not PREPRINT_VENUE.match(v)) or _first(venues)
    return "arXiv" if venue and ARXIV_VENUE.match(venue) else venue


def _pdf(by_trust: Sequence[Record], ids: Mapping[str, str]) -> str | None:
    """A place to read the work freely: as a source says, else where its identifiers lead."""
    if told := _first(r.open_access_pdf for r in by_trust):
        return told
    if ARXIV in ids:
        return f"https://arxiv.org/pdf/{ids[ARXIV]}"
    return f"https://aclanthology.org/{ids[ACL]}.pdf" if ACL in ids else None
