"""The pace of a provider, shared by all Papertide processes of a user on this machine.

A limit is a provider's, and it sees one machine, whatever stores lie there. So its next free moment
is not kept in a store but in the machine's shared memory, or in the folder for temporary files:
eight bytes that a restart may lose.
"""

from __future__ import annotations

import os
import re
import stat
import struct
import tempfile
from collections.abc import Callable
from pathlib import Path

import filelock

from store.layout import Layout

MOMENT = struct.Struct("d")
NEVER = float("-inf")


def _places() -> tuple[Path, ...]:
    memory = Path("/dev/shm")
    try:
        return memory, Path(tempfile.gettempdir())
    except FileNotFoundError:  # a locked-down machine has none that can be written
        return (memory,)


PLACES = _places()  # a folder of our own there


class SharedSlot:
    """A provider's slot in a file (`enrich.network.pace.Slot`): exact however many processes take
    turns, and free again when one of them dies (engine-facts.md, section 2)."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        # Held for microseconds; who waits must not come a tenth of a second late.
        self._lock = filelock.FileLock(f"{path}.lock", poll_interval=0.0005, thread_local=False)
        self._connection = filelock.FileLock(f"{path}.connection", timeout=0, thread_local=False)

    def update(self, change: Callable[[float], float]) -> float:
        """Put what `change` makes of the moment in its place; returns the moment as it was."""
        with self._lock:
            before = self._read()
            if (after := change(before)) != before:
                self._write(after)
        return before

    def occupy(self) -> bool:
        """Take the provider's one connection; False while another has it."""
        try:
            self._connection.acquire()
        except filelock.Timeout:
            return False
        return True

    def vacate(self) -> None:
        """Leave the connection to the others."""
        self._connection.release()

    def _read(self) -> float:
        try:
            (moment,) = MOMENT.unpack(self._path.read_bytes())
        except (FileNotFoundError, struct.error):
            return NEVER
        return float(moment)

    def _write(self, moment: float) -> None:
        # Over the old bytes, in one call: who is killed here leaves one moment or the other.
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, MOMENT.pack(moment))
        finally:
            os.close(descriptor)


def shared(layout: Layout) -> Callable[[str], SharedSlot]:
    """The slots of this machine, by provider; those of the store where nothing else can be used."""
    folder = _folder(layout)

    def slot(provider: str) -> SharedSlot:
        name = re.sub(r"[^a-z0-9.-]+", "-", provider.lower())
        return SharedSlot(folder / name.strip(".-")[:150])

    return slot


def _folder(layout: Layout) -> Path:
    user = getattr(os, "getuid", lambda: 0)()
    for place in PLACES:
        folder = place / f"papertide-{user}"
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
            found = folder.lstat()
        except OSError:
            continue
        # Anybody may write there: what another user put in our place is not used.
        is_ours = stat.S_ISDIR(found.st_mode) and found.st_uid == user
        if is_ours and not found.st_mode & 0o022 and os.access(folder, os.W_OK):
            return folder
    return layout.work / "pace"
