"""What one run read and was told, over what another has published meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from enrich.edition import Settled
from enrich.library import Library, ListState
from enrich.marks import Answered, still_news
from flows.lists import ListRead
from flows.tonight import Tonight, placed, settled


def rebased(
    tonight: Tonight,
    base: Library,
    before: Library,
    reads: Sequence[ListRead],
    answers: Sequence[Answered],
    until: datetime,
) -> Settled:
    """The library as these lists and answers leave it, whichever run came first: what the base
    has from a later reading or a later answer stays.

    `before`: what the run began with. `until`: the present.
    """
    latest = [read for read in reads if not _is_outdated(read.state, base, before)]
    places = placed(tonight, base, latest)
    news = still_news(answers, base, before, until)
    return settled(tonight, base, latest, places, news)


def _is_outdated(read: ListState, base: Library, before: Library) -> bool:
    """Whether a list was read again meanwhile, later than this time."""
    known = base.lists.get(read.list_id)
    is_new = known is not None and known != before.lists.get(read.list_id)
    return known is not None and is_new and read.fetched_at < known.fetched_at
