"""What a run came to, for programs (contract section 1) and for people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from enrich.edition import Settled
from enrich.library import Library, Verdict
from enrich.model import SCHEMES, Outcome, SourceState
from enrich.runs import Run, SourceRun
from flows.night.lists import ListRead


@dataclass(frozen=True, slots=True)
class Asked:
    """What reading and asking came to. `trouble`: one line for each thing that went wrong."""

    result: Settled
    parts: tuple[SourceRun, ...]
    trouble: tuple[str, ...]
    reads: tuple[ListRead, ...] = ()


@dataclass(frozen=True, slots=True)
class Published:
    """A snapshot in its place."""

    path: Path
    simulated: bool


@dataclass(frozen=True, slots=True)
class Summary:
    """A run that published. `refreshed` … `unavailable` count works: told anew, nothing due,
    not known to a source that was asked, not answered for. `trouble`: why it is incomplete."""

    run_id: str
    status: str
    snapshot: str
    simulated: bool
    entries: int
    works: int
    identified: dict[str, int]
    undecided: dict[str, int]
    refreshed: int
    unchanged: int
    missing: int
    unavailable: int
    requests: dict[str, int]
    states: dict[str, SourceState]
    seconds: float
    trouble: tuple[str, ...]

    @property
    def exit_code(self) -> int:
        """0 done, 3 published but incomplete."""
        return 3 if self.trouble else 0

    def as_json(self) -> dict[str, Any]:
        """The document that `refresh --json` prints."""
        names = "run_id status snapshot entries works identified refreshed unchanged missing"
        names += " unavailable requests seconds"
        return {name: getattr(self, name) for name in names.split()}


def summarise(
    run: Run, published: Published, base: Library, asked: Asked, seconds: float
) -> Summary:
    """Count what a run came to."""
    library = asked.result.library
    live = [place for place in library.places.values() if place.removed_at is None]
    works = {place.finding.paper_id for place in live if place.finding}
    marks: dict[Outcome, set[str]] = {outcome: set() for outcome in Outcome}
    for (paper_id, source), mark in library.fetches.items():
        if base.fetches.get((paper_id, source)) != mark:
            marks[mark.outcome].add(paper_id)
    identified = {
        scheme: len({c.paper_id for i, c in library.claims.items() if i.scheme == scheme} & works)
        for scheme in SCHEMES
    }
    touched = marks[Outcome.OK] | marks[Outcome.NOT_FOUND] | marks[Outcome.FAILED]
    undecided = {
        verdict: sum(1 for p in live if p.finding and p.finding.verdict is verdict)
        for verdict in (Verdict.AMBIGUOUS, Verdict.NOT_FOUND, Verdict.UNAVAILABLE)
    }
    return Summary(
        run_id=run.run_id,
        status=run.status,
        snapshot=str(published.path),
        simulated=published.simulated,
        entries=len(live),
        works=len(works),
        identified=identified,
        undecided={str(verdict): n for verdict, n in undecided.items() if n},
        refreshed=len(marks[Outcome.OK] & works),
        unchanged=len(works - touched),
        missing=len(marks[Outcome.NOT_FOUND] & works),
        unavailable=len(marks[Outcome.FAILED] & works),
        requests={part.source: part.requests for part in asked.parts},
        states={part.source: part.state for part in asked.parts},
        seconds=round(seconds, 1),
        trouble=asked.trouble,
    )


def sentences(summary: Summary) -> Iterator[str]:
    """The run in lines for a person."""
    ids = ", ".join(f"{n:,} {scheme}" for scheme, n in summary.identified.items())
    yield f"{summary.entries:,} entries name {summary.works:,} works"
    yield f"identified by: {ids}"
    if summary.undecided:
        words = {"not_found": "not found", "unavailable": "not to be decided tonight"}
        counts = (f"{n:,} {words.get(v, v)}" for v, n in summary.undecided.items())
        yield f"entries without a paper: {', '.join(counts)}"
    yield (
        f"works: {summary.refreshed:,} refreshed, {summary.unchanged:,} unchanged, "
        f"{summary.missing:,} missing at a source, {summary.unavailable:,} unavailable"
    )
    requests = ", ".join(
        f"{source} {n}" if state is SourceState.OK else f"{source} {n} ({state})"
        for (source, n), state in zip(
            summary.requests.items(), summary.states.values(), strict=True
        )
    )
    yield f"requests: {requests or 'none'}; {summary.seconds:.1f} seconds"
    yield f"snapshot: {summary.snapshot}"
    if summary.simulated:
        yield "SIMULATED: counts and abstracts in this snapshot are invented by the sandbox"
