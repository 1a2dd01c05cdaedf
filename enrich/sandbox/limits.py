"""Who comes too soon: the services' published limits, enforced and counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Limits(NamedTuple):
    """What the services allow, in seconds and requests, before the pace factor."""

    arxiv_gap: float = 3.0
    semantic_scholar_gap: float = 1.0
    openreview_requests: int = 144
    """Signed-in requests per window, as users saw in August 2026."""
    openreview_window: float = 1800.0

    def scaled(self, pace: float) -> Limits:
        """The limits with all times multiplied; 0 means none."""
        gaps = (self.arxiv_gap * pace, self.semantic_scholar_gap * pace)
        return Limits(*gaps, self.openreview_requests, self.openreview_window * pace)


PUBLISHED = Limits()
"""The limits as the services publish them, or as their users met them."""


class Violation(NamedTuple):
    """Why a request is refused: `pace`, `connections` or `window`."""

    kind: str
    used: int = 0
    wait: float = 0.0


def tolerance(gap: float) -> float:
    """How much too soon is let pass: what the way through the loopback may shorten a gap by."""
    return min(gap / 2, 0.02 + 0.01 * gap)


@dataclass(slots=True)
class Gate:
    """A service's door: starts are at least `gap` seconds apart, at most `at_once` are inside.

    A request that came too soon is a start too: the next one is measured from it.
    """

    gap: float = 0.0
    at_once: int | None = None
    inside: int = 0
    most_inside: int = 0
    closest: float | None = None
    lasted: float = 0.0
    """Seconds from the first start to the last, since the measurements began."""
    _began: float | None = None
    _last: float | None = None

    def enter(self, now: float) -> Violation | None:
        """Let a request in, or say what it violates; either way `leave` must follow."""
        since = None if self._last is None else now - self._last
        if since is not None and (self.closest is None or since < self.closest):
            self.closest = since
        self._last = now
        self._began = now if self._began is None else self._began
        self.lasted = now - self._began
        self.inside += 1
        self.most_inside = max(self.most_inside, self.inside)
        if not self.gap:
            return None
        if self.at_once is not None and self.inside > self.at_once:
            return Violation("connections")
        if since is not None and since < self.gap - tolerance(self.gap):
            return Violation("pace")
        return None

    def leave(self) -> None:
        """A request is answered, or its client has gone."""
        self.inside -= 1

    def forget(self) -> None:
        """Start the measurements anew; who is inside and when the last one came stays known."""
        self.most_inside, self.closest = self.inside, None
        self.lasted, self._began = 0.0, None

    def excuse(self) -> None:
        """Let the next request come at once: it follows a redirect that was just served."""
        self._last = None


class Window:
    """So many requests of one account in so many seconds, from its first one on."""

    def __init__(self, requests: int, seconds: float) -> None:
        self.requests, self.seconds = requests, seconds
        self._opened: dict[str, tuple[float, int]] = {}

    def enter(self, account: str, now: float) -> Violation | None:
        """Count a request, or say how long the account has to wait."""
        if not self.seconds:
            return None
        opened, used = self._opened.get(account, (now, 0))
        if now - opened >= self.seconds:
            opened, used = now, 0
        self._opened[account] = (opened, used + 1)
        if used + 1 > self.requests:
            return Violation("window", used + 1, opened + self.seconds - now)
        return None
