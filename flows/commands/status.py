"""`papertide status`: is it well, and how fresh is what it knows?"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

import msgspec

from enrich.configuration import Configuration
from enrich.configuration import now as wall_clock
from enrich.errors import ConfigError, PapertideError, StoreError
from enrich.library import Library
from enrich.review.decisions import rulings_of
from enrich.settings import age
from flows.commands.planning import plan_refresh
from flows.night.tonight import Scope, begin
from flows.terminal import Terminal
from store import guard, snapshots, standings
from store.journal import Journal
from store.layout import Layout
from store.overview import overview
from store.usage import usage

SMALL = 50_000
"""Bytes below which a part of `work` is told to programs only: it would be 0.0 MB."""


def show_status(configuration: Configuration, terminal: Terminal, *, healthcheck: bool) -> int:
    """Print the state of the store; with `healthcheck` 1 when the last snapshot is stale."""
    now = wall_clock(os.environ)
    layout = Layout(configuration.store_dir)
    found = _found(layout, configuration, now)
    if healthcheck and not found["snapshot"] and not terminal.as_json:
        raise StoreError(f"{layout.root}: nothing is published yet; run papertide refresh")
    stale = _is_stale(found, configuration, now)
    found["stale"] = stale
    terminal.document(msgspec.to_builtins(found))
    for line in _sentences(found, configuration):
        terminal.result(line)
    return 1 if healthcheck and stale else 0


def _found(layout: Layout, configuration: Configuration, now: datetime) -> dict[str, Any]:
    base = snapshots.newest_good(layout)
    found: dict[str, Any] = {"now": now, "snapshot": str(base.path) if base.path else None}
    if base.path:
        found |= overview(base.path, now, _decided(configuration, base.library, now))
    journal = Journal(layout, "")
    pending = journal.pending()
    found["providers"] = [
        {"provider": name, **asdict(each), "rests": each.rests(now)}
        for name, each in sorted(standings.read(layout).items())
    ]
    found["running"] = [each.run._asdict() for each in journal.living()]
    known = set(found.pop("known_runs", ()))
    runs = [each.run for each in pending.runs]
    found["unpublished_runs"] = [run._asdict() for run in runs if run.run_id not in known]
    found["set_aside"] = list(base.set_aside)
    try:
        plans = plan_refresh(begin(configuration, os.environ, Scope(), now))
        found["due"] = [asdict(each) for each in plans]
    except PapertideError as error:  # a list that cannot be read does not hide the rest
        found["due"] = []
        found["set_aside"].append(str(error))
    found["history"] = len(snapshots.history(layout))
    found["refused"] = guard.refused(layout)
    found["disk"] = usage(layout)
    return found


def _decided(configuration: Configuration, library: Library, now: datetime) -> Collection[str]:
    """The entries that a person decided; what is wrong with the file is said with the plan."""
    try:
        tonight = begin(configuration, os.environ, Scope(), now)
    except ConfigError:
        return ()
    return rulings_of(library.places.values(), tonight.rulings)


def _is_stale(found: dict[str, Any], configuration: Configuration, now: datetime) -> bool:
    if not found["snapshot"]:
        return True
    created: datetime = found["meta"]["created_at"]
    # One of a day to come, made while a clock was ahead, is as little proof of a fresh night.
    return abs(now - created) > age(configuration.settings.guard.stale_after)


def _sentences(found: dict[str, Any], configuration: Configuration) -> Iterator[str]:
    if not found["snapshot"]:
        yield f"{configuration.store_dir}: nothing is published yet; run papertide refresh"
    else:
        yield from _published(found)
    for each in found["providers"]:
        if each["given_up"]:
            until = each["until"]
            again = (
                f"not asked before {_day(until)}" if until > found["now"] else "probed next time"
            )
            yield f"given up: {each['provider']}, {again}: {each['trouble']}"
    for run in found["running"]:
        yield f"going on: run {run['run_id']}, since {_day(run['started_at'])}"
    for run in found["unpublished_runs"]:
        yield f"not published: run {run['run_id']} ({run['status']}), {_day(run['started_at'])}"
    yield from (f"note: {line}" for line in found["set_aside"])
    # A source without its credentials is asked nothing, however much it is due.
    due = ", ".join(f"{d['source']} {d['due']:,} works" for d in found["due"] if d["requests"])
    yield f"due now: {due or 'nothing'}"
    for name in found["refused"]:
        yield f"set aside: snapshot {name}, which lost too much; see work/set-aside/{name}"
    parts = {n: size for n, size in found["disk"].items() if size >= SMALL or "/" not in n}
    disk = ", ".join(f"{name} {size / 1e6:,.1f} MB" for name, size in parts.items())
    number = found["history"]
    yield f"disk: {disk}; {number:,} snapshot{'' if number == 1 else 's'} in the history"


def _published(found: dict[str, Any]) -> Iterator[str]:
    meta, coverage = found["meta"], found["coverage"]
    yield f"snapshot {meta['snapshot_id']}" + (" (older than allowed)" if found["stale"] else "")
    if meta["simulated"]:
        yield "SIMULATED: counts and abstracts in this snapshot are invented by the sandbox"
    for each in found["lists"]:
        yield f"  list {each['list_id']}: {each['entries']:,} entries, {_day(each['fetched_at'])}"
    works = coverage["works"] or 1
    yield f"works: {coverage['works']:,}"
    for name in ("arxiv", "acl", "openreview", "doi", "s2", "counted", "abstracts"):
        yield f"  {name:12}{coverage[name]:6,}  {coverage[name] / works:5.0%}"
    shares = ", ".join(
        f"{coverage[f'counted_within_a_{span}'] / works:.0%} a {span}"
        for span in ("day", "week", "month")
    )
    yield f"works with a count younger than: {shares}"
    verdicts = ", ".join(
        f"{v['entries']:,} {v['verdict']} ({v['reason']})" for v in found["verdicts"]
    )
    yield f"entries: {verdicts}"
    yield f"waiting for review: {found['review']:,}"
    for each in found["mismatched"]:
        paper = each["candidates"][-1]  # what was found by the title, if it was, comes before
        yield (
            f"  {each['list_id']}:{each['line']}  {each['title']}: its link leads to "
            f"{paper['scheme']}:{paper['value']}, {paper['title']}"
        )
    yield "last runs:"
    for run in found["runs"]:
        yield f"  {run['run_id']}  {run['kind']:8} {run['status']}"
    yield "sources, when last asked:"
    for each in found["sources"]:
        yield (
            f"  {each['source']:18}{each['state']:9} {each['requests']:4} requests, "
            f"{each['found']:,} of {each['asked']:,} found, {each['failures']:,} failures, "
            f"{_day(each['at'])}"
        )


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"
