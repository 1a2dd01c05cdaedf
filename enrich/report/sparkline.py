"""A work's counts over time, as a line of the height of the text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from enrich.report.facts import Point

WIDTH, HEIGHT, MARGIN = 72, 20, 2
"""Units of the view box; a line is drawn within the margin."""


def line(points: Sequence[Point], first: datetime, last: datetime) -> str:
    """The `d` of the path from `first` to `last`, the same span for every work.

    Each work has a scale of its own, from its lowest count to its highest; one that never changed
    is level. A count holds until the next one, and the last one to the end.
    """
    if not points:
        return ""
    span = (last - first).total_seconds() or 1.0
    low, high = min(p.citations for p in points), max(p.citations for p in points)
    marks = [*points, Point(max(last, points[-1].at), points[-1].citations)]
    steps = []
    for at, count in marks:
        x = MARGIN + (WIDTH - 2 * MARGIN) * (at - first).total_seconds() / span
        share = (count - low) / (high - low) if high > low else 0.5
        y = HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * share
        steps.append(f"{x:.3g} {y:.3g}")
    return "M" + "L".join(steps)
