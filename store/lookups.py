"""What was looked up in the catalogue, kept until that changes: a cache, which may be lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from store import durable


class _File(msgspec.Struct, frozen=True):
    version: str
    near: dict[str, list[int]]


def read(path: Path, version: str) -> dict[str, list[int]]:
    """What was found under titles in this version of the catalogue, by title key."""
    try:
        kept = msgspec.json.decode(path.read_bytes(), type=_File)
    except (OSError, msgspec.DecodeError):
        return {}
    return kept.near if kept.version == version else {}


def write(path: Path, version: str, near: Mapping[str, Sequence[int]]) -> None:
    """Keep what was found."""
    found = {title: list(numbers) for title, numbers in near.items()}
    durable.write(path, msgspec.json.encode(_File(version, found)))
