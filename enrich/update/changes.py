"""What changes in a list, given what a snapshot knows of its papers?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from enrich import lists
from enrich.known import Recognised, Works
from enrich.library import Library
from enrich.lists.decode import Source, decode
from enrich.model import Entry, Span
from enrich.papers import Paper
from enrich.settings import Update
from enrich.update.counts import appended, counted, parts_thousands
from enrich.update.edits import Edit, Matter, Proposal, apart, apply, region
from enrich.update.links import repaired
from enrich.update.proof import Proposed, proven
from enrich.update.style import style_of
from enrich.update.venues import upgraded
from enrich.update.whose import legends_of

EVERYTHING = tuple(Matter)


@dataclass(frozen=True, slots=True)
class Change:
    """One stretch of a list that changes. `span`: its bytes in the file as given."""

    line: int
    kind: str
    old: str
    new: str
    span: Span
    why: str


@dataclass(frozen=True, slots=True)
class Updated:
    """A list, brought up to date.

    `content`: its new bytes. `left`: how many counts stay because they are another source's, by
    its name. `unproven`: how many changes were not made, because the list would be read otherwise
    with them.
    """

    content: bytes
    changes: tuple[Change, ...]
    left: Mapping[str, int]
    unproven: int = 0


@dataclass(frozen=True)
class Snapshot:
    """What the changes are made from. `list_id`: the configured list that the file is, if any."""

    library: Library
    papers: Mapping[str, Paper]
    list_id: str | None
    now: datetime

    def known(self, entries: Sequence[Entry]) -> tuple[Recognised, ...]:
        """Which work each entry is."""
        return self._works.recognise(entries, self.list_id, self.now)

    @cached_property
    def _works(self) -> Works:
        return Works(self.library, self.papers)


def update(
    content: bytes,
    snapshot: Snapshot,
    policy: Update,
    matters: Collection[Matter] = EVERYTHING,
) -> Updated:
    """The list with what its policy and `matters` allow to change; all else as it was.

    Raises:
        PapertideError: it is no text, or no list that can be read.
    """
    source = decode(content)

    def propose(utf8: bytes) -> Proposed:
        found = _proposed(utf8, snapshot, policy, matters)
        fit = [p for p in apart(found.proposals) if _can_be_written(source, content, p)]
        return found._replace(proposals=fit)

    first = propose(source.utf8)
    kept = proven(source.utf8, first, propose)
    edits = sorted(edit for proposal in kept for edit in proposal.edits)
    encoded = [
        edit._replace(
            start=source.place(edit.start),
            end=source.place(edit.end),
            new=edit.new.decode().encode(source.encoding),
        )
        for edit in edits
    ]
    return Updated(
        apply(content, encoded) if encoded else content,
        tuple(_change(source, *both) for both in zip(edits, encoded, strict=True)),
        dict(first.left),
        len(first.proposals) - len(kept),
    )


def _proposed(
    utf8: bytes, snapshot: Snapshot, policy: Update, matters: Collection[Matter]
) -> Proposed:
    """Everything that the snapshot knows better than the text."""
    entries = lists.parse(utf8).entries
    reading = _Reading(decode(utf8), entries, policy, snapshot.library)
    known = snapshot.known(entries)
    ways = {
        Matter.COUNTS: reading.counts,
        Matter.VENUES: reading.venues,
        Matter.LINKS: reading.links,
    }
    proposals = [
        Proposal(index, matter, edits)
        for index, each in enumerate(known)
        if each.paper is not None
        for matter, way in ways.items()
        if matter in matters
        for edits in way(each, each.paper)
        if edits
    ]
    return Proposed(entries, proposals, reading.left)


class _Reading:
    """One text, and what may be done to it."""

    def __init__(
        self, source: Source, entries: Sequence[Entry], policy: Update, library: Library
    ) -> None:
        self._source = source
        self._policy = policy
        self._library = library
        self._style = style_of(source.utf8, entries)
        self._commas = parts_thousands(source.utf8, entries)
        self._legends = legends_of(source.utf8, entries)
        self._lines = Counter(n for e in entries for n in range(e.line, e.end_line + 1))
        self.left = Counter[str]()

    def counts(self, known: Recognised, paper: Paper) -> Iterator[tuple[Edit, ...]]:
        """The counts of an entry; one that is another source's is noted down and left."""
        utf8, entry, policy = self._source.utf8, known.entry, self._policy
        if policy.counts == "leave":
            return
        for found in counted(
            utf8,
            entry,
            paper,
            self._legends,
            replace=policy.counts == "replace",
            commas=self._commas,
        ):
            if isinstance(found, str):
                self.left[found] += 1
            else:
                yield found
        if policy.counts == "append" and policy.template and self._is_alone(entry):
            where = region(self._source, entry)
            if edit := appended(utf8, where, entry, paper, policy.template):
                yield (edit,)

    def venues(self, known: Recognised, paper: Paper) -> Iterator[tuple[Edit, ...]]:
        """The venue and year of an entry."""
        if self._policy.venues != "leave":
            yield upgraded(self._source.utf8, known.entry, paper, self._style)

    def links(self, known: Recognised, paper: Paper) -> Iterator[tuple[Edit, ...]]:
        """The links of an entry."""
        if self._policy.links != "leave" and self._is_alone(known.entry):
            where = region(self._source, known.entry)
            yield from repaired(self._source.utf8, where, known, self._library)

    def _is_alone(self, entry: Entry) -> bool:
        """Whether an entry shares no line with another, so that all on it speaks of its paper."""
        return all(self._lines[n] == 1 for n in range(entry.line, entry.end_line + 1))


def _can_be_written(source: Source, content: bytes, proposal: Proposal) -> bool:
    """Whether the new text has letters that the file's encoding has; nothing is known of one that
    is not UTF-8 but that it has ASCII."""
    is_known = source.encoding != "utf-8" or content.endswith(source.utf8)
    return is_known or all(edit.new.isascii() for edit in proposal.edits)


def _change(source: Source, edit: Edit, encoded: Edit) -> Change:
    return Change(
        source.line(edit.start),
        edit.kind,
        source.cut(edit.start, edit.end),
        edit.new.decode(),
        (encoded.start, encoded.end),
        edit.why,
    )
