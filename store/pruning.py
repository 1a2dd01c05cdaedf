"""Which files of the history may go, and taking them away."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from enrich.errors import StoreError
from enrich.retention import kept
from store import durable
from store.database import open_file
from store.layout import Layout
from store.snapshots import FORMAT, history
from store.soundness import verify


def surplus(
    layout: Layout, daily: int, weekly: int, now: datetime, protected: Collection[str]
) -> list[Path]:
    """The files that retention gives up, newest first. What is no snapshot by its name stays."""
    files = history(layout)
    times = {path.stem: _time(path, now) for path in files}
    stay = kept(times, daily, weekly, protected)
    return [path for path in files if path.stem not in stay]


def indispensable(layout: Layout) -> frozenset[str]:
    """The current snapshot, and the two newest that prove good: the one to go on from, and the one
    to fall back on should that be damaged one day. Reads them whole."""
    found = {_told(layout.current, "snapshot_id")}
    good = 0
    for path in history(layout):
        try:
            verify(path)
        except StoreError:
            continue
        found.add(path.stem)
        good += 1
        if good == 2:
            break
    return frozenset(name for name in found if name is not None)


def remove(files: Iterable[Path]) -> int:
    """Delete snapshots; returns the bytes that this frees once no reader has them open."""
    freed = 0
    for path in files:
        with suppress(FileNotFoundError):  # a night that ends just now thins the history too
            size = path.stat().st_size
            path.unlink()
            freed += size
            durable.sync_folder(path.parent)
    return freed


def _time(path: Path, now: datetime) -> datetime:
    """When a snapshot was made: its name, but for one of a day to come. After a clock that was
    ahead all names are, as they only grow, and fall on one day; inside is the true time."""
    named = datetime.strptime(path.stem, FORMAT).replace(tzinfo=UTC)
    return (_told(path, "created_at") or named) if named > now else named


def _told(path: Path, column: str) -> Any:
    """What the snapshot says of itself; None where it cannot be read."""
    try:
        with open_file(path, read_only=True) as connection:
            return connection.execute(f"select {column} from meta").fetchall()[0][0]
    except (StoreError, duckdb.Error, IndexError):
        return None
