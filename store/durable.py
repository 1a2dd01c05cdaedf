"""Files that are whole or not there, also after a power cut."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from enrich.errors import StoreError


def write(path: Path, content: bytes) -> None:
    """Put `content` at `path` by way of a file beside it, synced before it gets its name."""
    make_folder(path.parent)
    draft = path.with_name(f".{path.name}.{os.getpid()}.draft")
    try:
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(path.parent)


def replace(path: Path, old: bytes, new: bytes) -> None:
    """Replace the content of a file that is a person's, as one rename. A link stays one, and what
    it leads to keeps its permissions.

    Raises:
        StoreError: the file is no longer `old`, or may not be written; it is as it was.
    """
    target = path.resolve()
    if not os.access(target, os.W_OK):
        raise StoreError(f"{path}: may not be written (its permissions)")
    handle, name = tempfile.mkstemp(prefix=".papertide-", dir=target.parent)
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(new)
            file.flush()
            os.fsync(file.fileno())
        draft.chmod(stat.S_IMODE(target.stat().st_mode))
        if target.read_bytes() != old:
            raise StoreError(f"{path}: changed while it was read; nothing was written, try again")
        draft.replace(target)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    sync_folder(target.parent)


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it, so that what is put there is not lost with their names."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        sync_folder(folder.parent)


def tidy(folder: Path) -> None:
    """Remove the drafts of processes that are no more, and were killed while they wrote."""
    for draft in folder.glob(".*.draft"):
        process = draft.name.removesuffix(".draft").rpartition(".")[2]
        if process.isdecimal() and not _runs(int(process)):
            draft.unlink(missing_ok=True)


def _runs(process: int) -> bool:
    if os.name == "nt":  # signal 0 would end it there
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def place(source: Path, target: Path) -> None:
    """Put a copy of a finished file at `target`, as one rename that readers never see half of."""
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = source.with_name(f"{source.name}.copy")
    try:
        shutil.copyfile(source, draft)
        sync_file(draft)
        draft.replace(target)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
    sync_folder(target.parent)


def sync_file(path: Path) -> None:
    """Have the system write a file's bytes to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Have the system write a folder's names to the disk, where it can."""
    if os.name == "nt":  # Windows cannot open a folder; its rename is durable by itself
        return
    sync_file(folder)


@contextmanager
def replacing_folder(target: Path) -> Iterator[Path]:
    """A new folder to fill, which takes the place of `target` once all went well; until then, and
    if not, that stays as it is."""
    draft = target.with_name(f".{target.name}.{os.getpid()}.draft")
    old = target.with_name(f".{target.name}.{os.getpid()}.old")
    try:
        draft.mkdir()
        yield draft
        for file in draft.iterdir():
            sync_file(file)
        if target.exists():
            target.rename(old)
        try:
            draft.rename(target)
        except OSError:
            if old.exists():
                old.rename(target)
            raise
    finally:
        for folder in (draft, old):
            shutil.rmtree(folder, ignore_errors=True)
    sync_folder(target.parent)
