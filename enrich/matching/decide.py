"""Of the papers that may be meant: which one is it, or can that not be told?"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from enrich.kin import number_of_another, with_kin
from enrich.library import Candidate, Reason, Verdict
from enrich.matching.evidence import is_venue, logit
from enrich.matching.people import Agreement, agreement
from enrich.matching.values import Decision, Known, Wanted
from enrich.matching.wording import compare
from enrich.model import ACL, SCHEMES
from enrich.titles import key

ACCEPTED = 0.8
"""The least probability of a match: wrong is worse than unknown. On tune lines every match above
it was right, and more doubtful ones began below."""
WORTH_A_LOOK = 0.25
"""The least probability of a candidate that is shown to a person."""
WORTH_WEIGHING = 0.05
"""The least probability of a candidate that competes with the others."""
MOST_SHOWN = 5
BESIDE_A_TWIN = 3.0
"""Taken from the logarithm of the odds of a like title where another paper has the same one."""
YEARS_APART = 4
"""Years from a preprint to its last publication, at most."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A known paper and the logarithm of the odds that it is the wanted one."""

    known: Known
    logit: float


def decide(wanted: Wanted, candidates: Sequence[Known]) -> Decision:
    """Decide which of the candidates is wanted. The order of the candidates says nothing."""
    if not key(wanted.title):
        return Decision(Verdict.NOT_FOUND, Reason.NO_TITLE, 0.0)
    weighed = _weighed(wanted, _filled(sorted(set(candidates), key=_place)))
    weighed.sort(key=lambda each: (-each.logit, _place(each.known)))
    works = _works([each for each in weighed if _chance(each.logit) >= WORTH_WEIGHING])
    if not works:
        return Decision(Verdict.NOT_FOUND, Reason.UNKNOWN_TITLE, 0.0)
    odds = [math.exp(work[0].logit) for work in works]
    scores = [each / (1 + sum(odds)) for each in odds]
    worth = [
        (work, score) for work, score in zip(works, scores, strict=True) if score >= WORTH_WEIGHING
    ]
    if scores[0] >= ACCEPTED:
        records = _publication(wanted, works[0])
        if records is None:
            twins = _candidates(([each], scores[0]) for each in works[0])
            return Decision(Verdict.AMBIGUOUS, Reason.SEVERAL_WORKS, scores[0], candidates=twins)
        # Not the work's other publication, of which an identifier might come first.
        worth[0] = ([each for each in works[0] if each.known in records], scores[0])
        reason = _reason(wanted, records[0])
        return Decision(Verdict.MATCHED, reason, scores[0], records, _candidates(worth))
    if _chance(works[0][0].logit) < WORTH_A_LOOK:
        return Decision(Verdict.NOT_FOUND, Reason.UNKNOWN_TITLE, scores[0])
    several = len(works) > 1 and odds[1] > odds[0] / 9
    reason = Reason.SEVERAL_WORKS if several else Reason.WEAK_EVIDENCE
    return Decision(Verdict.AMBIGUOUS, reason, scores[0], candidates=_candidates(worth))


def _place(known: Known) -> tuple[object, ...]:
    """Where a record stands among others that are as likely: the same, however they came."""
    rest = (known.source, known.authors, known.year or 0, known.venue or "")
    return (known.identifiers, known.title, *rest)


def _weighed(wanted: Wanted, candidates: Iterable[Known]) -> list[Weighed]:
    """The candidates by themselves, and then beside one that has the very title: what is only
    like it would have to be the wanted paper in another's name."""
    folded = key(wanted.title)
    found = [Weighed(known, logit(wanted, known)) for known in candidates]
    has_twin = any(key(each.known.title) == folded and each.logit > 0 for each in found)
    return [
        each
        if not has_twin or key(each.known.title) == folded
        else replace(each, logit=each.logit - BESIDE_A_TWIN)
        for each in found
    ]


class Papers(Protocol):
    """Papers that can be found by title."""

    def same(self, title: str) -> Sequence[Known]:
        """Those of this very title (`enrich.titles.key`)."""
        ...

    def near(self, title: str) -> Sequence[Known]:
        """Those of the most alike titles."""
        ...


def find(wanted: Wanted, papers: Papers) -> Decision:
    """Decide among the papers of the very title, and where that does not settle it, among all
    that are like it."""
    same = papers.same(wanted.title)
    decision = decide(wanted, same) if same else None
    if decision is not None and decision.verdict is Verdict.MATCHED:
        return decision
    return decide(wanted, [*same, *papers.near(wanted.title)])


def are_one(one: Known, other: Known) -> bool:
    """Whether two records tell of one work, perhaps in two publications."""
    if not set(with_kin(one.identifiers)).isdisjoint(with_kin(other.identifiers)):
        return True
    if one.year and other.year and abs(one.year - other.year) > YEARS_APART:
        return False
    # A list names fewer than wrote it: whoever is named there is looked for among all.
    few, many = sorted((one.authors, other.authors), key=lambda each: (len(each), each))
    people = agreement(", ".join(few), many)
    if people in (Agreement.NONE, Agreement.FEW):
        return False
    wording = compare(one.title, other.title)
    if wording.is_telling or wording.lost or wording.added:
        return False
    return people is not Agreement.UNTOLD or (wording.shared >= 32 and not wording.cut)


def _works(weighed: Sequence[Weighed]) -> list[list[Weighed]]:
    """The candidates by work, the likeliest first, in each the likeliest record first."""
    works: list[list[Weighed]] = []
    for each in weighed:
        home = next((w for w in works if any(are_one(o.known, each.known) for o in w)), None)
        if home is None:
            works.append([each])
        else:
            home.append(each)
    return works


def _publication(wanted: Wanted, work: Sequence[Weighed]) -> tuple[Known, ...] | None:
    """The records of the one publication of the work that is meant, the best record first.

    A workshop's and a conference's version have numbers of their own. Year and venue tell which is
    meant, or else it is the conference's; None where nothing tells.
    """
    ranked = sorted(work, key=lambda each: _rank(wanted, each), reverse=True)
    chosen: list[Weighed] = []
    for each in ranked:
        rivals = [other for other in chosen if _are_rivals(each.known, other.known)]
        if any(_rank(wanted, other) == _rank(wanted, each) for other in rivals):
            return None
        if not rivals:
            chosen.append(each)
    return tuple(each.known for each in chosen)


def _rank(wanted: Wanted, each: Weighed) -> tuple[float, bool, bool]:
    return (round(each.logit, 2), is_venue(wanted.venue, each.known), not _is_workshop(each.known))


def _are_rivals(one: Known, other: Known) -> bool:
    return number_of_another(with_kin(one.identifiers), with_kin(other.identifiers))


def _is_workshop(known: Known) -> bool:
    is_numbered = any(i.scheme == ACL and i.value.startswith("W") for i in known.identifiers)
    return is_numbered or "workshop" in (known.venue or "").lower()


def _filled(candidates: Iterable[Known]) -> list[Known]:
    """The candidates, those without authors with the authors that another record of the same
    identifier tells: what one source leaves out is not unknown."""
    found = list(candidates)
    authors = {i: known.authors for known in found if known.authors for i in known.identifiers}
    return [
        known
        if known.authors
        else known._replace(
            authors=next((authors[i] for i in known.identifiers if i in authors), ())
        )
        for known in found
    ]


def _reason(wanted: Wanted, known: Known) -> Reason:
    wording = compare(wanted.title, known.title)
    if wording.lost or wording.added:
        return Reason.REWORDED_TITLE
    if wording.cut:
        return Reason.CUT_TITLE
    if key(wanted.title) != key(known.title):
        return Reason.RESPELT_TITLE
    if agreement(wanted.authors, known.authors) is Agreement.UNTOLD:
        return Reason.SAME_TITLE
    return Reason.SAME_TITLE_AND_AUTHORS


def _candidates(works: Iterable[tuple[Sequence[Weighed], float]]) -> tuple[Candidate, ...]:
    """Works with their scores as a person may choose them: by the identifier that says most, which
    also orders those of one score; what else is known of a work may be more the next night."""
    found: dict[Candidate, None] = {}
    for work, score in works:
        if ids := {identifier for each in work for identifier in each.known.identifiers}:
            best = min(ids, key=lambda i: (SCHEMES.index(i.scheme), i.value))
            found[Candidate(best.scheme, best.value, work[0].known.title, round(score, 3))] = None
    ranked = sorted(found, key=lambda c: (-c.score, SCHEMES.index(c.scheme), c.value))
    return tuple(ranked[:MOST_SHOWN])


def _chance(logit: float) -> float:
    return 1 / (1 + math.exp(-logit))
