"""Puts what stands right below an item, but that Markdown takes for a block of its own, into it."""

from __future__ import annotations

from collections.abc import Sequence

from enrich.lists.blocks import Anchor, Block
from enrich.lists.signs import signs_of
from enrich.lists.words import is_label


def nested(blocks: Sequence[Block], links: Sequence[Anchor]) -> list[Block]:
    """The blocks with lists of notes, and labelled links, put below the item right above them.

    So writers mean "1. Nick", then "- Paper: ...", though Markdown takes them for two lists; what
    is left are numbered lists of one item each, which are one.
    """
    kept: list[Block] = []
    for block in blocks:
        above = kept[-1] if kept else None
        if above is not None and above.kind == "list" and _is_left_out(above, block, links):
            above.children[-1].children.append(block)
            above.children[-1].end = above.end = block.end
        elif above is None or block.kind != "list" or above.kind != "list":
            kept.append(block)
        elif block.ordered != above.ordered and _takes(above, block, links):
            above.children[-1].children.append(block)
            above.end = above.children[-1].end = block.end
        elif block.ordered and above.ordered and above.children[-1].children:
            above.children += block.children
            above.end = block.end
        else:
            kept.append(block)
    return kept


def _is_left_out(above: Block, block: Block, links: Sequence[Anchor]) -> bool:
    """Whether a paragraph holds but labelled links, and the item right above it has no link."""
    if block.kind != "paragraph" or not above.children or above.children[-1].kind != "item":
        return False
    own = signs_of(block, links)
    last = above.children[-1]
    bare = not last.children and not signs_of(last, links).uses
    return bare and own.outside > 0 and is_label(own.text)


def _takes(above: Block, block: Block, links: Sequence[Anchor]) -> bool:
    """Whether a list holds but keyed notes, and the last item above it has none of its own."""
    last = above.children[-1]
    items = [child for child in block.children if child.kind == "item"]
    keyed = sum(bool(signs_of(item, links).key) for item in items)
    bare = last.kind == "item" and not last.children and not signs_of(last, links).uses
    return bare and above.ordered and keyed * 2 > len(items)
