"""What did people decide, and which entry does each of their decisions mean?

`overrides.toml` is written by hand as well as by `papertide review`, so nothing in it is taken for
granted, and whatever is wrong with it is said in one line that names the place.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from enrich import ids
from enrich.errors import ConfigError
from enrich.library import Place
from enrich.model import SCHEMES, Identifier
from enrich.titles import key

TEXTS = ("list", "title", "entry_id", "accept")
KEYS = (*TEXTS, "reject")
"""What a `[[decision]]` may say."""

LONGEST_SHOWN = 80
"""Letters of a value that a message repeats."""

_HEADER = re.compile(r"^[ \t]*\[\[[ \t]*[\"']?decision[\"']?[ \t]*\]\]", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a person decided of an entry: which paper it is, or none of the candidates.

    `accept`: the paper; None rejects. `number`: which `[[decision]]` it is, from 1; `line`: where
    that begins, if that can be told.
    """

    list_id: str | None
    title: str | None
    entry_id: str | None
    accept: Identifier | None
    number: int = 0
    line: int | None = None

    @property
    def where(self) -> str:
        """Where it stands in its file."""
        return _where(self.number, self.line)


def read(text: str, file: str) -> tuple[Ruling, ...]:
    """The decisions of an `overrides.toml`, in order. `file`: what messages call it.

    Raises:
        ConfigError: it is no TOML, or says what cannot be a decision; names place and key.
    """
    try:
        table = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        why = "nested too deep" if isinstance(error, RecursionError) else error
        raise ConfigError(f"{file}: not valid TOML: {why}") from None
    for name in table:
        if name != "decision":
            raise ConfigError(f"{file}: unknown key {_shown(name)}; did you mean 'decision'?")
    found = table.get("decision", [])
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise ConfigError(f"{file}: decision: write [[decision]] above each one")
    lines = [text.count("\n", 0, form.start()) + 1 for form in _HEADER.finditer(text)]
    if len(lines) != len(found):  # inline tables, or a header inside a text
        lines = []
    rulings = []
    for number, each in enumerate(found, start=1):
        line = lines[number - 1] if lines else None
        try:
            rulings.append(_ruling(each, number, line))
        except ConfigError as error:
            raise ConfigError(f"{file}: {_where(number, line)}: {error}") from None
    return tuple(rulings)


def identifier(text: str) -> Identifier:
    """The identifier that a person wrote: `scheme:value`, a bare value, or a paper's address.

    Raises:
        ConfigError: it is none; names the nearest scheme.
    """
    if found := ids.parse(text):
        return found
    scheme, colon, value = text.strip().partition(":")
    scheme = scheme.strip().lower()[:LONGEST_SHOWN]
    if colon and scheme in SCHEMES:
        raise ConfigError(f"{_shown(text)}: no {scheme} identifier looks like that")
    near = difflib.get_close_matches(scheme, SCHEMES, n=1, cutoff=0.5)
    if colon and near and (meant := ids.parse(f"{near[0]}:{value}")):
        raise ConfigError(f"{_shown(text)} is no identifier; did you mean '{meant}'?")
    raise ConfigError(
        f"{_shown(text)} is no identifier; write scheme:value, the scheme one of "
        f"{', '.join(SCHEMES)}, or the paper's address"
    )


def rulings_of(places: Iterable[Place], rulings: Sequence[Ruling]) -> Mapping[str, Ruling]:
    """The decision on each entry that has one, by `entry_id`; of several the last.

    A decision finds its entry by `entry_id`; where no entry in a list has it, by list and title.
    One that fits several entries so is about none of them: nothing is guessed.
    """
    return {
        found[0].entry_id: ruling for ruling, found in _matched(places, rulings) if len(found) == 1
    }


def remarks(places: Iterable[Place], rulings: Sequence[Ruling], file: str) -> tuple[str, ...]:
    """What a person should know of decisions that have no effect, a line each."""
    said: list[str] = []
    before: dict[str, Ruling] = {}
    for ruling, found in _matched(places, rulings):
        if len(found) == 1:
            [place] = found
            if other := before.get(place.entry_id):
                said.append(
                    f"{file}: {ruling.where} overrules {other.where}: both are about {at(place)}"
                )
            before[place.entry_id] = ruling
        elif found:
            entries = ", ".join(f"{at(p)} ({p.entry_id})" for p in found[:3])
            more = " …" if len(found) > 3 else ""
            said.append(
                f"{file}: {ruling.where} fits {len(found)} entries and decides none: name one by "
                f"entry_id: {entries}{more}"
            )
        else:
            said.append(f"{file}: {ruling.where} finds no entry: {_named(ruling)}")
    return tuple(said)


def at(place: Place) -> str:
    """Where an entry stands, as `review` takes it: `LIST:LINE`."""
    return f"{place.list_id}:{place.line}"


def _matched(
    places: Iterable[Place], rulings: Sequence[Ruling]
) -> Iterator[tuple[Ruling, Sequence[Place]]]:
    """Each decision with the entries in a list that it can mean."""
    live = [place for place in places if place.removed_at is None]
    by_id = {place.entry_id: place for place in live}
    by_title: defaultdict[tuple[str | None, str], list[Place]] = defaultdict(list)
    if any(ruling.entry_id not in by_id for ruling in rulings):
        for place in live:
            if folded := key(place.title or place.label or ""):
                by_title[place.list_id, folded].append(place)
    for ruling in rulings:
        if place_of_id := by_id.get(ruling.entry_id or ""):
            yield ruling, (place_of_id,)
        else:
            yield ruling, by_title.get((ruling.list_id, key(ruling.title or "")), ())


def _ruling(table: Mapping[str, Any], number: int, line: int | None) -> Ruling:
    for name, value in table.items():
        if name not in KEYS:
            near = difflib.get_close_matches(name[:LONGEST_SHOWN], KEYS, n=1, cutoff=0.0)[0]
            raise ConfigError(f"unknown key {_shown(name)}; did you mean '{near}'?")
        if name in TEXTS and not isinstance(value, str):
            raise ConfigError(f"{name}: expected a text in quotes")
    if table.get("reject", True) is not True:
        raise ConfigError("reject: expected true; to take a decision back, delete it")
    if ("accept" in table) == ("reject" in table):
        what = "both accept and reject are" if "accept" in table else "neither accept nor reject is"
        raise ConfigError(f'{what} given; write accept = "scheme:value" or reject = true')
    if not table.get("entry_id") and not (table.get("list") and table.get("title")):
        raise ConfigError("the entry is not named; give its entry_id, or its list and title")
    accept = None
    if "accept" in table:
        try:
            accept = identifier(table["accept"])
        except ConfigError as error:
            raise ConfigError(f"accept: {error}") from None
    return Ruling(
        table.get("list"), table.get("title"), table.get("entry_id"), accept, number, line
    )


def _where(number: int, line: int | None) -> str:
    return f"decision {number}" + (f" (line {line})" if line else "")


def _named(ruling: Ruling) -> str:
    """How a decision names the entry that it does not find."""
    title = f"no title {_shown(ruling.title)} in list {_shown(ruling.list_id or '')}"
    parts = [f"no entry_id {_shown(ruling.entry_id)}"] if ruling.entry_id else []
    return ", ".join([*parts, title] if ruling.title else parts)


def _shown(text: str | None) -> str:
    text = text or ""
    return repr(text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…")
