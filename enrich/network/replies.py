"""What does an HTTP answer mean, before any provider's own rules?"""

from __future__ import annotations

import json
import math
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, NamedTuple

from enrich.errors import Absent, Busy, Refused, SourceError

TRANSIENT = frozenset({429, 500, 502, 503, 504})
"""Statuses after which the same request may succeed (upstream-apis section 2)."""


class Reply(NamedTuple):
    """An answer as it came: its status, its headers (any case), its whole decoded body."""

    status: int
    headers: Mapping[str, str]
    content: bytes


Judge = Callable[[Reply, str, datetime], SourceError | None]
"""The error that an answer is, or None: from the answer, its host, and the wall-clock time."""


def by_status(reply: Reply, host: str, now: datetime) -> SourceError | None:
    """The judgement that fits every provider: what the status alone says."""
    status = reply.status
    if 200 <= status < 300 or status == 304:
        return None
    # Error bodies are short; a long one is a page for people.
    body = reply.content[:2000].decode("utf-8", "replace")
    sentence = _sentence(reply, host)
    if status in TRANSIENT:
        after = retry_after(reply.headers, now)
        return Busy(sentence, status=status, body=body, after=after)
    if status in (404, 410):
        return Absent(sentence, status=status, body=body)
    return Refused(sentence, status=status, body=body)


def by_status_of_endpoint(reply: Reply, host: str, now: datetime) -> SourceError | None:
    """As `by_status`, for an address that always exists: a 404 there is no miss but a failure.

    A wrong base URL, a proxy or a portal answers so for everything. Nor is there an answer in any
    success but 200: nothing (204), a part of it (206), or the word that nothing changed (304).
    """
    error = by_status(reply, host, now)
    if isinstance(error, Absent):
        return Refused(str(error), status=error.status, body=error.body)
    if error is None and reply.status != 200:
        return Busy(_sentence(reply, host), status=reply.status)
    return error


def retry_after(headers: Mapping[str, str], now: datetime) -> float:
    """Seconds that a `Retry-After` header asks to wait, in either of its forms; 0 without one."""
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return 0.0
    return until(moment, now)


def until(moment: datetime, now: datetime) -> float:
    """Seconds from now to a moment (UTC where it names no zone), 0 for one that has passed."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())


def json_of(content: bytes) -> Any:
    """The JSON value that a body is; ValueError for anything else, however it is broken.

    A number beyond all (`1e999`) reads as null: it could not be written as JSON again.
    """
    try:
        text = content.decode("utf-8-sig")
        return json.loads(text, parse_constant=_refuse, parse_float=_finite)
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def _finite(written: str) -> float | None:
    number = float(written)
    return number if math.isfinite(number) else None


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is no JSON")


def cause(error: BaseException) -> str:
    """Why a request got no answer, in words for people and without anything that was sent."""
    for inner in _chain(error):
        if isinstance(inner, ssl.SSLError):
            return "its certificate or encryption was not accepted"
        if isinstance(inner, socket.gaierror):
            return "its name could not be resolved"
        if isinstance(inner, ConnectionRefusedError):
            return "connection refused"
        if isinstance(inner, TimeoutError):
            return "it took too long"
    return "the connection failed"


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and what caused it, first cause last; groups opened."""
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        if isinstance(seen, BaseExceptionGroup):
            for inner in seen.exceptions:
                yield from _chain(inner)
        seen = seen.__cause__ or seen.__context__


def _sentence(reply: Reply, host: str) -> str:
    try:
        phrase = HTTPStatus(reply.status).phrase
    except ValueError:
        phrase = "an unknown status"
    return f"{host} answered {reply.status} ({phrase})"
