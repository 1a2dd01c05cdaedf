"""How long does a whole process take, how much memory, and is that within its limit?

Imports nothing but the standard library: a child's peak memory starts at its parent's.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024
"""Bytes in which the system counts `ru_maxrss`."""


class Unmeasured(Exception):
    """A figure could not be had; the message says why."""


class Ended(NamedTuple):
    """A process that has ended. `seconds` on the wall; `megabytes`, of 1e6 bytes, at its peak."""

    code: int
    seconds: float
    megabytes: float
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Row:
    """A figure against what it may be at most; without a `limit` nothing is promised."""

    what: str
    measured: float
    limit: float | None = None
    unit: str = ""
    note: str = ""

    @property
    def is_missed(self) -> bool:
        """Whether the promise is broken."""
        return self.limit is not None and self.measured > self.limit


def run(command: Sequence[str], environ: Mapping[str, str], patience: float = 300.0) -> Ended:
    """Run a command to its end; after `patience` seconds it is killed."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        began = time.monotonic()
        process = subprocess.Popen(
            command, env=dict(environ), stdin=subprocess.DEVNULL, stdout=out, stderr=err
        )
        watchdog = threading.Timer(patience, process.kill)
        watchdog.start()
        try:
            _, status, usage = os.wait4(process.pid, 0)
            seconds = time.monotonic() - began
            process.returncode = os.waitstatus_to_exitcode(status)
        except BaseException:
            process.kill()
            raise
        finally:
            watchdog.cancel()
        said = []
        for file in (out, err):
            file.seek(0)
            said.append(file.read().decode("utf-8", "replace"))
    peak = usage.ru_maxrss * MAXRSS_UNIT / 1e6
    return Ended(process.returncode, seconds, peak, *said)


class Report:
    """One table on stdout, a group of rows at a time; counts what was missed or not measured."""

    def __init__(self) -> None:
        self.missed = 0
        self.unmeasured = 0
        print(f"{'':52}{'measured':>12}{'limit':>12}{'ratio':>8}", flush=True)

    def group(self, title: str, rows: Iterable[Row]) -> None:
        """Show a group of rows, which are measured as they are asked for."""
        print(f"{title}", flush=True)
        try:
            for row in rows:
                self.missed += row.is_missed
                print(line(row), flush=True)
        except Unmeasured as error:
            self.unmeasured += 1
            print(f"  COULD NOT BE MEASURED: {error}", flush=True)


def line(row: Row) -> str:
    """A row as it is shown; the ratio is measured / limit."""
    limit = "" if row.limit is None else _number(row.limit, row.unit)
    ratio = f"{row.measured / row.limit:.2f}" if row.limit else ""
    mark = "  MISSED" if row.is_missed else ""
    note = f"  {row.note}" if row.note else ""
    return f"  {row.what:50}{_number(row.measured, row.unit):>12}{limit:>12}{ratio:>8}{mark}{note}"


def _number(value: float, unit: str) -> str:
    is_whole = value == int(value) or value >= 100
    return (f"{value:,.0f}" if is_whole else f"{value:,.2f}") + (f" {unit}" if unit else "")
