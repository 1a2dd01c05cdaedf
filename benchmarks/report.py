"""How fast is the report made, how large is it, and how fast does a browser show and filter it?

Against the real corpus beside the project: the four lists, refreshed from the sandbox that serves
it, and lists of 5,000 and 20,000 of its papers with half a year of counts.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.measure import Report, Row, Unmeasured, run
from benchmarks.stage import LOGIN, PAPERTIDE, ROOT, Store, environment, sandbox
from enrich.counts import Count
from enrich.library import Finding, ListState, Method, Place, Reason, Verdict
from enrich.model import SCHEMES, Kind, Status
from enrich.papers import Paper
from enrich.runs import Run
from store import rows
from store.database import SCHEMA_VERSION, migrate, open_file
from store.layout import Layout
from store.loading import Rows

CORPUS = ROOT.parent / "shared" / "corpus" / "papers.parquet"
DAY = "2026-11-21T02:00:00Z"
NOW = datetime(2026, 11, 21, 2, tzinfo=UTC)
WORKS, MANY = 5_000, 20_000
WEEKS = 26
FAST = {
    f"PAPERTIDE__SOURCES__{source}__SECONDS_PER_REQUEST": "0.05"
    for source in ("ARXIV", "SEMANTIC_SCHOLAR", "OPENREVIEW")
}
PAPERS = """
    select title, authors, year, published, venue, abstract, arxiv_id, acl_id, openreview_id, doi
    from read_parquet(?) where abstract is not null and abstract_complete
    order by hash(row_id) limit ?
"""
KEYS = "alignment of models"
"""What is typed into the search field."""

TIMED = """async (keys) => {
  const field = document.getElementById("find"), times = [];
  for (let end = 1; end <= keys.length; end++) {
    field.value = keys.slice(0, end);
    const began = performance.now();
    field.dispatchEvent(new Event("input", { bubbles: true }));
    document.body.offsetHeight;  // laid out as well
    times.push(performance.now() - began);
    await new Promise(requestAnimationFrame);
  }
  return times;
}"""
PAINT = "() => performance.getEntriesByName('first-contentful-paint')[0].startTime"
READY = "() => performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"


def built(config: Path, seconds: float | None, megabytes: float | None = None) -> Iterator[Row]:
    """`papertide report`, the fastest of five whole processes."""
    command = [PAPERTIDE, "report", "--json", "--config", str(config)]
    ended = [run(command, environment(PAPERTIDE_NOW=DAY)) for _ in range(5)]
    if any(each.code for each in ended):
        raise Unmeasured(f"report failed: {ended[0].err[-200:]}")
    told = json.loads(ended[0].out)
    yield Row("papertide report, whole process", min(e.seconds for e in ended), seconds, "s")
    size = told["bytes"] / 1e6
    yield Row("size of the page", size, megabytes, "MB", f"{told['works']:,} works")


def shown(page: Path, paint: float | None, key: float | None) -> Iterator[Row]:
    """First paint, and the slowest keystroke, in an installed Chromium without a window."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        raise Unmeasured("no Chromium is installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        painted, ready, slowest = [], [], []
        for _ in range(5):
            tab = chromium.new_page(viewport={"width": 1280, "height": 900})
            tab.goto(page.as_uri())
            tab.wait_for_timeout(200)
            painted.append(tab.evaluate(PAINT) / 1000)
            ready.append(tab.evaluate(READY) / 1000)
            slowest.append(max(tab.evaluate(TIMED, KEYS)))
            tab.close()
        version = chromium.version
        chromium.close()
    yield Row("first contentful paint, median", _median(painted), paint, "s", f"Chromium {version}")
    yield Row("table ready, median", _median(ready), None, "s")
    note = f"slowest of {len(KEYS)}, with layout"
    yield Row("a keystroke in the search field, median", _median(slowest), key, "ms", note)


def four_lists(folder: Path) -> Path:
    """The store of the project's four lists, with the corpus' own abstracts."""
    with sandbox(folder, "--corpus", str(CORPUS), "--pace", "0", now=DAY) as urls:
        store = Store(folder / "lists", urls)
        store.refresh(DAY, {**LOGIN, **FAST})
    return store.folder / "config.toml"


def large_list(folder: Path, works: int) -> Path:
    """A store with one list that names so many papers of the corpus."""
    folder.mkdir()
    config = folder / "config.toml"
    config.write_text('[store]\ndir = "."\n[[lists]]\nname = "large"\npath = "large.md"\n')
    papers = [_paper(n, row) for n, row in enumerate(_corpus(works))]
    with open_file(Layout(folder).current, read_only=False) as connection:
        migrate(connection)
        tables = Rows(connection, folder)
        tables.append("papers", [rows.paper_row(paper) for paper in papers])
        tables.append("entries", [rows.entry_row(_place(n, p)) for n, p in enumerate(papers)])
        tables.append("citations", [c._asdict() for p in papers for c in _counts(p)])
        state = ListState("large", "large", "large.md", "", len(papers), NOW)
        tables.append("lists", [rows.list_row(state)])
        night = Run("night", "refresh", "ok", NOW, NOW, "0", "{}")
        tables.append("runs", [night._asdict()])
        meta = {
            **{"schema_version": SCHEMA_VERSION, "snapshot_id": "20261121T020000Z"},
            **{"previous_snapshot_id": "20261120T020000Z", "created_at": NOW},
            **{"tool_version": "0", "simulated": True},
        }
        tables.append("meta", [meta])
    return config


def _corpus(works: int) -> list[dict[str, Any]]:
    with duckdb.connect() as connection:
        result = connection.execute(PAPERS, [str(CORPUS), works])
        names = [column[0] for column in result.description or ()]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _paper(n: int, row: dict[str, Any]) -> Paper:
    day = row["published"]
    return Paper(
        **{key: row[key] for key in ("title", "year", "venue", "abstract", "doi")},
        **{f"{scheme}_id": row[f"{scheme}_id"] for scheme in SCHEMES[:3]},
        paper_id=f"p{n:05}",
        authors=tuple(row["authors"] or ()),
        published=day if isinstance(day, date) else None,
        status=Status.PUBLISHED if row["acl_id"] or row["openreview_id"] else Status.PREPRINT,
        abstract_source="arxiv",
        s2_id=hashlib.sha1(str(n).encode()).hexdigest(),
        s2_corpus_id=None,
        citation_count=_count(n, 0),
        influential_citation_count=n % 7,
        citation_source="semantic_scholar",
        citations_checked_at=NOW,
        open_access_pdf=None,
        lists=("large",),
        first_seen_at=NOW - timedelta(weeks=WEEKS),
        updated_at=NOW,
    )


def _count(n: int, weeks_ago: int) -> int:
    """Invented counts, which grow."""
    return n * 7919 % 2000 + (WEEKS - weeks_ago) * (n % 5)


def _counts(paper: Paper) -> list[Count]:
    n = int(paper.paper_id[1:])
    return [
        Count(paper.paper_id, "semantic_scholar", NOW - timedelta(weeks=ago), _count(n, ago), None)
        for ago in range(WEEKS if n % 5 else 1)
    ]


def _place(n: int, paper: Paper) -> Place:
    found = Finding(paper.paper_id, Verdict.MATCHED, Reason.OWN_IDENTIFIER, 1.0, Method.LINK)
    return Place(
        **{"entry_id": f"e{n:05}", "list_id": "large", "position": n + 1, "line": n + 10},
        **{"section": ("Papers", f"Part {n // 500 + 1}", f"Chapter {n // 50 + 1}")},
        **{"raw": "", "title": paper.title, "label": None, "authors": None, "venue": None},
        **{"year": paper.year, "kind": Kind.PAPER, "links": (), "ids": ()},
        **{"first_seen_at": paper.first_seen_at, "last_seen_at": NOW, "finding": found},
    )


def _median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


def main() -> int:
    """Print one table of everything."""
    if not CORPUS.is_file():
        print("report: skipped, ../shared/corpus/papers.parquet is not here")
        return 0
    print(f"load of the machine before: {os.getloadavg()[0]:.1f}, on {os.cpu_count()} cores")
    report = Report()
    with tempfile.TemporaryDirectory(prefix="papertide-bench-") as name:
        folder = Path(name)
        config = four_lists(folder)
        report.group("Report of the four lists", built(config, 2, 1.5))
        report.group("The same in a browser", shown(config.parent / "data/report.html", 1, 50))
        for works, seconds in ((WORKS, 6), (MANY, None)):
            config = large_list(folder / str(works), works)
            report.group(f"Report of {works:,} works", built(config, seconds))
            report.group("The same in a browser", shown(config.parent / "report.html", 1, 50))
    print(f"limits missed: {report.missed}; could not be measured: {report.unmeasured}")
    return 1 if report.unmeasured else 0


if __name__ == "__main__":
    sys.exit(main())
