"""Reads works listed without bullets: in paragraphs, their lines, headings, blocks of notes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from enrich.lists.blocks import BOLD, BREAK, LINE, PART, Anchor, Block, Run, lines_of, visible
from enrich.lists.bullets import is_attributes
from enrich.lists.edges import is_titled
from enrich.lists.judge import announces, starts_named
from enrich.lists.lines import keyed
from enrich.lists.notes import belongs, inside, is_note, named_below, says_title
from enrich.lists.outline import Section
from enrich.lists.parted import parted
from enrich.lists.signs import Signs, read_signs, signs_of, with_notes
from enrich.lists.units import Unit
from enrich.lists.unlinked import is_bare_title, is_reference
from enrich.lists.venues import is_dated, years
from enrich.lists.words import is_label, length, tokens

SHORTEST = 4
"""Words of a paragraph with a number that may be a title."""
_NUMBERED = re.compile(r"\[\d{1,4}\]\s")
_TELLING = ("paragraph", "list", "quote", "table")


def paragraph_units(section: Section, links: Sequence[Anchor]) -> Iterator[Unit]:
    """The paragraphs of a section as units; notes below one are taken with it."""
    blocks = [piece for block in section.blocks for piece in parted(block, links)]
    at = 0
    while at < len(blocks):
        block = blocks[at]
        at += 1
        if block.kind != "paragraph" or is_pseudo_heading(block, blocks[at : at + 1], links):
            continue
        note = is_note(block.runs, links) and not says_title(block)
        if note and not named_below(block.runs, links, 0):
            continue
        notes: list[Run] = []
        end, told = block.end, False
        while at < len(blocks) and belongs(blocks[at], links):
            for part in inside(blocks[at]):
                notes += [Run("\n", part.start, part.start, PART), *part.runs]
            keyed = bool(blocks[at].kind == "list" or signs_of(blocks[at], links).key)
            end, told = blocks[at].end, told or keyed
            at += 1
        if not notes and (rows := _rows(block.runs, links)):
            for runs in rows:
                yield _unit("line", runs[0].start, runs[-1].end, runs, [], section, links)
            continue
        head = block.runs
        titles = named_below(notes, links, length(signs_of(block, links).text)) if told else []
        for named in titles[:1]:
            kept = set(map(id, named))
            head, notes = named, [*head, *(run for run in notes if id(run) not in kept)]
        layout = "block" if told else "paragraph"
        yield _unit(layout, block.start, end, head, notes, section, links)


def heading_unit(section: Section, links: Sequence[Anchor]) -> Unit | None:
    """The heading of a section as a unit, with what stands below it as notes."""
    heading = section.heading or next((b for b in section.blocks[:1] if b.kind == "fold"), None)
    if heading is None or (heading.kind == "heading" and heading.level < 2):
        return None
    told = [block for block in section.blocks if block.kind in _TELLING]
    if not signs_of(heading, links).paper and not (told and belongs(told[0], links)):
        return None
    notes: list[Run] = []
    end = heading.end
    for block in section.blocks:
        for part in inside(block):
            notes += [Run("\n", part.start, part.start, PART), *part.runs]
        end = block.end if block.kind in ("paragraph", "list", "quote") else end
    head = heading.runs
    titles = named_below(notes, links, length(signs_of(heading, links).text))
    if len(titles) > 1:
        return None  # Each is a work; the heading is what they have in common.
    for named in titles:
        # The heading is but a nick; its paper's title stands below it.
        kept = set(map(id, named))
        head, notes = named, [*head, *(run for run in notes if id(run) not in kept)]
    unit = _unit("heading", heading.start, end, head, notes, section, links)
    unit.section = section.path[:-1]
    return unit


def accept_paragraphs(units: Sequence[Unit], common: int, preamble: bool) -> list[bool]:
    """Which paragraphs list works: only where the shape repeats.

    `common`: how many paragraphs of the scope do so elsewhere; `preamble`: these stand under the
    document's title, where the list speaks of itself.
    """
    strong = list(map(is_strong, units))
    count = sum(strong)
    blocks = [unit.layout == "block" for unit in units]
    enough = count >= (3 if preamble else 2) and count * 2 >= len(units)
    if not enough and not (common >= 3 and not preamble):
        return [
            block and (good or (starts_named(unit.head) and _is_keyed_name(unit)))
            for good, block, unit in zip(strong, blocks, units, strict=True)
        ]
    return [
        good
        or (block and (starts_named(unit.head) or (enough and _is_keyed_name(unit))))
        or (
            (enough or common >= 3)
            and unit.signs.outside > 0
            and (starts_named(unit.head) or _is_labelled(unit.own))
            and not announces(unit.own.text)
            and not _is_talk(unit.own.text)
        )
        for good, block, unit in zip(strong, blocks, units, strict=True)
    ]


def is_strong(unit: Unit) -> bool:
    """Whether a paragraph looks like a listed work by itself."""
    text = unit.own.text
    numbered = _NUMBERED.match(text) is not None and length(text) > SHORTEST
    reference = numbered or is_reference(text)
    return (
        (unit.signs.strength == 3 or _is_dated_name(unit) or reference)
        and (
            starts_named(unit.head)
            or unit.own.cited
            or reference
            or is_titled(unit.own.text)
            or _is_labelled(unit.own)
            or (bool(unit.notes) and is_bare_title(unit.own.text))
        )
        and not announces(unit.own.text)
        and (not _is_talk(unit.own.text) or (unit.own.cited and starts_named(unit.head)))
    )


def is_heading_work(unit: Unit, section: Section, links: Sequence[Anchor]) -> bool:
    """Whether a heading names a work: it links the paper itself, or only notes follow it."""
    if not unit.own.text or is_label(unit.own.text) or is_dated(unit.own.text):
        return False  # `## [OSDI 2024](url)` stands above the works of a venue.
    told = [block for block in section.blocks if block.kind in _TELLING]
    long = length(unit.own.text) >= 3
    if unit.own.paper and (long or (unit.own.named and told)):
        return True
    if not told or len(tokens(unit.own.text)) < 1 or unit.signs.strength < 3:
        return False
    return all(belongs(block, links) for block in told) or (
        len(tokens(unit.own.text)) >= 4 and belongs(told[0], links)
    )


def is_pseudo_heading(block: Block, after: Sequence[Block], links: Sequence[Anchor]) -> bool:
    """Whether a paragraph is a heading written in bold: short, alone, a list or table below it."""
    if not after or after[0].kind not in ("list", "table"):
        return False
    text = visible(block.runs)
    bold = all(run.style & BOLD for run in block.runs if run.text.strip(" :\uff1a\n"))
    signs = signs_of(block, links)
    if signs.outside or len(text) > 120 or any(run.style & (LINE | PART) for run in block.runs):
        return False
    return bold and not is_attributes(after[0], links)


def _unit(
    layout: str,
    start: int,
    end: int,
    head: list[Run],
    notes: list[Run],
    section: Section,
    links: Sequence[Anchor],
) -> Unit:
    own = read_signs(head, links)
    signs = with_notes(head, notes, own, links)
    head = keyed(head)
    return Unit(
        layout, start, end, head, notes, section.path, own, signs, group=(layout, section.scope)
    )


def _rows(runs: list[Run], links: Sequence[Anchor]) -> list[list[Run]]:
    """The lines of a paragraph, if each of them lists a work by itself."""
    # A break inside a link parts nothing.
    whole = [
        run._replace(style=0, text=" ") if run.link >= 0 and run.style & BREAK else run
        for run in runs
    ]
    lines = [line for line in lines_of(whole, BREAK | LINE) if visible(line).strip()]
    if len(lines) < 2 or any(run.style & PART for run in runs):
        return []
    told = [read_signs(line, links) for line in lines]
    if all(is_reference(signs.text) for signs in told):
        return lines
    good = [
        signs.strength >= 2
        and signs.outside > 0
        and (starts_named(line) or (_is_labelled(signs) and not announces(signs.text)))
        and not is_label(signs.text)
        for line, signs in zip(lines, told, strict=True)
    ]
    return lines if all(good) and any(signs.paper for signs in told) else []


def _is_labelled(signs: Signs) -> bool:
    """Whether a short text ends in labelled links, as `Title [[Paper](url)] [[Code](url)]` does."""
    labels = [
        use.label
        for use in signs.uses
        if (is_label(use.label) or use.label.startswith("http")) and not use.picture
    ]
    return bool(labels) and not signs.named and 2 <= len(tokens(signs.text)) <= 60


def _is_dated_name(unit: Unit) -> bool:
    """Whether a paragraph is a bold name with a labelled link and a date, as one cites a post."""
    first = next((run for run in unit.head if run.text.strip()), None)
    bold = first is not None and bool(first.style & BOLD)
    return bold and _is_labelled(unit.own) and bool(years(unit.own.text))


def _is_keyed_name(unit: Unit) -> bool:
    """Whether a name of some words has keyed links below it: `- github: <url>`."""
    return unit.signs.outside > 0 and len(tokens(unit.own.text)) >= 3


def _is_talk(text: str) -> bool:
    """Whether a paragraph is prose that happens to link a paper."""
    words = tokens(text)
    return len(words) > 60 and sum(text.count(stop) for stop in (". ", "! ", "? ")) >= 3
