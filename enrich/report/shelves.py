"""The lists and their sections as shelves that works can be filtered by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from itertools import takewhile
from typing import NamedTuple

from enrich.library import Place

Path = tuple[str, ...]


class Shelf(NamedTuple):
    """A list, at depth 0, or a section of one. `works`: the works named there and below."""

    number: int
    list_id: str
    name: str
    depth: int
    works: int


class Shelves(NamedTuple):
    """All shelves, in the order of the lists; and of each work the numbers of its shelves."""

    shelves: Sequence[Shelf]
    of_work: Mapping[str, Sequence[int]]

    @property
    def by_list(self) -> Mapping[str, Sequence[Shelf]]:
        """The sections of every list; its own shelf is the first."""
        found: dict[str, list[Shelf]] = {}
        for shelf in self.shelves:
            found.setdefault(shelf.list_id, []).append(shelf)
        return found

    def holding(self, works: Iterable[str]) -> Mapping[int, int]:
        """How many of these works each shelf has, by its number; a shelf with none is left out."""
        return Counter(number for work in works for number in self.of_work.get(work, ()))


def shelve(live: Sequence[Place]) -> Shelves:
    """Put every work on the shelves where a list names it."""
    tops = roots(live)
    works: dict[tuple[str, Path], set[str]] = {}
    for place in live:
        path = below(place, tops)
        for end in range(len(path) + 1):
            shelf = works.setdefault((place.list_id, path[:end]), set())
            if place.finding:
                shelf.add(place.finding.paper_id)
    order = [key for key in _in_order(works) if works[key]]
    of_work: dict[str, list[int]] = {}
    for number, key in enumerate(order):
        for paper_id in works[key]:
            of_work.setdefault(paper_id, []).append(number)
    shelves = [
        Shelf(number, list_id, path[-1] if path else list_id, len(path), len(works[list_id, path]))
        for number, (list_id, path) in enumerate(order)
    ]
    return Shelves(shelves, of_work)


def roots(live: Sequence[Place]) -> Mapping[str, Path]:
    """The headings that stand above every entry of a list, which tell nothing; where there are no
    others, the last one is kept."""
    sections: dict[str, set[Path]] = {}
    for place in live:
        sections.setdefault(place.list_id, set()).add(place.section)
    return {
        name: _shared(paths) if len(paths) > 1 else next(iter(paths))[:-1]
        for name, paths in sections.items()
    }


def _shared(paths: Set[Path]) -> Path:
    """The beginning that all paths have: the first and the last in order share no more."""
    first, last = min(paths), max(paths)
    pairs = zip(first, last, strict=False)
    return tuple(one for one, _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def below(place: Place, tops: Mapping[str, Path]) -> Path:
    """The headings above an entry without those that its whole list has."""
    return place.section[len(tops[place.list_id]) :]


def _in_order(works: Mapping[tuple[str, Path], set[str]]) -> Sequence[tuple[str, Path]]:
    """Lists by name; in each the sections as they first come, and every section's own below it."""
    rank = {key: n for n, key in enumerate(works)}
    return sorted(
        works,
        key=lambda key: (
            key[0],
            [rank[key[0], key[1][: end + 1]] for end in range(len(key[1]))],
        ),
    )
