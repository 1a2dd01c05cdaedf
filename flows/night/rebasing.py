"""What one run read and was told, over what another has published meanwhile."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from enrich.edition import Settled
from enrich.library import Library, ListState
from enrich.marks import Answered, still_news
from flows.night.lists import ListRead
from flows.night.tonight import Tonight, placed, settled
from store import answers, reading
from store.database import open_file
from store.journal import Batch
from store.layout import Layout
from store.snapshots import Base


def rebased(
    tonight: Tonight,
    base: Library,
    before: Library,
    reads: Sequence[ListRead],
    told: Sequence[Answered],
    until: datetime,
) -> Settled:
    """The library as these lists and answers leave it, whichever run came first: what the base
    has from a later reading or a later answer stays.

    `before`: what the run began with. `until`: the present.
    """
    latest = [read for read in reads if not _is_outdated(read.state, base, before)]
    # What is new to both runs is judged anew: each had but a part of the answers.
    places = [
        place if place.entry_id in before.places else replace(place, finding=None)
        for place in placed(tonight, base, latest)
    ]
    news = still_news(told, base, before, until)
    return settled(tonight, base, latest, places, news)


def told_meanwhile(layout: Layout, newest: Base, others: Collection[str]) -> Iterator[Batch]:
    """What other runs were told that have published since this one began: a search that the one
    made may tell what the record that the other has is of."""
    if newest.path is None or not others:
        return iter(())
    with open_file(newest.path, read_only=True) as connection:
        began = {run.started_at for run in reading.runs(connection) if run.run_id in others}
    return answers.kept(layout.answers, began)


def _is_outdated(read: ListState, base: Library, before: Library) -> bool:
    """Whether a list was read again meanwhile, later than this time."""
    known = base.lists.get(read.list_id)
    is_new = known is not None and known != before.lists.get(read.list_id)
    return known is not None and is_new and read.fetched_at < known.fetched_at
