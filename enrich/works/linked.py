"""Which work does an entry with an identifier stand for, and does its link lead there?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from enrich.kin import with_kin
from enrich.library import Candidate, Finding, Method, Place, Reason, Verdict
from enrich.matching.evidence import probability
from enrich.matching.people import Agreement, agreement
from enrich.matching.pool import of_record, wanted
from enrich.matching.values import Known
from enrich.matching.wording import compare
from enrich.model import ACL, ARXIV, OPENREVIEW, Identifier, Kind, Record
from enrich.titles import alike, names, similarity, words
from enrich.works.shelf import Shelf

ONE_AN_ENTRY = (ARXIV, ACL, OPENREVIEW)
"""Schemes of which an entry states one; a work may have had several OpenReview submissions."""

UNLIKELY = 0.05
"""The probability below which a link's paper is not the one that its entry names …"""
UNLIKE = 0.6
"""… if the titles have no more than this in common: renamed papers keep more of their titles."""


FEWEST_WORDS = 4
"""Words of a title that says enough to be another paper's."""
SAME_PEOPLE = (Agreement.ALL, Agreement.FIRST, Agreement.SOME)


@dataclass(frozen=True, slots=True)
class Stray:
    """An entry whose link leads to another paper than its title says: `home`, by `score` its own.

    The link stays evidence, but no longer the only one.
    """

    place: Place
    home: str
    candidate: Candidate

    def as_linked(self, shelf: Shelf) -> Finding:
        """What is found where nothing better than the link is known."""
        return Finding(
            shelf.find(self.home),
            Verdict.MATCHED,
            Reason.MISMATCHED,
            self.candidate.score,
            Method.LINK,
            (self.candidate,),
        )


def told_of(records: Iterable[Record]) -> dict[Identifier, list[Known]]:
    """What was told tonight of the paper that has an identifier, by one that says it has it."""
    found: dict[Identifier, list[Known]] = {}
    for record in records:
        if record.title and record.asked in with_kin(record.identifiers):
            for identifier in with_kin((record.asked,)):
                found.setdefault(identifier, []).append(of_record(record))
    return found


def strayed(shelf: Shelf, place: Place, told: Mapping[Identifier, Iterable[Known]]) -> Stray | None:
    """The other paper that the entry's link leads to, if what was told of it says so plainly."""
    ids = stated(place)
    said = [known for identifier in ids for known in told.get(identifier, ())]
    title = place.title
    if place.kind is not Kind.PAPER or not title or not said or len(words(title)) < FEWEST_WORDS:
        return None  # a data set links the paper that made it, and a nick contradicts nothing
    if any(may_be(place, title, known) for known in said):
        return None
    scored = [(probability(wanted(place), known), known) for known in said]
    score, known = max(scored, key=lambda each: each[0])
    home = next((o for i in ids if (o := shelf.owner(i))), None)
    home = home or shelf.new(known.title, str(ids[0]))
    shelf.name(home, known.title, names(known.authors))
    for identifier in ids:
        shelf.claim(home, identifier, "list")
    return Stray(place, home, Candidate(*ids[0], known.title, round(score, 3)))


def may_be(place: Place, title: str, known: Known) -> bool:
    """Whether a link's paper may well be the one that its entry names: papers are renamed, but
    neither altogether nor by other people."""
    return (
        agreement(place.authors, known.authors) in SAME_PEOPLE
        or compare(title, known.title).is_nicked
        or alike(title, known.title)
        or similarity(title, known.title) >= UNLIKE
        or probability(wanted(place), known) >= UNLIKELY
    )


def by_identifier(shelf: Shelf, place: Place, before: str | None) -> Finding:
    """The work whose identifier the entry states; a new one where nobody has it. `before`: the
    work that the entry stood for until now."""
    ids = stated(place)
    owners = dict.fromkeys(o for i in ids if (o := shelf.owner(i)))
    home = shelf.owner(ids[0]) or next(
        (o for o in (*owners, before) if o and not shelf.conflict(o, ids)), None
    )
    if home is None:
        same = shelf.titled(place.title, names(place.authors), ids)
        known = [work for work in same if shelf.ids[work]] or same[:1]
        home = known[0] if len(known) == 1 else None
    if home is None:
        home = shelf.new(place.title, str(ids[0]))
    shelf.name(home, place.title, names(place.authors))
    for identifier in ids:
        shelf.claim(home, identifier, "list")
    for other in owners:  # with its own numbers known: they keep it apart
        home = shelf.merge(home, other)
    home = shelf.adopt(before, home)
    return Finding(home, Verdict.MATCHED, Reason.OWN_IDENTIFIER, 1.0, Method.LINK)


def stated(place: Place) -> tuple[Identifier, ...]:
    """The identifiers of the entry's own paper.

    An entry that links a second arXiv paper mentions it; the first is the paper.
    """
    found: dict[Identifier, None] = {}
    for identifier in with_kin(place.ids):
        if identifier.scheme not in ONE_AN_ENTRY or all(
            identifier.scheme != i.scheme for i in found
        ):
            found[identifier] = None
    return tuple(found)
