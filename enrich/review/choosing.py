"""Which entry, and which paper, does a person mean who types a few characters?"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping

from enrich.errors import ConfigError
from enrich.library import Place
from enrich.model import Identifier
from enrich.review.decisions import Ruling, at, identifier


def entry_named(places: Iterable[Place], text: str) -> Place:
    """The entry of an `entry_id` or of `LIST:LINE`, the line on which it begins.

    Raises:
        ConfigError: no entry in a list is called so, or several are; names the nearest.
    """
    live = [place for place in places if place.removed_at is None]
    by_id = {place.entry_id: place for place in live}
    text = text.strip()
    if place := by_id.get(text):
        return place
    name, colon, line = text.rpartition(":")
    if not colon:
        near = difflib.get_close_matches(text[:80], by_id, n=1, cutoff=0.0)
        raise ConfigError(f"ENTRY: no entry {text!r} is in a list{_hint(near)}")
    of_list = [place for place in live if place.list_id == name]
    if not of_list:
        lists = sorted({place.list_id for place in live})
        near = difflib.get_close_matches(name[:80], lists, n=1, cutoff=0.0)
        raise ConfigError(f"ENTRY: no list {name!r} has entries{_hint(near)}")
    if not (line.isascii() and line.isdigit() and len(line) < 10):
        raise ConfigError(f"ENTRY: {line!r} is no line; write LIST:LINE, such as {at(of_list[0])}")
    there = [place for place in of_list if place.line == int(line)]
    if len(there) > 1:
        several = ", ".join(f"{p.entry_id} ({p.title or p.label})" for p in there[:5])
        raise ConfigError(f"ENTRY: {len(there)} entries begin at {text}; name one: {several}")
    if not there:
        nearest = min(of_list, key=lambda place: abs(place.line - int(line)))
        raise ConfigError(f"ENTRY: no entry begins at {text}{_hint([at(nearest)])}")
    return there[0]


def paper_named(place: Place, text: str) -> Identifier:
    """The paper of an identifier, an address, or the number of one of the entry's candidates.

    Raises:
        ConfigError: it is none of these; names the nearest.
    """
    candidates = place.finding.candidates if place.finding else ()
    text = text.strip()
    if text.isascii() and text.isdigit() and len(text) < 4:
        if 1 <= int(text) <= len(candidates):
            scheme, value, *_ = candidates[int(text) - 1]
            return Identifier(scheme, value)
        has = f"has {len(candidates)}" if candidates else "has none; give an identifier"
        raise ConfigError(f"ID: no candidate {text}: entry {at(place)} {has}")
    try:
        return identifier(text)
    except ConfigError as error:
        raise ConfigError(f"ID: {error}") from None


def ruling_on(place: Place, accept: Identifier | None, rulings: Mapping[str, Ruling]) -> Ruling:
    """The decision to write: in the place of the one that decides the entry now, if one does."""
    before = rulings.get(place.entry_id)
    return Ruling(
        place.list_id,
        place.title or place.label,
        place.entry_id,
        accept,
        before.number if before else 0,
        before.line if before else None,
    )


def _hint(near: list[str]) -> str:
    return f"; did you mean {near[0]!r}?" if near else ""
