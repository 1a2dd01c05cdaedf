"""Carrying out an asynchronous command so that a signal ends it at once and in order."""

from __future__ import annotations

import asyncio
import atexit
import os
import signal
import sys
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

T = TypeVar("T")

EXIT_CODE = [1]
"""What `leaving_at_once` ends with: `flows.cli.main.main` knows it last."""


class Terminated(Exception):
    """The process was asked to end by SIGTERM."""


@contextmanager
def ending_in_order() -> Iterator[None]:
    """Turn SIGTERM into `Terminated`, so that what was begun is also tidied up."""

    def end(signum: int, frame: object) -> None:
        raise Terminated

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run to the end.

    Raises:
        KeyboardInterrupt: Ctrl-C; the work was cancelled and has tidied up.
        Terminated: SIGTERM; likewise.
    """
    terminated = False

    async def watched() -> T:
        nonlocal terminated
        task = asyncio.current_task()

        def end() -> None:
            nonlocal terminated
            terminated = True
            if task is not None:
                task.cancel()

        with suppress(NotImplementedError, RuntimeError):  # no signals on Windows, or in a thread
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, end)
        return await work

    before = signal.getsignal(signal.SIGTERM)
    try:
        return asyncio.run(watched())
    except asyncio.CancelledError:
        if terminated:
            raise Terminated from None
        raise
    finally:  # the loop leaves the system's own handler behind
        signal.signal(signal.SIGTERM, before)


def leaving_silently() -> None:
    """As `leaving_at_once`, where Prefect was imported before: nothing reads what is printed while
    the interpreter is taken apart."""

    def leave() -> None:
        sys.stderr.flush()
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)

    atexit.register(leave)


def leaving_at_once() -> None:
    """Have the process end without taking the interpreter apart, after everybody's farewells.

    Prefect's threads hold on to modules, over which DuckDB's binding then prints a page of
    "leaked instances". Registered before Prefect is imported, so that it comes after its own.
    """

    def leave() -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(EXIT_CODE[0])

    atexit.register(leave)
