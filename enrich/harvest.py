"""How far is a set of arXiv's papers harvested, and from where does it go on?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import pairwise
from typing import NamedTuple


class Preprint(NamedTuple):
    """A paper as arXiv's OAI-PMH interface tells it. `published`: when it was first submitted."""

    id: str
    title: str
    authors: tuple[str, ...] = ()
    year: int | None = None
    published: date | None = None
    doi: str | None = None
    journal_ref: str | None = None
    categories: tuple[str, ...] = ()


class Page(NamedTuple):
    """One answer of a harvest. `deleted`: ids that are no more; `stamps`: the days of last change
    of all its records, as ordered by the server; `responded`: the server's day of the answer."""

    papers: tuple[Preprint, ...]
    deleted: tuple[str, ...]
    stamps: tuple[date, ...]
    token: str | None
    responded: date


@dataclass(frozen=True, slots=True)
class Harvest:
    """The harvest of one set, after its last page; `token` asks for the next one.

    `since`: the day of change from which it was asked, None from the first on. `reached`: the day
    from which it goes on where the token is refused. `responded`: the server's day when it began,
    from which the next harvest asks. `records`: received, those included that came twice.
    """

    spec: str
    since: date | None
    started_at: datetime
    token: str | None = None
    reached: date | None = None
    in_order: bool = True
    finished_at: datetime | None = None
    responded: date | None = None
    records: int = 0
    simulated: bool = False

    @property
    def start(self) -> date | None:
        """From when to ask where there is no token."""
        return self.reached or self.since

    def after(self, page: Page, now: datetime, *, simulated: bool) -> Harvest:
        """The harvest once this page is taken in.

        Only a server that sends its records in the order of their days can be asked to go on from
        a day; in the answers of another one earlier days may still be to come.
        """
        days = page.stamps if self.reached is None else (self.reached, *page.stamps)
        in_order = self.in_order and all(one <= other for one, other in pairwise(days))
        return replace(
            self,
            token=page.token,
            reached=(days[-1] if days else None) if in_order else None,
            in_order=in_order,
            finished_at=None if page.token else now,
            responded=self.responded or page.responded,
            records=self.records + len(page.stamps),
            simulated=self.simulated or simulated,
        )

    def without_token(self) -> Harvest:
        """The harvest that asks by day again, for a token that is no longer known."""
        return replace(self, token=None, in_order=True)


def resumed(spec: str, last: Harvest | None, since: date | None, now: datetime) -> Harvest:
    """The harvest to carry out: the last one of the set where it broke off; else one of what was
    changed since a day that somebody named, or since the last one; else of everything."""
    if last is None:
        return Harvest(spec, since, now)
    if last.finished_at is None and since in (None, last.since):
        return last
    return Harvest(spec, since or last.responded, now, simulated=last.simulated)
