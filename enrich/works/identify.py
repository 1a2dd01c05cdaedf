"""Which entries name the same work, and which identifiers are its own?

The order of evidence: a person's decision, then an identifier that an entry states, then
identifiers that sources report, then the title, with all that the entry says besides, among the
works already known, the local catalogue and what a search at the sources brought up
(`enrich.matching`). What none of them settles stays open; nothing is guessed. What was settled
once stays settled while the entry's title and identifiers stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from enrich.kin import number_of_another, with_kin
from enrich.library import Claim, Finding, Library, Method, Place, Question, Reason, Verdict, Work
from enrich.matching.pool import Pool, of_place, of_record, of_work
from enrich.matching.values import Known
from enrich.model import Identifier, Record
from enrich.review.decisions import Ruling
from enrich.titles import alike, key
from enrich.works.linked import Stray, by_identifier, strayed, told_of
from enrich.works.questions import is_as_it_was, is_unaskable, to_search
from enrich.works.reports import learn_all
from enrich.works.ruled import decided, speaks, standing
from enrich.works.shelf import Shelf
from enrich.works.titled import by_title, complete, found, of_stray

NO_RULINGS: Mapping[str, Ruling] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Identified:
    """What every entry was found to be, and the works and identifiers that follow from it.

    `aliases`: from every work that ever was merged into another to the one it is now.
    `doubted`: the sources and questions whose answers are about another paper. `questions`: titles
    to search for, each by the work that it is to be found for, or by the entry that links another.
    """

    findings: Mapping[str, Finding | None]
    works: Mapping[str, Work]
    claims: Mapping[Identifier, Claim]
    aliases: Mapping[str, str]
    doubted: frozenset[tuple[str, Identifier]]
    questions: Mapping[str, Question]


def identify(
    library: Library,
    places: Sequence[Place],
    records: Iterable[Record],
    index: Mapping[str, Sequence[Known]] | None,
    now: datetime,
    rulings: Mapping[str, Ruling] = NO_RULINGS,
) -> Identified:
    """Give each entry its work.

    `places`: the entries that are in a list now, in order. `records`: what sources said tonight.
    `index`: the catalogue's papers by title key, as far as `unlinked` and `newly_linked` entries
    go, or None where it is not to be had. `rulings`: what people decided, by entry.
    """
    today, records = {place.entry_id: place for place in places}, tuple(records)
    # A line that was edited no longer says how its former work is called.
    lasting = [
        p
        for p in library.places.values()
        if is_as_it_was(p, today.get(p.entry_id)) and speaks(p, rulings)
    ]
    stood = standing(library, rulings)
    shelf = Shelf(stood.library, lasting, now, stood.nameless)
    wanting = [p for p in places if p.wants_paper and p.entry_id not in rulings]
    findings: dict[str, Finding | None] = {place.entry_id: None for place in places}
    told, strays = told_of(records), list[Stray]()
    for place in [place for place in wanting if place.ids]:
        was = library.places.get(place.entry_id)
        if stray := strayed(shelf, place, told):
            strays.append(stray)
        elif not (known := _as_strayed(place, was, told)):
            known = by_identifier(shelf, place, _before(shelf, place))
        if not stray:
            findings[place.entry_id] = known
    for place in places:
        if ruling := rulings.get(place.entry_id):
            findings[place.entry_id] = decided(shelf, stood, place, ruling)
    doubted, waiting = learn_all(shelf, records)
    for one, other in shelf.namesakes():
        shelf.merge(one, other)
    believed = _consistent(r for r in records if (r.source, r.asked) not in doubted)
    pool = _pool(shelf, stood.nameless, wanting, strays, believed, index)
    findings |= {stray.place.entry_id: of_stray(shelf, stray, pool) for stray in strays}
    findings |= _by_titles(shelf, pool, wanting, library, has_index=index is not None)
    for place in wanting:
        finding = findings[place.entry_id]
        if finding and place.ids and (place.finding is None or is_unaskable(shelf, finding)):
            complete(shelf, place, pool, shelf.find(finding.paper_id))
    # What was asked by an identifier that an entry has by its title alone.
    doubted |= learn_all(shelf, waiting)[0]
    settled = {
        entry_id: replace(finding, paper_id=shelf.find(finding.paper_id))
        if finding and finding.paper_id in shelf.aliases
        else finding
        for entry_id, finding in findings.items()
    }
    claims = {
        i: c._replace(paper_id=shelf.find(c.paper_id)) if c.paper_id in shelf.aliases else c
        for i, c in shelf.claims.items()
    }
    # A work that nobody ever saw, made and merged in one night, leaves no alias.
    seen = library.works.keys() | library.aliases.keys()
    aliases = {old: shelf.find(old) for old in shelf.aliases if old in seen}
    questions = to_search(shelf, wanting, settled, library)
    return Identified(settled, shelf.works, claims, aliases, frozenset(doubted), questions)


def unlinked(places: Iterable[Place]) -> list[str]:
    """The titles by which alone an entry can be identified: papers that are like them in the
    catalogue are candidates."""
    return [p.title for p in places if p.wants_paper and not p.ids and p.title]


def newly_linked(places: Iterable[Place]) -> list[str]:
    """The titles of linked entries that are new: works of the same title in the catalogue may
    have other identifiers."""
    return [p.title for p in places if p.ids and p.finding is None and p.title]


def _as_strayed(
    place: Place, was: Place | None, told: Mapping[Identifier, object]
) -> Finding | None:
    """What an entry with a wrong link was found to be, on a night that tells nothing new of it."""
    finding = place.finding
    if was is None or finding is None or finding.reason is not Reason.MISMATCHED:
        return None
    is_told = any(i in told for i in with_kin(place.ids))
    return finding if not is_told and is_as_it_was(was, place) else None


def _as_before(shelf: Shelf, place: Place, was: Place | None) -> Finding | None:
    """What an entry was found to be another night, if it still says the same; its work may go by
    another title by now, as the sources told it."""
    finding = place.finding
    if was is None or finding is None or finding.method in (None, Method.REVIEW):
        return None
    if finding.method is Method.TITLE and is_as_it_was(was, place):
        home = shelf.find(finding.paper_id)
        return finding if home in shelf.works and shelf.ids[home] else None
    home_before = _before(shelf, place)
    if home_before is None or not shelf.ids[home_before]:
        return None
    is_same = key(was.title or was.label or "") == key(place.title or place.label or "")
    return finding if is_same else None


def _before(shelf: Shelf, place: Place) -> str | None:
    """The work that the entry stood for, unless its title is now another paper's."""
    if place.finding is None or place.finding.method is Method.REVIEW:
        return None  # a decision that was taken back tells nothing
    if place.finding.reason is Reason.MISMATCHED:
        return None  # nor does a link that was found to be wrong
    home = shelf.find(place.finding.paper_id)
    work = shelf.works.get(home)
    return home if work and alike(place.title, work.title) else None


def _pool(
    shelf: Shelf,
    nameless: frozenset[str],
    wanting: Sequence[Place],
    strays: Sequence[Stray],
    records: Sequence[Record],
    index: Mapping[str, Sequence[Known]] | None,
) -> Pool:
    """All papers that are known of: works, what lists say of what they link, what was told."""
    astray = {stray.place.entry_id for stray in strays}
    papers = [
        *(
            of_work(w, shelf.ids[w.paper_id])
            for w in shelf.works.values()
            if w.paper_id not in nameless
        ),
        *(of_place(p) for p in wanting if p.ids and p.entry_id not in astray),
        *(of_record(record) for record in records),
    ]
    return Pool(papers, index)


def _consistent(records: Iterable[Record]) -> list[Record]:
    """The records without those of another number than was asked for, and those that call by
    another title what has its title already: the sources are wrong about one of two papers."""
    called: dict[Identifier, str | None] = {}
    return [
        record
        for record in sorted(records, key=lambda each: (each.source, each.title or ""))
        if not number_of_another(with_kin((record.asked,)), with_kin(record.identifiers))
        and alike(called.setdefault(record.asked, record.title), record.title)
    ]


def _by_titles(
    shelf: Shelf, pool: Pool, wanting: Sequence[Place], library: Library, *, has_index: bool
) -> dict[str, Finding]:
    """What the entries without an identifier are found to be."""
    findings: dict[str, Finding] = {}
    unsettled = []
    for place in [place for place in wanting if not place.ids]:
        known = _as_before(shelf, place, library.places.get(place.entry_id))
        if known:
            findings[place.entry_id] = known
        else:
            was = library.places.get(place.entry_id)
            unsettled.append((place, found(pool, place, _undecided(place, was))))
    # Those that are matched first, so that the order of the lists decides nothing.
    for place, decision in sorted(unsettled, key=lambda each: each[1].verdict != "matched"):
        finding = by_title(shelf, place, decision, _before(shelf, place))
        if not has_index and finding.reason is Reason.UNKNOWN_TITLE:
            finding = replace(finding, verdict=Verdict.UNAVAILABLE, reason=Reason.INDEX_UNAVAILABLE)
        findings[place.entry_id] = finding
    return findings


def _undecided(place: Place, was: Place | None) -> Finding | None:
    """What another night could not decide of an entry that has not changed since."""
    known = place.finding
    if was is None or known is None or known.verdict is not Verdict.AMBIGUOUS:
        return None
    is_same = (was.title, was.authors, was.year) == (place.title, place.authors, place.year)
    return known if is_same else None
