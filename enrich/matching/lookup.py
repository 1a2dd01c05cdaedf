"""What does the local catalogue have under the titles that a list names?"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from enrich.matching.index import TitleIndex
from enrich.matching.values import Known
from enrich.titles import key

MOST = 10
"""Papers with a like title that are looked at, for a title that the catalogue does not have."""


class Catalogue(Protocol):
    """The papers of the local catalogue, by number."""

    def version(self) -> str | None:
        """Another one whenever the papers changed; None where there is no catalogue."""
        ...

    def titles(self) -> list[tuple[int, str]]:
        """The number and title of every paper."""
        ...

    def keyed(self, keys: Collection[str]) -> dict[str, list[Known]]:
        """The papers whose titles have these keys."""
        ...

    def known(self, numbers: Sequence[int]) -> list[Known]:
        """The papers that have these numbers."""
        ...


class Lookup:
    """Papers by title; `near` remembers the numbers of those that are like a title, by its key.

    The index of all titles is made when a title comes that is neither in the catalogue nor
    remembered: it takes some seconds for some 100,000 papers.
    """

    def __init__(self, catalogue: Catalogue, near: Mapping[str, Sequence[int]]) -> None:
        self.near = dict(near)
        self._catalogue = catalogue
        self._index: TitleIndex | None = None
        self._numbers: list[int] = []

    def named(self, titles: Collection[str]) -> dict[str, list[Known]]:
        """The papers with these titles, or else with the most alike ones, by key."""
        wanted = {folded: title for title in titles if (folded := key(title))}
        found = self._catalogue.keyed(wanted.keys())
        unknown = {folded: title for folded, title in wanted.items() if folded not in found}
        if any(folded not in self.near for folded in unknown):
            self._search(unknown)
        numbers = sorted({n for folded in unknown for n in self.near[folded]})
        known = dict(zip(numbers, self._catalogue.known(numbers), strict=True)) if numbers else {}
        return found | {folded: [known[n] for n in self.near[folded]] for folded in unknown}

    def _search(self, titles: Mapping[str, str]) -> None:
        if self._index is None:
            papers = self._catalogue.titles()
            self._numbers = [number for number, _ in papers]
            self._index = TitleIndex(title for _, title in papers)
        for folded, title in titles.items():
            if folded not in self.near:
                self.near[folded] = [self._numbers[n] for n in self._index.nearest(title, MOST)]
