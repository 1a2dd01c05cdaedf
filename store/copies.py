"""The last good copy of every reading list, and what its server said of it."""

from __future__ import annotations

import msgspec

from store import durable
from store.layout import Layout


class CopyInfo(msgspec.Struct, frozen=True):
    """Where a copy came from. `etag`, `last_modified`: the server's validators, as sent."""

    source: str
    etag: str | None = None
    last_modified: str | None = None


def keep(layout: Layout, name: str, content: bytes, info: CopyInfo) -> None:
    """Remember these bytes as the last good ones of the list."""
    durable.write(layout.lists / f"{name}.copy", content)
    durable.write(layout.lists / f"{name}.json", msgspec.json.encode(info))


def last_good(layout: Layout, name: str) -> tuple[bytes, CopyInfo] | None:
    """The last good copy of a list, if there is one."""
    try:
        content = (layout.lists / f"{name}.copy").read_bytes()
        info = msgspec.json.decode((layout.lists / f"{name}.json").read_bytes(), type=CopyInfo)
    except (OSError, msgspec.DecodeError):
        return None
    return content, info
