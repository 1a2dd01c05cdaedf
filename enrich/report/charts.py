"""The report's charts as static SVG, drawn by pygal.

Of what pygal draws only the shapes and labels are kept. Its styles and scripts are not: the page's
own style sheet colours the shapes by their classes, in light, in dark and in print.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import pygal
from lxml import etree
from markupsafe import Markup

from enrich.model import Status
from enrich.papers import Paper
from enrich.report.holdings import Share
from enrich.report.services import Service
from enrich.runs import Run

# pygal's finder for its maps is of an old kind, of which Python 3.11 warns when it is asked.
sys.meta_path[:] = [each for each in sys.meta_path if type(each).__module__ != "pygal"]

WIDTH, HEIGHT = 520, 230
"""Of the view box; the page scales it to the room there is."""
FONT = 13
"""Height of the labels, for pygal to leave room for. The style sheet sets them to the same."""
FIRST_YEARS = 10
"""Years that have a bar of their own; the earlier ones share one."""


class Chart(NamedTuple):
    """A chart, and the same figures as a table: `head` over `rows`. `keys`: names of the series,
    in the order of their colours."""

    svg: Markup
    keys: Sequence[str]
    head: Sequence[str]
    rows: Sequence[Sequence[str | int]]


def years(works: Sequence[Paper]) -> Chart | None:
    """How many works are of each year, preprints and others apart."""
    dated = [(paper.year, paper.status) for paper in works if paper.year]
    if not dated:
        return None
    last = max(year for year, _ in dated)
    start = max(min(year for year, _ in dated), last - FIRST_YEARS + 1)
    has_earlier = any(year < start for year, _ in dated)
    labels = [*([f"before {start}"] if has_earlier else []), *map(str, range(start, last + 1))]
    kinds: dict[str, list[int]] = {"published": [0] * len(labels)}
    for year, status in dated:
        kind = "published" if status is Status.PUBLISHED else "preprint or other"
        counts = kinds.setdefault(kind, [0] * len(labels))
        counts[max(year - start, -1) + has_earlier] += 1
    return _bars(pygal.StackedBar, labels, kinds, "year", short=_short_year)


def gained(days: Sequence[tuple[date, int]]) -> Chart | None:
    """Citations gained per day, all works together."""
    if not any(n for _, n in days):
        return None
    labels = [f"{day.day} {day:%b}" for day, _ in days]
    return _bars(pygal.Bar, labels, {"citations gained": [n for _, n in days]}, "day")


def coverage(shares: Sequence[Share]) -> Chart | None:
    """What share of the works has each thing."""
    if not any(share.of for share in shares):
        return None
    chart = _new(pygal.HorizontalBar, height=30 * len(shares) + 40, range=(0, 100), margin_right=24)
    chart.x_labels = [share.what for share in reversed(shares)]
    chart.value_formatter = lambda value: f"{value:.0f}%"
    chart.add("works", [round(share.percent, 1) for share in reversed(shares)])
    rows = [(s.what, s.have, f"{s.percent:.0f}%") for s in shares]
    says = ", ".join(f"{s.what} {s.percent:.0f}%" for s in shares)
    return Chart(_svg(chart, f"Bars: {says}"), (), ("", "works", "share"), rows)


def requests(runs: Sequence[Run], services: Sequence[Service]) -> Chart | None:
    """Requests that each run sent, by source."""
    sent = {
        service.source: [part.requests if part else 0 for part in service.parts]
        for service in services
        if service.requests
    }
    if not sent:
        return None
    labels = [f"{run.started_at.day} {run.started_at:%b}" for run in runs]
    return _bars(pygal.StackedBar, labels, sent, "run")


def _bars(
    kind: Any,
    labels: Sequence[str],
    series: Mapping[str, Sequence[int]],
    what: str,
    short: Any = str,
) -> Chart:
    chart = _new(kind)
    chart.x_labels = [short(label) for label in labels]
    every = -(-len(labels) // 8)
    if every > 1:
        chart.x_labels_major_every = every
        chart.show_minor_x_labels = False
    for name, values in series.items():
        chart.add(name, list(values))
    rows = [(label, *values) for label, *values in zip(labels, *series.values(), strict=True)]
    totals = [sum(values) for values in zip(*series.values(), strict=True)]
    most = max(range(len(labels)), key=totals.__getitem__)
    says = f"Bars from {labels[0]} to {labels[-1]}; the highest, {totals[most]:,}: {labels[most]}"
    return Chart(_svg(chart, says), tuple(series), (what, *series), rows)


def _new(kind: Any, **other: Any) -> Any:
    style = pygal.style.Style(
        label_font_size=FONT, major_label_font_size=FONT, font_family="sans-serif"
    )
    settings = {
        **{"js": [], "css": [], "style": style, "width": WIDTH, "height": HEIGHT, "margin": 8},
        **{
            "show_legend": False,
            "spacing": 6,
            "max_scale": 6,
            "order_min": 0,
            "truncate_label": -1,
        },
        **{"value_formatter": lambda value: f"{value:,.0f}"},
    }
    return kind(**{**settings, **other})


def _svg(chart: Any, says: str) -> Markup:
    """The shapes and labels of a chart, and a tooltip of the browser's own on every bar. `says`:
    the same in a sentence, for who does not see it."""
    root = chart.render_tree()
    for tag in ("defs", "title"):
        for each in root.findall(tag):
            root.remove(each)
    for comment in root.xpath("//comment()"):
        comment.getparent().remove(comment)
    for useless in root.xpath("//*[@class='background' or contains(@class, 'overlay')]"):
        useless.getparent().remove(useless)
    for group in root.xpath("//*[desc]"):
        told = {each.get("class"): each.text for each in group.findall("desc")}
        for each in group.findall("desc"):
            group.remove(each)
        title = etree.SubElement(group, "title")
        title.text = ": ".join(filter(None, (told.get("x_label"), told.get("value"))))
    del root.attrib["id"]
    root.set("role", "img")
    root.set("aria-label", says)
    text = etree.tostring(root, encoding="unicode")
    return Markup(re.sub(r"(\d+\.\d)\d+", r"\1", text))


def _short_year(label: str) -> str:
    return label.replace("before ", "< ")
