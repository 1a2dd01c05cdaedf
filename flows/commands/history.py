"""`papertide snapshots`: the published history."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from enrich.configuration import Configuration
from enrich.configuration import now as wall_clock
from flows.terminal import Terminal
from store import continuity, pruning, snapshots
from store.layout import Layout


def list_snapshots(configuration: Configuration, terminal: Terminal) -> int:
    """Print the history, newest first."""
    layout = Layout(configuration.store_dir)
    rows = _listed(snapshots.history(layout))
    terminal.document({"snapshots": rows})
    for row in rows:
        terminal.result(f"{row['snapshot']}  {row['bytes']:>12,} bytes  {row['path']}")
    if not rows:
        terminal.result(f"{layout.snapshots}: nothing is published yet; run papertide refresh")
    return 0


def verify_snapshots(configuration: Configuration, terminal: Terminal) -> int:
    """Check the current snapshot and the whole history; 1 when one is damaged or none is there."""
    layout = Layout(configuration.store_dir)
    checked = continuity.check(snapshots.history(layout), layout.current)
    rows = [
        {"path": str(each.path), "ok": not each.fault, "error": each.fault, "note": each.note}
        for each in checked
    ]
    terminal.document({"snapshots": rows})
    for each in checked:
        note = f" ({each.note})" if each.note else ""
        terminal.result(f"BAD: {each.fault}" if each.fault else f"good: {each.path}{note}")
    return 1 if any(each.fault for each in checked) else 0


def prune_snapshots(configuration: Configuration, terminal: Terminal, *, dry_run: bool) -> int:
    """Delete the snapshots that `[store] keep_daily` and `keep_weekly` give up, or name them."""
    layout, store = Layout(configuration.store_dir), configuration.settings.store
    now = wall_clock(os.environ)
    must_stay = pruning.indispensable(layout)
    files = pruning.surplus(layout, store.keep_daily, store.keep_weekly, now, must_stay)
    rows = _listed(files)
    left = len(snapshots.history(layout)) - len(files)
    size = sum(each["bytes"] for each in rows) if dry_run else pruning.remove(files)
    terminal.document({"dry_run": dry_run, "pruned": rows, "kept": left, "bytes": size})
    for row in rows:
        verb = "would go" if dry_run else "gone"
        terminal.result(f"{verb}: {row['snapshot']}  {row['bytes']:>12,} bytes")
    verb = "would be freed" if dry_run else "freed"
    many = "snapshot" if left == 1 else "snapshots"
    terminal.result(f"{left:,} {many} kept, {len(files):,} given up, {size:,} bytes {verb}")
    return 0


def _listed(files: Iterable[Path]) -> list[dict[str, Any]]:
    return [
        {"snapshot": path.stem, "path": str(path), "bytes": path.stat().st_size} for path in files
    ]
