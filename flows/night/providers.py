"""How does a run approach the providers: in the pace that all processes share, and knowing how the
runs before fared."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from functools import partial

from enrich.configuration import now as wall_clock
from enrich.network import standing
from enrich.network.breaker import Breaker
from enrich.network.standing import Standing
from enrich.network.surroundings import Surroundings
from enrich.settings import Settings
from enrich.sources import Opened, open_sources
from store import standings
from store.layout import Layout
from store.slots import shared


def around(layout: Layout) -> Surroundings:
    """What the network side takes from the world: the clocks, and this machine's slots."""
    return Surroundings(slot=shared(layout))


@asynccontextmanager
async def opened(
    settings: Settings, layout: Layout, environ: Mapping[str, str]
) -> AsyncIterator[Opened]:
    """The enabled sources, each as the runs before left it; how they end is kept."""
    with _knowing(layout, environ) as around:
        async with open_sources(settings, environ, around=around) as sources:
            yield sources


@contextmanager
def _knowing(layout: Layout, environ: Mapping[str, str]) -> Iterator[Surroundings]:
    """Surroundings with breakers that begin as the runs before left them."""
    before, begun = standings.read(layout), wall_clock(environ)
    met: dict[str, Breaker] = {}

    def breaker(provider: str) -> Breaker:
        met[provider] = Breaker()
        standing.begin(before.get(provider, Standing()), met[provider], begun)
        return met[provider]

    try:
        yield Surroundings(slot=shared(layout), breaker=breaker)
    finally:
        ended = wall_clock(environ)
        if layout.work.is_dir():
            with suppress(OSError):  # a full disk: the next run finds out by itself
                standings.update(
                    layout,
                    {
                        provider: partial(standing.after, breaker=breaker, now=ended)
                        for provider, breaker in met.items()
                    },
                )
