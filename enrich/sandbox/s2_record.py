"""One record of Semantic Scholar, field by field."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from zlib import crc32

from enrich.sandbox import simulate
from enrich.sandbox.wire import Fault
from enrich.sandbox.world import Cluster

_NOTICE = (
    "Paper or abstract available at {url}, which is subject to the license by the author or "
    "copyright owner provided with this content. Please go to the source to verify the license "
    "and copyright information for your use."
)
_ELIDED = "Notice: The following paper fields have been elided by the publisher: {{'abstract'}}. "
ELIDED_SHARE = 0.12
"""The part of all papers whose abstract a publisher's licence keeps back."""

ABSURD: tuple[Any, ...] = (-1, 10**15, "many", 3.7, [], True)
"""Counts that no client should believe."""


def record(
    cluster: Cluster, names: tuple[str, ...], today: date, fault: Fault | None
) -> dict[str, Any]:
    """The fields of a record by their names in `FIELDS`, spoilt where a fault says so."""
    row = {name: FIELDS[name](cluster, today) for name in names}
    match fault.kind if fault else None:
        case "zero":
            row |= dict.fromkeys(_COUNTS & row.keys(), 0)
        case "null-count":
            row |= dict.fromkeys(_COUNTS & row.keys())
        case "absurd":
            worst = ABSURD[int(simulate.roll(cluster.sha, "absurd") * len(ABSURD))]
            row |= dict.fromkeys(_COUNTS & row.keys(), worst)
        case "no-abstract" if "abstract" in row:
            row["abstract"] = None
        case "merged":
            row["paperId"] = simulate.sha(f"merged into after {cluster.sha}")
        case "hostile":
            row |= dict.fromkeys({"title", "abstract", "venue"} & row.keys(), simulate.HOSTILE)
    return row


def _elided(cluster: Cluster) -> bool:
    return simulate.lacks(cluster.paper.key, "leave for its abstract", ELIDED_SHARE)


def _external_ids(cluster: Cluster, today: date) -> dict[str, Any]:
    ids: dict[str, Any] = {}
    if cluster.arxiv_id:
        ids["ArXiv"] = cluster.arxiv_id
    if cluster.acl_id and not simulate.lacks(cluster.sha, "its ACL id", 0.05):
        ids["ACL"] = cluster.acl_id
    if cluster.doi or cluster.arxiv_id:
        ids["DOI"] = cluster.doi or f"10.48550/arXiv.{cluster.arxiv_id}"
    return ids | {"CorpusId": cluster.corpus_id}


def _count(cluster: Cluster, today: date) -> int:
    count = simulate.citations(cluster.paper.key, cluster.base, today)
    return int(count * cluster.share)


def _open_access_pdf(cluster: Cluster, today: date) -> dict[str, Any] | None:
    if cluster.arxiv_id:
        url, status = f"https://arxiv.org/pdf/{cluster.arxiv_id}", "GREEN"
    elif cluster.acl_id:
        url, status = f"https://aclanthology.org/{cluster.acl_id}.pdf", "HYBRID"
    else:
        url, status = "", None
    notice = (_ELIDED if _elided(cluster) else "Notice: ") + _NOTICE
    return {
        "url": url,
        "status": status,
        "license": None,
        "disclaimer": notice.format(url=url or "the publisher's site"),
    }


def _authors(cluster: Cluster, today: date) -> list[dict[str, str]]:
    return [
        {
            "authorId": str(10**9 + crc32(name.encode())),
            "name": name,
        }
        for name in cluster.paper.authors
    ]


def _published(cluster: Cluster, today: date) -> str | None:
    return cluster.paper.published.isoformat() if cluster.paper.published else None


Field = Callable[[Cluster, date], Any]

FIELDS: dict[str, Field] = {
    "paperId": lambda c, _: c.sha,
    "corpusId": lambda c, _: c.corpus_id,
    "externalIds": _external_ids,
    "url": lambda c, _: f"https://www.semanticscholar.org/paper/{c.sha}",
    "title": lambda c, _: c.paper.title,
    "abstract": lambda c, _: None if _elided(c) else c.paper.text,
    "venue": lambda c, _: c.paper.venue or ("arXiv.org" if c.arxiv_id else ""),
    "publicationVenue": lambda c, _: None,
    "year": lambda c, _: c.paper.year,
    "referenceCount": lambda c, _: int(simulate.roll(c.paper.key, "references") * 80),
    "citationCount": _count,
    "influentialCitationCount": lambda c, day: simulate.influential(c.paper.key, _count(c, day)),
    "isOpenAccess": lambda c, _: bool(c.arxiv_id or c.acl_id),
    "openAccessPdf": _open_access_pdf,
    "fieldsOfStudy": lambda c, _: ["Computer Science"],
    "s2FieldsOfStudy": lambda c, _: [{"category": "Computer Science", "source": "s2-fos-model"}],
    "publicationTypes": lambda c, _: None,
    "publicationDate": _published,
    "journal": lambda c, _: {"name": c.paper.venue} if c.paper.venue else None,
    "citationStyles": lambda c, _: {"bibtex": f"@Article{{{c.sha[:12]},\n title = {{…}}\n}}\n"},
    "authors": _authors,
    "tldr": lambda c, _: None,
}
"""Every field that can be asked for, and how it is made. The day decides the counts."""

_COUNTS = frozenset({"citationCount", "influentialCitationCount"})
