"""Builders of the core's values, each with defaults that a test's quirk stands out against."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from enrich.counts import Observed
from enrich.edition import Settled, settle
from enrich.kin import with_kin
from enrich.library import Library, Place
from enrich.marks import Answered
from enrich.matching.values import Known
from enrich.model import Entry, Identifier, Kind, Link, Outcome, Record, Told
from enrich.papers import Paper
from enrich.places import track
from enrich.plan import Terms
from enrich.review.decisions import Ruling

NIGHT = datetime(2026, 11, 21, 2, tzinfo=UTC)
DAY = timedelta(days=1)
TERMS = {
    source: Terms(timedelta(hours=20), timedelta(days=7), 500, 1.0)
    for source in ("arxiv", "semantic_scholar", "openreview", "acl_anthology")
}


def night(n: int) -> datetime:
    """The n-th night, from 0."""
    return NIGHT + n * DAY


def ids(*texts: str) -> tuple[Identifier, ...]:
    """Identifiers from `scheme:value`."""
    return tuple(Identifier.of(text) for text in texts)


def entry(title: str | None = None, *stated: str, **other: Any) -> Entry:
    """An entry of a list that states these identifiers."""
    n = other.pop("n", 1)
    values: dict[str, Any] = {
        **{"n": n, "line": n, "end_line": n, "section": ("Papers",), "title": title},
        **{"label": None, "authors": None, "venue": None, "year": None, "kind": Kind.PAPER},
        **{"links": (), "ids": with_kin(ids(*stated)), "confidence": 1.0, "layout": "bullet"},
        **other,
    }
    if "raw" not in other:
        written = (values["title"] or values["label"], values["authors"], values["venue"])
        values["raw"] = "- " + ". ".join(w for w in written if w) + " ".join(stated)
    return Entry(**values)


def link(url: str) -> Link:
    """A link whose text says nothing."""
    return Link("paper", url)


def places(*entries: Entry, name: str = "list", at: datetime = NIGHT) -> tuple[Place, ...]:
    """The places of a list that was never read before; entries are numbered."""
    return track(name, (), numbered(entries), at)


def numbered(entries: Iterable[Entry]) -> list[Entry]:
    """Entries with their positions in the list."""
    return [replace(each, n=n, line=n, end_line=n) for n, each in enumerate(entries, start=1)]


def record(asked: str, title: str | None = None, *reported: str, **other: Any) -> Record:
    """What a source says; of the work that it was asked for unless `reported` says otherwise."""
    source = other.pop("source", "semantic_scholar")
    return Record(source, Identifier.of(asked), title, identifiers=ids(*reported), **other)


def told(each: Record, at: datetime = NIGHT) -> Answered:
    """A source's answer that is this record."""
    return Answered(Told(each.source, each.asked, Outcome.OK, "{}"), at, each)


def untold(
    source: str, asked: str, outcome: Outcome = Outcome.NOT_FOUND, at: datetime = NIGHT
) -> Answered:
    """A source's answer that is none."""
    return Answered(Told(source, Identifier.of(asked), outcome, reason="unknown"), at, None)


def observed(each: Record, at: datetime = NIGHT) -> Observed:
    """A record and when it was told."""
    return Observed(each, at)


def indexed(identifier: str, title: str, *authors: str, year: int | None = None) -> Known:
    """A paper of the catalogue."""
    return Known("acl_anthology", ids(identifier), title, authors, year)


class Nights:
    """A library over several nights: lists are read anew, answers come in, and it is settled."""

    def __init__(self) -> None:
        self.library = Library()
        self.settled: Settled | None = None
        self.n = -1

    def night(
        self,
        lists: Mapping[str, Sequence[Entry]],
        answers: Sequence[Answered] = (),
        index: Mapping[str, Sequence[Known]] | None = None,
        rulings: Mapping[tuple[str, int], str | None] | None = None,
    ) -> Nights:
        """The next night; a list that is not named has none of its entries any more.

        `rulings`: what was decided of the entry at a position of a list: a paper, or none.
        """
        self.n += 1
        before = self.library.places.values()
        found: list[Place] = []
        for name in dict.fromkeys([*lists, *(p.list_id for p in before)]):
            old = [p for p in before if p.list_id == name]
            found += track(name, old, numbered(lists.get(name, ())), night(self.n))
        at = {(p.list_id, p.position): p.entry_id for p in found if not p.removed_at}
        ruled = {
            at[where]: Ruling(where[0], None, at[where], Identifier.of(said) if said else None)
            for where, said in (rulings or {}).items()
        }
        now = night(self.n)
        self.settled = settle(self.library, {}, found, answers, index, TERMS, now, ruled)
        self.library = self.settled.library
        return self

    def place(self, name: str, position: int = 1) -> Place:
        """The live entry at a position of a list."""
        live = (p for p in self.library.places.values() if not p.removed_at)
        return next(p for p in live if (p.list_id, p.position) == (name, position))

    def paper(self, name: str, position: int = 1) -> str:
        """The work of the entry at a position of a list."""
        finding = self.place(name, position).finding
        assert finding is not None
        return finding.paper_id

    def ids(self, paper_id: str) -> set[str]:
        """The identifiers of a work."""
        return {str(i) for i, c in self.library.claims.items() if c.paper_id == paper_id}

    def now(self, paper_id: str) -> str:
        """What a work that once had this id is called now."""
        return self.library.aliases.get(paper_id, paper_id)


def paper(paper_id: str, title: str | None = None, **other: Any) -> Paper:
    """A work's description; what is not named was not told."""
    unsaid = {each.name: None for each in fields(Paper)}
    always = {"paper_id": paper_id, "title": title, "lists": ()}
    return Paper(**{**unsaid, **always, "first_seen_at": NIGHT, "updated_at": NIGHT, **other})


def described(library: Library, **other: Mapping[str, Any]) -> dict[str, Paper]:
    """Descriptions of a library's works from their titles and identifiers alone; `other`: what is
    told besides of the work that has an identifier, by its value."""
    found = {}
    for work in library.works.values():
        ids = [i for i, claim in library.claims.items() if claim.paper_id == work.paper_id]
        named = {f"{i.scheme}_id" if i.scheme != "doi" else "doi": i.value for i in ids}
        more = [said for value, said in other.items() if value in named.values()]
        told = {k: v for said in more for k, v in said.items()}
        found[work.paper_id] = paper(
            work.paper_id, work.title, authors=work.authors or None, **{**named, **told}
        )
    return found
