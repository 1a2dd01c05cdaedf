"""Which work, of those that a snapshot knows, does each entry of a file stand for?

Nobody is asked. A file that is a configured list is read as the next night would read it: what was
found of an entry holds as long as it says the same. Any other entry is judged by the identifiers
that it states, and then by its title among all works that have an identifier.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from enrich.kin import number_of_another, with_kin
from enrich.library import Finding, Library, Method, Place, Reason, Verdict
from enrich.matching.decide import find
from enrich.matching.pool import Pool, of_place, of_work, wanted
from enrich.matching.values import Known
from enrich.model import Entry, Identifier, Kind
from enrich.papers import Paper, ids_of
from enrich.places import track
from enrich.settings import ListSource
from enrich.titles import alike, key, words
from enrich.works.linked import FEWEST_WORDS, may_be, stated
from enrich.works.questions import is_as_it_was


@dataclass(frozen=True, slots=True)
class Recognised:
    """An entry and the work that it means.

    `paper`: None where the work is not known; `reason` then says why. `verdict` and `reason` are
    None for what names no paper. `linked`: the other paper that the entry's link leads to, where
    that is not the one its title names. `place`: the entry in the snapshot, where its list is a
    configured one; with a new `entry_id` where it was not there yet.
    """

    entry: Entry
    place: Place
    paper: Paper | None = None
    verdict: Verdict | None = None
    reason: Reason | None = None
    linked: Paper | None = None


def list_of(file: Path, lists: Iterable[ListSource], folder: Path) -> str | None:
    """The configured list that a file is; None where it is none. `folder`: where their paths
    start."""
    real = file.resolve()
    return next((e.name for e in lists if e.path and (folder / e.path).resolve() == real), None)


def recognise(
    library: Library,
    papers: Mapping[str, Paper],
    entries: Sequence[Entry],
    list_id: str | None,
    now: datetime,
) -> tuple[Recognised, ...]:
    """What each entry of a file is, in order. `list_id`: the configured list that the file is."""
    return Works(library, papers).recognise(entries, list_id, now)


class Works:
    """The works of a snapshot, found by identifier and by title; to be kept for several texts."""

    def __init__(self, library: Library, papers: Mapping[str, Paper]) -> None:
        self._library = library
        self._papers = papers

    def recognise(
        self, entries: Sequence[Entry], list_id: str | None, now: datetime
    ) -> tuple[Recognised, ...]:
        """What each entry of a file is, as `recognise` tells."""
        known = self._library.places.values()
        before = [p for p in known if list_id is not None and p.list_id == list_id]
        places = track(list_id or "", before, entries, now)
        return tuple(self._of(entry, place) for entry, place in zip(entries, places, strict=False))

    def _of(self, entry: Entry, place: Place) -> Recognised:
        was = self._library.places.get(place.entry_id)
        if not place.wants_paper and (was is None or was.finding is None):
            return Recognised(entry, place)
        if was is not None and was.finding is not None and self._stands(was, place):
            return self._as_found(entry, place, was.finding)
        if place.ids:
            return self._by_identifier(entry, place)
        return self._by_title(entry, place)

    @staticmethod
    def _stands(was: Place, place: Place) -> bool:
        """Whether what was found still holds: a person's word does, whatever the entry says."""
        decided = was.finding is not None and was.finding.method is Method.REVIEW
        return decided or is_as_it_was(was, place)

    def _as_found(self, entry: Entry, place: Place, finding: Finding) -> Recognised:
        verdict, reason = finding.verdict, finding.reason
        home = self._paper(finding.paper_id)
        if reason is Reason.MISMATCHED:
            by_title = home if finding.method is Method.TITLE else None
            strayed = finding.candidates[-1] if finding.candidates else None
            linked = self._owner([Identifier(*strayed[:2])]) if strayed else None
            return Recognised(entry, place, by_title, verdict, reason, linked)
        paper = home if verdict is Verdict.MATCHED else None
        return Recognised(entry, place, paper, verdict, reason)

    def _by_identifier(self, entry: Entry, place: Place) -> Recognised:
        home = self._owner(stated(place))
        if home is None:
            return self._unasked(entry, place)
        own = Recognised(entry, place, home, Verdict.MATCHED, Reason.OWN_IDENTIFIER)
        if not _says_enough(place) or alike(place.title, home.title):
            return own
        named = self._by_title(entry, place).paper
        if named is home:
            return own
        # People who wrote both papers, or share a name, do not make one of the other.
        is_another = named is not None and key(named.title or "") == key(place.title or "")
        if not is_another and may_be(place, place.title or "", _known(home)):
            return own
        return Recognised(entry, place, named, Verdict.MATCHED, Reason.MISMATCHED, home)

    def _unasked(self, entry: Entry, place: Place) -> Recognised:
        """An entry whose identifiers nobody has: that of a known title, unless its numbers are
        those of another paper."""
        named = self._by_title(entry, place)
        if named.paper is not None and not number_of_another(stated(place), ids_of(named.paper)):
            return named
        return Recognised(entry, place, None, Verdict.UNAVAILABLE, Reason.NOT_ASKED)

    def _by_title(self, entry: Entry, place: Place) -> Recognised:
        decision = find(wanted(place), self._pool)
        ids = [i for record in decision.records for i in record.identifiers]
        paper = self._owner(ids) if decision.verdict is Verdict.MATCHED else None
        return Recognised(entry, place, paper, decision.verdict, decision.reason)

    def _owner(self, ids: Iterable[Identifier]) -> Paper | None:
        """The work that has the first of these identifiers that any has."""
        claims = (self._library.claims.get(i) for i in with_kin(ids))
        return next((self._paper(c.paper_id) for c in claims if c is not None), None)

    def _paper(self, paper_id: str) -> Paper | None:
        aliases = self._library.aliases
        while paper_id in aliases:
            paper_id = aliases[paper_id]
        return self._papers.get(paper_id)

    @cached_property
    def _pool(self) -> Pool:
        """Works that have an identifier, and what lists call those that they link."""
        ids: dict[str, list[Identifier]] = {}
        for identifier, claim in self._library.claims.items():
            ids.setdefault(claim.paper_id, []).append(identifier)
        named = (
            p
            for p in self._library.places.values()
            if p.ids and not (p.finding and p.finding.reason is Reason.MISMATCHED)
        )
        works = self._library.works.values()
        return Pool([*(of_work(w, ids.get(w.paper_id, ())) for w in works), *map(of_place, named)])


def _says_enough(place: Place) -> bool:
    """Whether an entry's title can contradict its link: a data set links the paper that made it,
    and a nick contradicts nothing."""
    return place.kind is Kind.PAPER and len(words(place.title or "")) >= FEWEST_WORDS


def _known(paper: Paper) -> Known:
    """What a snapshot says of a paper, as what is weighed against an entry."""
    return Known("snapshot", (), paper.title or "", paper.authors or (), paper.year, paper.venue)
