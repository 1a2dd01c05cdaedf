"""What a run was and what it cost, as rows of `runs` and `source_runs`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from enrich.model import SourceState


class Run(NamedTuple):
    """One run. `status`: ok, partial or failed; `scope`: what was asked for, as JSON."""

    run_id: str
    kind: str
    status: str
    started_at: datetime
    finished_at: datetime | None
    tool_version: str
    scope: str

    @property
    def is_good(self) -> bool:
        """Whether it published."""
        return self.status in ("ok", "partial")


class SourceRun(NamedTuple):
    """One source in one run. `seconds`: from its first question to its last answer."""

    run_id: str
    source: str
    requests: int
    retries: int
    rate_limited: int
    failures: int
    asked: int
    found: int
    missing: int
    seconds: float
    state: SourceState


def last_good(runs: Iterable[Run], kind: str, scope: str) -> datetime | None:
    """When the newest run of this kind and scope began that published, if there was one."""
    good = (r.started_at for r in runs if (r.kind, r.scope) == (kind, scope) and r.is_good)
    return max(good, default=None)
