"""A Prefect server that ends with whoever started it, however that one ended.

Its standard input is a pipe from there, on which nothing is ever written: once that is at its end,
there is nobody left to stop the server. By SIGTERM alone it does not end: a service manager, and a
machine that shuts down, send that to all processes at once, and the runs that it ends have yet to
be told of.
"""

from __future__ import annotations

import os
import runpy
import signal
import sys
import threading
import time


def _follow() -> None:
    os.read(0, 1)  # not by sys.stdin, whose buffer would be held when the interpreter ends
    os.killpg(0, signal.SIGINT)
    time.sleep(5)
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # however it was started
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    threading.Thread(target=_follow, daemon=True).start()
    sys.argv[0] = "prefect"
    runpy.run_module("prefect", run_name="__main__", alter_sys=True)
