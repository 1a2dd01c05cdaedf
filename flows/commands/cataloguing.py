"""`papertide catalog build`: what was ordered, and what it came to."""

from __future__ import annotations

import difflib
import os
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date, datetime

from enrich.configuration import Configuration
from enrich.configuration import now as wall_clock
from enrich.errors import ConfigError
from flows.commands.harvesting import ACL, ARXIV, Built, Order, Part, build
from flows.progress import Bars
from flows.running import ending_in_order, run
from flows.terminal import Terminal, complain
from store.layout import Layout

SET = re.compile(r"[a-z][a-z-]*(:[a-z][a-z-]*(:[A-Za-z][A-Za-z-]*)?)?")
CATEGORY = re.compile(r"([a-z][a-z-]*)\.([A-Za-z][A-Za-z-]*)")
OUTCOMES = {0: "ok", 1: "failed", 3: "partial"}


def build_catalog(
    configuration: Configuration,
    sources: Sequence[str],
    sets: Sequence[str],
    since: str | None,
    terminal: Terminal,
) -> int:
    """Bring the ordered sources of the catalogue up to date, and say what it came to."""
    order = order_of(configuration, sources, sets, since, wall_clock(os.environ))
    began = time.monotonic()
    with ending_in_order(), Bars(terminal) as bars:
        built = run(build(configuration, os.environ, order, bars))
    seconds = time.monotonic() - began
    terminal.document(
        {
            "status": OUTCOMES[built.exit_code],
            "catalog": str(Layout(configuration.store_dir).catalog),
            "parts": [asdict(part) for part in built.parts],
            "requests": built.requests,
            "seconds": round(seconds, 1),
        }
    )
    for line in _sentences(built, seconds):
        terminal.result(line)
    for line in built.trouble:
        complain(line)
    return built.exit_code


def order_of(
    configuration: Configuration,
    sources: Sequence[str],
    sets: Sequence[str],
    since: str | None,
    now: datetime,
) -> Order:
    """What a person ordered.

    Raises:
        ConfigError: something is wrong with it; the message names the option, and what is right.
    """
    known = (ACL, ARXIV)
    chosen = tuple(dict.fromkeys(sources)) or (ACL,)
    for name in chosen:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.0)
            raise ConfigError(
                f"--source: the catalogue has no source {name!r}; did you mean {near[0]!r}?"
            )
        if not getattr(configuration.settings.sources, name).enabled:
            raise ConfigError(f"--source: {name} is not enabled; see sources.{name}.enabled")
    if ARXIV not in chosen and (sets or since):
        option = "--set" if sets else "--since"
        raise ConfigError(f"{option} is for harvests of arXiv; add --source {ARXIV}")
    for name in sets:
        if not SET.fullmatch(name):
            raise ConfigError(f"--set: {name!r} is no set such as cs or cs:cs:CL{_hint(name)}")
    return Order(chosen, tuple(sets), _day(since, now) if since is not None else None)


def _hint(name: str) -> str:
    category = CATEGORY.fullmatch(name)
    return f"; did you mean '{category[1]}:{category[1]}:{category[2]}'?" if category else ""


def _day(since: str, now: datetime) -> date:
    try:
        day = datetime.strptime(since, "%Y-%m-%d").date()  # noqa: DTZ007  # a day has no zone
    except ValueError:
        raise ConfigError(f"--since: {since!r} is no date such as 2026-11-01") from None
    if day > now.date():
        raise ConfigError(f"--since: {day} is in the future; today is {now:%Y-%m-%d}")
    return day


def _sentences(built: Built, seconds: float) -> Iterator[str]:
    yield from (_sentence(part) for part in built.parts if part.state != "failed")
    if any(part.simulated for part in built.parts):
        yield "SIMULATED: the catalogue has papers that the sandbox told of"
    asked = ", ".join(f"{source} {n:,}" for source, n in built.requests.items())
    yield f"requests: {asked}; {seconds:,.0f} seconds"


def _sentence(part: Part) -> str:
    match part.state:
        case "renewed":
            return f"{part.source}: {part.records:,} papers, from a new bulk file"
        case "confirmed":
            return f"{part.source}: {part.records:,} papers, the bulk file is still the newest"
    return f"{part.source} {part.set}: harvested, {part.records:,} records received"
