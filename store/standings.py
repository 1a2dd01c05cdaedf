"""How the providers did in the runs before, kept for the next one: a file that may be lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import filelock
import msgspec

from enrich.network.standing import Standing
from store import durable
from store.layout import Layout


def read(layout: Layout) -> dict[str, Standing]:
    """The standing of each provider that is known of."""
    try:
        return msgspec.json.decode(layout.standings.read_bytes(), type=dict[str, Standing])
    except (OSError, msgspec.DecodeError):
        return {}


def update(layout: Layout, changes: Mapping[str, Callable[[Standing], Standing]]) -> None:
    """Change the standing of some providers; runs that end together lose nothing."""
    with filelock.FileLock(layout.standings.with_suffix(".lock")):
        before = read(layout)
        now = before | {
            name: change(before.get(name, Standing())) for name, change in changes.items()
        }
        if now != before:
            durable.write(layout.standings, msgspec.json.encode(now))
