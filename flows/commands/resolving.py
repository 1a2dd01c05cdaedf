"""`papertide resolve`: titles in, identifiers out, with or without a store."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from enrich.configuration import Configuration
from enrich.configuration import now as wall_clock
from enrich.edition import Settled
from enrich.library import Place, Verdict
from enrich.matching import lines
from enrich.matching.lines import Line
from enrich.model import Identifier, Kind
from enrich.plan import identifiers_of
from enrich.settings import age
from flows.commands.searching import NAME, Search
from flows.night.lists import read_named
from flows.night.tonight import Scope, Tonight
from flows.progress import Bars
from flows.running import Terminated, ending_in_order, run
from flows.terminal import Terminal, as_json, complain
from store.journal import Journal
from store.layout import Layout


def resolve_file(
    configuration: Configuration, file: Path | None, terminal: Terminal, *, offline: bool
) -> int:
    """Print a line for every line of a file, or of the standard input."""
    file = file or Path("-")
    content = read_named(file, configuration.settings.parse.max_bytes)
    asked = lines.read(content, "stdin" if str(file) == "-" else str(file))
    found, code = _resolved(configuration, asked, terminal, offline=offline, tell_early=True)
    for each in found:
        print(as_json(each))
    counts = Counter(each["verdict"] for each in found)
    told = ", ".join(f"{n:,} {verdict}" for verdict, n in counts.most_common())
    many = "title" if len(found) == 1 else "titles"
    terminal.note(f"{len(found):,} {many}" + (f": {told}" if told else ""))
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
    configuration: Configuration,
    asked: Sequence[Line],
    terminal: Terminal,
    *,
    offline: bool,
    tell_early: bool = False,
) -> tuple[list[Mapping[str, Any]], int]:
    """What every line means, and the exit code. `tell_early`: whether a command that is ended
    prints the lines that are decided until then."""
    tonight = Tonight(configuration, os.environ, Scope(offline=offline), wall_clock(os.environ))
    places = [_place(number, line, tonight) for number, line in enumerate(asked, start=1)]
    with ending_in_order(), Bars(terminal) as bars, _journal(tonight, terminal) as journal:
        search = Search(tonight, places, journal, bars)
        try:
            result, trouble = run(search.run())
        except (KeyboardInterrupt, Terminated):
            for each in _told(asked, places, search.so_far()) if tell_early else ():
                if each["verdict"] is not Verdict.UNAVAILABLE:
                    print(as_json(each))
            raise
    for line in trouble:
        complain(line)
    found = list(_told(asked, places, result))
    is_open = any(each["verdict"] is Verdict.UNAVAILABLE for each in found)
    return found, 3 if is_open or trouble else 0


@contextmanager
def _journal(tonight: Tonight, terminal: Terminal) -> Iterator[Journal]:
    """Where answers are kept so that nothing is asked twice within its age: in the store, if there
    is one, else for as long as this command runs."""
    if not tonight.layout.root.is_dir():
        with TemporaryDirectory() as folder:
            yield Journal(Layout(Path(folder)), NAME)
        return
    journal = Journal(tonight.layout.searches, f"{tonight.now:%Y%m%dT%H%M%SZ}-{os.getpid()}")
    journal.forget(tonight.now - age(tonight.configuration.settings.refresh.not_found_after))
    try:
        yield journal
    except (KeyboardInterrupt, Terminated):
        terminal.note("what was found is kept: the same command goes on from there")
        raise


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


def _told(
    asked: Sequence[Line], places: Sequence[Place], result: Settled
) -> Iterator[Mapping[str, Any]]:
    """What every line means, as the contract has it."""
    ids = identifiers_of(result.library.claims)
    for line, place in zip(asked, places, strict=True):
        yield _rendered(line, place, result, ids)


def _rendered(
    line: Line, place: Place, result: Settled, ids: Mapping[str, Sequence[Identifier]]
) -> Mapping[str, Any]:
    finding = result.library.places[place.entry_id].finding
    if finding is None:  # every line is taken for a paper
        raise AssertionError(place.entry_id)
    if finding.verdict is not Verdict.MATCHED:
        return lines.render(line.n, finding, (), None)
    work = result.library.works[finding.paper_id]
    return lines.render(line.n, finding, ids.get(work.paper_id, ()), work.title)


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
