"""Does an entry say of its paper what became of it: published, withdrawn, retracted?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from enrich.check.codes import Code
from enrich.check.fault import Fault, Snapshot, Subject, told
from enrich.check.links import NAMES
from enrich.export.form import appearance
from enrich.ids import from_text, url_of
from enrich.model import ACL, ARXIV, Identifier, Record, Status
from enrich.papers import ACL_SOURCE, OPENREVIEW_SOURCE, PREPRINT_VENUE, VENUE_TRUST, Paper, ids_of
from enrich.update.names import are_alike, named
from enrich.update.style import Style, is_preprint

EARLY, LATE = 1, 1
"""Years by which a list may differ from all that is known: a preprint comes before its paper, and
proceedings appear in the year after."""
_ARXIV_YEAR = re.compile(r"(?:[a-z-]+(?:\.[a-z]{2})?/)?(\d\d)\d\d", re.IGNORECASE)
_PUBLISHERS = frozenset({ACL_SOURCE, OPENREVIEW_SOURCE})
_SAID_GONE = re.compile(rb"withdr[ae]w|retract", re.IGNORECASE)
_ACL_YEAR = re.compile(r"((?:19|20)\d\d)\.")


def publication_faults(subject: Subject, snapshot: Snapshot) -> Iterator[Fault]:
    """What an entry says of its paper, and should not."""
    yield from _odd_venue(subject)
    yield from _year_to_come(subject, snapshot)
    paper = subject.known.paper
    if paper is None:
        return
    records = told(snapshot, paper)
    publication = _publication(paper, records)
    yield from _odd_year(subject, paper, records, publication)
    yield from _other_venue(subject, records)
    if paper.status in (Status.WITHDRAWN, Status.RETRACTED):
        yield from _gone(subject, paper, records)
    elif publication:
        yield from _superseded(subject, paper, publication)


def _gone(subject: Subject, paper: Paper, records: dict[str, Record]) -> Iterator[Fault]:
    """A paper that was taken back, with who says so and what came after it; unless the list says
    so as well."""
    if _SAID_GONE.search(subject.utf8[slice(*subject.region)]):
        return
    code = Code.WITHDRAWN if paper.status is Status.WITHDRAWN else Code.RETRACTED
    said = [NAMES.get(s, s) for s, each in records.items() if each.status is paper.status]
    by = f" ({' and '.join(said)} {'says' if len(said) == 1 else 'say'} so)" if said else ""
    successor = next(_successors(paper), None)
    then = f"link its successor, {url_of(successor)}" if successor else "remove it, or say so"
    yield subject.fault(code, subject.at("title"), f"“{paper.title}” was {paper.status}{by}", then)


def _successors(paper: Paper) -> Iterator[Identifier]:
    """Papers that the notice of a withdrawal names in place of this one."""
    own = set(ids_of(paper))
    for identifier in from_text(paper.abstract or ""):
        if identifier not in own and identifier.scheme in (ARXIV, ACL):
            yield identifier


def _publication(paper: Paper, records: dict[str, Record]) -> Record | None:
    """The record that tells where a paper was published; a list's word is none."""
    if paper.status is not Status.PUBLISHED:
        return None
    by_trust = (records[source] for source in VENUE_TRUST if source in records)
    return next((r for r in by_trust if r.venue and not PREPRINT_VENUE.match(r.venue)), None)


def _superseded(subject: Subject, paper: Paper, publication: Record) -> Iterator[Fault]:
    entry = subject.known.entry
    year = publication.year or paper.year
    if not entry.venue or not is_preprint(entry.venue):
        return
    if year and entry.year and year < entry.year:
        return  # a later version of the preprint, or another paper of that name
    venue = _short(publication.venue or "")
    dated = venue if year is None or str(year) in venue else f"{venue} {year}"
    url = appearance(paper).url
    link = f" and link {url}" if url and "arxiv.org" not in url else ""
    yield subject.fault(
        Code.SUPERSEDED,
        subject.at("venue", "title"),
        f"the list names the preprint; it was published at {dated} "
        f"({NAMES.get(publication.source, publication.source)})",
        f"write {dated}{link}",
    )


def _year_to_come(subject: Subject, snapshot: Snapshot) -> Iterator[Fault]:
    year = subject.known.entry.year
    if year and year > snapshot.now.year + 1:
        yield subject.fault(
            Code.ODD_YEAR, subject.at("year", "title"), f"{year} is yet to come", "correct it"
        )


def _odd_year(
    subject: Subject, paper: Paper, records: dict[str, Record], publication: Record | None
) -> Iterator[Fault]:
    """A year that fits nothing that is known. Where the list names a publication of which no source
    knows, its year may well be right: papers go to arXiv years before, and years after."""
    entry = subject.known.entry
    known = sorted(_years(records, paper))
    if entry.year is None or not known or known[0] - EARLY <= entry.year <= known[-1] + LATE:
        return
    if publication is None and entry.venue and not is_preprint(entry.venue):
        return
    span = str(known[0]) if known[0] == known[-1] else f"{known[0]} to {known[-1]}"
    yield subject.fault(
        Code.ODD_YEAR,
        subject.at("year", "title"),
        f"the list says {entry.year}; all that is known of the paper is of {span}",
        f"write {span}" if known[0] == known[-1] else "write the year of the venue",
    )


def _years(records: dict[str, Record], paper: Paper) -> set[int]:
    """The years that sources tell, and those that stand in numbers."""
    found = {r.year for r in records.values()} | {
        r.published.year for r in records.values() if r.published
    }
    if paper.arxiv_id and (form := _ARXIV_YEAR.match(paper.arxiv_id)):
        short = int(form[1])
        found.add(short + (1900 if short > 90 else 2000))
    if paper.acl_id and (form := _ACL_YEAR.match(paper.acl_id)):
        found.add(int(form[1]))
    return {year for year in found if year}


def _odd_venue(subject: Subject) -> Iterator[Fault]:
    venue = subject.known.entry.venue
    if venue and not any(c.isalpha() for c in venue):
        why = f"the venue is no name: “{venue}”"
        yield subject.fault(Code.ODD_VENUE, subject.at("venue"), why, "name the venue, or none")


def _other_venue(subject: Subject, records: dict[str, Record]) -> Iterator[Fault]:
    """A venue that all who know one contradict, if the publisher or two of them do. Only names that
    are known in short can be compared, and no workshops: they are called many things."""
    venue = subject.known.entry.venue or ""
    mine = None if is_preprint(venue) else named(venue).short
    said = {s: r.venue for s, r in records.items() if r.venue and not is_preprint(r.venue)}
    theirs = {named(each).short for each in said.values()}
    is_sure = len(said) > 1 or not _PUBLISHERS.isdisjoint(said)
    if not is_sure or mine is None or any(s is None or are_alike(mine, s) for s in theirs):
        return
    source = next(source for source in VENUE_TRUST if source in said)
    right = _short(said[source])
    who = " and ".join(NAMES.get(each, each) for each in said)
    yield subject.fault(
        Code.ODD_VENUE,
        subject.at("venue", "title"),
        f"the list says {venue}; it appeared at {right} ({who})",
        f"write {right}",
    )


def _short(venue: str) -> str:
    """A venue as lists write it, where that is known, without its year."""
    return "".join(Style().name(named(venue))) or venue
