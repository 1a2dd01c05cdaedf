"""Which entries name a work that the list names already?"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence

from enrich.check.codes import Code
from enrich.check.fault import Fault, Subject
from enrich.kin import number_of_another
from enrich.known import Recognised
from enrich.library import Reason
from enrich.model import ACL, ARXIV, DOI, Kind
from enrich.titles import alike, compatible, key, names
from enrich.works.linked import stated

_NUMBERS = (ARXIV, ACL, DOI)
"""Identifiers that two entries share only if they name one work."""


def duplicates(subjects: Sequence[Subject]) -> Iterator[Fault]:
    """Every entry whose work an earlier one names, also in another section.

    Rows of a table of models that cite one paper are no duplicates, nor a blog beside its paper:
    both must be papers, with titles that are alike.
    """
    first: dict[Hashable, Subject] = {}
    for subject in subjects:
        known = subject.known
        if known.entry.kind is not Kind.PAPER or not known.entry.title or known.linked:
            continue
        marks = list(_marks(known))
        earlier = [first[mark] for mark in marks if mark in first]
        same = next((each for each in earlier if _is_same(each.known, known)), None)
        if same is not None:
            yield _fault(subject, same)
        for mark in marks:
            first.setdefault(mark, subject)


def _marks(known: Recognised) -> Iterator[Hashable]:
    """By what the work of an entry is known again."""
    if known.paper is not None:
        yield "work", known.paper.paper_id
    yield from (i for i in stated(known.place) if i.scheme in _NUMBERS)
    if title := key(known.entry.title or ""):
        yield "title", title


def _is_same(one: Recognised, other: Recognised) -> bool:
    if one.paper and other.paper and one.paper.paper_id != other.paper.paper_id:
        return False
    if Reason.MISMATCHED in (one.reason, other.reason):
        return False
    mine, theirs = stated(one.place), stated(other.place)
    if number_of_another(mine, theirs):
        return False
    shares = one.paper is not None and one.paper is other.paper
    if shares or {i for i in mine if i.scheme in _NUMBERS} & set(theirs):
        return alike(one.entry.title, other.entry.title)
    people = names(one.entry.authors), names(other.entry.authors)
    return compatible(*people, key(other.entry.title or ""))


def _fault(subject: Subject, earlier: Subject) -> Fault:
    first, entry = earlier.known.entry, subject.known.entry
    where, hint = f"line {first.line}", "remove one of the two"
    if first.section != entry.section and first.section:
        where += f", in “{first.section[-1]}”"
        hint = f"remove one; where both sections need it, <!-- papertide: off {Code.DUPLICATE} -->"
    return subject.fault(
        Code.DUPLICATE,
        subject.at("title"),
        f"“{entry.title}” is listed already, in {where}",
        hint,
    )
