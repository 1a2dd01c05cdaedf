"""The ACL Anthology: its whole bibliography in one file, brought up to date once a day."""

from __future__ import annotations

from pathlib import Path

import msgspec

from enrich import bibtex, ids
from enrich.model import ACL, DOI, Identifier, Record, Status, Told
from enrich.network.download import Download
from enrich.network.http import Gateway
from enrich.sources import fields

NAME = "acl_anthology"
FILE = "anthology+abstracts.bib.gz"
LARGEST_FILE = 500_000_000
"""Bytes as sent; the file had about 30 MB for 122,000 entries in 2026."""


class AclAnthology:
    """The bulk file; a work is then looked up in the index made of it."""

    name = NAME

    def __init__(self, gateway: Gateway, base_url: str) -> None:
        self.gateway = gateway
        self._url = f"{base_url}/{FILE}"

    async def refresh(self, to: Path, etag: str | None, last_modified: str | None) -> Download:
        """Bring the file up to date; a page, an empty or a cut file never replaces the last good.

        Raises SourceError, and OSError where the file cannot be written.
        """
        return await self.gateway.download(
            self._url,
            to,
            etag=etag,
            last_modified=last_modified,
            max_bytes=LARGEST_FILE,
            verify=bibtex.verify,
        )


def record(told: Told) -> Record:
    """An entry of the bibliography in the project's terms."""
    try:
        paper = msgspec.json.decode(told.body, type=bibtex.AclPaper)
    except (msgspec.DecodeError, ValueError):
        return Record(NAME, told.asked)
    identifiers = [told.asked]
    if acl := ids.acl_id(paper.id):
        identifiers.append(Identifier(ACL, acl))
    if doi := ids.doi(paper.doi or ""):
        identifiers.append(Identifier(DOI, doi))
    return Record(
        NAME,
        told.asked,
        title=fields.line(paper.title),
        authors=fields.names(paper.authors),
        year=fields.year(paper.year),
        venue=fields.line(paper.venue),
        # Retracted and removed papers are left out of the file (upstream-apis 6.3).
        status=Status.PUBLISHED,
        abstract=fields.text(bibtex.plain(paper.abstract or "")),
        identifiers=tuple(dict.fromkeys(identifiers)),
    )
