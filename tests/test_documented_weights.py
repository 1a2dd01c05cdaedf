"""The weights in docs/matching.md are those that decide."""

from __future__ import annotations

from pathlib import Path

from enrich.matching.weights import WEIGHTS


def test_every_weight_is_in_the_docs(root: Path) -> None:
    text = (root / "docs/matching.md").read_text()
    assert not [name for name, w in WEIGHTS.items() if f"{w:+.2f}" not in text]
