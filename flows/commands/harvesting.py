"""The local catalogue brought up to date: the Anthology's bulk file, and sets of arXiv."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import msgspec

from enrich.configuration import Configuration
from enrich.configuration import now as wall_clock
from enrich.errors import PapertideError
from enrich.harvest import Harvest, resumed
from enrich.settings import SOURCES, Settings
from enrich.sources.acl_anthology import AclAnthology
from enrich.sources.oai import Oai
from flows.night import providers
from flows.night.anthology import Anthology
from flows.watch import Watch
from store.catalog import Catalog
from store.layout import Layout
from store.lock import building, holding

ACL, ARXIV = Anthology.name, Oai.name

DEFAULT_SETS = ("cs:cs:CL", "cs:cs:LG", "cs:cs:AI")
"""What reading lists of language models name, about half a million papers."""


@dataclass(frozen=True, slots=True)
class Order:
    """What to bring up to date. Without `sets`: those harvested before, else `DEFAULT_SETS`."""

    sources: tuple[str, ...]
    sets: tuple[str, ...] = ()
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """What became of the bulk file or of one set. `state`: renewed, confirmed, harvested or
    failed; `records`: of the file, or received by this harvest so far."""

    source: str
    set: str | None
    state: str
    records: int
    simulated: bool
    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class Built:
    """What a build came to."""

    parts: tuple[Part, ...]
    requests: Mapping[str, int]

    @property
    def exit_code(self) -> int:
        """0 done, 1 nothing done, 3 done in part."""
        failed = sum(part.state == "failed" for part in self.parts)
        return 0 if not failed else 1 if failed == len(self.parts) else 3

    @property
    def trouble(self) -> Iterator[str]:
        """What went wrong and what stays true, in one line for each reason."""
        sets: dict[str, list[str]] = {}
        for part in self.parts:
            if part.trouble and part.set is None:
                kept = f"the {part.records:,} papers of the last file are kept"
                kept = kept if part.records else "there is none of it in the catalogue yet"
                yield f"{part.source}: {part.trouble}; {kept}"
            elif part.trouble:
                sets.setdefault(part.trouble, []).append(part.set or "")
        for trouble, names in sets.items():
            yield (
                f"{ARXIV} ({', '.join(names)}): {trouble}; what was harvested is kept, the next "
                "papertide catalog build goes on from there"
            )


async def build(
    configuration: Configuration, environ: Mapping[str, str], order: Order, watch: Watch
) -> Built:
    """Bring the catalogue up to date, one source after the other; a refresh may go on beside.

    Raises:
        StoreError: the directory cannot be written, or another build goes on.
    """
    layout = Layout(configuration.store_dir)
    catalog = Catalog(layout.catalog)
    parts: list[Part] = []
    requests: dict[str, int] = {}

    def clock() -> datetime:
        return wall_clock(environ)

    with building(layout):
        async with providers.opened(
            _only(configuration.settings, order), layout, environ
        ) as opened:
            if opened.anthology is not None:
                loss = configuration.settings.guard.max_loss
                watch.phase(f"{ACL}: its bulk file")
                parts.append(await _bulk(opened.anthology, catalog, layout, loss, clock()))
                requests[ACL] = opened.anthology.gateway.tally.requests
            if opened.oai is not None:
                parts += [
                    await _harvest(opened.oai, catalog, spec, order, clock, watch)
                    for spec in _sets(order, catalog)
                ]
                requests[ARXIV] = opened.oai.gateway.tally.requests
    return Built(tuple(parts), requests)


def _only(settings: Settings, order: Order) -> Settings:
    """The settings with no other source than the ordered ones."""
    sources = {
        name: msgspec.structs.replace(getattr(settings.sources, name), enabled=False)
        for name in SOURCES
        if name not in order.sources
    }
    return msgspec.structs.replace(
        settings, sources=msgspec.structs.replace(settings.sources, **sources)
    )


def _sets(order: Order, catalog: Catalog) -> Sequence[str]:
    return tuple(dict.fromkeys(order.sets)) or tuple(catalog.harvests()) or DEFAULT_SETS


async def _bulk(
    remote: AclAnthology, catalog: Catalog, layout: Layout, max_loss: float, now: datetime
) -> Part:
    version = catalog.version()
    # No age: who builds wants the server to be asked; known: nothing is looked up here.
    anthology = Anthology(remote, catalog, layout.downloads, timedelta(0), (), max_loss, now)
    await anthology.refresh()
    bulk = catalog.bulk(ACL)
    papers, simulated = (bulk.papers, bulk.simulated) if bulk else (0, False)
    if anthology.trouble:
        return Part(ACL, None, "failed", papers, simulated, anthology.trouble)
    state = "confirmed" if catalog.version() == version else "renewed"
    return Part(ACL, None, state, papers, simulated)


async def _harvest(
    oai: Oai,
    catalog: Catalog,
    spec: str,
    order: Order,
    clock: Callable[[], datetime],
    watch: Watch,
) -> Part:
    harvest: Harvest | None = None
    try:
        harvest = resumed(spec, catalog.harvests().get(spec), order.since, clock())
        watch.phase(f"{ARXIV} {spec}: {_from(harvest)}")
        async with aclosing(oai.harvest(harvest, clock)) as pages:
            async for page, harvest in pages:
                async with holding(catalog.lock):
                    await asyncio.to_thread(catalog.take, page, harvest)
                reached = f", changed until {harvest.reached}" if harvest.reached else ""
                watch.phase(f"{ARXIV} {spec}: {harvest.records:,} records{reached}")
    except (PapertideError, OSError) as error:
        records = harvest.records if harvest else 0
        simulated = harvest is not None and harvest.simulated
        return Part(ARXIV, spec, "failed", records, simulated, str(error))
    return Part(ARXIV, spec, "harvested", harvest.records, harvest.simulated)


def _from(harvest: Harvest) -> str:
    if harvest.token:
        return f"going on after {harvest.records:,} records"
    return f"what was changed since {harvest.start}" if harvest.start else "all of it"
