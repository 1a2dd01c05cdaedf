"""What is told on stderr: lines for people, or one JSON object each for whoever collects logs."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from enrich.errors import ConfigError

VARIABLE = "PAPERTIDE_LOG"
FORMATS = ("text", "json")


class Log:
    """How this process speaks. `run_id`: of the run that it carries out, once there is one."""

    def __init__(self) -> None:
        self.is_json = False
        self.run_id: str | None = None

    def open(self, environ: Mapping[str, str]) -> None:
        """Speak as the environment says, about no run yet.

        Raises:
            ConfigError: it names no format that there is.
        """
        wanted = environ.get(VARIABLE) or FORMATS[0]
        if wanted not in FORMATS:
            raise ConfigError(f"{VARIABLE}: {wanted!r} is neither text nor json")
        self.is_json, self.run_id = wanted == "json", None

    def tell(self, level: str, event: str, message: str, /, **more: Any) -> None:
        """One line. `level`: debug, info, warning or error; `event`: what kind of thing happened;
        `more`: the message's values, which are only in the JSON."""
        if not self.is_json:
            print(safe(message), file=sys.stderr)
            return
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        about = {"run_id": self.run_id} if self.run_id else {}
        told = {"time": now, "level": level, "event": event, "message": message, **about, **more}
        # ASCII alone: nothing in a list steers whatever shows the log.
        print(json.dumps(told), file=sys.stderr, flush=True)


LOG = Log()
"""The log of this process, as `sys.stderr` is."""


def safe(text: str) -> str:
    """Text without the control characters by which a list could steer the terminal."""
    return "".join(c if is_harmless(c) else "\ufffd" for c in text)


def is_harmless(c: str) -> bool:
    """Whether a character steers nothing."""
    return c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Cs")
