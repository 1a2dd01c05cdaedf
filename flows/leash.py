"""A Prefect server that ends with whoever started it, however that one ended.

Its standard input is a pipe from there, on which nothing is ever written: once that is at its end,
there is nobody left to stop the server.
"""

from __future__ import annotations

import os
import runpy
import signal
import sys
import threading


def _follow() -> None:
    os.read(0, 1)  # not by sys.stdin, whose buffer would be held when the interpreter ends
    os.killpg(0, signal.SIGTERM)


if __name__ == "__main__":
    threading.Thread(target=_follow, daemon=True).start()
    sys.argv[0] = "prefect"
    runpy.run_module("prefect", run_name="__main__", alter_sys=True)
