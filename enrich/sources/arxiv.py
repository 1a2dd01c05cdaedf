"""arXiv: titles, authors, abstracts and dates, by batches of ids."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from arxiv import Result, _feed
from lxml import etree

from enrich import ids
from enrich.errors import Busy, Refused, SourceError
from enrich.http import Gateway
from enrich.model import ARXIV, DOI, Identifier, Outcome, Record, Status, Told
from enrich.replies import Reply, by_status_of_endpoint
from enrich.sources import fields
from enrich.sources.atom import ATOM, Feed, read
from enrich.sources.telling import blame, failed, halves, missing

NAME = "arxiv"
MOST_REQUESTS = 24
"""Requests that the splitting of one batch may take; what is left then failed."""

_NAMED = re.compile(r"incorrect[ _]id[ _]format[ _]for[ _](\S+)")
_ABOUT_IDS = re.compile(r"\bid(?:s|_list)?\b")
# The newest version of a withdrawn paper is a stub; the feed has no flag (upstream-apis 3.3).
# "Withdrawn from <venue>" in a comment tells of a submission elsewhere.
_WITHDRAWN_COMMENT = re.compile(r"\bwithdrawn\b(?! from (?!(?:the )?arxiv))", re.IGNORECASE)
_WITHDRAWN_SUMMARY = re.compile(
    r"\b(?:paper|article|manuscript|submission|preprint|work|version)\s+"
    r"(?:has been|have been|was|is|is being)\s+(?:temporarily\s+)?withdrawn\b"
    r"|^\W*(?:this \w+ )?withdrawn\b",
    re.IGNORECASE,
)


class Arxiv:
    """The query endpoint by POST; answers come in any order and are matched by their ids."""

    name = NAME

    def __init__(self, gateway: Gateway, base_url: str, batch_size: int) -> None:
        self.gateway = gateway
        self.batch_size = batch_size
        self._url = f"{base_url}/api/query"

    async def ask(self, batch: Sequence[Identifier]) -> list[Told]:
        """See `Source.ask`."""
        told = {i: missing(NAME, i, "invalid_id") for i in batch if not _is_valid(i)}
        waiting = [[i for i in dict.fromkeys(batch) if i not in told]]
        doubted: dict[Identifier, bool] = {}
        for _ in range(MOST_REQUESTS):
            if not (part := waiting.pop() if waiting else None):
                break
            try:
                feed = await self._feed(part)
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

    async def _feed(self, part: Sequence[Identifier]) -> Feed:
        # Ten results are the default, also for a list of ids; paging such a list repeats entries.
        form = {
            "id_list": ",".join(i.value for i in part),
            "start": "0",
            "max_results": str(len(part)),
        }
        reply = await self.gateway.send("POST", self._url, form=form, judge=_judge)
        if reply.status == 414:
            raise Refused("the service finds the question too long", status=414)
        return read(reply.content)


def record(told: Told) -> Record:
    """An Atom entry in the project's terms, read by the `arxiv` package's model."""
    result = _result(told.body)
    if result is None:
        return Record(NAME, told.asked)
    comment, summary = fields.text(result.comment), fields.text(result.summary)
    venue = fields.text(result.journal_ref)
    identifiers = [*ids.from_url(result.entry_id), told.asked]
    if doi := ids.doi(fields.text(result.doi) or ""):
        identifiers.append(Identifier(DOI, doi))
    status = Status.PUBLISHED if venue or doi else Status.PREPRINT
    if _WITHDRAWN_COMMENT.search(comment or "") or _WITHDRAWN_SUMMARY.search(summary or ""):
        status = Status.WITHDRAWN
    return Record(
        NAME,
        told.asked,
        title=fields.text(result.title),
        authors=fields.names([author.name for author in result.authors]),
        year=result.published.year,
        published=result.published.date(),
        venue=venue,
        status=status,
        abstract=summary,
        identifiers=tuple(dict.fromkeys(identifiers)),
    )


def _result(entry: str) -> Result | None:
    # The package logs a warning for an entry that has no date, and raises for a strange one.
    if "published>" not in entry:
        return None
    try:
        feed = _feed.parse(f'<feed xmlns="{ATOM}">{entry}</feed>'.encode())
    except ValueError:
        return None
    return feed.results[0] if feed.results else None


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
        shown = ids.from_url((entry.findtext(f"{{{ATOM}}}id") or "").strip())
        strangers += not any(i in part for i in shown)
        for asked in shown:
            if asked in part and asked not in told:
                body = etree.tostring(entry, encoding="unicode", with_tail=False)
                told[asked] = Told(NAME, asked, Outcome.OK, body)
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
