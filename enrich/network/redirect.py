"""May a redirect be followed?"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from typing import Protocol, Self, TypeVar
from urllib.parse import SplitResult, urlsplit

from enrich.errors import Refused

REDIRECTS = frozenset({301, 302, 303, 307, 308})
LONGEST_CHAIN = 5
"""Redirects that one request may go through."""

Resolve = Callable[[str], Awaitable[Sequence[str]]]
"""The addresses of a host name; empty where it has none that we can see."""


async def addresses(host: str) -> Sequence[str]:
    """The addresses that the system knows for a host name."""
    try:
        async with asyncio.timeout(10):
            found = await asyncio.get_running_loop().getaddrinfo(
                host, None, type=socket.SOCK_STREAM
            )
    except (OSError, UnicodeError):
        # Unknown here may still be known to a proxy; unknown to both fails when it is asked.
        return ()
    return [str(address[0]) for *_, address in found]


class Address(Protocol):
    """A parsed URL that can be gone on from; an `httpx.URL`."""

    @property
    def host(self) -> str: ...

    def join(self, location: str) -> Self: ...


A = TypeVar("A", bound=Address)


def beyond(source: A, location: str) -> A:
    """Where a `Location` leads.

    Raises:
        Refused: nowhere; three packages read it, and each has errors of its own.
    """
    try:
        target = source.join(location)
        if target.host is not None and urlsplit(str(target)).username is None:
            return target
    except Exception:
        pass
    raise Refused(f"{source.host} redirected to {NO_ADDRESS}, which was not followed")


NO_ADDRESS = "something that is no web address"


async def objection(
    source: str, target: str, *, home: Collection[str], has_body: bool, resolve: Resolve
) -> str | None:
    """Why not to go from one URL to another, or None; hosts in `home` are always allowed, and
    without a home nothing is.

    Refused are https to http, anything but http(s), this machine and private networks (a public
    server must not make us ask what stands behind our firewall), and a body to another host.
    """
    if not home:
        return "elsewhere"
    old, new = urlsplit(source), urlsplit(target)
    host = (new.hostname or "").rstrip(".")
    if new.scheme not in ("http", "https") or not host or not _has_port(new):
        return f"to {NO_ADDRESS}"
    if (old.scheme, new.scheme) == ("https", "http"):
        return "from https to http"
    if host in home:
        return None
    if has_body and host != old.hostname:
        return "with the request's body to another host"
    if host == "localhost" or host.endswith(".localhost"):
        return "to this machine"
    for address in await resolve(host):
        if not _is_public(ipaddress.ip_address(address.partition("%")[0])):
            return "to a private address"
    return None


def _is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    if isinstance(address, ipaddress.IPv4Address):
        return address.is_global and not address.is_multicast
    if (inner := _inner(address)) is not None:
        return _is_public(inner)
    is_odd = address.is_multicast or address.is_reserved or address.is_site_local
    return address.is_global and not is_odd


def _inner(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that is reached by this one, if one is: it may be this machine's."""
    if address in _TRANSLATED or address in _COMPATIBLE:
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour


_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")
_COMPATIBLE = ipaddress.IPv6Network("::/96")


def _has_port(url: SplitResult) -> bool:
    try:
        return url.port != 0
    except ValueError:
        return False


def portable(headers: Mapping[str, str], *, to_same_host: bool) -> dict[str, str]:
    """The headers of a request that may go with it; keys and tokens stay with their host."""
    allowed = _ANYWHERE | (_SAME_HOST if to_same_host else frozenset())
    return {name: value for name, value in headers.items() if name.lower() in allowed}


_ANYWHERE = frozenset(
    {"accept", "accept-encoding", "user-agent", "if-none-match", "if-modified-since"}
)
_SAME_HOST = frozenset({"authorization", "x-api-key", "content-type", "cookie"})
