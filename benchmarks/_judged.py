"""Is what matching decides right, by the labels?"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from benchmarks._labelled import Labelled, Line
from enrich.matching.decide import find
from enrich.matching.index import TitleIndex
from enrich.matching.values import Decision, Known, Verdict, Wanted
from enrich.model import Identifier
from enrich.titles import key

SURE = 0.95
"""A score from which being wrong is worst."""
Decide = Callable[[Wanted], Decision]


@dataclass(frozen=True, slots=True)
class Judged:
    """A decision on a line. `is_right`: of what was accepted; `is_best_right`: of the best
    candidate, accepted or only shown, None where none was."""

    line: Line
    decision: Decision
    is_right: bool
    is_best_right: bool | None

    @property
    def is_accepted(self) -> bool:
        """Whether a paper was said to be the one that the line means."""
        return self.decision.verdict is Verdict.MATCHED


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of lines. `lost`: without a paper, and one was accepted. `sure_and_wrong`: of all."""

    lines: int
    with_paper: int
    accepted: int
    right: int
    lost: int
    sure_and_wrong: int
    ambiguous: int

    @property
    def precision(self) -> float:
        """Right of accepted."""
        return share(self.right, self.accepted)

    @property
    def recall(self) -> float:
        """Right of the lines whose paper is in the world."""
        return share(self.right, self.with_paper)

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        return share(2 * self.right, self.accepted + self.with_paper)


class Judge:
    """The world of the labels, as matching is asked about it."""

    def __init__(self, world: Labelled, index: TitleIndex) -> None:
        self.known, self.index = world.known, index
        self._works: dict[Known, set[int]] = defaultdict(set)
        self._by_id: dict[Identifier, set[int]] = defaultdict(set)
        self._by_key: dict[str, Known] = {}
        for known, work in zip(world.known, world.works, strict=True):
            self._works[known].add(work)
            for identifier in known.identifiers:
                self._by_id[identifier].add(work)
            self._by_key.setdefault(key(known.title), known)

    def decide(self, wanted: Wanted) -> Decision:
        """What matching says."""
        return find(wanted, self)

    def same(self, title: str) -> list[Known]:
        """The papers of this very title."""
        return [self.known[at] for at in self.index.same(title)]

    def near(self, title: str) -> list[Known]:
        """The papers of the most alike titles."""
        return [self.known[at] for at in self.index.nearest(title)]

    def same_key(self, wanted: Wanted) -> Decision:
        """What the title says alone: the first paper that has exactly it."""
        if known := self._by_key.get(key(wanted.title)):
            return Decision(Verdict.MATCHED, "", 1.0, (known,))
        return Decision(Verdict.NOT_FOUND, "", 0.0)

    def judged(self, lines: Iterable[Line], says: Decide) -> list[Judged]:
        """The decisions on lines, each with what it is worth."""
        return [self._judge(line, says(line.wanted)) for line in lines]

    def _judge(self, line: Line, decision: Decision) -> Judged:
        is_right = bool(decision.records) and all(
            self._works[record] & line.works for record in decision.records
        )
        is_best_right: bool | None = None
        if decision.verdict is Verdict.MATCHED:
            is_best_right = is_right
        elif decision.candidates:
            best = decision.candidates[0]
            is_best_right = bool(self._by_id[Identifier(best.scheme, best.value)] & line.works)
        return Judged(line, decision, is_right, is_best_right)


def score(judged: Sequence[Judged]) -> Score:
    """What the decisions come to."""
    accepted = [each for each in judged if each.is_accepted]
    return Score(
        lines=len(judged),
        with_paper=sum(bool(each.line.works) for each in judged),
        accepted=len(accepted),
        right=sum(each.is_right for each in accepted),
        lost=sum(not each.line.works for each in accepted),
        sure_and_wrong=sum(each.decision.score >= SURE and not each.is_right for each in accepted),
        ambiguous=sum(each.decision.verdict is Verdict.AMBIGUOUS for each in judged),
    )


def share(part: float, whole: float) -> float:
    """A part of a whole; not a number where there is no whole."""
    return part / whole if whole else math.nan


def wilson(part: int, whole: int) -> tuple[float, float]:
    """Between what two shares the true one is, 95 times of 100."""
    if not whole:
        return math.nan, math.nan
    z, p = 1.96, part / whole
    middle = (p + z * z / (2 * whole)) / (1 + z * z / whole)
    half = z * math.sqrt(p * (1 - p) / whole + z * z / (4 * whole**2)) / (1 + z * z / whole)
    return middle - half, min(1.0, middle + half)
