"""The works as CSL-JSON, which Zotero, pandoc and every citation processor read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from enrich.export.bibtex import note_of
from enrich.export.form import Appearance, Form, appearance
from enrich.export.latex import shown
from enrich.export.listed import Listed
from enrich.export.names import Name, names

MARK = '"source": "Papertide"'
"""Stands in every item (CSL's field for the catalogue it is from): a file without it is not
replaced."""

_TYPES = {
    Form.PREPRINT: "article",  # since CSL 1.0.2
    Form.PROCEEDINGS: "paper-conference",
    Form.JOURNAL: "article-journal",
    Form.OTHER: "document",
}


def csl_json(works: Iterable[Listed], keys: Mapping[str, str], *, simulated: bool) -> str:
    """The file, one item a line, in the order of their keys."""
    ordered = sorted(works, key=lambda w: keys[w.paper.paper_id])
    items = [_item(work, keys[work.paper.paper_id], simulated=simulated) for work in ordered]
    lines = [json.dumps(item, ensure_ascii=False) for item in items]
    return "[\n" + ",\n".join(lines) + "\n]\n"


def _item(work: Listed, key: str, *, simulated: bool) -> dict[str, Any]:
    paper = work.paper
    how = appearance(paper, work.link)
    people, _ = names(work.authors)
    item = {
        "id": key,
        "type": _TYPES[how.form],
        "source": "Papertide",
        "title": shown(paper.title) if paper.title else None,
        "author": [_author(name) for name in people],
        "issued": _issued(how),
        "container-title": None if how.form is Form.PREPRINT else how.venue,
        "volume": how.volume,
        "publisher": "arXiv" if how.form is Form.PREPRINT else None,
        "number": f"arXiv:{how.eprint}" if how.form is Form.PREPRINT else None,
        "DOI": how.doi,
        "URL": how.url,
        "abstract": paper.abstract,
        "note": note_of(paper.status, simulated=simulated),
    }
    return {name: value for name, value in item.items() if value}


def _issued(how: Appearance) -> dict[str, Any] | None:
    if how.year is None:
        return None
    return {"date-parts": [[part for part in (how.year, how.month, how.day) if part]]}


def _author(name: Name) -> dict[str, str]:
    if name.is_whole:
        return {"literal": name.family}
    told = {
        "family": name.family,
        "given": name.given,
        "non-dropping-particle": name.particle,
        "suffix": name.suffix,
    }
    return {part: value for part, value in told.items() if value}
