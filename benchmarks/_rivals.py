"""How fast and how well do others find a title among 300,000? What is said of ours beside them."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Sequence

from rapidfuzz import fuzz, process

Finder = Callable[[str], Sequence[int]]
"""From a title to the positions of the likest titles, the best first, at most `MOST`."""

MOST = 20
RERANKED = 50
RAREST = 5


def brute_force(titles: Sequence[str]) -> Finder:
    """rapidfuzz's ratio against each title, on one core.

    `cdist` computes the same and would want numpy, which the project has no other use for.
    """
    spelled = [spell(title) for title in titles]

    def find(title: str) -> Sequence[int]:
        found = process.extract(spell(title), spelled, scorer=fuzz.ratio, limit=MOST)
        return [position for _, _, position in found]

    return find


def full_text(titles: Sequence[str]) -> Finder:
    """SQLite's FTS5: titles with any of the rarest words, the best of them compared letter by
    letter."""
    spelled = [spell(title) for title in titles]
    connection = sqlite3.connect(":memory:")
    connection.execute("create virtual table titles using fts5(title, detail=none)")
    connection.execute("create virtual table words using fts5vocab(titles, row)")
    connection.executemany("insert into titles(rowid, title) values (?, ?)", enumerate(spelled))
    often = dict(connection.execute("select term, doc from words"))

    def find(title: str) -> Sequence[int]:
        words = sorted({w for w in spell(title).split() if w in often}, key=often.__getitem__)
        query = " OR ".join(f'"{word}"' for word in words[:RAREST])
        if not query:
            return []
        rows = connection.execute(
            "select rowid from titles where titles match ? order by rank limit ?",
            (query, RERANKED),
        )
        pool = {position: spelled[position] for (position,) in rows}
        found = process.extract(spell(title), pool, scorer=fuzz.ratio, limit=MOST)
        return [position for _, _, position in found]

    return find


def spell(title: str) -> str:
    """The lower-case words of a title."""
    return " ".join(re.findall(r"\w+", title.lower()))
