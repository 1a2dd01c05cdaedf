"""A provider that answers from a script, and a clock that only moves when somebody sleeps."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import httpx
import msgspec

from enrich.model import TITLE, Identifier, Outcome, Told
from enrich.network.http import Gateway
from enrich.network.pace import Pace
from enrich.network.surroundings import Surroundings
from enrich.settings import Settings
from enrich.sources import Source, open_sources, record

MIDNIGHT = datetime(2026, 11, 21, tzinfo=UTC)
HOST = "https://api.example"

Answer = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]


class Time:
    """Both clocks; sleeping moves them at once and is written down."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += max(0.0, seconds)
        await asyncio.sleep(0)

    def around(self, addresses: Sequence[str] = ("93.184.216.34",)) -> Surroundings:
        async def resolve(host: str) -> Sequence[str]:
            return addresses

        return Surroundings(
            clock=lambda: self.now,
            sleep=self.sleep,
            now=lambda: MIDNIGHT + timedelta(seconds=self.now),
            jitter=lambda: 0.0,
            resolve=resolve,
        )


class Script(httpx.AsyncBaseTransport):
    """Answers in order, the last one again and again, and keeps what was asked and when."""

    def __init__(self, time: Time, *answers: Answer) -> None:
        self.time = time
        self.answers = list(answers)
        self.asked: list[httpx.Request] = []
        self.starts: list[float] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        self.asked.append(request)
        self.starts.append(self.time.now)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        if callable(answer):
            answer = answer(request)
        if not answer.is_stream_consumed:
            return answer
        body = httpx.ByteStream(answer.content)
        return httpx.Response(answer.status_code, headers=answer.headers, stream=body)

    def json(self, number: int = -1) -> Any:
        """What the request with that number carried."""
        return json.loads(self.asked[number].content)


def reply(status: int = 200, text: str | bytes = "", **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    content = text.encode() if isinstance(text, str) else text
    return httpx.Response(status, headers=named, content=content)


def answer(value: Any, status: int = 200, **headers: str) -> httpx.Response:
    return reply(status, json.dumps(value), content_type="application/json", **headers)


@asynccontextmanager
async def open_gateway(
    script: httpx.AsyncBaseTransport,
    time: Time,
    *,
    gap: float = 1.0,
    attempts: int = 4,
    addresses: Sequence[str] = ("93.184.216.34",),
    exclusive: bool = False,
    home: Sequence[str] = ("api.example",),
) -> AsyncIterator[Gateway]:
    around = time.around(addresses)
    pace = Pace(gap, exclusive=exclusive, clock=around.clock, sleep=around.sleep)
    async with httpx.AsyncClient(transport=script) as client:
        yield Gateway(
            "example",
            client,
            pace,
            attempts=attempts,
            timeout=30.0,
            home=home,
            around=around,
        )


Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def loopback(serve: Serve) -> AsyncIterator[str]:
    """The address of a server that treats each connection as `serve` does."""
    tasks: list[asyncio.Task[None]] = []

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.append(task)
        with suppress(asyncio.CancelledError, ConnectionError):
            await serve(reader, writer)
        writer.close()

    async with await asyncio.start_server(connected, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks)
    await asyncio.sleep(0)


def named(text: str) -> list[Identifier]:
    """The identifiers written in one line, also malformed ones."""
    return [Identifier(*word.split(":", 1)) for word in text.split()]


def ask(
    name: str,
    batch: str,
    *answers: Answer,
    environ: dict[str, str] | None = None,
    anonymous: bool = False,
) -> tuple[dict[str, Told], Script, Time, Source]:
    """What a source tells of each identifier, by its value, and what that took."""
    time = Time()
    script = Script(time, *answers)
    sources = {"openreview": {"anonymous": True}} if anonymous else {}

    async def put(source: Source) -> list[Told]:
        return await source.ask(named(batch))

    told, source = talk(name, put, script, time, sources, environ)
    return {one.asked.value: one for one in told}, script, time, source


def search(
    name: str,
    titles: Sequence[str],
    *answers: Answer,
    environ: dict[str, str] | None = None,
    anonymous: bool = False,
) -> tuple[Searched, Script, Source]:
    """What a source tells of titles, and what that took."""
    time = Time()
    script = Script(time, *answers)
    sources = {"openreview": {"anonymous": True}} if anonymous else {}

    async def put(source: Source) -> list[Told]:
        return await source.search(titles)

    told, source = talk(name, put, script, time, sources, environ)
    return searched(told), script, source


class Searched(NamedTuple):
    """What a search told of each title, and the papers that it brought up."""

    titles: dict[str, Told]
    papers: dict[str, Told]

    def outcomes(self) -> dict[str, Outcome]:
        return outcomes(self.titles)


def searched(told: Sequence[Told]) -> Searched:
    titles = [one for one in told if one.asked.scheme == TITLE]
    papers = told[len(titles) :]
    assert not any(one.asked.scheme == TITLE for one in papers), "titles come first"
    assert len({one.asked for one in papers}) == len(papers), "each paper is told of once"
    for one in titles:
        assert not one.body
        assert (one.outcome is Outcome.OK) == (one.reason is None)
        is_miss = one.reason in ("unknown", "not_searchable")
        assert is_miss == (one.outcome is Outcome.NOT_FOUND)
    for one in papers:
        assert one.outcome is Outcome.OK
        assert record(one).title, "what was brought up can be read"
    return Searched(
        {one.asked.value: one for one in titles}, {str(one.asked): one for one in papers}
    )


def talk(
    name: str,
    put: Callable[[Source], Awaitable[list[Told]]],
    transport: httpx.AsyncBaseTransport,
    time: Time,
    sources: dict[str, Any],
    environ: dict[str, str] | None = None,
) -> tuple[list[Told], Source]:
    """What a source answers to what `put` asks of it."""

    async def main() -> tuple[list[Told], Source]:
        async with open_sources(
            with_sources(sources), environ or {}, around=time.around(), transport=transport
        ) as opened:
            return await put(opened.sources[name]), opened.sources[name]

    return asyncio.run(main())


def with_sources(sources: dict[str, Any]) -> Settings:
    return msgspec.convert({"sources": sources}, Settings)


def outcomes(told: dict[str, Told]) -> dict[str, Outcome]:
    return {value: one.outcome for value, one in told.items()}
