"""Which works does a backfill ask for, of whom, and which of them did it ask for already?

A backfill is a run with a chosen scope that ignores due dates. One that did not end well is gone on
with by the next of the same scope: what it was told since it began is not asked for again.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta

from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler

from enrich import ids
from enrich.errors import ConfigError
from enrich.library import Library
from enrich.model import Fetched, Outcome
from enrich.runs import Run

KIND = "backfill"
"""`runs.kind` of such a run."""

LASTS = timedelta(days=7)
"""How long after its last attempt a backfill that did not end well is gone on with."""

EVER = timedelta(days=36_500)
"""Later than any run: what is done is not due before."""

FIELDS: Mapping[str, tuple[str, ...]] = {
    "citations": ("semantic_scholar",),
    "abstract": ("arxiv", "semantic_scholar", "openreview", "acl_anthology"),
    "identifiers": ("arxiv", "semantic_scholar", "openreview", "acl_anthology"),
}
"""The sources that tell a field. For `identifiers` titles are searched for too."""

Marks = Mapping[tuple[str, str], Fetched]
"""The marks of works, by paper_id and source."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The scope as a person named it: each kind of choice narrows it down, an empty one does not.

    `papers`: each a `paper_id` or `scheme:value`. `since`, `until`: dates of publication,
    inclusive; a work without a date is in no range. `all`: said in the place of a choice of works.

    Raises:
        ConfigError: nothing is chosen, or the choices contradict each other.
    """

    lists: tuple[str, ...] = ()
    papers: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    all: bool = False

    def __post_init__(self) -> None:
        works = {
            "--list": self.lists,
            "--paper": self.papers,
            "--since": self.since,
            "--until": self.until,
        }
        named = [option for option, value in works.items() if value]
        if self.all and named:
            raise ConfigError(f"--all and {named[0]} exclude each other")
        if not (self.all or named or self.sources or self.fields):
            raise ConfigError(
                "a backfill needs a scope: --list, --paper, --source, --field, --since, --until, "
                "or --all for all works at all sources"
            )
        if self.since and self.until and self.since > self.until:
            raise ConfigError(f"--since {self.since} is later than --until {self.until}")
        if (self.sources or self.fields) and not self.asks:
            raise ConfigError(
                f"--source {' '.join(self.sources)} does not tell --field {' '.join(self.fields)}"
            )

    @property
    def asks(self) -> tuple[str, ...]:
        """The sources that it is narrowed down to; empty for all."""
        telling = {source for field in self.fields for source in FIELDS[field]}
        if not self.sources:
            return tuple(sorted(telling))
        return tuple(s for s in self.sources if not self.fields or s in telling)

    @property
    def searches(self) -> bool:
        """Whether titles are searched for, also those whose last search is not long ago."""
        return not self.fields or "identifiers" in self.fields

    def as_json(self) -> str:
        """The scope as `runs` has it, the same however it was typed."""
        scope = {
            name: sorted(set(value)) if isinstance(value, tuple) else value
            for name, value in asdict(self).items()
        }
        return json.dumps(scope, default=str, sort_keys=True)


@dataclass(frozen=True, slots=True)
class Selection:
    """The works that a backfill asks for. `since`: when it began, if it goes on with one."""

    works: frozenset[str]
    searches: bool = True
    since: datetime | None = None


def select(wanted: Wanted, library: Library, published: Mapping[str, date]) -> frozenset[str]:
    """The works of the scope: those that stand in a list, and those that are named.

    Raises:
        ConfigError: no work goes by a name; gives the nearest that one does.
    """
    works = {_work(library, name) for name in wanted.papers} or _listed(library)
    if wanted.lists:
        works &= _listed(library, wanted.lists)
    if wanted.since or wanted.until:
        since, until = wanted.since or date.min, wanted.until or date.max
        works = {w for w in works if w in published and since <= published[w] <= until}
    return frozenset(works)


def begun(runs: Iterable[Run], scope: str, now: datetime) -> datetime | None:
    """When the backfill that is now gone on with began; none if this is a new one.

    `runs`: all that are known, also those that were killed.
    """
    earlier = [r for r in runs if r.kind == KIND and r.scope == scope and r.started_at <= now]
    since: datetime | None = None
    for run in sorted(earlier, key=lambda r: r.started_at, reverse=True):
        if run.status == "ok" or (since or now) - run.started_at > LASTS:
            break
        since = run.started_at
    return since


def standing(
    fetches: Marks, works: Collection[str], since: datetime | None, now: datetime
) -> dict[tuple[str, str], Fetched]:
    """The marks by which a backfill goes: what it was told since it began holds, whatever is due.

    Of what came before, a miss stays as one that is over: it is asked about by each identifier,
    where an answer ends the asking.
    """
    found: dict[tuple[str, str], Fetched] = {}
    for key, mark in fetches.items():
        if key[0] in works:
            if is_done(mark, since, now):
                found[key] = replace(mark, due_at=mark.checked_at + EVER)
            elif mark.outcome is Outcome.NOT_FOUND:
                found[key] = replace(mark, due_at=mark.checked_at)
    return found


def is_done(mark: Fetched, since: datetime | None, now: datetime) -> bool:
    """Whether an earlier run of the backfill, or a night beside it, was told this.

    This run's own marks are from `now`; only under a clock that stands still are others.
    """
    if since is None or mark.outcome is Outcome.FAILED:
        return False
    return since <= mark.checked_at and (mark.checked_at < now or since == now)


def _listed(library: Library, lists: Collection[str] = ()) -> set[str]:
    return {
        place.finding.paper_id
        for place in library.places.values()
        if place.finding and place.removed_at is None and (not lists or place.list_id in lists)
    }


def _work(library: Library, name: str) -> str:
    """The work of this name, under the id that it goes by now."""
    name = name.strip()
    paper_id = library.aliases.get(name, name)
    if paper_id in library.works:
        return paper_id
    identifier = ids.parse(name)
    if identifier is not None and identifier in library.claims:
        return library.claims[identifier].paper_id
    known = [*library.works, *map(str, library.claims)]
    asked = str(identifier or name)
    near = process.extractOne(asked, known, scorer=JaroWinkler.similarity)
    hint = f"; did you mean {near[0]}?" if near else ""
    raise ConfigError(
        f"--paper: no work is known as {asked!r}, neither as a paper_id nor as scheme:value{hint}"
    )
