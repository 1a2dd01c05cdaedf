"""What has happened and no snapshot holds yet: answers, and runs that did not publish.

One file per answered batch, synced before the next question is asked; one per run. They are the
run's own while it lives. One that was killed, or could not publish, leaves its files, and the next
one starts from them.
"""

from __future__ import annotations

import gzip
import heapq
import shutil
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self, TypeVar

import filelock
import msgspec

from enrich.model import Told
from enrich.runs import Run, SourceRun
from store import durable
from store.layout import Layout
from store.lock import is_held

T = TypeVar("T")

BATCH = "*.json.gz"
LOOK = 5.0
"""Seconds; far longer than somebody holds the lock of a run who looks whether it lives."""


class Batch(msgspec.Struct, frozen=True):
    """The answers of one batch. `at`: when they came; `simulated`: whether from the sandbox."""

    at: datetime
    simulated: bool
    told: tuple[Told, ...]


class RunFile(msgspec.Struct, frozen=True):
    """A run and its sources, as far as they are known."""

    run: Run
    sources: tuple[SourceRun, ...] = ()


@dataclass(frozen=True, slots=True)
class Batches:
    """The batches in the folders of some runs, in the order they came; what cannot be read is left
    out. Each is read when its turn comes: those of a large night are half a gigabyte together."""

    folders: tuple[Path, ...]

    def __iter__(self) -> Iterator[Batch]:
        found = (_batches(sorted(each.glob(BATCH))) for each in self.folders)
        return heapq.merge(*found, key=lambda batch: batch.at)

    def __reversed__(self) -> Iterator[Batch]:
        found = (_batches(sorted(each.glob(BATCH), reverse=True)) for each in self.folders[::-1])
        return heapq.merge(*found, key=lambda batch: batch.at, reverse=True)


@dataclass(frozen=True, slots=True)
class Pending:
    """What a run may publish: its own, and what those left that ended without publishing.

    `told`: the folder of each run's batches; a run that left anything at all is a key.
    """

    told: Mapping[str, Path]
    runs: tuple[RunFile, ...]

    @property
    def batches(self) -> Batches:
        """All batches."""
        return self.told_to(self.told)

    def told_to(self, runs: Collection[str]) -> Batches:
        """The batches of these runs."""
        return Batches(tuple(folder for run, folder in self.told.items() if run in runs))


class Journal:
    """The journal of one run, among those that earlier runs left.

    Inside a `with` block the run lives, and nobody else touches what it has written.
    """

    def __init__(self, layout: Layout, run_id: str) -> None:
        self.run_id = run_id
        self._layout = layout
        self._folder = layout.journal
        self._batches = layout.journal / run_id
        self._life = filelock.FileLock(
            _life(layout, run_id), timeout=LOOK, poll_interval=0.005, thread_local=False
        )
        self._written = 0

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._life.acquire()
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):  # Windows removes no file that is open
            Path(self._life.lock_file).unlink()
        self._life.release()

    def write_run(self, run: Run, sources: Iterable[SourceRun] = ()) -> None:
        """Say how the run stands; the last word counts."""
        content = msgspec.json.encode(RunFile(run, tuple(sources)))
        durable.write(self._folder / f"{self.run_id}.run.json", content)

    def write_batch(self, told: Sequence[Told], at: datetime, *, simulated: bool) -> None:
        """Put a batch of answers on the disk; they are safe when this returns."""
        content = msgspec.json.encode(Batch(at, simulated, tuple(told)))
        self._written += 1
        durable.write(
            self._batches / f"{self._written:06}.json.gz",
            gzip.compress(content, 1, mtime=0),
        )

    def pending(self) -> Pending:
        """All that the journal holds, of this run and of those that live no more; what cannot be
        read is as if it were not there, and asked for again."""
        found = runs(self._layout)
        ended = [run for run in found if run == self.run_id or not lives(self._layout, run)]
        files = [_read(self._folder / f"{run}.run.json", RunFile) for run in ended]
        return Pending(
            {run: self._folder / run for run in ended},
            tuple(file for file in files if file is not None),
        )

    def living(self) -> list[RunFile]:
        """The other runs that go on now."""
        found = [r for r in runs(self._layout) if r != self.run_id and lives(self._layout, r)]
        files = [_read(self._folder / f"{run}.run.json", RunFile) for run in found]
        return [file for file in files if file is not None]

    def forget(self, before: datetime) -> None:
        """Delete the batches that came before a time, and what cannot be read."""
        for path in sorted(self._folder.glob(f"*/{BATCH}")):
            batch = _read(path, Batch)
            if batch is None or batch.at < before:
                path.unlink(missing_ok=True)
        for folder in self._folder.iterdir() if self._folder.is_dir() else ():
            with suppress(OSError):  # it has files again, or another process was faster
                folder.rmdir()

    def move(self, pending: Pending, folder: Path) -> None:
        """Take the batches of what was pending out of the journal, into a folder where nobody
        reads them again."""
        for run in pending.told:
            if (self._folder / run).is_dir():
                folder.mkdir(parents=True, exist_ok=True)
                (self._folder / run).replace(folder / run)

    def clear(self, pending: Pending) -> None:
        """Forget what was pending: a published snapshot holds it now."""
        for run in pending.told:
            # The batches last: without them the run's file would tell of a run that asked nobody.
            shutil.rmtree(self._folder / run, ignore_errors=True)
            for name in (f"{run}.*", f".{run}.*"):
                for path in self._folder.glob(name):
                    if path.suffix != ".lock":
                        path.unlink(missing_ok=True)


def runs(layout: Layout) -> list[str]:
    """Every run that goes on, or left anything, be it half a file."""
    found = layout.journal.iterdir() if layout.journal.is_dir() else ()
    return sorted({path.name.lstrip(".").partition(".")[0] for path in found})


def lives(layout: Layout, run_id: str) -> bool:
    """Whether a run goes on now."""
    return is_held(_life(layout, run_id))


def _batches(files: Iterable[Path]) -> Iterator[Batch]:
    found = (_read(path, Batch) for path in files)
    return (batch for batch in found if batch is not None)


def _life(layout: Layout, run_id: str) -> Path:
    return layout.journal / f"{run_id}.lock"


def _read(path: Path, kind: type[T]) -> T | None:
    try:
        content = path.read_bytes()
        if path.suffix == ".gz":
            content = gzip.decompress(content)
        return msgspec.json.decode(content, type=kind)
    except (OSError, EOFError, ValueError, zlib.error):
        return None
