"""The ACL Anthology's files: everything with abstracts in one, and one paper's BibTeX."""

from __future__ import annotations

import gzip
import io
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import blake2b
from typing import NamedTuple

from enrich.sandbox import simulate
from enrich.sandbox.bibtex import citation_key, entry
from enrich.sandbox.wire import Ask, Handler, Reply, html_reply
from enrich.sandbox.world import Paper, World

BULK = "anthology+abstracts.bib.gz"
MADE = datetime(2026, 11, 20, 3, 30, tzinfo=UTC)
"""When the file was last changed: it is the same for as long as the papers are."""
LEFT_SHARE = 0.02


class File(NamedTuple):
    """The bulk file with what a conditional request compares."""

    content: bytes
    etag: str
    changed: datetime


class AclAnthology:
    """Answers for one world; the bulk file is made when it is first asked for, then kept."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._files: dict[tuple[str, str | None], File] = {}
        self._making = threading.Lock()

    def find(self, method: str, path: str) -> tuple[str, Handler] | None:
        """The endpoint's name and its handler."""
        if method not in ("GET", "HEAD"):
            return None
        if path == BULK:
            return "bulk", self.bulk
        return ("bib", self.bib) if path.endswith(".bib") and "/" not in path else None

    def bulk(self, ask: Ask) -> Reply:
        """The whole Anthology, gzipped, or 304 where the client's copy is the newest."""
        fault = ask.fault
        changes = fault is not None and fault.kind in ("left", "shrunk", "hostile")
        with self._making:
            of = (fault.kind, fault.value) if changes and fault else ("", None)
            if of not in self._files:
                self._files[of] = self._make(*of)
        file = self._files[of]
        headers = (
            ("etag", file.etag),
            ("last-modified", format_datetime(file.changed, usegmt=True)),
            ("accept-ranges", "bytes"),
        )
        if _has_newest(ask, file):
            return Reply(b"", 304, "", headers)
        return Reply(file.content, media="application/x-gzip", headers=headers)

    def bib(self, ask: Ask) -> Reply:
        """One paper's entry; ids compare with case, as file names do."""
        number = ask.path.removesuffix(".bib")
        paper = self._world.by_acl.get(number)
        if paper is None:
            return html_reply(404, "404 Not Found")._replace(asked=(number,))
        text = entry(paper, citation_key(paper))
        return Reply(text.encode(), media="application/x-bibtex", asked=(number,))

    def _make(self, kind: str, value: str | None) -> File:
        digest, buffer = blake2b(digest_size=8), io.BytesIO()
        # Without a time in the header, the same papers make the same bytes.
        with gzip.GzipFile(fileobj=buffer, mode="wb", compresslevel=1, mtime=0) as out:
            for text in self._entries(kind, value):
                raw = text.encode()
                digest.update(raw)
                out.write(raw)
        changed = MADE + timedelta(days=1) if kind else MADE
        return File(buffer.getvalue(), f'"{digest.hexdigest()}"', changed)

    def _entries(self, kind: str, value: str | None) -> Iterator[str]:
        keys: set[str] = set()
        for number, paper in self._world.by_acl.items():
            if _gone(number, kind, value):
                continue
            key = citation_key(paper)
            if key in keys:
                key = f"{key}-{number.replace('.', '-')}"
            keys.add(key)
            yield entry(_hostile(paper) if kind == "hostile" else paper, key) + "\n"


def _gone(number: str, kind: str, value: str | None) -> bool:
    match kind:
        case "left" if value is None:
            return simulate.lacks(number, "staying", LEFT_SHARE)
        case "left":
            return number == value
        case "shrunk":
            return not simulate.lacks(number, "leaving", 0.1)
    return False


def _hostile(paper: Paper) -> Paper:
    return Paper(title=simulate.HOSTILE, acl_id=paper.acl_id, year=paper.year)


def _has_newest(ask: Ask, file: File) -> bool:
    if known := ask.headers.get("if-none-match"):
        return file.etag in (tag.strip().removeprefix("W/") for tag in known.split(","))
    try:
        return parsedate_to_datetime(ask.headers.get("if-modified-since", "")) >= file.changed
    except (ValueError, TypeError):
        return False
