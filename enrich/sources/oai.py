"""arXiv's OAI-PMH interface: the papers of a set that were changed since a day, page by page."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from datetime import date, datetime

from lxml import etree

from enrich import ids
from enrich.errors import Busy, Refused, SourceError
from enrich.harvest import Harvest, Page, Preprint
from enrich.network.http import Gateway
from enrich.network.replies import Reply, by_status_of_endpoint
from enrich.sources import fields, markup

OAI = "{http://www.openarchives.org/OAI/2.0/}"
ARXIV = "{http://arxiv.org/OAI/arXiv/}"
PREFIX = "oai:arXiv.org:"
EARLIEST = date(2005, 9, 16)
"""The first day of change that the server knows; it refuses to be asked for earlier ones."""

MOST_PAGES = 20_000
"""Of one harvest; all of arXiv has some 2,000."""
LONGEST_TOKEN = 2_000
LONGEST_TEXT = 2_000
"""Letters of a title and a journal reference."""
MOST_AUTHORS = 5_000
LONGEST_NAME = 200

_STATUSES = frozenset({200, 400, 404, 422})
"""With which servers send the protocol's own errors, which are elements of an answer."""


class Complaint(Exception):
    """An error that the protocol has a code for."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(f"{code}: {text}" if text else code)
        self.code = code


class Oai:
    """Harvests by way of arXiv's gateway: its pace and its one connection are for all of arXiv."""

    name = "arxiv"

    def __init__(self, gateway: Gateway, url: str) -> None:
        self.gateway = gateway
        self._url = url

    async def harvest(
        self, harvest: Harvest, clock: Callable[[], datetime]
    ) -> AsyncGenerator[tuple[Page, Harvest], None]:
        """Every page from where the harvest stands, each with how it stands after that page.

        Raises SourceError; what was yielded before stays true.
        """
        tokens: set[str] = set()
        restarts: set[date | None] = set()
        for _ in range(MOST_PAGES):
            page = await self._page(harvest)
            if page is None:  # a token lives until midnight (upstream-apis 3.7)
                if harvest.start in restarts:
                    raise Busy("the server refuses the tokens that it gave")
                restarts.add(harvest.start)
                harvest = harvest.without_token()
                tokens.clear()
                continue
            if page.token in tokens or (page.token and page.token == harvest.token):
                raise Busy("the server gave the same page again and again")
            if page.token:
                tokens.add(page.token)
            harvest = harvest.after(page, clock(), simulated=self.gateway.tally.simulated)
            yield page, harvest
            if harvest.finished_at:
                return
        raise Refused(f"the server had no end after {MOST_PAGES:,} pages")

    async def _page(self, harvest: Harvest) -> Page | None:
        """The next page; None where the server does not know the token."""
        asked = {"verb": "ListRecords"}
        if harvest.token:
            asked["resumptionToken"] = harvest.token  # which excludes all other arguments
        else:
            asked |= {"metadataPrefix": "arXiv", "set": harvest.spec}
            if harvest.start and harvest.start >= EARLIEST:
                asked["from"] = harvest.start.isoformat()
        pages: list[Page | None] = []

        def judge(reply: Reply, host: str, now: datetime) -> SourceError | None:
            if reply.status not in _STATUSES:
                return by_status_of_endpoint(reply, host, now)
            try:
                pages.append(read(reply.content))
            except Complaint as complaint:
                if complaint.code != "badResumptionToken" or not harvest.token:
                    return Refused(f"{host} refused the question ({complaint})")
                pages.append(None)
            except ValueError:
                if reply.content[:100].strip().startswith(b"Rate exceeded"):
                    return Busy(f"{host} asked us to slow down", status=429)
                return by_status_of_endpoint(reply, host, now) or Busy(
                    f"{host} answered something that is no OAI-PMH answer", status=200
                )
            return None

        await self.gateway.send("GET", self._url, params=asked, judge=judge)
        return pages[-1]


def read(content: bytes) -> Page:
    """The page that a body is; one without records where nothing matches.

    Raises:
        Complaint: it is another error of the protocol.
        ValueError: it is no such answer, or not whole.
    """
    root = markup.root(content)
    responded = fields.day((root.findtext(f"{OAI}responseDate") or "").strip())
    if root.tag != f"{OAI}OAI-PMH" or responded is None:
        raise ValueError("no OAI-PMH")
    if (error := root.find(f"{OAI}error")) is not None:
        if error.get("code") == "noRecordsMatch":
            return Page((), (), (), None, responded)
        code = fields.text(error.get("code")) or "unknown"
        raise Complaint(code[:100], (fields.text(error.text) or "")[:200])
    told = root.find(f"{OAI}ListRecords")
    records = told.findall(f"{OAI}record") if told is not None else []
    if told is None or not records:
        raise ValueError("a list without records")
    token = (told.findtext(f"{OAI}resumptionToken") or "").strip()
    if len(token) > LONGEST_TOKEN:
        raise ValueError("an endless token")
    papers, deleted, stamps = [], [], []
    for record in records:
        stamp = fields.day((record.findtext(f"{OAI}header/{OAI}datestamp") or "").strip())
        if stamp is None:
            raise ValueError("a record without its day")
        stamps.append(stamp)
        if paper := _preprint(record):
            papers.append(paper)
        elif number := _deleted(record):
            deleted.append(number)
    return Page(tuple(papers), tuple(deleted), tuple(stamps), token or None, responded)


def _deleted(record: etree._Element) -> str | None:
    header = record.find(f"{OAI}header")
    if header is None or header.get("status") != "deleted":
        return None
    return ids.arxiv_id((header.findtext(f"{OAI}identifier") or "").strip().removeprefix(PREFIX))


def _preprint(record: etree._Element) -> Preprint | None:
    """The paper of a record; None for a deleted one, and for one that lacks its id or title."""
    told = record.find(f"{OAI}metadata/{ARXIV}arXiv")
    if told is None:
        return None
    number = ids.arxiv_id(_text(told, "id") or "")
    title = _text(told, "title")
    if number is None or title is None:
        return None
    published = fields.day(_text(told, "created"))
    dois = (ids.doi(word) for word in (_text(told, "doi") or "").split())
    authors = told.findall(f"{ARXIV}authors/{ARXIV}author")[:MOST_AUTHORS]
    return Preprint(
        number,
        title[:LONGEST_TEXT],
        tuple(name for author in authors if (name := _name(author))),
        published.year if published else None,
        published,
        next((doi for doi in dois if doi), None),
        (_text(told, "journal-ref") or "")[:LONGEST_TEXT] or None,
        tuple((_text(told, "categories") or "").split()),
    )


def _name(author: etree._Element) -> str:
    parts = (_text(author, part) for part in ("forenames", "keyname", "suffix"))
    return " ".join(part for part in parts if part)[:LONGEST_NAME]


def _text(element: etree._Element, name: str) -> str | None:
    return fields.text(element.findtext(f"{ARXIV}{name}"))
