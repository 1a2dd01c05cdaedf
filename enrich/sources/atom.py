"""Is this a complete answer of arXiv's query API, and what does it hold?"""

from __future__ import annotations

from typing import NamedTuple

from lxml import etree

from enrich import ids
from enrich.model import Identifier
from enrich.sources import markup

ATOM = "http://www.w3.org/2005/Atom"
OPENSEARCH = "http://a9.com/-/spec/opensearch/1.1/"


class Feed(NamedTuple):
    """A valid feed: the server's count, its entries, or the text of the error that it is."""

    total: int
    entries: tuple[etree._Element, ...]
    complaint: str | None


def read(content: bytes) -> Feed:
    """The feed that a body is; ValueError for anything that is none or is not whole.

    Strict where the `arxiv` package repairs: it takes an HTML page for an empty feed and cut XML
    for a complete one (upstream-apis 3.8).
    """
    root = markup.root(content)
    if root.tag != f"{{{ATOM}}}feed":
        raise ValueError("no feed")
    total = (root.findtext(f"{{{OPENSEARCH}}}totalResults") or "").strip()
    if not (total.isascii() and total.isdigit()):
        raise ValueError("a feed without a count")
    entries = tuple(root.iterchildren(f"{{{ATOM}}}entry"))
    return Feed(int(total[:9]), entries, _complaint(entries))


def identifiers_of(entry: etree._Element) -> tuple[Identifier, ...]:
    """The paper that an entry is about, as its address says."""
    return ids.from_url((entry.findtext(f"{{{ATOM}}}id") or "").strip())


def title_of(entry: etree._Element) -> str:
    """The entry's title, as it is written."""
    return entry.findtext(f"{{{ATOM}}}title") or ""


def is_whole(entry: etree._Element) -> bool:
    """Whether the entry has what every paper's has: a title and a date."""
    return bool(title_of(entry).strip()) and bool(entry.findtext(f"{{{ATOM}}}published"))


def body_of(entry: etree._Element) -> str:
    """The entry by itself, to be kept."""
    return str(etree.tostring(entry, encoding="unicode", with_tail=False))


def _complaint(entries: tuple[etree._Element, ...]) -> str | None:
    for entry in entries:
        url = entry.findtext(f"{{{ATOM}}}id") or ""
        if "/api/errors" in url:
            return f"{entry.findtext(f'{{{ATOM}}}summary') or ''} {url}"
    return None
