"""How often, and after how long, is a provider asked again?"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from enrich.errors import Busy
from enrich.network.breaker import Breaker
from enrich.network.pace import LONGEST_HOLD, Pace

LONGEST_WAIT = LONGEST_HOLD
"""Seconds; a provider that asks for more is left to a later run (upstream-apis 5.4)."""
RECONNECT_AFTER = 1.0
"""Seconds between two attempts on a provider that has not answered yet."""
SLOWEST_CONNECT = 10.0
"""Seconds to a connection, however long the timeout: without internet a run must end soon."""
SLOWEST_FIRST_ANSWER = 20.0
"""Seconds for each phase until a provider has answered once, for the same reason."""

SLOWEST_ATTEMPT = 10
"""Timeouts that one attempt may last in all: a byte a second never trips a single phase's."""


@dataclass(frozen=True, slots=True)
class Patience:
    """The retry policy of one provider, in attempts and in gaps of its pace.

    `cooldown` is the back-off after a 429 that names no time; it holds the provider's whole pace.
    """

    attempts: int
    cooldown: float
    pace: Pace
    breaker: Breaker
    jitter: Callable[[], float] = random.random

    def is_over(self, attempt: int, error: Busy) -> bool:
        """Whether to give the request up after this attempt (counted from 1)."""
        if error.after > LONGEST_WAIT:
            # An absurd number must not become an absurd sentence.
            minutes = min(error.after / 60, 99_999)
            sentence = f"{error}, and asked us to wait {minutes:.0f} minutes"
            self.breaker.hold_off(sentence, error.after)
        # One that asks for a moment's patience is there.
        is_probe = self.breaker.is_doubted and not error.after and error.status != 429
        return self.breaker.is_open or attempt >= (1 if is_probe else self.attempts)

    def seconds(self, attempt: int, error: Busy) -> float:
        """How long to wait after this attempt: as long as asked, else a growing back-off."""
        if not self.breaker.has_answered:
            return RECONNECT_AFTER
        growth = 2.0 ** min(attempt - 1, 20) * (1 + self.jitter() / 2)
        backoff = self.pace.gap * growth * (self.cooldown if error.status == 429 else 1)
        seconds = min(error.after or backoff, LONGEST_WAIT)
        if error.status == 429 or error.after:
            self.pace.hold(seconds)
        return seconds

    def timeouts(self, timeout: float) -> tuple[float, float]:
        """Seconds to connect, and for each other phase of one attempt."""
        if not self.breaker.has_answered:
            timeout = min(timeout, SLOWEST_FIRST_ANSWER)
        return min(timeout, SLOWEST_CONNECT), timeout
