"""The works as JSON lines: what `papers` has, the identifiers, and the entries that name it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

import msgspec

from enrich.export.listed import Listed
from enrich.library import Place
from enrich.model import SCHEMES
from enrich.papers import Paper

MARK = '{"paper_id":'
"""How every line begins: a file that begins otherwise is not replaced."""


def json_lines(works: Iterable[Listed], keys: Mapping[str, str], *, simulated: bool) -> str:
    """One line for each work, in the order of their ids."""
    ordered = sorted(works, key=lambda w: w.paper.paper_id)
    lines = [_line(work, keys[work.paper.paper_id], simulated=simulated) for work in ordered]
    return "".join(f"{msgspec.json.encode(line).decode()}\n" for line in lines)


def _line(work: Listed, key: str, *, simulated: bool) -> dict[str, Any]:
    values = {scheme: [v for s, v in work.identifiers if s == scheme] for scheme in SCHEMES}
    return {
        **{field.name: getattr(work.paper, field.name) for field in fields(Paper)},
        "key": key,
        "identifiers": values,
        "entries": [_entry(place) for place in work.places],
        "simulated": simulated,
    }


def _entry(place: Place) -> dict[str, Any]:
    finding = place.finding
    return {
        "entry_id": place.entry_id,
        "list_id": place.list_id,
        "position": place.position,
        "line": place.line,
        "section": place.section,
        "title": place.title,
        "label": place.label,
        "authors_raw": place.authors,
        "venue_raw": place.venue,
        "year": place.year,
        "kind": place.kind,
        "links": [link._asdict() for link in place.links],
        "verdict": finding.verdict if finding else None,
        "reason": finding.reason if finding else None,
        "score": finding.score if finding else None,
        "method": finding.method if finding else None,
        "first_seen_at": place.first_seen_at,
        "last_seen_at": place.last_seen_at,
    }
