"""Reading the configured lists: from a file or the web, or as they were when last good."""

from __future__ import annotations

import asyncio
import hashlib
import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from enrich import lists
from enrich.configuration import Configuration
from enrich.errors import PapertideError
from enrich.library import ListState
from enrich.model import Entry, Parsed
from enrich.settings import ListSource
from store import copies
from store.layout import Layout


class ListUnreadable(PapertideError):
    """A list cannot be read, and there is no good copy of it."""


@dataclass(frozen=True, slots=True)
class ListRead:
    """A list as it enters the night. `trouble`: why an older copy had to do, if it had to.

    `parsed`: None for the very bytes that the same parser read for the last snapshot.
    """

    state: ListState
    content: bytes
    parsed: Parsed | None
    trouble: str | None = None

    def is_in(self, lists: Mapping[str, ListState]) -> bool:
        """Whether these lists have it as it is: the same bytes, read by the same parser."""
        return _is_known(lists.get(self.state.list_id), self.state.sha256)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Its entries, read now if they were not yet."""
        return (self.parsed or lists.parse(self.content)).entries


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
            state, parsed = _read(source, content, old, now)
            if not state.entries:
                raise PapertideError(f"{source.source}: names no work")
        except (PapertideError, TimeoutError) as error:
            if isinstance(error, TimeoutError):
                error = PapertideError(f"{source.source}: did not come before the deadline")
            if good is None:
                raise ListUnreadable(
                    f"list {source.name}: {error}; there is no earlier copy of it to use"
                ) from None
            state, parsed = _read(source, good[0], old, old.fetched_at if old else now)
            trouble = f"list {source.name}: {error}; its last good copy was used"
            read.append(ListRead(state, good[0], parsed, trouble))
        else:
            if keep and good != (content, info):
                copies.keep(layout, source.name, content, info)
            read.append(ListRead(state, content, parsed))
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


def _good_copy(layout: Layout, source: ListSource) -> tuple[bytes, copies.CopyInfo] | None:
    """The last good copy, unless it was made of another file or address."""
    good = copies.last_good(layout, source.name)
    return good if good and good[1].source == source.source else None


async def _fetch(
    source: ListSource,
    configuration: Configuration,
    good: tuple[bytes, copies.CopyInfo] | None,
    *,
    offline: bool,
) -> tuple[bytes, copies.CopyInfo]:
    limit = configuration.settings.parse.max_bytes
    if source.url is None:
        path = configuration.folder / source.source
        return read_file(path, limit), copies.CopyInfo(source.source)
    if not offline:
        return await _fetch_web(source.url, source.source, configuration, good, limit)
    if good is None:
        raise PapertideError(f"{source.source}: was never fetched")
    return good


async def _fetch_web(
    url: str,
    shown: str,
    configuration: Configuration,
    good: tuple[bytes, copies.CopyInfo] | None,
    limit: int,
) -> tuple[bytes, copies.CopyInfo]:
    from enrich.sources import lists as web
    from enrich.sources.opening import open_gateway
    from flows.night.providers import around

    seen = good[1] if good else copies.CopyInfo(shown)
    shared = around(Layout(configuration.store_dir))
    async with open_gateway("lists", configuration.settings, url, around=shared) as gateway:
        copy = await web.fetch(gateway, url, seen.etag, seen.last_modified, limit)
    if copy.data is None and good is not None:
        return good
    return copy.data or b"", copies.CopyInfo(shown, copy.etag, copy.last_modified)


def _read(
    source: ListSource, content: bytes, old: ListState | None, at: datetime
) -> tuple[ListState, Parsed | None]:
    """A list and its entries; none of these where they are those of the last snapshot."""
    digest = hashlib.sha256(content).hexdigest()
    parsed = None
    if old is not None and _is_known(old, digest):
        entries = old.entries
    else:
        parsed = lists.parse(content)
        entries = len(parsed.entries)
    return ListState(
        list_id=source.name,
        name=source.name,
        source=source.source,
        sha256=digest,
        entries=entries,
        fetched_at=at,
        read_by=_parser(),
    ), parsed


def _is_known(known: ListState | None, digest: str) -> bool:
    return known is not None and (known.sha256, known.read_by) == (digest, _parser())


@cache
def _parser() -> str:
    """A digest of the code that reads lists: whatever of it changes may read them another way."""
    folder = Path(lists.__file__).parent
    files = [*folder.glob("*.py"), *(folder.parent / name for name in ("ids.py", "canonical.py"))]
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(file.read_bytes())
    return digest.hexdigest()
