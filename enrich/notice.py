"""What is a webhook told of a run that failed, or is incomplete?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple


class Notice(NamedTuple):
    """A run that did not go well. `run_id`: None where it failed before it began; `trouble`: one
    line for each thing that went wrong; `snapshot`: None where nothing was published."""

    tool_version: str
    kind: str
    run_id: str | None
    reason: str
    trouble: Sequence[str]
    store: str
    snapshot: str | None
    simulated: bool | None
    started_at: datetime
    finished_at: datetime

    def as_json(self) -> dict[str, Any]:
        """The document that is posted; `text` is what chat services show of it."""
        is_published = self.snapshot is not None
        how = "is incomplete" if is_published else "failed"
        simulated = " (simulated)" if self.simulated else ""
        return {
            "text": f"Papertide: the {self.kind} {how}{simulated}: {self.reason}",
            "event": "run_incomplete" if is_published else "run_failed",
            "status": "partial" if is_published else "failed",
            "exit_code": 3 if is_published else 1,
            **self._asdict(),
            "trouble": list(self.trouble),
            "started_at": self.started_at.isoformat(),
            "finished_at": self.finished_at.isoformat(),
        }
