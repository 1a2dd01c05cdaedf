"""The measures of a refresh, against their limits, in whole processes.

The sandbox and the Prefect server run beside, in processes of their own; configurations and stores
lie in a temporary folder. Takes some four minutes: at true limits OpenReview alone takes forty
seconds. Ends with 0 whatever was missed, and with 1 when something could not be measured.
"""

from __future__ import annotations

import gzip
import io
import json
import math
import os
import re
import statistics
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.measure import Report, Row, Unmeasured, run
from benchmarks.stage import (
    LOGIN,
    NOTHING,
    PAPERTIDE,
    ROOT,
    Store,
    answer,
    environment,
    nobody,
    prefect_server,
    sandbox,
)

CORPUS = ROOT.parent / "shared" / "corpus" / "papers.parquet"
DAY, SAME_DAY, NEXT_DAY = (f"2026-11-{hour}:00:00Z" for hour in ("21T02", "21T09", "22T02"))

REQUESTS = {"semantic_scholar": 4, "arxiv": 5, "acl_anthology": 1}
"""Requests for works by identifier, and for the bulk file; searches by title come on top."""
TITLES = {"arxiv": 30, "semantic_scholar": 1}
"""Titles that one request searches for."""
PER_TITLE = 0.3
"""Requests to arXiv and Semantic Scholar together, for each title that is open."""
TERMS = {"arxiv": (200, 3.0), "semantic_scholar": (500, 1.0), "openreview": (100, 20.0)}
"""Works in a batch, and seconds from start to start: the defaults (contract, section 2)."""
MEMORY, MEMORY_WITH_BULK = 400, 600
AGAIN = 3
"""How often a second refresh is run."""


def first(
    store: Store, environ: Mapping[str, str] = NOTHING, memory: float = MEMORY
) -> Iterator[Row]:
    """The first refresh of a store: its requests, its manners, its time, its memory."""
    store.forget()
    ended = store.refresh(DAY, environ)
    stats = store.stats()
    for source, most in REQUESTS.items():
        yield Row(
            f"requests to {source}", stats[source]["requests"], most + searches(stats, source)
        )
    titles = open_titles()
    searched = sum(searches(stats, source) for source in TITLES)
    yield Row(f"requests per open title, {titles} titles", searched / titles, PER_TITLE)
    asked = stats["openreview"]["endpoints"].items()
    logins = sum(n for endpoint, n in asked if endpoint.endswith("login"))
    yield Row("requests to openreview: login", logins, 2 if environ else 0)
    others = stats["openreview"]["requests"] - logins
    by_title = stats["openreview"]["asked"]["titles"]  # counted at each of its two hosts
    yield Row("requests to openreview: others", others, 2 + by_title if environ else 0)
    yield from manners(stats)
    limit, how = time_limit(stats, json.loads(ended.out)["identified"]["openreview"])
    if memory == MEMORY:
        yield Row("wall time", ended.seconds, limit, "s", how)
    yield Row("peak memory", ended.megabytes, memory, "MB")


def open_titles() -> int:
    """How many titles the four lists name papers by that they do not link."""
    ended = run([PAPERTIDE, "parse", "--json", *map(str, ROOT.glob("seeds/*"))], environment())
    entries = [json.loads(line) for line in ended.out.splitlines()]
    return len(
        {
            "".join(filter(str.isalnum, entry["title"].casefold()))
            for entry in entries
            if entry["kind"] == "paper" and entry["title"] and not any(entry["ids"].values())
        }
    )


def searches(stats: Mapping[str, Any], source: str) -> int:
    """The requests that a source's searches need."""
    if source not in TITLES:
        return 0
    return math.ceil(stats[source]["asked"]["titles"] / TITLES[source])


def manners(stats: Mapping[str, Any]) -> Iterator[Row]:
    """What the sandbox has to complain of."""
    yield Row("violations of limits", sum(s["violations"] for s in stats.values()), 0)
    twice = sum(s["asked"]["total"] - s["asked"]["distinct"] for s in stats.values())
    yield Row("identifiers asked twice", twice, 0)


def time_limit(stats: Mapping[str, Any], notes: int = 0) -> tuple[float, str]:
    """How many seconds a night may take that asked so much, and why.

    A provider's floor: the requests that its batch size allows, less one, times the pace. With a
    login OpenReview needs that login, and both hosts for every batch: each holds a part of the
    `notes`. Titles cost what `TITLES` says, and at OpenReview a request at each host asked.
    """
    needed = {}
    for source in ("arxiv", "semantic_scholar"):
        asked = stats[source]["asked"]
        works = asked["distinct"] - asked["titles"]
        needed[source] = math.ceil(works / TERMS[source][0]) + searches(stats, source)
    if stats["openreview"]["requests"]:
        by_title = stats["openreview"]["asked"]["titles"]
        needed["openreview"] = 1 + 2 * math.ceil(notes / TERMS["openreview"][0]) + by_title
    floors = {source: max(0, n - 1) * TERMS[source][1] for source, n in needed.items()}
    slowest = max(floors, key=floors.__getitem__)
    how = f"{slowest} needs {needed[slowest]} requests: 1.15 x {floors[slowest]:g} s + 5 s"
    return 1.15 * floors[slowest] + 5, how


def again(store: Store, seconds: float, environ: Mapping[str, str] = NOTHING) -> Iterator[Row]:
    """Refreshes on the same day, when nothing is due."""
    store.forget()
    runs = [store.refresh(SAME_DAY, environ) for _ in range(AGAIN)]
    asked = sum(service["requests"] for service in store.stats().values())
    yield Row(f"requests of {AGAIN} runs", asked, 0)
    yield from quick("wall time", [each.seconds for each in runs], seconds)
    yield Row("peak memory", max(each.megabytes for each in runs), MEMORY, "MB")


def quick(what: str, seconds: Sequence[float], limit: float) -> Iterator[Row]:
    """The best and the median of several runs, both against the limit."""
    yield Row(f"{what}, best of {len(seconds)}", min(seconds), limit, "s")
    yield Row(f"{what}, median of {len(seconds)}", statistics.median(seconds), limit, "s")


def next_day(store: Store, environ: Mapping[str, str] = NOTHING) -> Iterator[Row]:
    """The night after: the counts are due, the bulk file is unchanged, nothing else is asked."""
    store.forget()
    ended = store.refresh(NEXT_DAY, environ)
    stats = store.stats()
    for source, most in {**REQUESTS, "semantic_scholar": 3, "arxiv": 0}.items():
        yield Row(f"requests to {source}", stats[source]["requests"], most)
    yield Row("requests to openreview", stats["openreview"]["requests"], 0)
    file = stats["acl_anthology"]
    yield Row("bulk files sent, not 304", file["requests"] - file["statuses"].get("304", 0), 0)
    yield from manners(stats)
    limit, how = time_limit(stats)
    yield Row("wall time", ended.seconds, limit, "s", how)
    yield Row("peak memory", ended.megabytes, MEMORY, "MB")


def through_prefect(store: Store, home: Path) -> Iterator[Row]:
    """Second refreshes as flow runs of a Prefect server that runs already."""
    with prefect_server(home) as address:
        client = {"PREFECT_API_URL": address, "PREFECT_HOME": str(home)}
        yield from again(store, 9.0, {**LOGIN, **client})
        seen = int(answer(f"{address}/flow_runs/count", {}))
    if seen != AGAIN:
        raise Unmeasured(f"the Prefect server saw {seen} flow runs, not {AGAIN}")


def on_top(store: Store, alone: Store) -> Iterator[Row]:
    """The first refresh with a large bulk file, next to one with hardly any."""
    yield from first(store, memory=MEMORY_WITH_BULK)
    if not alone.runs:
        raise Unmeasured("there is no refresh without the file to compare with")
    yield Row("wall time", store.runs[0].seconds, unit="s")
    more = store.runs[0].seconds - alone.runs[0].seconds
    yield Row("seconds on top of the same without it", more, 30, "s")


def bulk_file(report: Report, folder: Path, alone: Store) -> None:
    """A new bulk file of the size that the Anthology's has, and then the same file again."""
    if not CORPUS.exists():
        print("A new ACL bulk file: skipped, there is no ../shared/corpus/papers.parquet")
        return
    with sandbox(folder, "--corpus", str(CORPUS), now=DAY) as urls:
        # The sandbox makes the file when it is first asked for: that is no time of Papertide's.
        packed = answer(f"{urls['acl_anthology']['base_url']}/anthology+abstracts.bib.gz")
        with gzip.GzipFile(fileobj=io.BytesIO(packed)) as text:
            entries = sum(each.startswith(b"@") for each in text)
        store = Store(folder / "bulk", urls)
        title = f"First refresh, new ACL bulk file of {entries:,} entries, no OpenReview login"
        report.group(title, on_top(store, alone))
        report.group("Second refresh the same day, with that file", again(store, 4.0))
        report.group("The next day, with that file", next_day(store))


def start_up() -> Iterator[Row]:
    """Commands that a person waits for, and whether they import Prefect."""
    seed = str(ROOT / "seeds" / "llm-alignment.md")
    for what, arguments, limit in (
        ("papertide --help", ["--help"], 0.5),
        ("papertide parse of a seed", ["parse", seed], 1.0),
    ):
        runs = [run([PAPERTIDE, *arguments], environment()) for _ in range(8)]
        if any(each.code for each in runs):
            raise Unmeasured(f"{what} failed: {runs[0].err[-200:]}")
        yield from quick(what, [each.seconds for each in runs[1:]], limit)
        command = [sys.executable, "-X", "importtime", "-m", "flows.cli", *arguments]
        imports = run(command, environment()).err
        modules = re.findall(r"\| +([\w.]+)$", imports, re.MULTILINE)
        if "click" not in modules:
            raise Unmeasured("Python did not say what it imports")
        prefect = sum(module.partition(".")[0] == "prefect" for module in modules)
        yield Row(f"{what}: modules of Prefect", prefect, 0)


def without_network(folder: Path) -> Iterator[Row]:
    """First refreshes that reach nobody, and must end with 3."""
    for what, drops in (("connections refused", False), ("packets dropped", True)):
        with nobody(drops=drops) as urls:
            store = Store(folder / what.replace(" ", "-"), urls)
            ended = store.refresh(DAY, LOGIN, expected=3)
        yield Row(f"{what}: wall time to exit 3", ended.seconds, 60, "s")


def main() -> int:
    """Print one table of everything."""
    cores = os.cpu_count()
    print(f"load of the machine before: {os.getloadavg()[0]:.1f}, on {cores} cores")
    report = Report()
    with tempfile.TemporaryDirectory(prefix="papertide-bench-") as name:
        folder = Path(name)
        report.group("Start-up, warm", start_up())
        report.group("First refresh without network", without_network(folder))
        # A sandbox for each: one run's pace is not measured against the other's last request.
        with sandbox(folder, now=DAY) as urls:
            alone = Store(folder / "alone", urls)
            report.group("First refresh, no OpenReview login", first(alone))
        with sandbox(folder, now=DAY) as urls:
            store = Store(folder / "store", urls)
            report.group("First refresh", first(store, LOGIN))
            report.group("Second refresh the same day", again(store, 4.0, LOGIN))
            title = "Second refresh the same day, through a running Prefect server"
            report.group(title, through_prefect(store, folder / "prefect"))
            report.group("The next day", next_day(store, LOGIN))
        bulk_file(report, folder, alone)
    print(f"load of the machine after: {os.getloadavg()[0]:.1f}, on {cores} cores")
    print(f"limits missed: {report.missed}; could not be measured: {report.unmeasured}")
    return 1 if report.unmeasured else 0


if __name__ == "__main__":
    sys.exit(main())
