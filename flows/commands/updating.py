"""`papertide update`: what the current snapshot knows better than a list, put into the list."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from enrich.configuration import Configuration
from enrich.configuration import now as wall_clock
from enrich.errors import ConfigError, PapertideError
from enrich.known import list_of
from enrich.lists.decode import decode
from enrich.settings import Update
from enrich.update.changes import EVERYTHING, Snapshot, Updated
from enrich.update.changes import update as updated
from enrich.update.diff import unified
from enrich.update.edits import Matter
from flows.log import safe
from flows.night.lists import read_file
from flows.terminal import Terminal, complain
from store import durable
from store.current import Current, read_current
from store.layout import Layout


class Mode(Enum):
    """What becomes of the changes: shown, made, or only counted."""

    DIFF = "diff"
    WRITE = "write"
    CHECK = "check"


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    list_id: str | None
    old: bytes
    result: Updated


def update_files(
    configuration: Configuration,
    files: Sequence[Path],
    mode: Mode,
    only: Sequence[str],
    terminal: Terminal,
    *,
    may_simulate: bool,
) -> int:
    """Show, make or count the changes of each file; 1 when one could not be read or, with
    `Mode.CHECK`, would change."""
    current = read_current(Layout(configuration.store_dir))
    if current.simulated:
        if mode is Mode.WRITE and not may_simulate:
            raise PapertideError(
                f"snapshot {current.snapshot_id} is SIMULATED: its counts and venues are invented; "
                "nothing was written (--simulated writes them all the same)"
            )
        terminal.note(f"SIMULATED: snapshot {current.snapshot_id} is invented by the sandbox")
    matters = [Matter(each) for each in only] or EVERYTHING
    code = 0
    done: list[_File] = []
    for path in {path.resolve(): path for path in files}.values():
        try:
            file = _updated(path, configuration, current, matters)
            _show(file, mode, terminal)
            done.append(file)
        except ConfigError:
            raise
        except PapertideError as error:  # the other files are updated all the same
            complain(str(error))
            code = 1
    terminal.document(_document(current, mode, done))
    if mode is Mode.CHECK and any(file.result.changes for file in done):
        return 1
    return code


def _updated(
    path: Path, configuration: Configuration, current: Current, matters: Sequence[Matter]
) -> _File:
    settings = configuration.settings
    content = read_file(path, settings.parse.max_bytes)
    list_id = list_of(path, settings.lists, configuration.folder)
    policy = next((each.update for each in settings.lists if each.name == list_id), Update())
    if policy.counts == "append" and not policy.template:
        raise ConfigError(
            f'{configuration.path}: lists.{list_id}.update: counts = "append" needs a template, '
            'such as template = "Cited by {count}"'
        )
    now = wall_clock(os.environ)
    snapshot = Snapshot(current.library, current.papers, list_id, now)
    try:
        return _File(path, list_id, content, updated(content, snapshot, policy, matters))
    except PapertideError as error:
        raise PapertideError(f"{path}: {error}") from None


def _show(file: _File, mode: Mode, terminal: Terminal) -> None:
    result = file.result
    if mode is Mode.WRITE and result.changes:
        try:
            durable.replace(file.path, file.old, result.content)
        except OSError as error:
            raise PapertideError(f"{file.path}: cannot be written ({error.strerror})") from None
    if mode is Mode.DIFF and not terminal.as_json:
        _print_diff(file, terminal)
    if mode is Mode.CHECK:
        for change in result.changes:
            old, new = change.old or "nothing", change.new
            terminal.result(
                f"{file.path}:{change.line}: {change.kind}: {old} -> {new} ({change.why})"
            )
    terminal.note(f"{file.path}: {_came_to(result, mode)}")
    for source, number in result.left.items():
        terminal.note(
            f"{file.path}: {number:,} {_plural('count', number)} left: {_whose(source, number)}"
            f'; update = {{ counts = "replace" }} for this list replaces what can be'
        )
    if result.unproven:
        number = result.unproven
        terminal.note(
            f"{file.path}: {number:,} {_plural('change', number)} left out: the list would be "
            "read otherwise with them"
        )


def _whose(source: str, number: int) -> str:
    return f"{'it is' if number == 1 else 'they are'} from {source}"


def _came_to(result: Updated, mode: Mode) -> str:
    if not result.changes:
        return "up to date"
    kinds = Counter(change.kind for change in result.changes)
    what = ", ".join(f"{n:,} {_plural(kind, n)}" for kind, n in kinds.items())
    return f"{what} {'changed' if mode is Mode.WRITE else 'would change'}"


def _plural(word: str, number: int) -> str:
    return word if number == 1 else f"{word}s"


def _print_diff(file: _File, terminal: Terminal) -> None:
    """The diff as bytes into a pipe or file; without what could steer it on a terminal."""
    old, new = file.old, file.result.content
    if (source := decode(old)).encoding != "utf-8":
        terminal.note(f"{file.path}: is {source.encoding.upper()}; git takes no such diff")
        old, new = source.utf8, decode(new).utf8
    text = unified(os.fsencode(_name(file.path)), old, new)
    if sys.stdout.isatty():
        print(safe(text.decode("utf-8", "replace")), end="")
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(text)
    sys.stdout.flush()


def _name(path: Path) -> str:
    """A file's path from here, which is where its diff applies; absolute where it is elsewhere."""
    near = os.path.relpath(path)
    return near if not near.startswith("..") else os.path.normpath(Path.cwd() / path).lstrip("/")


def _document(current: Current, mode: Mode, done: Sequence[_File]) -> dict[str, Any]:
    return {
        "snapshot": current.snapshot_id,
        "simulated": current.simulated,
        "written": mode is Mode.WRITE,
        "changes": [change for file in done for change in _changes(file)],
        "left": [
            {"file": str(file.path), "source": source, "counts": number}
            for file in done
            for source, number in file.result.left.items()
        ],
    }


def _changes(file: _File) -> Iterator[dict[str, Any]]:
    for change in file.result.changes:
        yield {
            "file": str(file.path),
            "line": change.line,
            "kind": change.kind,
            "old": change.old,
            "new": change.new,
            "span": list(change.span),
            "why": change.why,
        }
