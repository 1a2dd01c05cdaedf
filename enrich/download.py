"""How does a stream of bytes become a body or a file, within bounds and never half?"""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple, Protocol


class UnfitError(Exception):
    """A file is not what was asked for; the message completes "the host sent …"."""


class TooLargeError(Exception):
    """More bytes came than were allowed, and would come again."""


class Download(NamedTuple):
    """How a conditional download ended, and what to send next time."""

    changed: bool
    etag: str | None
    last_modified: str | None


def conditions(etag: str | None, last_modified: str | None) -> dict[str, str]:
    """The headers of a conditional GET for what was seen before."""
    seen = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {name: value for name, value in seen.items() if value}


class Stream(Protocol):
    """An answer whose bytes are still to come; an `httpx.Response`."""

    @property
    def headers(self) -> Mapping[str, str]: ...

    def aiter_bytes(self) -> AsyncIterator[bytes]: ...


def pieces(answer: Stream) -> AsyncIterator[bytes]:
    """The unpacked bytes of an answer, piece by piece.

    What is packed once unpacks to a thousand times its size, and is counted as it comes. Packed
    twice it fills the memory before anybody can count.
    """
    if answer.headers.get("content-encoding", "").strip().lower() not in ("", "identity", "gzip"):
        raise TooLargeError
    return answer.aiter_bytes()


async def body(chunks: AsyncIterator[bytes], max_bytes: int) -> bytes:
    """All the bytes of a stream."""
    collected = bytearray()
    async for chunk in chunks:
        collected += chunk
        if len(collected) > max_bytes:
            raise TooLargeError
    return bytes(collected)


async def save(
    chunks: AsyncIterator[bytes],
    to: Path,
    max_bytes: int,
    verify: Callable[[Path], object],
) -> None:
    """Write a stream beside a file, verify it, and put it in the file's place.

    On any error (also `verify`'s) the old file stays as it was and nothing is left behind.
    """
    handle, name = tempfile.mkstemp(dir=to.parent, prefix=f".{to.name}.")
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            written = 0
            async for chunk in chunks:
                written += len(chunk)
                if written > max_bytes:
                    raise TooLargeError
                file.write(chunk)
            file.flush()
            await asyncio.to_thread(os.fsync, file.fileno())
        await asyncio.to_thread(verify, draft)
        os.replace(draft, to)  # noqa: PTH105  # a rename does not block
    finally:
        with suppress(FileNotFoundError):
            os.unlink(draft)  # noqa: PTH108  # nor does this
