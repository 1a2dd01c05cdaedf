"""When may the next request to a provider start?"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Protocol

Clock = Callable[[], float]
"""Seconds that only grow, as `time.monotonic`, the same for all processes of a machine."""
Sleep = Callable[[float], Awaitable[None]]

LONGEST_HOLD = 300.0
"""Seconds; nobody is held longer than this, so that a later slot is nonsense: the machine was
restarted since, and its clock with it."""
LOOK_AGAIN = 0.02
"""Seconds between two looks at whether a provider's one connection is free."""


class Slot(Protocol):
    """A provider's next free moment and its one connection, as all who ask it share them."""

    def update(self, change: Callable[[float], float]) -> float:
        """Put what `change` makes of the moment in its place, with nobody in between; returns the
        moment as it was."""

    def occupy(self) -> bool:
        """Take the connection; False while another has it."""

    def vacate(self) -> None:
        """Leave the connection to the others."""


class Private:
    """A slot that nobody else shares."""

    def __init__(self) -> None:
        self._free_at = float("-inf")

    def update(self, change: Callable[[float], float]) -> float:
        """See `Slot`."""
        before, self._free_at = self._free_at, change(self._free_at)
        return before

    def occupy(self) -> bool:
        """See `Slot`."""
        return True

    def vacate(self) -> None:
        """See `Slot`."""


class Pace:
    """One start every `gap` seconds, however many tasks are waiting, and however many processes
    where they share the `slot`.

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
        slot: Slot | None = None,
    ) -> None:
        self.gap = gap
        self._exclusive = exclusive
        self._clock = clock
        self._sleep = sleep
        self._slot = slot or Private()
        self._queue = asyncio.Lock()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[float]:
        """Wait for the next free slot and yield when it started; enter it around one request."""
        async with self._queue:
            if self._exclusive:
                while not self._slot.occupy():
                    await self._sleep(LOOK_AGAIN)
                try:
                    yield await self._start()
                finally:
                    self._slot.vacate()
                return
            start = await self._start()
        yield start

    async def _start(self) -> float:
        # Nobody books ahead: who waits looks again, because a hold moves the slot it waits for,
        # and one who died must not have kept it.
        while (wait := self._take(now := self._clock())) > 0:
            await self._sleep(wait)
        return now

    def _take(self, now: float) -> float:
        """Take the slot if it is free, and return 0; else the seconds until it is."""
        latest = now + max(LONGEST_HOLD, self.gap)

        def is_free(free_at: float) -> bool:
            return not now < free_at <= latest

        free_at = self._slot.update(lambda at: now + self.gap if is_free(at) else at)
        return 0.0 if is_free(free_at) else free_at - now

    async def sent(self, start: float) -> float:
        """Count the gap from now, and return that: a provider sees the request only when it is on
        the wire. Where somebody else started meanwhile, wait for another slot first."""
        now = self._clock()

        def moved(free_at: float) -> float:
            return now + self.gap if free_at == start + self.gap else free_at

        is_ours = self._slot.update(moved) == start + self.gap
        return now if is_ours else await self._start()

    def hold(self, seconds: float) -> None:
        """Let nobody start for so many seconds, also those who wait already."""
        until = self._clock() + min(seconds, LONGEST_HOLD)
        self._slot.update(lambda free_at: max(free_at, until))

    def give_back(self, start: float) -> None:
        """Free the slot of a request that never reached the provider, if it is the last one."""
        self._slot.update(lambda free_at: start if free_at == start + self.gap else free_at)
