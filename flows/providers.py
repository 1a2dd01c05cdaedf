"""How does a run approach the providers: within the pace that all processes share."""

from __future__ import annotations

from enrich.surroundings import Surroundings
from store.layout import Layout
from store.slots import shared


def around(layout: Layout) -> Surroundings:
    """What the network side takes from the world: the clocks, and this machine's slots."""
    return Surroundings(slot=shared(layout))
