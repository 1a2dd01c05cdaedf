"""A stretch of runs as one string, and every slice of it as places in the file."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from enrich.lists.blocks import BREAK, IMAGE, LINE, PART, Run
from enrich.lists.names import all_people, are_authors, et_al, is_initialled, is_person
from enrich.lists.venues import is_dated
from enrich.lists.words import key_of

_ENTITY = re.compile(rb"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
SLASH = "\n"
"""How a `<br>` or a new paragraph shows in the string; a soft break shows as a blank."""


@dataclass(frozen=True, slots=True)
class Line:
    """Runs, joined: `text` for patterns, `runs` and the character at which each begins."""

    text: str
    runs: tuple[Run, ...]
    starts: tuple[int, ...]

    def style_at(self, index: int) -> int:
        return self.runs[self.run_at(index)].style if self.runs else 0

    def link_at(self, index: int) -> int:
        return self.runs[self.run_at(index)].link if self.runs else -1

    def run_at(self, index: int) -> int:
        return max(0, bisect_right(self.starts, index) - 1)

    def spans(self, start: int, end: int) -> list[tuple[int, int]]:
        """The byte ranges of `text[start:end]`; neighbours without a gap are one range."""
        found: list[tuple[int, int]] = []
        if start >= end:
            return found
        for index in range(self.run_at(start), len(self.runs)):
            at = self.starts[index]
            if at >= end:
                break
            run = self.runs[index]
            size = len(shown(run))
            first, last = max(0, start - at), min(size, end - at)
            if first >= last:
                continue
            place = place_in(run, first), place_in(run, last)
            if place[0] == place[1]:
                continue
            if found and found[-1][1] == place[0]:
                found[-1] = found[-1][0], place[1]
            else:
                found.append(place)
        return found


def shown(run: Run) -> str:
    """How a run shows in a `Line`: pictures not at all, breaks as one character."""
    if run.style & (BREAK | LINE | PART):
        return " " if run.style & BREAK else SLASH
    return "" if run.style & IMAGE else run.text


def keyed(runs: list[Run]) -> list[Run]:
    """The runs with a soft break made a hard one before a line that stands alone.

    Such are `Key: ...`, and people or where and when with nothing else on their line.
    """
    return [
        run._replace(style=run.style & ~BREAK | LINE)
        if run.style & BREAK
        and index + 1 < len(runs)
        and (_begins_key(runs, index) or _stands_alone(runs, index))
        else run
        for index, run in enumerate(runs)
    ]


def _begins_key(runs: list[Run], index: int) -> bool:
    """Whether a line that begins with a key follows; in capitals, a title goes on: "DATA: X"."""
    shouted = index > 0 and runs[index - 1].text.isupper() and len(runs[index - 1].text.split()) > 1
    return not shouted and bool(key_of(runs[index + 1].text))


def _stands_alone(runs: list[Run], index: int) -> bool:
    """Whether the line behind a break is but people, or where and when, and nothing runs on."""
    before = runs[index - 1] if index else None
    if before is None or before.style & IMAGE or before.text.rstrip()[-1:] in (",", "&", "-"):
        return False
    if before.text.endswith("by") or before.text.rstrip().endswith(" by"):
        return False
    line: list[str] = []
    for run in runs[index + 1 : index + 8]:
        if run.style & (BREAK | LINE | PART) or run.link >= 0:
            break
        line.append(run.text)
    text = "".join(line).strip(" .,;[(|-*_")
    form = et_al(text)
    cited = form is not None and form[1] >= len(text) - 1 and all_people(text[: form[0]])
    alone = is_initialled(text) and is_person(text)
    return len(text) >= 4 and (cited or alone or are_authors(text) or is_dated(text))


def join(runs: Iterable[Run]) -> Line:
    """Runs as one line."""
    kept: list[Run] = []
    starts: list[int] = []
    pieces: list[str] = []
    at = 0
    for run in runs:
        text = shown(run)
        kept.append(run)
        starts.append(at)
        pieces.append(text)
        at += len(text)
    return Line("".join(pieces), tuple(kept), tuple(starts))


def place_in(run: Run, index: int) -> int:
    """The byte at which character `index` of a run stands."""
    if index <= 0:
        return run.start
    text = shown(run)
    if index >= len(text):
        return run.end
    if run.end - run.start == len(text.encode("utf-8", "replace")):
        return run.start + len(text[:index].encode("utf-8", "replace"))
    # A run that hides characters (an escape, an entity): spread evenly, no better is known.
    return run.start + (run.end - run.start) * index // len(text)


def trimmed(text: str, start: int, end: int, strip: str) -> tuple[int, int]:
    """The slice without the given characters at its ends."""
    while start < end and text[start] in strip:
        start += 1
    while end > start and text[end - 1] in strip:
        end -= 1
    return start, end


def merged(places: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Ranges in order, neighbours joined."""
    found: list[tuple[int, int]] = []
    for start, end in places:
        if found and found[-1][1] == start:
            found[-1] = found[-1][0], end
        elif start < end:
            found.append((start, end))
    return tuple(found)
