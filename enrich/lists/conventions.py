"""Reads a convention of some lists: a paper's link is called after where the paper appeared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from enrich.lists.blocks import IMAGE
from enrich.lists.chunks import Place
from enrich.lists.lines import merged
from enrich.lists.units import Unit
from enrich.lists.venues import VENUE, YEAR

FEWEST = 2
"""Venues that labels of siblings must name; one alone is but what its server is called."""
_SERVERS = frozenset("arxiv acm ieee springer elsevier openreview preprint biorxiv ssrn".split())
"""What a label says of where a link leads, whatever it is that appeared there."""


def labelled_lists(units: Sequence[Unit]) -> set[tuple[str, int]]:
    """The layouts and scopes whose links are called after venues: `[ICLR](url)`, `[ICML](url)`."""
    named: dict[tuple[str, int], set[str]] = defaultdict(set)
    for unit in units:
        named[unit.layout, unit.scope].update(name for name, _ in _venues(unit))
    return {key for key, names in named.items() if len(names - _SERVERS) >= FEWEST}


def labelled_venue(unit: Unit) -> list[Place]:
    """The place of the venue that a work's link is called after."""
    link = next((link for _, link in _venues(unit)), -1)
    runs = (*unit.head, *unit.notes)
    shown = [run for run in runs if run.link == link >= 0 and not run.style & IMAGE]
    return list(merged([(run.start, run.end) for run in shown if run.text.strip(" []")]))


def _venues(unit: Unit) -> list[tuple[str, int]]:
    """The links of a work whose text is but a venue, in lower case, and which they are."""
    found = []
    for use in unit.signs.uses:
        name = YEAR.sub("", use.label[:30]).strip(" []()")
        if not use.picture and len(name) <= 20 and VENUE.fullmatch(name):
            found.append((name.lower(), use.link))
    return found
