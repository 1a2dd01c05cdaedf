"""Parts paragraphs and items that hold more than one work, as their lines tell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise

from enrich.ids import from_url
from enrich.lists.blocks import BOLD, BREAK, IMAGE, LINE, PART, Anchor, Block, Run, visible, walk
from enrich.lists.venues import is_dated
from enrich.lists.words import is_label, key_of, length

SHORTEST = 4
"""Words of a line in bold that is a title for sure."""
# "--- Before 2020 ---": parts the works below from those above.
_RULE = r"[-=~*_\u2013\u2014]{2,20}"
_DIVIDER = re.compile(rf"\s*{_RULE}\s?[^\s-][^\n]{{0,60}}?\s?{_RULE}\s*")
# What parts two works of one item.
_BETWEEN = re.compile(r"\s{0,9}(?:[,;/&|+]|and|\u3001|\uff0c)?\s{0,9}(?:and\s)?")
_BULLETS = ("- ", "* ", "+ ")
_MARK = re.compile(rb"[ \t>]*(?:[-*+]|\d{1,9}[.)])[ \t]+")


def parted(block: Block, links: Sequence[Anchor]) -> Iterator[Block]:
    """A paragraph as one block for each title in bold that follows a line with a link."""
    if block.kind != "paragraph" or not any(run.style & (BREAK | LINE) for run in block.runs):
        yield block
        return
    pieces: list[list[Run]] = [[]]
    begun = linked = False
    for index, line in enumerate(_lines(block.runs)):
        if index == 0 and _DIVIDER.fullmatch(visible(line)):
            continue
        titled = _is_title(line)
        if titled and linked and begun:
            pieces.append([])
            linked = False
        begun = begun if pieces[-1] else titled
        pieces[-1] += line
        linked = linked or any(run.link >= 0 for run in line)
    if len(pieces) == 1 and len(pieces[0]) == len(block.runs):
        yield block
        return
    for runs in filter(None, pieces):
        end = block.end if runs is pieces[-1] else runs[-1].start
        yield Block("paragraph", runs[0].start, end, html=block.html, runs=runs)


def apart(item: Block, links: Sequence[Anchor]) -> Iterator[Block]:
    """An item as one for each work, where linked titles follow each other: "[A](x), [B](y)"."""
    if len({run.link for run in item.runs}) < 3:  # what stands between two links has none
        yield item
        return
    cuts: list[int] = []
    names: set[str] = set()
    index = 0
    for link, grouped in groupby(item.runs, lambda run: run.link):
        runs = list(grouped)
        text = visible(runs)
        if link < 0:
            parted = any(run.style & (BREAK | LINE) for run in runs) or bool(text.strip())
            if not _BETWEEN.fullmatch(text) or not (parted or not cuts):
                break
        elif length(text) < SHORTEST - 1 or is_dated(text) or not from_url(links[link].url):
            break
        elif text in names:
            cuts.clear()  # One work, linked twice.
            break
        else:
            cuts.append(index)
            names.add(text)
        index += len(runs)
    if len(cuts) < 2:
        yield item
        return
    cuts[0] = 0
    for first, last in zip(cuts, [*cuts[1:], len(item.runs)], strict=True):
        whole = last == len(item.runs)
        yield replace(
            item,
            start=item.runs[first].start if first else item.start,
            end=item.end if whole else item.runs[last].start,
            runs=item.runs[first:last],
            children=item.children if whole else [],
            signs=None,
        )


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
    """Whether a line is nothing but words in bold that are a title."""
    shown = [run for run in runs if run.text.strip(" .:\n") and not run.style & IMAGE]
    if not shown or not all(run.style & BOLD for run in shown):
        return False
    text = visible(shown).strip()
    return length(text) >= SHORTEST and not (is_label(text) or is_dated(text) or key_of(text))


def unlazy(blocks: Sequence[Block], utf8: bytes) -> None:
    """Make items of the bullets that Markdown takes for the next line of an item.

    So it does where they are set in too far: "   - One", then "    - Two". Those no further in
    than the item's text are its siblings, the others its notes.
    """
    for block in walk(blocks):
        if block.kind == "list" and not block.html:
            block.children[:] = [one for item in block.children for one in _unlazy(item, utf8)]


def _unlazy(item: Block, utf8: bytes) -> Iterator[Block]:
    cuts = [
        index + 1
        for index, (run, after) in enumerate(pairwise(item.runs))
        if run.style & BREAK and after.link < 0 and after.text.startswith(_BULLETS)
    ]
    if item.kind != "item" or not cuts:
        yield item
        return
    ends = [*(cut - 1 for cut in cuts[1:]), len(item.runs)]
    pieces = [_bullet(item, first, last) for first, last in zip(cuts, ends, strict=True)]
    line = utf8[utf8.rfind(b"\n", 0, item.runs[0].start) + 1 : item.runs[0].start]
    form = _MARK.match(line)
    deep = form.end() if form else 0
    first = item.runs[cuts[0]].start
    head = item.runs[: cuts[0] - 1]
    if first - 1 - utf8.rfind(b"\n", 0, first) >= deep:
        notes = Block("list", first, item.end, children=pieces)
        yield replace(item, runs=head, children=[notes, *item.children])
        return
    yield replace(item, end=first, runs=head, children=[])
    pieces[-1].end, pieces[-1].children = item.end, item.children
    yield from pieces


def _bullet(item: Block, first: int, last: int) -> Block:
    """The item of the runs from `first` on, the first of which begins with a bullet."""
    runs = item.runs[first:last]
    runs[0] = runs[0]._replace(text=runs[0].text[2:], start=runs[0].start + 2)
    end = item.runs[last].start if last < len(item.runs) else item.end
    return Block("item", item.runs[first].start, end, runs=runs)


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
