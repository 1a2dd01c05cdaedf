"""The measures of publishing a large library, against their limits.

100,000 works of the corpus with their abstracts, each with the counts that it would have after a
year of nights; then nights in which Semantic Scholar tells of all of them, and one count in fifty
has changed. Identifiers and counts are invented. Takes some five minutes and 3 GB of disk. Ends
with 0 whatever was missed, and with 1 when something could not be measured.
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
WORKS, DAYS, NIGHTS = 100_000, 365, 4
CHANGED = 0.02
"""Share of counts that change from one night to the next: eight a year for each work."""


def stage(folder: Path, works: int) -> Iterator[Row]:
    """Make the store; its size, for comparison."""
    made = _child("make", folder, works)
    yield Row("the snapshot", made["bytes"] / 1e6, unit="MB")
    yield Row("observations of counts", made["observations"])


def nights(folder: Path, works: int) -> Iterator[Row]:
    """Publish a few nights, each in a process of its own."""
    sizes = [_size(folder)]
    for n in range(NIGHTS):
        changed = 0.0 if n == 0 else CHANGED
        ended = _child("publish", folder, works, str(n), str(changed))
        sizes.append(_size(folder))
        name = f"night {n + 1}, {changed:.0%} of the counts changed"
        yield Row(f"{name}: publishing", ended["seconds"], 20, "s")
        yield Row(f"{name}: peak memory", ended["megabytes"], 1000, "MB")
        grown = sizes[-1] - sizes[-2]
        if n == 0:  # the first writes each row anew that the maker of the store wrote at one go
            yield Row(f"{name}: grown", grown / 1e6, unit="MB")
        else:
            yield Row(f"{name}: bytes a changed count", grown / (works * changed), 60)
    again = _child("publish", folder, works, str(NIGHTS), "0.0")
    yield Row("a night without a change: publishing", again["seconds"], 20, "s")
    yield Row("a night without a change: bytes a work", (_size(folder) - sizes[-1]) / works, 0)


def _child(what: str, folder: Path, works: int, *more: str) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks._large", what, str(folder), str(works), *more]
    ended = run(command, environment(), patience=900)
    if ended.code:
        raise Unmeasured(ended.err.strip()[-300:])
    return {**json.loads(ended.out), "megabytes": ended.megabytes}


def _size(folder: Path) -> int:
    return (folder / "data" / "papertide.duckdb").stat().st_size


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
