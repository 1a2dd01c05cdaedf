"""Semantic Scholar's Graph API: papers by batch, by id and by title."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from enrich.sandbox.s2_record import FIELDS, record
from enrich.sandbox.wire import Ask, Handler, Reply, json_object, json_reply
from enrich.sandbox.world import Cluster, World

LARGEST_BATCH = 500
LARGEST_ANSWER = 10_000_000
"""Bytes; beyond, the answer is 400 with the advice to split."""
WORST_MATCH = 0.5
"""A title less alike than this is no match at all."""

_SHA = re.compile(r"[0-9a-fA-F]{40}")
_URLS = (
    ("arxiv", re.compile(r"https?://arxiv\.org/(?:abs|pdf)/(.+?)(?:v\d+)?(?:\.pdf)?$")),
    (
        "acl",
        re.compile(r"https?://(?:www\.)?(?:aclweb|aclanthology)\.org/(?:anthology/)?(.+?)/?$"),
    ),
    (
        "sha",
        re.compile(r"https?://www\.semanticscholar\.org/paper/(?:.*/)?([0-9a-f]{40})$"),
    ),
)


class SemanticScholar:
    """Answers `/graph/v1/paper/…` for one world."""

    def __init__(self, world: World, now: Callable[[], datetime]) -> None:
        self._world, self._now = world, now

    def find(self, method: str, path: str) -> tuple[str, Handler] | None:
        """The endpoint's name and its handler."""
        match (method, path.removeprefix("graph/v1/")):
            case ("POST", "paper/batch"):
                return "batch", self.batch
            case ("GET", "paper/search/match"):
                return "match", self.match
            case ("GET", rest) if rest.startswith("paper/") and len(rest) > len("paper/"):
                return "paper", self.paper
        return None

    def batch(self, ask: Ask) -> Reply:
        """Records in the order of the ids, `null` where one is not known."""
        ids = json_object(ask.body).get("ids")
        if not isinstance(ids, list) or not ids:
            return _error(400, "No valid paper ids given")
        if len(ids) > LARGEST_BATCH:
            return _error(400, f"Too many ids: at most {LARGEST_BATCH} paper ids can be given")
        if (refused := _refused(ask)) is not None:
            return refused
        if ask.spoilt("oversize") and ask.fault and len(ids) > int(ask.fault.value or 1):
            return _oversize()
        clusters = [self.cluster(raw) if isinstance(raw, str) else None for raw in ids]
        # One empty or ill-typed id spoils the batch, as does a batch without any known one.
        malformed = any(not isinstance(raw, str) or not raw for raw in ids)
        asked = tuple(str(raw) for raw in ids)
        if malformed or not any(clusters) or ask.spoilt("no-ids"):
            return _error(400, "No valid paper ids given", asked)
        if ask.spoilt("another"):
            clusters = [*clusters[1:], clusters[0]]
        names, today = _fields(ask), self._now().date()
        rows = [c and record(c, names, today, ask.fault) for c in clusters]
        reply = json_reply(rows, asked=asked)
        return _oversize() if len(reply.body) > LARGEST_ANSWER else reply

    def paper(self, ask: Ask) -> Reply:
        """One record."""
        raw = ask.path.partition("paper/")[2]
        if (refused := _refused(ask)) is not None:
            return refused
        cluster = self.cluster(raw)
        if cluster is None:
            return _error(404, f"Paper with id {raw} not found", (raw,))
        return json_reply(self._record(cluster, ask), asked=(raw,))

    def match(self, ask: Ask) -> Reply:
        """The one record whose title is nearest, even if it is another paper's; 404 if none is."""
        query = ask.first("query").strip()
        if not query:
            return _error(400, "Missing required parameter: 'query'")
        if (refused := _refused(ask)) is not None:
            return refused
        years = _years(ask.first("year"))
        asked = (f"title:{query}",)
        for position, likeness in self._world.cluster_titles.nearest(query):
            cluster = self._world.clusters[position]
            if likeness < WORST_MATCH:
                break
            if years is None or (cluster.paper.year or 0) in years:
                row = self._record(cluster, ask)
                if cluster.alias:  # the search index lags behind the merging of records
                    row["paperId"] = cluster.alias
                row["matchScore"] = round(likeness * (60 + 2 * len(query)), 5)
                return json_reply({"data": [row]}, asked=asked)
        return _error(404, "Title match not found", asked)

    def cluster(self, raw: str) -> Cluster | None:
        """The record behind an id in any of the forms that the API takes."""
        by = self._world.by_s2
        scheme, colon, value = raw.partition(":")
        match scheme.upper() if colon else "":
            case "ARXIV":
                return by["arxiv"].get(value)
            case "ACL":
                return by["acl"].get(value)
            case "CORPUSID":
                return by["corpusid"].get(value)
            case "DOI":
                return self._of_doi(value)
            case "URL":
                found = ((kind, form.match(value)) for kind, form in _URLS)
                return next((by[kind].get(m[1]) for kind, m in found if m), None)
        if _SHA.fullmatch(raw):
            return by["sha"].get(raw.lower())
        return self._of_doi(raw)

    def _of_doi(self, value: str) -> Cluster | None:
        doi = value.lower()
        preprint = doi.removeprefix("10.48550/arxiv.")
        return self._world.by_s2["doi" if preprint == doi else "arxiv"].get(preprint)

    def _record(self, cluster: Cluster, ask: Ask) -> dict[str, Any]:
        return record(cluster, _fields(ask), self._now().date(), ask.fault)


def _fields(ask: Ask) -> tuple[str, ...]:
    """The asked fields, paperId first; of `authors.name` the sandbox gives all of `authors`."""
    told = (ask.first("fields") or "title").split(",")
    return tuple(dict.fromkeys(["paperId", *(name.strip().partition(".")[0] for name in told)]))


def _refused(ask: Ask) -> Reply | None:
    told = [field.strip() for field in (ask.first("fields") or "title").split(",")]
    unknown: Sequence[str] = [f for f in told if f.partition(".")[0] not in FIELDS]
    if ask.spoilt("fields"):
        unknown = told
    if unknown:
        return _error(400, f"Unrecognized or unsupported fields: [{', '.join(unknown)}]")
    return None


def _years(text: str) -> range | None:
    """The years that a filter such as `2023`, `2020-2022` or `2021-` lets through."""
    if not re.fullmatch(r"\d{4}(-(\d{4})?)?|-\d{4}", text):
        return None
    first, dash, last = text.partition("-")
    low = int(first or 0)
    return range(low, int(last or (9999 if dash else low)) + 1)


def _oversize() -> Reply:
    return _error(400, "Response would exceed maximum size. Please reduce the number of papers")


def _error(status: int, text: str, asked: tuple[str, ...] = ()) -> Reply:
    return json_reply({"error": text}, status, asked)
