"""How is a gateway opened for each configured source?"""

from __future__ import annotations

import functools
import importlib.metadata
import re
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from urllib.parse import urlsplit

import httpx

from enrich import settings as configured
from enrich.errors import ConfigError
from enrich.network.http import Gateway
from enrich.network.pace import Pace
from enrich.network.surroundings import SURROUNDINGS, Surroundings
from enrich.settings import Settings
from enrich.sources import Opened
from enrich.sources.acl_anthology import AclAnthology
from enrich.sources.arxiv import Arxiv
from enrich.sources.oai import Oai
from enrich.sources.openreview import OpenReview
from enrich.sources.semantic_scholar import SemanticScholar

GAP = 1.0
"""Seconds between requests to a server of files, for which no pace is configured."""

# Gaps of a pace that a 429 without a time costs first, growing from there: about a minute at
# arXiv and OpenReview, whose limits are windows of minutes; seconds at Semantic Scholar's pool.
_COOLDOWN = {"arxiv": 20.0, "openreview": 3.0}

_LOOPBACK: dict[str, None] = dict.fromkeys(("all://localhost", "all://127.0.0.1", "all://[::1]"))
"""This machine is never asked through a proxy, whatever the environment says."""


async def opened(
    stack: AsyncExitStack,
    settings: Settings,
    environ: Mapping[str, str],
    around: Surroundings,
    transport: httpx.AsyncBaseTransport | None,
) -> Opened:
    """The enabled sources; their connections close with the stack."""

    async def gateway(name: str, source: configured.Source, gap: float, *urls: str) -> Gateway:
        return await stack.enter_async_context(
            open_gateway(
                name,
                settings,
                *urls,
                source=source,
                gap=gap,
                exclusive=name == "arxiv",
                around=around,
                transport=transport,
            )
        )

    found, wanted = Opened(), settings.sources
    if (arxiv := wanted.arxiv).enabled:
        hosts = (arxiv.base_url, arxiv.oai_url)
        door = await gateway("arxiv", arxiv, arxiv.seconds_per_request, *hosts)
        found.sources["arxiv"] = Arxiv(door, arxiv.base_url, arxiv.batch_size)
        found.oai = Oai(door, arxiv.oai_url)
    if (s2 := wanted.semantic_scholar).enabled:
        door = await gateway("semantic_scholar", s2, s2.seconds_per_request, s2.base_url)
        key = secret(environ, s2.api_key_env)
        found.sources["semantic_scholar"] = SemanticScholar(door, s2.base_url, s2.batch_size, key)
    if (review := wanted.openreview).enabled:
        hosts = (review.base_url_v2, review.base_url_v1)
        door = await gateway("openreview", review, review.seconds_per_request, *hosts)
        login = (
            environ.get(review.username_env, ""),
            environ.get(review.password_env, ""),
        )
        found.sources["openreview"] = OpenReview(door, review, login)
    if (acl := wanted.acl_anthology).enabled:
        found.anthology = AclAnthology(
            await gateway("acl_anthology", acl, GAP, acl.base_url), acl.base_url
        )
    return found


@asynccontextmanager
async def open_gateway(
    name: str,
    settings: Settings,
    *urls: str,
    source: configured.Source | None = None,
    gap: float = GAP,
    exclusive: bool = False,
    is_home: bool = True,
    around: Surroundings = SURROUNDINGS,
    transport: httpx.AsyncBaseTransport | None = None,
) -> AsyncIterator[Gateway]:
    """A gateway to the hosts of the configured `urls`, also for a list that is given by one.

    `is_home`: whether they may redirect; what tells somebody something goes there or nowhere.
    Raises ConfigError for what looks like an address and is none: `http://[::1`, port 99999.
    """
    if not all(map(is_address, urls)):
        raise ConfigError(f"{name}: has an address that no host can have")
    source, provider = source or configured.Source(), _provider(name, urls[0])
    client = httpx.AsyncClient(
        headers={
            "User-Agent": user_agent(settings.http.contact),
            "Accept-Encoding": "gzip",
        },
        verify=_encryption(),
        limits=httpx.Limits(max_connections=1 if exclusive else 10),
        mounts=_LOOPBACK,
        transport=transport,
    )
    async with client:
        yield Gateway(
            name,
            client,
            Pace(
                gap,
                exclusive=exclusive,
                clock=around.clock,
                sleep=around.sleep,
                slot=around.slot(provider),
            ),
            attempts=source.attempts,
            timeout=source.timeout,
            cooldown=_COOLDOWN.get(name, 5.0),
            home={urlsplit(url).hostname or "" for url in urls if is_home},
            around=around,
            breaker=around.breaker(provider),
        )


def is_address(url: str) -> bool:
    """Whether a request can be made to it: three packages read it, and each has its own errors."""
    try:
        parts = urlsplit(url)
        return bool(httpx.URL(url).host and parts.hostname) and parts.port != 0
    except (httpx.InvalidURL, ValueError):
        return False


def _provider(name: str, url: str) -> str:
    """Whose pace it is: a source at its first host, so that a mirror has a pace of its own."""
    address = urlsplit(url)
    return f"{name}-{address.hostname}-{address.port or address.scheme}"


def user_agent(contact: str) -> str:
    """Who asks: the providers want a way to reach whoever runs this (upstream-apis section 2)."""
    try:
        version = importlib.metadata.version("papertide")
    except importlib.metadata.PackageNotFoundError:
        version = "0"
    reachable = re.sub(r"[^\x21-\x7e]+", " ", contact).strip()
    return f"Papertide/{version} (+{reachable})" if reachable else f"Papertide/{version}"


def secret(environ: Mapping[str, str], name: str) -> str | None:
    """A key from the environment, fit for a header; None where there is none."""
    value = environ.get(name, "").strip()
    if not re.fullmatch(r"[\x21-\x7e]*", value):
        raise ConfigError(f"{name} holds characters that no HTTP header can carry; set it again")
    return value or None


@functools.cache
def _encryption() -> ssl.SSLContext:
    # Reading the certificates takes longer than a request on loopback: once for all clients.
    return httpx.create_ssl_context()
