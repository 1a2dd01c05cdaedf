"""Reads lists: which items list works, which only group them, and which belong to an item above."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from enrich.lists.blocks import PART, Anchor, Block, Run, visible, walk
from enrich.lists.ends import title_end
from enrich.lists.judge import behind_people, starts_named
from enrich.lists.leading import authors_end
from enrich.lists.lines import keyed
from enrich.lists.names import people
from enrich.lists.parted import apart
from enrich.lists.signs import Signs, signs_of, with_notes
from enrich.lists.units import Unit
from enrich.lists.unlinked import is_quoted_reference, topics_of
from enrich.lists.venues import is_dated
from enrich.lists.words import is_label, label_kinds, length, tokens

MOST = 50
"""Items below a topic that are looked at."""
DEEPEST = 40
"""Levels of lists inside lists that are told apart; what lies deeper is a note."""


def units_of(block: Block, section: tuple[str, ...], links: Sequence[Anchor]) -> Iterator[Unit]:
    """The units of a list, groups opened. Items of one list share a `group`."""
    waiting: list[tuple[Block, tuple[str, ...], int]] = [(block, section, 0)]
    while waiting:
        parent, path, depth = waiting.pop()
        inner: list[tuple[Block, tuple[str, ...], int]] = []
        topics = _topics(parent, links)
        for item in parent.children:
            if item.kind != "item":
                continue
            lists = [child for child in item.children if child.kind == "list"]
            group = id(item) in topics or (bool(lists) and _is_group(item, lists, links))
            opened = lists if depth < DEEPEST and group else []
            if opened:
                name = " ".join(visible(item.runs).split())[:300]
                below = (*path, name) if name else path
                inner += [(child, below, depth + 1) for child in opened]
                if not _is_work(item, links):
                    continue
            for one in apart(item, links):
                yield _unit(one, parent, path, links, without=opened)
        waiting += inner[::-1]


def is_attributes(block: Block, links: Sequence[Anchor]) -> bool:
    """Whether a list only tells about the work above it: `- arxiv: <url>`, `- [Code](url)`."""
    items = [child for child in block.children if child.kind == "item"]
    keyed = sum(_is_attribute(item, links) for item in items)
    dated = sum(is_dated(signs_of(item, links).text) and not item.children for item in items)
    return keyed > 0 and (keyed + dated) * 2 >= len(items)


def is_contents(block: Block, links: Sequence[Anchor]) -> bool:
    """Whether a list leads only to places of this page or repository."""
    inside = outside = items = cited = 0
    for part in walk([block]):
        if part.kind == "item":
            signs = signs_of(part, links)
            items += 1
            inside += bool(signs.inside)
            outside += bool(signs.outside)
            cited += bool(signs.inside) and behind_people(signs)
    return inside > 0 and outside <= inside // 8 and inside * 2 >= items and cited * 2 < inside


def _is_attribute(item: Block, links: Sequence[Anchor]) -> bool:
    signs = signs_of(item, links)
    return bool(signs.key) or (bool(signs.uses) and is_label(signs.text))


def _is_group(item: Block, lists: Sequence[Block], links: Sequence[Anchor]) -> bool:
    """Whether an item is a heading for the items under it rather than a work with notes."""
    below = [child for inner in lists for child in inner.children if child.kind == "item"]
    if _has_paper_below(item, below, links):
        return False
    works = sum(_is_work(child, links) for child in below)
    deeper = sum(
        any(_is_work(sub, links) for inner in child.children for sub in inner.children)
        for child in below
        if not signs_of(child, links).outside
    )
    own = signs_of(item, links)
    if not works and not deeper:
        return False
    if not own.outside:
        return own.strength < 2 or (works + deeper) * 2 >= len(below)
    return works * 2 >= len(below)


def _topics(parent: Block, links: Sequence[Anchor]) -> set[int]:
    """The items of a list that are but topics of the titles below them, none of them linked."""
    items = [item for item in parent.children if item.kind == "item" and item.children]
    items = [item for item in items if not signs_of(item, links).outside]
    leaves = [
        [
            signs_of(part, links)
            for part in walk(item.children)
            if part.kind == "item" and not any(inner.kind == "list" for inner in part.children)
        ][:MOST]
        for item in items
    ]
    texts = [signs.text for below in leaves for signs in below if not signs.key]
    if not texts or len(texts) * 4 < 3 * sum(map(len, leaves)):
        return set()
    names = [signs_of(item, links).text for item in items]
    topics = topics_of(names, texts)
    return {id(item) for item, topic in zip(items, topics, strict=True) if topic}


def _has_paper_below(item: Block, below: Sequence[Block], links: Sequence[Anchor]) -> bool:
    """Whether one note under a name is but a link labelled as its paper: `[[Paper]](url)`."""
    labelled = [
        "paper" in label_kinds(signs.text)
        for signs in (signs_of(child, links) for child in below)
        if signs.outside and is_label(signs.text) and not signs.key
    ]
    named = len(tokens(signs_of(item, links).bare)) >= 2
    return named and any(labelled) and len(labelled) * 3 >= len(below)


def _is_work(item: Block, links: Sequence[Anchor]) -> bool:
    """Whether an item looks like a listed work by itself."""
    signs = signs_of(item, links)
    if signs.key or not signs.outside or is_label(signs.text):
        return False
    named = starts_named(item.runs)
    return (signs.paper and (named or len(tokens(signs.text)) >= 4)) or (
        named and signs.outside > 0 and len(tokens(signs.text)) >= 2
    )


def _citation(item: Block, links: Sequence[Anchor]) -> Block | None:
    """The only note below a nick, where it is a title with its authors or its venue."""
    below = [part for child in item.children for part in walk([child]) if part.runs]
    if len(below) != 1 or len(tokens(signs_of(item, links).bare)) > 6:
        return None
    signs = signs_of(below[0], links)
    if signs.outside:
        return None
    end = title_end(signs.text)
    behind = authors_end(signs.text)
    title = signs.text[behind : behind + title_end(signs.text[behind:])] if behind else ""
    titled = signs.cited and end < len(signs.text) and people(signs.text[:end]) < 0.6
    titled = titled and len(tokens(signs.text[:end])) >= 4
    return below[0] if titled or len(tokens(title)) >= 4 else None


def _reference(item: Block, links: Sequence[Anchor]) -> Block | None:
    """The one reference with a quoted title, or title behind "Paper:", below a few words."""
    if len(tokens(signs_of(item, links).text)) > 6:
        return None
    below = [part for child in item.children for part in walk([child]) if part.runs][:MOST]
    cited = [part for part in below if is_quoted_reference(signs_of(part, links).text)]
    cited = cited or [part for part in below if _is_keyed_title(signs_of(part, links))]
    return cited[0] if len(cited) == 1 else None


def _is_keyed_title(signs: Signs) -> bool:
    """Whether words that are no link stand behind a key for titles: "Paper: A Title, <url>"."""
    said = signs.bare.partition(":")[2]
    return signs.key in ("paper", "title") and length(said) >= 2 and not is_label(said)


def _unit(
    item: Block,
    parent: Block,
    section: tuple[str, ...],
    links: Sequence[Anchor],
    without: Sequence[Block],
) -> Unit:
    notes: list[Run] = []
    end = item.end
    for child in item.children:
        if any(child is opened for opened in without):
            end = min(end, child.start)
            continue
        for part in walk([child]):
            if part.runs:
                notes.append(Run("\n", part.start, part.start, PART))
                notes += part.runs
            for cell in part.cells:
                notes += [Run("\n", part.start, part.start, PART), *cell]
    own = signs_of(item, links)
    signs = with_notes(item.runs, notes, own, links)
    head = keyed(item.runs)
    if notes and own.outside and not own.named and (cited := _citation(item, links)):
        # The item is but a nick with links; the work itself is cited right below it.
        head, notes = cited.runs, [*item.runs, *(n for n in notes if n not in cited.runs)]
    elif notes and not own.uses and (cited := _reference(item, links)):
        # The item is but a topic; the work is the reference below it.
        head, notes = cited.runs, [*item.runs, *(n for n in notes if n not in cited.runs)]
        own = signs_of(cited, links)
    layout = "numbered" if parent.ordered else "bullet"
    return Unit(
        layout,
        item.start,
        end,
        head,
        notes,
        section,
        own,
        signs,
        group=(id(parent),),
    )
