"""OpenReview: notes by batches of ids or by title, from API v2 and then from v1 where v2 lacks."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from enrich import ids
from enrich.errors import Busy, Refused, SourceError
from enrich.model import OPENREVIEW, TITLE, Identifier, Outcome, SourceState, Told
from enrich.network.http import Gateway
from enrich.network.replies import Reply, json_of
from enrich.settings import OpenReview as Settings
from enrich.sources import fields
from enrich.sources.likely import Shown, likely, plain, shown, wording
from enrich.sources.note import NAME, record, title_of
from enrich.sources.openreview_answer import REFUSALS, judge
from enrich.sources.telling import DAMAGED, blame, failed, missing
from enrich.titles import key

__all__ = ["NAME", "OpenReview", "record"]

SESSION = 4 * 3600
"""Seconds that a login shall last: longer than any run."""
LONGEST_TERM = 300
"""Characters of a title that are sent: it stands in the address."""
SEARCH = {"type": "terms", "content": "all", "group": "all", "source": "forum", "limit": "20"}
"""A search in all papers, not in the replies to them (upstream-apis 5.2)."""


class OpenReview:
    """Both hosts behind one gateway, because their limits may be one; logs in when first asked."""

    name = NAME
    titles_per_request = 1

    def __init__(self, gateway: Gateway, settings: Settings, login: tuple[str, str]) -> None:
        self.gateway = gateway
        self.batch_size = settings.batch_size
        self._hosts = {2: settings.base_url_v2, 1: settings.base_url_v1}
        self._login_as = login
        self._is_anonymous = not all(login)
        self._tokens: dict[str, str] = {}
        self._proven: set[str] = set()
        self._relogged: set[str] = set()
        self._entrance = asyncio.Lock()
        if self._is_anonymous and not settings.anonymous:
            names = f"{settings.username_env} and {settings.password_env}"
            gateway.breaker.disable(f"OpenReview answers only with a login: set {names}")

    async def ask(self, batch: Sequence[Identifier]) -> list[Told]:
        """See `Source.ask`; a miss is final only after both hosts answered."""
        told = {i: missing(NAME, i, "invalid_id") for i in batch if not _is_valid(i)}
        asked = [i for i in dict.fromkeys(batch) if i not in told]
        trouble: str | None = None
        for api, host in self._hosts.items():
            waiting = [i for i in asked if i not in told]
            if not waiting or self._is_disabled:
                break
            try:
                notes = await self._pick(host, [i.value for i in waiting])
            except SourceError as error:
                trouble = trouble or str(error)
                continue
            for i in waiting:
                if i.value in notes:
                    told[i] = _told(i, api, notes[i.value])
                    if fields.is_damaged(title_of(notes[i.value])):
                        told |= failed(NAME, [i], DAMAGED)
        if not self._is_disabled:
            rest = [i for i in asked if i not in told]
            misses = {i: missing(NAME, i, "unknown") for i in rest}
            told |= failed(NAME, rest, trouble) if trouble else misses
            blame(self.gateway, told.values())
        return [told[i] for i in batch if i in told]

    async def search(self, titles: Sequence[str]) -> list[Told]:
        """See `Source.search`; v1 is not asked for a title that v2 has, letter for letter.

        Another one is no reason to stop: most titles have relatives, and two APIs have half each.
        """
        told: dict[str, Told] = {}
        papers: dict[Identifier, Told] = {}
        for title in dict.fromkeys(titles):
            if self._is_disabled:
                break
            if (one := await self._find(title, papers)) is not None:
                told[title] = one
        return [*(told[title] for title in titles if title in told), *papers.values()]

    async def _find(self, title: str, papers: dict[Identifier, Told]) -> Told | None:
        """What is said of one title; the papers that may be it are added to the others."""
        asked, wanted = Identifier(TITLE, title), wording(title)
        term = " ".join(_TERM.findall(plain(title)))[:LONGEST_TERM]
        if not term:
            return missing(NAME, asked, "not_searchable")
        trouble, is_found, is_damaged = None, False, False
        for api, host in self._hosts.items():
            try:
                notes = await self._notes(host, "GET", params={"term": term, **SEARCH})
            except SourceError as error:
                if self._is_disabled:
                    return None
                trouble = trouble or str(error)
                continue
            every = [one for note in notes for one in _shown(api, note)]
            found = likely(wanted, every)
            is_damaged = is_damaged or any(one.is_damaged for one in every)
            papers |= {paper.asked: paper for paper in found}
            is_found = is_found or bool(found)
            if any(key(record(paper).title or "") == key(title) for paper in found):
                return Told(NAME, asked, Outcome.OK)
        if is_damaged and not is_found:
            trouble = trouble or DAMAGED
        if trouble:
            return failed(NAME, [asked], trouble)[asked]
        return Told(NAME, asked, Outcome.OK) if is_found else missing(NAME, asked, "unknown")

    @property
    def _is_disabled(self) -> bool:
        return self.gateway.state is SourceState.DISABLED

    async def _pick(self, host: str, values: list[str]) -> dict[str, Any]:
        """The notes that a host has of some ids, by id."""
        notes = await self._notes(host, "POST", json={"ids": values})
        found = {str(note["id"]): note for note in notes if "id" in note}
        if found and found.keys().isdisjoint(values):  # it says nothing of what was asked
            raise Busy(f"{urlsplit(host).hostname} answered with other notes than were asked for")
        return found

    async def _notes(self, host: str, method: str, **what: Any) -> list[dict[str, Any]]:
        """What a host's search answers; a refused login is renewed once."""
        if not self._is_anonymous:
            await self._log_in_first()
        try:
            reply = await self._send(host, method, what)
            is_refused = reply.status in REFUSALS
        except SourceError as error:
            if error.status not in REFUSALS or host in self._relogged:
                raise
            is_refused = True
        if is_refused:
            if self._is_anonymous:
                said = "OpenReview refuses requests without a login (403), so it was not asked"
                self.gateway.breaker.disable(said)
                raise Refused(said, status=403)
            # A token of v2 is good at v1, unless it is not: then v1 wants a login of its own.
            self._relogged.add(host)
            await self._log_in(host)
            reply = await self._send(host, method, what)
        self._proven.add(host)
        return [note for note in json_of(reply.content)["notes"] if isinstance(note, dict)]

    async def _send(self, host: str, method: str, what: dict[str, Any]) -> Reply:
        token = self._tokens.get(host) or self._tokens.get(self._hosts[2])
        is_known = host in self._proven | self._relogged
        return await self.gateway.send(
            method,
            f"{host}/notes/search",
            headers={"Authorization": f"Bearer {token}"} if token else {},
            # For a guest a 403 is a standing state, wherever it comes from (upstream-apis 5.4).
            judge=judge(notes=True, is_trusted=not self._is_anonymous and is_known),
            **what,
        )

    async def _log_in_first(self) -> None:
        async with self._entrance:
            if not self._tokens:
                await self._log_in(self._hosts[2])

    async def _log_in(self, host: str) -> None:
        user, password = self._login_as
        try:
            reply = await self.gateway.send(
                "POST",
                f"{host}/login",
                json={"id": user, "password": password, "expiresIn": SESSION},
                judge=judge(notes=False, is_trusted=False),
            )
        except SourceError as error:
            if error.status in (400, 401, 403):
                self.gateway.breaker.open(f"OpenReview did not accept the login ({error.status})")
            raise
        answer = json_of(reply.content)
        if answer.get("mfaPending"):
            self.gateway.breaker.disable(
                "OpenReview wants a second factor for this account, which a program cannot give"
            )
            raise Busy(str(self.gateway.trouble))
        self._tokens[host] = answer["token"]


# Nothing that a query language could take for an operator, such as a hyphen by itself.
_TERM = re.compile(r"\w+(?:['’.&+-]+\w+)*")


def _told(asked: Identifier, api: int, note: dict[str, Any]) -> Told:
    body = json.dumps({"api": api, "note": note}, separators=(",", ":"))
    return Told(NAME, asked, Outcome.OK, body)


def _shown(api: int, note: dict[str, Any]) -> list[Shown]:
    """The record of a note; none of a reply, or of one whose id is no id."""
    asked = Identifier(OPENREVIEW, str(note.get("id")))
    if not _is_valid(asked):
        return []
    told = _told(asked, api, note)
    return [shown(told, title_of(note))]


def _is_valid(identifier: Identifier) -> bool:
    return identifier.scheme == OPENREVIEW and ids.parse(str(identifier)) == identifier
