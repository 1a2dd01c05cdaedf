"""Runs that go on together: each question is asked once, both publish, nothing is lost."""

from __future__ import annotations

import asyncio
import os
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import filelock
import pytest

from enrich.configuration import load
from enrich.model import Identifier, Outcome, Told
from enrich.plan import Waiting
from enrich.sandbox import World, running
from enrich.sandbox.server import Sandbox
from flows.night import night
from flows.night.publishing import WAITING
from flows.night.summary import Summary
from flows.night.tonight import Scope
from flows.watch import Silent
from store.claims import Claims
from store.journal import Journal, lives
from store.layout import Layout
from store.lock import is_held, writing
from tests.kills import night_killed_at
from tests.nights import FIRST_NIGHT, ONE_LIST, Store, requests
from tests.test_store import NIGHT, told

T = TypeVar("T")
SOON = "2026-11-21T02:00:30Z"
ANOTHER = "- A survey of large language models. *Zhao et al.* [[paper](https://arxiv.org/abs/{})]\n"


@pytest.fixture(scope="module")
def services() -> Iterator[Sandbox]:
    with running(World.builtin(), pace=0) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(services: Sandbox) -> Sandbox:
    services.reset()
    return services


class Small(Store):
    """A store that asks for one work at a time."""

    def write(self) -> None:
        super().write()
        text = self.config.read_text()
        for source in ("arxiv", "semantic_scholar"):
            text = text.replace(f"[sources.{source}]", f"[sources.{source}]\nbatch_size = 1")
        self.config.write_text(text)


@pytest.fixture
def store(tmp_path: Path, sandbox: Sandbox) -> Store:
    return Small(tmp_path, sandbox.base_urls)


class Meanwhile:
    """Does something else once, in a thread, while a source's second batch is claimed."""

    def __init__(self, source: str, what: Callable[[], object]) -> None:
        self.source, self.what, self.count = source, what, 0

    async def __call__(self, name: str, step: Callable[[], Awaitable[T]]) -> T:
        if name.startswith(self.source):
            self.count += 1
            if self.count == 2:
                await asyncio.to_thread(self.what)
        return await step()


def at_once(
    store: Store,
    what: Callable[[], object],
    source: str = "semantic_scholar",
    watch: Silent | None = None,
    now: str = FIRST_NIGHT,
) -> Summary:
    """A night during which something else happens."""
    store.write()
    environ = {**store.environ, "PAPERTIDE_NOW": now}
    configuration = load(store.config, environ)
    meanwhile = Meanwhile(source, what)
    return asyncio.run(night.refresh(configuration, environ, Scope(), watch or Silent(), meanwhile))


def test_a_second_refresh_asks_only_what_the_first_has_not_claimed(
    store: Store, sandbox: Sandbox
) -> None:
    watch = Silent()
    assert at_once(store, lambda: store.night(SOON), watch=watch).exit_code == 0
    stats = sandbox.stats()
    assert all(service["asked"]["most"] <= 1 for service in stats.values())
    assert stats["semantic_scholar"]["asked"]["total"] == 3
    assert requests(sandbox)["acl_anthology"] == 1
    assert any("another run" in line for line in watch.lines)
    # Both published, and neither lost what the other saw.
    first, second = sorted((store.data / "snapshots").iterdir())
    counted = "select count(citation_count) from papers"
    assert store.rows(counted, first) == [(1,)]
    assert store.rows(counted, second) == store.rows(counted) == [(3,)]
    assert store.rows("select previous_snapshot_id from meta") == [(first.stem,)]
    assert store.rows("select status, count(*) from runs group by all") == [("ok", 2)]
    observed = "select count(*), count(distinct observed_at) from citations"
    assert store.rows(observed) == [(3, 2)]
    assert store.rows("select count(distinct run_id) from source_runs") == [(2,)]
    # And left nothing behind.
    work = store.data / "work"
    assert not list((work / "journal").iterdir())
    assert not list((work / "drafts").iterdir())
    assert [path.name for path in (work / "claims").iterdir()] == ["lock"]
    assert not list(work.rglob("*.draft"))


def test_a_list_that_was_read_later_wins(store: Store) -> None:
    """The second run read a newer text, and published sooner."""
    newer = ONE_LIST + ANOTHER.format("2303.18223")

    def edited() -> None:
        store.lists = {"papers": newer}
        store.night(SOON)

    at_once(store, edited)
    assert store.rows("select count(*) from entries where removed_at is null") == [(4,)]
    assert store.rows("select fetched_at::varchar from lists") == [("2026-11-21 02:00:30+00",)]
    assert store.rows("select count(citation_count) from papers") == [(4,)]


def test_the_answers_of_one_who_died_meanwhile_are_published(
    store: Store, sandbox: Sandbox
) -> None:
    class Dying(Silent):
        def advance(self, source: str, works: int) -> None:
            if source == "semantic_scholar":
                raise OSError(28, "No space left on device")

    def dies() -> None:
        with pytest.raises(Exception, match="No space left"):
            store.night(SOON, watch=Dying())

    at_once(store, dies)
    assert sandbox.stats()["semantic_scholar"]["asked"]["most"] == 1
    assert store.rows("select count(citation_count) from papers") == [(3,)]
    assert store.rows("select status from runs order by started_at") == [("ok",), ("failed",)]
    assert not list((store.data / "work" / "journal").iterdir())


def test_an_older_answer_does_not_undo_a_newer_one(store: Store) -> None:
    """What a run was told before another one asked anew, and published first."""
    store.night("2026-11-20T02:00:00Z")

    def later() -> None:
        store.night("2026-11-21T23:00:00Z")  # Semantic Scholar's counts are due again by then

    at_once(store, later)
    marks = "select max(checked_at)::varchar from fetches where source = 'semantic_scholar'"
    assert store.rows(marks) == [("2026-11-21 23:00:00+00",)]
    backwards = """
        select count(*) from (select observed_at < lag(observed_at) over (
            partition by paper_id, source order by rowid) as back from citations) where back
    """
    assert store.rows(backwards) == [(0,)]


def test_whoever_publishes_second_waits(store: Store) -> None:
    layout = Layout(store.data.resolve())
    held = writing(layout)

    class Releasing(Silent):
        def phase(self, what: str) -> None:
            self.lines.append(what)
            if what == WAITING:
                held.__exit__(None, None, None)

    watch = Releasing()
    held.__enter__()
    assert store.night(watch=watch).exit_code == 0
    assert watch.lines.count(WAITING) == 1
    assert store.rows("select count(*) from papers") == [(3,)]


@pytest.mark.skipif(os.name == "nt", reason="no process forks there")
def test_readers_see_one_snapshot_or_the_next(store: Store) -> None:
    """A process publishes, and this one opens the file all the while."""
    store.night()
    environ = {**store.environ, "PAPERTIDE_NOW": SOON}
    seen: set[tuple[str, int, int]] = set()
    query = "select snapshot_id, (select count(*) from papers), (select count(*) from runs)"
    with ThreadPoolExecutor() as pool:
        publishing = pool.submit(night_killed_at, store.config, environ, None)
        while not publishing.done():
            seen |= set(store.rows(f"{query} from meta"))
        assert publishing.result()[0] == 0
    seen |= set(store.rows(f"{query} from meta"))
    assert seen == {("20261121T020000Z", 3, 1), ("20261121T020030Z", 3, 2)}


def test_another_configuration_on_the_same_folder_is_named(store: Store, tmp_path: Path) -> None:
    store.night()
    other = Store(tmp_path / "other", store.base_urls)
    other.folder.mkdir()
    other.extra = f'[store]\ndir = "{store.data}"\n'
    watch = Silent()
    other.night(SOON, watch=watch)
    [line] = [line for line in watch.lines if "one folder per configuration" in line]
    assert str(store.config) in line
    watch = Silent()
    other.night("2026-11-21T02:01:00Z", watch=watch)
    assert not [line for line in watch.lines if "one folder" in line], "said once for each change"
    other.config.rename(other.config.with_name("moved.toml"))
    watch = Silent()
    store.night("2026-11-21T02:02:00Z", watch=watch)
    assert not [line for line in watch.lines if "one folder" in line], "the other is there no more"


QUESTIONS = [Identifier("arxiv", f"2401.0000{n}") for n in range(4)]


def waiting(size: int = 2) -> Waiting:
    return Waiting(deque(QUESTIONS), size)


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    return Layout(tmp_path / "data")


def test_claims_of_the_living(layout: Layout) -> None:
    with Journal(layout, "a"), Claims(layout, "a") as a, Journal(layout, "b"):
        with Claims(layout, "b") as b:
            assert a.take("s2", waiting()) == (tuple(QUESTIONS[:2]), ())
            assert b.take("s2", waiting()) == (tuple(QUESTIONS[2:]), tuple(QUESTIONS[:2]))
            assert b.take("arxiv", waiting()).batch == tuple(QUESTIONS[:2]), "another source"
        assert a.take("s2", waiting(4)).left == tuple(QUESTIONS[2:]), "b has published"
    with Journal(layout, "c"), Claims(layout, "c") as c:
        assert c.take("s2", waiting(4)).batch == tuple(QUESTIONS), "the snapshot has the answers"


def test_claims_of_the_dead(layout: Layout) -> None:
    """Only what one who died was told is not asked again."""
    with Journal(layout, "a"), Claims(layout, "a") as a:
        with Journal(layout, "b") as dying:
            b = Claims(layout, "b")
            b.take("s2", waiting(4))
            assert a.take("s2", waiting(1)).batch == ()
            answer = Told("s2", QUESTIONS[0], Outcome.OK, "{}")
            dying.write_batch([answer], NIGHT, simulated=False)
        rest = a.take("s2", waiting(4))
        assert (rest.batch, rest.left) == (tuple(QUESTIONS[1:]), tuple(QUESTIONS[:1]))
    assert [path.name for path in layout.claims.iterdir()] == ["lock"]


def test_a_journal_belongs_to_its_run_while_that_lives(layout: Layout) -> None:
    with Journal(layout, "a") as a:
        a.write_batch([told("2401.00001")], NIGHT, simulated=False)
        assert list(Journal(layout, "b").pending().batches) == []
        assert len(list(a.pending().batches)) == 1
    assert len(list(Journal(layout, "b").pending().batches)) == 1
    assert not list(layout.journal.glob("*.lock"))


def test_the_lock_of_one_who_died_is_removed(tmp_path: Path) -> None:
    (tmp_path / "lock").touch()
    assert not is_held(tmp_path / "lock")
    assert not (tmp_path / "lock").exists()


def test_who_looks_whether_a_run_lives_does_not_end_it(tmp_path: Path) -> None:
    """To look is to hold its lock for a moment, maybe that in which it begins."""
    layout = Layout(tmp_path)
    layout.journal.mkdir(parents=True)
    look = filelock.FileLock(layout.journal / "a.lock", thread_local=False)
    look.acquire()
    with ThreadPoolExecutor(1) as pool:
        pool.submit(lambda: (time.sleep(0.05), look.release()))
        with Journal(layout, "a"):
            assert lives(layout, "a")
