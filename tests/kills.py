"""A night in a process of its own, which is killed at the moment it is about to touch the disk."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from enrich.configuration import load
from flows.night import night
from flows.night.tonight import Scope

TOUCHES = ("fsync", "replace", "unlink", "rmdir", "mkdir")
"""The calls of `os` that leave something behind; the process is killed just before one of them."""

# A server that has everything imported forks in milliseconds, and has no threads to be hurt by it.
_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["tests.kills"])


def night_killed_at(
    config: Path, environ: dict[str, str], touch: int | None, scope: Scope | None = None
) -> tuple[int, int]:
    """Run a night, and kill it just before the touch of that number, if it gets so far; its exit
    code (-9 killed), and how often it touched the disk."""
    receiver, sender = _context.Pipe(duplex=False)
    process = _context.Process(
        target=_night, args=(config, environ, touch, scope or Scope(), sender)
    )
    process.start()
    sender.close()
    try:
        touches = receiver.recv() if receiver.poll(120) else 0
    except EOFError:
        touches = touch or 0
    process.join(60)
    code = process.exitcode
    process.close()
    receiver.close()
    return code if code is not None else 1, touches


def _night(
    config: Path, environ: dict[str, str], touch: int | None, scope: Scope, told: Connection
) -> None:
    count = 0

    def touching(call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **named: Any) -> Any:
            nonlocal count
            count += 1
            if count == touch:
                os.kill(os.getpid(), signal.SIGKILL)
            return call(*args, **named)

        return counted

    for name in TOUCHES:
        setattr(os, name, touching(getattr(os, name)))
    asyncio.run(night.refresh(load(config, environ), environ, scope))
    told.send(count)
    told.close()
