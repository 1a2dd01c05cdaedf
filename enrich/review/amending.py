"""How is one decision written into `overrides.toml`, and everything else left as it stands?"""

from __future__ import annotations

import re

import tomlkit
from tomlkit.items import AoT, Array, Item, SingleKey

from enrich.errors import ConfigError
from enrich.review.decisions import Ruling, read

HEADER = (
    "# Decisions of people; they win over everything that Papertide finds by itself.",
    "# Written by hand or by `papertide review`; your own comments and order are kept.",
)
"""What a new file begins with."""

LONE_LINE_FEED = re.compile(r"(?<!\r)\n")


def with_ruling(text: str, ruling: Ruling, file: str) -> str:
    """The file's text with this decision in it.

    In the place of the decision that has its `number`, of which only what it decides is replaced;
    behind all others where it has none (0). Line ends are those of the file.

    Raises:
        ConfigError: the text has a fault, or cannot be changed without changing more.
    """
    before = read(text, file)
    newline = "\r\n" if "\r\n" in text[: text.find("\n") + 1] else "\n"
    amended = _replaced(text, ruling) if ruling.number else _added(text, ruling, newline)
    if newline != "\n" and not LONE_LINE_FEED.search(text):
        amended = LONE_LINE_FEED.sub(newline, amended)
    after = read(amended, file)
    if [_said(each) for each in after] != _expected(before, ruling):
        raise ConfigError(f"{file}: cannot be changed without changing more; edit it by hand")
    return amended


def _said(ruling: Ruling) -> tuple[object, ...]:
    return (ruling.list_id, ruling.title, ruling.entry_id, ruling.accept)


def _expected(before: tuple[Ruling, ...], ruling: Ruling) -> list[tuple[object, ...]]:
    """What the file must say afterwards."""
    said = [_said(each) for each in before]
    if ruling.number:
        said[ruling.number - 1] = (*said[ruling.number - 1][:3], ruling.accept)
        return said
    return [*said, _said(ruling)]


def _added(text: str, ruling: Ruling, newline: str) -> str:
    document = tomlkit.parse(text)
    values = {
        "list": ruling.list_id,
        "title": ruling.title,
        "entry_id": ruling.entry_id,
        **dict([_decided(ruling)]),
    }
    values = {name: value for name, value in values.items() if value is not None}
    inline = document.get("decision")
    if isinstance(inline, Array):
        inline.append(values)
        return tomlkit.dumps(document)
    start = text or newline.join((*HEADER, ""))
    if not start.endswith("\n"):
        start += newline
    lines = ["[[decision]]", *(f"{n} = {tomlkit.item(v).as_string()}" for n, v in values.items())]
    return start + newline + newline.join((*lines, ""))


def _replaced(text: str, ruling: Ruling) -> str:
    document = tomlkit.parse(text)
    decisions = document["decision"]
    assert isinstance(decisions, AoT | Array)
    body = decisions[ruling.number - 1].value.body
    name, value = _decided(ruling)
    for n, (key, old) in enumerate(body):
        if key is not None and key.key in ("accept", "reject"):
            written = key.as_string()
            blanks = written[len(written.rstrip()) :]
            same = key if key.key == name else SingleKey(name, sep=key.sep, original=name + blanks)
            body[n] = (same, _dressed(tomlkit.item(value), old))
    return tomlkit.dumps(document)


def _decided(ruling: Ruling) -> tuple[str, str | bool]:
    return ("accept", str(ruling.accept)) if ruling.accept else ("reject", True)


def _dressed(new: Item, old: Item) -> Item:
    """A value with the blanks, the comment and the line end of the one it replaces."""
    for name in ("indent", "comment_ws", "comment", "trail"):
        setattr(new.trivia, name, getattr(old.trivia, name))
    return new
