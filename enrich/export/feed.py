"""News as an Atom feed (RFC 4287) and as a JSON Feed (version 1.1)."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

import msgspec
from feedgen.feed import FeedGenerator

from enrich.export.listed import SIMULATED
from enrich.export.news import News

ATOM_MARK = ">Papertide</generator>"
JSON_MARK = '"_papertide":'
"""What a feed of Papertide's has near its beginning: another file is not replaced."""

AUTHORITY = "papertide,2026"
"""Of the tag URIs (RFC 4151) by which a reader knows a feed and its items again."""

_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed. `lists`: those it is about, by name; `since`: when the store's first run began, by
    which the feeds of two stores differ; `snapshot_id`, `at`: what it was made of, and when."""

    lists: tuple[str, ...]
    since: datetime
    snapshot_id: str
    at: datetime
    tool_version: str
    simulated: bool
    news: tuple[News, ...]

    @property
    def id(self) -> str:
        """A tag URI that stays while the store and the lists do."""
        return _tag(f"{self.since:%Y%m%dT%H%M%SZ}", "feed", *self.lists)

    @property
    def title(self) -> str:
        """What it is about; a feed of invented values says so."""
        about = ", ".join(self.lists)
        return _clean(f"{'SIMULATED: ' if self.simulated else ''}Papertide: {about}")

    @property
    def updated(self) -> datetime:
        """When its newest item happened."""
        return max((item.at for item in self.news), default=self.at)

    def id_of(self, item: News) -> str:
        """A tag URI that is the same in every feed of this store that has the item."""
        return _tag(f"{self.since:%Y%m%dT%H%M%SZ}", *item.name.split(":"))

    def title_of(self, item: News) -> str:
        """Readers show items alone: each says that it is simulated."""
        return _clean(f"{'[SIMULATED] ' if self.simulated else ''}{item.title}")

    def lines_of(self, item: News) -> Sequence[str]:
        """The sentences below the title."""
        return [_clean(line) for line in (*item.lines, *([f"{SIMULATED}."] * self.simulated))]


def atom(feed: Feed) -> str:
    """The feed as Atom."""
    made = FeedGenerator()
    made.id(feed.id)
    made.title(feed.title)
    made.updated(feed.updated)
    made.author({"name": "Papertide"})
    made.generator("Papertide", version=feed.tool_version)
    if feed.simulated:
        made.subtitle(SIMULATED)
    for item in feed.news:
        entry = made.add_entry(order="append")
        entry.id(feed.id_of(item))
        entry.title(feed.title_of(item))
        entry.updated(item.at)
        entry.published(item.at)
        entry.category({"term": item.kind})
        if item.url:
            entry.link(href=_clean(item.url), rel="alternate")
        entry.content(_html(feed.lines_of(item)) or html.escape(feed.title_of(item)), type="html")
    text: bytes = made.atom_str(pretty=True)
    return text.decode()


def json_feed(feed: Feed) -> str:
    """The feed as JSON Feed."""
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "_papertide": {
            "about": "https://jsonfeed.org/version/1.1#extensions",
            "id": feed.id,
            "snapshot_id": feed.snapshot_id,
            "simulated": feed.simulated,
        },
        **({"description": SIMULATED} if feed.simulated else {}),
        "authors": [{"name": "Papertide"}],
        "language": "en",
        "items": [
            {
                "id": feed.id_of(item),
                **({"url": item.url} if item.url else {}),
                "title": feed.title_of(item),
                "content_html": _html(feed.lines_of(item)) or html.escape(feed.title_of(item)),
                "date_published": item.at.isoformat(),
                "date_modified": item.at.isoformat(),
                "tags": [item.kind],
            }
            for item in feed.news
        ],
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=1).decode() + "\n"


def _html(lines: Sequence[str]) -> str:
    return "".join(f"<p>{html.escape(line)}</p>" for line in lines)


def _tag(*parts: str) -> str:
    return ":".join([f"tag:{AUTHORITY}", *(quote(part, safe="") for part in parts)])


def _clean(text: str) -> str:
    """A text without what XML cannot hold."""
    return _NO_XML.sub("", text)
