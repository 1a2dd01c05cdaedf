"""`papertide export`: the current snapshot in the formats of other tools."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from enrich.configuration import Configuration
from enrich.errors import ConfigError, PapertideError, StoreError
from enrich.export.bibtex import bibtex
from enrich.export.csl import csl_json
from enrich.export.feed import Feed, atom, json_feed
from enrich.export.jsonl import json_lines
from enrich.export.keys import keys
from enrich.export.listed import SIMULATED, Listed
from enrich.export.news import news
from enrich.export.owned import HEAD, is_own_file, is_own_folder
from flows.night.tonight import scope_of
from flows.terminal import Terminal
from store import durable, handing, snapshots, soundness
from store.layout import Layout

FOLDERS = ("parquet", "csv")
FEEDS = {".xml": "atom", ".json": "json-feed"}


def export(
    configuration: Configuration,
    form: str,
    lists: Collection[str],
    out: Path,
    terminal: Terminal,
    *,
    simulated: bool,
) -> int:
    """Write the works of all lists, or of some, to a file or folder that Papertide may replace."""
    if lists:
        scope_of(configuration, tuple(lists), ())
    if form == "feed" and out.suffix.lower() not in FEEDS:
        raise ConfigError(f"{out}: a feed is named .xml for Atom or .json for JSON Feed")
    kind = FEEDS[out.suffix.lower()] if form == "feed" else form
    target = out.resolve()
    if not target.parent.is_dir():
        raise PapertideError(f"{out}: there is no folder {target.parent}; make it first")
    base = snapshots.newest_good(Layout(configuration.store_dir))
    if base.path is None:
        raise StoreError(
            f"{configuration.store_dir}: nothing is published yet; run papertide refresh first"
        )
    if base.simulated and not simulated:
        raise PapertideError(
            f"{base.path}: {SIMULATED}; to export it all the same, add --simulated"
        )
    if missing := sorted(set(lists) - base.library.lists.keys()):
        raise StoreError(f"list {missing[0]} is in no snapshot yet; run papertide refresh first")
    chosen = tuple(lists) or tuple(base.library.lists)
    if kind in FOLDERS:
        count, files = _write_folder(base.path, kind, lists, out, target)
        what = f"{count:,} relations"
    else:
        text, count, what = _text(base.path, kind, chosen)
        files = [_write_file(kind, text, out, target)]
    terminal.document(
        {
            "format": form,
            "out": str(target),
            "files": [str(file) for file in files],
            "count": count,
            "lists": list(chosen),
            "snapshot": base.snapshot_id,
            "simulated": base.simulated,
        }
    )
    terminal.result(f"{out}: {what} of snapshot {base.snapshot_id}")
    if base.simulated:
        terminal.note(SIMULATED)
    return 0


def _text(path: Path, kind: str, lists: Collection[str]) -> tuple[str, int, str]:
    """The file, how many works or items it has, and that in words."""
    snapshot = handing.read(path)
    named = keys(snapshot.works)
    works = [each for work in snapshot.works if (each := _within(work, lists))]
    marked = snapshot.simulated
    if kind in FEEDS.values():
        feed = _feed(snapshot, works, lists)
        text = atom(feed) if kind == "atom" else json_feed(feed)
        return text, len(feed.news), f"{len(feed.news):,} items"
    if kind == "bibtex":
        text = bibtex(works, named, snapshot.snapshot_id, simulated=marked)
    elif kind == "csl-json":
        text = csl_json(works, named, simulated=marked)
    else:
        text = json_lines(works, named, simulated=marked)
    return text, len(works), f"{len(works):,} works"


def _within(work: Listed, lists: Collection[str]) -> Listed | None:
    """A work as these lists name it, if they do."""
    places = tuple(place for place in work.places if place.list_id in lists)
    return work.among(places) if places else None


def _feed(snapshot: handing.Snapshot, works: list[Listed], lists: Collection[str]) -> Feed:
    states = [state for name, state in snapshot.lists.items() if name in lists]
    return Feed(
        lists=tuple(sorted(lists)),
        since=min((w.paper.first_seen_at for w in snapshot.works), default=snapshot.created_at),
        snapshot_id=snapshot.snapshot_id,
        at=snapshot.created_at,
        tool_version=snapshot.tool_version,
        simulated=snapshot.simulated,
        news=news(works, snapshot.changes, states),
    )


def _write_file(kind: str, text: str, out: Path, target: Path) -> Path:
    try:
        if target.exists():
            if not target.is_file():
                raise PapertideError(f"{out}: is no file")
            with target.open("rb") as file:
                head = file.read(HEAD).decode("utf-8", "replace")
            if not is_own_file(kind, head):
                raise _foreign(out, "was not written by papertide export in this format")
        durable.write(target, text.encode("utf-8", "replace"))
    except OSError as error:
        raise _unwritable(out, error) from None
    return target


def _write_folder(
    path: Path, suffix: str, lists: Collection[str], out: Path, target: Path
) -> tuple[int, list[Path]]:
    try:
        if target.exists():
            if not target.is_dir():
                raise PapertideError(f"{out}: is no folder; {suffix} is one file per relation")
            names = [file.name for file in target.iterdir()]
            if not is_own_folder(suffix, names, soundness.expected_columns()):
                raise _foreign(out, "holds other things than an export in this format")
        with durable.replacing_folder(target) as draft:
            tables = handing.write_relations(path, draft, suffix, lists)
    except OSError as error:
        raise _unwritable(out, error) from None
    return len(tables), [target / f"{table}.{suffix}" for table in tables]


def _foreign(out: Path, why: str) -> PapertideError:
    return PapertideError(f"{out}: {why}, and is not replaced; name another place, or remove it")


def _unwritable(out: Path, error: OSError) -> PapertideError:
    return PapertideError(f"{out}: could not be written ({error.strerror})")
