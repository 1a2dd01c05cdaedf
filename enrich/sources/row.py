"""What does a row of Semantic Scholar say of a paper?"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any

from semanticscholar.Paper import Paper

from enrich import ids
from enrich.model import Identifier, Record, Status, Told
from enrich.network.replies import json_of
from enrich.sources import fields

NAME = "semantic_scholar"
FIELDS = (
    "paperId,corpusId,externalIds,title,abstract,venue,year,publicationDate,citationCount,"
    "influentialCitationCount,openAccessPdf,authors"
)
"""Narrow: a wide answer for 500 works passes the server's 10 MB (upstream-apis 4.1)."""

_REPOSITORIES = re.compile(
    r"(?i)(arxiv(\.org)?|corr|biorxiv|medrxiv|chemrxiv|psyarxiv|research square|preprints\.org|"
    r"ssrn.*|social science research network|cornell university - arxiv)"
)


def record(told: Told) -> Record:
    """A row of the service in the project's terms; null and elided values are None."""
    try:
        row = json_of(told.body.encode())
    except ValueError:
        row = None
    if not isinstance(row, dict):
        return Record(NAME, told.asked)
    paper = _model(row)
    venue = fields.line(paper.venue)
    is_preprint = venue is not None and _REPOSITORIES.fullmatch(venue) is not None
    pdf = paper.openAccessPdf
    return Record(
        NAME,
        told.asked,
        title=fields.line(paper.title),
        authors=fields.names([author.name for author in paper.authors or ()]),
        year=fields.year(paper.year),
        published=fields.day(row.get("publicationDate")),
        venue=None if is_preprint else venue,
        status=(Status.PREPRINT if is_preprint else Status.PUBLISHED) if venue else None,
        abstract=fields.text(paper.abstract),
        identifiers=identifiers(row),
        citation_count=fields.citations(paper.citationCount),
        influential_citation_count=fields.citations(paper.influentialCitationCount),
        open_access_pdf=fields.address(pdf.get("url")) if isinstance(pdf, dict) else None,
    )


def _model(row: dict[str, Any]) -> Paper:
    """The package's model of a row, which raises for a date or authors that are none."""
    for left_out in ({"publicationDate"}, {"publicationDate", "authors"}):
        with suppress(TypeError, ValueError, AttributeError):
            return Paper({name: value for name, value in row.items() if name not in left_out})
    return Paper({})


def identifiers(row: dict[str, Any]) -> tuple[Identifier, ...]:
    """The identifiers that a row states, the valid ones."""
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
