"""A backfill's works: which are chosen, and since when they are asked for."""

from __future__ import annotations

from enrich import backfill
from enrich.backfill import Selection, Wanted
from enrich.configuration import Configuration
from enrich.errors import StoreError
from flows.night.tonight import Scope, Tonight, scope_of
from store import reading
from store.database import open_file
from store.journal import Journal
from store.snapshots import Base


def scope_for(configuration: Configuration, wanted: Wanted) -> Scope:
    """The scope of a run that does what is wanted.

    Raises:
        ConfigError: it names a list or source that is not in the configuration.
    """
    scope_of(configuration, wanted.lists, wanted.sources)
    return Scope(sources=wanted.asks, wanted=wanted)


def selected(tonight: Tonight, wanted: Wanted, base: Base, run_id: str = "") -> Selection:
    """What the scope comes to in the current snapshot. `run_id`: of the run that asks.

    Raises:
        ConfigError: it names a work that there is not.
        StoreError: there is no snapshot yet.
    """
    if base.path is None:
        raise StoreError(
            f"{tonight.layout.root}: nothing is published yet; run papertide refresh first"
        )
    with open_file(base.path, read_only=True) as connection:
        published, runs = reading.published(connection), reading.runs(connection)
    works = backfill.select(wanted, base.library, published)
    left = (each.run for each in Journal(tonight.layout, "").pending().runs)
    # A run may be in the journal as failed that was published all the same.
    known = {run.run_id: run for run in (*left, *runs)}
    others = (run for run in known.values() if run.run_id != run_id)
    since = backfill.begun(others, wanted.as_json(), tonight.now)
    return Selection(works, wanted.searches, since)


def in_words(selection: Selection) -> str:
    """The choice, for a person."""
    text = f"works in the scope: {len(selection.works):,}"
    if selection.since is None:
        return text
    return f"{text}; going on with the backfill of {selection.since:%Y-%m-%d %H:%M} UTC"
