"""What a service was asked, and how it was treated."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from enrich.sandbox.limits import Gate


@dataclass(slots=True)
class ServiceStats:
    """Counts of one service since the start, or since they were set to nothing."""

    endpoints: Counter[str] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)
    violations: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    """How often each identifier or title was asked for and answered without a fault."""

    def report(self, gate: Gate) -> dict[str, Any]:
        """The counts as `/_stats` shows them: `closest` is the smallest gap between starts, and
        `lasted` what lies between the first and the last, in seconds."""
        often = self.asked.most_common(1)
        return {
            "requests": self.endpoints.total(),
            "endpoints": dict(self.endpoints),
            "statuses": dict(self.statuses),
            "violations": self.violations.total(),
            "violation_kinds": dict(self.violations),
            "faults": dict(self.faults),
            "closest": None if gate.closest is None else round(gate.closest, 4),
            "lasted": round(gate.lasted, 4),
            "most_at_once": gate.most_inside,
            "asked": {
                "distinct": len(self.asked),
                "total": self.asked.total(),
                "most": often[0][1] if often else 0,
                "most_asked": often[0][0] if often else None,
                "titles": sum("title:" in name for name in self.asked),
            },
        }
