"""`papertide parse`: what a list says, without network, store or Prefect."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from enrich import lists
from enrich.configuration import load
from enrich.errors import PapertideError
from enrich.model import Entry
from enrich.settings import Settings
from flows.night.lists import read_named
from flows.terminal import Terminal, as_json, complain


def parse_files(
    files: Iterable[Path], config: Path | None, terminal: Terminal, *, explain: bool
) -> int:
    """Print the entries of each file, or with `explain` its lines and their roles."""
    settings = load(config, os.environ).settings if config else Settings()
    code = 0
    for file in files:
        try:
            _tell(file, settings.parse.max_bytes, terminal, explain=explain)
        except PapertideError as error:  # the other files are read all the same
            complain(str(error))
            code = 1
    return code


def _tell(file: Path, limit: int, terminal: Terminal, *, explain: bool) -> None:
    content = read_named(file, limit)
    try:
        parsed = lists.parse(content)
    except PapertideError as error:
        raise PapertideError(f"{file}: {error}") from None
    if explain and terminal.as_json:
        for role in parsed.roles:
            print(as_json(role._asdict()))
    elif explain:
        for line in lists.explain(content, parsed):
            terminal.result(line)
    elif terminal.as_json:
        for entry in parsed.entries:
            print(as_json(lists.render(entry)))
    else:
        _show(file, parsed.entries, terminal)


def _show(file: Path, entries: tuple[Entry, ...], terminal: Terminal) -> None:
    section: tuple[str, ...] | None = None
    for entry in entries:
        if entry.section != section:
            section = entry.section
            terminal.result(f"\n{' > '.join(section)}" if section else "")
        about = ", ".join(str(v) for v in (entry.authors, entry.venue, entry.year) if v)
        ids = " ".join(map(str, entry.ids))
        kind = "" if entry.kind == "paper" else f" [{entry.kind}]"
        terminal.result(
            f"{entry.line:5}  {entry.title or entry.label or '(no title)'}{kind}"
            + (f" ({about})" if about else "")
            + (f"  {ids}" if ids else "")
        )
    terminal.note(f"{file}: {len(entries):,} {'entry' if len(entries) == 1 else 'entries'}")
