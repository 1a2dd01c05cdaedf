"""The report as one HTML page that asks nobody for anything."""

from __future__ import annotations

import base64
import hashlib
import shlex
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from enrich.model import Status
from enrich.papers import Paper
from enrich.report import charts, faults, holdings, movers, news, services
from enrich.report.facts import Facts
from enrich.report.shelves import shelve
from enrich.report.table import page_of, table
from enrich.report.wording import (
    address,
    authors,
    day,
    field,
    harmless,
    moment,
    number,
    reason,
    source,
    venue,
    where,
)

TEMPLATES = Path(__file__).parent / "templates"
SHOWN = 50
"""Works in the table at first; `page.js` brings the others."""
MOST = 25
"""Of each kind of news that are shown, and of the places of one work."""
CASES = 500
"""Of each kind of fault: more than a person mends before the next report, and half a megabyte."""


def render(facts: Facts, mark: str) -> str:
    """The whole page. `mark`: what the page is recognised by later (`fingerprint.py`)."""
    works, shelves = facts.works, shelve(facts.live)
    rows = table(facts, shelves)
    runs, parts = facts.history.runs, facts.history.parts
    used = services.services(runs, parts)
    shares = holdings.coverage(works)
    names = _names(facts)
    style, script = (_text(TEMPLATES / name) for name in ("page.css", "page.js"))
    return (
        _environment()
        .get_template("page.html")
        .render(
            facts=facts,
            mark=mark,
            style=Markup(style),
            script=Markup(script),
            policy=_policy(style, script),
            name=lambda paper: names[paper.paper_id],
            counters=" and ".join(source(s) for s in _counters(works)) or "nobody yet",
            citations=sum(paper.citation_count or 0 for paper in works),
            published=sum(1 for paper in works if paper.status is Status.PUBLISHED),
            first=min((c[0].at for c in facts.history.curves.values()), default=facts.created_at),
            works=works,
            rows=rows,
            shown=SHOWN,
            most=MOST,
            cases=CASES,
            shelves=shelves,
            held=shelves.holding(row.paper.paper_id for row in rows),
            years=sorted({row.paper.year for row in rows if row.paper.year}, reverse=True),
            statuses=sorted({str(row.paper.status) for row in rows if row.paper.status}),
            news=_news(facts),
            movers=movers.movers(facts),
            gained=sum(movers.gains(facts).values()),
            shares=shares,
            ages=holdings.ages(Counter(p.citations_checked_at for p in works), facts.created_at),
            lists=holdings.lists(facts),
            holdings=holdings.sources(facts.history.answers),
            faults=faults.faults(facts),
            runs=runs[::-1],
            services=used,
            charts={
                "gained": charts.gained(facts.history.gained),
                "years": charts.years(works),
                "coverage": charts.coverage(shares),
                "requests": charts.requests(runs[::-1], used),
            },
        )
    )


def _news(facts: Facts) -> Sequence[news.News]:
    """Since the last snapshot, and since a day; of the first snapshot everything is news."""
    history = facts.history
    last = [news.news(facts, facts.created_at, history.since_last)] if history.previous else []
    return [*last, news.news(facts, facts.since, history.since_day)]


def _policy(style: str, script: str) -> str:
    """A content security policy by which the page can load nothing, and run only its script."""
    return (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


@cache
def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        finalize=harmless,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        {each.__name__: each for each in (day, field, moment, number, source)}
    )
    environment.globals.update(
        {each.__name__: each for each in (address, authors, page_of, reason, venue, where)},
        quoted=shlex.quote,
    )
    return environment


def _names(facts: Facts) -> Mapping[str, str]:
    """What every work is called: its title, or else what a list calls it."""
    labels = {p.finding.paper_id: p.label for p in facts.live if p.finding and p.label}
    return {
        paper_id: paper.title or labels.get(paper_id) or "(no title)"
        for paper_id, paper in facts.papers.items()
    }


def _counters(works: Sequence[Paper]) -> Sequence[str]:
    return sorted({paper.citation_source for paper in works if paper.citation_source})
