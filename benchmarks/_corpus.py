"""Which papers are there in the corpus beside the project, and what finds them?

Titles are folded here in a way of their own, so that no label depends on what is measured.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from enrich.matching.values import Known
from enrich.model import ACL, ARXIV, DOI, OPENREVIEW, Identifier

HEARSAY = ("awesomerlhf", "seedlink")
"""Sources of the corpus that are list lines themselves."""
COLUMNS = (
    "row_id, title, authors, authors_source, year, arxiv_id, acl_id, openreview_id, doi, venue, "
    "alt_titles, work_id"
)
SOURCES = {ACL: "acl_anthology", ARXIV: "arxiv", OPENREVIEW: "openreview"}
"""Who tells of a row, by the first of these identifiers that it has; else Semantic Scholar."""
DISTINCT = 25
"""Letters and digits from which a title names one paper, if nothing speaks against it."""


class Row(NamedTuple):
    """A row of the corpus."""

    known: Known
    work: int
    other_titles: tuple[str, ...]


def letters(text: str) -> str:
    """A title as labels compare it: without case, marks and blanks."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())


def surnames(authors: Iterable[str]) -> frozenset[str]:
    """The folded words of names, but for initials."""
    text = unicodedata.normalize("NFKD", " ".join(authors)).casefold()
    text = "".join(c for c in text if not unicodedata.combining(c))
    return frozenset(re.findall(r"[^\W\d_]{2,}", text)) - {"et", "al", "and", "others", "etal"}


class Corpus:
    """The rows of the corpus that list lines did not make, and what finds them.

    `twins`: pairs of identifiers or titles whose rows are of one paper.
    """

    def __init__(self, path: Path, twins: Iterable[Sequence[str]] = ()) -> None:
        self.rows: list[Row] = []
        self.by_id: dict[Identifier, list[int]] = defaultdict(list)
        self.by_title: dict[str, list[int]] = defaultdict(list)
        self.by_work: dict[int, list[int]] = defaultdict(list)
        with duckdb.connect() as connection:
            result = connection.execute(
                f"select {COLUMNS} from read_parquet(?) where not list_has_all(?, sources)"
                " order by row_id",
                [str(path), list(HEARSAY)],
            )
            while chunk := result.fetchmany(4096):
                for values in chunk:
                    self._add(dict(zip(COLUMNS.split(", "), values, strict=True)))
        self._twins: dict[int, set[int]] = defaultdict(set)
        for pair in twins:
            works = set().union(*(self.works_of(self.named(each)) for each in pair))
            for work in works:
                self._twins[work] |= works

    def _add(self, told: Mapping[str, Any]) -> None:
        ids = tuple(
            Identifier(scheme, value)
            for scheme in (ACL, ARXIV, OPENREVIEW, DOI)
            if (value := told[scheme if scheme == DOI else f"{scheme}_id"])
        )
        source = next((SOURCES[each.scheme] for each in ids if each.scheme in SOURCES), None)
        authors = () if told["authors_source"] in HEARSAY else tuple(told["authors"] or ())
        known = Known(
            source or "semantic_scholar", ids, told["title"], authors, told["year"], told["venue"]
        )
        others = tuple(each.partition(": ")[2] for each in told["alt_titles"] or ())
        position = len(self.rows)
        self.rows.append(Row(known, told["work_id"], others))
        for identifier in ids:
            self.by_id[folded(identifier)].append(position)
        for title in dict.fromkeys(map(letters, (known.title, *others))):
            self.by_title[title].append(position)
        self.by_work[told["work_id"]].append(position)

    def named(self, name: str) -> list[int]:
        """Positions of the rows with this identifier, or else this title."""
        found = self.by_id.get(folded(Identifier.of(name))) or self.by_title.get(letters(name))
        return found or []

    def works_of(self, positions: Iterable[int]) -> frozenset[int]:
        """The works of some rows."""
        return frozenset(self.rows[position].work for position in positions)

    def same_paper(self, works: Iterable[int], titles: Iterable[str] = ()) -> frozenset[int]:
        """Works that the corpus keeps apart although they are one paper as these.

        They share an identifier or a title (or have one of `titles`), and a name of an author or,
        where a side has none, a long title and nearly the year.
        """
        found, more = set(works), set(works)
        while more:
            own = [self.rows[position] for work in more for position in self.by_work[work]]
            names = {letters(each) for row in own for each in (row.known.title, *row.other_titles)}
            ids = {folded(each) for row in own for each in row.known.identifiers}
            near = [position for each in ids for position in self.by_id[each]]
            near += [
                position
                for title in {*names, *map(letters, titles)}
                for position in self.by_title.get(title, ())
                if any(_one_paper(self.rows[position].known, row.known, title) for row in own)
            ]
            twins = set().union(*(self._twins.get(work, ()) for work in more))
            more = (set(self.works_of(near)) | twins) - found
            found |= more
        return frozenset(found)

    def named_like(self, works: Iterable[int], title: str) -> set[int]:
        """Positions of the rows of some works, and of all rows of their titles or of this one."""
        own = {position for work in works for position in self.by_work[work]}
        rows = [self.rows[position] for position in own]
        titles = {letters(each) for row in rows for each in (row.known.title, *row.other_titles)}
        return own.union(*(self.by_title.get(each, ()) for each in {letters(title), *titles}))


def folded(identifier: Identifier) -> Identifier:
    """An identifier as it compares: only OpenReview's tell upper from lower case."""
    if identifier.scheme == OPENREVIEW:
        return identifier
    return Identifier(identifier.scheme, identifier.value.lower())


def _one_paper(one: Known, other: Known, title: str) -> bool:
    """Whether two records that may both go by this title are of one paper."""
    first, second = surnames(one.authors), surnames(other.authors)
    if first and second:
        return not first.isdisjoint(second)
    return len(title) >= DISTINCT and abs((one.year or 0) - (other.year or 0)) <= 2
