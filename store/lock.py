"""Who may do what only one can do at a time? Locks that the system frees when a process dies."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path

import filelock

from enrich.errors import StoreError
from store import durable
from store.layout import Layout

LOOK_AGAIN = 0.05
"""Seconds between two looks at a lock that another process holds."""


def prepare(layout: Layout) -> None:
    """Make the store's folders, and clear away what writers that were killed left in them.

    Raises:
        StoreError: the directory cannot be written.
    """
    try:
        for folder in (layout.root, layout.work, layout.drafts, layout.journal, layout.lists):
            folder.mkdir(parents=True, exist_ok=True)
        for folder in (layout.work, layout.lists):
            durable.tidy(folder)
    except OSError as error:
        raise _unwritable(layout, error) from None


@contextmanager
def writing(layout: Layout) -> Iterator[None]:
    """Hold the right to publish and to change the history, or go without.

    Raises:
        StoreError: the directory cannot be written, or somebody is publishing.
    """
    with _at_once(layout, layout.lock, "another Papertide run is writing here"):
        _clear(layout)
        yield


@contextmanager
def building(layout: Layout) -> Iterator[None]:
    """Hold the right to build the catalogue, or go without.

    Raises:
        StoreError: the directory cannot be written, or another build goes on.
    """
    with _at_once(layout, layout.building, "another catalog build goes on here"):
        yield


@contextmanager
def _at_once(layout: Layout, path: Path, else_say: str) -> Iterator[None]:
    prepare(layout)
    lock = filelock.FileLock(path, timeout=0)
    try:
        is_taken = _taken(lock)
    except OSError as error:
        raise _unwritable(layout, error) from None
    if not is_taken:
        raise StoreError(f"{layout.root}: {else_say}; wait for it to end, nothing was changed")
    try:
        yield
    finally:
        lock.release()


@asynccontextmanager
async def publishing(layout: Layout, waiting: Callable[[], None]) -> AsyncIterator[None]:
    """Hold the right to publish, once nobody else has it; `waiting` is called when it has to be
    waited for."""
    async with holding(layout.lock, waiting):
        _clear(layout)
        yield


@asynccontextmanager
async def holding(path: Path, waiting: Callable[[], None] = lambda: None) -> AsyncIterator[None]:
    """Hold a lock, once nobody else does; everything else goes on while it is waited for."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = filelock.FileLock(path, timeout=0, thread_local=False)
    is_first = True
    while not _taken(lock):
        if is_first:
            waiting()
        is_first = False
        await asyncio.sleep(LOOK_AGAIN)
    try:
        yield
    finally:
        lock.release()


def is_held(path: Path) -> bool:
    """Whether anybody alive holds a lock. The file of one who died is removed."""
    if not path.exists():
        return False
    lock = filelock.FileLock(path, timeout=0, thread_local=False)
    if not _taken(lock):
        return True
    with suppress(OSError):  # Windows removes no file that is open
        path.unlink()
    lock.release()
    return False


def _unwritable(layout: Layout, error: OSError) -> StoreError:
    return StoreError(f"{layout.root}: cannot be written ({error.strerror}); nothing was changed")


def _taken(lock: filelock.BaseFileLock) -> bool:
    try:
        lock.acquire()
    except filelock.Timeout:
        return False
    return True


def _clear(layout: Layout) -> None:
    """Remove what a run left that was killed while it built a snapshot."""
    for debris in layout.drafts.iterdir():
        if debris.is_dir():
            shutil.rmtree(debris, ignore_errors=True)
        else:
            debris.unlink(missing_ok=True)
