"""What a snapshot must say by the lists and the raw answers, found out by other code than
Papertide's: of that, nothing is used here."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

import duckdb

S2 = "semantic_scholar"
SCHEMES = {
    "arxiv.org/abs/": "arxiv",
    "aclanthology.org/": "acl",
    "openreview.net/forum?id=": "openreview",
}
LINK = re.compile(rf"https://({'|'.join(map(re.escape, SCHEMES))})([^)\s]+)")
SUMMARY = "{http://www.w3.org/2005/Atom}summary"

Counts = tuple[int | None, int | None]


class Seen(NamedTuple):
    """A snapshot's counts as they were when it was published."""

    path: Path
    at: datetime
    counts: Mapping[str, Counts]


@dataclass
class Oracle:
    """Follows one store from night to night. It knows one list of linked works, in which every
    line is an entry, and counts that do not fall to nothing."""

    data: Path
    seen: list[Seen] = field(default_factory=list)
    told: defaultdict[str, list[tuple[datetime, Counts]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    """By Semantic Scholar's paper id: which counts it told, and since when."""

    def faults(self, text: str) -> list[str]:
        """What the snapshot of this night has otherwise than the list and all answers so far."""
        papers = self._counts("papers")
        owners = {(s, v): p for p, s, v in self._rows("paper_id, scheme, value from identifiers")}
        aliases = self._rows("old_paper_id, paper_id from paper_aliases")
        merged = {paper_id for row in aliases for paper_id in row}
        found = [
            *self._list(text, owners),
            *self._answers(owners, papers),
            *self._history(owners, merged),
            *self._earlier(merged),
        ]
        newest = max((self.data / "snapshots").iterdir())
        [(at,)] = self._rows("created_at from meta")
        self.seen.append(Seen(newest, at, papers))
        return found

    def _list(self, text: str, owners: Mapping[tuple[str, str], str]) -> Iterator[str]:
        lines = {
            (SCHEMES[host], value): number
            for number, line in enumerate(text.splitlines(), start=1)
            for host, value in LINK.findall(line)
        }
        there = {
            (scheme, value): (paper_id, line, verdict)
            for paper_id, line, verdict, scheme, value in self._rows(
                "paper_id, line, verdict, split_part(ids[1], ':', 1), split_part(ids[1], ':', 2) "
                "from entries where removed_at is null"
            )
        }
        for named, number in lines.items():
            if there.get(named) != (owners.get(named), number, "matched"):
                yield f"line {number}, {named} of {owners.get(named)}, is {there.get(named)}"
        for named in there.keys() - lines.keys():
            yield f"{named} is in no line"

    def _answers(
        self, owners: Mapping[tuple[str, str], str], papers: Mapping[str, Counts]
    ) -> Iterator[str]:
        marks = {
            (p, s): (status, at)
            for p, s, status, at in self._rows("paper_id, source, status, checked_at from fetches")
        }
        kept = {(p, s, _bare(t)) for p, s, t in self._rows("paper_id, source, text from abstracts")}
        newest: dict[str, Counts] = {}
        for source, scheme, value, at, body in self._rows(
            "source, scheme, value, told_at, body from answers order by told_at",
            self.data / "work" / "answers.duckdb",
        ):
            owner = owners.get((scheme, value))
            if owner is None:
                continue  # what a search brought up, and was none of the list's
            status, checked_at = marks.get((owner, source), ("not there", at))
            if status != "ok" or checked_at < at:
                yield f"the mark of {owner} and {source} is {status}"
            abstract = _abstract(source, body)
            if abstract and (owner, source, _bare(abstract)) not in kept:
                yield f"the abstract of {owner} by {source} is not there"
            if source == S2:
                record = json.loads(body)
                for named in _named(record):
                    if owners.get(named) != owner:
                        yield f"{named} of {owner} is {owners.get(named)}'s"
                counts = (record["citationCount"], record["influentialCitationCount"])
                newest[owner] = counts
                history = self.told[record["paperId"]]
                if not history or history[-1][1] != counts:
                    history.append((at, counts))
        for owner, counts in newest.items():
            if papers[owner] != counts:
                yield f"{owner} has the counts {papers[owner]}, told were {counts}"

    def _history(self, owners: Mapping[tuple[str, str], str], merged: set[str]) -> Iterator[str]:
        observed: defaultdict[str, list[tuple[datetime, Counts]]] = defaultdict(list)
        for paper_id, at, *counts in self._rows(
            "paper_id, observed_at, citation_count, influential_citation_count from citations "
            "order by observed_at"
        ):
            observed[paper_id].append((at, (counts[0], counts[1])))
        changed: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        for paper_id, old, new in self._rows(
            "paper_id, old, new from changes where field = 'citation_count' and old not null "
            "order by changes.at"
        ):
            changed[paper_id].append((old, new))
        for name, told in self.told.items():
            owner = owners[("s2", name)]
            if owner in merged:
                continue
            if observed[owner] != told:
                yield f"{owner} has the history {observed[owner]}, told was {told}"
            steps = [(str(a[1][0]), str(b[1][0])) for a, b in pairwise(told)]
            if changed[owner] != [(a, b) for a, b in steps if a != b]:
                yield f"{owner} has the changes {changed[owner]}, told were {steps}"

    def _earlier(self, merged: set[str]) -> Iterator[str]:
        for path, at, counts in self.seen:
            if path.exists() and self._counts("papers", path) != counts:  # else it was pruned
                yield f"{path} was changed"
            then = self._counts(f"papers_as_of(timestamptz '{at.isoformat()}')")
            for paper_id in counts.keys() - merged:
                if then.get(paper_id) != counts[paper_id]:
                    yield f"as of {at} {paper_id} had {then.get(paper_id)}, not {counts[paper_id]}"

    def _counts(self, relation: str, path: Path | None = None) -> dict[str, Counts]:
        columns = "paper_id, citation_count, influential_citation_count"
        return {p: (a, b) for p, a, b in self._rows(f"{columns} from {relation}", path)}

    def _rows(self, query: str, path: Path | None = None) -> list[tuple[Any, ...]]:
        file = path or self.data / "papertide.duckdb"
        with duckdb.connect(str(file), read_only=True) as connection:
            return connection.execute(f"select {query}").fetchall()


def _bare(text: str) -> str:
    """A text without white space and marks, which are nobody's loss."""
    return re.sub(r"\W+", "", text).casefold()


def _named(record: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "s2", record["paperId"]
    yield "s2", f"CorpusID:{record['corpusId']}"
    for name, scheme in (("ArXiv", "arxiv"), ("ACL", "acl"), ("DOI", "doi")):
        if value := record["externalIds"].get(name):
            yield scheme, value.lower() if scheme == "doi" else value


def _abstract(source: str, body: str) -> str | None:
    if source == "arxiv":
        return ElementTree.fromstring(body).findtext(SUMMARY)  # from our own sandbox
    told = json.loads(body)
    if source == "openreview":
        said = told["note"]["content"].get("abstract")
        told = {"abstract": said["value"] if isinstance(said, dict) else said}
    abstract: str | None = told.get("abstract")
    return abstract
