"""A full disk, wherever it strikes: the last snapshot stays, and the next night is well."""

from __future__ import annotations

import errno
import resource
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pytest

from enrich.errors import PapertideError
from enrich.sandbox import World, running
from enrich.sandbox.server import Sandbox
from store import soundness
from tests.nights import Store, requests


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with running(World.builtin(), pace=0) as services:
        yield services


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> Path:
    folder = tmp_path_factory.mktemp("published")
    Store(folder, sandbox.base_urls).night()
    return folder


@pytest.fixture
def store(tmp_path: Path, sandbox: Sandbox, published: Path) -> Store:
    """A store that has published once."""
    shutil.copytree(published, tmp_path / "store")
    return Store(tmp_path / "store", sandbox.base_urls)


def full(*_: Any, **__: Any) -> Any:
    raise OSError(errno.ENOSPC, "No space left on device", "somewhere")


def full_database(*_: Any, **__: Any) -> Any:
    raise duckdb.IOException('IO Error: Could not write file "x": No space left on device')


STRIKES = [
    pytest.param("shutil.copyfile", full, True, id="the copy that is the draft"),
    pytest.param(
        "store.draft.migrate",
        full_database,
        True,
        marks=pytest.mark.slow,
        id="a migration of the draft",
    ),
    pytest.param(
        "store.draft.Draft.describe",
        full_database,
        True,
        marks=pytest.mark.slow,
        id="a row of the draft",
    ),
    pytest.param(
        "store.rewriting.duckdb.connect",
        full_database,
        True,
        marks=pytest.mark.slow,
        id="the rewritten draft",
    ),
    pytest.param(
        "store.snapshots.publish", full, True, marks=pytest.mark.slow, id="the copy for the history"
    ),
    pytest.param("store.journal.Journal.write_batch", full, True, id="the journal"),
    pytest.param(
        "store.journal.Journal.write_run",
        full,
        True,
        marks=pytest.mark.slow,
        id="the record of the run",
    ),
    pytest.param(
        "store.answers._write", full_database, False, marks=pytest.mark.slow, id="the raw answers"
    ),
    pytest.param("store.copies.keep", full, True, marks=pytest.mark.slow, id="the copy of a list"),
    pytest.param(
        "store.catalog.Catalog.load",
        full_database,
        False,
        marks=pytest.mark.slow,
        id="the catalogue",
    ),
]


@pytest.mark.parametrize(("where", "strikes", "is_fatal"), STRIKES)
def test_a_full_disk_costs_a_night_at_most(
    store: Store,
    sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
    where: str,
    strikes: Any,
    is_fatal: bool,
) -> None:
    before = (store.data / "papertide.duckdb").read_bytes()
    store.lists["more"] = store.lists["papers"]
    with monkeypatch.context() as patch:
        patch.setattr(where, strikes)
        if is_fatal:
            with pytest.raises(PapertideError) as caught:
                store.night("2026-11-22T02:00:00Z")
            assert "\n" not in str(caught.value)
            assert (store.data / "papertide.duckdb").read_bytes() == before
            assert len(list((store.data / "snapshots").iterdir())) == 1
        else:
            store.night("2026-11-22T02:00:00Z")
    sandbox.reset()
    assert store.night("2026-11-22T03:00:00Z").exit_code == 0
    assert requests(sandbox)["semantic_scholar"] <= 1
    soundness.verify(store.data / "papertide.duckdb")
    assert store.rows("select count(citation_count), max(len(lists)) from papers") == [(3, 2)]
    assert not list((store.data / "work" / "drafts").iterdir())
    assert not list((store.data / "work" / "journal").iterdir())


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """No file of this process may grow beyond it: the system's own refusal, not a made-up one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("size", [1_000, 500_000], ids=["not even a list", "no database"])
def test_the_systems_own_refusal(store: Store, size: int) -> None:
    before = (store.data / "papertide.duckdb").read_bytes()
    store.write()
    with largest_file(size), pytest.raises(PapertideError, match="could not be written"):
        store.write = lambda: None  # type: ignore[method-assign]
        store.night("2026-11-22T02:00:00Z")
    assert (store.data / "papertide.duckdb").read_bytes() == before
    assert store.night("2026-11-22T03:00:00Z").exit_code == 0
