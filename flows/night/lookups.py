"""Looking titles up in the local catalogue, each once for every version of it."""

from __future__ import annotations

import functools
from collections.abc import Collection
from itertools import count

from enrich import titles as folding
from enrich.matching.lookup import Lookup
from enrich.matching.values import Known
from store import lookups
from store.catalog import Catalog, ChangedError
from store.layout import Layout

ATTEMPTS = 10
"""A harvest changes the catalogue every few seconds, a look into it takes less."""


def named(
    layout: Layout, titles: Collection[str], exactly: Collection[str] = ()
) -> dict[str, list[Known]] | None:
    """The catalogue's papers of these titles, or the most alike ones, by title key; of `exactly`
    only the papers of the very title. None where there is no catalogue."""
    catalog = Catalog(layout.catalog)
    for attempt in count(1):
        version = catalog.version()
        if version is None:
            break
        found = catalog.keyed({folding.key(title) for title in exactly} - {""})
        try:
            return found | _lookup(layout, version).named(titles)
        except ChangedError:  # a harvest goes on beside
            if attempt == ATTEMPTS:
                raise
    return None


def keep(layout: Layout) -> None:
    """Put what was looked up on the disk, so that another run need not."""
    version = Catalog(layout.catalog).version()
    if version is not None:
        near = _lookup(layout, version).near
        if len(near) > len(lookups.read(layout.lookups, version)):
            lookups.write(layout.lookups, version, near)


@functools.lru_cache(maxsize=1)
def _lookup(layout: Layout, version: str) -> Lookup:
    return Lookup(Catalog(layout.catalog), lookups.read(layout.lookups, version))
