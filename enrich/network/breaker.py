"""When is a provider given up for the rest of a run?"""

from __future__ import annotations

from enrich.model import SourceState

UNREACHED = 2
"""Attempts without any answer after which a provider that never answered is given up."""
EXHAUSTED = 3
"""Requests in a row, each tried as often as allowed, after which a provider is given up."""


class Breaker:
    """What one provider did in this run, and whether it is still worth asking.

    It never closes again: a run is short. What the next one is told is `enrich.network.standing`'s:
    `is_given_up`, and for how many seconds the provider asked to be left alone (`asked_to_wait`).
    """

    def __init__(self) -> None:
        self.has_answered = False
        self.is_open = False
        self.is_disabled = False
        self.is_doubted = False
        self.asked_to_wait = 0.0
        self.trouble: str | None = None
        self._has_given_up = False
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

    @property
    def is_given_up(self) -> bool:
        """Whether the provider was of no use, and that for a reason of its own: a login that it
        refuses, or a limit that is a person's to lift, is none."""
        is_useless = self._failures > 0 and not self._successes and not self.is_open
        return self._has_given_up or is_useless

    def answered(self) -> None:
        """Any answer at all arrived, also an error."""
        self.has_answered = True

    def unreached(self, trouble: str) -> None:
        """One attempt ended without an answer."""
        self.trouble = trouble
        self._unreached += 1
        if not self.has_answered and self._unreached >= (1 if self.is_doubted else UNREACHED):
            self._give_up()

    def succeeded(self) -> None:
        """A request got what it asked for, or the valid answer that there is no such thing."""
        self._successes += 1
        self._exhausted = 0
        self.is_doubted = False

    def failed(self, trouble: str) -> None:
        """A request was given up."""
        self._failures += 1
        self._exhausted += 1
        if not self.is_open:
            self.trouble = trouble
        if self._exhausted >= (1 if self.is_doubted else EXHAUSTED):
            self._give_up()

    def doubt(self) -> None:
        """Begin with one attempt at one request: the run before gave the provider up."""
        self.is_doubted = True

    def hold_off(self, trouble: str, seconds: float) -> None:
        """Ask no more in this run: the provider wants to be left alone for so long."""
        self.open(trouble)
        self._has_given_up = True
        self.asked_to_wait = seconds

    def open(self, trouble: str) -> None:
        """Ask no more in this run, for the reason given."""
        self.is_open = True
        self.trouble = trouble

    def _give_up(self) -> None:
        self.is_open = self._has_given_up = True

    def disable(self, trouble: str) -> None:
        """Ask no more in this run, and do not count it as a failure."""
        self.is_disabled = self.is_open = True
        self.trouble = trouble
