"""What a refresh would ask, and what that costs. Asks nobody, writes nothing."""

from __future__ import annotations

import asyncio
import os
from dataclasses import asdict, replace

from enrich import plan
from enrich.configuration import Configuration
from enrich.configuration import now as wall_clock
from enrich.plan import SourcePlan
from flows import anthology
from flows.lists import read_lists
from flows.terminal import Terminal
from flows.tonight import Scope, Tonight, begin, due, placed, settled
from store import snapshots


def plan_refresh(tonight: Tonight) -> list[SourcePlan]:
    """What the run would ask of each enabled source in its first round."""
    base = snapshots.newest_good(tonight.layout).library
    reads = asyncio.run(
        read_lists(
            tonight.configuration,
            tonight.chosen_lists,
            base.lists,
            tonight.now,
            offline=True,
            keep=False,
        )
    )
    places = placed(tonight, base, reads)
    result = settled(tonight, base, reads, places, ())
    plans = {
        source: plan.cost(source, asks, tonight.terms[source])
        for source, asks in due(tonight, tonight.chosen_lists, result, {}).items()
    }
    file = plans.get(anthology.NAME)
    after = tonight.terms[anthology.NAME].refresh_after
    if file is not None and anthology.is_due(tonight.catalog, after, tonight.now):
        plans[anthology.NAME] = replace(file, requests=1)
    return list(plans.values())


def show_plan(configuration: Configuration, scope: Scope, terminal: Terminal) -> int:
    """Print the plan."""
    plans = plan_refresh(begin(configuration, os.environ, scope, wall_clock(os.environ)))
    terminal.document({"sources": [asdict(each) for each in plans]})
    terminal.result(f"{'source':18}{'works due':>10}{'requests':>10}{'seconds':>10}")
    for each in plans:
        terminal.result(f"{each.source:18}{each.due:10,}{each.requests:10,}{each.seconds:10,.0f}")
    longest = max((each.seconds for each in plans), default=0)
    terminal.result(f"sources are asked side by side: about {longest:,.0f} seconds in all")
    return 0
