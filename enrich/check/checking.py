"""Every fault of a list, given what a snapshot knows of its papers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from enrich import lists
from enrich.check.codes import Code
from enrich.check.counted import count_faults
from enrich.check.fault import Fault, Snapshot, Subject
from enrich.check.links import link_faults
from enrich.check.markup import markup_faults
from enrich.check.publication import publication_faults
from enrich.check.silenced import is_heard, silences
from enrich.check.twice import duplicates
from enrich.known import recognise
from enrich.lists.decode import Source, decode
from enrich.update.whose import legends_of


class Told(NamedTuple):
    """A fault as a person is told it; `line` and `column`, in characters, from 1."""

    line: int
    column: int
    code: Code
    message: str
    suggestion: str


class Checked(NamedTuple):
    """A list, checked: its faults in the order of its lines; how many papers it names, and how
    many of them the snapshot knows. Of the others little can be told."""

    faults: tuple[Told, ...]
    papers: int
    known: int


def check(
    content: bytes,
    snapshot: Snapshot,
    list_id: str | None = None,
    off: frozenset[Code] = frozenset(),
) -> Checked:
    """The faults of a list.

    `list_id`: the configured list that the file is, if any. `off`: checks that are switched off.

    Raises:
        PapertideError: it is no text, or no list that can be read.
    """
    source = decode(content)
    entries = lists.parse(source.utf8).entries
    known = recognise(snapshot.library, snapshot.papers, entries, list_id, snapshot.now)
    subjects = [Subject(source, each, index) for index, each in enumerate(known)]
    quiet, wrong = silences(source, entries)
    legends = legends_of(source.utf8, entries)

    def found() -> Iterator[Fault]:
        yield from wrong
        yield from duplicates(subjects)
        for subject in {each.region: each for each in reversed(subjects)}.values():
            yield from markup_faults(subject)  # entries of one line share its Markdown
        for subject in subjects:
            yield from link_faults(subject, snapshot)
            yield from publication_faults(subject, snapshot)
            yield from count_faults(subject, legends)

    heard = filter(is_heard(quiet, off), found())
    faults = sorted({_told(source, fault) for fault in heard}, key=lambda t: (t[:3], t.message))
    papers = [each for each in known if each.verdict is not None]
    return Checked(tuple(faults), len(papers), sum(each.paper is not None for each in papers))


def _told(source: Source, fault: Fault) -> Told:
    line = source.line(fault.at)
    column = len(source.cut(source.starts[line - 1], fault.at)) + 1
    return Told(line, column, fault.code, fault.message, fault.suggestion)
