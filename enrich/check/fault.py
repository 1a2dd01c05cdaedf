"""What the checks read, and what they say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from enrich.check.codes import Code
from enrich.counts import Observed
from enrich.known import Recognised
from enrich.library import Library
from enrich.lists.decode import Source
from enrich.model import Record, Span
from enrich.papers import Paper


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault at a byte of the list's text in UTF-8. `suggestion`: what to do. `entry`: the
    position of the entry that has it, from 0; None where no entry does."""

    code: Code
    at: int
    message: str
    suggestion: str
    entry: int | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What lists are held against.

    `records`: what each source told last, by work and source. `created_at`: when the snapshot was
    made; `now`: the time of the check.
    """

    library: Library
    papers: Mapping[str, Paper]
    records: Mapping[str, Mapping[str, Observed]]
    created_at: datetime
    now: datetime


@dataclass(frozen=True, slots=True)
class Subject:
    """An entry of a list, with all that the checks need of it."""

    source: Source
    known: Recognised
    index: int

    @property
    def utf8(self) -> bytes:
        """The text of the whole list."""
        return self.source.utf8

    @property
    def region(self) -> Span:
        """Where the entry's lines stand."""
        starts, entry = self.source.starts, self.known.entry
        end = starts[entry.end_line] if entry.end_line < len(starts) else len(self.utf8)
        return starts[entry.line - 1], end

    @property
    def links(self) -> Sequence[tuple[Span, str]]:
        """The entry's links: where the target stands, and the target."""
        entry = self.known.entry
        places = zip(entry.spans.get("links", ()), entry.links, strict=False)
        return [(place, link.url) for place, link in places]

    def at(self, *keys: str) -> int:
        """Where the first of these parts of the entry begins that it has; else the entry."""
        for key in keys:
            if spans := self.known.entry.spans.get(key):
                return spans[0][0]
        start, end = self.region
        line = self.utf8[start:end]
        return start + len(line) - len(line.lstrip())

    def fault(self, code: Code, at: int, message: str, suggestion: str) -> Fault:
        """A fault of this entry."""
        return Fault(code, at, message, suggestion, self.index)


def told(snapshot: Snapshot, paper: Paper) -> dict[str, Record]:
    """What each source told last of a work, in the order of their names; lists are no source."""
    records = snapshot.records.get(paper.paper_id, {})
    return {source: records[source].record for source in sorted(records)}
