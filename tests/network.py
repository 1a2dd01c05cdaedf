"""A provider that answers from a script, and a clock that only moves when somebody sleeps."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import msgspec

from enrich.http import Gateway
from enrich.model import Identifier, Outcome, Told
from enrich.pace import Pace
from enrich.settings import Settings
from enrich.sources import Source, open_sources
from enrich.surroundings import Surroundings

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
            return answer(request)
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)

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


Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def loopback(talk: Talk) -> AsyncIterator[str]:
    """The address of a server that treats each connection as `talk` does."""
    tasks: list[asyncio.Task[None]] = []

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.append(task)
        with suppress(asyncio.CancelledError, ConnectionError):
            await talk(reader, writer)
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
    wanted = Settings()
    if anonymous:
        sources = {"openreview": {"anonymous": True}}
        wanted = with_sources(sources)

    async def main() -> tuple[list[Told], Source]:
        around = time.around()
        async with open_sources(wanted, environ or {}, around=around, transport=script) as opened:
            source = opened.sources[name]
            return await source.ask(named(batch)), source

    told, source = asyncio.run(main())
    return {one.asked.value: one for one in told}, script, time, source


def with_sources(sources: dict[str, Any]) -> Settings:
    return msgspec.convert({"sources": sources}, Settings)


def outcomes(told: dict[str, Told]) -> dict[str, Outcome]:
    return {value: one.outcome for value, one in told.items()}
