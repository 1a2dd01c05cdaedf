"""OpenReview: notes by batches of ids, from API v2 and then from v1 for those that v2 lacks."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from enrich import ids
from enrich.errors import Busy, Refused, SourceError
from enrich.http import Gateway
from enrich.model import OPENREVIEW, Identifier, Outcome, SourceState, Told
from enrich.replies import Judge, Reply, by_status_of_endpoint, json_of, until
from enrich.settings import OpenReview as Settings
from enrich.sources.note import NAME, record
from enrich.sources.telling import failed, missing

__all__ = ["NAME", "OpenReview", "record"]

SESSION = 4 * 3600
"""Seconds that a login shall last: longer than any run."""


class OpenReview:
    """Both hosts behind one gateway, because their limits may be one; logs in when first asked."""

    name = NAME

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
                notes = await self._search(host, [i.value for i in waiting])
            except SourceError as error:
                trouble = trouble or str(error)
                continue
            for i in waiting:
                if i.value in notes:
                    body = json.dumps({"api": api, "note": notes[i.value]}, separators=(",", ":"))
                    told[i] = Told(NAME, i, Outcome.OK, body)
        if not self._is_disabled:
            rest = [i for i in asked if i not in told]
            misses = {i: missing(NAME, i, "unknown") for i in rest}
            told |= failed(NAME, rest, trouble) if trouble else misses
        return [told[i] for i in batch if i in told]

    @property
    def _is_disabled(self) -> bool:
        return self.gateway.state is SourceState.DISABLED

    async def _search(self, host: str, values: list[str]) -> dict[str, Any]:
        """The notes that a host has of some ids, by id; a refused login is renewed once."""
        if not self._is_anonymous:
            await self._log_in_first()
        try:
            reply = await self._post(host, values)
            is_refused = reply.status in _REFUSALS
        except SourceError as error:
            if error.status not in _REFUSALS or host in self._relogged:
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
            reply = await self._post(host, values)
        self._proven.add(host)
        notes = json_of(reply.content)["notes"]
        found = {str(note["id"]): note for note in notes if isinstance(note, dict) and "id" in note}
        if found and found.keys().isdisjoint(values):  # it says nothing of what was asked
            raise Busy(f"{urlsplit(host).hostname} answered with other notes than were asked for")
        return found

    async def _post(self, host: str, values: list[str]) -> Reply:
        token = self._tokens.get(host) or self._tokens.get(self._hosts[2])
        return await self.gateway.send(
            "POST",
            f"{host}/notes/search",
            json={"ids": values},
            headers={"Authorization": f"Bearer {token}"} if token else {},
            judge=_judge(notes=True, is_trusted=host in self._proven | self._relogged),
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
                judge=_judge(notes=False, is_trusted=False),
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


_REFUSALS = (401, 403)


def _judge(*, notes: bool, is_trusted: bool) -> Judge:
    """What an answer to a search or to a login is; one that is no such answer is Busy.

    A search that is refused goes back to the client, which logs in; `is_trusted`: the login was
    accepted here, so that a 403 may pass by itself (upstream-apis 5.4).
    """

    def judge(reply: Reply, host: str, now: datetime) -> SourceError | None:
        error = by_status_of_endpoint(reply, host, now)
        answer = _object(reply.content)
        if notes and reply.status in _REFUSALS and not is_trusted:
            return None
        if reply.status == 403 and is_trusted:
            return Busy(f"{host} answered 403 (Forbidden) to a valid login", status=403)
        if isinstance(error, Busy):
            error.after = error.after or _reset(answer, now)
        if error is not None:
            return error
        if answer.get("searchUnavailable"):
            return Busy(f"the search of {host} is unavailable", status=reply.status)
        if notes:
            is_whole = isinstance(answer.get("notes"), list)
        else:
            token = answer.get("token")
            is_token = isinstance(token, str) and token.isascii() and token.isprintable()
            is_whole = bool(answer.get("mfaPending")) or (is_token and bool(token))
        if is_whole:
            return None
        return Busy(f"{host} answered something that is not its format", status=reply.status)

    return judge


def _reset(answer: dict[str, Any], now: datetime) -> float:
    """Seconds until the moment that a rate limit names as its reset, 0 without one."""
    details = answer.get("details")
    moment = details.get("resetTime") if isinstance(details, dict) else None
    try:
        return until(datetime.fromisoformat(moment), now) if isinstance(moment, str) else 0.0
    except ValueError:
        return 0.0


def _object(content: bytes) -> dict[str, Any]:
    try:
        answer = json_of(content)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _is_valid(identifier: Identifier) -> bool:
    return identifier.scheme == OPENREVIEW and ids.parse(str(identifier)) == identifier
