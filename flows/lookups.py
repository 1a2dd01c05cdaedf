"""Looking titles up in the local catalogue, each once for every version of it."""

from __future__ import annotations

import functools
from collections.abc import Collection

from enrich import titles as folding
from enrich.matching.lookup import Lookup
from enrich.matching.values import Known
from store import lookups
from store.catalog import Catalog
from store.layout import Layout


def named(
    layout: Layout, titles: Collection[str], exactly: Collection[str] = ()
) -> dict[str, list[Known]] | None:
    """The catalogue's papers of these titles, or the most alike ones, by title key; of `exactly`
    only the papers of the very title. None where there is no catalogue."""
    catalog = Catalog(layout.catalog)
    version = catalog.version()
    if version is None:
        return None
    found = catalog.keyed({folding.key(title) for title in exactly} - {""})
    return found | _lookup(layout, version).named(titles)


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
