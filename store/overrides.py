"""The file of people's decisions on the disk: read whole, written whole, its bytes kept."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import filelock

from enrich.errors import ConfigError, StoreError
from store import durable
from store.layout import Layout

PATIENCE = 30.0
"""Seconds that a decision waits for another one to be written."""

MOST_BYTES = 10_000_000
"""A larger file is refused: no person took that many decisions."""


@dataclass(frozen=True, slots=True)
class Overrides:
    """An `overrides.toml` as it stands; without text where there is none."""

    path: Path
    text: str = ""
    has_mark: bool = False

    def write(self, text: str) -> None:
        """Put another text in its place, in one step and with the byte order mark it had."""
        mark = codecs.BOM_UTF8 if self.has_mark else b""
        durable.write(self.path.resolve(), mark + text.encode("utf-8"))


@contextmanager
def deciding(layout: Layout) -> Iterator[None]:
    """One at a time: between reading the file and writing it no other decision is lost.

    Raises:
        StoreError: another one takes too long.
    """
    layout.work.mkdir(parents=True, exist_ok=True)
    try:
        with filelock.FileLock(layout.deciding, timeout=PATIENCE):
            yield
    except filelock.Timeout:
        raise StoreError(
            f"{layout.deciding}: another decision is being written; try again"
        ) from None


def read(path: Path) -> Overrides:
    """Read the file, which need not be there.

    Raises:
        ConfigError: it cannot be read, is too large, or is no UTF-8.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        return Overrides(path)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from None
    if len(content) > MOST_BYTES:
        raise ConfigError(f"{path}: is larger than {MOST_BYTES:,} bytes")
    mark = content.startswith(codecs.BOM_UTF8)
    try:
        text = content.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{path}: line {line}: not valid TOML: it is no UTF-8") from None
    return Overrides(path, text, mark)
