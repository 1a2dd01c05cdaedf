"""What has happened and no snapshot holds yet: answers, and runs that did not publish.

One file per answered batch, synced before the next question is asked; one per run. A run that was
killed leaves its files, and the next one starts from them.
"""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import msgspec

from enrich.model import Told
from enrich.runs import Run, SourceRun
from store import durable
from store.layout import Layout

T = TypeVar("T")


class Batch(msgspec.Struct, frozen=True):
    """The answers of one batch. `at`: when they came; `simulated`: whether from the sandbox."""

    at: datetime
    simulated: bool
    told: tuple[Told, ...]


class RunFile(msgspec.Struct, frozen=True):
    """A run and its sources, as far as they are known."""

    run: Run
    sources: tuple[SourceRun, ...] = ()


class Pending(msgspec.Struct, frozen=True):
    """Everything in the journal: batches in the order they came, and runs."""

    batches: tuple[Batch, ...]
    runs: tuple[RunFile, ...]


class Journal:
    """The journal of one run, among those that earlier runs left."""

    def __init__(self, layout: Layout, run_id: str) -> None:
        self.run_id = run_id
        self._folder = layout.journal
        self._batches = layout.journal / run_id
        self._run_file = layout.journal / f"{run_id}.run.json"
        self._written = 0

    def write_run(self, run: Run, sources: Iterable[SourceRun] = ()) -> None:
        """Say how the run stands; the last word counts."""
        durable.write(self._run_file, msgspec.json.encode(RunFile(run, tuple(sources))))

    def write_batch(self, told: Sequence[Told], at: datetime, *, simulated: bool) -> None:
        """Put a batch of answers on the disk; they are safe when this returns."""
        content = msgspec.json.encode(Batch(at, simulated, tuple(told)))
        self._written += 1
        durable.write(
            self._batches / f"{self._written:06}.json.gz",
            gzip.compress(content, 1, mtime=0),
        )

    def pending(self) -> Pending:
        """All that the journal holds, of this run and of earlier ones; what cannot be read is
        as if it were not there, and asked for again."""
        batches = [
            batch
            for path in sorted(self._folder.glob("*/*.json.gz"))
            if (batch := _read(path, Batch)) is not None
        ]
        runs = [
            run
            for path in sorted(self._folder.glob("*.run.json"))
            if (run := _read(path, RunFile)) is not None
        ]
        return Pending(tuple(sorted(batches, key=lambda b: b.at)), tuple(runs))

    def forget(self, before: datetime) -> None:
        """Delete the batches that came before a time, and what cannot be read."""
        for path in sorted(self._folder.glob("*/*.json.gz")):
            batch = _read(path, Batch)
            if batch is None or batch.at < before:
                path.unlink(missing_ok=True)
        for folder in self._folder.iterdir() if self._folder.is_dir() else ():
            with suppress(OSError):  # it has files again, or another process was faster
                folder.rmdir()

    def move(self, folder: Path) -> None:
        """Take all batches out of the journal, into a folder where nobody reads them again."""
        for old in sorted(each for each in self._folder.iterdir() if each.is_dir()):
            folder.mkdir(parents=True, exist_ok=True)
            old.replace(folder / old.name)

    def clear(self) -> None:
        """Forget everything: a published snapshot holds it now."""
        for path in sorted(self._folder.glob("*.run.json")):
            path.unlink()
        for folder in self._folder.iterdir() if self._folder.is_dir() else ():
            if folder.is_dir():
                shutil.rmtree(folder)


def _read(path: Path, kind: type[T]) -> T | None:
    try:
        content = path.read_bytes()
        if path.suffix == ".gz":
            content = gzip.decompress(content)
        return msgspec.json.decode(content, type=kind)
    except (OSError, EOFError, ValueError):
        return None
