"""arXiv: titles, authors, abstracts and dates, by batches of ids or of titles."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from enrich import ids
from enrich.errors import Busy, Refused, SourceError
from enrich.model import ARXIV, Identifier, Outcome, Told
from enrich.network.http import Gateway
from enrich.network.replies import Reply, by_status_of_endpoint
from enrich.sources import TITLES_PER_REQUEST, fields
from enrich.sources.arxiv_search import Search
from enrich.sources.atom import Feed, body_of, identifiers_of, is_whole, read, title_of
from enrich.sources.entry import NAME, record
from enrich.sources.telling import DAMAGED, blame, failed, halves, missing

__all__ = ["NAME", "Arxiv", "record"]

MOST_REQUESTS = 24
"""Requests that the splitting of one batch may take; what is left then failed."""

_NAMED = re.compile(r"incorrect[ _]id[ _]format[ _]for[ _](\S+)")
_ABOUT_IDS = re.compile(r"\bid(?:s|_list)?\b")


class Arxiv:
    """The query endpoint by POST; answers come in any order and are matched by their ids."""

    name = NAME
    titles_per_request = TITLES_PER_REQUEST

    def __init__(self, gateway: Gateway, base_url: str, batch_size: int) -> None:
        self.gateway = gateway
        self.batch_size = batch_size
        self._url = f"{base_url}/api/query"
        self._finds_titles = False

    async def ask(self, batch: Sequence[Identifier]) -> list[Told]:
        """See `Source.ask`."""
        told = {i: missing(NAME, i, "invalid_id") for i in batch if not _is_valid(i)}
        waiting = [[i for i in dict.fromkeys(batch) if i not in told]]
        doubted: dict[Identifier, bool] = {}
        for _ in range(MOST_REQUESTS):
            if not (part := waiting.pop() if waiting else None):
                break
            # Ten results are the default, also for a list of ids; paging one repeats entries.
            listed = ",".join(i.value for i in part)
            try:
                feed = await self._feed("id_list", listed, len(part))
            except SourceError as error:
                if error.status == 414 and len(part) > 1:
                    waiting += halves(part)
                else:
                    told |= failed(NAME, part, str(error))
                continue
            if feed.complaint is not None:
                answered, rest = _complained(part, feed.complaint)
            else:
                answered, rest = _matched(part, feed, doubted)
            told |= answered
            waiting += rest
        for part in waiting:
            told |= failed(NAME, part, "the answers to this batch stayed in disorder")
        blame(self.gateway, told.values())
        return [told[i] for i in batch]

    async def search(self, titles: Sequence[str]) -> list[Told]:
        """See `Source.search`; several titles make one request."""
        search = Search(titles, self.titles_per_request, is_proven=self._finds_titles)
        while (asked := search.next()) is not None:
            try:
                feed = await self._feed("search_query", asked.query.text, asked.query.results)
            except SourceError as error:
                search.failed(asked, error)
            else:
                search.answered(asked, feed)
        self._finds_titles = search.is_proven
        told = search.told()
        blame(self.gateway, told)
        return told

    async def _feed(self, parameter: str, value: str, results: int) -> Feed:
        form = {parameter: value, "start": "0", "max_results": str(results)}
        reply = await self.gateway.send("POST", self._url, form=form, judge=_judge)
        if reply.status == 414:
            raise Refused("the service finds the question too long", status=414)
        return read(reply.content)


def _matched(
    part: Sequence[Identifier], feed: Feed, doubted: dict[Identifier, bool]
) -> tuple[dict[Identifier, Told], list[list[Identifier]]]:
    """What a valid feed says of the asked works, and whom to ask once more.

    A feed that counts more than it shows, or shows nothing for many, may be a short page
    (upstream-apis 3.4): only a second such answer makes the absent ones missing. One that shows
    nothing of what it counts, or works that nobody asked for, never does.
    """
    told: dict[Identifier, Told] = {}
    strangers = 0
    for entry in feed.entries:
        shown = identifiers_of(entry)
        strangers += not any(i in part for i in shown)
        for asked in shown:
            if asked in part and (fields.is_damaged(title_of(entry)) or not is_whole(entry)):
                told |= failed(NAME, [asked], DAMAGED)
            elif asked in part and asked not in told:
                told[asked] = Told(NAME, asked, Outcome.OK, body_of(entry))
    absent = [i for i in part if i not in told]
    is_odd = strangers > 0 or (feed.total > 0 and not feed.entries)
    if is_odd or feed.total > len(feed.entries) or (len(part) > 1 and not told):
        again = [i for i in absent if i not in doubted]
    else:
        again = []
    for i in absent:
        if i in doubted and (strangers or (is_odd and doubted[i])):
            told |= failed(NAME, [i], "the answer does not fit the question")
        elif i not in again:
            told[i] = missing(NAME, i, "unknown")
    doubted |= dict.fromkeys(again, is_odd)
    return told, [again] if again else []


def _complained(
    part: Sequence[Identifier], complaint: str
) -> tuple[dict[Identifier, Told], list[list[Identifier]]]:
    """Who is to blame for an error feed, and whom to ask again without them."""
    if named := _NAMED.search(complaint):
        raw = named[1].rstrip(".,;")
        bad = [i for i in part if i.value in (raw, ids.arxiv_id(raw))]
        if bad:
            rest = [i for i in part if i not in bad]
            return {i: missing(NAME, i, "invalid_id") for i in bad}, [rest] if rest else []
    if len(part) > 1:
        return {}, halves(part)
    if _ABOUT_IDS.search(complaint):
        return {part[0]: missing(NAME, part[0], "invalid_id")}, []
    return failed(NAME, part, "the service answered with an error of its own"), []


def _judge(reply: Reply, host: str, now: datetime) -> SourceError | None:
    if reply.status == 414:
        return None  # not a failure yet: `ask` splits the batch
    # A malformed id has been answered with 400 and with 200; the feed says what it is.
    if reply.status not in (200, 400):
        return by_status_of_endpoint(reply, host, now)
    try:
        read(reply.content)
    except ValueError:
        if reply.content[:100].strip().startswith(b"Rate exceeded"):
            return Busy(f"{host} asked us to slow down", status=429)
        if reply.status == 400:
            return by_status_of_endpoint(reply, host, now)
        return Busy(f"{host} answered something that is no Atom feed", status=200)
    return None


def _is_valid(identifier: Identifier) -> bool:
    return identifier.scheme == ARXIV and ids.arxiv_id(identifier.value) == identifier.value
