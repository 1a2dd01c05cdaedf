"""How long does `papertide check` take on a list of 450 entries, the whole process?

The list is three of the project's own, one behind the other; the snapshot is that of a night
against the sandbox, so that every entry has a work to be held against.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measure import Report, Row, Unmeasured, run
from benchmarks.refresh import DAY, quick
from benchmarks.stage import HASTE, LOGIN, PAPERTIDE, ROOT, Store, environment, sandbox

LISTS = ("align-llm-human.md", "automated-alignment.md", "llm-alignment.md")
SECONDS = 2.5
RUNS = 7


def checked(folder: Path) -> Iterator[Row]:
    """The runs, after one that warms the disk's cache up."""
    with sandbox(folder, "--pace", "0", now=DAY) as urls:
        store = Store(folder / "store", urls)
        store.refresh(DAY, {**LOGIN, **HASTE})
    file = folder / "all.md"
    file.write_bytes(b"\n".join((ROOT / "seeds" / name).read_bytes() for name in LISTS))
    config = str(store.folder / "config.toml")
    command = [PAPERTIDE, "check", "--json", "--config", config, str(file)]
    ended = [run(command, environment(PAPERTIDE_NOW=DAY)) for _ in range(RUNS + 1)]
    if any(each.code != 1 for each in ended):
        raise Unmeasured(f"check ended with {ended[0].code}: {ended[0].err[-200:]}")
    entries = run([PAPERTIDE, "parse", "--json", str(file)], environment()).out.count("\n")
    yield Row("entries", entries)
    yield Row("faults found", len(json.loads(ended[0].out)["findings"]))
    yield from quick("wall time", [each.seconds for each in ended[1:]], SECONDS)
    yield Row("peak memory", max(each.megabytes for each in ended), unit="MB")


def main() -> int:
    """Print one table."""
    print(f"load of the machine before: {os.getloadavg()[0]:.1f}, on {os.cpu_count()} cores")
    report = Report()
    with tempfile.TemporaryDirectory(prefix="papertide-bench-") as name:
        report.group("papertide check, warm", checked(Path(name)))
    print(f"limits missed: {report.missed}; could not be measured: {report.unmeasured}")
    return 1 if report.unmeasured else 0


if __name__ == "__main__":
    sys.exit(main())
