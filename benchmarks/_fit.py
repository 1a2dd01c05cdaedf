"""How much should each piece of evidence weigh? `python -m benchmarks._fit` prints the weights.

A logistic regression on pairs of a tune line and a likely paper, held to what a careful person
would say (`PRIOR`) where the few hundred real lines show little; then stretched so that the score
of each line's best candidate is the share of such candidates that are right.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from benchmarks._labelled import Basis, Labelled, Line, labelled
from benchmarks._perturbed import CHANGES, OTHERS, varied
from enrich.matching.evidence import features
from enrich.matching.index import TitleIndex
from enrich.matching.values import Known, Wanted

CHANGED = (
    *("1-2 typos", "sub-title dropped", "nick dropped", "nick in front", "plural", "title alone"),
    *("opposite", "another number", "another part"),
)
"""Changed lines, so that the weights also know what the few hundred real ones do not show …"""
COUNTS = 0.05
"""… and what one of them counts beside a real line."""
FIRMNESS = 2.0
"""How firmly the weights are held to `PRIOR`: one over the variance of a weight around it."""
STRETCH_FIRMNESS = 3.0
"""And how firmly the stretch is held to none."""

PRIOR: Mapping[str, float] = {
    "all": 2.0,
    "added": -4.0,
    "lost": -4.0,
    "both changed": -1.5,
    "small": -1.0,
    "telling": -7.0,
    "nick cut": -0.5,
    "sub-title cut": -1.5,
    "short": -0.5,
    "short and cut": -1.0,
    "short, authors untold": -4.0,
    "short, authors none": -5.0,
    "authors all, whole title": 4.0,
    "authors all, cut title": 4.0,
    "authors all, changed title": 2.0,
    "authors first, whole title": 3.0,
    "authors first, cut title": 2.0,
    "authors first, changed title": 0.5,
    "authors some, whole title": 2.0,
    "authors some, cut title": 0.5,
    "authors some, changed title": -1.0,
    "authors few, whole title": 0.0,
    "authors few, cut title": -2.0,
    "authors few, changed title": -4.0,
    "authors none, whole title": -2.5,
    "authors none, cut title": -5.0,
    "authors none, changed title": -7.0,
    "authors untold, whole title": 2.0,
    "authors untold, cut title": 0.0,
    "authors untold, changed title": -2.0,
    "same nick, authors all": 4.0,
    "same nick, authors first": 3.5,
    "same nick, authors some": 3.0,
    "same nick, authors few": 1.0,
    "same nick, authors none": 0.0,
    "same nick, authors untold": 1.5,
    "year same": 0.7,
    "year near": 0.2,
    "year untold": 0.0,
    "year off": -1.0,
    "year far": -4.0,
    "year far, authors untold": -2.0,
}
"""What a careful person would give each piece of evidence, in logarithms of odds."""


class Pair(NamedTuple):
    """A line and a paper that it may mean. `kind`: how the line was changed, empty if it was not.

    Pairs of one line follow each other; `line` tells lines apart.
    """

    line: int
    wanted: Wanted
    known: Known
    is_right: bool
    kind: str = ""


def pairs(
    side: str = "tune", world: Labelled | None = None, kinds: tuple[str, ...] = ()
) -> Iterator[Pair]:
    """Every line of a side with every candidate that the index finds for it, and so for the lines
    changed in some ways (`CHANGES`, `OTHERS`)."""
    world = world or labelled()
    index = TitleIndex([known.title for known in world.known])
    lines = [each for each in world.lines if each.side == side and each.basis is not Basis.NO_PAPER]
    for number, (kind, line) in enumerate(_asked(world, lines, kinds)):
        for at in index.nearest(line.wanted.title):
            is_right = world.works[at] in line.works
            yield Pair(number, line.wanted, world.known[at], is_right, kind)


def _asked(
    world: Labelled, lines: list[Line], kinds: tuple[str, ...]
) -> Iterator[tuple[str, Line]]:
    yield from (("", line) for line in lines)
    known = zip(world.works, world.known, strict=True)
    authors = {work: each.authors for work, each in known if each.authors}
    for kind in kinds:
        if kind not in CHANGES and kind not in OTHERS:
            raise ValueError(f"no such change: {kind}")
        with_paper = [line for line in lines if line.works]
        yield from ((kind, line) for line in varied(with_paper, kind, authors))


class Example(NamedTuple):
    """The evidence for a candidate of a line, whether it is right, and what it counts."""

    line: int
    evidence: Mapping[str, float]
    is_right: bool
    counts: float


def examples() -> list[Example]:
    """The tune lines, unchanged and changed, with their candidates."""
    return [
        Example(
            each.line,
            features(each.wanted, each.known),
            each.is_right,
            COUNTS if each.kind else 1.0,
        )
        for each in pairs(kinds=CHANGED)
    ]


def fitted(found: Sequence[Example]) -> dict[str, float]:
    """The weights that make the examples likeliest, by Newton's method."""
    names = sorted({name for each in found for name in each.evidence} | PRIOR.keys())
    weights = {name: PRIOR.get(name, 0.0) for name in names}
    best = likelihood(found, weights)
    for _ in range(50):
        slope, bend = derivatives(found, weights)
        step = solved(names, slope, bend)
        size = 1.0
        while size > 1e-4:
            tried = {name: weights[name] + size * step[name] for name in names}
            if (value := likelihood(found, tried)) > best:
                break
            size /= 2
        else:
            break
        gain, weights, best = value - best, tried, value
        if gain < 1e-6:
            break
    return weights


def likelihood(found: Sequence[Example], weights: Mapping[str, float]) -> float:
    """The logarithm of how likely the examples are, less how far the weights are from `PRIOR`."""
    told = sum(e.counts * -softplus(-odds(e, weights) * (1 if e.is_right else -1)) for e in found)
    return told - sum(FIRMNESS / 2 * (w - PRIOR.get(n, 0.0)) ** 2 for n, w in weights.items())


def derivatives(
    found: Sequence[Example], weights: Mapping[str, float]
) -> tuple[dict[str, float], dict[tuple[str, str], float]]:
    """The first and second derivatives of `likelihood`, the second with its sign turned."""
    slope = {n: -FIRMNESS * (w - PRIOR.get(n, 0.0)) for n, w in weights.items()}
    bend: defaultdict[tuple[str, str], float] = defaultdict(float)
    bend |= {(name, name): FIRMNESS for name in weights}
    for each in found:
        chance = chance_of(odds(each, weights))
        missed = each.counts * (each.is_right - chance)
        doubt = each.counts * chance * (1 - chance)
        told = [(name, value) for name, value in each.evidence.items() if value]
        for name, value in told:
            slope[name] += missed * value
            for other, also in told:
                bend[name, other] += doubt * value * also
    return slope, bend


def solved(
    names: Sequence[str], slope: Mapping[str, float], bend: Mapping[tuple[str, str], float]
) -> dict[str, float]:
    """The step to where the slope would be nought: Gauss's elimination."""
    rows = [[bend.get((a, b), 0.0) for b in names] + [slope[a]] for a in names]
    size = len(names)
    for at in range(size):
        pivot = max(range(at, size), key=lambda row: abs(rows[row][at]))
        rows[at], rows[pivot] = rows[pivot], rows[at]
        for below in range(at + 1, size):
            if share := rows[below][at] / rows[at][at]:
                for column in range(at, size + 1):
                    rows[below][column] -= share * rows[at][column]
    step = [0.0] * size
    for at in reversed(range(size)):
        known = sum(rows[at][column] * step[column] for column in range(at + 1, size))
        step[at] = (rows[at][size] - known) / rows[at][at]
    return dict(zip(names, step, strict=True))


def stretched(found: Sequence[Example], weights: Mapping[str, float]) -> dict[str, float]:
    """The weights times a factor, and a constant more, so that the best candidates of the real
    lines are right as often as their scores say."""
    best: dict[int, tuple[float, bool]] = {}
    for each in found:
        if each.counts == 1.0:
            told = (odds(each, weights), each.is_right)
            best[each.line] = max(best.get(each.line, told), told)

    def fit(factor: float, more: float) -> float:
        told = sum(-softplus((1 - 2 * right) * (factor * o + more)) for o, right in best.values())
        return told - STRETCH_FIRMNESS / 2 * ((factor - 1) ** 2 + more**2)

    factor, more = 1.0, 0.0
    steps = ((0.01, 0.0), (-0.01, 0.0), (0.0, 0.01), (0.0, -0.01))
    while True:
        nearby = [(factor + one, more + other) for one, other in steps]
        tried = max(nearby, key=lambda each: fit(*each))
        if fit(*tried) <= fit(factor, more):
            break
        factor, more = tried
    result = {name: weight * factor for name, weight in weights.items()}
    return result | {"all": result["all"] + more}


def odds(each: Example, weights: Mapping[str, float]) -> float:
    """The logarithm of the odds that the candidate is right."""
    return sum(weights.get(name, 0.0) * value for name, value in each.evidence.items())


def chance_of(logarithm: float) -> float:
    """The probability that has these odds."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, logarithm))))


def softplus(value: float) -> float:
    """The logarithm of one and the exponential of the value."""
    return max(value, 0.0) + math.log1p(math.exp(-abs(value)))


def main() -> None:
    """Print the weights as `enrich/matching/weights.py` has them."""
    found = examples()
    for name, weight in sorted(stretched(found, fitted(found)).items()):
        print(f'    "{name}": {weight:.2f},')


if __name__ == "__main__":
    main()
