"""arXiv's query API as the backend of 2025-26 answers it: by identifier and by title."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from urllib.parse import parse_qsl

from enrich.sandbox import atom, simulate
from enrich.sandbox.arxiv_query import Malformed, Term, TooDeep, evaluate, questions
from enrich.sandbox.titles import words
from enrich.sandbox.wire import Ask, Handler, Reply, html_reply
from enrich.sandbox.world import Paper, World

LONGEST_URL = 8190
"""Bytes; the front end answers 414 beyond."""
LARGEST_SLICE = 2000
LARGEST_RESULT = 30_000
DEEPEST = 10_000
"""Beyond this offset the published backend fails with a server error."""

# As the server's own check: it searches, so `arXiv:2106.15928` passes and then matches nothing.
_VALID = re.compile(r"\d{4}\.\d{4,5}(v\d+)?|[a-z-]+(\.[A-Z]{2})?/\d{7}(v\d+)?")
_NAMES = {"ti": "title", "au": "author"}
_VERSIONED = re.compile(r"(.+?)(?:v(\d{1,4}))?")

Version = tuple[Paper, int]


class Arxiv:
    """Answers `/api/query` for one world."""

    def __init__(self, world: World, now: Callable[[], datetime]) -> None:
        self._world, self._now = world, now

    def find(self, method: str, path: str) -> tuple[str, Handler] | None:
        """The endpoint's name and its handler."""
        known = path == "api/query" and method in ("GET", "POST")
        return ("query", self.query) if known else None

    def query(self, ask: Ask) -> Reply:
        """Entries by `id_list`, by `search_query`, or the ones of the list that the query finds."""
        if ask.url_length > LONGEST_URL:
            return html_reply(414, "Request-URI Too Long")
        told = dict(ask.query)
        if ask.method == "POST":  # the backend then reads nothing but the body
            told = dict(parse_qsl(ask.body.decode("utf-8", "replace"), keep_blank_values=True))
        ids = [raw for raw in told.get("id_list", "").split(",") if raw]
        search = told.get("search_query", "").strip()
        try:
            self._refuse_bad_id(ids, search, ask)
            start, size = _slice(told)
            asked, found = self._found(ids, search)
        except Malformed as error:
            lenient = ask.spoilt("error-200") or ask.spoilt("error-feed-200")
            body = atom.error(str(error), self._now())
            return Reply(body, 200 if lenient else 400, atom.MEDIA)
        except TooDeep:
            return html_reply(500, "Internal Server Error")
        page = found[start : start + min(size, LARGEST_SLICE)]
        body = atom.feed(
            () if ask.spoilt("empty-page") else (_entry(*version, ask) for version in page),
            f"arXiv Query: search_query={search}&id_list={','.join(ids)}",
            self._now(),
            total=len(found) + 1 if ask.spoilt("total") else len(found),
            start=start,
            size=size,
        )
        return Reply(body, media=atom.MEDIA, asked=asked)

    def _refuse_bad_id(self, ids: list[str], search: str, ask: Ask) -> None:
        bad = next((raw for raw in ids if not _VALID.search(raw)), None)
        if bad is None and (ask.spoilt("error-feed") or ask.spoilt("error-feed-200")):
            named = ask.fault.value if ask.fault else None
            if search and (named or "") in search:
                raise Malformed("the search query could not be read")
            bad = next((raw for raw in ids if named in (None, raw)), None)
        if bad is not None:
            raise Malformed(f"incorrect id format for {bad}")

    def _found(self, ids: list[str], search: str) -> tuple[tuple[str, ...], list[Version]]:
        """What was asked, and the versions to show, in an order that is not the asked one."""
        asked = list(ids)
        hits: dict[int, None] = {}
        if search:
            relevance: Counter[int] = Counter()

            def find(term: Term) -> frozenset[int]:
                places = self._places(term)
                relevance.update(dict.fromkeys(places, len(words(term.text))))
                return frozenset(places)

            found = evaluate(search, find)
            hits = {n: None for n, _ in relevance.most_common() if n in found}
            asked += [f"{_NAMES.get(t.field, t.field)}:{t.text}" for t in questions(search)]
        papers = self._world.papers
        if not ids:
            return tuple(asked), [(papers[n], _newest(papers[n])) for n in hits]
        listed = {v for raw in ids if (v := self._version(raw)) is not None}
        if search:
            among = {papers[n].arxiv_id for n in hits}
            listed = {v for v in listed if v[0] in among}
        versions = [(self._world.by_arxiv[number], version) for number, version in listed]
        versions.sort(key=lambda v: (v[0].first_day, v[0].arxiv_id or "", v[1]), reverse=True)
        return tuple(asked), versions

    def _version(self, raw: str) -> tuple[str, int] | None:
        """A paper's number and version: the newest where the id has none, `None` if absent."""
        match = _VERSIONED.fullmatch(raw)
        paper = self._world.by_arxiv.get(match[1]) if match else None
        if match is None or paper is None:
            return None
        version = int(match[2] or _newest(paper))
        return (match[1], version) if 1 <= version <= _newest(paper) else None

    def _places(self, term: Term) -> list[int]:
        papers = self._world.papers
        if term.field in ("ti", "all"):
            return [n for n in self._world.titles.holding(term.text) if papers[n].arxiv_id]
        name = set(words(term.text))
        if term.field != "au" or not name:
            return []
        signed = ((n, p) for n, p in enumerate(papers) if p.arxiv_id)
        return [n for n, p in signed if name <= set(words(" ".join(p.authors)))]


def _slice(told: dict[str, str]) -> tuple[int, int]:
    try:
        start, size = int(told.get("start") or 0), int(told.get("max_results") or 10)
    except ValueError:
        raise Malformed("start and max_results must be integers") from None
    if start < 0 or size < 0:
        raise Malformed("start and max_results must be non-negative")
    if size > LARGEST_RESULT:
        raise Malformed(f"max_results must be at most {LARGEST_RESULT}")
    if size == 0 or start > DEEPEST:  # the backend divides by it, and by what is left
        raise TooDeep("no page there")
    return start, size


def _newest(paper: Paper) -> int:
    return simulate.versions(paper.key)


def _entry(paper: Paper, version: int, ask: Ask) -> str:
    number, comment = paper.arxiv_id or "", ""
    if ask.spoilt("withdrawn") and ask.fault and ask.fault.value in (None, number):
        version, comment = version + 1, "This paper has been withdrawn by the authors"
    if ask.spoilt("another"):
        number = f"0704.{int(simulate.roll(number, 'another') * 10_000):04d}"
    hostile = ask.spoilt("hostile")
    return atom.entry(paper, version, number=number, comment=comment, hostile=hostile)
