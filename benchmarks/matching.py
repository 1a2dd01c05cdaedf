"""How often, how surely and how fast does matching find the paper that a list line means?

Lines and corpus are looked for beside the project, in `../shared`; without them nothing is
measured. Labels: `_labelled.py`. Reported are the test lines of `matching_split.txt` alone; the
others are what the weights were fitted on. Takes some two minutes, and ends with 0 whatever was
missed.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain

from benchmarks._judged import SURE, Judge, Judged, Score, score, share, wilson
from benchmarks._labelled import CORPUS, SHARED, Basis, Labelled, Line, labelled
from benchmarks._perturbed import CHANGES, OTHERS, varied
from benchmarks._rivals import MOST, Finder, brute_force, full_text
from benchmarks.measure import run
from enrich.matching.index import TitleIndex

SAMPLE = {"rapidfuzz brute force": 240, "SQLite FTS5": 400}
"""Lines that the others are asked for, spread over all: they are slow."""
AT_LEAST = {"precision": 0.99, "recall": 0.96, "F1": 0.975, "titles/s": 2000}
AT_MOST = {"without a paper, accepted": 0.02, "sure and wrong": 0.005, "build s": 30, "MB": 1000}


def measured(what: str, value: float, note: str = "", unit: str = "") -> str:
    """A figure beside what was promised of it."""
    shown = f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if unit else f"{value:.4f}"
    least, most = AT_LEAST.get(what), AT_MOST.get(what)
    promise = f">= {least:g}" if least is not None else f"<= {most:g}" if most is not None else ""
    is_missed = (least is not None and value < least) or (most is not None and value > most)
    missed = "  MISSED" if is_missed else ""
    return f"  {what:42} {shown:>9}{unit} {promise:>9}{missed}  {note}".rstrip()


def between(part: int, whole: int) -> str:
    """Of how many a share is, and how sure it is."""
    low, high = wilson(part, whole)
    return f"{part} of {whole}, 95 %: {low:.4f} to {high:.4f}"


def main_figures(judged: Sequence[Judged]) -> Iterator[str]:
    """What is promised, of the unchanged test lines."""
    found = score(judged)
    without = found.lines - found.with_paper
    yield measured("precision", found.precision, between(found.right, found.accepted))
    yield measured("recall", found.recall, between(found.right, found.with_paper))
    yield measured("F1", found.f1)
    lost = share(found.lost, without)
    yield measured("without a paper, accepted", lost, between(found.lost, without))
    sure = share(found.sure_and_wrong, found.lines)
    yield measured("sure and wrong", sure, between(found.sure_and_wrong, found.lines))
    yield measured("ambiguous", share(found.ambiguous, found.lines))


HEAD = (
    f"  {'':42} {'lines':>6} {'paper':>6} {'prec.':>7} {'recall':>7} {'F1':>7} {'lost':>7}"
    f" {'sure wr.':>8} {'ambig.':>7}"
)


def row(name: str, found: Score) -> str:
    """A line of a table: `lost` of the lines without a paper, the last two of all."""
    shares = (
        found.precision,
        found.recall,
        found.f1,
        share(found.lost, found.lines - found.with_paper),
    )
    return (
        f"  {name:42} {found.lines:>6} {found.with_paper:>6}"
        + "".join(f" {each:>7.4f}".replace("nan", "  -") for each in shares)
        + f" {share(found.sure_and_wrong, found.lines):>8.4f}"
        + f" {share(found.ambiguous, found.lines):>7.4f}"
    )


def groups(judged: Sequence[Judged], name: Callable[[Line], str]) -> Iterator[str]:
    """A row for each group of lines."""
    for each in sorted({name(one.line) for one in judged}):
        yield row(each, score([one for one in judged if name(one.line) == each]))


def calibration(judged: Sequence[Judged], changed: Sequence[Judged]) -> Iterator[str]:
    """How often the best candidate is right, by its score; beside it, with the changed lines.

    Lines for which no candidate is shown are left out.
    """
    yield f"  {'score':13} {'lines':>6} {'right':>7} {'with changed':>13} {'right':>7}"
    for low in range(0, 100, 10):
        high = low + 10 + (low == 90)
        told = [
            [
                each.is_best_right
                for each in some
                if low <= 100 * each.decision.score < high and each.is_best_right is not None
            ]
            for some in (judged, [*judged, *changed])
        ]
        (one, one_right), (all_, all_right) = ((len(t), share(sum(t), len(t))) for t in told)
        yield (
            f"  {low / 100:.1f} to {low / 100 + 0.1:.1f}    {one:>6} {one_right:>7.3f} {all_:>13}"
            f" {all_right:>7.3f}"
        )
    for some, what in ((judged, "unchanged"), ([*judged, *changed], "with changed")):
        sure = [each.is_right for each in some if each.is_accepted and each.decision.score >= SURE]
        right = sum(sure)
        yield f"  from {SURE}, {what}: {between(right, len(sure))}"


def index_cost() -> Iterator[str]:
    """What the index over all titles costs, in a process of its own."""
    ended = run([sys.executable, "-m", "benchmarks._index_cost"], os.environ)
    if ended.code:
        yield f"  the index could not be measured: {ended.err[-200:]}"
        return
    titles, seconds, megabytes = map(float, ended.out.split())
    yield measured("build s", seconds, f"index of {titles:,.0f} titles", " s")
    yield measured("MB", megabytes, "more memory in use than before", " MB")


def speeds(world: Labelled, judge: Judge) -> Iterator[str]:
    """Titles per second of one core, and how often the right paper is the first found, or among
    the first. Processor seconds, so that what else runs on the machine does not count."""
    lines = [line for line in world.lines if line.basis is not Basis.NO_PAPER]
    began = time.process_time()
    for line in lines:
        judge.decide(line.wanted)
    rate = len(lines) / (time.process_time() - began)
    yield measured("titles/s", rate, f"found and decided, {len(lines)} lines, one core", " ")
    began = time.process_time()
    for line in lines:
        judge.same_key(line.wanted)
    rate = len(lines) / (time.process_time() - began)
    yield measured("titles/s, exact key alone", rate, unit=" ")
    titles = [known.title for known in world.known]
    for name, make in (("rapidfuzz brute force", brute_force), ("SQLite FTS5", full_text)):
        began = time.process_time()
        find = make(titles)
        built = time.process_time() - began
        some = lines[:: max(1, len(lines) // SAMPLE[name])]
        rate, at_one, among = retrieval(world, some, find)
        note = f"found alone, measured on {len(some)} lines; made ready in {built:.1f} s"
        yield measured(f"titles/s, {name}", rate, note, " ")
        own_rate, own_one, own_among = retrieval(
            world, some, lambda title: judge.index.nearest(title, MOST)
        )
        for who, first, most in ((name, at_one, among), ("ours", own_one, own_among)):
            yield f"    right first {first:.4f}, among {MOST} {most:.4f}: {who}"
        yield f"    ours alone, on the same lines: {own_rate:,.0f} titles/s"


def retrieval(world: Labelled, lines: Sequence[Line], find: Finder) -> tuple[float, float, float]:
    """Titles per second, and the shares of right papers that came first, and at all."""
    began = time.process_time()
    found = [find(line.wanted.title) for line in lines]
    rate = len(lines) / (time.process_time() - began)
    hits = [
        [world.works[at] in line.works for at in places]
        for line, places in zip(lines, found, strict=True)
        if line.works
    ]
    first = share(sum(any(each[:1]) for each in hits), len(hits))
    return rate, first, share(sum(any(each) for each in hits), len(hits))


def changed(
    judge: Judge, world: Labelled, lines: Sequence[Line]
) -> Iterator[tuple[str, list[Judged]]]:
    """The decisions on lines changed in every way."""
    authors: dict[int, Sequence[str]] = {}
    for known, work in zip(world.known, world.works, strict=True):
        if known.authors:
            authors.setdefault(work, known.authors)
    with_paper = [line for line in lines if line.works]
    for kind in (*CHANGES, *OTHERS):
        yield kind, judge.judged(varied(with_paper, kind, authors), judge.decide)


def show(title: str, rows: Iterable[str]) -> None:
    """Print rows as they come, below a title."""
    print(title)
    for each in rows:
        print(each, flush=True)


def main() -> int:
    """Print everything."""
    if not (SHARED / CORPUS).exists():
        print("matching: no labelled lines and corpus beside the project, nothing measured")
        return 0
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    world = labelled()
    judge = Judge(world, TitleIndex([known.title for known in world.known]))
    lines = [line for line in world.lines if line.side == "test"]
    plain = judge.judged([each for each in lines if each.basis is not Basis.NO_PAPER], judge.decide)
    show(
        f"Matching: {len(plain)} real list lines against {len(world.known):,} papers",
        main_figures(plain),
    )
    by_key = judge.judged([each.line for each in plain], judge.same_key)
    show(HEAD, [row("all", score(plain)), row("exact key alone", score(by_key))])
    show("By list", groups(plain, lambda line: line.listed))
    show("By how it is known what they mean", groups(plain, lambda line: line.basis.value))
    others = judge.judged([each for each in lines if each.basis is Basis.NO_PAPER], judge.decide)
    show("Blogs, books and programs, which no paper is of", [row("no paper", score(others))])
    variants: Mapping[str, list[Judged]] = dict(changed(judge, world, lines))
    show(
        "The same lines, changed; the last are other papers' titles",
        [row(kind, score(some)) for kind, some in variants.items()],
    )
    show("Calibration", calibration(plain, [one for some in variants.values() for one in some]))
    show("Speed", chain(index_cost(), speeds(world, judge)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
