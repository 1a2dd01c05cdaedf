"""Replacing stretches of a text, and nothing else of it."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from enrich.lists.decode import Source
from enrich.model import Entry, Span


class Matter(StrEnum):
    """What `--only` chooses among."""

    COUNTS = "counts"
    VENUES = "venues"
    LINKS = "links"


class Edit(NamedTuple):
    """Bytes `[start, end)` of a text give way to `new`. `kind`: count, venue, year, link or label.

    `why`: what is known that makes the old bytes wrong, for a person.
    """

    start: int
    end: int
    new: bytes
    kind: str
    why: str


class Proposal(NamedTuple):
    """Edits of one entry, by its position in the list, that are made together or not at all."""

    entry: int
    matter: Matter
    edits: tuple[Edit, ...]


def region(source: Source, entry: Entry) -> Span:
    """Where the lines of an entry stand."""
    starts = source.starts
    end = starts[entry.end_line] if entry.end_line < len(starts) else len(source.utf8)
    return starts[entry.line - 1], end


def apply(text: bytes, edits: Iterable[Edit]) -> bytes:
    """The text with every edit made.

    Raises:
        ValueError: two edits overlap, or one lies outside the text.
    """
    order = _in_order(text, edits)
    pieces: list[bytes] = []
    at = 0
    for edit in order:
        pieces += [text[at : edit.start], edit.new]
        at = edit.end
    return b"".join([*pieces, text[at:]])


def apart(proposals: Iterable[Proposal]) -> list[Proposal]:
    """The proposals without those that change what another, made before it, changes as well."""
    taken: list[tuple[int, int]] = []
    kept: list[Proposal] = []
    for proposal in proposals:
        spans = [(edit.start, edit.end) for edit in proposal.edits]
        if not any(_is_taken(span, taken) for span in spans):
            for span in spans:
                insort(taken, span)
            kept.append(proposal)
    return kept


def _is_taken(span: tuple[int, int], taken: Sequence[tuple[int, int]]) -> bool:
    """Whether a span meets one of others that do not meet each other, in order."""
    at = bisect_left(taken, span)
    return any(_meet(span, other) for other in taken[max(0, at - 1) : at + 1])


def _in_order(text: bytes, edits: Iterable[Edit]) -> Sequence[Edit]:
    order = sorted(edits, key=lambda edit: (edit.start, edit.end))
    for edit in order:
        if not 0 <= edit.start <= edit.end <= len(text):
            raise ValueError(f"an edit of bytes {edit.start} to {edit.end} lies outside the text")
    for one, other in pairwise(order):
        if _meet((one.start, one.end), (other.start, other.end)):
            raise ValueError(f"two edits change byte {other.start}")
    return order


def _meet(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two stretches share a byte, or begin at the same."""
    return one[0] == other[0] or (one[0] < other[1] and other[0] < one[1])
