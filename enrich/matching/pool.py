"""The papers that are known of from anywhere, and which of them a list may mean."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from enrich.kin import with_kin
from enrich.library import Place, Work
from enrich.matching.index import TitleIndex
from enrich.matching.people import split
from enrich.matching.values import Known, Wanted
from enrich.model import Identifier, Record
from enrich.titles import key

LIST = "list"
"""The source of what a list says of a paper that it links."""


class Pool:
    """Papers with identifiers; those of the catalogue are given by the key of the title that was
    looked up there."""

    def __init__(
        self, papers: Iterable[Known], catalogue: Mapping[str, Sequence[Known]] | None = None
    ) -> None:
        self._papers = tuple(dict.fromkeys(p for p in papers if p.identifiers and key(p.title)))
        self._catalogue = catalogue or {}

    def near(self, title: str) -> list[Known]:
        """The papers that the title may name, each once."""
        near = (self._papers[n] for n in self._index.nearest(title))
        return list(dict.fromkeys((*self._catalogue.get(key(title), ()), *near)))

    def same(self, title: str) -> list[Known]:
        """The papers of this very title, each once."""
        folded = key(title)
        twins = self._named.get(folded, ()) if folded else ()
        named = (p for p in self._catalogue.get(folded, ()) if key(p.title) == folded)
        return list(dict.fromkeys((*named, *twins)))

    @cached_property
    def _named(self) -> Mapping[str, Sequence[Known]]:
        """The papers by the key of their title: made in a fraction of the time of the index."""
        found: defaultdict[str, list[Known]] = defaultdict(list)
        for paper in self._papers:
            found[key(paper.title)].append(paper)
        return found

    @cached_property
    def _index(self) -> TitleIndex:
        return TitleIndex(paper.title for paper in self._papers)


def wanted(place: Place) -> Wanted:
    """What an entry says of its paper."""
    return Wanted(place.title or "", place.authors, place.venue, place.year)


def of_record(record: Record) -> Known:
    """What a source told of a paper; the identifier it was asked by is the paper's."""
    ids = with_kin(dict.fromkeys((*record.identifiers, record.asked)))
    title, authors = record.title or "", record.authors
    return Known(record.source, ids, title, authors, record.year, record.venue)


def of_work(work: Work, identifiers: Iterable[Identifier]) -> Known:
    """What is known of a work from other nights."""
    return Known(LIST, tuple(sorted(identifiers)), work.title or "", work.authors)


def of_place(place: Place) -> Known:
    """What a list says of a paper whose identifier it states."""
    return Known(LIST, place.ids, place.title or "", split(place.authors), place.year, place.venue)
