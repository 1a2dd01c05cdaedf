"""The works while entries are being sorted into them: who owns which identifier and title."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import combinations

from enrich.kin import number_of_another, with_kin
from enrich.library import Claim, Library, Method, Place, Reason, Work
from enrich.model import Identifier
from enrich.titles import alike, compatible, key, names

MOST_NAMESAKES = 20
"""Works of one title; a title that more of them have ("Slides") names none of them."""

NO_NAMES: frozenset[str] = frozenset()


class Shelf:
    """Mutable only while `enrich.works.identify.identify` runs; starts as the library it is given.

    `places`: those of its entries that say how their works are called. `nameless`: works whose
    own titles do not.
    """

    def __init__(
        self,
        library: Library,
        places: Iterable[Place],
        now: datetime,
        nameless: Collection[str] = (),
    ) -> None:
        self.now = now
        self.works = dict(library.works)
        self.claims = dict(library.claims)
        self.aliases = dict(library.aliases)
        self.ids: defaultdict[str, set[Identifier]] = defaultdict(set)
        self._titled: defaultdict[str, dict[str, None]] = defaultdict(dict)
        self._people: defaultdict[str, frozenset[str]] = defaultdict(frozenset)
        for identifier, claim in self.claims.items():
            self.ids[self.find(claim.paper_id)].add(identifier)
        for work in self.works.values():
            if work.paper_id not in nameless:
                self.name(work.paper_id, work.title, names(work.authors))
        for place in places:
            # What was found by its title is no evidence of how the work is called, nor is a title
            # whose link leads to another paper.
            finding = place.finding
            is_astray = finding is not None and finding.reason is Reason.MISMATCHED
            if finding and finding.method is not Method.TITLE and not is_astray:
                home = self.find(finding.paper_id)
                self.name(home, place.title, names(place.authors))

    def find(self, paper_id: str) -> str:
        """The id that a work goes by now."""
        while paper_id in self.aliases:
            paper_id = self.aliases[paper_id]
        return paper_id

    def owner(self, identifier: Identifier) -> str | None:
        """The work that has this identifier."""
        claim = self.claims.get(identifier)
        return self.find(claim.paper_id) if claim else None

    def titled(
        self, title: str | None, people: frozenset[str], ids: Collection[Identifier]
    ) -> list[str]:
        """Works of this title whose authors are compatible and whose identifiers do not differ."""
        folded = key(title or "")
        return self._fitting(self._group(folded), folded, people, ids)

    def _group(self, folded: str) -> list[str]:
        homes = self._titled.get(folded, {})
        return list(dict.fromkeys(map(self.find, homes))) if len(homes) <= MOST_NAMESAKES else []

    def _fitting(
        self, group: list[str], folded: str, people: frozenset[str], ids: Collection[Identifier]
    ) -> list[str]:
        return [
            w
            for w in group
            if compatible(people, self._people[w], folded) and not self.conflict(w, ids)
        ]

    def conflict(self, home: str, ids: Collection[Identifier]) -> bool:
        """Whether a work has an identifier of a scheme that numbers works once, but another."""
        return number_of_another(self.ids[home], ids)

    def are_two(self, one: str, other: str) -> bool:
        """Whether two works are plainly two papers, by their numbers or by their titles."""
        first, second = self.works[one].title, self.works[other].title
        return self.conflict(one, self.ids[other]) or not alike(first, second)

    def claim(self, home: str, identifier: Identifier, source: str) -> None:
        """Add a free identifier to a work, unless it is another paper's by its number."""
        if identifier in self.claims or self.conflict(home, with_kin([identifier])):
            return
        self.claims[identifier] = Claim(home, source, self.now)
        self.ids[home].add(identifier)

    def name(self, home: str, title: str | None, people: frozenset[str]) -> None:
        """Remember a title and authors that a work goes by somewhere."""
        if title and (folded := key(title)):
            self._titled[folded][home] = None
            if self.works[home].title is None:
                self.works[home] = replace(self.works[home], title=title)
        if not people <= self._people[home]:
            self._people[home] |= people

    def goes_by(self, home: str, title: str) -> bool:
        """Whether a work is called so somewhere, or nearly so."""
        homes = map(self.find, self._titled.get(key(title), ()))
        return home in homes or alike(self.works[home].title, title)

    def namesakes(self) -> Iterator[tuple[str, str]]:
        """Pairs of works that are one, as far as one title and the same authors can tell.

        None where a third work of that title is another paper: it could be either.
        """
        for folded in [f for f, homes in self._titled.items() if len(homes) > 1]:
            group = self._group(folded)
            same = {w: self._fitting(group, folded, self._people[w], self.ids[w]) for w in group}
            clear = [
                w
                for w, fit in same.items()
                if all(self._agree(a, b) for a, b in combinations(fit, 2))
            ]
            yield from (
                (one, o)
                for one in clear
                for o in same[one]
                # What an entry without an identifier is, is weighed, not merged (`titled.py`).
                if o in clear and o != one and bool(self.ids[one]) == bool(self.ids[o])
            )

    def _agree(self, one: str, other: str) -> bool:
        """Whether works of one title have the same authors, not just a name in common."""
        mine, theirs = self._people[one], self._people[other]
        shared = 2 * len(mine & theirs) >= min(len(mine), len(theirs))
        return shared and not self.are_two(one, other)

    def new(self, title: str | None, seed: str) -> str:
        """Add a work. Its id is the digest of `seed`, so that two runs call it the same."""
        n = 0
        while (paper_id := _digest(f"{seed}\n{n}")) in self.works or paper_id in self.aliases:
            n += 1
        self.works[paper_id] = Work(paper_id, title, (), self.now)
        return paper_id

    def adopt(self, before: str | None, home: str) -> str:
        """Settle on `home`; a placeholder that stood for the entry until now is the same work."""
        return self.merge(home, before) if before and not self.ids[before] else home

    def merge(self, one: str, other: str) -> str:
        """Make two works one and return its id, the older of both; `one` where they are two."""
        one, other = self.find(one), self.find(other)
        if one == other or self.are_two(one, other):
            return one
        first, second = self.works[one], self.works[other]
        kept, lost = sorted((first, second), key=lambda w: (w.first_seen_at, w.paper_id))
        self.aliases[lost.paper_id] = kept.paper_id
        del self.works[lost.paper_id]
        self.ids[kept.paper_id] |= self.ids.pop(lost.paper_id, set())
        self.name(kept.paper_id, lost.title, self._people.pop(lost.paper_id, NO_NAMES))
        return kept.paper_id


def _digest(text: str) -> str:
    return "p" + hashlib.blake2b(text.encode(), digest_size=8).hexdigest()
