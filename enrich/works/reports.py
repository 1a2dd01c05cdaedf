"""Whose are the identifiers that a source reports, and is it to be believed?"""

from __future__ import annotations

from collections.abc import Iterable

from enrich.kin import with_kin
from enrich.model import Identifier, Record
from enrich.titles import alike, names
from enrich.works.shelf import Shelf


def learn_all(
    shelf: Shelf, records: Iterable[Record]
) -> tuple[set[tuple[str, Identifier]], list[Record]]:
    """Learn from each record; gives the questions whose answers are about another paper, and the
    records of identifiers that no work has yet."""
    doubted: set[tuple[str, Identifier]] = set()
    asked, waiting = 0, list(records)
    while len(waiting) != asked:  # one answer may tell whose the question of another was
        asked, records, waiting = len(waiting), waiting, []
        for record in records:
            home = shelf.owner(record.asked)
            if home is None:
                waiting.append(record)
            elif not _learn(shelf, home, record):
                doubted.add((record.source, record.asked))
    return doubted, waiting


def _learn(shelf: Shelf, home: str, record: Record) -> bool:
    """Take the identifiers that a source reports for the work it was asked about.

    Returns whether it spoke of that work: a record under other identifiers than the asked one is
    an alias, unless its title or its numbers are another paper's.
    """
    reported = with_kin(record.identifiers)
    is_same = alike(record.title, shelf.works[home].title) and not shelf.conflict(home, reported)
    if record.asked not in reported and not is_same:
        return False
    for identifier in reported:
        other = shelf.owner(identifier)
        if other is not None and alike(record.title, shelf.works[other].title):
            home = shelf.merge(home, other)
        shelf.claim(home, identifier, record.source)
    shelf.name(home, record.title, names(record.authors))
    return True
