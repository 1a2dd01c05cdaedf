"""Is this an answer of OpenReview, and if it is a refusal, for how long?"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from enrich.errors import Busy, SourceError
from enrich.network.replies import Judge, Reply, by_status_of_endpoint, json_of, until

REFUSALS = (401, 403)


def judge(*, notes: bool, is_trusted: bool) -> Judge:
    """What an answer to a search or to a login is; one that is no such answer is Busy.

    A search that is refused goes back to the client, which logs in; `is_trusted`: the login was
    accepted here, so that a 403 may pass by itself (upstream-apis 5.4).
    """

    def error_of(reply: Reply, host: str, now: datetime) -> SourceError | None:
        error = by_status_of_endpoint(reply, host, now)
        answer = _object(reply.content)
        if notes and reply.status in REFUSALS and not is_trusted:
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

    return error_of


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
