"""How did a provider do in the runs before, and may this one ask it?

A breaker opens for one run. What is carried over is little: how long the provider wants to be left
alone, and that it was given up, so that the next run begins with a single probe.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from enrich.network.breaker import Breaker

FIRST_REST = timedelta(minutes=5)
"""From the second run in a row that gave a provider up, doubled by each further one. The first is
followed by a probe at once: a person who mended the network shall not be refused."""
LONGEST_REST = timedelta(hours=1)
"""A nightly run never meets it; one that is started again and again by a machine does."""
LONGEST_WAIT = timedelta(days=1)
"""However long a provider says that it wants to be left alone: the number may be absurd."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a provider. `given_up`: runs in a row that gave it up; `until`: when it may
    be asked again; `trouble`: why not before; `answered_at`: the end of the last run in which it
    answered anything."""

    given_up: int = 0
    until: datetime | None = None
    trouble: str | None = None
    answered_at: datetime | None = None

    def rests(self, now: datetime) -> bool:
        """Whether it may not be asked now. A time that is too far off is a wrong clock's."""
        return self.until is not None and now < self.until <= now + LONGEST_WAIT


def begin(standing: Standing, breaker: Breaker, now: datetime) -> None:
    """Let a run's breaker begin as the runs before left it."""
    if standing.rests(now):
        again = f"it is asked again after {standing.until:%Y-%m-%d %H:%M} UTC"
        breaker.open(f"{standing.trouble}; {again}")
    elif standing.given_up:
        breaker.doubt()


def after(standing: Standing, breaker: Breaker, now: datetime) -> Standing:
    """What a run that ends now leaves to the next ones."""
    answered_at = now if breaker.has_answered else standing.answered_at
    if breaker.is_given_up:
        times = standing.given_up + 1
        rest = min(FIRST_REST * 2 ** min(times - 2, 10), LONGEST_REST) if times > 1 else timedelta()
        asked = timedelta(seconds=min(breaker.asked_to_wait, LONGEST_WAIT.total_seconds()))
        return Standing(times, now + max(rest, asked), breaker.trouble, answered_at)
    return Standing(answered_at=now) if breaker.has_answered else standing
