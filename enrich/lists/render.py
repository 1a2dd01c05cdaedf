"""An entry as the JSON line of `papertide parse --json` (contract section 4)."""

from __future__ import annotations

from typing import Any

from enrich.model import SCHEMES, Entry


def render(entry: Entry) -> dict[str, Any]:
    """The keys and values of an entry's JSON line, in the contract's order."""
    return {
        "n": entry.n,
        "line": entry.line,
        "end_line": entry.end_line,
        "section": list(entry.section),
        "title": entry.title,
        "label": entry.label,
        "authors": entry.authors,
        "venue": entry.venue,
        "year": entry.year,
        "kind": entry.kind.value,
        "links": [{"label": link.label, "url": link.url} for link in entry.links],
        "ids": {scheme: [i.value for i in entry.ids if i.scheme == scheme] for scheme in SCHEMES},
        "confidence": entry.confidence,
        "layout": entry.layout,
        "spans": {key: [list(span) for span in spans] for key, spans in entry.spans.items()},
    }
