"""What is exported: a work with the places that name it, and what never changes of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import NamedTuple

from enrich.library import Place
from enrich.matching.people import split
from enrich.model import Identifier
from enrich.papers import Paper

SIMULATED = "SIMULATED: counts and abstracts were invented by Papertide's sandbox"
"""What every format says of a snapshot that holds invented values."""


_OTHERS = re.compile(r"\bet\.?\s*al\b|\bothers\b|\u2026|\.\.\.", re.IGNORECASE)


class Origin(NamedTuple):
    """What was known of a work when it was first described: later nights do not change it."""

    author: str | None
    title: str | None
    year: str | None


@dataclass(frozen=True, slots=True)
class Listed:
    """A work that lists name. `places`: its live entries in those lists; `category`: the one that
    arXiv files it under first."""

    paper: Paper
    origin: Origin
    places: tuple[Place, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    category: str | None = None

    @property
    def authors(self) -> tuple[str, ...]:
        """All authors, or where no source tells them those that a list names."""
        if self.paper.authors:
            return self.paper.authors
        line = next((place.authors for place in self.places if place.authors), "")
        return (*split(line), *(["et al."] if _OTHERS.search(line) else []))

    @property
    def link(self) -> str | None:
        """The first web address by which a list leads to the work."""
        links = (link.url for place in self.places for link in place.links)
        return next((url for url in links if url.startswith(("http://", "https://"))), None)

    def among(self, places: tuple[Place, ...]) -> Listed:
        """The same work, named by these places only."""
        return replace(self, places=places)
