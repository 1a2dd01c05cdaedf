"""Requests and answers on their way: read whole, sent late, long or short on purpose."""

from __future__ import annotations

import asyncio
from datetime import datetime
from email.utils import format_datetime
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from enrich.sandbox.wire import Ask, Reply

SIMULATED = {"x-papertide-simulated": "1"}
"""The header that every answer carries."""

LARGEST_BODY = 10_000_000
"""Bytes of a request's body; what comes after is not looked at."""
_BLANK = b" " * 1_000_000


async def asked(scope: Scope, receive: Receive, path: str) -> Ask:
    """The request as the services see it.

    Raises:
        ClientDisconnect: the client went away before it had said all.
    """
    request = Request(scope, receive)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk[: LARGEST_BODY - len(body)]
    target = scope.get("raw_path", b"").partition(b"?")[0] + b"?" + scope["query_string"]
    return Ask(
        request.method,
        path,
        tuple(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)),
        dict(request.headers),
        bytes(body),
        len(target),
        str(request.url),
    )


async def transmit(reply: Reply, now: datetime, receive: Receive, send: Send) -> None:
    """Send an answer. One that lacks bytes is left unfinished: the server cuts the connection."""
    if reply.delay and await _gone(receive, reply.delay):
        return
    headers = {
        "date": format_datetime(now, usegmt=True),
        **SIMULATED,
        **dict(reply.headers),
    }
    if reply.status != 304:
        length = len(reply.body) + reply.padding * len(_BLANK) + reply.missing
        headers |= {"content-type": reply.media, "content-length": str(length)}
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": reply.status, "headers": raw})
    for _ in range(reply.padding):
        await send({"type": "http.response.body", "body": _BLANK, "more_body": True})
    unfinished = bool(reply.missing)
    await send({"type": "http.response.body", "body": reply.body, "more_body": unfinished})


async def _gone(receive: Receive, seconds: float) -> bool:
    """Wait; whether the client went away meanwhile."""
    try:
        async with asyncio.timeout(seconds):
            while (await receive())["type"] != "http.disconnect":
                pass
    except TimeoutError:
        return False
    return True
