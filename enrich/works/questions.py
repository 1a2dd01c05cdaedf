"""Which titles are the sources still to be searched for?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from enrich.library import Finding, Library, Place, Question, Reason, Verdict
from enrich.model import OPENREVIEW
from enrich.titles import key
from enrich.works.shelf import Shelf

NEARLY = (Reason.RESPELT_TITLE, Reason.CUT_TITLE, Reason.REWORDED_TITLE)
"""Why an entry was matched to a paper that has not its very title: another may have."""


def is_unaskable(shelf: Shelf, finding: Finding) -> bool:
    """Whether a work has no identifier by which anybody but OpenReview can be asked for it."""
    schemes = {i.scheme for i in shelf.ids[shelf.find(finding.paper_id)]}
    return schemes == {OPENREVIEW}


def to_search(
    shelf: Shelf,
    wanting: Sequence[Place],
    findings: Mapping[str, Finding | None],
    library: Library,
) -> dict[str, Question]:
    """The titles that the sources are to search for."""
    found: dict[str, Question] = {}
    for place in wanting:
        finding = findings[place.entry_id]
        if finding is None or place.title is None or not key(place.title):
            continue
        if finding.reason is Reason.MISMATCHED:
            was = library.places.get(place.entry_id)
            known = was.finding if was and is_as_it_was(was, place) else None
            if known is None or known.reason is not Reason.MISMATCHED:
                found[place.entry_id] = Question(place.title, is_open=True)
        elif finding.verdict is not Verdict.MATCHED:
            found.setdefault(finding.paper_id, Question(place.title, is_open=True))
        elif finding.reason in NEARLY or is_unaskable(shelf, finding):
            found.setdefault(finding.paper_id, Question(place.title, is_open=False))
    return found


def is_as_it_was(was: Place, place: Place | None) -> bool:
    """Whether an entry still says what it said; so does one that left its list."""
    if place is None:
        return True
    return (place.title, place.authors, place.ids) == (was.title, was.authors, was.ids)
