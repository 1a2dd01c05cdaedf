"""The one door to the network: paced, patient within bounds, and given up when hopeless."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from pathlib import Path
from typing import Any, TypeVar

import httpx
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type

from enrich.errors import Absent, Busy, Refused, SourceError
from enrich.model import SourceState, Tally
from enrich.network import download
from enrich.network.breaker import Breaker
from enrich.network.pace import Pace
from enrich.network.patience import SLOWEST_ATTEMPT, Patience
from enrich.network.redirect import LONGEST_CHAIN, REDIRECTS, beyond, objection, portable
from enrich.network.replies import Judge, Reply, by_status, by_status_of_endpoint, cause
from enrich.network.surroundings import SURROUNDINGS, Surroundings

T = TypeVar("T")
Take = Callable[[httpx.Response], Awaitable[T]]

LARGEST_ANSWER = 32_000_000
"""Bytes, decoded; a batch of Semantic Scholar has at most 10 MB (upstream-apis 4.1)."""

# httpx names every request at INFO; what a person should know is told by the run.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)


class Gateway:
    """One provider's door: every attempt takes its turn, and is judged, counted and bounded.

    `attempts` and `timeout` (seconds a phase) as configured; `cooldown` is the back-off after a
    429 that names no time, in gaps of the pace; `home` holds the hosts that the user configured.
    """

    def __init__(
        self,
        name: str,
        client: httpx.AsyncClient,
        pace: Pace,
        *,
        attempts: int,
        timeout: float,
        cooldown: float = 5.0,
        home: Collection[str] = (),
        around: Surroundings = SURROUNDINGS,
        breaker: Breaker | None = None,
    ) -> None:
        self.name = name
        self.tally = Tally()
        self.breaker = breaker or Breaker()
        self._client = client
        self._pace = pace
        self._timeout = timeout
        self._home = frozenset(home)
        self._around = around
        self._patience = Patience(attempts, cooldown, pace, self.breaker, around.jitter)

    @property
    def state(self) -> SourceState:
        """How the provider did so far in this run."""
        return self.breaker.state

    @property
    def trouble(self) -> str | None:
        """One sentence for people on what went wrong last, or None."""
        return self.breaker.trouble

    async def send(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        json: Any = None,
        headers: Mapping[str, str] | None = None,
        max_bytes: int = LARGEST_ANSWER,
        judge: Judge = by_status,
    ) -> Reply:
        """The answer that `judge` lets pass; its error otherwise, after what is worth retrying.

        `headers` stay with the host they were meant for; reads sent by POST are retried too.
        """

        async def take(response: httpx.Response) -> Reply:
            return await self._judged(response, max_bytes, judge)

        request = self._client.build_request(
            method, url, params=params, data=form, json=json, headers=headers
        )
        return await self._persist(request, take)

    async def download(
        self,
        url: str,
        to: Path,
        *,
        etag: str | None,
        last_modified: str | None,
        max_bytes: int,
        verify: Callable[[Path], object] = lambda draft: None,
    ) -> download.Download:
        """Bring a file up to date: written beside, verified, and only then renamed.

        `verify` raises UnfitError for a file that is not what was asked for; the old one stays.
        """
        is_there = await asyncio.to_thread(to.exists)
        headers = download.conditions(etag, last_modified) if is_there else {}

        async def take(response: httpx.Response) -> download.Download:
            if response.status_code == 304 and headers:
                return download.Download(False, etag, last_modified)
            if response.status_code != 200:
                await self._judged(response, LARGEST_ANSWER, by_status_of_endpoint)
            try:
                await download.save(download.pieces(response), to, max_bytes, verify)
            except download.UnfitError as error:
                raise Busy(f"{response.url.host} sent {error}") from error
            seen = response.headers
            return download.Download(True, seen.get("etag"), seen.get("last-modified"))

        return await self._persist(self._client.build_request("GET", url, headers=headers), take)

    async def _judged(self, response: httpx.Response, max_bytes: int, judge: Judge) -> Reply:
        content = await download.body(download.pieces(response), max_bytes)
        reply = Reply(response.status_code, response.headers, content)
        if error := judge(reply, response.url.host, self._around.now()):
            raise error
        return reply

    async def _persist(self, request: httpx.Request, take: Take[T]) -> T:
        """Try until it works, is refused, or patience or hope is over."""
        was_open = self.breaker.is_open
        retrying = AsyncRetrying(
            retry=retry_if_exception_type(Busy),
            stop=lambda state: self._patience.is_over(state.attempt_number, _busy(state)),
            wait=lambda state: self._patience.seconds(state.attempt_number, _busy(state)),
            sleep=self._around.sleep,
            before_sleep=self._count_retry,
            reraise=True,
        )
        try:
            result: T = await retrying(self._travel, request, take)
        except Absent:
            self.breaker.succeeded()
            raise
        except SourceError as error:
            if not was_open:
                self.tally.failures += 1
                self.breaker.failed(str(error))
            raise
        self.breaker.succeeded()
        return result

    async def _travel(self, request: httpx.Request, take: Take[T]) -> T:
        """One attempt, through at most `LONGEST_CHAIN` redirects, each in a turn of its own."""
        for _ in range(LONGEST_CHAIN + 1):
            result, target = await self._exchange(request, take)
            if target is None:
                return result  # type: ignore[return-value]  # None only beside a target
            source = request.url
            why = await objection(
                str(source),
                str(target),
                home=self._home,
                has_body=request.method != "GET",
                resolve=self._around.resolve,
            )
            if why is not None:
                raise Refused(f"{source.host} redirected {why}, which was not followed")
            request = self._client.build_request(
                request.method,
                target,
                headers=portable(request.headers, to_same_host=target.host == source.host),
                content=request.content or None,
            )
        raise Refused(f"{request.url.host} redirected more than {LONGEST_CHAIN} times")

    async def _exchange(
        self, request: httpx.Request, take: Take[T]
    ) -> tuple[T | None, httpx.URL | None]:
        """One request in one turn: what `take` made of the answer, or where to go instead."""
        host = request.url.host
        self._insist_on_hope(host)
        async with self._pace.turn() as start:
            self._insist_on_hope(host, start)
            try:
                self.tally.requests += 1
                request.extensions = self._terms(start)
                async with asyncio.timeout(self._timeout * SLOWEST_ATTEMPT):
                    response = await self._client.send(request, stream=True)
                    try:
                        self._note(response)
                        if response.status_code in REDIRECTS and "location" in response.headers:
                            return None, beyond(request.url, response.headers["location"])
                        return await take(response), None
                    finally:
                        await response.aclose()
            # Never chained: a protocol error quotes what it did not like, such as a Location.
            except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError) as error:
                self._pace.give_back(start)
                raise self._unreached(f"{host} could not be reached ({cause(error)})") from None
            except (httpx.TimeoutException, TimeoutError):
                raise self._unreached(f"{host} did not answer in time") from None
            except (httpx.RequestError, httpx.InvalidURL, UnicodeError, EOFError):
                raise self._unreached(f"{host} broke off its answer") from None
            except download.TooLargeError:
                raise Refused(f"{host} sent more than was allowed") from None

    def _terms(self, start: float) -> dict[str, Any]:
        """Timeouts of one attempt, and a mark for the pace when it is on the wire."""

        async def trace(event: str, _: Mapping[str, Any]) -> None:
            nonlocal start
            if event.endswith(".send_request_headers.started"):
                start = await self._pace.sent(start)

        connect, phase = self._patience.timeouts(self._timeout)
        return {"timeout": httpx.Timeout(phase, connect=connect).as_dict(), "trace": trace}

    def _insist_on_hope(self, host: str, start: float | None = None) -> None:
        """Raise at once for a provider that was given up, and free the slot taken for it."""
        if self.breaker.is_open:
            if start is not None:
                self._pace.give_back(start)
            raise Busy(self.trouble or f"{host} was given up")

    def _note(self, response: httpx.Response) -> None:
        self.breaker.answered()
        self.tally.rate_limited += response.status_code == 429
        self.tally.simulated |= "x-papertide-simulated" in response.headers

    def _unreached(self, sentence: str) -> Busy:
        self.breaker.unreached(sentence)
        return Busy(sentence)

    def _count_retry(self, _: RetryCallState) -> None:
        self.tally.retries += 1


def _busy(state: RetryCallState) -> Busy:
    error = state.outcome.exception() if state.outcome else None
    return error if isinstance(error, Busy) else Busy("nothing went wrong")
