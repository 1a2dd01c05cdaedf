"""One writer at a time, whatever becomes of the others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import filelock

from enrich.errors import StoreError
from store.layout import Layout


@contextmanager
def writing(layout: Layout) -> Iterator[None]:
    """Hold the store's lock; the system frees it when the process ends, however it ends.

    Raises:
        StoreError: the directory cannot be written, or another run holds the lock.
    """
    try:
        for folder in (
            layout.root,
            layout.work,
            layout.drafts,
            layout.journal,
            layout.lists,
        ):
            folder.mkdir(parents=True, exist_ok=True)
        lock = filelock.FileLock(layout.lock)
        lock.acquire(timeout=0)
    except filelock.Timeout:
        raise StoreError(
            f"{layout.root}: another Papertide run is writing here; wait for it to end, "
            "nothing was changed"
        ) from None
    except OSError as error:
        raise StoreError(
            f"{layout.root}: cannot be written ({error.strerror}); nothing was changed"
        ) from None
    try:
        for debris in layout.drafts.iterdir():  # of a run that was killed while it built one
            debris.unlink(missing_ok=True)
        yield
    finally:
        lock.release()
