"""The address that is told of failed runs: asked nothing, trusted with nothing, never named."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx

from enrich.errors import ConfigError, SourceError
from enrich.network.surroundings import SURROUNDINGS, Surroundings
from enrich.settings import ADDRESS, Settings, Source
from enrich.sources.opening import is_address, open_gateway

LONGEST = 8.0
"""Seconds that telling may take in all: a run does not wait for a webhook."""
ONCE = Source(timeout=3.0, attempts=2)
LARGEST_ANSWER = 100_000


def address(environ: Mapping[str, str], name: str) -> str | None:
    """The address that a variable holds, if it holds one.

    Raises:
        ConfigError: it holds something else, which is not repeated.
    """
    url = environ.get(name, "").strip()
    if url and not (re.fullmatch(ADDRESS, url) and url.isprintable() and is_address(url)):
        raise ConfigError(f"{name}: holds no http or https address")
    return url or None


async def post(
    url: str,
    document: Mapping[str, Any],
    settings: Settings,
    *,
    around: Surroundings = SURROUNDINGS,
    transport: httpx.AsyncBaseTransport | None = None,
) -> None:
    """Post a document.

    Raises:
        SourceError: it was not taken; the address, also its host, is left out of the message.
    """
    opening = open_gateway(
        "webhook",
        settings,
        url,
        source=ONCE,
        gap=0.0,
        is_home=False,
        around=around,
        transport=transport,
    )
    try:
        async with asyncio.timeout(LONGEST), opening as gateway:
            await gateway.send("POST", url, json=document, max_bytes=LARGEST_ANSWER)
    except TimeoutError:
        raise SourceError("it took too long") from None
    except SourceError as error:
        host = re.escape(_host(url))
        raise SourceError(re.sub(host, "it", str(error), flags=re.IGNORECASE)) from None


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
