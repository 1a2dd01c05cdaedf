"""When is a provider given up for the rest of a run?"""

from __future__ import annotations

from enrich.model import SourceState

UNREACHED = 2
"""Attempts without any answer after which a provider that never answered is given up."""
EXHAUSTED = 3
"""Requests in a row, each tried as often as allowed, after which a provider is given up."""


class Breaker:
    """What one provider did in this run, and whether it is still worth asking.

    It never closes again: a run is short, and the next one starts afresh.
    """

    def __init__(self) -> None:
        self.has_answered = False
        self.is_open = False
        self.is_disabled = False
        self.trouble: str | None = None
        self._unreached = 0
        self._exhausted = 0
        self._failures = 0
        self._successes = 0

    @property
    def state(self) -> SourceState:
        """How the provider did so far."""
        if self.is_disabled:
            return SourceState.DISABLED
        if self.is_open or (self._failures and not self._successes):
            return SourceState.DOWN
        return SourceState.DEGRADED if self._failures else SourceState.OK

    def answered(self) -> None:
        """Any answer at all arrived, also an error."""
        self.has_answered = True

    def unreached(self, trouble: str) -> None:
        """One attempt ended without an answer."""
        self.trouble = trouble
        self._unreached += 1
        if not self.has_answered and self._unreached >= UNREACHED:
            self.is_open = True

    def succeeded(self) -> None:
        """A request got what it asked for, or the valid answer that there is no such thing."""
        self._successes += 1
        self._exhausted = 0

    def failed(self, trouble: str) -> None:
        """A request was given up."""
        self._failures += 1
        self._exhausted += 1
        if not self.is_open:
            self.trouble = trouble
        if self._exhausted >= EXHAUSTED:
            self.is_open = True

    def open(self, trouble: str) -> None:
        """Ask no more in this run, for the reason given."""
        self.is_open = True
        self.trouble = trouble

    def disable(self, trouble: str) -> None:
        """Ask no more in this run, and do not count it as a failure."""
        self.is_disabled = self.is_open = True
        self.trouble = trouble
