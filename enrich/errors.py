"""The errors of a source, named for what the caller does next.

SourceError
├── Absent    the source answered, and has no such thing: remember the miss
├── Busy      the source could not answer now: keep the old value, ask another time
└── Refused   asking again the same way will not help: say so, go on without
"""

from __future__ import annotations


class PapertideError(Exception):
    """Anything a person is told in one line: what failed, where, and what to do."""


class SourceError(PapertideError):
    """A source did not give what was asked. `status` is the HTTP status, where there was one."""

    def __init__(self, message: str, *, status: int | None = None, body: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.body = body


class Absent(SourceError):
    """The source answered validly that it has no such thing."""


class Busy(SourceError):
    """The source could not answer now. `after` is how many seconds it asked us to wait."""

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        body: str = "",
        after: float = 0.0,
    ) -> None:
        super().__init__(message, status=status, body=body)
        self.after = after


class Refused(SourceError):
    """The source will not answer this request, however often it is sent."""


class ConfigError(PapertideError):
    """The configuration is wrong; the message names the key and the nearest right one."""


class StoreError(PapertideError):
    """The store could not be read or written; nothing was published."""
