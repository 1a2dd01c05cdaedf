"""Nights of 10,000 works at the true limits; and again the same day.

The night without faults keeps the true paces: where they are scaled, Papertide computes between two
slots for longer than it waits, which costs a true night nothing. The one with faults, which may
last longer, is scaled: what is computed is not, and a night at true limits is taken to last the
true floor and all that the scaled one lasted beyond its own, too much rather than too little.

Ends with 0 whatever was missed, and with 1 when something could not be measured.
"""

from __future__ import annotations

import json
import math
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb

from benchmarks._works import SHARES, warm_up, write_configuration, write_list
from benchmarks.measure import Ended, Report, Row, Unmeasured, run
from benchmarks.refresh import TERMS, manners, searches
from benchmarks.stage import LOGIN, PAPERTIDE, ROOT, answer, environment, sandbox

CORPUS = ROOT.parent / "shared" / "corpus" / "papers.parquet"
DAY, SAME_DAY = "2026-11-21T02:00:00Z", "2026-11-21T09:00:00Z"
TRUE, SCALED = 1.0, 0.4
"""What paces, and the limits that the sandbox enforces, are multiplied by."""
WORKS, MANY = 10_000, 100_000
FAULTS = "any:503%5"
PATIENCE = 1800.0


def floors(stats: Mapping[str, Any], notes: int) -> dict[str, float]:
    """The seconds that each provider's pace costs at least, for what was asked of it.

    arXiv's searches for works that it was not known to have count, thirty titles a request; at
    OpenReview the login, and both hosts for every batch of its `notes`.
    """
    needed = {}
    for source in ("arxiv", "semantic_scholar"):
        asked = stats[source]["asked"]
        works = asked["distinct"] - asked["titles"]
        needed[source] = math.ceil(works / TERMS[source][0]) + searches(stats, source)
    by_title = stats["openreview"]["asked"]["titles"]
    needed["openreview"] = 1 + 2 * math.ceil(notes / TERMS["openreview"][0]) + by_title
    return {source: max(0, n - 1) * TERMS[source][1] for source, n in needed.items()}


def first(urls: Mapping[str, Any], folder: Path, scale: float, most: float) -> Iterator[Row]:
    """A night of works that were never asked for; it may last `most` times the slowest floor."""
    root = _root(urls)
    answer(f"{root}/_stats/reset", {})
    config = write_configuration(folder, urls, scale)
    ended = _refresh(config, DAY)
    stats = json.loads(answer(f"{root}/_stats"))
    found = json.loads(ended.out)
    yield Row("works", found["works"])
    yield from manners(stats)
    each = floors(stats, found["identified"]["openreview"])
    slowest = max(each, key=each.__getitem__)
    told = ", ".join(f"{source} {seconds:,.0f} s" for source, seconds in each.items())
    beyond = ended.seconds - scale * each[slowest]
    yield Row("seconds beyond the floor", beyond, unit="s", note=f"of {ended.seconds:.0f} s")
    yield Row(
        "wall time at true limits",
        each[slowest] + beyond,
        most * each[slowest],
        "s",
        f"floors: {told}",
    )
    yield Row("peak memory", ended.megabytes, unit="MB")


def again(urls: Mapping[str, Any], folder: Path, seconds: float | None) -> Iterator[Row]:
    """A run of the same day, when nothing is due."""
    answer(f"{_root(urls)}/_stats/reset", {})
    began = time.time()
    ended = _refresh(folder / "config.toml", SAME_DAY)
    stats = json.loads(answer(f"{_root(urls)}/_stats"))
    yield Row("requests", sum(each["requests"] for each in stats.values()), 0)
    yield Row("wall time", ended.seconds, seconds, "s")
    yield Row("peak memory", ended.megabytes, unit="MB")
    report = (folder / "data" / "report.html").stat()
    yield Row("size of the report", report.st_size / 1e6, unit="MB")
    yield Row("reports written", int(report.st_mtime > began), 0)


def differences(one: Path, other: Path) -> Iterator[Row]:
    """What two stores know differently, but for when they learnt it."""
    with duckdb.connect() as connection:
        for name, folder in (("one", one), ("other", other)):
            file = str(folder / "data" / "papertide.duckdb").replace("'", "''")
            connection.execute(f"attach '{file}' as {name} (read_only)")
        for relation, columns in (
            ("papers", "* exclude (first_seen_at, updated_at, citations_checked_at)"),
            ("identifiers", "paper_id, scheme, value"),
            ("entries", "entry_id, paper_id, verdict, reason"),
            ("fetches", "paper_id, source, status"),
        ):
            a, b = (f"select {columns} from {store}.{relation}" for store in ("one", "other"))
            query = f"({a} except {b}) union all ({b} except {a})"
            rows = connection.execute(f"select count(*) from ({query})").fetchall()
            yield Row(f"rows of {relation} that differ", rows[0][0], 0)


def _refresh(config: Path, now: str) -> Ended:
    command = [PAPERTIDE, "refresh", "--json", "--config", str(config)]
    ended = run(command, environment(PAPERTIDE_NOW=now, **LOGIN), PATIENCE)
    if ended.code:
        raise Unmeasured(f"refresh ended with {ended.code}: {' '.join(ended.err.split())[-300:]}")
    return ended


def _root(urls: Mapping[str, Any]) -> str:
    return str(urls["acl_anthology"]["base_url"]).rpartition("/")[0]


def _prepared(folder: Path, works: int, shares: Mapping[str, float] = SHARES) -> Path:
    folder.mkdir()
    write_list(CORPUS, works, folder / "papers.md", shares)
    return folder


def main() -> int:
    """Print one table of everything."""
    if not CORPUS.exists():
        print("Large nights: skipped, there is no ../shared/corpus/papers.parquet")
        return 0
    print(f"load of the machine before: {os.getloadavg()[0]:.1f}, on {os.cpu_count()} cores")
    report = Report()
    with tempfile.TemporaryDirectory(prefix="papertide-bench-") as name:
        folder = Path(name)
        calm, rough = (_prepared(folder / each, WORKS) for each in ("calm", "rough"))
        options = ("--corpus", str(CORPUS), "--pace")
        with sandbox(folder, *options, str(TRUE), now=DAY) as urls:
            warm_up(urls)
            report.group(f"A night of {WORKS:,} works", first(urls, calm, TRUE, 1.10))
            report.group("Again the same day", again(urls, calm, None))
        with sandbox(folder, *options, str(SCALED), "--faults", FAULTS, now=DAY) as urls:
            warm_up(urls)
            group = f"The same with faults, {FAULTS}, paces x {SCALED}"
            report.group(group, first(urls, rough, SCALED, 1.50))
            report.group("Against the night without faults", differences(calm, rough))
        with sandbox(folder, "--corpus", str(CORPUS), "--pace", "0", now=DAY) as urls:
            warm_up(urls)
            many = _prepared(folder / "many", MANY, {"arxiv_id": 1.0})
            _refresh(write_configuration(many, urls, 0.0), DAY)
            report.group(f"{MANY:,} works, again the same day", again(urls, many, 15.0))
    print(f"load of the machine after: {os.getloadavg()[0]:.1f}, on {os.cpu_count()} cores")
    print(f"limits missed: {report.missed}; could not be measured: {report.unmeasured}")
    return 1 if report.unmeasured else 0


if __name__ == "__main__":
    sys.exit(main())
