"""A run that nobody sits at: told to Prefect's log, and to whoever reads the server's output."""

from __future__ import annotations

import os

from prefect import get_run_logger

from flows.log import LOG, safe


class Logged:
    """Tells every step of a flow run in its log, and on stderr under the flow's name."""

    def __init__(self, name: str) -> None:
        self._name = name
        LOG.open(os.environ)

    def phase(self, what: str) -> None:
        """The run now does this."""
        self.say(what)

    def begin(self, source: str, works: int, seconds: float) -> None:
        """A source will be asked for this many works, in about this many seconds."""
        get_run_logger().info(f"{source}: {works:,} works, about {seconds:.0f} s at its pace")

    def advance(self, source: str, works: int) -> None:
        """Its task runs tell that."""

    def say(self, line: str) -> None:
        """A person should know this."""
        get_run_logger().info(safe(line))
        LOG.tell("info", "note", line if LOG.is_json else f"{self._name}: {line}", flow=self._name)
