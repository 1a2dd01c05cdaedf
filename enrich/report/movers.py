"""Which works gained, or lost, most citations in the week before the snapshot?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from enrich.papers import Paper
from enrich.report.facts import Facts

MOST = 8


class Mover(NamedTuple):
    """A work whose count moved. `before`: its count at `since`, a week ago or when first told."""

    paper: Paper
    since: datetime
    before: int
    gained: int


def gains(facts: Facts) -> dict[str, int]:
    """What each work gained in the week; works without two counts are left out."""
    baselines = facts.history.baselines
    return {
        paper.paper_id: paper.citation_count - baselines[paper.paper_id].citations
        for paper in facts.works
        if paper.citation_count is not None and paper.paper_id in baselines
    }


def movers(facts: Facts) -> Sequence[Mover]:
    """The works that moved most, at most `MOST`."""
    moved = [
        Mover(facts.papers[paper_id], *facts.history.baselines[paper_id], gained)
        for paper_id, gained in gains(facts).items()
        if gained
    ]
    return sorted(moved, key=lambda m: (-abs(m.gained), m.paper.title or ""))[:MOST]
