"""The measures of publishing a large library, against their limits.

100,000 works of the corpus with their abstracts, each with the counts that it would have after a
year of nights; then nights in which Semantic Scholar tells of all of them, and some counts have
changed. Identifiers and counts are invented. The time is that of publishing alone, the memory that
of a process which also holds what it publishes: library and answers. Takes some five minutes and
3 GB of disk. Ends with 0 whatever was missed, and with 1 when something could not be measured.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measure import Report, Row, Unmeasured, run
from benchmarks.stage import ROOT, environment

CORPUS = ROOT.parent / "shared" / "corpus" / "papers.parquet"
WORKS, DAYS, NIGHTS = 100_000, 365, 5
CHANGED = 0.02
"""Share of counts that changed from one night to the next in the year before: eight a work."""
CHANGING = 0.1
"""The same in the nights that are measured: the file grows in blocks, and many show the rate."""
BLOCK = 262_144
"""Bytes by which a DuckDB file grows."""


def stage(folder: Path, works: int) -> Iterator[Row]:
    """Make the store; its size, for comparison."""
    made = _child("make", folder, works)
    yield Row("the snapshot", made["bytes"] / 1e6, unit="MB")
    yield Row("observations of counts", made["observations"])


def nights(folder: Path, works: int) -> Iterator[Row]:
    """Publish nights, several in a process: quiet ones, changing ones, and a quiet one again."""
    settled = _child("publish", folder, works, "0", "1", "0")
    yield from _costs("a night without a change", settled)
    before = _size(folder)
    changing = _child("publish", folder, works, "1", str(NIGHTS), str(CHANGING))
    yield from _costs(f"{NIGHTS} nights with {CHANGING:.0%} changed", changing)
    counts = NIGHTS * works * CHANGING
    yield Row(f"bytes a changed count, of {counts:,.0f}", (_size(folder) - before) / counts, 60)
    before = _size(folder)
    quiet = _child("publish", folder, works, str(NIGHTS + 1), "1", "0")
    yield from _costs("a night without a change", quiet)
    yield Row("blocks of 256 KB it added", (_size(folder) - before) / BLOCK, 1)
    yield Row("the store's snapshots together", _together(folder) / 1e6, unit="MB")


def _costs(what: str, measured: dict[str, float]) -> Iterator[Row]:
    note = f"{measured['cpu']:.1f} s of processor time"
    yield Row(f"{what}: publishing", measured["seconds"], 20, "s", note)
    yield Row(f"{what}: peak memory", measured["megabytes"], 1000, "MB")


def _child(what: str, folder: Path, works: int, *more: str) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks._large", what, str(folder), str(works), *more]
    ended = run(command, environment(), patience=900)
    if ended.code:
        raise Unmeasured(ended.err.strip()[-300:])
    return {**json.loads(ended.out), "megabytes": ended.megabytes}


def _size(folder: Path) -> int:
    return (folder / "data" / "papertide.duckdb").stat().st_size


def _together(folder: Path) -> int:
    return sum(path.stat().st_size for path in (folder / "data" / "snapshots").iterdir())


def main() -> int:
    """Print one table of everything."""
    if not CORPUS.exists():
        print("publishing: skipped, there is no ../shared/corpus/papers.parquet")
        return 0
    works = int(os.environ.get("WORKS", WORKS))
    print(f"load of the machine before: {os.getloadavg()[0]:.1f}, on {os.cpu_count()} cores")
    report = Report()
    with tempfile.TemporaryDirectory(prefix="papertide-bench-") as name:
        folder = Path(name)
        report.group(f"A store of {works:,} works and {DAYS} days", stage(folder, works))
        report.group("Publishing", nights(folder, works))
    print(f"load of the machine after: {os.getloadavg()[0]:.1f}, on {os.cpu_count()} cores")
    print(f"limits missed: {report.missed}; could not be measured: {report.unmeasured}")
    return 1 if report.unmeasured else 0


if __name__ == "__main__":
    sys.exit(main())
