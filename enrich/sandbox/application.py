"""All four services behind one ASGI application: limits first, then faults, then the answer."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.types import Receive, Scope, Send

from enrich import configuration
from enrich.sandbox import oai, openreview, spoil
from enrich.sandbox.acl_anthology import AclAnthology
from enrich.sandbox.arxiv import Arxiv
from enrich.sandbox.faults import ALL, Faults
from enrich.sandbox.limits import PUBLISHED, Gate, Limits, Violation, Window
from enrich.sandbox.semantic_scholar import SemanticScholar
from enrich.sandbox.stats import ServiceStats
from enrich.sandbox.transmission import SIMULATED, asked, transmit
from enrich.sandbox.wire import Ask, Handler, Reply, html_reply
from enrich.sandbox.world import World


class Desk:
    """Where requests to the four services arrive, are judged and counted.

    `pace` multiplies the limits' times, 0 lifts them. `clock` is in seconds and measures limits;
    dates come from `PAPERTIDE_NOW` in `environ`, or the wall clock.
    """

    def __init__(
        self,
        world: World,
        *,
        pace: float = 1.0,
        faults: str = "",
        environ: Mapping[str, str] = os.environ,
        limits: Limits = PUBLISHED,
        oai_page: int = oai.PAGE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._environ, self._clock = environ, clock
        self._openreview = openreview.OpenReview(world)
        arxiv = Arxiv(world, self._now)
        harvest = oai.Oai(world, self._now, oai_page)
        self._finders: dict[str, Callable[[str, str], tuple[str, Handler] | None]] = {
            "arxiv": lambda method, path: arxiv.find(method, path) or harvest.find(method, path),
            "semantic_scholar": SemanticScholar(world, self._now).find,
            "openreview": self._openreview.find,
            "acl_anthology": AclAnthology(world).find,
        }
        allowed = limits.scaled(pace)
        self._gates = {name: Gate() for name in ALL}
        self._gates["arxiv"] = Gate(allowed.arxiv_gap, at_once=1)
        self._gates["semantic_scholar"] = Gate(allowed.semantic_scholar_gap)
        self._window = Window(allowed.openreview_requests, allowed.openreview_window)
        self._faults = Faults(faults)
        self._stats = {name: ServiceStats() for name in ALL}
        self.app = Starlette(
            routes=[
                Route("/_stats", self._show, methods=["GET"]),
                Route("/_stats/reset", self._forget, methods=["POST"]),
                Mount("/", app=self._serve),
            ]
        )

    def fail(self, faults: str) -> None:
        """Serve these faults from now on, and no others."""
        self._faults = Faults(faults)

    def stats(self) -> dict[str, Any]:
        """What each service was asked and how it went."""
        return {name: self._stats[name].report(self._gates[name]) for name in ALL}

    def reset(self) -> None:
        """Set all counts to nothing; limits and faults go on as they were."""
        for name in ALL:
            self._stats[name] = ServiceStats()
            self._gates[name].forget()

    def _now(self) -> datetime:
        return configuration.now(self._environ)

    async def _show(self, request: Request) -> Response:
        return JSONResponse(self.stats(), headers=SIMULATED)

    async def _forget(self, request: Request) -> Response:
        self.reset()
        return JSONResponse(self.stats(), headers=SIMULATED)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request to one of the services, from its first byte to the last of the answer."""
        service, _, path = scope["path"].lstrip("/").partition("/")
        if service not in ALL:
            await transmit(html_reply(404, "Not Found"), self._now(), receive, send)
            return
        gate, stats = self._gates[service], self._stats[service]
        violation = gate.enter(self._clock())
        try:
            found = self._finders[service](scope["method"], path)
            endpoint, handler = found or ("unknown", _unknown)
            stats.endpoints[endpoint] += 1
            ask = await asked(scope, receive, path)
            if service == "openreview" and violation is None and not endpoint.endswith("login"):
                violation = self._counted(ask)
            if violation is not None:
                stats.violations[violation.kind] += 1
                reply = self._refused(service, violation)
            else:
                reply = await self._answered(service, endpoint, handler, ask)
            stats.statuses[str(reply.status)] += 1
            if reply.status == 301:
                gate.excuse()
            await transmit(reply, self._now(), receive, send)
        except ClientDisconnect:
            stats.statuses["gone"] += 1
        finally:
            gate.leave()

    async def _answered(self, service: str, endpoint: str, handler: Handler, ask: Ask) -> Reply:
        stats = self._stats[service]
        fault = self._faults.draw(service, endpoint)
        if fault is None:
            reply = await asyncio.to_thread(handler, ask)
            stats.asked.update(reply.asked)
            return reply
        stats.faults[fault.kind] += 1
        made = spoil.instead(fault, service, ask.url, self._now())
        if made is not None:
            return made
        reply = await asyncio.to_thread(handler, ask._replace(fault=fault))
        return spoil.changed(fault, reply)

    def _counted(self, ask: Ask) -> Violation | None:
        """Count a request of a signed-in user; guests are refused anyway."""
        account = self._openreview.account(ask)
        return self._window.enter(account, self._clock()) if account else None

    def _refused(self, service: str, violation: Violation) -> Reply:
        if violation.kind != "window":
            return spoil.too_many(service)
        reset = self._now() + timedelta(seconds=violation.wait)
        limit = self._window.requests
        return openreview.rate_limited(limit, violation.used, reset, violation.wait)


def app(
    world: World,
    *,
    pace: float = 1.0,
    faults: str = "",
    environ: Mapping[str, str] = os.environ,
) -> Starlette:
    """The sandbox as an ASGI application, for clients that need no port."""
    return Desk(world, pace=pace, faults=faults, environ=environ).app


def _unknown(ask: Ask) -> Reply:
    return html_reply(404, "Not Found")
