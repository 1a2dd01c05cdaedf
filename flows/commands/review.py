"""`papertide review`: what waits for a person, what was decided, and the next decision."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from enrich.configuration import Configuration
from enrich.errors import StoreError
from enrich.library import Place
from enrich.review import amending, decisions
from enrich.review.choosing import entry_named, paper_named, ruling_on
from enrich.review.decisions import Ruling, at, remarks, rulings_of
from flows.terminal import Terminal
from store import overrides, snapshots
from store.layout import Layout


def list_review(configuration: Configuration, terminal: Terminal) -> int:
    """Print the entries of the current snapshot that wait, and the decisions that were taken."""
    places, path = _places(configuration), configuration.overrides
    rulings = decisions.read(overrides.read(path).text, str(path))
    by_entry = rulings_of(places.values(), rulings)
    entry_of = {ruling.number: places[entry_id] for entry_id, ruling in by_entry.items()}
    waiting = [_waiting(p) for p in places.values() if p.waits and p.entry_id not in by_entry]
    taken = [_taken(ruling, entry_of.get(ruling.number)) for ruling in rulings]
    terminal.document({"waiting": waiting, "decisions": taken, "file": str(path)})
    for line in _sentences(waiting, taken, str(path)):
        terminal.result(line)
    for line in remarks(places.values(), rulings, str(path)):
        terminal.note(f"note: {line}")
    return 0


def decide(configuration: Configuration, entry: str, paper: str | None, terminal: Terminal) -> int:
    """Write down that an entry is this paper, or with None that it is none of its candidates."""
    places, path = _places(configuration), configuration.overrides
    with overrides.deciding(Layout(configuration.store_dir)):
        file = overrides.read(path)
        rulings = rulings_of(places.values(), decisions.read(file.text, str(path)))
        place = entry_named(places.values(), entry)
        accept = paper_named(place, paper) if paper is not None else None
        ruling = ruling_on(place, accept, rulings)
        text = amending.with_ruling(file.text, ruling, str(path))
        if text != file.text:
            file.write(text)
    number = ruling.number or len(decisions.read(text, str(path)))
    terminal.document({"file": str(path), "number": number, **_entry(place), **_decided(ruling)})
    terminal.result(f"{path}: decision {number}: {at(place)} ({_title(place)}) {_says(ruling)}")
    terminal.result("the next papertide refresh applies it")
    return 0


def _places(configuration: Configuration) -> Mapping[str, Place]:
    """The entries of the current snapshot."""
    layout = Layout(configuration.store_dir)
    base = snapshots.newest_good(layout)
    if base.path is None:
        raise StoreError(f"{layout.root}: nothing is published yet; run papertide refresh first")
    return base.library.places


def _entry(place: Place) -> dict[str, Any]:
    return {
        "entry_id": place.entry_id,
        "list": place.list_id,
        "line": place.line,
        "title": place.title or place.label,
    }


def _waiting(place: Place) -> dict[str, Any]:
    finding = place.finding
    candidates = finding.candidates if finding else ()
    return {
        **_entry(place),
        "reason": finding.reason if finding else None,
        "candidates": [
            {"n": n, "id": f"{each.scheme}:{each.value}", "title": each.title, "score": each.score}
            for n, each in enumerate(candidates, start=1)
        ],
    }


def _taken(ruling: Ruling, place: Place | None) -> dict[str, Any]:
    """A decision as it stands in the file; `entry`: the one that it decides, if it does."""
    return {
        "number": ruling.number,
        "line": ruling.line,
        "list": ruling.list_id,
        "title": ruling.title,
        "entry_id": ruling.entry_id,
        **_decided(ruling),
        "entry": _entry(place) if place else None,
    }


def _decided(ruling: Ruling) -> dict[str, Any]:
    return {"accept": str(ruling.accept)} if ruling.accept else {"reject": True}


def _says(ruling: Ruling) -> str:
    return f"is {ruling.accept}" if ruling.accept else "is none of its candidates"


def _title(place: Place) -> str:
    return place.title or place.label or "no title"


def _sentences(
    waiting: list[dict[str, Any]], taken: list[dict[str, Any]], path: str
) -> Iterator[str]:
    yield f"{len(waiting):,} entries wait for a decision" if waiting else "nothing waits"
    for each in waiting:
        yield f"{each['list']}:{each['line']}  {each['title']}  ({each['reason']})"
        for c in each["candidates"]:
            yield f"  {c['n']:2}  {c['id']}  {c['title']}  ({c['score']:.2f})"
    if waiting:
        yield "decide with papertide review accept LIST:LINE ID, or reject LIST:LINE"
    if taken:
        yield f"decided in {path}:"
    for each in taken:
        entry = each["entry"]
        where = f"{entry['list']}:{entry['line']}" if entry else "no effect"
        title = (entry or each)["title"] or each["entry_id"]
        yield f"  {each['number']:2}  {where}  {title}: {each.get('accept') or 'rejected'}"
