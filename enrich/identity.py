"""Which entry of today's list is which entry of yesterday's?

An `entry_id` belongs to a place in a list where somebody named a work. It stays with the entry
when the line is moved, reworded or given another link, and is never given to another entry.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from enrich.kin import number_of_another
from enrich.library import Place
from enrich.model import Entry, Identifier
from enrich.titles import key

REWORDED = 70.0
"""Ratio, of 100, that both the title and the whole line must reach where an entry shares neither
title nor link with the old one. Lines alone tell little: one layout and a few common words make
one in twenty pairs of neighbours in real lists as alike."""

LONGEST_COMPARED = 400
"""Letters of a line that are compared: beyond, lines of a list differ in links, not in work."""

NEIGHBOURS = 25
"""Lines on either side that a reworded line is compared with, so that the cost stays linear."""


@dataclass(frozen=True, slots=True)
class Trace:
    """What is remembered of an entry to know it again. `place` is its position in the list."""

    entry_id: str
    place: int
    section: tuple[str, ...]
    name: str
    ids: frozenset[Identifier]
    urls: frozenset[str]
    raw: str


def _trace(each: Entry | Place, entry_id: str, place: int) -> Trace:
    return Trace(
        entry_id,
        place,
        each.section,
        key(each.title or each.label or ""),
        frozenset(each.ids),
        frozenset(link.url for link in each.links),
        each.raw[:LONGEST_COMPARED],
    )


def trace_of_place(place: Place) -> Trace:
    """What is remembered of an entry that was in the list before."""
    return _trace(place, place.entry_id, place.position)


def follow(list_id: str, before: Sequence[Trace], today: Sequence[Entry]) -> tuple[str, ...]:
    """The `entry_id` of each of today's entries, in order: a known one, or a new one.

    Entries are paired by the strongest thing they share, each at most once: all of title, ids and
    section; title and ids; title, then an id, in the section, then anywhere; a link that no other
    entry has; and last a title and line that are nearly the same in the same section.
    """
    new = _with_own_urls([_trace(entry, "", entry.n) for entry in today])
    found: dict[int, str] = {}
    free = dict(enumerate(_with_own_urls(before)))
    for feature in FEATURES:
        _pair(feature, new, found, free)
    _pair_reworded(new, found, free, _renamed(before, new, found))
    taken = {t.entry_id for t in before}
    tried: Counter[str] = Counter()
    return tuple(
        found[n] if n in found else _fresh(list_id, each, taken, tried)
        for n, each in enumerate(new)
    )


def _with_own_urls(traces: Sequence[Trace]) -> list[Trace]:
    """The traces without the links that several entries share (a badge, `None`): those tell no
    entry from another."""
    holders = Counter(url for t in traces for url in t.urls)
    return [replace(t, urls=frozenset(u for u in t.urls if holders[u] == 1)) for t in traces]


def _all(t: Trace) -> Iterable[Hashable]:
    return [(t.name, t.ids, t.section)] if t.name or t.ids else []


def _title_and_ids(t: Trace) -> Iterable[Hashable]:
    return [(t.name, t.ids)] if t.name and t.ids else []


def _title_in_section(t: Trace) -> Iterable[Hashable]:
    return [(t.name, t.section)] if t.name else []


def _id_in_section(t: Trace) -> Iterable[Hashable]:
    return [(i, t.section) for i in sorted(t.ids)]


def _title(t: Trace) -> Iterable[Hashable]:
    return [t.name] if t.name else []


def _id(t: Trace) -> Iterable[Hashable]:
    return sorted(t.ids)


def _url(t: Trace) -> Iterable[Hashable]:
    return sorted(t.urls)


FEATURES: tuple[Callable[[Trace], Iterable[Hashable]], ...] = (
    _all,
    _title_and_ids,
    _title_in_section,
    _id_in_section,
    _title,
    _id,
    _url,
)


def _pair(
    feature: Callable[[Trace], Iterable[Hashable]],
    new: Sequence[Trace],
    found: dict[int, str],
    free: dict[int, Trace],
) -> None:
    """Pair what shares a value of the feature; among several, in the order of their places.

    A list names a paper twice in one section at times: the first stays the first.
    """
    holders: defaultdict[Hashable, list[int]] = defaultdict(list)
    for n in sorted(free, key=lambda n: free[n].place, reverse=True):
        for value in feature(free[n]):
            holders[value].append(n)
    for n, each in enumerate(new):
        if n in found:
            continue
        for value in feature(each):
            waiting = holders.get(value, [])
            while waiting and waiting[-1] not in free:
                waiting.pop()
            if waiting:
                found[n] = free.pop(waiting.pop()).entry_id
                break


def _renamed(
    before: Sequence[Trace], new: Sequence[Trace], found: dict[int, str]
) -> dict[tuple[str, ...], tuple[str, ...]]:
    """What the sections that are gone are called today: where most of their entries are."""
    sections = {t.entry_id: t.section for t in before}
    there = {t.section for t in new}
    moved: defaultdict[tuple[str, ...], Counter[tuple[str, ...]]] = defaultdict(Counter)
    for n, entry_id in found.items():
        if sections[entry_id] not in there:
            moved[sections[entry_id]][new[n].section] += 1
    return {old: names.most_common(1)[0][0] for old, names in moved.items()}


def _pair_reworded(
    new: Sequence[Trace],
    found: dict[int, str],
    free: dict[int, Trace],
    renamed: dict[tuple[str, ...], tuple[str, ...]],
) -> None:
    """Pair what is a small edit, among neighbours of one section, the most alike first."""
    olds: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for n in sorted(free, key=lambda n: free[n].place):
        olds[renamed.get(free[n].section, free[n].section)].append(n)
    close = []
    for n, each in enumerate(new):
        if n in found or not (same := olds.get(each.section)):
            continue
        at = bisect_left(same, each.place, key=lambda m: free[m].place)
        for m in same[max(0, at - NEIGHBOURS) : at + NEIGHBOURS]:
            ratio = _likeness(each, free[m])
            if ratio >= REWORDED:
                close.append((-ratio, n, m))
    for _, n, m in sorted(close):
        if n not in found and m in free:
            found[n] = free.pop(m).entry_id


def _likeness(one: Trace, other: Trace) -> float:
    """How alike two entries are, 0 to 100; 0 where both title and number are others."""
    if number_of_another(one.ids, other.ids):
        return 0.0
    name = fuzz.ratio(one.name, other.name) if one.name and other.name else 100.0
    return min(name, fuzz.ratio(one.raw, other.raw, score_cutoff=REWORDED))


def _fresh(list_id: str, each: Trace, taken: set[str], tried: Counter[str]) -> str:
    """A new id: the digest of the list and of what the entry names, so that it can be repeated.

    `tried`: how many ids of each name are known to be taken.
    """
    what = each.name or each.raw
    for n in range(tried[what], 1_000_000):
        tried[what] = n + 1
        digest = hashlib.blake2b(f"{list_id}\n{what}\n{n}".encode(), digest_size=8).hexdigest()
        entry_id = f"e{digest}"
        if entry_id not in taken:
            taken.add(entry_id)
            return entry_id
    raise AssertionError("a million entries of one name")  # pragma: no cover
