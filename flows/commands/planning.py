"""What a refresh would ask, and what that costs. Asks nobody, writes nothing."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from datetime import timedelta

from enrich import plan
from enrich.backfill import Wanted
from enrich.configuration import Configuration
from enrich.configuration import now as wall_clock
from enrich.plan import SourcePlan
from flows.night import anthology
from flows.night.asking import answered
from flows.night.backfilling import selected
from flows.night.due import Asks, at_most, due, file_age
from flows.night.lists import read_lists
from flows.night.tonight import Scope, Tonight, begin, placed, settled
from flows.terminal import Terminal
from store import snapshots
from store.journal import Journal


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
    asks = due(tonight, tonight.chosen_lists, result, {})
    return costs(tonight, asks, file_age(tonight, None))


def plan_backfill(tonight: Tonight, wanted: Wanted) -> list[SourcePlan]:
    """What a backfill will ask in all, at most: as if no source found a title.

    Raises:
        ConfigError: it names a work that there is not.
        StoreError: there is no snapshot yet.
    """
    base = snapshots.newest_good(tonight.layout)
    selection = selected(tonight, wanted, base)
    if not selection.works:
        return []
    kept = Journal(tonight.layout, "").pending().batches
    answers = [answered(told, batch.at) for batch in kept for told in batch.told]
    places = placed(tonight, base.library, ())
    result = settled(tonight, base.library, (), places, answers)
    asks = at_most(tonight, selection, result)
    return costs(tonight, asks, file_age(tonight, selection))


def costs(tonight: Tonight, asks: Asks, after: timedelta) -> list[SourcePlan]:
    """What questions cost; `after`: how old the Anthology's bulk file may be."""
    plans = {s: plan.cost(s, questions, tonight.terms[s]) for s, questions in asks.items()}
    file = plans.get(anthology.NAME)
    if file is not None and anthology.is_due(tonight.catalog, after, tonight.now):
        plans[anthology.NAME] = replace(file, requests=1)
    return list(plans.values())


def show_plan(configuration: Configuration, scope: Scope, terminal: Terminal) -> int:
    """Print the plan."""
    plans = plan_refresh(begin(configuration, os.environ, scope, wall_clock(os.environ)))
    terminal.document({"sources": [asdict(each) for each in plans]})
    for line in table(plans, "works due"):
        terminal.result(line)
    return 0


def table(plans: Sequence[SourcePlan], works: str) -> Iterator[str]:
    """The plan in lines; `works` heads the column of works."""
    yield f"{'source':18}{works:>10}{'requests':>10}{'seconds':>10}"
    for each in plans:
        yield f"{each.source:18}{each.due:10,}{each.requests:10,}{each.seconds:10,.0f}"
    longest = max((each.seconds for each in plans), default=0)
    yield f"sources are asked side by side: about {longest:,.0f} seconds in all"
