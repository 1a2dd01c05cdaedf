"""How much room does each part of a store take?"""

from __future__ import annotations

from pathlib import Path

from store.layout import Layout
from store.snapshots import history


def usage(layout: Layout) -> dict[str, int]:
    """Bytes of the current snapshot, of the history, and of each part of `work`, empty ones left
    out; `work` is their sum. What vanishes meanwhile counts for nothing."""
    parts = {
        "current": _size(layout.current),
        "snapshots": sum(_size(path) for path in history(layout)),
        "work": _size(layout.work),
    }
    if layout.work.is_dir():
        inside = {f"work/{path.name}": _size(path) for path in sorted(layout.work.iterdir())}
        parts |= {name: size for name, size in inside.items() if size}
    return parts


def _size(path: Path) -> int:
    try:
        if path.is_dir():
            return sum(_size(each) for each in path.iterdir())
        return path.stat().st_size
    except OSError:
        return 0
