"""The last good copy of every reading list, and what its server said of it."""

from __future__ import annotations

import hashlib

import msgspec

from store import durable
from store.layout import Layout


class CopyInfo(msgspec.Struct, frozen=True):
    """Where a copy came from. `etag`, `last_modified`: the server's validators, as sent."""

    source: str
    etag: str | None = None
    last_modified: str | None = None


class _Note(CopyInfo, frozen=True):
    """What is written beside a copy. `sha256`: of the bytes that it was written for."""

    sha256: str | None = None


def keep(layout: Layout, name: str, content: bytes, info: CopyInfo) -> None:
    """Remember these bytes as the last good ones of the list."""
    note = _Note(info.source, info.etag, info.last_modified, _digest(content))
    durable.write(layout.lists / f"{name}.copy", content)
    durable.write(layout.lists / f"{name}.json", msgspec.json.encode(note))


def last_good(layout: Layout, name: str) -> tuple[bytes, CopyInfo] | None:
    """The last good copy of a list, if there is one."""
    try:
        content = (layout.lists / f"{name}.copy").read_bytes()
        note = msgspec.json.decode((layout.lists / f"{name}.json").read_bytes(), type=_Note)
    except (OSError, msgspec.DecodeError):
        return None
    if note.sha256 not in (None, _digest(content)):
        # Two runs kept it at once, or one was killed: other bytes' validators say nothing of these.
        return content, CopyInfo(note.source)
    return content, CopyInfo(note.source, note.etag, note.last_modified)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
