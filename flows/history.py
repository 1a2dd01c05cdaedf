"""`papertide snapshots`: the published history."""

from __future__ import annotations

from enrich.configuration import Configuration
from enrich.errors import StoreError
from flows.terminal import Terminal
from store import snapshots
from store.layout import Layout


def list_snapshots(configuration: Configuration, terminal: Terminal) -> int:
    """Print the history, newest first."""
    layout = Layout(configuration.store_dir)
    rows = [
        {"snapshot": path.stem, "path": str(path), "bytes": path.stat().st_size}
        for path in snapshots.history(layout)
    ]
    terminal.document({"snapshots": rows})
    for row in rows:
        terminal.result(f"{row['snapshot']}  {row['bytes']:>12,} bytes  {row['path']}")
    if not rows:
        terminal.result(f"{layout.snapshots}: nothing is published yet; run papertide refresh")
    return 0


def verify_snapshots(configuration: Configuration, terminal: Terminal) -> int:
    """Check the current snapshot and the whole history; 1 when one is damaged or none is there."""
    layout = Layout(configuration.store_dir)
    paths = [layout.current, *snapshots.history(layout)]
    rows = []
    for path in paths:
        try:
            if not path.exists():
                raise StoreError(f"{path}: is not there; run papertide refresh")
            snapshots.verify(path)
            rows.append({"path": str(path), "ok": True, "error": None})
        except StoreError as error:
            rows.append({"path": str(path), "ok": False, "error": str(error)})
    terminal.document({"snapshots": rows})
    for row in rows:
        terminal.result(f"good: {row['path']}" if row["ok"] else f"BAD: {row['error']}")
    return 0 if all(row["ok"] for row in rows) else 1
