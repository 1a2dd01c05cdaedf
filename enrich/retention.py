"""Which snapshots of a history are kept?"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime


def kept(
    published: Mapping[str, datetime], daily: int, weekly: int, protected: Collection[str]
) -> frozenset[str]:
    """The newest snapshot of each of the newest `daily` days that have one, the same of `weekly`
    weeks (ISO 8601, in UTC), and those that are `protected`, whatever their age.

    `published`: snapshot ids and the time that each stands for.
    """
    days = _newest_of_each(published, lambda at: at.date().toordinal(), daily)
    weeks = _newest_of_each(published, lambda at: at.isocalendar()[:2], weekly)
    return days | weeks | frozenset(protected)


def _newest_of_each(
    published: Mapping[str, datetime], span: Callable[[datetime], object], spans: int
) -> frozenset[str]:
    newest: dict[object, str] = {}
    for name in sorted(published, key=lambda name: (published[name], name), reverse=True):
        newest.setdefault(span(published[name]), name)
    return frozenset(list(newest.values())[:spans])
