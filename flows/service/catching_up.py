"""A night that was missed is made up for once, however many were."""

from __future__ import annotations

from datetime import datetime

from enrich.configuration import Configuration
from enrich.runs import last_good
from flows.night.tonight import Scope
from flows.service.schedule import next_night
from store import reading, snapshots
from store.database import open_file
from store.layout import Layout


def last_night(configuration: Configuration, scope: Scope) -> datetime | None:
    """When the last night of this scope began that published; none where there is no snapshot.

    Raises:
        StoreError: there are snapshots, and none is good.
    """
    base = snapshots.newest_good(Layout(configuration.store_dir))
    if base.path is None:
        return None
    with open_file(base.path, read_only=True) as connection:
        return last_good(reading.runs(connection), scope.kind, scope.as_json())


async def is_missed(configuration: Configuration, now: datetime) -> bool:
    """Whether a scheduled time has passed since the last night that published."""
    last = last_night(configuration, Scope())
    return last is None or await next_night(configuration, last) <= now


def is_made_up_for(configuration: Configuration, scope: Scope, due: datetime) -> bool:
    """Whether the night of a scheduled time is needless, because one that published began then or
    later: of many that are late together the first does the work of all."""
    last = last_night(configuration, scope)
    return last is not None and last >= due
