"""The works as rows of the one table: what stands in them, and what they are found by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from enrich.ids import url_of
from enrich.library import Place
from enrich.model import ACL, ARXIV, DOI, OPENREVIEW, S2
from enrich.papers import ARXIV_DOI, Paper, ids_of
from enrich.report.facts import Facts, Point
from enrich.report.movers import gains
from enrich.report.shelves import Shelves, below, roots
from enrich.report.sparkline import line

LARGEST = 10_000
"""Rows at most. All rows are in the page, ready to be searched, 2.3 kB each with an abstract: this
many are 23 MB and filtered within 40 ms at every key, twice as many within 50, which is the limit
(`python -m benchmarks.report`)."""
LABELS = {ARXIV: "arXiv", ACL: "ACL", OPENREVIEW: "OpenReview", DOI: "DOI", S2: "S2"}
PAGES = (ACL, DOI, OPENREVIEW, ARXIV, S2)
"""Whose page a title leads to: the publication's before the preprint's before the index's."""


class Link(NamedTuple):
    """A link of a work: what it is called, the identifier it shows, and where it leads."""

    label: str
    value: str
    url: str


class Spot(NamedTuple):
    """Where a list names the work: `list:line`, and the headings above."""

    list_id: str
    line: int
    section: Sequence[str]


class Row(NamedTuple):
    """A work. `url`: the page its title leads to; `shelves`: the numbers it is filtered by;
    `gained`: citations of the week, None where that is not known; `spark`: a path of SVG."""

    paper: Paper
    url: str | None
    links: Sequence[Link]
    spots: Sequence[Spot]
    shelves: Sequence[int]
    gained: int | None
    curve: Sequence[Point]
    spark: str


def table(facts: Facts, shelves: Shelves) -> Sequence[Row]:
    """The works that a list names now, the most cited first, `LARGEST` of them at most."""
    gained, spots = gains(facts), _spots(facts.live)
    curves = facts.history.curves
    first = min((points[0].at for points in curves.values()), default=facts.created_at)
    return [
        Row(
            paper,
            page_of(paper),
            links(paper),
            spots.get(paper.paper_id, ()),
            shelves.of_work.get(paper.paper_id, ()),
            gained.get(paper.paper_id),
            curves.get(paper.paper_id, ()),
            line(curves.get(paper.paper_id, ()), first, facts.created_at),
        )
        for paper in facts.works[:LARGEST]
    ]


def page_of(paper: Paper) -> str | None:
    """The page of a work, if it has an identifier."""
    ids = {each.scheme: each for each in ids_of(paper)}
    if ARXIV in ids and DOI in ids and ids[DOI].value.startswith(ARXIV_DOI):
        del ids[DOI]
    return next((url_of(ids[scheme]) for scheme in PAGES if scheme in ids), None)


def links(paper: Paper) -> Sequence[Link]:
    """The identifiers of a work, and where its text can be read."""
    found = [Link(LABELS[each.scheme], each.value, url_of(each)) for each in ids_of(paper)]
    if paper.open_access_pdf and is_web(paper.open_access_pdf):
        found.append(Link("PDF", "", paper.open_access_pdf))
    return found


def is_web(address: str) -> bool:
    """Whether an address that a list or a source told may become a link: http and https only."""
    return address.lower().startswith(("http://", "https://"))


def _spots(live: Sequence[Place]) -> Mapping[str, Sequence[Spot]]:
    tops = roots(live)
    found: dict[str, list[Spot]] = {}
    for place in live:
        if place.finding:
            spot = Spot(place.list_id, place.line, below(place, tops))
            found.setdefault(place.finding.paper_id, []).append(spot)
    return found
