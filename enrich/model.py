"""The values everything else is written in: frozen, slotted, without behaviour of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

ARXIV, ACL, OPENREVIEW, DOI, S2 = SCHEMES = ("arxiv", "acl", "openreview", "doi", "s2")
TITLE = "title"
"""The scheme of a question that is no identifier: its value is a title, as a list writes it.

A source is asked by it for papers that no identifier is known of. No work ever has it.
"""


class Identifier(NamedTuple):
    """One identifier of a paper: a scheme of `SCHEMES` and its canonical, unversioned value.

    Semantic Scholar's two forms share the scheme `s2`: a 40-digit sha, or `CorpusID:N`.
    """

    scheme: str
    value: str

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}"

    @classmethod
    def of(cls, text: str) -> Identifier:
        """The identifier that `str` wrote; what a person wrote goes through `enrich.ids.parse`."""
        scheme, _, value = text.partition(":")
        return cls(scheme, value)


class Kind(StrEnum):
    """What an entry of a list points at."""

    PAPER = "paper"
    REPO = "repo"
    BLOG = "blog"
    DATASET = "dataset"
    VIDEO = "video"
    OTHER = "other"


class Link(NamedTuple):
    """A link as the list writes it: its visible text, cleaned, and its target, as written."""

    label: str
    url: str


Span = tuple[int, int]
"""Byte offsets `[start, end)` in the file as given."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One work that a list names, as the list names it (contract section 4)."""

    n: int
    line: int
    end_line: int
    section: tuple[str, ...]
    title: str | None
    label: str | None
    authors: str | None
    venue: str | None
    year: int | None
    kind: Kind
    links: tuple[Link, ...]
    ids: tuple[Identifier, ...]
    confidence: float
    layout: str
    spans: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)
    raw: str = ""


class Role(NamedTuple):
    """What the parser took one source line for, and the entry it belongs to, if any."""

    line: int
    role: str
    entry: int | None


@dataclass(frozen=True, slots=True)
class Parsed:
    """A list, read: its entries in order, and a role for every line."""

    entries: tuple[Entry, ...]
    roles: tuple[Role, ...]


class Outcome(StrEnum):
    """How a source answered for one work. Not asked is the absence of an outcome."""

    OK = "ok"
    NOT_FOUND = "not_found"
    FAILED = "failed"


class Status(StrEnum):
    """Where a work stands in its life; the last three need a source's evidence."""

    PREPRINT = "preprint"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    RETRACTED = "retracted"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Told:
    """What a source said when asked for one identifier, as it said it.

    `body` is the source's own record (a JSON object, an Atom entry, a BibTeX entry) when
    `outcome` is `OK`, else empty. `reason` says why not otherwise.
    """

    source: str
    asked: Identifier
    outcome: Outcome
    body: str = ""
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """One source's description of one work, in the project's own terms.

    `None` means that the source did not say. Counts are citations at the time of asking.
    """

    source: str
    asked: Identifier
    title: str | None = None
    authors: tuple[str, ...] = ()
    year: int | None = None
    published: date | None = None
    venue: str | None = None
    status: Status | None = None
    abstract: str | None = None
    identifiers: tuple[Identifier, ...] = ()
    citation_count: int | None = None
    influential_citation_count: int | None = None
    open_access_pdf: str | None = None
    category: str | None = None
    """arXiv's primary category, such as `cs.CL`."""


class SourceState(StrEnum):
    """How a source did in one run."""

    OK = "ok"
    DEGRADED = "degraded"
    DOWN = "down"
    DISABLED = "disabled"


@dataclass(slots=True)
class Tally:
    """What one source cost in one run: counted by the gateway, read by the run's summary."""

    requests: int = 0
    retries: int = 0
    rate_limited: int = 0
    failures: int = 0
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class Fetched:
    """When a work was last asked of a source, how that ended, and when it is due again.

    `asked`: the identifiers it was asked by. `error`: why it was not found, or failed.
    """

    outcome: Outcome
    checked_at: datetime
    due_at: datetime
    error: str | None = None
    asked: tuple[Identifier, ...] = ()
