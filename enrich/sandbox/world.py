"""The papers that the sandbox knows, and how each service finds them."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from importlib.resources import files
from typing import Any

import msgspec
from msgspec import Struct

from enrich.errors import PapertideError
from enrich.sandbox import simulate
from enrich.sandbox.titles import TitleIndex


class Paper(Struct, frozen=True, kw_only=True, gc=False):
    """One publication record: a preprint joined with at most one venue's record of it.

    Records with the same `work_id` are one work. `citations` and `abstract` are real ones of a
    corpus; without them the sandbox simulates. `venue_status` is as OpenReview's venues say it
    (`Poster`, `Reject`, `Withdraw` …); `near_miss` says how an invented paper misleads.
    """

    title: str
    authors: tuple[str, ...] = ()
    year: int | None = None
    published: date | None = None
    arxiv_id: str | None = None
    arxiv_primary_category: str | None = None
    acl_id: str | None = None
    openreview_id: str | None = None
    doi: str | None = None
    venue: str | None = None
    venue_status: str | None = None
    abstract: str | None = None
    citations: int | None = None
    work_id: int | str | None = None
    invented: bool = False
    near_miss: str | None = None

    @property
    def key(self) -> str:
        """What simulated values hang on: the first identifier, else the title."""
        return self.arxiv_id or self.acl_id or self.openreview_id or self.doi or self.title

    @property
    def first_day(self) -> date:
        """When it was published, or a day simulated from the arXiv id or the year."""
        return self.published or simulate.published(self.key, self.arxiv_id, self.year)

    @property
    def text(self) -> str:
        """Its abstract, or a simulated one."""
        return self.abstract or simulate.abstract(self.key, self.title)


class Cluster(Struct, frozen=True, gc=False):
    """A work as Semantic Scholar has it: one record for all versions of it that it merged.

    `alias` is the paperId of a record merged into it. `share` is its part of the work's
    citations, below 1 where Semantic Scholar has the work twice and never merged the two.
    """

    sha: str
    corpus_id: int
    paper: Paper
    arxiv_id: str | None = None
    acl_id: str | None = None
    doi: str | None = None
    alias: str | None = None
    base: int | None = None
    share: float = 1.0


@dataclass(frozen=True)
class World:
    """All papers, and an index for each way of asking by identifier."""

    papers: tuple[Paper, ...]
    clusters: tuple[Cluster, ...]
    by_arxiv: Mapping[str, Paper]
    by_acl: Mapping[str, Paper]
    by_note: Mapping[str, Paper]
    by_s2: Mapping[str, Mapping[str, Cluster]]
    """By scheme (`sha`, `corpusid`, `arxiv`, `acl`, `doi`), then value; DOIs in lower case."""

    @classmethod
    def builtin(cls) -> World:
        """The papers of the four lists, with near misses and other invented ones beside them."""
        here = files("enrich.sandbox")
        lines = b"".join((here / name).read_bytes() for name in ("facts.jsonl", "invented.jsonl"))
        return cls.of(msgspec.json.Decoder(Paper).decode_lines(lines))

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[str, Any]]) -> World:
        """A world of a corpus, whose columns are named as the fields of `Paper`."""
        return cls.of([_paper(row) for row in rows if row.get("title")])

    @classmethod
    def of(cls, papers: Iterable[Paper]) -> World:
        """Papers with their indexes; of two that claim one identifier the first has it."""
        every = tuple(papers)
        clusters = tuple(_clusters(every))
        return cls(
            every,
            clusters,
            _first_of((p.arxiv_id, p) for p in every),
            _first_of((p.acl_id, p) for p in every),
            _first_of((p.openreview_id, p) for p in every),
            _s2_index(clusters),
        )

    @cached_property
    def titles(self) -> TitleIndex:
        """Titles of `papers`, by position; made when the first search comes."""
        return TitleIndex(paper.title for paper in self.papers)

    @cached_property
    def cluster_titles(self) -> TitleIndex:
        """Titles of `clusters`, by position; made when the first match is asked for."""
        return TitleIndex(cluster.paper.title for cluster in self.clusters)


def _paper(row: Mapping[str, Any]) -> Paper:
    told = {name: value for name, value in row.items() if value is not None}
    try:
        # Of 300,000 papers' names and venues most are repeated: kept once they take 60 MB less.
        told["authors"] = tuple(map(sys.intern, _names(told.get("authors", ()))))
        if "venue" in told:
            told["venue"] = sys.intern(told["venue"])
        return msgspec.convert(told, Paper)
    except (msgspec.ValidationError, TypeError) as error:
        raise PapertideError(f"a record of the corpus does not fit: {error}") from None


def _names(authors: object) -> Iterable[str]:
    if isinstance(authors, list | tuple):
        return authors
    raise TypeError(f"authors are a list of texts, not {type(authors).__name__}")


def _first_of(pairs: Iterable[tuple[str | None, Paper]]) -> dict[str, Paper]:
    index: dict[str, Paper] = {}
    for identity, paper in pairs:
        if identity:
            index.setdefault(identity, paper)
    return index


def _clusters(papers: tuple[Paper, ...]) -> Iterable[Cluster]:
    works: dict[object, list[Paper]] = {}
    for position, paper in enumerate(papers):
        alone = paper.work_id is None
        works.setdefault((position,) if alone else paper.work_id, []).append(paper)
    taken: set[int] = set()
    for records in works.values():
        for cluster in _merged(records):
            number = cluster.corpus_id
            while number in taken:
                number += 1
            taken.add(number)
            free = number == cluster.corpus_id
            yield (cluster if free else msgspec.structs.replace(cluster, corpus_id=number))


def _merged(records: list[Paper]) -> Iterable[Cluster]:
    """One cluster of a work, or two for the few that Semantic Scholar never merged."""
    records.sort(key=lambda p: (not (p.acl_id or p.doi), not p.arxiv_id, not p.venue))
    lead = records[0]
    arxiv_id = next((p.arxiv_id for p in records if p.arxiv_id), None)
    acl_id = next((p.acl_id for p in records if p.acl_id), None)
    doi = next((p.doi for p in records if p.doi), None)
    base = max((p.citations for p in records if p.citations is not None), default=None)
    key = arxiv_id or acl_id or doi or lead.key
    whole = Cluster(simulate.sha(key), simulate.corpus_id(key), lead, base=base)
    change = msgspec.structs.replace
    if arxiv_id and (acl_id or doi) and simulate.lacks(key, "merging", 0.02):
        other = f"duplicate of {key}"
        twin = change(whole, sha=simulate.sha(other), corpus_id=simulate.corpus_id(other))
        yield change(whole, arxiv_id=arxiv_id, share=0.8)
        yield change(twin, acl_id=acl_id, doi=doi, share=0.2)
    else:
        was_two = simulate.lacks(key, "one paperId", 0.05)
        alias = simulate.sha(f"alias of {key}") if was_two else None
        yield change(whole, arxiv_id=arxiv_id, acl_id=acl_id, doi=doi, alias=alias)


def _s2_index(clusters: tuple[Cluster, ...]) -> dict[str, dict[str, Cluster]]:
    by: dict[str, dict[str, Cluster]] = {
        scheme: {} for scheme in ("sha", "corpusid", "arxiv", "acl", "doi")
    }
    for cluster in reversed(clusters):
        by["sha"][cluster.sha] = cluster
        by["corpusid"][str(cluster.corpus_id)] = cluster
        if cluster.alias:
            by["sha"][cluster.alias] = cluster
        if cluster.arxiv_id:
            by["arxiv"][cluster.arxiv_id] = cluster
        if cluster.acl_id:
            by["acl"][cluster.acl_id] = cluster
        if cluster.doi:
            by["doi"][cluster.doi.lower()] = cluster
    return by
