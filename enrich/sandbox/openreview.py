"""OpenReview's two APIs: login, notes by id, venue or invitation, and search."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from enrich.sandbox import simulate
from enrich.sandbox.note import note, paperhash, standing, venue
from enrich.sandbox.wire import Ask, Handler, Reply, json_object, json_reply
from enrich.sandbox.world import Paper, World

LARGEST_PAGE = 1000
WRONG_PASSWORD = "wrong"
"""The one password that the sandbox refuses; it takes every other with every name."""


class OpenReview:
    """Answers `/v1/…` and `/v2/…` for one world; a token of one is good at the other."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._accounts: dict[str, str] = {}

    def find(self, method: str, path: str) -> tuple[str, Handler] | None:
        """The endpoint's name, such as `v2/search`, and its handler."""
        version, _, rest = path.partition("/")
        known: dict[tuple[str, str], tuple[str, Callable[[int, Ask], Reply]]] = {
            ("POST", "login"): ("login", self._login),
            ("GET", "notes"): ("notes", self._notes),
            ("GET", "notes/search"): ("search", self._search),
            ("POST", "notes/search"): ("search", self._pick),
        }
        if version not in ("v1", "v2") or (method, rest) not in known:
            return None
        name, answer = known[method, rest]
        number = int(version[1])

        def handler(ask: Ask) -> Reply:
            return self._guarded(name, number, answer, ask)

        return f"{version}/{name}", handler

    def account(self, ask: Ask) -> str | None:
        """Whose token a request carries; `None` for a guest or an unknown token."""
        scheme, _, token = ask.headers.get("authorization", "").partition(" ")
        return self._accounts.get(token) if scheme == "Bearer" else None

    def _guarded(
        self, name: str, version: int, answer: Callable[[int, Ask], Reply], ask: Ask
    ) -> Reply:
        if name != "login" and self.account(ask) is None:
            if ask.headers.get("authorization"):
                return error("TokenExpiredError", "Token has expired, please log in again", 401)
            return challenge()
        return answer(version, ask)

    def _login(self, version: int, ask: Ask) -> Reply:
        told = json_object(ask.body)
        name, password = told.get("id"), told.get("password")
        if not (isinstance(name, str) and name and isinstance(password, str) and password):
            return error("MissingArgumentError", "Username and password are required", 400)
        if password == WRONG_PASSWORD:
            return error("Error", "Invalid username or password", 401)
        if ask.spoilt("mfa"):
            return json_reply({"mfaPending": True, "mfaMethods": ["totp"]})
        token = f"sandbox.{simulate.sha(f'{name} {len(self._accounts)}')}"
        self._accounts[token] = name
        return json_reply({"token": token, "user": {"id": name, "profile": {"id": "~Sand_Box1"}}})

    def _notes(self, version: int, ask: Ask) -> Reply:
        told = dict(ask.query)
        if version == 1 and "count" in told:
            return error("Error", "The parameter count is not allowed", 400)
        if (wanted := told.get("id") or told.get("forum")) is not None:
            here = [p for p in (self._here(wanted, version, ask),) if p]
            asked = (f"v{version}:{wanted}",)
            if not here and version == 2 and "id" in told:
                return error("NotFoundError", f"The Note {wanted} was not found", 404, asked)
            return self._listed(here, version, ask, asked)
        found = self._filtered(told, version)
        if found is None:
            return error("MissingArgumentError", "A filter is required", 400)
        found.sort(key=lambda p: p.openreview_id or "")
        total = len(found)
        try:
            size = min(int(told.get("limit") or LARGEST_PAGE), LARGEST_PAGE)
            start = int(told.get("offset") or 0)
        except ValueError:
            return error("Error", "limit and offset must be integers", 400)
        if after := told.get("after"):
            found = [p for p in found if (p.openreview_id or "") > after]
        return self._listed(found[start : start + size], version, ask, total=total)

    def _filtered(self, told: dict[str, str], version: int) -> list[Paper] | None:
        every = (p for p in self._world.by_note.values() if venue(p).version == version)
        if invitation := told.get("invitation"):
            return [p for p in every if invitation.startswith(f"{venue(p).domain}/-/")]
        if wanted := told.get("paperhash"):
            return [p for p in every if paperhash(p) == wanted]
        if wanted := told.get("content.venueid"):
            return [p for p in every if standing(p)[0] == wanted]
        return None

    def _search(self, version: int, ask: Ask) -> Reply:
        term = ask.first("term").strip()
        if not term:
            return error("MissingArgumentError", "term is required", 400)
        if ask.spoilt("search-unavailable"):
            return json_reply({"notes": [], "count": 0, "searchUnavailable": True})
        papers = self._world.papers
        near = (papers[n] for n, likeness in self._world.titles.nearest(term, 60) if likeness > 0.3)
        here = [p for p in near if p.openreview_id and _holder(p, ask) == version]
        size = int(ask.first("limit")) if ask.first("limit").isdecimal() else 25
        asked = (f"v{version}:title:{term}",)
        return self._listed(here[:size], version, ask, asked, total=len(here))

    def _pick(self, version: int, ask: Ask) -> Reply:
        """Notes by `ids`, in an order of its own and without the absent; or by titles."""
        told = json_object(ask.body)
        if ask.spoilt("search-unavailable"):
            return json_reply({"notes": [], "count": 0, "searchUnavailable": True})
        ids = told.get("ids")
        if isinstance(ids, list):
            if len(ids) > LARGEST_PAGE:
                return error("Error", f"ids must have at most {LARGEST_PAGE} elements", 400)
            wanted = {str(raw) for raw in ids}
            here = [p for raw in wanted if (p := self._here(raw, version, ask))]
            here.sort(key=lambda p: simulate.sha(p.openreview_id or ""))
            return self._listed(here, version, ask, tuple(f"v{version}:{raw}" for raw in ids))
        try:
            terms = [str(term).strip('"') for term in told["content"]["title"]["terms"]]
        except (KeyError, TypeError):
            return error("Error", "ids or content.title.terms is required", 400)
        places = dict.fromkeys(n for term in terms for n in self._world.titles.holding(term))
        papers = [self._world.papers[n] for n in places]
        here = [p for p in papers if p.openreview_id and _holder(p, ask) == version]
        asked = tuple(f"v{version}:title:{term}" for term in terms)
        return self._listed(here, version, ask, asked)

    def _here(self, wanted: str, version: int, ask: Ask) -> Paper | None:
        """The note if this API holds it: what the other holds looks like missing."""
        paper = self._world.by_note.get(wanted)
        if paper is None:
            return None
        return paper if _holder(paper, ask) == version else None

    def _listed(
        self,
        papers: Iterable[Paper],
        version: int,
        ask: Ask,
        asked: tuple[str, ...] = (),
        total: int | None = None,
    ) -> Reply:
        notes: list[dict[str, Any]] = [note(paper, version, ask.fault) for paper in papers]
        answer: dict[str, Any] = {"notes": notes}
        # v2 counts only when asked to; v1 and search always do.
        if version == 1 or ask.first("count") == "true" or "search" in ask.path:
            answer["count"] = len(notes) if total is None else total
        return json_reply(answer, asked=asked)


def _holder(paper: Paper, ask: Ask) -> int:
    """The API that has a note."""
    return 1 if ask.spoilt("v1-only") else venue(paper).version


def challenge() -> Reply:
    """What a guest gets on both APIs since the middle of 2026."""
    return error("ChallengeRequiredError", "A challenge must be completed to continue", 403)


def error(
    name: str, message: str, status: int, asked: tuple[str, ...] = (), **details: Any
) -> Reply:
    """An error as both APIs write it."""
    reference = simulate.sha(f"{name} {message}")[:7]
    content = {
        "name": name,
        "message": f"{message} ({reference})",
        "status": status,
        "details": {**details, "reqId": reference},
    }
    return json_reply(content, status, asked)


def rate_limited(limit: int, used: int, reset: datetime, seconds: float) -> Reply:
    """The refusal that says when the window ends."""
    return error(
        "RateLimitError",
        f"Too many requests: You have made {used} requests, surpassing the limit of {limit} "
        f"requests. Please try again in {seconds:.0f} seconds",
        429,
        limit=limit,
        remaining=0,
        resetTime=reset.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        used=used,
    )
