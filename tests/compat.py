"""`python -m tests.compat PYTHON`: a snapshot of this code, read by another Python's DuckDB."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from enrich.sandbox import World, running
from tests.nights import Store

READER = Path(__file__).with_name("compat_reader.py")


def main(python: str) -> int:
    """Two nights against the sandbox; then its reader, whose exit code is ours."""
    with tempfile.TemporaryDirectory() as folder, running(World.builtin(), pace=0) as sandbox:
        store = Store(Path(folder), sandbox.base_urls)
        store.night()
        store.night("2026-11-22T02:00:00Z")
        command = [python, str(READER), str(store.data / "papertide.duckdb")]
        return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
