"""Finds the works in a document: section by section, in the shape that each section repeats."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from enrich.lists import bullets, tables
from enrich.lists.blocks import Anchor, Block, Document, visible
from enrich.lists.judge import announces, judge, starts_named
from enrich.lists.nesting import nested
from enrich.lists.notes import is_picture
from enrich.lists.outline import LONGEST_HEADING, Section, sections_of
from enrich.lists.paragraphs import (
    accept_paragraphs,
    heading_unit,
    is_heading_work,
    is_pseudo_heading,
    is_strong,
    paragraph_units,
)
from enrich.lists.parted import gathered
from enrich.lists.sections import is_log, role_of
from enrich.lists.signs import signs_of
from enrich.lists.units import Part, Reading, Unit
from enrich.lists.unlinked import MANY, bare_titles, is_bare_title

_ALONE = ("contributing", "contents")
"""Roles of sections that say nothing of the sections below them."""


def recognise(document: Document) -> Reading:
    """The accepted units of a document in order, and the role of everything else."""
    reading = Reading()
    found: list[tuple[Section, list[list[Unit]], list[Unit]]] = []
    sections = list(sections_of(document.blocks))
    headings: dict[int, set[str]] = defaultdict(set)
    for section in sections:
        headings[section.scope].update(map(_letters, section.path))
    for section in sections:
        if section.heading is not None:
            role = f"heading: {section.role}" if section.role else "heading"
            reading.parts.append(Part(section.heading.start, section.heading.end, role))
        if section.inherited and section.role == "news" and not is_log(section.path[-1:]):
            # Writers forget to end a log: what lists papers below a heading of its own is a list.
            trial = Reading()
            groups, below = _candidates(section, headings[section.scope], document, trial)
            if _holds_papers(groups):
                reading.parts += trial.parts
                found.append((section, groups, below))
                continue
        if section.role and not (section.inherited and section.role in _ALONE):
            reading.parts += [Part(b.start, b.end, section.role) for b in section.blocks]
            continue
        found.append((section, *_candidates(section, headings[section.scope], document, reading)))
    headed = _headed(found, document.links)
    shares = _shares(found)
    unlinked = _unlinked(found)
    deeper = {section.scope for section, _, _ in found if len(section.path) > 1}
    loose = _loose(found, deeper)
    for section, groups, paragraphs in found:
        unit = headed.get(id(section))
        for each in (*(u for group in groups for u in group), *paragraphs, *filter(None, [unit])):
            each.scope = section.scope
        if unit is not None:
            reading.units.append(unit)
            continue
        preamble = _is_preamble(section, deeper)
        for group in groups:
            share = shares[(section.scope, group[0].layout)] if group else 0.0
            table = "table" in group[0].layout
            free = unlinked[section.scope, group[0].layout]
            verdicts = tables.works_of(group) if table else judge(group, share, free)
            if preamble:  # Who keeps the list, where to search: it speaks of itself.
                verdicts = [
                    good and unit.signs.strength == 3
                    for good, unit in zip(verdicts, group, strict=True)
                ]
            _keep(group, verdicts, reading)
        _keep(paragraphs, accept_paragraphs(paragraphs, loose[section.scope], preamble), reading)
    reading.units.sort(key=lambda unit: unit.start)
    return reading


def _candidates(
    section: Section, headings: set[str], document: Document, reading: Reading
) -> tuple[list[list[Unit]], list[Unit]]:
    """The units of a section: groups of siblings, and paragraphs. The rest gets its role."""
    links = document.links
    groups: list[list[Unit]] = []
    path = section.path
    role = ""
    section.blocks[:] = nested(gathered(section.blocks), links)
    for index, block in enumerate(section.blocks):
        after = section.blocks[index + 1 : index + 2]
        if block.kind == "paragraph" and is_pseudo_heading(block, after, links):
            name = " ".join(visible(block.runs).split()).strip(" :\uff1a")
            path = (*section.path, name) if name else section.path
            role = role_of(name)
            reading.parts.append(Part(block.start, block.end, "heading in bold"))
        elif role and block.kind in ("list", "table"):
            reading.parts.append(Part(block.start, block.end, role))
        elif block.kind == "list":
            if bullets.is_contents(block, links) or _repeats(block, headings):
                reading.parts.append(Part(block.start, block.end, "contents"))
                continue
            if _tells(section.blocks[:index], block, links):
                continue
            groups += _by_group(list(bullets.units_of(block, path, links)))
            groups += _inner_tables(block, path, links)
        elif block.kind == "table":
            rows = list(tables.units_of(block, path, links))
            if tables.holds_works(rows, tables.header_of(block), path):
                groups += _by_group(rows)
            else:
                reading.parts.append(Part(block.start, block.end, "table without works"))
        elif block.kind == "quote":
            for inner in block.children:
                if inner.kind in ("list", "table"):
                    groups += _by_group(list(_quoted(inner, path, links)))
            reading.parts.append(Part(block.start, block.end, "quotation"))
        elif block.kind != "paragraph":
            reading.parts.append(Part(block.start, block.end, block.kind))
    return groups, list(paragraph_units(section, links))


def _holds_papers(groups: Sequence[Sequence[Unit]]) -> bool:
    """Whether most of what a section lists are papers by their links."""
    units = [unit for group in groups for unit in group]
    papers = sum(unit.signs.strength == 3 and not announces(unit.own.text) for unit in units)
    return len(units) >= 3 and papers * 2 >= len(units)


def _repeats(block: Block, headings: set[str]) -> bool:
    """Whether a list without links repeats headings of its scope: contents, too."""
    items = [_letters(visible(item.runs)) for item in block.children if item.kind == "item"]
    return len(items) >= 2 and sum(item in headings for item in items) * 2 >= len(items)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _tells(above: Sequence[Block], block: Block, links: Sequence[Anchor]) -> bool:
    """Whether a list holds notes on the work of the paragraph above, which takes them along."""
    before = next((b for b in reversed(above) if not is_picture(b)), None)
    if before is None or before.kind != "paragraph" or not bullets.is_attributes(block, links):
        return False
    return starts_named(before.runs) or is_bare_title(signs_of(before, links).text)


def _inner_tables(block: Block, path: tuple[str, ...], links: Sequence[Anchor]) -> list[list[Unit]]:
    """The works of tables that stand in the items of a list."""
    groups: list[list[Unit]] = []
    for item in block.children:
        for inner in item.children:
            if inner.kind == "table":
                below = (*path, " ".join(visible(item.runs).split())[:LONGEST_HEADING])
                rows = list(tables.units_of(inner, below, links))
                if tables.holds_works(rows, tables.header_of(inner), below):
                    groups += _by_group(rows)
    return groups


def _quoted(block: Block, path: tuple[str, ...], links: Sequence[Anchor]) -> list[Unit]:
    reader = bullets.units_of if block.kind == "list" else tables.units_of
    return [unit for unit in reader(block, path, links) if unit.signs.strength == 3]


def _by_group(units: list[Unit]) -> list[list[Unit]]:
    groups: dict[tuple[object, ...], list[Unit]] = defaultdict(list)
    for unit in units:
        groups[unit.group].append(unit)
    return list(groups.values())


def _headed(
    found: Sequence[tuple[Section, list[list[Unit]], list[Unit]]], links: Sequence[Anchor]
) -> dict[int, Unit]:
    """The sections whose heading is itself the work, where at least two of a scope are so."""
    works: dict[int, dict[int, Unit]] = defaultdict(dict)
    for section, _, _ in found:
        unit = heading_unit(section, links)
        if unit is not None and is_heading_work(unit, section, links):
            works[section.scope][id(section)] = unit
    return {key: unit for units in works.values() if len(units) > 1 for key, unit in units.items()}


def _shares(
    found: Sequence[tuple[Section, list[list[Unit]], list[Unit]]],
) -> dict[tuple[int, str], float]:
    """Of each scope and layout, the share of units that are papers by their links."""
    papers: dict[tuple[int, str], int] = defaultdict(int)
    totals: dict[tuple[int, str], int] = defaultdict(int)
    for section, groups, _ in found:
        for group in groups:
            for unit in group:
                papers[section.scope, unit.layout] += unit.signs.strength == 3
                totals[section.scope, unit.layout] += 1
    return defaultdict(float, {key: papers[key] / total for key, total in totals.items()})


def _unlinked(
    found: Sequence[tuple[Section, list[list[Unit]], list[Unit]]],
) -> dict[tuple[int, str], bool]:
    """Of each scope and layout, whether it lists titles without any link for a good part."""
    bare: dict[tuple[int, str], int] = defaultdict(int)
    total: dict[tuple[int, str], int] = defaultdict(int)
    for section, groups, _ in found:
        for group in groups:
            bare[section.scope, group[0].layout] += bare_titles(group)
            total[section.scope, group[0].layout] += len(group)
    return defaultdict(
        bool, {key: bare[key] >= MANY and bare[key] * 5 >= total[key] * 2 for key in total}
    )


def _is_preamble(section: Section, deeper: set[int]) -> bool:
    """Whether a section only introduces its scope: it stands above the scope's own headings."""
    top = section.heading is None or section.heading.level == 1
    return top and len(section.path) <= 1 and section.scope in deeper


def _loose(
    found: Sequence[tuple[Section, list[list[Unit]], list[Unit]]], deeper: set[int]
) -> dict[int, int]:
    """How many paragraphs of each scope look like works, where its sections list none."""
    counts: dict[int, int] = defaultdict(int)
    for section, groups, paragraphs in found:
        listed = any(unit.signs.strength == 3 for group in groups for unit in group)
        if not listed and not _is_preamble(section, deeper):
            strong = sum(map(is_strong, paragraphs))
            counts[section.scope] += strong if strong * 2 >= len(paragraphs) else 0
    return counts


def _keep(units: Sequence[Unit], verdicts: Sequence[bool], reading: Reading) -> None:
    for unit, good in zip(units, verdicts, strict=True):
        if good:
            reading.units.append(unit)
        else:
            reading.parts.append(Part(unit.start, unit.end, f"{unit.layout} without a work"))
