"""Which work does an entry without an identifier stand for?"""

from __future__ import annotations

from collections.abc import Iterable

from enrich.library import Finding, Method, Place, Reason, Verdict
from enrich.matching.decide import decide, find
from enrich.matching.pool import LIST, Pool, wanted
from enrich.matching.values import Decision, Known
from enrich.model import Identifier
from enrich.titles import key, names
from enrich.works.linked import Stray
from enrich.works.shelf import Shelf

SURE = 0.95
"""The least probability at which another record is taken for the same work as a linked one."""


def found(pool: Pool, place: Place, undecided: Finding | None = None) -> Decision:
    """Which of the papers known from anywhere the entry names.

    `undecided`: what another night could not decide; it stays as long as what was brought up then
    is not all there to be weighed again, and nothing else decides.
    """
    decision = find(wanted(place), pool)
    if undecided is None:
        return decision
    near = pool.near(place.title or "")
    here = {identifier for known in near for identifier in known.identifiers}
    titles = {key(known.title) for known in near}
    then = {Identifier(c.scheme, c.value) for c in undecided.candidates}
    # An identifier may by now be known as that of another paper.
    is_all_here = then <= here and all(key(c.title) in titles for c in undecided.candidates)
    accepted = {i for known in decision.records for i in known.identifiers}
    if is_all_here or (accepted and accepted.isdisjoint(then)):
        return decision
    return Decision(
        undecided.verdict, undecided.reason, undecided.score, candidates=undecided.candidates
    )


def by_title(shelf: Shelf, place: Place, decision: Decision, before: str | None) -> Finding:
    """The work that the decision is for, or one without identifiers that waits for better days.

    `before`: the work that the entry stood for until now.
    """
    people = names(place.authors)
    if decision.verdict is Verdict.MATCHED and (home := _home(shelf, decision, place, before)):
        shelf.name(home, place.title, people)
        home = shelf.adopt(before, home)
        return Finding(home, Verdict.MATCHED, decision.reason, decision.score, Method.TITLE)
    seed = f"{place.list_id}:{place.entry_id}"
    if decision.reason is Reason.NO_TITLE:
        home = before or shelf.new(None, seed)
        return Finding(home, decision.verdict, decision.reason, 0.0)
    home = _placeholder(shelf, place, before) or shelf.new(place.title, seed)
    shelf.name(home, place.title, people)
    verdict, reason = decision.verdict, decision.reason
    if verdict is Verdict.MATCHED:  # by another's identifiers
        verdict, reason = Verdict.AMBIGUOUS, Reason.SEVERAL_WORKS
    return Finding(home, verdict, reason, decision.score, candidates=decision.candidates)


def of_stray(shelf: Shelf, stray: Stray, pool: Pool) -> Finding:
    """What an entry with a wrong link is: the paper that its title names, if one is found."""
    decision = found(pool, stray.place)
    if decision.verdict is not Verdict.MATCHED or _is_linked(shelf, stray, decision.records):
        return stray.as_linked(shelf)
    home = _home(shelf, decision, stray.place, None)
    if home is None:
        return stray.as_linked(shelf)
    shelf.name(home, stray.place.title, names(stray.place.authors))
    return Finding(
        home,
        Verdict.MATCHED,
        Reason.MISMATCHED,
        decision.score,
        Method.TITLE,
        (*decision.candidates[:1], stray.candidate),
    )


def complete(shelf: Shelf, place: Place, pool: Pool, home: str) -> str:
    """Bring the other identifiers of a linked work together: its preprint's, its publication's.

    Only records that have its title and its authors. Returns the work's id by now.
    """
    same = pool.same(place.title or "")
    if all(shelf.owner(i) == home for known in same for i in known.identifiers):
        return home
    asked = wanted(place)
    if not asked.authors:
        told = (k.authors for k in same if any(shelf.owner(i) == home for i in k.identifiers))
        authors = shelf.works[home].authors or next(filter(None, told), ())
        asked = asked._replace(authors=", ".join(authors) or None)
    decision = decide(asked, same)
    ids = [i for known in decision.records for i in known.identifiers]
    is_sure = decision.reason is Reason.SAME_TITLE_AND_AUTHORS and decision.score >= SURE
    if not is_sure or not any(shelf.owner(i) == home for i in ids):
        return home  # or another paper of the same title
    return _claim(shelf, decision.records, home)


def _home(shelf: Shelf, decision: Decision, place: Place, before: str | None) -> str | None:
    """The work of the accepted records, with their identifiers claimed; None where all of these
    are those of works that go by other titles."""
    ids = [i for known in decision.records for i in known.identifiers]
    owners = [o for i in ids if (o := shelf.owner(i))]
    home = next((o for o in owners if shelf.goes_by(o, decision.records[0].title)), None)
    if home is None and all(map(shelf.owner, ids)):
        return None
    home = home or _placeholder(shelf, place, before)
    return _claim(
        shelf, decision.records, home or shelf.new(decision.records[0].title, str(ids[0]))
    )


def _claim(shelf: Shelf, records: Iterable[Known], home: str) -> str:
    for known in records:
        for identifier in known.identifiers:
            other = shelf.owner(identifier)
            if other is None:
                shelf.claim(home, identifier, known.source)
            else:
                home = shelf.merge(home, other)
        if known.source != LIST:
            shelf.name(home, known.title, names(known.authors))
    return home


def _placeholder(shelf: Shelf, place: Place, before: str | None) -> str | None:
    """A work without identifiers that goes by the entry's title."""
    same = shelf.titled(place.title, names(place.authors), ())
    return next((w for w in (before, *same) if w and not shelf.ids[w]), None)


def _is_linked(shelf: Shelf, stray: Stray, records: Iterable[Known]) -> bool:
    owners = {shelf.owner(i) for known in records for i in known.identifiers}
    return shelf.find(stray.home) in owners
