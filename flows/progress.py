"""A bar for every source: what is happening, and the time left at its pace."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager
from typing import Self

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TaskID,
    TextColumn,
)
from rich.text import Text

from flows.log import LOG, safe
from flows.terminal import Terminal


class TimeLeft(ProgressColumn):
    """The time that a source's pace still takes, counted down."""

    def render(self, task: Task) -> Text:
        """What is left, in whole seconds."""
        if task.finished or task.total is None:
            return Text("done" if task.finished else "")
        left = max(0.0, float(task.fields["seconds"]) - (task.elapsed or 0.0))
        return Text(f"works, {left:.0f} s left at its pace" if left >= 1 else "works")


class Bars(AbstractContextManager["Bars"]):
    """Shows a run on stderr; bars only where that is a terminal."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._console = Console(file=sys.stderr)
        self._bars = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeLeft(),
            console=self._console,
            disable=not sys.stderr.isatty() or terminal.verbosity < 0 or LOG.is_json,
            transient=True,
        )
        self._tasks: dict[str, TaskID] = {}
        self._phase: TaskID | None = None

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    def phase(self, what: str) -> None:
        """The run now does this."""
        if self._phase is not None:
            self._bars.remove_task(self._phase)
        self._phase = self._bars.add_task(what, total=None, seconds=0.0)
        self._terminal.detail(what, "phase")

    def begin(self, source: str, works: int, seconds: float) -> None:
        """A source will be asked for this many works, in about this many seconds."""
        if source in self._tasks:
            self._bars.remove_task(self._tasks[source])
        self._tasks[source] = self._bars.add_task(source, total=works, seconds=seconds)
        self._terminal.detail(
            f"{source}: {works:,} works, about {seconds:.0f} s at its pace",
            "source",
            source=source,
            works=works,
            seconds=round(seconds, 1),
        )

    def advance(self, source: str, works: int) -> None:
        """A source has answered for this many more works."""
        self._bars.advance(self._tasks[source], works)
        told = f"{source}: answered for {works:,} works"
        self._terminal.detail(told, "answered", source=source, works=works)

    def say(self, line: str) -> None:
        """A person should know this."""
        if LOG.is_json:
            self._terminal.note(line)
        elif self._terminal.verbosity >= 0:
            self._console.print(escape(safe(line)), highlight=False, soft_wrap=True)
