"""How Papertide speaks: results on stdout, everything else on stderr, nothing that could harm."""

from __future__ import annotations

import io
import json
import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows.log import LOG, is_harmless, safe


class Unread(Exception):
    """Nobody reads the output any more, as with `| head`."""


@dataclass(frozen=True, slots=True)
class Terminal:
    """The output that the person asked for. `verbosity`: -1 quiet, 0 usual, 1 talkative."""

    as_json: bool = False
    verbosity: int = 0

    def result(self, text: str) -> None:
        """A line of the result, for people; with --json there is only the document."""
        if not self.as_json:
            print(safe(text))

    def document(self, value: Any) -> None:
        """The result as one line of JSON, if that was asked for."""
        if self.as_json:
            print(as_json(value))

    def note(self, text: str) -> None:
        """A line that a person should see, also when the result goes into a pipe."""
        if self.verbosity >= 0:
            LOG.tell("info", "note", text)

    def detail(self, text: str, event: str = "detail", **more: Any) -> None:
        """A line for who asked for more; `event` and `more` as in `Log.tell`."""
        if self.verbosity > 0:
            LOG.tell("debug", event, text, **more)


def as_json(value: Any) -> str:
    """One line of JSON, in plain ASCII where the output cannot take more; what could steer a
    terminal is written as its number."""
    encoding = (sys.stdout.encoding or "").lower().replace("-", "")
    text = json.dumps(value, ensure_ascii=encoding != "utf8")
    return "".join(c if is_harmless(c) else json.dumps(c)[1:-1] for c in text)


def open_streams() -> None:
    """Make the standard streams fit for any text, also where they were closed or are ASCII."""
    if sys.stdin is None:
        sys.stdin = Path(os.devnull).open(encoding="utf-8")  # noqa: SIM115  # for good
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            nowhere = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  # for good
            setattr(sys, name, nowhere)
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def close_streams() -> None:
    """Turn away from streams that nobody reads: what is left in them is no trouble at the end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            os.dup2(nowhere, stream.fileno())


def complain(text: str) -> None:
    """Why the command ends, in one line."""
    line = " ".join(text.split())
    LOG.tell("error", "failed", line if LOG.is_json else f"papertide: {line}")
