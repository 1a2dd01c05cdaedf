"""Semantic Scholar: counts, abstracts and other identifiers, 500 works a request."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from semanticscholar.Paper import Paper

from enrich import ids
from enrich.errors import Busy, SourceError
from enrich.http import Gateway
from enrich.model import ACL, ARXIV, DOI, S2, Identifier, Outcome, Record, Status, Told
from enrich.replies import Reply, by_status_of_endpoint, json_of
from enrich.sources import fields
from enrich.sources.telling import blame, failed, halves, missing

NAME = "semantic_scholar"
FIELDS = (
    "paperId,corpusId,externalIds,title,abstract,venue,year,publicationDate,citationCount,"
    "influentialCitationCount,openAccessPdf,authors"
)
"""Narrow: a wide answer for 500 works passes the server's 10 MB (upstream-apis 4.1)."""
MOST_REQUESTS = 24
"""Requests that the splitting of one batch may take; what is left then failed."""

_PREFIXES = {ARXIV: "ARXIV:", ACL: "ACL:", DOI: "DOI:"}
_ORDINARY_DOI = re.compile(r"10\.\d{4,9}/[-._;()/:a-z0-9]+")
"""Crossref's pattern for modern DOIs; the service may take another one for malformed."""
_REPOSITORIES = re.compile(
    r"(?i)(arxiv(\.org)?|corr|biorxiv|medrxiv|chemrxiv|psyarxiv|research square|preprints\.org|"
    r"ssrn.*|social science research network|cornell university - arxiv)"
)


class SemanticScholar:
    """The batch endpoint; answers are matched by position and checked against what they say."""

    name = NAME

    def __init__(
        self, gateway: Gateway, base_url: str, batch_size: int, api_key: str | None
    ) -> None:
        self.gateway = gateway
        self.batch_size = batch_size
        self._url = f"{base_url}/graph/v1/paper/batch"
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
                self._url,
                params={"fields": FIELDS},
                json={"ids": [rendered(i) for i in part]},
                headers=self._headers,
                judge=_judge,
            )
        except SourceError as error:
            if error.status in (401, 403):
                key = "its key" if self._headers else "requests without a key"
                self.gateway.breaker.open(f"{error}: it does not accept {key}")
            return failed(NAME, part, str(error))
        answer = json_of(reply.content)
        if reply.status == 400:
            return self._complaint(part, str(answer.get("error") or answer.get("message") or ""))
        return placed(part, answer)

    def _complaint(self, part: list[Identifier], said: str) -> dict[Identifier, Told] | None:
        if "no valid paper ids" in said.lower():
            # One id that the service takes for malformed gives the same answer for all.
            if len(part) > 1 and any(_is_doubtful(i) for i in part):
                return None
            return {i: missing(NAME, i, "unknown") for i in part}
        if "exceed" in said.lower() and len(part) > 1:
            return None
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
    said = [frozenset(_identifiers(row)) if isinstance(row, dict) else None for row in rows]
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
        else:
            told[asked] = Told(NAME, asked, Outcome.OK, json.dumps(row, separators=(",", ":")))
    return told


def record(told: Told) -> Record:
    """A row of the service in the project's terms; null and elided values are None."""
    try:
        row = json_of(told.body.encode())
    except ValueError:
        row = None
    if not isinstance(row, dict):
        return Record(NAME, told.asked)
    paper = _model(row)
    venue = fields.text(paper.venue)
    is_preprint = venue is not None and _REPOSITORIES.fullmatch(venue) is not None
    pdf = paper.openAccessPdf
    return Record(
        NAME,
        told.asked,
        title=fields.text(paper.title),
        authors=fields.names([author.name for author in paper.authors or ()]),
        year=fields.year(paper.year),
        published=fields.day(row.get("publicationDate")),
        venue=None if is_preprint else venue,
        status=(Status.PREPRINT if is_preprint else Status.PUBLISHED) if venue else None,
        abstract=fields.text(paper.abstract),
        identifiers=_identifiers(row),
        citation_count=fields.count(paper.citationCount),
        influential_citation_count=fields.count(paper.influentialCitationCount),
        open_access_pdf=fields.address(pdf.get("url")) if isinstance(pdf, dict) else None,
    )


def _model(row: dict[str, Any]) -> Paper:
    """The package's model of a row, which raises for a date or a list that is none."""
    try:
        return Paper({name: value for name, value in row.items() if name != "publicationDate"})
    except (TypeError, ValueError, AttributeError):
        return Paper({})


def _identifiers(row: dict[str, Any]) -> tuple[Identifier, ...]:
    external = row.get("externalIds")
    external = external if isinstance(external, dict) else {}
    corpus = fields.count(fields.first((row.get("corpusId"), external.get("CorpusId"))))
    written = (
        f"arxiv:{external.get('ArXiv')}",
        f"doi:{external.get('DOI')}",
        f"acl:{external.get('ACL')}",
        f"s2:{row.get('paperId')}",
        f"s2:CorpusID:{corpus}",
    )
    return tuple(dict.fromkeys(i for i in map(ids.parse, written) if i))


def _judge(reply: Reply, host: str, now: datetime) -> SourceError | None:
    if reply.status not in (200, 400):
        return by_status_of_endpoint(reply, host, now)
    try:
        answer = json_of(reply.content)
    except ValueError:
        answer = None
    if isinstance(answer, list if reply.status == 200 else dict):
        return None
    return Busy(f"{host} answered something that is not its format", status=reply.status)


def _is_doubtful(identifier: Identifier) -> bool:
    return identifier.scheme == DOI and not _ORDINARY_DOI.fullmatch(identifier.value)


def _parts(part: list[Identifier]) -> list[list[Identifier]]:
    """Two smaller batches: the doubtful ids apart from the rest, else halves."""
    sure = [i for i in part if not _is_doubtful(i)]
    doubtful = [i for i in part if _is_doubtful(i)]
    if sure and doubtful:
        return [doubtful, sure]
    return halves(part)
