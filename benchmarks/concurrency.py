"""Several Papertide processes at once: do they keep one pace, lose nothing, and disturb no reader?

Paces are a tenth of the true ones, so that it takes a minute or two; the sandbox enforces them.
Ends with 0 whatever was missed, and with 1 when something could not be measured.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import duckdb

from benchmarks._works import PACES, warm_up, write_configuration, write_list
from benchmarks.measure import Ended, Report, Row, Unmeasured, run
from benchmarks.stage import LOGIN, PAPERTIDE, ROOT, answer, environment, sandbox

CORPUS = ROOT.parent / "shared" / "corpus" / "papers.parquet"
DAY, LATER, THIRD = (f"2026-11-21T02:{clock}Z" for clock in ("00:00", "00:30", "10:00"))
LEFT = "due at once: what only the answers of both together reveal"
SCALE = 0.1
TOLERANCE = 0.02
"""Seconds by which two requests may come closer on the way than they were sent."""
WORKS = 600
OPENS = 1000
PUBLISHED = 8
"""Snapshots published while readers open the file."""

# Two processes whose gateways ask one service, and nothing else: how exact is the pace?
ASK = """
import asyncio, sys
from pathlib import Path
from enrich.settings import Settings
from enrich.sources.opening import open_gateway
from flows.night.providers import around
from store.layout import Layout

async def main():
    url, gap, times, folder = sys.argv[1], float(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    shared = around(Layout(Path(folder)))
    async with open_gateway("bench", Settings(), url, gap=gap, around=shared) as gateway:
        for _ in range(times):
            try:
                await gateway.send("GET", url)
            except Exception:
                pass

asyncio.run(main())
"""


def two_at_one_provider(urls: Mapping[str, Any], folder: Path) -> Iterator[Row]:
    """Two processes, of two stores, that ask Semantic Scholar as fast as they may."""
    root = _root(urls)
    answer(f"{root}/_stats/reset", {})
    gap, times = PACES["semantic_scholar"] * SCALE, 50
    url = f"{urls['semantic_scholar']['base_url']}/graph/v1/paper/ARXIV:1706.03762?fields=title"
    both = [
        subprocess.Popen(
            [sys.executable, "-c", ASK, url, str(gap), str(times), str(folder / name)],
            env=environment(),
            cwd=ROOT,
        )
        for name in ("one", "other")
    ]
    if any(each.wait(120) for each in both):
        raise Unmeasured("a process failed")
    seen = json.loads(answer(f"{root}/_stats"))["semantic_scholar"]
    yield Row("violations of limits", seen["violations"], 0)
    yield Row(
        "pace / smallest gap between two requests", gap / seen["closest"], 1 + TOLERANCE / gap
    )
    floor = (seen["requests"] - 1) * gap
    told = "as the server saw it, from the first to the last"
    yield Row(f"seconds for {seen['requests']} requests", seen["lasted"], 1.1 * floor, "s", told)


def two_refreshes(urls: Mapping[str, Any], folder: Path, alone: Path) -> Iterator[Row]:
    """Two refreshes of one store, started half a second apart."""
    root = _root(urls)
    answer(f"{root}/_stats/reset", {})
    config = write_configuration(folder, urls, SCALE)
    with ThreadPoolExecutor() as pool:
        first = pool.submit(_refresh, config, DAY)
        time.sleep(0.5)
        second = pool.submit(_refresh, config, LATER)
        ended = [first.result(), second.result()]
    if any(each.code for each in ended):
        raise Unmeasured(f"a refresh ended with {[each.code for each in ended]}: {ended[1].err}")
    stats = json.loads(answer(f"{root}/_stats"))
    yield Row("violations of limits", sum(each["violations"] for each in stats.values()), 0)
    twice = sum(each["asked"]["total"] - each["asked"]["distinct"] for each in stats.values())
    yield Row("identifiers asked twice", twice, 0)
    published = sorted((folder / "data" / "snapshots").iterdir())
    yield Row("snapshots not published, of 2", 2 - len(published), 0)
    yield Row("rows that one run alone has on top", _lost(folder, alone), note=LEFT)
    if _refresh(config, THIRD).code:
        raise Unmeasured("the third refresh failed")
    yield Row("observations lost, after a third refresh", _lost(folder, alone), 0)
    work = folder / "data" / "work"
    left = [*(work / "journal").iterdir(), *(work / "drafts").iterdir(), *work.rglob("*.draft")]
    yield Row("files left behind", len(left), 0)


def readers(urls: Mapping[str, Any], folder: Path) -> Iterator[Row]:
    """A thousand opens of the current snapshot, each whole, while others are published."""
    config = folder / "config.toml"
    current = folder / "data" / "papertide.duckdb"
    failed = halves = opened = 0
    seen: set[str] = set()
    with ThreadPoolExecutor() as pool:
        publishing = pool.submit(
            lambda: [_refresh(config, f"2026-11-21T03:0{n}:00Z") for n in range(PUBLISHED)]
        )
        while opened < OPENS or not publishing.done():
            opened += 1
            try:
                with duckdb.connect(str(current), read_only=True) as connection:
                    told = connection.execute(
                        "select snapshot_id, (select count(*) from papers), "
                        "(select count(citation_count) from papers) from meta"
                    ).fetchall()
                seen.add(told[0][0])
                halves += len(told) != 1 or not told[0][1]
            except duckdb.Error:
                failed += 1
        if any(each.code for each in publishing.result()):
            raise Unmeasured("a refresh failed")
    yield Row(f"opens that failed, of {opened:,}", failed, 0)
    yield Row("opens that saw half a state", halves, 0)
    yield Row("snapshots published meanwhile and not seen", PUBLISHED - len(seen) + 1, 1)


def _refresh(config: Path, now: str) -> Ended:
    command = [PAPERTIDE, "refresh", "-q", "--config", str(config)]
    return run(command, environment(PAPERTIDE_NOW=now, **LOGIN))


def _lost(folder: Path, alone: Path) -> int:
    """What one undisturbed run knows and the two do not."""
    lost = 0
    with duckdb.connect() as connection:
        for name, path in (("beside", folder), ("alone", alone)):
            file = str(path / "data" / "papertide.duckdb").replace("'", "''")
            connection.execute(f"attach '{file}' as {name} (read_only)")
        for relation, columns in (
            ("papers", "paper_id, title, citation_count, abstract, arxiv_id, acl_id, s2_id"),
            ("identifiers", "paper_id, scheme, value"),
            ("citations", "paper_id, source, citation_count"),
            ("fetches", "paper_id, source, status"),
            ("entries", "entry_id, paper_id, verdict"),
        ):
            query = (
                f"select count(*) from (select {columns} from alone.{relation} "
                f"except select {columns} from beside.{relation})"
            )
            lost += connection.execute(query).fetchall()[0][0]
    return lost


def _root(urls: Mapping[str, Any]) -> str:
    return str(urls["acl_anthology"]["base_url"]).rpartition("/")[0]


def main() -> int:
    """Print one table of everything."""
    if not CORPUS.exists():
        print("Processes beside each other: skipped, there is no ../shared/corpus/papers.parquet")
        return 0
    print(f"load of the machine before: {os.getloadavg()[0]:.1f}, on {os.cpu_count()} cores")
    report = Report()
    with tempfile.TemporaryDirectory(prefix="papertide-bench-") as name:
        folder = Path(name)
        both, alone = folder / "both", folder / "alone"
        for each in (both, alone):
            each.mkdir()
            write_list(CORPUS, WORKS, each / "papers.md")
        with sandbox(folder, "--corpus", str(CORPUS), "--pace", str(SCALE), now=DAY) as urls:
            warm_up(urls)
            title = "Two processes ask one provider, paces a tenth"
            report.group(title, two_at_one_provider(urls, folder))
            ended = _refresh(write_configuration(alone, urls, SCALE), DAY)
            if ended.code:
                print(f"  COULD NOT BE MEASURED: {ended.err[-300:]}")
                return 1
            title = f"Two refreshes of one store at once, {WORKS} works"
            report.group(title, two_refreshes(urls, both, alone))
            report.group("Readers while snapshots are published", readers(urls, both))
    print(f"load of the machine after: {os.getloadavg()[0]:.1f}, on {os.cpu_count()} cores")
    print(f"limits missed: {report.missed}; could not be measured: {report.unmeasured}")
    return 1 if report.unmeasured else 0


if __name__ == "__main__":
    sys.exit(main())
