"""How does a stream of bytes become a body or a file, within bounds and never half?"""

from __future__ import annotations

import asyncio
import os
import tempfile
import zlib
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple, Protocol


class UnfitError(Exception):
    """A file is not what was asked for; the message completes "the host sent …"."""


class TooLargeError(Exception):
    """More bytes came than were allowed, and would come again."""


PIECE = 1 << 20
"""Bytes that are unpacked at a time, however small they were packed."""


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

    def aiter_raw(self) -> AsyncIterator[bytes]: ...


async def pieces(answer: Stream) -> AsyncIterator[bytes]:
    """The unpacked bytes of an answer, piece by piece.

    httpx would unpack each piece whole, a thousand times its size, and takes a cut one for the
    end. Packed twice it fills the memory before anybody can count. Raises EOFError for what does
    not unpack to its end.
    """
    packing = answer.headers.get("content-encoding", "").strip().lower()
    if packing not in ("", "identity", "gzip", "x-gzip"):
        raise TooLargeError
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    has_begun = False
    async for piece in answer.aiter_raw():
        if packing in ("", "identity"):
            yield piece
            continue
        try:
            while piece:
                has_begun = True
                yield unpacker.decompress(piece, PIECE)
                piece = unpacker.unconsumed_tail
        except zlib.error:
            raise EOFError from None
        if unpacker.eof:
            return
    if has_begun:
        yield unpacker.flush()
        if not unpacker.eof:
            raise EOFError


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
