"""How did the sources do in the last runs?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from enrich.model import SourceState
from enrich.runs import Run, SourceRun


class Service(NamedTuple):
    """A source over the last runs, the oldest first; None: it had no part in that run."""

    source: str
    parts: Sequence[SourceRun | None]

    @property
    def last(self) -> SourceRun | None:
        """Its part in the newest run that has one."""
        return next((part for part in reversed(self.parts) if part), None)

    @property
    def requests(self) -> int:
        """Sent in all these runs."""
        return sum(part.requests for part in self.parts if part)

    @property
    def rate_limited(self) -> int:
        """Answers that told us to slow down."""
        return sum(part.rate_limited for part in self.parts if part)

    @property
    def retries(self) -> int:
        """Requests that were repeated ones."""
        return sum(part.retries for part in self.parts if part)

    @property
    def failures(self) -> int:
        """Attempts without a valid answer."""
        return sum(part.failures for part in self.parts if part)


def services(runs: Sequence[Run], parts: Sequence[SourceRun]) -> Sequence[Service]:
    """Every source that had a part in one of these runs, which come newest first."""
    found = {(part.run_id, part.source): part for part in parts}
    return [
        Service(source, [found.get((run.run_id, source)) for run in reversed(runs)])
        for source in sorted({source for _, source in found})
    ]


def states(runs: Sequence[Run], parts: Sequence[SourceRun]) -> Sequence[tuple[str, SourceState]]:
    """How each source did when it was last asked."""
    return [(each.source, each.last.state) for each in services(runs, parts) if each.last]
