"""Parts paragraphs and items that hold more than one work, as their lines tell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from enrich.lists.blocks import BOLD, BREAK, LINE, PART, Anchor, Block, Run, visible
from enrich.lists.venues import is_dated
from enrich.lists.words import is_label, key_of, length

SHORTEST = 4
"""Words of a line in bold that is a title for sure."""
# "--- Before 2020 ---": parts the works below from those above.
_RULE = r"[-=~*_\u2013\u2014]{2,20}"
_DIVIDER = re.compile(rf"\s*{_RULE}\s?[^\s-][^\n]{{0,60}}?\s?{_RULE}\s*")
_BULLETS = ("- ", "* ", "+ ")


def parted(block: Block, links: Sequence[Anchor]) -> Iterator[Block]:
    """A paragraph as one block for each title in bold that follows a line with a link."""
    if block.kind != "paragraph" or not any(run.style & (BREAK | LINE) for run in block.runs):
        yield block
        return
    pieces: list[list[Run]] = [[]]
    linked = False
    for index, line in enumerate(_lines(block.runs)):
        text = visible(line)
        titled = _is_title(line)
        if titled and linked and _is_title(pieces[-1]):
            pieces.append([])
            linked = False
        if index == 0 and _DIVIDER.fullmatch(text):
            continue
        pieces[-1] += line
        linked = linked or any(run.link >= 0 for run in line)
    if len(pieces) == 1 and len(pieces[0]) == len(block.runs):
        yield block
        return
    for runs in filter(None, pieces):
        end = block.end if runs is pieces[-1] else runs[-1].start
        yield Block("paragraph", runs[0].start, end, html=block.html, runs=runs)


def _lines(runs: Sequence[Run]) -> Iterator[list[Run]]:
    """The lines of a paragraph, each with the break that ends it."""
    line: list[Run] = []
    for run in runs:
        line.append(run)
        if run.style & (BREAK | LINE | PART) and run.link < 0:
            yield line
            line = []
    if line:
        yield line


def _is_title(runs: Sequence[Run]) -> bool:
    """Whether a line begins with words in bold that are a title."""
    first = next((run for run in runs if run.text.strip()), None)
    if first is None or not first.style & BOLD:
        return False
    text = first.text.strip()
    return length(text) >= SHORTEST and not (is_label(text) or is_dated(text) or key_of(text))


def unlazy(items: Sequence[Block]) -> Iterator[Block]:
    """The items of a list; a bullet that Markdown takes for the next line of its item is one, too.

    So it does where the bullet is set in too far: "   - One", then "    - Two".
    """
    for item in items:
        cuts = [
            index
            for index, (run, after) in enumerate(pairwise(item.runs))
            if run.style & BREAK and after.link < 0 and after.text.startswith(_BULLETS)
        ]
        if item.kind != "item" or not cuts:
            yield item
            continue
        starts = [0, *(cut + 1 for cut in cuts)]
        for number, (first, last) in enumerate(zip(starts, [*cuts, len(item.runs)], strict=True)):
            runs = item.runs[first:last]
            if first:
                runs[0] = runs[0]._replace(text=runs[0].text[2:], start=runs[0].start + 2)
            final = number == len(cuts)
            start = item.start if not first else item.runs[first].start
            end = item.end if final else item.runs[last].start
            yield Block("item", start, end, runs=runs, children=item.children if final else [])


def gathered(blocks: Sequence[Block]) -> list[Block]:
    """The blocks with stray `<li>` and `<tr>`, those in no list or table, gathered into such."""
    kept: list[Block] = []
    for block in blocks:
        kind = {"item": "list", "row": "table"}.get(block.kind, "")
        if not kind:
            kept.append(block)
        elif kept and kept[-1].kind == kind and kept[-1].html and block.html:
            kept[-1].children.append(block)
            kept[-1].end = block.end
        else:
            kept.append(Block(kind, block.start, block.end, html=True, children=[block]))
    return kept
