"""Reads tables: which hold works, and which of their columns is the title, the venue, the year."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from enrich.lists.blocks import PART, Anchor, Block, Run, visible
from enrich.lists.columns import is_figure, is_published, is_titled, role_of_column
from enrich.lists.kinds import site_kind
from enrich.lists.names import has_et_al, people
from enrich.lists.sections import kind_of, lacks_works
from enrich.lists.signs import Signs, is_target, read_signs
from enrich.lists.units import Unit
from enrich.lists.words import is_label, length, tokens

WIDEST = 64
"""Columns that are read; a wider table is cut."""
Cells = list[list[Run]]


@dataclass(slots=True)
class _Table:
    """A table as a grid: a row's own place, its cells, and the role of each column."""

    rows: list[tuple[Block, Cells]]
    roles: list[str]
    title: int
    titled: bool


def units_of(block: Block, section: tuple[str, ...], links: Sequence[Anchor]) -> Iterator[Unit]:
    """The rows of a table, each with the cell that names its work and the others by their role."""
    dataset = kind_of(section) == "dataset"
    table = _read(block, links, dataset)
    if table is None:
        return
    nicks = not table.titled and _are_nicks(table)
    kind = "dataset" if dataset and table.roles[table.title] == "name" else ""
    path = section
    for row, cells in table.rows:
        head = cells[table.title] if table.title < len(cells) else []
        if _is_divider(cells):
            name = " ".join(visible(next(filter(visible, cells), [])).split())
            path = (*section, name) if name else section
            continue
        if row.html and head and head[0].start < row.start:
            continue  # The cell reaches down from the row of its work.
        named, repo = table.title, ""
        above = row.html and any(run.start < row.start for run in cells[0])
        if not visible(head).strip() and not above and read_signs(cells[0], links).named:
            # A system without a paper of its own: its first cell says what it is.
            named, head = 0, cells[0]
            repo = site_kind(read_signs(head, links))
        own = read_signs(head, links)
        if not any(visible(head).strip(" -.\u2013\u2026/")):
            continue
        columns: dict[str, list[Run]] = {}
        notes: list[Run] = []
        for index, cell in enumerate(cells):
            if index == named:
                continue
            if row.html and any(run.start < row.start for run in cell):
                # It reaches down from a row above, whose links it has.
                cell = [run._replace(link=-1) for run in cell]
            notes += [Run("\n", row.start, row.start, PART), *cell]
            role = table.roles[index] if index < len(table.roles) else ""
            if role and role != "title":
                columns.setdefault(role, cell)
        signs = read_signs([*head, *notes], links) if notes else own
        yield Unit(
            "html-table" if row.html else "table",
            row.start,
            row.end,
            head,
            notes,
            path,
            own,
            signs,
            group=(id(block),),
            columns=columns,
            nicks=nicks,
            kind=kind or repo,
        )


def holds_works(units: Sequence[Unit], header: Sequence[str], section: tuple[str, ...]) -> bool:
    """Whether the rows of a table list works rather than explain labels or compare systems."""
    if not units:
        return False
    papers = sum(unit.signs.strength == 3 for unit in units) / len(units)
    linked = sum(unit.signs.outside > 0 for unit in units) / len(units)
    named = {role_of_column(name) for name in header}
    figures = any(map(is_figure, header))
    if figures and "title" not in named:
        return False
    if any(lacks_works(name) for name in section[1:]) and papers < 0.5:
        return False
    if papers >= 0.2:
        return True
    if "title" in named and (linked >= 0.3 or named & {"authors", "venue"}):
        return True
    return "name" in named and linked >= 0.5 and kind_of(section) == "dataset"


def works_of(units: Sequence[Unit]) -> list[bool]:
    """For each row whether it lists a work: where nearly all link theirs, "No class" is none.

    Nor is a name of a word or two whose links lead nowhere, as templates have it.
    """
    linked = [bool(unit.own.uses or unit.signs.outside) for unit in units]
    most = sum(linked) * 4 >= len(units) * 3
    return [
        (has or not most or length(unit.own.text) > 3 or unit.signs.cited)
        and not (length(unit.own.text) <= 2 and _leads_nowhere(unit))
        for has, unit in zip(linked, units, strict=True)
    ]


def _leads_nowhere(unit: Unit) -> bool:
    uses = unit.signs.uses
    return bool(uses) and not any(is_target(use.url) for use in uses)


def header_of(block: Block) -> list[str]:
    """The names of a table's columns, or none."""
    rows = [row for row in block.children if row.kind == "row"]
    return _names(rows[0]) if rows and _is_header(rows[0]) else []


def _names(row: Block) -> list[str]:
    return [" ".join(visible(cell).split()) for cell in row.cells]


def _is_header(row: Block) -> bool:
    """Whether a first row names columns; many HTML tables do so in plain cells."""
    if row.level or not row.html:
        return bool(row.level)
    roles = [bool(role_of_column(name)) for name in _names(row)]
    return sum(roles) >= 2 and not any(run.link >= 0 for cell in row.cells for run in cell)


def _read(block: Block, links: Sequence[Anchor], dataset: bool) -> _Table | None:
    rows = list(_grid([row for row in block.children if row.kind == "row"]))
    if not rows:
        return None
    headed = _is_header(rows[0][0])
    names = [" ".join(visible(cell).split()) for cell in rows[0][1]] if headed else []
    body = [(row, cells) for row, cells in rows[headed:] if not row.level and cells]
    if not body:
        return None
    roles = [role_of_column(name) for name in names]
    width = max(len(cells) for _, cells in body)
    roles += [""] * (width - len(roles))
    # In a table of datasets the work is the dataset; its paper is one of its columns.
    title = roles.index("name") if dataset and "name" in roles else -1
    if title < 0:
        title = _title_column(roles, body, links)
    titled = 0 <= title < len(names) and is_titled(names[title])
    for index, name in enumerate(names):
        if index != title and roles[index] == "title" and is_published(name):
            roles[index] = "venue"  # "Publication" beside "Title" is where it appeared.
    return _Table(body, roles, title, titled) if title >= 0 else None


def _title_column(
    roles: list[str], body: list[tuple[Block, Cells]], links: Sequence[Anchor]
) -> int:
    """The column in which the works are named: by its heading, else by what its cells hold."""
    sample = body[:40]

    def worth(column: int) -> float:
        total = 0.0
        for _, cells in sample:
            if column >= len(cells):
                continue
            signs: Signs = read_signs(cells[column], links)
            name = "" if is_label(signs.text) else signs.text
            total += min(len(tokens(name)), 12) * (1.5 if signs.named else 1.0)
            total -= 4 * (people(name) >= 0.9 and not has_et_al(name))
        return total / max(1, len(sample))

    by_role = {role: [i for i, r in enumerate(roles) if r == role] for role in ("title", "name")}
    named = [column for column in by_role["title"] if worth(column) >= 0.5]
    names = [column for column in by_role["name"] if worth(column) >= 0.5]
    if named:
        return max(named, key=worth)
    if names:
        return names[0]
    free = [i for i, role in enumerate(roles) if role in ("", "title", "name")]
    return max(free, key=worth) if free else -1


def _grid(rows: list[Block]) -> Iterator[tuple[Block, Cells]]:
    """Rows with the cells that reach down from rows above them put in their places."""
    hanging: dict[int, tuple[int, list[Run]]] = {}
    for row in rows:
        cells: Cells = []
        sizes = row.spans or [(1, 1)] * len(row.cells)
        queue = list(zip(row.cells, sizes, strict=False))
        at = 0
        while (queue or at in hanging) and len(cells) < WIDEST:
            if at in hanging:
                left, runs = hanging.pop(at)
                cells.append(runs)
                if left > 1:
                    hanging[at] = (left - 1, runs)
                at += 1
                continue
            runs, (columns, deep) = queue.pop(0)
            first = True
            for _ in range(min(columns, WIDEST)):
                if deep > 1:
                    hanging[at] = (deep - 1, runs)
                cells.append(runs if first else [])
                first = False
                at += 1
        yield row, cells


def _is_divider(cells: Cells) -> bool:
    """Whether a row is a heading inside the table: one text, no link, the other cells empty."""
    filled = [cell for cell in cells if visible(cell).strip()]
    return len(cells) > 1 and len(filled) == 1 and not any(run.link >= 0 for run in filled[0])


def _are_nicks(table: _Table) -> bool:
    """Whether the title column holds short-cuts ("Huang et al.", "SILVI") rather than titles."""
    names = [visible(_cell(cells, table.title)) for _, cells in table.rows]
    names = [name for name in names if name.strip()]
    short = sum(length(name) <= 3 or (has_et_al(name) and length(name) <= 6) for name in names)
    return bool(names) and short >= 0.8 * len(names)


def _cell(cells: Cells, index: int) -> list[Run]:
    return cells[index] if index < len(cells) else []


def _first(cells: Cells, row: Block) -> int:
    own = (run for cell in cells for run in cell if run.start >= row.start)
    return min((run.start for run in own if run.text.strip()), default=row.start)
