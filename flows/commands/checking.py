"""`papertide check`: the faults of lists, as the current snapshot shows them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from enrich.check import render
from enrich.check.checking import Checked, check
from enrich.check.codes import code
from enrich.check.fault import Snapshot
from enrich.configuration import Configuration
from enrich.configuration import now as wall_clock
from enrich.errors import PapertideError
from enrich.known import list_of
from flows.night.lists import read_file
from flows.terminal import Terminal, complain
from store.current import read_current, records
from store.layout import Layout


def check_files(
    configuration: Configuration, files: Sequence[Path], form: str, terminal: Terminal
) -> int:
    """Print the faults of each file; 1 when one was found, or a file could not be read."""
    settings = configuration.settings
    off = frozenset(code(each, f"{configuration.path}: check.off") for each in settings.check.off)
    current = read_current(Layout(configuration.store_dir))
    snapshot = Snapshot(
        current.library,
        current.papers,
        records(current),
        current.created_at,
        wall_clock(os.environ),
    )
    done: dict[Path, Checked] = {}
    failed = False
    for file in dict.fromkeys(files):
        list_id = list_of(file, settings.lists, configuration.folder)
        try:
            content = read_file(file, settings.parse.max_bytes)
            done[file] = check(content, snapshot, list_id, off)
        except PapertideError as error:  # the other files are checked all the same
            complain(str(error) if str(file) in str(error) else f"{file}: {error}")
            failed = True
    found = [(file, each) for file, checked in done.items() for each in checked.faults]
    terminal.document(
        {
            "snapshot": current.snapshot_id,
            "simulated": current.simulated,
            "files": [
                {"file": str(file), "papers": each.papers, "known": each.known}
                for file, each in done.items()
            ],
            "findings": [render.document(str(file), each) for file, each in found],
        }
    )
    shown = render.github if form == "github" else render.text
    for file, told in found:
        terminal.result(shown(str(file), told))
    for file, checked in done.items():
        terminal.note(f"{file}: {_came_to(checked)}")
    if current.simulated:
        terminal.note("SIMULATED: this snapshot is invented by the sandbox, and proves nothing")
    return 1 if found or failed else 0


def _came_to(checked: Checked) -> str:
    many, papers = len(checked.faults), checked.papers
    faults = "1 fault" if many == 1 else f"{many:,} faults"
    named = "1 paper" if papers == 1 else f"{papers:,} papers"
    return f"{faults}; it names {named}, of which the snapshot knows {checked.known:,}"
