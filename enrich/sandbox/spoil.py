"""Faults that need no knowledge of the answer: refusals, pages, cuts and silences."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import format_datetime

from enrich.sandbox import atom, openreview
from enrich.sandbox.wire import Fault, Reply, html_reply, json_reply

_TITLES = {
    301: "Moved Permanently",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    410: "Gone",
    414: "Request-URI Too Long",
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}
_NAMES = {401: "TokenExpiredError", 403: "ForbiddenError", 404: "NotFoundError"}
_ENTITIES = b"""<?xml version="1.0"?>
<!DOCTYPE feed [<!ENTITY a "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">
<!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;">
<!ENTITY f "&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;"><!ENTITY x SYSTEM "file:///etc/hostname">]>
<feed xmlns="http://www.w3.org/2005/Atom"><title>&f;&x;</title></feed>
"""


def instead(fault: Fault, service: str, url: str, now: datetime) -> Reply | None:
    """The answer that a fault puts in the place of the right one; `None` if it changes that one."""
    kind, value = fault
    if kind.isdecimal():
        return _status(int(kind), value, service, url)
    seconds = float(value or 2) if kind in ("429-date", "reset") else 0.0
    later = now + timedelta(seconds=seconds)
    made: dict[str, Callable[[], Reply]] = {
        "429-date": lambda: too_many(service)._replace(
            headers=(("retry-after", format_datetime(later, usegmt=True)),)
        ),
        "html": lambda: html_reply(200, "The service is being maintained"),
        "empty": lambda: Reply(media="text/plain"),
        "rate-text": lambda: Reply(b"Rate exceeded.", media="text/plain"),
        "entities": lambda: Reply(_ENTITIES, media=atom.MEDIA),
        "challenge": openreview.challenge,
        "reset": lambda: openreview.rate_limited(36, 37, later, seconds),
        "bomb": lambda: Reply(_bomb(int(float(value or 2000))), media="application/x-gzip"),
    }
    return made[kind]() if kind in made else None


def changed(fault: Fault, reply: Reply) -> Reply:
    """The right answer, spoilt on its way; as it is where the fault is not one of the way."""
    half = len(reply.body) // 2
    match fault.kind:
        case "truncate":
            return reply._replace(body=reply.body[:half])
        case "wrong-length":
            return reply._replace(body=reply.body[:half], missing=len(reply.body) - half or 1)
        case "hang":
            return Reply(delay=float(fault.value or 3600), missing=1)
        case "slow":
            return reply._replace(delay=float(fault.value or 2))
        case "huge":
            return reply._replace(padding=int(float(fault.value or 100)))
    return reply


def too_many(service: str) -> Reply:
    """429 in the words of a service, without a hint how long to wait."""
    if service == "arxiv":
        return Reply(b"Rate exceeded.", 429, "text/plain")
    if service == "semantic_scholar":
        text = "Too Many Requests. Please wait and try again or apply for a key for higher limits."
        return json_reply({"message": text, "code": "429"}, 429)
    if service == "openreview":
        return openreview.error("RateLimitError", "Too many requests", 429)
    return html_reply(429, "Too Many Requests")


def _status(code: int, value: str | None, service: str, url: str) -> Reply:
    if code == 301:
        return Reply(b"", 301, "text/html", (("location", value or url),))
    if code == 429:
        wait = (("retry-after", value),) if value else ()
        return too_many(service)._replace(headers=wait)
    title = _TITLES[code]
    if service == "openreview" and code < 500:
        return openreview.error(_NAMES.get(code, "Error"), title, code)
    if service == "semantic_scholar" and code not in (502, 503, 414):
        return json_reply({"message": title}, code)
    return html_reply(code, title)


def _bomb(megabytes: int) -> bytes:
    """Gzip members of a megabyte of spaces each: readers take them as one file."""
    return gzip.compress(b" " * 1_000_000, 9, mtime=0) * megabytes
