"""Which papers do real list lines mean, and in a world of which papers? Labels for matching.

Lines, answers and corpus are looked for beside the project, in `../shared`. The world is the
corpus without the rows that only list lines vouch for. A line's identifiers are withheld from the
question and make the truth; where a line has none that the world knows, its truth is the only
paper of exactly its title, if nothing speaks against that, or what reading it told.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks._corpus import DISTINCT, Corpus, folded, letters, surnames
from enrich.lists import parse
from enrich.matching.values import Known, Wanted
from enrich.model import ACL, ARXIV, DOI, OPENREVIEW, Entry, Identifier

SHARED = Path(__file__).resolve().parents[1] / ".." / "shared"
SPLIT = Path(__file__).with_name("matching_split.txt")
READ = Path(__file__).with_name("matching_read.txt")
TWINS = Path(__file__).with_name("matching_twins.txt")
CORPUS = Path("corpus/papers.parquet")
SIDES = ("tune", "test")
SEED = "papertide"
WITHHELD = 36
"""How many papers of 256 are taken out of the world, so that their lines have none."""


class Basis(StrEnum):
    """How it is known what a line means."""

    ID = "id"
    TITLE = "title"
    READ = "read"
    ABSENT = "absent"
    WITHHELD = "withheld"
    NO_PAPER = "no paper"


class Line(NamedTuple):
    """A list line that states a title. `works`: what it means, empty where nobody knows it."""

    listed: str
    number: int
    wanted: Wanted
    works: frozenset[int]
    basis: Basis
    side: str


class Labelled(NamedTuple):
    """Lines, and the world they are asked of: its papers, and the work that each of them is."""

    lines: tuple[Line, ...]
    known: tuple[Known, ...]
    works: tuple[int, ...]


class Stated(NamedTuple):
    """A list line as the hand-checked answers have it, with what the parser adds.

    `read`: what was found out about it by reading (`matching_read.txt`).
    """

    listed: str
    number: int
    kind: str
    wanted: Wanted
    ids: frozenset[Identifier]
    read: str | None


def stated(shared: Path) -> Iterator[Stated]:
    """Every line of the lists with answers that states a title."""
    read = {(each[0], int(each[1])): each[2] for each in _table(READ)}
    for each in _stated(shared):
        yield each._replace(read=read.get((each.listed, each.number)))


def _stated(shared: Path) -> Iterator[Stated]:
    for gold in sorted((shared / "gold").glob("*.gold.jsonl")):
        name = f"seed {gold.name.split('.')[0]}"
        for answer in _json_lines(gold):
            wanted = Wanted(answer["title"], answer["authors"], answer["venue"], answer["year"])
            if answer["title"]:
                ids = _ids(answer["ids"])
                yield Stated(name, answer["line"], answer["kind"], wanted, ids, None)
    for path in sorted((shared / "lists").glob("*.entries.jsonl")):
        name = path.name.removesuffix(".entries.jsonl")
        entries: dict[int, list[Entry]] = defaultdict(list)
        for entry in parse((path.parent / f"{name}.md").read_bytes()).entries:
            entries[entry.line].append(entry)
        wrong = {
            (error["line"], each)
            for error in json.loads((path.parent / f"{name}.gold.json").read_text())["link_errors"]
            for each in error["id"]
        }
        for answer in _json_lines(path):
            title, line = answer["title"], answer["line"]
            if not title:
                continue
            same = (e for e in entries[line] if letters(e.title or "") == letters(title))
            entry = next(same, None)
            wanted = Wanted(title)
            if entry is not None:
                wanted = Wanted(title, entry.authors, entry.venue, entry.year)
            ids = {each for each in _ids(answer["ids"]) if (line, str(each)) not in wrong}
            listed = name.partition("__")[2]
            yield Stated(listed, line, answer["kind"], wanted, frozenset(ids), None)


class Fate(NamedTuple):
    """What is kept of a title for good: its side, and whether its paper is taken out."""

    side: str
    is_withheld: bool


def mark(title: str) -> str:
    """What stands for a title in the split."""
    return hashlib.sha256(letters(title).encode()).hexdigest()[:12]


def read_split(path: Path = SPLIT) -> dict[str, Fate]:
    """The fates of all titles."""
    told = (line.split() for line in path.read_text(encoding="utf-8").splitlines())
    return {each[0]: Fate(each[1], each[2:] == ["withheld"]) for each in told}


def drawn(corpus: Corpus, lines: Iterable[Stated]) -> dict[str, Fate]:
    """The fates of all titles, drawn by paper: this made `matching_split.txt`, once."""
    titles: dict[str, str] = {}
    for each in lines:
        if meant := meaning(corpus, each):
            title = letters(each.wanted.title)
            titles[title] = f"work {min(meant[0])}" if meant[0] else title
    names: dict[str, str] = {}
    for title, paper in titles.items():
        names[paper] = min(title, names.get(paper, title))
    fates = {}
    for title, paper in titles.items():
        lot = hashlib.sha256(f"{SEED} {names[paper]}".encode()).digest()
        side = SIDES[lot[0] % 3 > 0]
        fates[mark(title)] = Fate(side, paper != title and lot[1] < WITHHELD)
    return fates


def labelled(shared: Path = SHARED) -> Labelled:
    """The lines that are decided, each title of an author and a year once, and their world."""
    corpus, fates = Corpus(shared / CORPUS, _table(TWINS)), read_split()
    lines: list[Line] = []
    seen: set[tuple[str, str | None, int | None]] = set()
    gone: set[int] = set()
    for each in stated(shared):
        title = each.wanted.title
        once = (letters(title), each.wanted.authors, each.wanted.year)
        fate = fates.get(mark(title))
        if once in seen or fate is None or (meant := meaning(corpus, each)) is None:
            continue
        seen.add(once)
        works, basis = meant
        if works and fate.is_withheld:
            gone |= corpus.named_like(works, title)
            works, basis = frozenset(), Basis.WITHHELD
        lines.append(Line(each.listed, each.number, each.wanted, works, basis, fate.side))
    world = [row for position, row in enumerate(corpus.rows) if position not in gone]
    known, left = tuple(row.known for row in world), tuple(row.work for row in world)
    lines = [line for line in lines if not line.works or not line.works.isdisjoint(left)]
    return Labelled(tuple(lines), known, left)


def meaning(corpus: Corpus, line: Stated) -> tuple[frozenset[int], Basis] | None:
    """The works that a line means and how that is known; None where it is not known."""
    wanted, title = line.wanted, letters(line.wanted.title)
    same, read = corpus.by_title.get(title, []), line.read
    if read in ("absent", "undecided"):
        return (frozenset(), Basis.READ) if read == "absent" else None
    found = {position for each in line.ids for position in corpus.by_id.get(each, ())}
    basis = Basis.ID if found else Basis.READ
    if read:
        found |= {*corpus.named(read)}
    if found:
        works = corpus.same_paper(corpus.works_of(found), [wanted.title])
        # A data set or a model is no title of the paper it links to; and where another paper has
        # just this title, the link is wrong or the title is.
        is_clear = line.kind == "paper" and corpus.works_of(same) <= works
        return (works, basis) if is_clear else None
    if same:
        works = corpus.same_paper(corpus.works_of(same[:1]))
        is_one = corpus.works_of(same) <= works
        agrees = any(_agrees(wanted, corpus.rows[position].known, title) for position in same)
        return (works, Basis.TITLE) if is_one and agrees else None
    if line.kind != "paper":
        is_named = len(wanted.title.split()) >= 3 and not line.ids
        return (frozenset(), Basis.NO_PAPER) if is_named else None
    return (frozenset(), Basis.ABSENT) if line.ids else None


def _agrees(wanted: Wanted, known: Known, title: str) -> bool:
    """Whether nothing in a line speaks against a record of its title, and something for it."""
    first, second = surnames([wanted.authors or ""]), surnames(known.authors)
    if first and second and first.isdisjoint(second):
        return False
    far = abs((wanted.year or known.year or 0) - (known.year or 0))
    return far <= 3 and (len(title) >= DISTINCT or bool(first & second) or wanted.year is not None)


def _ids(told: Mapping[str, Sequence[str]]) -> frozenset[Identifier]:
    found = {
        folded(Identifier(scheme, value))
        for scheme, values in told.items()
        if scheme in (ARXIV, ACL, OPENREVIEW, DOI)
        for value in values
    }
    arxiv = "10.48550/arxiv."
    return frozenset(
        Identifier(ARXIV, each.value.removeprefix(arxiv)) if each.value.startswith(arxiv) else each
        for each in found
    )


def _table(path: Path) -> list[list[str]]:
    """The lines of a file that are no remarks, by their columns."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")]


def _json_lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


if __name__ == "__main__":
    fates = drawn(Corpus(SHARED / CORPUS, _table(TWINS)), stated(SHARED))
    SPLIT.write_text(
        "".join(
            f"{name} {fate.side}{' withheld' * fate.is_withheld}\n"
            for name, fate in sorted(fates.items())
        ),
        encoding="utf-8",
    )
