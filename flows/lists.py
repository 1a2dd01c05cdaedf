"""Reading the configured lists: from a file or the web, or as they were when last good."""

from __future__ import annotations

import asyncio
import hashlib
import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from enrich import lists
from enrich.configuration import Configuration
from enrich.errors import PapertideError
from enrich.library import ListState
from enrich.model import Parsed
from enrich.settings import ListSource
from store import copies
from store.layout import Layout


class ListUnreadable(PapertideError):
    """A list cannot be read, and there is no good copy of it."""


@dataclass(frozen=True, slots=True)
class ListRead:
    """A list as it enters the night. `trouble`: why an older copy had to do, if it had to."""

    state: ListState
    parsed: Parsed
    trouble: str | None = None


async def read_lists(
    configuration: Configuration,
    chosen: Collection[str],
    before: Mapping[str, ListState],
    now: datetime,
    *,
    offline: bool,
    keep: bool = True,
    until: float | None = None,
) -> list[ListRead]:
    """Read each chosen list, or take its last good copy; `keep` good ones for another time.

    `until`: when to wait no longer for a list on the web, on the event loop's clock.

    Raises:
        ListUnreadable: a list cannot be read now and never was.
    """
    layout = Layout(configuration.store_dir)
    read = []
    for source in configuration.settings.lists:
        if source.name not in chosen:
            continue
        old = before.get(source.name)
        good = _good_copy(layout, source)
        try:
            async with asyncio.timeout_at(until):
                content, info = await _fetch(source, configuration, good, offline=offline)
            parsed = lists.parse(content)
            if not parsed.entries:
                raise PapertideError(f"{_where(source)}: names no work")
        except (PapertideError, TimeoutError) as error:
            if isinstance(error, TimeoutError):
                error = PapertideError(f"{_where(source)}: did not come before the deadline")
            if good is None:
                raise ListUnreadable(
                    f"list {source.name}: {error}; there is no earlier copy of it to use"
                ) from None
            parsed = lists.parse(good[0])
            state = _state(source, good[0], parsed, old.fetched_at if old else now)
            trouble = f"list {source.name}: {error}; its last good copy was used"
            read.append(ListRead(state, parsed, trouble))
        else:
            if keep and good != (content, info):
                copies.keep(layout, source.name, content, info)
            read.append(ListRead(_state(source, content, parsed, now), parsed))
    return read


def read_named(path: Path, limit: int) -> bytes:
    """The bytes of what a person named: a file, a pipe such as `<(command)`, or `-`.

    Raises:
        PapertideError: it is missing, unreadable, or larger than `limit` bytes.
    """
    if str(path) != "-":
        return read_file(path, limit, is_waited_for=True)
    content = sys.stdin.buffer.read(limit + 1)
    if len(content) > limit:
        raise PapertideError(f"stdin: larger than [parse] max_bytes = {limit:,}")
    return content


def read_file(path: Path, limit: int, *, is_waited_for: bool = False) -> bytes:
    """The bytes of a list. `is_waited_for`: whether a person waits, who can end a pipe.

    Raises:
        PapertideError: it is missing, unreadable, no file, or larger than `limit` bytes.
    """
    try:
        # A pipe would never end.
        if path.is_dir() or (path.exists() and not (path.is_file() or is_waited_for)):
            raise PapertideError(f"{path}: is no file")
        with path.open("rb") as file:
            content = file.read(limit + 1)
    except OSError as error:
        raise PapertideError(f"{path}: cannot be read ({error.strerror})") from None
    if len(content) > limit:
        raise PapertideError(f"{path}: larger than [parse] max_bytes = {limit:,}")
    return content


def _where(source: ListSource) -> str:
    return source.path or source.url or ""


def _good_copy(layout: Layout, source: ListSource) -> tuple[bytes, copies.CopyInfo] | None:
    """The last good copy, unless it was made of another file or address."""
    good = copies.last_good(layout, source.name)
    return good if good and good[1].source == _where(source) else None


async def _fetch(
    source: ListSource,
    configuration: Configuration,
    good: tuple[bytes, copies.CopyInfo] | None,
    *,
    offline: bool,
) -> tuple[bytes, copies.CopyInfo]:
    limit = configuration.settings.parse.max_bytes
    if source.url is None:
        path = configuration.folder / _where(source)
        return read_file(path, limit), copies.CopyInfo(_where(source))
    if not offline:
        return await _fetch_web(source.url, configuration, good, limit)
    if good is None:
        raise PapertideError(f"{source.url}: was never fetched")
    return good


async def _fetch_web(
    url: str,
    configuration: Configuration,
    good: tuple[bytes, copies.CopyInfo] | None,
    limit: int,
) -> tuple[bytes, copies.CopyInfo]:
    from enrich.sources import lists as web
    from enrich.sources.opening import open_gateway
    from flows.providers import around

    seen = good[1] if good else copies.CopyInfo(url)
    shared = around(Layout(configuration.store_dir))
    async with open_gateway("lists", configuration.settings, url, around=shared) as gateway:
        copy = await web.fetch(gateway, url, seen.etag, seen.last_modified, limit)
    if copy.data is None and good is not None:
        return good
    return copy.data or b"", copies.CopyInfo(url, copy.etag, copy.last_modified)


def _state(source: ListSource, content: bytes, parsed: Parsed, at: datetime) -> ListState:
    return ListState(
        list_id=source.name,
        name=source.name,
        source=_where(source),
        sha256=hashlib.sha256(content).hexdigest(),
        entries=len(parsed.entries),
        fetched_at=at,
    )
