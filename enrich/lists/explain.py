"""What every source line was taken for: the reading, for a person to follow."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from enrich.lists.decode import Source, decode
from enrich.lists.units import Reading
from enrich.model import Entry, Parsed, Role

WIDTH = 100
"""Characters of a source line that `explain` shows."""


def roles_of(source: Source, reading: Reading, entries: Sequence[Entry]) -> tuple[Role, ...]:
    """A role for every line: what an entry has there, else the part it lies in."""
    count = len(source.starts)
    roles = ["text"] * count
    owner: list[int | None] = [None] * count
    for part in reading.parts:
        if part.start == part.end:
            continue
        first = source.line(part.start)
        last = source.line(max(part.start, part.end - 1))
        roles[first - 1 : last] = [part.role] * (last - first + 1)
    for entry in entries:
        for line in range(entry.line, entry.end_line + 1):
            roles[line - 1], owner[line - 1] = "note", entry.n
    fields: dict[int, dict[str, None]] = {}
    for entry in entries:
        here = fields.setdefault(entry.line, {})
        here[f"{entry.kind.value} ({entry.layout})"] = None
    for line, keys in _lines_of_spans(source, entries).items():
        fields.setdefault(line, {}).update(dict.fromkeys(keys))
    for line, names in fields.items():
        roles[line - 1] = ", ".join(names)
    if source.starts[-1] == len(source.utf8):  # behind the last line end there is no line
        roles.pop()
    return tuple(
        Role(index + 1, _blank_or(role, source, index), owner[index])
        for index, role in enumerate(roles)
    )


def explain(data: bytes, parsed: Parsed) -> Iterator[str]:
    """One line of text per source line: number, entry, role, and the line itself, cut."""
    source = decode(data)
    for role in parsed.roles:
        start = source.starts[role.line - 1]
        end = source.starts[role.line] if role.line < len(source.starts) else len(source.utf8)
        text = source.cut(start, min(end, start + 4 * WIDTH)).rstrip("\r\n")[:WIDTH]
        number = f"#{role.entry}" if role.entry is not None else ""
        shown = "".join(c if c.isprintable() else " " for c in text)
        yield f"{role.line:>6} {number:>6}  {role.role:<40} {shown}".rstrip()


def _lines_of_spans(source: Source, entries: Sequence[Entry]) -> dict[int, list[str]]:
    """The fields that stand on each line, inside the entry they belong to."""
    back = _Back(source)
    found: dict[int, list[str]] = {}
    for entry in entries:
        for key, spans in entry.spans.items():
            for start, _ in spans:
                line = back.line(start)
                if entry.line <= line <= entry.end_line:
                    found.setdefault(line, []).append(key)
    return found


class _Back:
    """The line of a place in the file as given."""

    def __init__(self, source: Source) -> None:
        self._starts = [source.place(start) for start in source.starts]

    def line(self, place: int) -> int:
        return bisect_right(self._starts, place)


def _blank_or(role: str, source: Source, index: int) -> str:
    if role not in ("text", "note"):
        return role
    start = source.starts[index]
    end = source.starts[index + 1] if index + 1 < len(source.starts) else len(source.utf8)
    return role if source.utf8[start:end].strip() else "blank"
