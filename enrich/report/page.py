"""The report as one HTML page that asks nobody for anything."""

from __future__ import annotations

import base64
import hashlib
import shlex
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from enrich.ids import url_of
from enrich.library import Candidate, Place
from enrich.model import SCHEMES, Identifier, Status
from enrich.papers import Paper
from enrich.report import charts, faults, holdings, movers, news, services
from enrich.report.facts import Facts
from enrich.report.shelves import shelve
from enrich.report.table import page_of, table

TEMPLATES = Path(__file__).parent / "templates"
SHOWN = 50
"""Works in the table at first; `page.js` brings the others."""
MOST = 25
"""Of each kind of news or fault that are shown."""

SOURCES = {
    "arxiv": "arXiv",
    "semantic_scholar": "Semantic Scholar",
    "openreview": "OpenReview",
    "acl_anthology": "ACL Anthology",
    "list": "the list",
}
"""How the sources call themselves."""


REASONS = {
    "unknown_title": "no paper of this title was found",
    "no_title": "the list gives no title",
    "several_works": "several works have this title",
    "weak_evidence": "too little speaks for one of them",
    "mismatched": "the link is another paper's",
    "not_asked": "not asked yet",
    "source_down": "a source that could tell did not answer",
    "acl_anthology_unavailable": "the ACL Anthology could not be read",
    "rejected": "rejected by a person",
}
"""What the reasons of `enrich.library.Reason` mean, for people."""


def render(facts: Facts, mark: str) -> str:
    """The whole page. `mark`: what the page is recognised by later (`fingerprint.py`)."""
    works, shelves = facts.works, shelve(facts.live)
    runs, used = services.runs(facts), services.services(facts)
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
            counters=" and ".join(_source(s) for s in _counters(works)) or "nobody yet",
            citations=sum(paper.citation_count or 0 for paper in works),
            published=sum(1 for paper in works if paper.status is Status.PUBLISHED),
            first=min((c[0].at for c in facts.history.curves.values()), default=facts.created_at),
            works=works,
            rows=table(facts, shelves),
            shown=SHOWN,
            most=MOST,
            shelves=shelves,
            years=sorted({p.year for p in works if p.year}, reverse=True),
            statuses=sorted({str(p.status) for p in works if p.status}),
            news=_news(facts),
            movers=movers.movers(facts),
            gained=sum(movers.gains(facts).values()),
            shares=shares,
            ages=holdings.ages(works, facts.created_at),
            lists=holdings.lists(facts),
            holdings=holdings.sources(facts),
            faults=faults.faults(facts),
            runs=runs,
            services=used,
            charts={
                "gained": charts.gained(facts.history.gained),
                "years": charts.years(works),
                "coverage": charts.coverage(shares),
                "requests": charts.requests(runs, used),
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
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        number=_number, day=_day, moment=_moment, source=_source, clean=_clean
    )
    environment.globals.update(
        page_of=page_of,
        authors=_authors,
        where=_where,
        reason=_reason,
        address=_address,
        quoted=shlex.quote,
    )
    return environment


def _number(value: float | None, *, signed: bool = False) -> str:
    """A number as it is read; a minus that is as wide as the plus."""
    if value is None:
        return "–"
    text = f"{value:+,}" if signed else f"{value:,}"
    return text.replace("-", "\u2212")


def _day(value: date) -> str:
    return f"{value.day} {value:%b %Y}"


def _moment(value: datetime) -> str:
    return f"{_day(value)}, {value:%H:%M} UTC"


def _source(name: str | None) -> str:
    return SOURCES.get(name or "", name or "nobody")


def _clean(text: str) -> str:
    """Text without the characters that would turn the line around it."""
    return "".join(c for c in text if c not in BIDI)


BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")


def _authors(names: Sequence[str] | None, most: int = 4) -> str:
    """The first authors of a work, and how many more there are."""
    if not names:
        return ""
    if len(names) <= most:
        return ", ".join(names)
    return f"{', '.join(names[: most - 1])} and {len(names) - most + 1:,} others"


def _names(facts: Facts) -> Mapping[str, str]:
    """What every work is called: its title, or else what a list calls it."""
    labels = {p.finding.paper_id: p.label for p in facts.live if p.finding and p.label}
    return {
        paper_id: paper.title or labels.get(paper_id) or "(no title)"
        for paper_id, paper in facts.papers.items()
    }


def _counters(works: Sequence[Paper]) -> Sequence[str]:
    return sorted({paper.citation_source for paper in works if paper.citation_source})


def _where(place: Place) -> str:
    """An entry as `papertide review` takes it."""
    return f"{place.list_id}:{place.line}"


def _reason(place: Place) -> str:
    """Why an entry has no paper, or not surely this one, in words."""
    reason = str(place.finding.reason) if place.finding else ""
    return REASONS.get(reason, reason.replace("_", " "))


def _address(candidate: Candidate) -> str | None:
    """The page of a candidate, if its scheme has pages."""
    scheme, value = candidate[:2]
    return url_of(Identifier(scheme, value)) if scheme in SCHEMES else None
