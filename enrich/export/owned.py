"""Was what lies at an export's place written by an earlier export?

A person may name a bibliography of their own, or a folder full of other things, by mistake.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from enrich.export import bibtex, csl, feed, jsonl

HEAD = 4096
"""Bytes at a file's beginning that tell."""

_BEGINS = {"bibtex": bibtex.MARK, "jsonl": jsonl.MARK}
_HOLDS = {"csl-json": csl.MARK, "atom": feed.ATOM_MARK, "json-feed": feed.JSON_MARK}
_EMPTY = {"csl-json": "[]"}
"""An export of no works: it has nothing to lose."""


def is_own_file(form: str, head: str) -> bool:
    """Whether a file with this beginning is an export in the same format, or is empty."""
    text = head.lstrip("\ufeff \n\r\t")
    if not text or "".join(text.split()) == _EMPTY.get(form):
        return True
    if form in _BEGINS:
        return text.startswith(_BEGINS[form])
    return _HOLDS[form] in text


def is_own_folder(suffix: str, names: Iterable[str], relations: Collection[str]) -> bool:
    """Whether a folder of these names is an export in the same format, or is empty: it has
    `meta`, and nothing but relations."""
    found = set(names)
    ours = {f"{relation}.{suffix}" for relation in relations}
    return not found or (f"meta.{suffix}" in found and found <= ours)
