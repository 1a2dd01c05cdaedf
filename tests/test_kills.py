"""`kill -9` at any moment: nothing is lost, nothing is asked again, nothing is left lying about."""

from __future__ import annotations

import asyncio
import os
import random
import stat
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

from enrich.backfill import Wanted
from enrich.configuration import load
from enrich.sandbox import World, running
from enrich.sandbox.server import Sandbox
from flows.night import night
from flows.night.tonight import Scope
from tests.kills import night_killed_at
from tests.nights import FIRST_NIGHT, Store
from tests.test_together import Small

T = TypeVar("T")
pytestmark = pytest.mark.skipif(os.name == "nt", reason="no signal kills there at once")

CONTENT = {
    "papers": "select * from papers order by paper_id",
    "entries": "select * from entries order by entry_id",
    "identifiers": "select * from identifiers order by scheme, value",
    "citations": "select * from citations order by paper_id",
    "abstracts": "select * from abstracts order by paper_id, source",
    "fetches": "select * from fetches order by paper_id, source",
}
IN_FLIGHT = 2
"""Batches, of one work each, that a killed run was being told: one of each of two sources."""


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with running(World.builtin(), pace=0) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def undisturbed(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, int]:
    """What a night publishes that nobody kills, and how often it touches the disk."""
    store = Small(tmp_path_factory.mktemp("undisturbed"), sandbox.base_urls)
    code, touches = killed(store, None)
    assert code == 0
    return content(store), touches


@pytest.fixture
def store(tmp_path: Path, sandbox: Sandbox) -> Store:
    sandbox.reset()
    return Small(tmp_path, sandbox.base_urls)


def killed(store: Store, touch: int | None) -> tuple[int, int]:
    store.write()
    environ = {**store.environ, "PAPERTIDE_NOW": FIRST_NIGHT}
    return night_killed_at(store.config, environ, touch)


def content(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    return {name: store.rows(query) for name, query in CONTENT.items()}


def asked_twice(sandbox: Sandbox) -> int:
    return sum(s["asked"]["total"] - s["asked"]["distinct"] for s in sandbox.stats().values())


def debris(store: Store) -> list[str]:
    """What no run that ended in order leaves."""
    work = store.data / "work"
    kept = {"lock", "configuration", "answers.duckdb", "catalog.duckdb", "catalog.lock"}
    kept |= {"lookups.json", "sources.json", "sources.lock"}
    kept |= {"claims/lock", "lists/papers.copy", "lists/papers.json"}
    kept |= {f"downloads/anthology+abstracts.bib.gz{end}" for end in ("", ".json")}
    files = [path.relative_to(work).as_posix() for path in work.rglob("*") if path.is_file()]
    return [*(set(files) - kept), *(path.name for path in store.data.glob(".*"))]


def test_killed_five_times(store: Store, sandbox: Sandbox, undisturbed: tuple[Any, int]) -> None:
    """One night after the other, each killed at some moment of its own."""
    expected, touches = undisturbed
    # The later ones have less to do: what was answered need not be written again.
    moments = sorted(random.Random(5).sample(range(1, touches // 2), 5))
    kills = sum(killed(store, moment)[0] == -9 for moment in moments)
    assert kills == 5
    assert store.night().exit_code == 0
    assert content(store) == expected
    assert asked_twice(sandbox) <= IN_FLIGHT * kills
    assert debris(store) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(40))
def test_killed_at_any_moment(
    store: Store, sandbox: Sandbox, undisturbed: tuple[Any, int], seed: int
) -> None:
    expected, touches = undisturbed
    assert killed(store, random.Random(seed).randrange(1, touches))[0] == -9
    assert store.night().exit_code == 0
    assert content(store) == expected
    assert asked_twice(sandbox) <= IN_FLIGHT
    assert debris(store) == []


LATER = "2026-11-21T03:00:00Z"
ALL = Scope(wanted=Wanted(all=True))


def backfill(store: Store, touch: int | None) -> tuple[int, int]:
    store.write()
    return night_killed_at(store.config, {**store.environ, "PAPERTIDE_NOW": LATER}, touch, ALL)


@pytest.fixture(scope="module")
def backfilled(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, int, int]:
    """What a night and then a backfill publish that nobody kills, how often the latter touches the
    disk, and how many questions it asks."""
    store = Small(tmp_path_factory.mktemp("backfilled"), sandbox.base_urls)
    store.night()
    sandbox.reset()
    code, touches = backfill(store, None)
    assert code == 0
    return content(store), touches, asked(sandbox)


def asked(sandbox: Sandbox) -> int:
    return sum(service["asked"]["total"] for service in sandbox.stats().values())


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_a_backfill_killed_at_any_moment(
    store: Store, sandbox: Sandbox, backfilled: tuple[Any, int, int], seed: int
) -> None:
    """Nothing is due an hour after the night, so that all that is asked is the backfill's own."""
    expected, touches, questions = backfilled
    store.night()
    sandbox.reset()
    assert backfill(store, random.Random(seed).randrange(1, touches))[0] == -9
    [(done,)] = store.rows("select count(*) from runs where kind = 'backfill' and status = 'ok'")
    if not done:  # else the same command would begin anew
        assert store.night(LATER, ALL).exit_code == 0
    else:
        assert store.night(LATER).exit_code == 0
    assert content(store) == expected
    assert asked(sandbox) <= questions + IN_FLIGHT
    assert debris(store) == []


def test_each_batch_is_on_the_disk_before_the_next_is_asked(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    events: list[str] = []
    fsync, replace = os.fsync, os.replace

    def synced(descriptor: int) -> None:
        fsync(descriptor)
        is_folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        events.append("folder" if is_folder else "file")

    def renamed(source: Any, target: Any, **named: Any) -> None:
        replace(source, target, **named)
        events.append("batch" if str(target).endswith(".json.gz") else "other")

    async def perform(name: str, step: Callable[[], Awaitable[T]]) -> T:
        events.append("ask")
        return await step()

    store.write()
    environ = {**store.environ, "PAPERTIDE_NOW": FIRST_NIGHT}
    configuration = load(store.config, environ)
    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", renamed)
    scope = Scope(sources=("semantic_scholar",))
    asyncio.run(night.refresh(configuration, environ, scope, None, perform))
    first, *between = [index for index, event in enumerate(events) if event == "ask"]
    assert len(between) == 2
    # The run's folder is new, and so synced into the one above it.
    assert events[first + 1 : between[0]] == ["folder", "file", "batch", "folder"]
    assert events[between[0] + 1 : between[1]] == ["file", "batch", "folder"]
