"""`papertide resolve`: titles in, identifiers out, with or without a store."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from enrich.configuration import Configuration
from enrich.configuration import now as wall_clock
from enrich.edition import Settled, settle
from enrich.errors import PapertideError
from enrich.library import Library, Place, Verdict
from enrich.marks import Answered
from enrich.matching import lines
from enrich.matching.lines import Line
from enrich.model import TITLE, Identifier, Kind
from enrich.plan import Ask
from enrich.settings import age
from enrich.sources import open_sources
from flows import lookups
from flows.asking import Asking, directly, trouble_with
from flows.lists import read_file
from flows.progress import Bars
from flows.rounds import ask_all
from flows.running import ending_in_order, run
from flows.terminal import Terminal, as_json, complain
from flows.tonight import Scope, Tonight, due
from store import snapshots
from store.journal import Journal
from store.layout import Layout

NAME = "resolve"
"""What the lines are listed as while they are sorted into works."""
COMPLETES = "semantic_scholar"
"""The source that is asked for the other identifiers of what was found, 500 works a request."""
MANY = 50
"""Titles from which the person is told that a local catalogue would save requests."""


def resolve_file(
    configuration: Configuration, file: Path | None, terminal: Terminal, *, offline: bool
) -> int:
    """Print a line for every line of a file, or of the standard input."""
    limit = configuration.settings.parse.max_bytes
    if file is None or str(file) == "-":
        content = sys.stdin.buffer.read(limit + 1)
        if len(content) > limit:
            raise PapertideError(f"stdin: larger than [parse] max_bytes = {limit:,}")
        file = Path("stdin")
    else:
        content = read_file(file, limit)
    asked = lines.read(content, str(file))
    found, code = _resolved(configuration, asked, terminal, offline=offline)
    for each in found:
        print(as_json(each))
    counts = Counter(each["verdict"] for each in found)
    told = ", ".join(f"{n:,} {verdict}" for verdict, n in counts.most_common())
    terminal.note(f"{len(found):,} titles" + (f": {told}" if told else ""))
    return code


def resolve_title(
    configuration: Configuration,
    title: str,
    authors: str | None,
    year: int | None,
    terminal: Terminal,
    *,
    offline: bool,
) -> int:
    """Print what one title means."""
    asked = (Line(1, lines.wanted(title, authors, None, year)),)
    [found], code = _resolved(configuration, asked, terminal, offline=offline)
    terminal.document(found)
    for line in _sentences(found):
        terminal.result(line)
    return code


def _resolved(
    configuration: Configuration, asked: Sequence[Line], terminal: Terminal, *, offline: bool
) -> tuple[list[Mapping[str, Any]], int]:
    """What every line means, and the exit code."""
    tonight = Tonight(configuration, os.environ, Scope(offline=offline), wall_clock(os.environ))
    places = [_place(number, line, tonight) for number, line in enumerate(asked, start=1)]
    with ending_in_order(), Bars(terminal) as bars, _journal(tonight) as journal:
        result, trouble = run(_ask(tonight, places, journal, bars))
    for line in trouble:
        complain(line)
    found = [_rendered(line, place, result) for line, place in zip(asked, places, strict=True)]
    is_open = any(each["verdict"] is Verdict.UNAVAILABLE for each in found)
    return found, 3 if is_open or trouble else 0


async def _ask(
    tonight: Tonight, places: Sequence[Place], journal: Journal, bars: Bars
) -> tuple[Settled, list[str]]:
    """Look all lines up in what is known and in the catalogue, and search for the rest."""
    base = snapshots.newest_good(tonight.layout)
    titles = [place.title for place in places if place.title]
    index = lookups.named(tonight.layout, titles)
    is_offline = tonight.scope.offline
    if index is None and len(titles) >= MANY:
        bars.say("no local catalogue: papertide catalog build fetches one, which saves requests")
    searching = () if is_offline else tonight.searching

    def settled(answers: Sequence[Answered]) -> Settled:
        known = index if index is not None or is_offline else {}
        terms, now = tonight.terms, tonight.now
        return settle(base.library, {}, places, answers, known, terms, now, searching=searching)

    asking = Asking(journal, NAME, tonight.terms, tonight.now, bars, directly)
    asking.resume()
    if is_offline:
        return settled(asking.answers), []
    settings = tonight.configuration.settings
    async with open_sources(settings, tonight.environ) as opened:
        result, is_over = await ask_all(
            asking,
            opened.sources,
            None,
            partial(_due, tonight),
            settled,
            tonight.terms,
            age(settings.refresh.deadline).total_seconds(),
        )
        trouble = [
            line
            for name, source in opened.sources.items()
            if (line := trouble_with(source, asking.efforts[name]))
        ]
    if is_over:
        trouble.append(f"[refresh] deadline = {settings.refresh.deadline} is over")
    return result, trouble


def _due(
    tonight: Tonight, result: Settled, asked: Mapping[str, set[Identifier]]
) -> dict[str, Sequence[Ask]]:
    """Searches, and the one source that tells the other identifiers of what was found."""
    questions = due(tonight, (NAME,), result, asked)
    return {
        source: [ask for ask in asks if source == COMPLETES or ask.identifier.scheme == TITLE]
        for source, asks in questions.items()
        if source in (*tonight.searching, COMPLETES)
    }


@contextmanager
def _journal(tonight: Tonight) -> Iterator[Journal]:
    """Where answers are kept so that nothing is asked twice within its age: in the store, if there
    is one, else for as long as this command runs."""
    if not tonight.layout.root.is_dir():
        with TemporaryDirectory() as folder:
            yield Journal(Layout(Path(folder)), NAME)
        return
    journal = Journal(tonight.layout.searches, f"{tonight.now:%Y%m%dT%H%M%SZ}-{os.getpid()}")
    journal.forget(tonight.now - age(tonight.configuration.settings.refresh.not_found_after))
    yield journal


def _place(number: int, line: Line, tonight: Tonight) -> Place:
    """A line as if it were the entry of a list."""
    title, authors, venue, year = line.wanted
    return Place(
        entry_id=f"{NAME}:{number}",
        list_id=NAME,
        position=number,
        line=number,
        section=(),
        raw="",
        title=title or None,
        label=None,
        authors=authors,
        venue=venue,
        year=year,
        kind=Kind.PAPER,
        links=(),
        ids=(),
        first_seen_at=tonight.now,
        last_seen_at=tonight.now,
    )


def _rendered(line: Line, place: Place, result: Settled) -> Mapping[str, Any]:
    finding = result.library.places[place.entry_id].finding
    if finding is None:  # every line is taken for a paper
        raise AssertionError(place.entry_id)
    is_matched = finding.verdict is Verdict.MATCHED
    ids = _identifiers(result.library, finding.paper_id) if is_matched else ()
    title = result.library.works[finding.paper_id].title if is_matched else None
    return lines.render(line.n, finding, ids, title)


def _identifiers(library: Library, paper_id: str) -> Sequence[Identifier]:
    return [i for i, claim in library.claims.items() if claim.paper_id == paper_id]


def _sentences(found: Mapping[str, Any]) -> Iterator[str]:
    """What a title means, for a person."""
    yield f"{found['verdict']} ({found['reason']}, {found['score']:.2f})"
    if found["title"]:
        yield found["title"]
    for scheme, values in found["ids"].items():
        for value in values:
            yield f"  {scheme}:{value}"
    if found["verdict"] is not Verdict.MATCHED:
        for each in found["candidates"]:
            which = f"{each['scheme']}:{each['value']}"
            yield f"  perhaps {which}  {each['title']}  ({each['score']:.2f})"
