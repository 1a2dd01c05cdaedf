"""What every step of one run needs: its configuration, its time, its places on the disk."""

from __future__ import annotations

import difflib
import importlib.metadata
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from enrich import backfill
from enrich.backfill import Wanted
from enrich.configuration import Configuration
from enrich.edition import Settled, settle
from enrich.errors import ConfigError
from enrich.library import Library, ListState, Place
from enrich.marks import Answered
from enrich.places import removed, seen, track
from enrich.plan import SEARCHED, Terms
from enrich.review import decisions
from enrich.review.decisions import Ruling
from enrich.settings import Source, age
from enrich.sources import TITLES_PER_REQUEST, WAYS
from enrich.works.identify import newly_linked, unlinked
from flows.night import anthology, lookups
from flows.night.lists import ListRead
from store import overrides
from store.catalog import Catalog
from store.layout import Layout

WHOLE_FILE = 1_000_000
"""Works in a batch of a source that is looked up in a local file."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a run was asked to do. Empty: all lists, all sources. `wanted`: of a backfill, which
    goes by the lists as they were read last."""

    lists: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    offline: bool = False
    wanted: Wanted | None = None

    @property
    def kind(self) -> str:
        """`runs.kind` of the run."""
        return backfill.KIND if self.wanted else "refresh"

    def as_json(self) -> str:
        """The scope as `runs` has it."""
        if self.wanted:
            return self.wanted.as_json()
        return json.dumps({"lists": self.lists, "sources": self.sources, "offline": self.offline})


def scope_of(
    configuration: Configuration,
    lists: Sequence[str],
    sources: Sequence[str],
    *,
    offline: bool = False,
) -> Scope:
    """The scope that a person named.

    Raises:
        ConfigError: a list or source that is not in the configuration; names the nearest.
    """
    configured = [each.name for each in configuration.settings.lists]
    if not configured:
        raise ConfigError(
            f"{configuration.path}: no list is configured; add [[lists]] with a name and a path"
        )
    for what, names, known in (("list", lists, configured), ("source", sources, list(WAYS))):
        for name in names:
            if name not in known:
                near = difflib.get_close_matches(name, known, n=1, cutoff=0.0)
                hint = f"; did you mean {near[0]!r}?" if near else "; none is configured"
                raise ConfigError(f"--{what}: no {what} is named {name!r}{hint}")
    return Scope(tuple(lists), tuple(sources), offline)


@dataclass(frozen=True, slots=True)
class Tonight:
    """The surroundings of one run; `now` is its one wall-clock time, `rulings` what people decided
    until then."""

    configuration: Configuration
    environ: Mapping[str, str]
    scope: Scope
    now: datetime
    rulings: tuple[Ruling, ...] = ()

    @property
    def layout(self) -> Layout:
        """Where the store keeps what."""
        return Layout(self.configuration.store_dir)

    @property
    def catalog(self) -> Catalog:
        """The local catalogue."""
        return Catalog(self.layout.catalog)

    @property
    def chosen_lists(self) -> tuple[str, ...]:
        """The lists that this run reads."""
        names = tuple(each.name for each in self.configuration.settings.lists)
        return tuple(n for n in names if not self.scope.lists or n in self.scope.lists)

    def asks(self, source: str) -> bool:
        """Whether a source is enabled and within the scope of this run."""
        chosen = not self.scope.sources or source in self.scope.sources
        return chosen and getattr(self.configuration.settings.sources, source).enabled

    @property
    def _has_login(self) -> bool:
        review = self.configuration.settings.sources.openreview
        names = (review.username_env, review.password_env)
        return all(self.environ.get(name) for name in names)

    @property
    def searching(self) -> tuple[str, ...]:
        """The sources that this run searches by title; OpenReview only where it can be asked."""
        review = self.configuration.settings.sources.openreview
        is_open = self._has_login or review.anonymous
        return tuple(s for s in SEARCHED if self.asks(s) and (s != "openreview" or is_open))

    @property
    def terms(self) -> dict[str, Terms]:
        """When, how fast and at what cost each source is asked."""
        settings = self.configuration.settings
        sources, missing = settings.sources, age(settings.refresh.not_found_after)

        def terms(
            source: Source, batch_size: int, pace: float, batch: int, run: int, titles: int = 1
        ) -> Terms:
            after = age(source.refresh_after)
            return Terms(after, missing, batch_size, pace, batch, run, titles)

        arxiv, s2, review = sources.arxiv, sources.semantic_scholar, sources.openreview
        login = self._has_login
        # At OpenReview a login, and for every batch both hosts; the Anthology is one file, whose
        # request does not depend on the works that are looked up in it.
        hosts = 2 if login or review.anonymous else 0
        return {
            "arxiv": terms(
                arxiv, arxiv.batch_size, arxiv.seconds_per_request, 1, 0, TITLES_PER_REQUEST
            ),
            "semantic_scholar": terms(s2, s2.batch_size, s2.seconds_per_request, 1, 0),
            "openreview": terms(
                review, review.batch_size, review.seconds_per_request, hosts, 1 if login else 0
            ),
            anthology.NAME: terms(sources.acl_anthology, WHOLE_FILE, 0.0, 0, 0),
        }


def begin(
    configuration: Configuration, environ: Mapping[str, str], scope: Scope, now: datetime
) -> Tonight:
    """The surroundings of a run that begins now.

    Raises:
        ConfigError: `overrides.toml` has a fault.
    """
    path = configuration.overrides
    rulings = decisions.read(overrides.read(path).text, str(path))
    return Tonight(configuration, environ, scope, now, rulings)


def placed(tonight: Tonight, base: Library, reads: Sequence[ListRead]) -> tuple[Place, ...]:
    """All entries there ever were, after tonight's reading: a list that was not read is as it
    was, one that left the configuration has none of its entries any more."""
    read = {each.state.list_id: each for each in reads}
    configured = {each.name for each in tonight.configuration.settings.lists}
    by_list: dict[str, list[Place]] = {name: [] for name in read}
    for place in base.places.values():
        by_list.setdefault(place.list_id, []).append(place)
    found: list[Place] = []
    for name, before in by_list.items():
        if name in read and read[name].is_in(base.lists):
            found.extend(seen(before, tonight.now))
        elif name in read:
            found.extend(track(name, before, read[name].entries, tonight.now))
        else:
            found.extend(before if name in configured else removed(before, tonight.now))
    return tuple(found)


def settled(
    tonight: Tonight,
    base: Library,
    reads: Sequence[ListRead],
    places: Sequence[Place],
    answers: Sequence[Answered],
) -> Settled:
    """The library as these lists and answers leave it."""
    configured = {each.name for each in tonight.configuration.settings.lists}
    lists: dict[str, ListState] = {n: s for n, s in base.lists.items() if n in configured}
    lists |= {each.state.list_id: each.state for each in reads}
    live = [place for place in places if place.removed_at is None]
    index = lookups.named(tonight.layout, unlinked(live), newly_linked(live))
    if index is None and not tonight.asks(anthology.NAME):
        index = {}
    return settle(
        base,
        lists,
        places,
        answers,
        index,
        tonight.terms,
        tonight.now,
        decisions.rulings_of(live, tonight.rulings),
        tonight.searching,
    )


def version() -> str:
    """The version of Papertide that runs."""
    try:
        return importlib.metadata.version("papertide")
    except importlib.metadata.PackageNotFoundError:
        return "0"
