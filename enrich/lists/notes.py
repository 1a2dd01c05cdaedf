"""Tells what only speaks of the work above it: notes, people, dates, keyed links."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from enrich.lists.blocks import BREAK, LINE, PART, Anchor, Block, Run, lines_of, visible
from enrich.lists.bullets import is_attributes
from enrich.lists.edges import is_titled
from enrich.lists.judge import starts_named
from enrich.lists.names import et_al, is_person, people
from enrich.lists.occasions import is_occasion
from enrich.lists.signs import is_paper_address, read_signs
from enrich.lists.unlinked import is_reference
from enrich.lists.venues import is_dated
from enrich.lists.words import is_label, key_of, length

NICK = 3
"""Words of a heading that may be but the nick of a work."""
_PAPER_KEY = re.compile(
    r"(?:^|\s)(?:manuscript|paper|article|publication|preprint|reference)s?\s?[:\uff1a]?$",
    re.IGNORECASE,
)
_SEGMENT = re.compile(r"[.,;|]\s|\sand\s|\s?&\s")


def inside(block: Block) -> Iterator[Block]:
    """A block and the blocks in it that hold text, in reading order."""
    waiting = [block]
    while waiting:
        part = waiting.pop()
        if part.runs:
            yield part
        waiting += part.children[::-1]


def belongs(block: Block, links: Sequence[Anchor]) -> bool:
    """Whether a block only tells about the work above it."""
    if block.kind == "list":
        return is_attributes(block, links)
    if block.kind == "aside":
        return True
    if block.kind != "paragraph" or says_title(block):
        return False
    return is_note(block.runs, links)


def is_picture(block: Block) -> bool:
    """Whether a paragraph holds pictures and no words."""
    return block.kind == "paragraph" and not visible(block.runs).strip()


def says_title(block: Block) -> bool:
    """Whether a paragraph begins with `Title: ...`, in words and not as a link."""
    line = next(lines_of(block.runs, BREAK | LINE | PART), [])
    return is_titled(visible(line)) and all(run.link < 0 for run in line)


def is_note(runs: Sequence[Run], links: Sequence[Anchor]) -> bool:
    """Whether a paragraph holds no title: labelled links, people, a date, `Key: ...`."""
    signs = read_signs(runs, links)
    text = signs.text
    if not text:
        return True
    if is_reference(text):
        return False
    if (signs.named or starts_named(runs)) and not signs.key:
        return False
    rest = signs.bare.strip(" []()|,.;:\u00b7/-")
    if not rest or is_label(rest) or is_dated(rest) or is_occasion(rest):
        return bool(signs.uses) or is_dated(rest)
    form = et_al(rest)
    if key_of(text) or (people(rest) >= 0.8 and (form is None or form[1] >= len(rest) - 2)):
        return True
    parts = [part for part in _SEGMENT.split(rest[:400]) if part.strip(" .,")]
    return signs.paper and all(
        is_person(part) or is_dated(part) or is_label(part) for part in parts
    )


def named_below(notes: list[Run], links: Sequence[Anchor], words: int) -> list[list[Run]]:
    """The linked titles behind keys such as `Manuscript:`, where a name of `words` is a nick."""
    found: list[list[Run]] = []
    for line in lines_of(notes, BREAK | LINE | PART):
        link = next((run.link for run in line if run.link >= 0), -1)
        if link < 0:
            continue
        named = [run for run in line if run.link == link]
        text = visible(named).strip()
        if length(text) <= NICK or is_label(text) or text.startswith("http"):
            continue
        before = visible(line[: line.index(named[0])]).strip(" *_")
        keyed = before.endswith((":", "\uff1a")) and is_paper_address(links[link].url)
        if (keyed and words <= NICK) or (words < length(text) and _PAPER_KEY.search(before)):
            found.append(named)
    return found
