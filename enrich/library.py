"""What Papertide knows between two nights: places in lists, works, identifiers, fetches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from enrich.model import Fetched, Identifier, Kind, Link


class Verdict(StrEnum):
    """What became of an entry's search for its paper."""

    MATCHED = "matched"
    AMBIGUOUS = "ambiguous"
    NOT_FOUND = "not_found"
    UNAVAILABLE = "unavailable"


class Method(StrEnum):
    """What settled an entry's identity."""

    LINK = "link"
    TITLE = "title"
    REVIEW = "review"


class Reason(StrEnum):
    """Why the verdict is what it is."""

    OWN_IDENTIFIER = "own_identifier"
    SAME_TITLE = "same_title"
    SAME_TITLE_AND_AUTHORS = "same_title_and_authors"
    RESPELT_TITLE = "respelt_title"
    CUT_TITLE = "cut_title"
    REWORDED_TITLE = "reworded_title"
    SEVERAL_WORKS = "several_works"
    WEAK_EVIDENCE = "weak_evidence"
    MISMATCHED = "mismatched"
    UNKNOWN_TITLE = "unknown_title"
    NO_TITLE = "no_title"
    NOT_ASKED = "not_asked"
    SOURCE_DOWN = "source_down"
    INDEX_UNAVAILABLE = "acl_anthology_unavailable"
    DECIDED = "decided"
    REJECTED = "rejected"


class Candidate(NamedTuple):
    """A paper that an undecided entry may mean."""

    scheme: str
    value: str
    title: str
    score: float


@dataclass(frozen=True, slots=True)
class Finding:
    """The work an entry stands for, and why. `score` is 0 to 1."""

    paper_id: str
    verdict: Verdict
    reason: Reason
    score: float
    method: Method | None = None
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """An entry in a list, with its history. `removed_at` is set once it left the list."""

    entry_id: str
    list_id: str
    position: int
    line: int
    section: tuple[str, ...]
    raw: str
    title: str | None
    label: str | None
    authors: str | None
    venue: str | None
    year: int | None
    kind: Kind
    links: tuple[Link, ...]
    ids: tuple[Identifier, ...]
    first_seen_at: datetime
    last_seen_at: datetime
    removed_at: datetime | None = None
    finding: Finding | None = None

    @property
    def wants_paper(self) -> bool:
        """Whether the entry has a row in `papers`: it is a paper, or carries a paper's id."""
        return self.kind is Kind.PAPER or bool(self.ids)

    @property
    def waits(self) -> bool:
        """Whether the entry waits for a person's decision."""
        if self.finding is None or self.removed_at is not None:
            return False
        is_open = self.finding.verdict is Verdict.AMBIGUOUS
        return is_open or self.finding.reason is Reason.MISMATCHED


@dataclass(frozen=True, slots=True)
class ListState:
    """A reading list as last read. `read_by`: by which parser, so that the same bytes need not be
    read again by the same one; None where that is not known."""

    list_id: str
    name: str
    source: str
    sha256: str
    entries: int
    fetched_at: datetime
    read_by: str | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """A work as far as its identity goes; the rest is described from the sources' records."""

    paper_id: str
    title: str | None
    authors: tuple[str, ...]
    first_seen_at: datetime


class Claim(NamedTuple):
    """Whose identifier it is, and who said so first."""

    paper_id: str
    source: str
    first_seen_at: datetime


class Question(NamedTuple):
    """A title to search for. `is_open`: nothing else tells which paper it is; if not, the work
    has an identifier, and another is looked for where that costs no request of its own."""

    title: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Library:
    """The whole of it, as one snapshot holds it. `fetches` is keyed by paper_id and source."""

    lists: Mapping[str, ListState] = field(default_factory=dict)
    places: Mapping[str, Place] = field(default_factory=dict)
    works: Mapping[str, Work] = field(default_factory=dict)
    claims: Mapping[Identifier, Claim] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)
    fetches: Mapping[tuple[str, str], Fetched] = field(default_factory=dict)
