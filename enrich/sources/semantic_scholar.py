"""Semantic Scholar: counts, abstracts and other identifiers, by 500 ids or by one title."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from enrich import ids
from enrich.errors import Busy, SourceError
from enrich.model import ACL, ARXIV, DOI, S2, TITLE, Identifier, Outcome, Told
from enrich.network.http import Gateway
from enrich.network.replies import Reply, by_status_of_endpoint, json_of
from enrich.sources import WAYS, fields
from enrich.sources.likely import Shown, likely, plain, shown, wording
from enrich.sources.row import FIELDS, NAME, identifiers, record
from enrich.sources.telling import DAMAGED, blame, failed, halves, missing

__all__ = ["FIELDS", "NAME", "SemanticScholar", "record"]

MOST_REQUESTS = 24
"""Requests that the splitting of one batch may take; what is left then failed."""

LONGEST_QUERY = 300
"""Characters of a title that are sent: it stands in the address."""

_PREFIXES = {ARXIV: "ARXIV:", ACL: "ACL:", DOI: "DOI:"}
_ORDINARY_DOI = re.compile(r"10\.\d{4,9}/[-._;()/:a-z0-9]+")
"""Crossref's pattern for modern DOIs; the service may take another one for malformed."""


class SemanticScholar:
    """The batch endpoint; answers are matched by position and checked against what they say."""

    name = NAME
    titles_per_request = 1

    def __init__(
        self, gateway: Gateway, base_url: str, batch_size: int, api_key: str | None
    ) -> None:
        self.gateway = gateway
        self.batch_size = batch_size
        self._batch_url = f"{base_url}/graph/v1/paper/batch"
        self._match_url = f"{base_url}/graph/v1/paper/search/match"
        self._headers = {"x-api-key": api_key} if api_key else {}

    async def ask(self, batch: Sequence[Identifier]) -> list[Told]:
        """See `Source.ask`."""
        told = {i: missing(NAME, i, "invalid_id") for i in batch if rendered(i) is None}
        waiting = [[i for i in dict.fromkeys(batch) if i not in told]]
        for _ in range(MOST_REQUESTS):
            if not (part := waiting.pop() if waiting else None):
                break
            answered = await self._answer(part)
            if answered is None:
                waiting += _parts(part)
            else:
                told |= answered
        for part in waiting:
            told |= failed(NAME, part, "the answers to this batch stayed in disorder")
        blame(self.gateway, told.values())
        return [told[i] for i in batch]

    async def _answer(self, part: list[Identifier]) -> dict[Identifier, Told] | None:
        """What is said of some works; None where they must be asked in smaller parts."""
        try:
            reply = await self.gateway.send(
                "POST",
                self._batch_url,
                params={"fields": FIELDS},
                json={"ids": [rendered(i) for i in part]},
                headers=self._headers,
                judge=_judge,
            )
        except SourceError as error:
            return self._failed(part, error)
        answer = json_of(reply.content)
        if reply.status == 400:
            return self._complaint(part, _complaint_of(answer))
        return placed(part, answer)

    def _complaint(self, part: list[Identifier], said: str) -> dict[Identifier, Told] | None:
        if "no valid paper ids" in said.lower():
            # One id that the service takes for malformed gives the same answer for all.
            if len(part) > 1 and any(_is_doubtful(i) for i in part):
                return None
            return {i: missing(NAME, i, "unknown") for i in part}
        if "exceed" in said.lower() and len(part) > 1:
            return None
        return self._refused(part, said)

    async def search(self, titles: Sequence[str]) -> list[Told]:
        """See `Source.search`; the service names the nearest paper, however far that is."""
        told: dict[Identifier, Told] = {}
        papers: dict[Identifier, Told] = {}
        for title in dict.fromkeys(titles):
            asked = Identifier(TITLE, title)
            told |= await self._match(asked, papers)
        blame(self.gateway, told.values())
        return [*(told[Identifier(TITLE, title)] for title in titles), *papers.values()]

    async def _match(
        self, asked: Identifier, papers: dict[Identifier, Told]
    ) -> dict[Identifier, Told]:
        """What is said of one title; the paper that may be it is added to the others."""
        wanted, query = wording(asked.value), plain(asked.value)[:LONGEST_QUERY]
        if not wanted.words:
            return {asked: missing(NAME, asked, "not_searchable")}
        try:
            reply = await self.gateway.send(
                "GET",
                self._match_url,
                params={"query": query, "fields": FIELDS},
                headers=self._headers,
                judge=_judge_match,
            )
        except SourceError as error:
            return self._failed([asked], error)
        answer = json_of(reply.content)
        if reply.status == 400:
            return self._refused([asked], _complaint_of(answer))
        rows = [one for row in answer.get("data", ()) for one in _shown(row)]
        if answer.get("data") and not rows:
            return failed(NAME, [asked], "the answer names no paper")
        if not (found := likely(wanted, rows)):
            if any(one.is_damaged for one in rows):
                return failed(NAME, [asked], DAMAGED)
            return {asked: missing(NAME, asked, "unknown")}
        papers |= {paper.asked: paper for paper in found}
        return {asked: Told(NAME, asked, Outcome.OK)}

    def _failed(self, part: Sequence[Identifier], error: SourceError) -> dict[Identifier, Told]:
        if error.status in (401, 403):
            key = "its key" if self._headers else "requests without a key"
            self.gateway.breaker.open(f"{error}: it does not accept {key}")
        return failed(NAME, part, str(error))

    def _refused(self, part: Sequence[Identifier], said: str) -> dict[Identifier, Told]:
        if "unsupported fields" in said.lower():
            self.gateway.breaker.open("Semantic Scholar no longer knows a field that we ask for")
        return failed(NAME, part, "the service answered 400 (Bad Request)")


def rendered(identifier: Identifier) -> str | None:
    """An identifier as the service writes it, or None for one that it cannot be asked."""
    if ids.parse(str(identifier)) != identifier:
        return None
    if identifier.scheme == S2:
        return identifier.value.replace("CorpusID:", "CorpusId:")
    prefix = _PREFIXES.get(identifier.scheme)
    return prefix + identifier.value if prefix else None


def placed(part: Sequence[Identifier], rows: Sequence[Any]) -> dict[Identifier, Told]:
    """The rows of a positional answer with the ids they answer.

    Once a row names an asked id whose own row does not, only rows that name their own id count:
    early versions of the service reordered and dropped rows (s2-folks#47). A row that names
    another id than the asked one is otherwise an alias: clusters get merged.
    """
    if len(rows) != len(part):
        return failed(NAME, part, "the answer has another length than the question")
    said = [frozenset(identifiers(row)) if isinstance(row, dict) else None for row in rows]
    lost = {asked for asked, names in zip(part, said, strict=True) if asked not in (names or ())}
    misplaced = any(
        names and asked in lost and names & lost for asked, names in zip(part, said, strict=True)
    )
    told: dict[Identifier, Told] = {}
    for asked, row, names in zip(part, rows, said, strict=True):
        if misplaced and (names is None or asked not in names):
            told |= failed(NAME, [asked], "the answer is out of order")
        elif names is None:
            told[asked] = missing(NAME, asked, "unknown")
        elif fields.is_damaged(row.get("title")) or not (names or row.get("title")):
            told |= failed(NAME, [asked], DAMAGED)
        else:
            told[asked] = Told(NAME, asked, Outcome.OK, json.dumps(row, separators=(",", ":")))
    return told


def _shown(row: Any) -> list[Shown]:
    """The record of a row under the identifier that the batch endpoint would be asked by."""
    if not isinstance(row, dict) or not (ways := WAYS[NAME](identifiers(row))):
        return []
    told = Told(NAME, ways[0], Outcome.OK, json.dumps(row, separators=(",", ":")))
    return [shown(told, str(row.get("title") or ""))]


def _judge(reply: Reply, host: str, now: datetime) -> SourceError | None:
    if reply.status not in (200, 400):
        return by_status_of_endpoint(reply, host, now)
    if isinstance(_json(reply), list if reply.status == 200 else dict):
        return None
    return Busy(f"{host} answered something that is not its format", status=reply.status)


def _judge_match(reply: Reply, host: str, now: datetime) -> SourceError | None:
    answer = _json(reply)
    told = answer if isinstance(answer, dict) else {}
    # A miss; any other 404 is that of a wrong address.
    if reply.status == 404 and "match not found" in _complaint_of(told).lower():
        return None
    if reply.status not in (200, 400):
        return by_status_of_endpoint(reply, host, now)
    if isinstance(told.get("data"), list) if reply.status == 200 else told:
        return None
    return Busy(f"{host} answered something that is not its format", status=reply.status)


def _json(reply: Reply) -> Any:
    try:
        return json_of(reply.content)
    except ValueError:
        return None


def _complaint_of(answer: dict[str, Any]) -> str:
    return str(answer.get("error") or answer.get("message") or "")


def _is_doubtful(identifier: Identifier) -> bool:
    return identifier.scheme == DOI and not _ORDINARY_DOI.fullmatch(identifier.value)


def _parts(part: list[Identifier]) -> list[list[Identifier]]:
    """Two smaller batches: the doubtful ids apart from the rest, else halves."""
    sure = [i for i in part if not _is_doubtful(i)]
    doubtful = [i for i in part if _is_doubtful(i)]
    if sure and doubtful:
        return [doubtful, sure]
    return halves(part)
