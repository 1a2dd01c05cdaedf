"""Which entries name the same work, and which identifiers are its own?

The order of evidence: a person's decision, then an identifier that an entry states, then
identifiers that sources report, then the same title with compatible authors among the works
already known, then the local index of the ACL Anthology. What none of them settles stays
`not_found`; nothing is guessed. What was settled once stays settled while the entry's title and
identifiers stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from enrich.decisions import Ruling
from enrich.kin import with_kin
from enrich.library import (
    Candidate,
    Claim,
    Finding,
    Indexed,
    Library,
    Method,
    Place,
    Reason,
    Verdict,
    Work,
)
from enrich.model import ACL, ARXIV, OPENREVIEW, Identifier, Record
from enrich.reports import learn_all
from enrich.ruled import decided, speaks, standing
from enrich.shelf import Shelf
from enrich.titles import alike, compatible, key, names

ONE_AN_ENTRY = (ARXIV, ACL, OPENREVIEW)
"""Schemes of which an entry states one; a work may have had several OpenReview submissions."""

NO_RULINGS: Mapping[str, Ruling] = MappingProxyType({})

YEARS_APART = 3
"""Years between a list's date and a published version's: a preprint waits that long at most."""


@dataclass(frozen=True, slots=True)
class Identified:
    """What every entry was found to be, and the works and identifiers that follow from it.

    `aliases`: from every work that ever was merged into another to the one it is now.
    `doubted`: the sources and questions whose answers are about another paper.
    """

    findings: Mapping[str, Finding | None]
    works: Mapping[str, Work]
    claims: Mapping[Identifier, Claim]
    aliases: Mapping[str, str]
    doubted: frozenset[tuple[str, Identifier]]


def identify(
    library: Library,
    places: Sequence[Place],
    records: Iterable[Record],
    index: Mapping[str, Sequence[Indexed]] | None,
    now: datetime,
    rulings: Mapping[str, Ruling] = NO_RULINGS,
) -> Identified:
    """Give each entry its work.

    `places`: the entries that are in a list now, in order. `records`: what sources said tonight.
    `index`: the ACL Anthology's papers by title key (at least for the keys of entries without an
    identifier), or None where it is not to be had. `rulings`: what people decided, by entry.
    """
    today = {place.entry_id: place for place in places}
    # A line that was edited no longer says how its former work is called.
    lasting = [
        p
        for p in library.places.values()
        if _is_as_it_was(p, today.get(p.entry_id)) and speaks(p, rulings)
    ]
    stood = standing(library, rulings)
    shelf = Shelf(stood.library, lasting, now, stood.nameless)
    wanting = [p for p in places if p.wants_paper and p.entry_id not in rulings]
    findings: dict[str, Finding | None] = {place.entry_id: None for place in places}
    for place in wanting:
        if place.ids:
            findings[place.entry_id] = _by_identifier(shelf, place)
    for place in places:
        if ruling := rulings.get(place.entry_id):
            findings[place.entry_id] = decided(shelf, stood, place, ruling)
    doubted, waiting = learn_all(shelf, records)
    for one, other in shelf.namesakes():
        shelf.merge(one, other)
    unsettled = []
    for place in wanting:
        if not place.ids:
            findings[place.entry_id] = known = _as_before(
                shelf, place, library.places.get(place.entry_id)
            )
            if known is None:
                unsettled.append((place, _agreeing(place, index or {})))
    # Those that the index settles first, so that the order of the lists decides nothing.
    for place, indexed in sorted(unsettled, key=lambda each: len(each[1]) != 1):
        findings[place.entry_id] = _by_title(shelf, place, indexed, is_indexed=index is not None)
    # What was asked by an identifier that an entry has from the index alone.
    doubted |= learn_all(shelf, waiting)[0]
    settled = {
        entry_id: finding and replace(finding, paper_id=shelf.find(finding.paper_id))
        for entry_id, finding in findings.items()
    }
    claims = {i: c._replace(paper_id=shelf.find(c.paper_id)) for i, c in shelf.claims.items()}
    # A work that nobody ever saw, made and merged in one night, leaves no alias.
    seen = library.works.keys() | library.aliases.keys()
    aliases = {old: shelf.find(old) for old in shelf.aliases if old in seen}
    return Identified(settled, shelf.works, claims, aliases, frozenset(doubted))


def keys_without_identifier(places: Iterable[Place]) -> frozenset[str]:
    """The title keys that the local index is asked about."""
    return frozenset(key(p.title) for p in places if p.wants_paper and not p.ids and p.title) - {""}


def _is_as_it_was(was: Place, place: Place | None) -> bool:
    if place is None:
        return True
    return (place.title, place.authors, place.ids) == (was.title, was.authors, was.ids)


def _by_identifier(shelf: Shelf, place: Place) -> Finding:
    """The work whose identifier the entry states; a new one where nobody has it."""
    before, stated = _before(shelf, place), _stated(place)
    owners = dict.fromkeys(o for i in stated if (o := shelf.owner(i)))
    home = shelf.owner(stated[0]) or next(
        (o for o in (*owners, before) if o and not shelf.conflict(o, stated)), None
    )
    if home is None:
        same = shelf.titled(place.title, names(place.authors), stated)
        home = _only([work for work in same if shelf.ids[work]] or same[:1])
    if home is None:
        home = shelf.new(place.title, str(stated[0]))
    shelf.name(home, place.title, names(place.authors))
    for identifier in stated:
        shelf.claim(home, identifier, "list")
    for other in owners:  # with its own numbers known: they keep it apart
        home = shelf.merge(home, other)
    home = _adopt(shelf, before, home)
    return Finding(home, Verdict.MATCHED, Reason.OWN_IDENTIFIER, 1.0, Method.LINK)


def _stated(place: Place) -> tuple[Identifier, ...]:
    """The identifiers of the entry's own paper.

    An entry that links a second arXiv paper mentions it; the first is the paper.
    """
    stated: dict[Identifier, None] = {}
    for identifier in with_kin(place.ids):
        if identifier.scheme not in ONE_AN_ENTRY or all(
            identifier.scheme != i.scheme for i in stated
        ):
            stated[identifier] = None
    return tuple(stated)


def _as_before(shelf: Shelf, place: Place, was: Place | None) -> Finding | None:
    """What an entry was found to be another night, if its title is still the same."""
    home = _before(shelf, place)
    if was is None or place.finding is None or home is None or not shelf.ids[home]:
        return None
    is_same = key(was.title or was.label or "") == key(place.title or place.label or "")
    return place.finding if is_same and place.finding.method else None


def _by_title(
    shelf: Shelf, place: Place, indexed: Sequence[Indexed], *, is_indexed: bool
) -> Finding:
    """The work that an entry without an identifier names, if one thing says so.

    `indexed`: the index's papers that agree with it; `is_indexed`: whether there was an index.
    """
    before, people = _before(shelf, place), names(place.authors)
    seed = f"{place.list_id}:{place.entry_id}"
    if not key(place.title or ""):
        home = before or shelf.new(None, seed)
        return Finding(home, Verdict.NOT_FOUND, Reason.NO_TITLE, 0.0)
    same = shelf.titled(place.title, people, ())
    known = [work for work in same if shelf.ids[work]]
    if len(known) == 1:
        home = _adopt(shelf, before, known[0])
        return Finding(home, Verdict.MATCHED, Reason.SAME_TITLE, 1.0, Method.TITLE)
    placeholder = next((w for w in (before, *same) if w and not shelf.ids[w]), None)
    if not known and len(indexed) == 1:
        identifier = indexed[0].identifier
        home = shelf.owner(identifier) or placeholder or shelf.new(place.title, str(identifier))
        home = _adopt(shelf, before, home)
        shelf.name(home, place.title, people)
        shelf.claim(home, identifier, "acl_anthology")
        return Finding(home, Verdict.MATCHED, Reason.IN_ACL_INDEX, 1.0, Method.ACL_INDEX)
    home = placeholder or shelf.new(place.title, seed)
    shelf.name(home, place.title, people)
    if known or indexed:
        choice = {_candidate(shelf, work) for work in known}
        choice |= {Candidate(*each.identifier, each.title, 1.0) for each in indexed}
        candidates = tuple(sorted(choice))
        return Finding(home, Verdict.AMBIGUOUS, Reason.SEVERAL_WORKS, 0.5, candidates=candidates)
    if not is_indexed:
        return Finding(home, Verdict.UNAVAILABLE, Reason.INDEX_UNAVAILABLE, 0.0)
    return Finding(home, Verdict.NOT_FOUND, Reason.UNKNOWN_TITLE, 0.0)


def _before(shelf: Shelf, place: Place) -> str | None:
    """The work that the entry stood for, unless its title is now another paper's."""
    if place.finding is None or place.finding.method is Method.REVIEW:
        return None  # a decision that was taken back tells nothing
    home = shelf.find(place.finding.paper_id)
    work = shelf.works.get(home)
    return home if work and alike(place.title, work.title) else None


def _adopt(shelf: Shelf, before: str | None, home: str) -> str:
    """Settle on `home`; a placeholder that stood for the entry until now is the same work."""
    return shelf.merge(home, before) if before and not shelf.ids[before] else home


def _only(homes: Sequence[str]) -> str | None:
    return homes[0] if len(homes) == 1 else None


def _candidate(shelf: Shelf, home: str) -> Candidate:
    best = min(shelf.ids[home])
    return Candidate(best.scheme, best.value, shelf.works[home].title or "", 1.0)


def _agreeing(place: Place, index: Mapping[str, Sequence[Indexed]]) -> list[Indexed]:
    """The index's papers of this title that the entry's authors and year do not contradict."""
    people, folded = names(place.authors), key(place.title or "")
    return [
        each
        for each in index.get(folded, ())
        if compatible(people, names(each.authors), folded)
        and (not place.year or not each.year or abs(place.year - each.year) <= YEARS_APART)
    ]
