"""The project's values as rows of the relations, and rows as values again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import fields
from functools import lru_cache
from typing import Any

from enrich.counts import Observed
from enrich.library import Candidate, Finding, ListState, Method, Place, Reason, Verdict
from enrich.model import Fetched, Identifier, Kind, Link, Outcome, Record, Status
from enrich.papers import Paper

Row = Mapping[str, Any]
"""One row: column name to value."""

SAME_NAME_IN_ENTRIES = (
    *("entry_id", "list_id", "position", "line", "section", "raw", "title", "label"),
    *("year", "kind", "first_seen_at", "last_seen_at", "removed_at"),
)


FORMER_METHODS = {"acl_index": "title"}
FORMER_REASONS = {"acl_index": "same_title"}
"""Codes of earlier versions and what they are called now: a night reads its base, and readers read
the current snapshot, before any migration has translated them (003_matching.sql)."""


def list_row(state: ListState) -> Row:
    """A row of `lists`."""
    return {field.name: getattr(state, field.name) for field in fields(ListState)}


def entry_row(place: Place) -> Row:
    """A row of `entries`."""
    finding = place.finding
    return {
        **{name: getattr(place, name) for name in SAME_NAME_IN_ENTRIES},
        "authors_raw": place.authors,
        "venue_raw": place.venue,
        "links": [link._asdict() for link in place.links],
        "ids": [str(identifier) for identifier in place.ids],
        "paper_id": finding.paper_id if finding else None,
        "verdict": finding.verdict if finding else None,
        "reason": finding.reason if finding else None,
        "score": finding.score if finding else None,
        "method": finding.method if finding else None,
    }


def place(row: Row) -> Place:
    """The place that a row of `entries` holds, joined with its `candidates` from `review`."""
    finding = None
    if row["paper_id"] is not None:
        finding = Finding(
            row["paper_id"],
            Verdict(row["verdict"]),
            Reason(_present(FORMER_REASONS, row["reason"])),
            row["score"],
            Method(_present(FORMER_METHODS, row["method"])) if row["method"] else None,
            tuple(Candidate(**each) for each in row["candidates"] or ()),
        )
    return Place(
        **{name: row[name] for name in SAME_NAME_IN_ENTRIES if name not in ("section", "kind")},
        section=tuple(row["section"]),
        kind=Kind(row["kind"]),
        authors=row["authors_raw"],
        venue=row["venue_raw"],
        links=tuple(Link(link["label"], link["url"]) for link in row["links"]),
        ids=identifiers(row["ids"]),
        finding=finding,
    )


def _present(former: Mapping[str, str], code: str) -> str:
    return former.get(code, code)


def review_row(each: Place) -> Row:
    """A row of `review`: an entry that waits for a person."""
    finding = each.finding
    return {
        "entry_id": each.entry_id,
        "title": each.title or each.label,
        "reason": finding.reason if finding else None,
        "candidates": [c._asdict() for c in finding.candidates] if finding else [],
    }


def paper_row(paper: Paper) -> Row:
    """A row of `papers`."""
    return {field.name: getattr(paper, field.name) for field in fields(Paper)}


def paper(row: Row) -> Paper:
    """The description that a row of `papers` holds."""
    return Paper(
        **{
            **row,
            "authors": tuple(row["authors"]) if row["authors"] is not None else None,
            "lists": tuple(row["lists"]),
            "status": Status(row["status"]) if row["status"] else None,
        }
    )


def record_row(paper_id: str, observed: Observed) -> Row:
    """A row of `records`: the record without its identifiers, its abstract by digest."""
    record = observed.record
    return {
        "paper_id": paper_id,
        "source": record.source,
        "asked": str(record.asked),
        "observed_at": observed.at,
        "title": record.title,
        "authors": record.authors,
        "year": record.year,
        "published": record.published,
        "venue": record.venue,
        "status": record.status,
        "abstract": digest(record.abstract) if record.abstract else None,
        "citation_count": record.citation_count,
        "influential_citation_count": record.influential_citation_count,
        "open_access_pdf": record.open_access_pdf,
        "category": record.category,
    }


def observed(row: Row) -> Observed:
    """The record that a row of `records` holds, joined with its abstract's `text`."""
    record = Record(
        source=row["source"],
        asked=Identifier.of(row["asked"]),
        title=row["title"],
        authors=tuple(row["authors"] or ()),
        year=row["year"],
        published=row["published"],
        venue=row["venue"],
        status=Status(row["status"]) if row["status"] else None,
        abstract=row["text"],
        citation_count=row["citation_count"],
        influential_citation_count=row["influential_citation_count"],
        open_access_pdf=row["open_access_pdf"],
        category=row.get("category"),  # not in snapshots from before 004_category.sql
    )
    return Observed(record, row["observed_at"])


def abstract_row(paper_id: str, observed: Observed) -> Row:
    """A row of `abstracts`; the record must have one."""
    text = observed.record.abstract or ""
    return {
        "paper_id": paper_id,
        "source": observed.record.source,
        "sha256": digest(text),
        "text": text,
        "first_seen_at": observed.at,
    }


def fetch_row(key: tuple[str, str], fetched: Fetched) -> Row:
    """A row of `fetches`."""
    return {
        "paper_id": key[0],
        "source": key[1],
        "status": fetched.outcome,
        "checked_at": fetched.checked_at,
        "due_at": fetched.due_at,
        "error": fetched.error,
        "asked": [str(identifier) for identifier in fetched.asked],
    }


def fetched(row: Row) -> Fetched:
    """The mark that a row of `fetches` holds."""
    return Fetched(
        Outcome(row["status"]),
        row["checked_at"],
        row["due_at"],
        row["error"],
        identifiers(row["asked"]),
    )


def identifiers(texts: Sequence[str] | None) -> tuple[Identifier, ...]:
    """Identifiers stored as `scheme:value`."""
    return tuple(_identifier(text) for text in texts or ())


@lru_cache(maxsize=200_000)
def _identifier(text: str) -> Identifier:
    """One object for an identifier that an entry states and several sources were asked by."""
    return Identifier.of(text)


def digest(text: str) -> str:
    """The sha256 of a text in UTF-8."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
