"""What the network side takes from the world around it, so that a test can give its own."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from enrich.network.breaker import Breaker
from enrich.network.pace import Clock, Private, Sleep, Slot
from enrich.network.redirect import Resolve, addresses


def utc_now() -> datetime:
    """The wall clock."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Two clocks (pacing on `clock`, dates on `now`), sleep, chance (0 to 1) and name lookup.

    By the name of a provider: `slot`, where its pace is shared with others, if it is; `breaker`,
    as the runs before left it.
    """

    clock: Clock = time.monotonic
    sleep: Sleep = asyncio.sleep
    now: Callable[[], datetime] = utc_now
    jitter: Callable[[], float] = random.random
    resolve: Resolve = addresses
    slot: Callable[[str], Slot] = lambda _: Private()
    breaker: Callable[[str], Breaker] = lambda _: Breaker()


SURROUNDINGS = Surroundings()
