"""How long is the code fuzzed? `make test` a little, `make fuzz` fifty times as long."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import settings


def fuzzed(share: float = 1.0) -> Callable[[Any], Any]:
    """Mark a property of hostile input. `share` of the profile's examples are tried, which is
    smaller for what takes long."""

    def mark(test: Any) -> Any:
        examples = max(1, int(settings().max_examples * share))
        return pytest.mark.fuzz(settings(max_examples=examples)(test))

    return mark
