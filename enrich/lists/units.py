"""A candidate for an entry, as the readers of bullets, tables and paragraphs hand it on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from enrich.lists.blocks import Run
from enrich.lists.signs import Signs


@dataclass(slots=True)
class Unit:
    """Blocks that may list one work.

    `head` are the runs in which the title stands, `notes` those of sub-bullets and other cells;
    `columns` are a row's cells by what their column holds ("venue", "year", ...). `scope`
    counts level-1 headings: nothing is compared across them. Offsets are into the UTF-8 text.
    """

    layout: str
    start: int
    end: int
    head: list[Run]
    notes: list[Run]
    section: tuple[str, ...]
    own: Signs
    signs: Signs
    group: tuple[object, ...] = ()
    columns: Mapping[str, list[Run]] = field(default_factory=dict)
    scope: int = 0
    nicks: bool = False
    kind: str = ""


@dataclass(slots=True)
class Part:
    """A stretch of the text and what it was taken for, entries aside."""

    start: int
    end: int
    role: str


@dataclass(slots=True)
class Reading:
    """What recognition made of a document: accepted units in order, and the rest by role."""

    units: list[Unit] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
