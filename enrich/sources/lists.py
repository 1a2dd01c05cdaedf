"""A reading list that is given by its address."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urlsplit

from enrich.errors import Busy
from enrich.network.download import conditions
from enrich.network.http import Gateway


class ListCopy(NamedTuple):
    """A list as it is now; `data` is None where it did not change since it was seen."""

    data: bytes | None
    etag: str | None
    last_modified: str | None


async def fetch(
    gateway: Gateway,
    url: str,
    etag: str | None,
    last_modified: str | None,
    max_bytes: int,
) -> ListCopy:
    """The list behind a URL, if it is another than the one seen before; raises SourceError."""
    host = urlsplit(url).hostname
    reply = await gateway.send(
        "GET", url, headers=conditions(etag, last_modified), max_bytes=max_bytes
    )
    if reply.status == 304:
        if not (etag or last_modified):
            raise Busy(f"{host} says that nothing changed, but was not asked that")
        return ListCopy(None, etag, last_modified)
    if reply.status != 200:
        raise Busy(f"{host} sent no whole list", status=reply.status)
    return ListCopy(reply.content, reply.headers.get("etag"), reply.headers.get("last-modified"))
