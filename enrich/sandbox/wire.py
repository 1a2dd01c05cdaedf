"""What a service is asked and what it answers, without a web framework."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple


class Fault(NamedTuple):
    """A fault to serve in this answer: its kind, and the value that the specification gave it."""

    kind: str
    value: str | None = None


class Ask(NamedTuple):
    """One request: `path` is below the service's base and decoded, `url_length` is in bytes."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = {}
    body: bytes = b""
    url_length: int = 0
    url: str = ""
    fault: Fault | None = None

    def first(self, name: str, default: str = "") -> str:
        """The first value of a query parameter."""
        return next((value for key, value in self.query if key == name), default)

    def spoilt(self, kind: str) -> bool:
        """Whether the answer shall have this fault."""
        return self.fault is not None and self.fault.kind == kind


class Reply(NamedTuple):
    """One answer. `asked` names what the client wanted, for the count of what was asked twice."""

    body: bytes = b""
    status: int = 200
    media: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()
    asked: tuple[str, ...] = ()
    delay: float = 0.0
    """Seconds until the answer starts."""
    missing: int = 0
    """Bytes that the declared length promises and the body does not bring."""
    padding: int = 0
    """Megabytes of white space sent before the body."""


Handler = Callable[[Ask], Reply]
"""Answers one endpoint."""


def json_reply(content: Any, status: int = 200, asked: tuple[str, ...] = ()) -> Reply:
    """An answer in JSON, spelled as these services do: a space after comma and colon."""
    return Reply(json.dumps(content).encode(), status, "application/json", asked=asked)


def html_reply(status: int, text: str) -> Reply:
    """A page such as a proxy in front of a service makes."""
    page = f"<html><head><title>{text}</title></head><body><h1>{text}</h1></body></html>\n"
    return Reply(page.encode(), status, "text/html")


def json_object(body: bytes) -> dict[str, Any]:
    """A request's body as a JSON object; anything else is an empty one."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}
