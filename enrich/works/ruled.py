"""What do people's decisions do to works and identifiers?

They are applied afresh every night, so that deleting one leaves no trace: what only a decision
said is taken back with it, and the entry is judged as if there had been none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from enrich.kin import with_kin
from enrich.library import Claim, Finding, Library, Method, Place, Reason, Verdict
from enrich.model import Identifier, Outcome
from enrich.review.decisions import Ruling
from enrich.titles import alike, names
from enrich.works.shelf import Shelf

REVIEW = "review"
"""The source of an identifier that a person named."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The library without what only withdrawn decisions said.

    `nameless`: works that nobody but ruled entries speaks for; their titles are no evidence of
    anything. `alone`: works that one entry has to itself, by that entry.
    """

    library: Library
    nameless: frozenset[str]
    alone: Mapping[str, str]


def standing(library: Library, rulings: Mapping[str, Ruling]) -> Standing:
    """What stands of the last night's library, given tonight's decisions."""
    described = {w for (w, _), mark in library.fetches.items() if mark.outcome is Outcome.OK}
    ruled, others = set[str](), set[str]()
    for place in library.places.values():
        if place.finding is None:
            continue
        is_gone = place.removed_at is not None and place.finding.reason is Reason.REJECTED
        is_ruled = place.entry_id in rulings or is_gone
        (ruled if is_ruled else others).add(place.finding.paper_id)
    homes = [(p.finding.paper_id, p.entry_id) for p in library.places.values() if p.finding]
    entries = Counter(home for home, _ in homes)
    return Standing(
        replace(library, claims=_still_said(library, rulings, described)),
        frozenset(ruled - others - described),
        {home: entry_id for home, entry_id in homes if entries[home] == 1},
    )


def speaks(place: Place, rulings: Mapping[str, Ruling]) -> bool:
    """Whether what an entry stood for is evidence of how that work is called."""
    is_decided = place.finding is not None and place.finding.method is Method.REVIEW
    return not is_decided and place.entry_id not in rulings


def decided(shelf: Shelf, stood: Standing, place: Place, ruling: Ruling) -> Finding | None:
    """What a person said that an entry is; None for a rejected entry that is no paper anyway."""
    if ruling.accept is not None:
        home = _accepted(shelf, place, ruling.accept)
        return Finding(home, Verdict.MATCHED, Reason.DECIDED, 1.0, Method.REVIEW)
    if not place.wants_paper:
        return None
    home = _own(shelf, stood, place) or shelf.new(place.title, f"{place.list_id}:{place.entry_id}")
    return Finding(home, Verdict.NOT_FOUND, Reason.REJECTED, 0.0, Method.REVIEW)


def _accepted(shelf: Shelf, place: Place, accept: Identifier) -> str:
    """The work of the accepted identifier, whatever the entry itself states."""
    stated = with_kin((accept,))
    owners = list(dict.fromkeys(o for i in stated if (o := shelf.owner(i))))
    before = _placeholder(shelf, place)
    home = owners[0] if owners else before or shelf.new(place.title, str(accept))
    for identifier in stated:
        shelf.claim(home, identifier, REVIEW)
    for other in [*owners, *([before] if before else [])]:
        home = shelf.merge(home, other)
    shelf.name(home, place.title, names(place.authors))
    return home


def _placeholder(shelf: Shelf, place: Place) -> str | None:
    """The work without identifiers that the entry stood for, unless its title is now another's."""
    if place.finding is None:
        return None
    home = shelf.find(place.finding.paper_id)
    work = shelf.works.get(home)
    return home if work and not shelf.ids[home] and alike(place.title, work.title) else None


def _own(shelf: Shelf, stood: Standing, place: Place) -> str | None:
    """The work without identifiers and without a name that is the entry's alone.

    A rejected entry shares its work with no other, which could be found to be something yet.
    """
    if place.finding is None:
        return None
    home = place.finding.paper_id
    is_own = stood.alone.get(home) == place.entry_id and home in stood.nameless
    return home if is_own and home in shelf.works and not shelf.ids[home] else None


def _still_said(
    library: Library, rulings: Mapping[str, Ruling], described: set[str]
) -> dict[Identifier, Claim]:
    """The claims without those that nobody makes any more: a person's, of a work of which no
    source and no list said anything."""
    accepted = {i for r in rulings.values() if r.accept for i in with_kin((r.accept,))}
    confirmed = described | {c.paper_id for c in library.claims.values() if c.source != REVIEW}
    return {
        identifier: claim
        for identifier, claim in library.claims.items()
        if claim.source != REVIEW or identifier in accepted or claim.paper_id in confirmed
    }
