"""`papertide catalog status`: what the local catalogue holds, and how fresh it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import msgspec

from enrich.configuration import Configuration
from enrich.harvest import Harvest
from flows.terminal import Terminal
from store.catalog import Catalog
from store.layout import Layout

ACL, ARXIV = "acl_anthology", "arxiv"
BUILD = "papertide catalog build"


def show_catalog(configuration: Configuration, terminal: Terminal) -> int:
    """Print the state of the catalogue; asks nobody."""
    found = _found(Layout(configuration.store_dir))
    terminal.document(msgspec.to_builtins(found))
    for line in _sentences(found):
        terminal.result(line)
    return 0


def _found(layout: Layout) -> dict[str, Any]:
    catalog = Catalog(layout.catalog)
    version, bulk = catalog.version(), catalog.bulk(ACL)
    harvests, papers = catalog.harvests(), catalog.sizes()
    sources: list[dict[str, Any]] = []
    if bulk is not None:
        sources.append({**asdict(bulk), "papers": papers.get(ACL, 0)})
    if harvests:
        simulated = any(each.simulated for each in harvests.values())
        sets = [_set(each) for each in harvests.values()]
        sources.append(
            {"source": ARXIV, "papers": papers.get(ARXIV, 0), "simulated": simulated, "sets": sets}
        )
    damaged = layout.catalog.with_name(f"{layout.catalog.name}.damaged")
    return {
        "catalog": str(layout.catalog),
        "version": version,
        "bytes": layout.catalog.stat().st_size if layout.catalog.exists() else 0,
        "simulated": any(source["simulated"] for source in sources),
        "sources": sources,
        "set_aside": str(damaged) if damaged.exists() else None,
    }


def _set(harvest: Harvest) -> dict[str, Any]:
    told = asdict(harvest)
    for private in ("token", "in_order", "responded", "spec"):
        del told[private]
    return {
        "set": harvest.spec,
        "state": "finished" if harvest.finished_at else "unfinished",
        **told,
        "next_from": harvest.responded if harvest.finished_at else harvest.start,
    }


def _sentences(found: dict[str, Any]) -> Iterator[str]:
    if found["set_aside"]:
        yield f"a damaged catalogue was set aside: {found['set_aside']}"
    if not found["sources"]:
        yield f"{found['catalog']}: there is no catalogue; run {BUILD}"
        return
    yield f"{found['catalog']}: {found['bytes'] / 1e6:,.1f} MB"
    if found["simulated"]:
        yield "SIMULATED: the catalogue has papers that the sandbox told of"
    for source in found["sources"]:
        if source["source"] == ACL:
            tag = f"ETag {source['etag']}" if source["etag"] else "no ETag known"
            yield (
                f"{ACL}: {source['papers']:,} papers, confirmed "
                f"{source['checked_at']:%Y-%m-%d %H:%M}, {tag}"
            )
        else:
            yield f"{ARXIV}: {source['papers']:,} papers"
            yield from (_progress(each) for each in source["sets"])


def _progress(each: dict[str, Any]) -> str:
    scope = f"what changed since {each['since']}" if each["since"] else "all of it"
    start = f"  {each['set']}: last harvest {scope}, {each['records']:,} records"
    if each["state"] == "finished":
        return (
            f"{start}, finished {each['finished_at']:%Y-%m-%d %H:%M}; the next harvest asks from "
            f"{each['next_from']}"
        )
    reached = f" at {each['reached']}" if each["reached"] else ""
    return f"{start}, broke off{reached}; {BUILD} --source {ARXIV} goes on from there"
