"""What a run tells whoever watches it."""

from __future__ import annotations

from typing import Protocol


class Watch(Protocol):
    """Told of every step of a run; shows it, or does not."""

    def phase(self, what: str) -> None:
        """The run now does this."""

    def begin(self, source: str, works: int, seconds: float) -> None:
        """A source will be asked for this many works, in about this many seconds."""

    def advance(self, source: str, works: int) -> None:
        """A source has answered for this many more works."""

    def say(self, line: str) -> None:
        """A person should know this."""


class Silent:
    """Shows nothing, and remembers what a person should have been told."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def phase(self, what: str) -> None:
        """Show nothing."""

    def begin(self, source: str, works: int, seconds: float) -> None:
        """Show nothing."""

    def advance(self, source: str, works: int) -> None:
        """Show nothing."""

    def say(self, line: str) -> None:
        """Remember the line."""
        self.lines.append(line)
