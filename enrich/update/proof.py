"""Is a changed list still read as the same list, and would a second run leave it alone?

Nothing is written that this did not show: a change that makes the parser read anything else than
what was to change, or that would be followed by another, is not made.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from typing import NamedTuple

from enrich.model import Entry
from enrich.update.edits import Matter, Proposal, apply

MOST_ROUNDS = 8
"""Readings of a list after which nothing is changed at all: each costs as much as the first."""


class Proposed(NamedTuple):
    """What was read in a text, what is proposed for it, and how many counts it leaves, by whose
    they are."""

    entries: Sequence[Entry]
    proposals: Sequence[Proposal]
    left: Counter[str]


def proven(
    utf8: bytes, first: Proposed, propose: Callable[[bytes], Proposed]
) -> Sequence[Proposal]:
    """The proposals with which the text says the same but for them, and is left alone then."""
    kept = list(first.proposals)
    for _ in range(MOST_ROUNDS):
        if not kept:
            return kept
        after = propose(apply(utf8, [edit for proposal in kept for edit in proposal.edits]))
        if not (faulty := _faulty(first.entries, kept, after)):
            return kept
        kept = [proposal for proposal in kept if proposal.entry not in faulty]
    return []


def _faulty(before: Sequence[Entry], kept: Sequence[Proposal], after: Proposed) -> set[int]:
    """The entries whose changes do more than they should."""
    changed: defaultdict[int, set[Matter]] = defaultdict(set)
    for proposal in kept:
        changed[proposal.entry].add(proposal.matter)
    faulty: set[int] = set()
    for index, old in enumerate(before):
        new = after.entries[index] if index < len(after.entries) else None
        if new is None or not _is_same(old, new, changed.get(index, set())):
            faulty.add(_nearest(index, changed))
            if new is None or new.line != old.line:
                return faulty  # what follows is out of step
    if len(after.entries) > len(before):
        faulty.add(_nearest(len(before), changed))
    return faulty | {p.entry for p in after.proposals if p.entry in changed}


def _nearest(index: int, changed: defaultdict[int, set[Matter]]) -> int:
    """The changed entry that is to blame: this one, or the last before it, or the first."""
    return max((n for n in changed if n <= index), default=min(changed))


def _is_same(old: Entry, new: Entry, changed: set[Matter]) -> bool:
    lasting = ("line", "end_line", "section", "title", "label", "authors", "kind", "layout")
    if any(getattr(old, name) != getattr(new, name) for name in lasting):
        return False
    if Matter.VENUES not in changed and (old.venue, old.year) != (new.venue, new.year):
        return False
    if Matter.COUNTS not in changed and not _as_many(old, new, "counts"):
        return False
    if Matter.LINKS in changed:
        return len(new.links) >= len(old.links)
    is_credited = Matter.COUNTS in changed
    return set(old.ids) <= set(new.ids) and (
        [link.url for link in old.links] == [link.url for link in new.links] or is_credited
    )


def _as_many(old: Entry, new: Entry, key: str) -> bool:
    return len(old.spans.get(key, ())) == len(new.spans.get(key, ()))
