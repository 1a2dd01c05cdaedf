"""The gateway: pace, patience, the breaker, bounds, redirects, downloads, secrets."""

from __future__ import annotations

import asyncio
import gzip
import itertools
import logging
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from enrich.errors import Absent, Busy, Refused, SourceError
from enrich.model import SourceState
from enrich.network.download import PIECE, UnfitError, pieces
from enrich.network.http import Gateway
from enrich.network.pace import Pace
from enrich.network.redirect import addresses
from enrich.network.replies import cause
from enrich.sources.lists import fetch
from enrich.sources.opening import user_agent
from tests.network import HOST, Answer, Script, Time, loopback, open_gateway, reply

REFUSED = httpx.ConnectError("[Errno 111] refused")
HANG = httpx.ReadTimeout("")


def run(
    use: Callable[[Gateway, Script, Time], Any], *answers: Answer, **options: Any
) -> tuple[Any, Script, Time, Gateway]:
    """The result of `use` (or its error) with everything it left behind."""
    time = Time()
    script = Script(time, *answers)

    async def main() -> tuple[Any, Gateway]:
        async with open_gateway(script, time, **options) as gateway:
            try:
                return await use(gateway, script, time), gateway
            except SourceError as error:
                return error, gateway

    result, gateway = asyncio.run(main())
    return result, script, time, gateway


async def get(gateway: Gateway, script: Script, time: Time) -> Any:
    return await gateway.send("GET", f"{HOST}/x")


@pytest.mark.parametrize(
    ("answers", "outcome", "requests", "waited"),
    [
        pytest.param([reply()], None, 1, 0, id="first try"),
        pytest.param([reply(429, retry_after="7"), reply()], None, 2, 7, id="waits as asked"),
        pytest.param(
            [reply(503, retry_after="Sat, 21 Nov 2026 00:02:00 GMT"), reply()],
            None,
            2,
            120,
            id="waits until a date",
        ),
        pytest.param(
            [reply(503, retry_after="Fri, 20 Nov 2026 00:00:00 GMT"), reply()],
            None,
            2,
            1,
            id="a date that has passed is no wait",
        ),
        pytest.param(
            [reply(503, retry_after="soon"), reply()], None, 2, 1, id="an unreadable Retry-After"
        ),
        pytest.param([reply(429), reply()], None, 2, 5, id="cools down without a hint"),
        pytest.param([reply(429), reply(429), reply()], None, 3, 15, id="cools down growing"),
        pytest.param([reply(500), reply(502), reply(504), reply()], None, 4, 7, id="backs off"),
        pytest.param([reply(503)], Busy, 4, 7, id="gives up after the attempts"),
        pytest.param([reply(429, retry_after="301")], Busy, 1, 0, id="too long is for another run"),
        pytest.param([reply(429, retry_after="9" * 40)], Busy, 1, 0, id="an absurd Retry-After"),
        pytest.param([reply(404)], Absent, 1, 0, id="unknown is not retried"),
        pytest.param([reply(410)], Absent, 1, 0, id="gone is not retried"),
        pytest.param([reply(400)], Refused, 1, 0, id="400 is not retried"),
        pytest.param([reply(403)], Refused, 1, 0, id="403 is not retried"),
        pytest.param([reply(414)], Refused, 1, 0, id="414 is not retried"),
        pytest.param([reply(599)], Refused, 1, 0, id="an unknown status is not retried"),
        pytest.param([HANG, reply()], None, 2, 1, id="a hang is retried"),
        pytest.param(
            [httpx.RemoteProtocolError("cut"), reply()], None, 2, 1, id="a cut body is retried"
        ),
        pytest.param([REFUSED, reply()], None, 2, 1, id="a refused connection is retried"),
    ],
)
def test_patience(
    answers: list[Answer], outcome: type[SourceError] | None, requests: int, waited: float
) -> None:
    result, script, time, gateway = run(get, *answers)
    assert isinstance(result, outcome or object)
    assert not isinstance(result, SourceError) or outcome
    assert len(script.asked) == gateway.tally.requests == requests
    assert gateway.tally.retries == requests - 1
    assert time.now == waited
    assert gateway.tally.failures == (outcome in (Busy, Refused))


def test_every_attempt_takes_a_turn_and_posts_are_retried() -> None:
    async def use(gateway: Gateway, script: Script, time: Time) -> None:
        await gateway.send("POST", f"{HOST}/x", json={"ids": [1]})

    _, script, _, _ = run(use, reply(500), reply(500), reply(), gap=10.0)
    assert script.starts == [0, 10, 30]
    assert [request.content for request in script.asked] == [b'{"ids":[1]}'] * 3


def test_429_holds_everybody() -> None:
    async def use(gateway: Gateway, script: Script, time: Time) -> None:
        await asyncio.gather(*(get(gateway, script, time) for _ in range(3)))

    _, script, _, gateway = run(use, reply(429, retry_after="60"), reply())
    assert script.starts == [0, 60, 61, 62]
    assert gateway.tally.rate_limited == 1
    assert gateway.state is SourceState.OK


def test_row_28_two_workers_one_provider() -> None:
    async def use(gateway: Gateway, script: Script, time: Time) -> None:
        async def worker() -> None:
            for _ in range(5):
                await get(gateway, script, time)

        await asyncio.gather(worker(), worker())

    _, script, _, _ = run(use, reply(), gap=3.0)
    assert script.starts == [3.0 * n for n in range(10)]


def test_an_exclusive_pace_keeps_one_request_at_a_time() -> None:
    time, open_now, most = Time(), 0, 0

    async def one(pace: Pace) -> None:
        nonlocal open_now, most
        async with pace.turn():
            open_now += 1
            most = max(most, open_now)
            await asyncio.sleep(0)
            time.now += 10  # a slow answer: the next may start as soon as this one is over
            open_now -= 1

    async def main() -> None:
        pace = Pace(3.0, exclusive=True, clock=lambda: time.now, sleep=time.sleep)
        await asyncio.gather(*(one(pace) for _ in range(3)))

    asyncio.run(main())
    assert (most, time.slept) == (1, [])


def test_a_hold_moves_those_who_wait_already() -> None:
    async def main() -> float:
        clock = [0.0]

        async def sleep(seconds: float) -> None:
            if clock[0] == 0:
                pace.hold(50)
            clock[0] += seconds

        pace = Pace(3.0, clock=lambda: clock[0], sleep=sleep)
        for _ in range(2):
            async with pace.turn() as start:
                pass
        return start

    assert asyncio.run(main()) == 50


def test_a_cancelled_wait_frees_its_place() -> None:
    async def main() -> None:
        time = Time()

        async def forever(_: float) -> None:
            await asyncio.sleep(3600)

        pace = Pace(3.0, clock=lambda: time.now, sleep=forever)
        async with pace.turn():
            pass
        waiting = asyncio.create_task(pace.turn().__aenter__())
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        time.now = 3
        async with asyncio.timeout(1), pace.turn():
            pass

    asyncio.run(main())


@pytest.mark.parametrize(
    ("answers", "sends", "requests", "state", "trouble"),
    [
        pytest.param(
            [REFUSED],
            3,
            2,
            SourceState.DOWN,
            "api.example could not be reached (the connection failed)",
            id="never reached: two attempts in the whole run",
        ),
        pytest.param(
            [HANG],
            2,
            2,
            SourceState.DOWN,
            "api.example did not answer in time",
            id="never answered: two attempts in the whole run",
        ),
        pytest.param(
            [reply(), REFUSED],
            5,
            13,
            SourceState.DOWN,
            "api.example could not be reached (the connection failed)",
            id="answered once: three exhausted requests",
        ),
        pytest.param(
            [reply(503)],
            5,
            12,
            SourceState.DOWN,
            "api.example answered 503 (Service Unavailable)",
            id="only errors: three exhausted requests",
        ),
        pytest.param(
            [reply(400), reply(400), reply()],
            5,
            5,
            SourceState.DEGRADED,
            "api.example answered 400 (Bad Request)",
            id="some failures",
        ),
        pytest.param([reply(404)], 5, 5, SourceState.OK, None, id="misses are answers"),
        pytest.param(
            [reply(429, retry_after="1800")],
            3,
            1,
            SourceState.DOWN,
            "api.example answered 429 (Too Many Requests), and asked us to wait 30 minutes",
            id="a wait that is too long",
        ),
    ],
)
def test_breaker(
    answers: list[Answer], sends: int, requests: int, state: SourceState, trouble: str | None
) -> None:
    async def use(gateway: Gateway, script: Script, time: Time) -> None:
        for _ in range(sends):
            try:
                await get(gateway, script, time)
            except (Busy, Refused, Absent) as error:
                last = str(error)
        if gateway.state is SourceState.DOWN:
            assert last == gateway.trouble

    _, script, _, gateway = run(use, *answers)
    assert len(script.asked) == requests
    assert gateway.state is state
    assert gateway.trouble == trouble


def test_many_waiting_for_a_dead_provider_end_with_it() -> None:
    async def use(gateway: Gateway, script: Script, time: Time) -> list[Any]:
        sends = (get(gateway, script, time) for _ in range(20))
        return await asyncio.gather(*sends, return_exceptions=True)

    errors, script, time, _ = run(use, REFUSED, gap=20.0)
    assert len(script.asked) == 2
    assert all(isinstance(error, Busy) for error in errors)
    assert time.now <= 2, "a slot that reached nobody is given back"


def test_connection_refused_is_named_and_quick() -> None:
    time = Time()
    around = time.around()

    async def main() -> Gateway:
        pace = Pace(20.0, clock=around.clock, sleep=around.sleep)
        async with httpx.AsyncClient() as client:
            gateway = Gateway("x", client, pace, attempts=4, timeout=30, around=around)
            with pytest.raises(Busy):
                await gateway.send("GET", "http://127.0.0.1:9/")
            return gateway

    gateway = asyncio.run(main())
    assert gateway.trouble == "127.0.0.1 could not be reached (connection refused)"
    assert (gateway.tally.requests, time.now) == (2, 1), "soon, whatever the pace"


def test_row_27_hang_without_bytes() -> None:
    """A server that accepts and says nothing: timeout, retry, and the slot is free again."""

    async def main() -> tuple[Gateway, int]:
        visits = 0

        async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal visits
            visits += 1
            if visits > 1:
                await reader.readuntil(b"\r\n\r\n")
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            await reader.read()

        async with loopback(silent) as url:
            async with httpx.AsyncClient() as client:
                gateway = Gateway(
                    "x",
                    client,
                    Pace(0.0, exclusive=True),
                    attempts=3,
                    timeout=0.1,
                    around=Time().around(),
                )
                result = await gateway.send("GET", url)
            assert result.content == b"ok"
            return gateway, visits

    gateway, visits = asyncio.run(main())
    assert (visits, gateway.tally.retries, gateway.state) == (2, 1, SourceState.OK)


def test_a_drip_of_bytes_ends_too() -> None:
    async def main() -> str:
        async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
            while not writer.is_closing():
                writer.write(b".")
                await asyncio.sleep(0.01)

        async with loopback(drip) as url:
            async with httpx.AsyncClient() as client:
                gateway = Gateway("x", client, Pace(0.0), attempts=1, timeout=0.03)
                with pytest.raises(Busy) as caught:
                    await gateway.send("GET", url)
            return str(caught.value)

    assert asyncio.run(main()) == "127.0.0.1 did not answer in time"


def test_a_body_shorter_than_announced_is_no_answer() -> None:
    async def main() -> str:
        async def cut(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<feed>")
            await writer.drain()

        async with loopback(cut) as url:
            async with httpx.AsyncClient() as client:
                gateway = Gateway("x", client, Pace(0.0), attempts=1, timeout=5)
                with pytest.raises(Busy) as caught:
                    await gateway.send("GET", url)
            return str(caught.value)

    assert asyncio.run(main()) == "127.0.0.1 broke off its answer"


def packed(body: bytes, encoding: str) -> httpx.Response:
    """A body as it comes over the wire."""
    headers = {"content-encoding": encoding}
    return httpx.Response(200, headers=headers, stream=httpx.ByteStream(body))


@pytest.mark.parametrize(
    ("body", "encoding", "unpacked"),
    [
        pytest.param(gzip.compress(b"# List"), "gzip", b"# List", id="whole"),
        pytest.param(gzip.compress(b"# List"), "x-gzip", b"# List", id="by its old name"),
        pytest.param(gzip.compress(b"x" * 3_000_000), "gzip", b"x" * 3_000_000, id="in parts"),
        pytest.param(gzip.compress(b"# List") + b"trailer", "gzip", b"# List", id="more behind it"),
        pytest.param(b"", "gzip", b"", id="nothing at all"),
        pytest.param(gzip.compress(b"# List")[:-9], "gzip", Busy, id="cut off"),
        pytest.param(gzip.compress(b"# List")[:-4], "gzip", Busy, id="without its length"),
        pytest.param(b"# List", "gzip", Busy, id="not packed"),
    ],
)
def test_what_is_packed_is_whole_or_no_answer(body: bytes, encoding: str, unpacked: Any) -> None:
    """A list has no end of its own: cut off, it would be a list of fewer papers."""
    result, *_ = run(get, lambda _: packed(body, encoding))
    if isinstance(unpacked, bytes):
        assert result.content == unpacked
    else:
        assert str(result) == "api.example broke off its answer"


def test_a_bomb_is_unpacked_in_parts() -> None:
    async def sizes() -> list[int]:
        return [
            len(piece) async for piece in pieces(packed(gzip.compress(b"0" * (9 << 20)), "gzip"))
        ]

    assert max(asyncio.run(sizes())) <= PIECE


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        pytest.param(b"x" * 2000, "identity", id="too long"),
        pytest.param(gzip.compress(b"x" * 2000), "gzip", id="unpacked"),
    ],
)
def test_bounded_bodies(body: bytes, encoding: str) -> None:
    async def use(gateway: Gateway, script: Script, time: Time) -> None:
        await gateway.send("GET", f"{HOST}/x", max_bytes=1000)

    result, script, _, _ = run(use, lambda _: packed(body, encoding))
    assert isinstance(result, Refused)
    assert len(script.asked) == 1


@pytest.mark.parametrize(
    ("method", "location", "addresses", "says"),
    [
        pytest.param("GET", "/y", (), None, id="same host"),
        pytest.param("POST", "/y", (), None, id="a body to the same host"),
        pytest.param("GET", "https://other.example/y", ("93.184.216.34",), None, id="other host"),
        pytest.param(
            "POST", "https://other.example/y", ("93.184.216.34",), "body", id="a body elsewhere"
        ),
        pytest.param("GET", "http://api.example/y", (), "https to http", id="downgrade"),
        pytest.param("GET", "https://localhost/y", (), "this machine", id="localhost"),
        pytest.param("GET", "https://x.example/y", ("127.0.0.1",), "private", id="loopback"),
        pytest.param("GET", "https://x.example/y", ("10.1.2.3",), "private", id="private"),
        pytest.param("GET", "https://x.example/y", ("169.254.169.254",), "private", id="metadata"),
        pytest.param("GET", "https://x.example/y", ("fe80::1%eth0",), "private", id="with a zone"),
        pytest.param(
            "GET", "https://x.example/y", ("93.184.216.34", "::1"), "private", id="one of two"
        ),
        *(
            pytest.param("GET", "https://x.example/y", (address,), "private", id=name)
            for name, address in {
                "mapped": "::ffff:10.0.0.1",
                "mapped loopback": "::ffff:127.0.0.1",
                "IPv6 loopback": "::1",
                "unique local": "fc00::1",
                "unique local, as clouds use it": "fd00:ec2::254",
                "site-local": "fec0::1",
                "link-local": "fe80::1",
                "translated loopback": "64:ff9b::7f00:1",
                "translated metadata": "64:ff9b::a9fe:a9fe",
                "locally translated": "64:ff9b:1::7f00:1",
                "compatible": "::7f00:1",
                "6to4": "2002:7f00:1::",
                "nowhere": "0.0.0.0",
                "shared by a carrier": "100.64.0.1",
                "multicast": "224.0.0.1",
                "IPv6 multicast": "ff02::1",
            }.items()
        ),
        pytest.param("GET", "https://x.example/y", ("64:ff9b::5db8:d822",), None, id="translated"),
        pytest.param("GET", "https://x.example/y", ("2606:2800:220:1::1",), None, id="IPv6"),
        pytest.param("GET", "https://169.254.169.254/", ("169.254.169.254",), "private", id="bare"),
        pytest.param("GET", "https://2130706433/", ("127.0.0.1",), "private", id="one number"),
        pytest.param("GET", "https://a:b@api.example/", (), "no web address", id="credentials"),
        pytest.param("GET", "file:///etc/passwd", (), "no web address", id="another scheme"),
        pytest.param("GET", "https://x.example:99999/", (), "no web address", id="no port"),
    ],
)
def test_redirects(
    method: str, location: str, addresses: tuple[str, ...], says: str | None
) -> None:
    async def use(gateway: Gateway, script: Script, time: Time) -> Any:
        body = {"a": 1} if method == "POST" else None
        headers = {"x-api-key": "secret-key"}
        return await gateway.send(method, f"{HOST}/x", json=body, headers=headers)

    result, script, _, _ = run(use, reply(301, location=location), reply(), addresses=addresses)
    if says:
        assert isinstance(result, Refused)
        assert says in str(result)
        assert len(script.asked) == 1
    else:
        assert result.status == 200
        assert script.starts == [0, 1], "each hop takes a turn"
        assert script.asked[0].content == script.asked[1].content
        same = script.asked[1].url.host == "api.example"
        assert ("x-api-key" in script.asked[1].headers) is same


def test_a_redirect_to_a_configured_address_is_followed() -> None:
    """Also to this machine: the user said so."""

    async def use(gateway: Gateway, script: Script, time: Time) -> Any:
        return await gateway.send("GET", "http://localhost:1/x")

    location = "http://127.0.0.1:2/y"
    home = ("localhost", "127.0.0.1")
    assert run(use, reply(301, location=location), reply(), home=home)[0].status == 200
    strange = {"home": home[:1], "addresses": ("127.0.0.1",)}
    assert isinstance(run(use, reply(301, location=location), reply(), **strange)[0], Refused)
    # Without a home of its own it goes nowhere, not even to itself.
    assert isinstance(run(use, reply(301, location="/y"), reply(), home=())[0], Refused)


@pytest.mark.parametrize(
    "location",
    [
        "javascript:alert(1)",
        "https://xn--/",
        "https://[::1/",
        "//",
        "",
        "https://" + "a" * 300 + "/",
        "https://a" + ".a" * 40_000,
        "?" * 70_000,
        "gopher://x.example/",
        "https://x.example:port/",
        "https://\x00/",
    ],
)
def test_a_location_that_is_none_is_no_fault_of_ours(location: str) -> None:
    result, script, _, _ = run(get, reply(302, location=location), reply())
    assert isinstance(result, SourceError) or str(script.asked[1].url).startswith("https://")


@pytest.mark.parametrize("encoding", ["gzip, gzip", "gzip,gzip", "deflate", "br", "x-unknown"])
def test_what_is_packed_otherwise_than_asked_is_not_unpacked(encoding: str) -> None:
    """A bomb in a bomb is gigabytes after its first piece."""

    class Untouched(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            raise AssertionError
            yield b""

    def packed(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers={"content-encoding": encoding}, stream=Untouched())

    result, script, _, _ = run(get, packed)
    assert isinstance(result, Refused)
    assert len(script.asked) == 1


def test_row_9_http_to_https_keeps_the_form() -> None:
    async def use(gateway: Gateway, script: Script, time: Time) -> Any:
        return await gateway.send("POST", "http://api.example/q", form={"id_list": "1"})

    result, script, _, _ = run(use, reply(301, location="https://api.example/q"), reply())
    assert result.status == 200
    assert [r.method for r in script.asked] == ["POST", "POST"]
    assert script.asked[1].content == b"id_list=1"
    assert script.asked[1].headers["content-type"] == "application/x-www-form-urlencoded"


def test_redirects_in_a_circle_end() -> None:
    result, script, _, _ = run(get, reply(302, location="/x"))
    assert isinstance(result, Refused)
    assert len(script.asked) == 6


def test_secrets_stay_out_of_every_text(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    key = "s3cr3t\nkey"

    async def use(gateway: Gateway, script: Script, time: Time) -> None:
        await gateway.send("GET", f"{HOST}/x", headers={"x-api-key": key})

    error = httpx.LocalProtocolError(f"Illegal header value {key!r}")
    result, _, _, gateway = run(use, error)
    seen = [repr(result), str(result), gateway.trouble, repr(gateway.__dict__), caplog.text]
    assert isinstance(result, Busy)
    assert result.__cause__ is None
    assert result.__suppress_context__
    assert not any("s3cr3t" in text for text in seen if text)


def test_simulated_answers_are_marked() -> None:
    assert run(get, reply(200, x_papertide_simulated="1"))[3].tally.simulated
    assert not run(get, reply())[3].tally.simulated


def test_cancelling_passes_at_once() -> None:
    async def use(gateway: Gateway, script: Script, time: Time) -> None:
        async def cancel(request: httpx.Request) -> httpx.Response:
            await asyncio.sleep(3600)
            raise AssertionError

        script.handle_async_request = cancel  # type: ignore[method-assign]
        task = asyncio.create_task(get(gateway, script, time))
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert gateway.tally.retries == 0

    run(use, reply())


@pytest.mark.parametrize(
    ("contact", "agent"),
    [
        pytest.param("a@b.example", "(+a@b.example)", id="contact"),
        pytest.param("Zoë\r\nX-Evil: 1", "(+Zo X-Evil: 1)", id="no header injection"),
    ],
)
def test_user_agent(contact: str, agent: str) -> None:
    assert user_agent(contact).startswith("Papertide/")
    assert user_agent(contact).endswith(agent)
    assert "+" not in user_agent("")


OLD, NEW = b"old", b"new"


@pytest.mark.parametrize(
    ("answers", "changed", "content"),
    [
        pytest.param([reply(200, NEW, etag='"2"')], True, NEW, id="new"),
        pytest.param([reply(304)], False, OLD, id="unchanged"),
        pytest.param([reply(503), reply(200, NEW)], True, NEW, id="retried"),
        pytest.param([reply(200, b"<html>")], None, OLD, id="unfit keeps the old"),
        pytest.param([reply(200, NEW * 1000)], None, OLD, id="too large keeps the old"),
        pytest.param([reply(404)], None, OLD, id="gone keeps the old"),
        pytest.param([reply(204)], None, OLD, id="no content keeps the old"),
    ],
)
def test_download(
    answers: list[Answer], changed: bool | None, content: bytes, tmp_path: Path
) -> None:
    to = tmp_path / "file.gz"
    to.write_bytes(OLD)

    def verify(draft: Path) -> None:
        if draft.read_bytes().startswith(b"<"):
            raise UnfitError("a page")

    async def use(gateway: Gateway, script: Script, time: Time) -> Any:
        return await gateway.download(
            f"{HOST}/f",
            to,
            etag='"1"',
            last_modified="Fri, 20 Nov 2026 03:30:00 GMT",
            max_bytes=1000,
            verify=verify,
        )

    result, script, _, _ = run(use, *answers)
    assert script.asked[0].headers["if-none-match"] == '"1"'
    assert to.read_bytes() == content
    assert [path.name for path in tmp_path.iterdir()] == ["file.gz"]
    if changed is None:
        assert isinstance(result, SourceError)
    else:
        assert result.changed is changed
        assert result.etag == (answers[-1].headers.get("etag") if changed else '"1"')  # type: ignore[union-attr]


def test_a_download_without_a_copy_is_unconditional(tmp_path: Path) -> None:
    async def use(gateway: Gateway, script: Script, time: Time) -> Any:
        to = tmp_path / "new"
        return await gateway.download(
            f"{HOST}/f", to, etag='"1"', last_modified=None, max_bytes=1000
        )

    result, script, _, _ = run(use, reply(200, NEW, last_modified="today"))
    assert "if-none-match" not in script.asked[0].headers
    assert result == (True, None, "today")


def test_an_unasked_304_is_no_file(tmp_path: Path) -> None:
    async def use(gateway: Gateway, script: Script, time: Time) -> Any:
        to = tmp_path / "new"
        return await gateway.download(
            f"{HOST}/f", to, etag='"1"', last_modified=None, max_bytes=1000
        )

    assert isinstance(run(use, reply(304))[0], Busy)


@pytest.mark.parametrize(
    ("answered", "data"),
    [
        pytest.param(reply(200, "# List", etag='"2"'), b"# List", id="changed"),
        pytest.param(reply(304), None, id="unchanged"),
        pytest.param(reply(200, "x" * 101), Refused, id="too large"),
        pytest.param(reply(404), Absent, id="gone"),
        pytest.param(reply(206, "# Li"), Busy, id="a part"),
        pytest.param(reply(204), Busy, id="no content"),
    ],
)
def test_lists_by_address(answered: httpx.Response, data: Any) -> None:
    async def use(gateway: Gateway, script: Script, time: Time) -> Any:
        return await fetch(gateway, f"{HOST}/list.md", '"1"', None, 100)

    result, script, _, _ = run(use, answered)
    assert script.asked[0].headers["if-none-match"] == '"1"'
    if isinstance(data, type):
        assert isinstance(result, data)
    else:
        assert result == (data, '"2"' if data else '"1"', None)


def caused(*errors: BaseException) -> BaseException:
    """The first error, caused by the second, caused by the third."""
    for outer, inner in itertools.pairwise(errors):
        outer.__cause__ = inner
    return errors[0]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        pytest.param(
            caused(httpx.ConnectError("x"), socket.gaierror(-2, "x")), "name", id="no such name"
        ),
        pytest.param(
            caused(httpx.ConnectError("x"), OSError(), ConnectionRefusedError()),
            "refused",
            id="refused",
        ),
        pytest.param(
            caused(httpx.ConnectError("x"), ExceptionGroup("", [ConnectionRefusedError()])),
            "refused",
            id="refused at every address",
        ),
        pytest.param(
            caused(httpx.ConnectError("x"), ssl.SSLCertVerificationError()), "certificate", id="TLS"
        ),
        pytest.param(caused(httpx.ConnectTimeout(""), TimeoutError()), "too long", id="timeout"),
        pytest.param(httpx.ConnectError("secret"), "the connection failed", id="unknown"),
    ],
)
def test_causes_are_said_in_words(error: BaseException, words: str) -> None:
    assert words in cause(error)
    assert "secret" not in cause(error)


def test_addresses_of_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> object:
        raise socket.gaierror(-2, "Name or service not known")

    assert "127.0.0.1" in asyncio.run(addresses("127.0.0.1"))
    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert asyncio.run(addresses("localhost")) == ()
