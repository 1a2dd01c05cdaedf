"""When was which work asked of which source, how did that end, and what does it leave open?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from enrich.counts import Observed
from enrich.library import Finding, Library, Place, Reason, Verdict
from enrich.model import TITLE, Fetched, Identifier, Outcome, Record, Told
from enrich.plan import Terms, fetched
from enrich.titles import key as title_key
from enrich.works.identify import Identified

NONE_OF_THEM = "none of those brought up"
"""Why a search that brought papers up found nothing."""
ANOTHER_PAPER = "answered with another paper"
"""Why an answer that plainly describes another work than was asked for is no answer."""


class Answered(NamedTuple):
    """What a source told, when, and what it means; no record unless it was `ok`."""

    told: Told
    at: datetime
    record: Record | None


def still_news(
    answers: Sequence[Answered], library: Library, before: Library, until: datetime
) -> list[Answered]:
    """The answers without those that the library has a later word on.

    `before`: the library as it was when they were asked for. `until`: the present; a mark of the
    future was made under a wrong clock, unless it was made meanwhile.
    """

    def is_news(each: Answered) -> bool:
        claim = library.claims.get(each.told.asked)
        key = (claim.paper_id, each.told.source) if claim else None
        mark = library.fetches.get(key) if key else None
        if key is None or mark is None or mark.outcome is Outcome.FAILED:
            return True
        is_credible = mark.checked_at <= until or mark != before.fetches.get(key)
        return not (is_credible and each.at < mark.checked_at)

    return [each for each in answers if is_news(each)]


def marked(
    base: Library,
    live: Sequence[Place],
    identified: Identified,
    answers: Sequence[Answered],
    terms: Mapping[str, Terms],
) -> tuple[dict[tuple[str, str], Fetched], Mapping[str, Mapping[str, Observed]]]:
    """The marks that tonight's answers leave, and the answers by work and source."""
    fetches = _realias(base.fetches, identified.aliases)
    titled = _by_title(live, identified)
    answered: defaultdict[str, dict[str, Observed]] = defaultdict(dict)
    tried: defaultdict[tuple[str, str], dict[Identifier, None]] = defaultdict(dict)
    # A search that brought the paper up leaves the mark of the paper's own answer.
    for told, at, record in sorted(answers, key=lambda each: each.told.asked.scheme == TITLE):
        if told.asked.scheme == TITLE:
            homes = titled.get(title_key(told.asked.value), ())
        else:
            claim = identified.claims.get(told.asked)
            homes = (claim.paper_id,) if claim else ()
        for home in homes:
            key = (home, told.source)
            if key not in tried and (mark := fetches.get(key)) and _is_miss(mark, at):
                tried[key] = dict.fromkeys(mark.asked)
            tried[key][told.asked] = None
            is_told = told.outcome is Outcome.OK and told.asked.scheme != TITLE
            if not is_told and told.source in answered[home]:
                continue  # it knew the work by another identifier
            outcome, reason, said = told.outcome, told.reason, record
            if (told.source, told.asked) in identified.doubted:
                outcome, reason, said = Outcome.FAILED, ANOTHER_PAPER, None
            elif outcome is Outcome.OK and not is_told:
                outcome, reason = Outcome.NOT_FOUND, NONE_OF_THEM
            mark = fetched(outcome, tuple(tried[key]), at, terms[told.source], reason)
            before = base.fetches.get(key)
            if outcome is Outcome.NOT_FOUND and before and before.outcome is Outcome.OK:
                # A first miss after a good answer may be the source's slip: looked at soon again.
                mark = replace(mark, due_at=at + terms[told.source].refresh_after)
            fetches[key] = mark
            if said is not None:
                answered[home][told.source] = Observed(said, at)
    return fetches, answered


def _by_title(live: Sequence[Place], identified: Identified) -> dict[str, tuple[str, ...]]:
    """The works that a title may have been searched for, by title key."""
    found: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for place in live:
        finding = identified.findings[place.entry_id]
        if finding and place.title and finding.reason is not Reason.MISMATCHED:
            found[title_key(place.title)][finding.paper_id] = None
    return {folded: tuple(homes) for folded, homes in found.items()}


def judged(
    finding: Finding, fetches: Mapping[tuple[str, str], Fetched], searching: Sequence[str]
) -> Finding:
    """The finding; `unavailable` where a source that could have found the paper gave no answer."""
    if finding.reason is not Reason.UNKNOWN_TITLE:
        return finding
    marks = [fetches.get((finding.paper_id, source)) for source in searching]
    if any(mark and mark.outcome is Outcome.FAILED for mark in marks):
        return replace(finding, verdict=Verdict.UNAVAILABLE, reason=Reason.SOURCE_DOWN)
    if not all(marks):
        return replace(finding, verdict=Verdict.UNAVAILABLE, reason=Reason.NOT_ASKED)
    return finding


def _is_miss(mark: Fetched, at: datetime) -> bool:
    """Whether a miss is still remembered."""
    return mark.outcome is Outcome.NOT_FOUND and mark.due_at > at


def _realias(
    fetches: Mapping[tuple[str, str], Fetched], aliases: Mapping[str, str]
) -> dict[tuple[str, str], Fetched]:
    """Fetches under present ids; of two merged works' marks the better, then the newer."""
    found: dict[tuple[str, str], Fetched] = {}
    for (paper_id, source), mark in fetches.items():
        key = (aliases.get(paper_id, paper_id), source)
        other = found.get(key)
        if other is None or _rank(mark) > _rank(other):
            found[key] = mark
    return found


def _rank(mark: Fetched) -> tuple[bool, datetime]:
    return (mark.outcome is Outcome.OK, mark.checked_at)
