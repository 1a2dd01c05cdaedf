"""Who can be asked about a work, by which of its identifiers, and how the asking is opened."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from enrich.kin import with_kin
from enrich.model import ACL, ARXIV, DOI, OPENREVIEW, S2, Identifier, Record, Told

# The planner and the command line come here too: nothing that opens a socket is imported above.
if TYPE_CHECKING:
    import httpx

    from enrich.network.http import Gateway
    from enrich.network.surroundings import Surroundings
    from enrich.settings import Settings
    from enrich.sources.acl_anthology import AclAnthology
    from enrich.sources.oai import Oai

Ways = Callable[[Iterable[Identifier]], tuple[Identifier, ...]]

TITLES_PER_REQUEST = 30
"""Titles that arXiv is searched for in one request; 20 to 50 are practical (upstream-apis 3.5)."""


class Source(Protocol):
    """A service that is asked for works by identifier, many at a time, and by title.

    `titles_per_request`: titles that one request can ask for; 0 where there is no search.
    """

    name: str
    batch_size: int
    titles_per_request: int
    gateway: Gateway

    async def ask(self, batch: Sequence[Identifier]) -> list[Told]:
        """What the source says of each identifier; nothing where it turned out disabled.

        Trouble is told, never raised: `FAILED` with a reason. `NOT_FOUND` is only said after a
        valid answer.
        """
        ...

    async def search(self, titles: Sequence[str]) -> list[Told]:
        """What the source has under some titles; nothing where it turned out disabled.

        For each title what was told under `Identifier(TITLE, title)`: `OK` when papers came up
        that may be it, else as in `ask` (a title without a word is `not_searchable`). After these
        each such paper under its own identifier, as `ask` would have told it. Whether it is the
        paper is decided in `enrich.matching`.
        """
        ...


@dataclass(slots=True)
class Opened:
    """The enabled sources of one run, by name, the bulk file's download, and arXiv's harvest."""

    sources: dict[str, Source] = field(default_factory=dict)
    anthology: AclAnthology | None = None
    oai: Oai | None = None


def record(told: Told) -> Record:
    """A source's own record in the project's terms; what cannot be read is not told."""
    # One branch each: a rebuild from stored answers loads only the parsers that it needs.
    if told.source == "arxiv":
        from enrich.sources.arxiv import record as read
    elif told.source == "semantic_scholar":
        from enrich.sources.semantic_scholar import record as read
    elif told.source == "openreview":
        from enrich.sources.openreview import record as read
    elif told.source == "acl_anthology":
        from enrich.sources.acl_anthology import record as read
    else:
        return Record(told.source, told.asked)
    return read(told)


@asynccontextmanager
async def open_sources(
    settings: Settings,
    environ: Mapping[str, str],
    *,
    around: Surroundings | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
) -> AsyncIterator[Opened]:
    """Every enabled source, each behind a gateway of its own; all connections closed at the end.

    Secrets are read from `environ`; ConfigError names one that no HTTP header can carry.
    """
    from enrich.network.surroundings import SURROUNDINGS
    from enrich.sources import opening

    async with AsyncExitStack() as stack:
        yield await opening.opened(stack, settings, environ, around or SURROUNDINGS, transport)


def _by_scheme(scheme: str) -> Ways:
    def ways(identifiers: Iterable[Identifier]) -> tuple[Identifier, ...]:
        return tuple(i for i in with_kin(identifiers) if i.scheme == scheme)

    return ways


def _to_semantic_scholar(identifiers: Iterable[Identifier]) -> tuple[Identifier, ...]:
    """External ids first: clusters are merged, and a sha is one file's (upstream-apis 4.3, 4.7)."""
    asked = [i for i in with_kin(identifiers) if i.scheme != OPENREVIEW]
    return tuple(sorted(asked, key=_rank))


def _rank(identifier: Identifier) -> int:
    scheme, value = identifier
    if scheme == DOI:
        return 5 if value.startswith("10.48550/") else 2
    if scheme == S2:
        return 3 if value.startswith("CorpusID:") else 4
    return (ARXIV, ACL).index(scheme)


WAYS: Mapping[str, Ways] = {
    "arxiv": _by_scheme(ARXIV),
    "semantic_scholar": _to_semantic_scholar,
    "openreview": _by_scheme(OPENREVIEW),
    "acl_anthology": _by_scheme(ACL),
}
"""By source: the identifiers under which it can be asked for a work, the best one first."""
