"""The ACL Anthology as a source: its bulk file kept up to date, and looked into."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from enrich import titles
from enrich.errors import PapertideError
from enrich.model import Identifier, Outcome, Told
from enrich.network.download import UnfitError
from enrich.sources.fields import is_damaged
from enrich.sources.telling import DAMAGED, blame, failed
from store import durable
from store.catalog import Bulk, Catalog
from store.lock import holding

if TYPE_CHECKING:
    from enrich.sources.acl_anthology import AclAnthology

NAME = "acl_anthology"
FILE = "anthology+abstracts.bib.gz"


def is_due(catalog: Catalog, refresh_after: timedelta, now: datetime) -> bool:
    """Whether the server is to be asked whether it has a new bulk file."""
    bulk = catalog.bulk(NAME)
    return bulk is None or not bulk.checked_at <= now < bulk.checked_at + refresh_after


class _Stopped(Exception):
    """The run ended while the bulk file was being read."""


class Anthology:
    """Answers from the catalogue, once the server confirmed or renewed the bulk file.

    `known`: identifiers that an earlier bulk file had. `max_loss`: the share of papers that a new
    one may lack. `trouble` says why the file could not be
    brought up to date, if it could not; the catalogue is then as it was.
    """

    name = NAME
    batch_size = 1_000_000
    titles_per_request = 0

    def __init__(
        self,
        remote: AclAnthology,
        catalog: Catalog,
        downloads: Path,
        refresh_after: timedelta,
        known: Collection[Identifier],
        max_loss: float,
        now: datetime,
    ) -> None:
        self.gateway = remote.gateway
        self.trouble: str | None = None
        self._remote = remote
        self._catalog = catalog
        self._file = downloads / FILE
        self._note = downloads / f"{FILE}.json"
        self._refresh_after = refresh_after
        self._known = known
        self._max_loss = max_loss
        self._now = now
        self._fresh: asyncio.Task[None] | None = None
        self._stopped = threading.Event()

    def is_due(self) -> bool:
        """Whether the server is to be asked for the bulk file."""
        return is_due(self._catalog, self._refresh_after, self._now)

    async def refresh(self) -> None:
        """Bring the catalogue up to date, at most once in a run."""
        if self._fresh is None:
            self._fresh = asyncio.ensure_future(self._refresh())
        await self._fresh

    async def ask(self, batch: Sequence[Identifier]) -> list[Told]:
        """What the bulk file says of each of these works.

        One that an earlier file had and this one has not was retracted or removed: nothing else
        makes the file drop a paper (upstream-apis.md, section 6.3).
        """
        await self.refresh()
        if self._catalog.bulk(NAME) is None:
            lost = failed(NAME, batch, self.trouble or "there is no bulk file")
            blame(self.gateway, lost.values())
            return list(lost.values())
        found = self._catalog.found([identifier.value for identifier in batch])
        told = [self._told(identifier, found.get(identifier.value)) for identifier in batch]
        blame(self.gateway, told)
        return told

    async def search(self, titles: Sequence[str]) -> list[Told]:
        """Nothing: titles are looked up in the catalogue, without asking anybody."""
        return []

    def _told(self, identifier: Identifier, body: str | None) -> Told:
        # An old file says nothing new of a paper that it was asked for, nor that there is none.
        stale = self.trouble is not None
        if body is not None and not (stale and identifier in self._known):
            if is_damaged(msgspec.json.decode(body).get("title")):
                return Told(NAME, identifier, Outcome.FAILED, reason=DAMAGED)
            return Told(NAME, identifier, Outcome.OK, body)
        if stale:
            return Told(NAME, identifier, Outcome.FAILED, reason=self.trouble)
        reason = "left_anthology" if identifier in self._known else "unknown"
        return Told(NAME, identifier, Outcome.NOT_FOUND, reason=reason)

    async def _refresh(self) -> None:
        if not self.is_due():
            return
        try:
            async with holding(self._catalog.lock):
                if self.is_due():  # unless another run renewed it, while this one waited
                    await self._renew()
        except asyncio.CancelledError:
            self._stopped.set()  # the thread must not outlive the run by the half minute it takes
            raise
        except (PapertideError, OSError) as error:
            self.trouble = str(error)
        except UnfitError as error:  # what `verify` cannot see
            self.trouble = f"the server sent {error}"

    async def _renew(self) -> None:
        old, file = self._catalog.bulk(NAME), self._fetched()
        self._file.parent.mkdir(parents=True, exist_ok=True)
        for debris in self._file.parent.glob(".*"):  # of one who was killed meanwhile
            debris.unlink(missing_ok=True)
        download = await self._remote.refresh(
            self._file, file.etag if file else None, file.last_modified if file else None
        )
        simulated = self.gateway.tally.simulated
        new = Bulk(NAME, download.etag, download.last_modified, self._now, simulated, 0)
        if download.changed:
            durable.write(self._note, msgspec.json.encode(new))
        if download.changed or old is None or old.validators != new.validators:
            least = int(old.papers * (1 - self._max_loss)) if old else 0
            await asyncio.to_thread(self._load, new, least)
        else:
            self._catalog.confirm(replace(old, checked_at=self._now))

    def _fetched(self) -> Bulk | None:
        """The file on the disk, which a run that was stopped may have left unread."""
        if not self._file.exists():
            return None
        try:
            return msgspec.json.decode(self._note.read_bytes(), type=Bulk)
        except (OSError, msgspec.DecodeError):
            return None

    def _load(self, bulk: Bulk, at_least: int) -> None:
        with suppress(_Stopped):
            self._catalog.load(bulk, self._rows(), at_least)

    def _rows(self) -> Iterator[Mapping[str, Any]]:
        from enrich import bibtex

        for paper in bibtex.papers(self._file):
            if self._stopped.is_set():
                raise _Stopped
            yield {**asdict(paper), "key": titles.key(paper.title)}
