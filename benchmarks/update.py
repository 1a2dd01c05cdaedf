"""How long does `papertide update` take on a list of 450 entries, and does it change a byte too
many?

The list is three of the project's own, one behind the other; the snapshot is that of a night
against the sandbox. Then each list of the project and of ../shared/lists, if they are here, is
brought up to date in memory from a snapshot in which everything is new.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.measure import Report, Row, Unmeasured, run
from benchmarks.refresh import DAY, quick
from benchmarks.stage import HASTE, LOGIN, PAPERTIDE, ROOT, Store, environment, sandbox

LISTS = ("automated-alignment.md", "llm-alignment.md", "align-llm-human.md")
SECONDS = 2.5
RUNS = 7


def updated(folder: Path) -> Iterator[Row]:
    """The runs, after one that warms the disk's cache up, and then two that write."""
    with sandbox(folder, "--pace", "0", now=DAY) as urls:
        store = Store(folder / "store", urls)
        store.refresh(DAY, {**LOGIN, **HASTE})
    file = folder / "all.md"
    before = b"\n".join((ROOT / "seeds" / name).read_bytes() for name in LISTS)
    file.write_bytes(before)
    entries = run([PAPERTIDE, "parse", "--json", str(file)], environment()).out.count("\n")
    yield Row("entries", entries)
    runs = [_update(store, file, "--diff") for _ in range(RUNS + 1)]
    yield from quick("update --diff, wall time", [each.seconds for each in runs[1:]], SECONDS)
    yield Row("peak memory", max(each.megabytes for each in runs), unit="MB")
    first = json.loads(_update(store, file, "--write", "--simulated", "--json").out)
    once = file.read_bytes()
    yield Row("changes written", len(first["changes"]))
    yield Row("bytes changed outside their spans", _outside(before, once, first["changes"]), 0)
    again = json.loads(_update(store, file, "--write", "--simulated", "--json").out)
    yield Row("changes of a second run", len(again["changes"]), 0)
    yield Row("bytes that it changed", _differing(once, file.read_bytes()), 0)


def _update(store: Store, file: Path, *options: str) -> Any:
    command = [PAPERTIDE, "update", "--config", str(store.folder / "config.toml"), *options]
    ended = run([*command, str(file)], environment(PAPERTIDE_NOW=DAY))
    if ended.code:
        raise Unmeasured(f"update ended with {ended.code}: {ended.err[-200:]}")
    return ended


def _outside(before: bytes, after: bytes, changes: list[dict[str, Any]]) -> int:
    """Bytes of `after` that no change accounts for."""
    at, count, shift = 0, 0, 0
    for change in sorted(changes, key=lambda each: each["span"]):
        start, end = change["span"]
        new = change["new"].encode()
        count += _differing(before[at:start], after[at + shift : start + shift])
        count += _differing(new, after[start + shift : start + shift + len(new)])
        at, shift = end, shift + len(new) - (end - start)
    return count + _differing(before[at:], after[at + shift :])


def _differing(one: bytes, other: bytes) -> int:
    pairs = sum(a != b for a, b in zip(one, other, strict=False))
    return pairs + abs(len(one) - len(other))


def every_list() -> Iterator[Row]:
    """Lists with everything changed that can be changed, twice."""
    from enrich import lists
    from enrich.settings import Update
    from enrich.update.changes import update
    from tests.renewed import renewed

    files = [*(ROOT / "seeds").iterdir(), *(ROOT.parent / "shared" / "lists").glob("*__*.md")]
    added = Update(counts="append", template="Cited by [{count}]({url}) (Semantic Scholar)")
    changes = outside = again = unproven = 0
    for file in sorted(files):
        before = file.read_bytes()
        for policy in (added, Update(counts="replace")):
            snapshot = renewed(lists.parse(before).entries, dead=policy is not added)
            result = update(before, snapshot, policy)
            told = [{"span": each.span, "new": each.new} for each in result.changes]
            outside += _outside(before, result.content, told)
            changes += len(told)
            unproven += result.unproven
            again += len(update(result.content, snapshot, policy).changes)
    yield Row("lists", len(files))
    yield Row("changes", changes)
    yield Row("changes left out, as they would be misread", unproven)
    yield Row("bytes changed outside their spans", outside, 0)
    yield Row("changes of a second run", again, 0)


def main() -> int:
    """Print one table."""
    print(f"load of the machine before: {os.getloadavg()[0]:.1f}, on {os.cpu_count()} cores")
    report = Report()
    with tempfile.TemporaryDirectory(prefix="papertide-bench-") as name:
        report.group("papertide update, warm", updated(Path(name)))
    report.group("Everything changed, in memory", every_list())
    print(f"limits missed: {report.missed}; could not be measured: {report.unmeasured}")
    return 1 if report.unmeasured else 0


if __name__ == "__main__":
    sys.exit(main())
