"""When may the next request to a provider start?"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

Clock = Callable[[], float]
"""Seconds that only grow, as `time.monotonic`."""
Sleep = Callable[[float], Awaitable[None]]


class Pace:
    """One start every `gap` seconds, however many tasks are waiting.

    `exclusive` is for a provider that allows one connection: a turn then lasts until its request
    is over, and no other starts in between.
    """

    def __init__(
        self,
        gap: float,
        *,
        exclusive: bool = False,
        clock: Clock = time.monotonic,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self.gap = gap
        self._exclusive = exclusive
        self._clock = clock
        self._sleep = sleep
        self._free_at = float("-inf")
        self._queue = asyncio.Lock()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[float]:
        """Wait for the next free slot and yield when it started; enter it around one request."""
        async with self._queue:
            # Only the first in line sleeps, and looks again: a hold moves the slot it waits for.
            while (wait := self._free_at - self._clock()) > 0:
                await self._sleep(wait)
            start = self._clock()
            self._free_at = start + self.gap
            if self._exclusive:
                yield start
                return
        yield start

    def sent(self) -> None:
        """Count the gap from now: a provider sees the request only when it is on the wire."""
        self._free_at = max(self._free_at, self._clock() + self.gap)

    def hold(self, seconds: float) -> None:
        """Let nobody start for so many seconds, also those who wait already."""
        self._free_at = max(self._free_at, self._clock() + seconds)

    def give_back(self, start: float) -> None:
        """Free the slot of a request that never reached the provider, if it is the last one."""
        if self._free_at == start + self.gap:
            self._free_at = start
