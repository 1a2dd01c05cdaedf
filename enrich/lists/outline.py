"""Parts a document into its sections: the heading path of every block, and what it announces."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from enrich.lists.blocks import Block, visible
from enrich.lists.sections import is_aside, role_of

LONGEST_HEADING = 300
"""Characters of a heading kept in a path."""
# "#Project": a heading to its writer, and to older Markdown.
DEEPEST_FOLD = 8
"""Folds inside folds that show in a path."""
_UNSPACED = re.compile(r"(#{1,6})(?=[\w(\[])[^\n#]{1,100}$")
_ANCHOR_MARK = re.compile(r"^[\s\u00b6#]+|[\s\u00b6#]+$")


@dataclass(slots=True)
class Section:
    """Blocks under one heading path. `scope` counts level-1 headings: no rule looks across them.

    `role` says what the section announces instead of works ("news"), or is empty; `inherited`
    that only a heading above it says so.
    """

    path: tuple[str, ...]
    scope: int
    role: str
    inherited: bool
    heading: Block | None = None
    blocks: list[Block] = field(default_factory=list)


def sections_of(blocks: list[Block]) -> Iterator[Section]:
    """The sections of a document in reading order, folds and headings alike."""
    path: list[tuple[int, str]] = []
    silent: list[tuple[int, str]] = []
    folds: list[tuple[str, str]] = []
    scope = 0

    def section(heading: Block | None = None) -> Section:
        names = (*(name for _, name in path), *(name for name, _ in folds if name))
        roles = [role for _, role in silent] + [role for _, role in folds if role]
        inherited = bool(roles) and heading is not None and not role_of(heading_text(heading))
        return Section(names, scope, roles[-1] if roles else "", inherited, heading)

    current = section()
    asides = 0
    for block in blocks:
        if asides or (block.kind == "fold" and is_aside(heading_text(block))):
            # A folded abstract tells about the work around it: the section goes on behind it.
            asides += (block.kind == "fold") - (block.kind == "unfold")
            current.blocks.append(Block("aside", block.start, block.end))
            continue
        if block.kind == "paragraph" and (form := _UNSPACED.match(visible(block.runs))):
            block.kind, block.level = "heading", len(form[1])
        if block.kind == "heading":
            if current.heading is not None or current.blocks:
                yield current
            name = heading_text(block)
            level = block.level
            if level == 1:
                scope += 1
            folds.clear()
            path = [(depth, text) for depth, text in path if depth < level]
            silent = [(depth, role) for depth, role in silent if depth < level]
            if name:
                path.append((level, name))
                if role := role_of(name):
                    silent.append((level, role))
            current = section(block)
        elif block.kind in ("fold", "unfold"):
            if current.heading is not None or current.blocks:
                yield current
            if block.kind == "fold":
                name = heading_text(block)
                folds.append((name, role_of(name)))
                del folds[:-DEEPEST_FOLD]
            elif folds:
                folds.pop()
            current = section()
            current.blocks.append(block)
        else:
            current.blocks.append(block)
    if current.heading is not None or current.blocks:
        yield current


def heading_text(block: Block) -> str:
    """A heading as a path names it: on one line, without the marks of its anchor."""
    text = _ANCHOR_MARK.sub("", " ".join(visible(block.runs).split()))
    return text[:LONGEST_HEADING]
