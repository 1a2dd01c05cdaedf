"""Which checks does a list switch off by a comment?

`<!-- papertide: off PT301 -->` on a line of an entry is for that entry, on a line of its own for
the next one; `off-file` is for the whole list. Without a code all checks are off.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from enrich.check.codes import Code, nearest
from enrich.check.fault import Fault
from enrich.lists.decode import Source
from enrich.model import Entry

_COMMENT = re.compile(
    rb"<!--[ \t]*papertide:[ \t]*off(?P<file>-file)?\b(?P<codes>[^<>]{0,500}?)[ \t]*-->",
    re.IGNORECASE,
)
_CODE = re.compile(rb"[A-Za-z0-9_-]+")
EVERY = frozenset(Code)


class Silence(NamedTuple):
    """Codes that are off for an entry, by its position from 0; with None for the whole list."""

    codes: frozenset[Code]
    entry: int | None


def silences(source: Source, entries: Sequence[Entry]) -> tuple[list[Silence], list[Fault]]:
    """What the comments of a list switch off, and the codes in them that are none."""
    found: list[Silence] = []
    wrong: list[Fault] = []
    for form in _COMMENT.finditer(source.utf8):
        codes, bad = _codes(form)
        wrong += bad
        if not codes:
            continue
        if form["file"]:
            found.append(Silence(codes, None))
        elif (entry := _entry(source, entries, form)) is not None:
            found.append(Silence(codes, entry))
    return found, wrong


def is_heard(found: Sequence[Silence], off: frozenset[Code]) -> Callable[[Fault], bool]:
    """Whether a fault is to be told. `off`: the codes that the configuration switches off."""
    everywhere = off.union(*(each.codes for each in found if each.entry is None))
    of_entries = [
        (code, each.entry) for each in found if each.entry is not None for code in each.codes
    ]
    silent = frozenset(of_entries)
    return lambda fault: fault.code not in everywhere and (fault.code, fault.entry) not in silent


def _codes(form: re.Match[bytes]) -> tuple[frozenset[Code], list[Fault]]:
    words = [
        (w[0].decode(), form.start("codes") + w.start()) for w in _CODE.finditer(form["codes"])
    ]
    if not words:
        return EVERY, []
    known = {text: Code(text.upper()) for text, _ in words if text.upper() in EVERY}
    bad = [
        Fault(Code.UNKNOWN_CODE, at, f"no check has the code {text!r}", nearest(text))
        for text, at in words
        if text not in known
    ]
    return frozenset(known.values()), bad


def _entry(source: Source, entries: Sequence[Entry], form: re.Match[bytes]) -> int | None:
    line = source.line(form.start())
    start = source.starts[line - 1]
    end = source.starts[line] if line < len(source.starts) else len(source.utf8)
    around = source.utf8[start : form.start()] + source.utf8[form.end() : end]
    if around.strip():
        return _first(i for i, e in enumerate(entries) if e.line <= line <= e.end_line)
    return _first(i for i, e in enumerate(entries) if e.line > line)


def _first(indices: Iterator[int]) -> int | None:
    return next(indices, None)
