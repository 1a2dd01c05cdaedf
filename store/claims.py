"""Which questions has another run taken upon itself? Runs that go on together ask each only once.

A run writes down what it is about to ask, under a lock. Its claims hold while it lives. After it
has published they hold as long as a run lives that began before, and so does not know the answers.
Of a run that died only the questions count that it got answers to: those are in its journal.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple, Self

import filelock
import msgspec

from enrich.model import Identifier
from enrich.plan import Waiting
from store.journal import Batches, lives, runs
from store.layout import Layout

LIVE, DONE = ".claims", ".done"


class Taken(NamedTuple):
    """What of the waiting questions this run asks now, and what is left to others."""

    batch: tuple[Identifier, ...]
    left: tuple[Identifier, ...]


class Claims:
    """The claims of one run, which lives, beside those of the others; leaving the `with` block
    without an error means that it has published."""

    def __init__(self, layout: Layout, run_id: str) -> None:
        self._layout = layout
        self._run_id = run_id
        self._folder = layout.claims
        self._folder.mkdir(parents=True, exist_ok=True)
        self._lock = filelock.FileLock(self._folder / "lock", thread_local=False)
        self._others: dict[str, defaultdict[str, set[Identifier]]] = {}
        self._offsets: defaultdict[str, int] = defaultdict(int)
        self._over: set[str] = set()
        with self._lock:
            self._own.touch()
            # What others published, or left when they died, this run is about to read.
            self._over = {path.stem for path in self._folder.glob(f"*{DONE}")}
            self._over |= {run for run in runs(layout) if not lives(layout, run)}
            self._before = frozenset(self._over)
            self._look()

    def take(self, source: str, waiting: Waiting) -> Taken:
        """Claim the next batch of what waits, leaving out what others have claimed."""
        with self._lock:
            self._look()
            others = [claims[source] for claims in self._others.values() if claims[source]]
            taken = self._sorted_out(waiting, others)
            if taken.batch:
                with self._own.open("ab") as file:
                    file.write(msgspec.json.encode((source, taken.batch)) + b"\n")
        return taken

    def others(self) -> set[str]:
        """The other runs that were not over when this one began."""
        found = {path.stem for path in self._folder.iterdir() if path.suffix in (LIVE, DONE)}
        return found - self._before - {self._run_id}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Give the claims up, unless another run still needs to know of what was published."""
        published = kind is None
        with self._lock:
            others = {path.stem for path in self._folder.glob(f"*{LIVE}")} - {self._run_id}
            living = {run for run in others if lives(self._layout, run)}
            if published and living:
                self._own.replace(self._own.with_suffix(DONE))
            self._own.unlink(missing_ok=True)
            for run in others - living:
                (self._folder / f"{run}{LIVE}").unlink(missing_ok=True)
            if not living:
                for path in self._folder.glob(f"*{DONE}"):
                    path.unlink(missing_ok=True)

    @property
    def _own(self) -> Path:
        return self._folder / f"{self._run_id}{LIVE}"

    def _sorted_out(self, waiting: Waiting, others: list[set[Identifier]]) -> Taken:
        batch: list[Identifier] = []
        left: list[Identifier] = []
        while waiting.questions and len(batch) < waiting.size:
            question = waiting.questions.popleft()
            is_claimed = any(question in claimed for claimed in others)
            (left if is_claimed else batch).append(question)
        return Taken(tuple(batch), tuple(left))

    def _look(self) -> None:
        """Learn what the others have claimed since the last look."""
        found = {path.stem: path for path in self._folder.glob(f"*{LIVE}")}
        found |= {path.stem: path for path in self._folder.glob(f"*{DONE}")}
        for run in {*found, *runs(self._layout)} - self._over - {self._run_id}:
            path = found.get(run)
            is_done = path is not None and path.suffix == DONE
            if path and (is_done or lives(self._layout, run)):
                self._add(run, self._lines(run, path))
            elif not lives(self._layout, run):  # it died, or failed, since this one began
                told = (t for b in Batches((self._layout.journal / run,)) for t in b.told)
                self._others[run] = defaultdict(set)
                self._add(run, ((each.source, [each.asked]) for each in told))
                self._over.add(run)
            if is_done:
                self._over.add(run)

    def _add(self, run: str, claims: Iterable[tuple[str, list[Identifier]]]) -> None:
        known = self._others.setdefault(run, defaultdict(set))
        for source, questions in claims:
            known[source].update(questions)

    def _lines(self, run: str, path: Path) -> list[tuple[str, list[Identifier]]]:
        with path.open("rb") as file:
            file.seek(self._offsets[run])
            content = file.read()
        whole, _, _ = content.rpartition(b"\n")  # the rest is half a line of one who died
        self._offsets[run] += len(whole) + 1 if whole else 0
        with suppress(msgspec.DecodeError):
            decoder = msgspec.json.Decoder(tuple[str, list[Identifier]])
            return [decoder.decode(line) for line in whole.splitlines()]
        return []
