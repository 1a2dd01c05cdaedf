"""Whose store is it? Two configurations on one directory take each other's lists for removed."""

from __future__ import annotations

from pathlib import Path

from store import durable
from store.layout import Layout


def take_over(layout: Layout, configuration: Path) -> Path | None:
    """Write down whose run this is; the other configuration that ran here last, if it exists."""
    try:
        last = Path(layout.owner.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        last = configuration
    if last != configuration or not layout.owner.exists():
        durable.write(layout.owner, str(configuration).encode("utf-8", "surrogateescape"))
    return last if last != configuration and last.is_file() else None
