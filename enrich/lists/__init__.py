"""Reads a list of papers, in Markdown, HTML inside Markdown or plain text, into its entries."""

from __future__ import annotations

from enrich.lists.decode import decode
from enrich.lists.entries import entries_of
from enrich.lists.explain import explain, roles_of
from enrich.lists.markdown import read_markdown
from enrich.lists.plain import is_plain, read_plain
from enrich.lists.recognise import recognise
from enrich.lists.render import render
from enrich.model import Parsed

__all__ = ["explain", "parse", "render"]


def parse(data: bytes) -> Parsed:
    """Every entry of a list, in order, and what each of its lines was taken for.

    Raises PapertideError for a file that is not text.
    """
    source = decode(data)
    document = (read_plain if is_plain(source.text) else read_markdown)(source.text, source.utf8)
    reading = recognise(document)
    document.blocks.clear()  # The units hold what is listed; of a large list, blocks are much.
    entries = tuple(entries_of(reading.units, document, source))
    return Parsed(entries, roles_of(source, reading, entries))
