"""A small world behind the sandbox's desk, and how tests ask it."""

from __future__ import annotations

import asyncio
import re
from typing import Any
from xml.etree import ElementTree

import httpx

from enrich.sandbox import Desk, World
from enrich.sandbox.world import Paper

ATOM = "{http://www.w3.org/2005/Atom}"
OAI = "{http://www.openarchives.org/OAI/2.0/}"
TODAY = {"PAPERTIDE_NOW": "2026-11-21T02:00:00Z"}

PAPERS = (
    Paper(title="An Invented Title: Of One Kind", authors=("Ada Tidewell",), year=2024,
          arxiv_id="2401.90001", acl_id="2024.acl-long.9001", doi="10.5555/One", work_id=1,
          arxiv_primary_category="cs.CL", venue="Proceedings of Nowhere"),
    Paper(title="An Invented Title", authors=("Bo Marsh", "Çağla Žuk"), year=2023,
          arxiv_id="2302.90002", arxiv_primary_category="stat.ML"),
    Paper(title="Sailing with Small Models", authors=("Eve Müller",), year=2024,
          openreview_id="InvNote002", venue="ICLR 2024", venue_status="Reject"),
    Paper(title="Sailing without Small Models", authors=("Eve Müller",), year=2021,
          openreview_id="InvNote001", venue="ICLR", venue_status="Poster"),
    Paper(title="Old Tides", authors=("C. D. Quay",), year=1999, arxiv_id="hep-th/9901001",
          arxiv_primary_category="hep-th"),
    Paper(title="50% of {BERT} & $\\alpha$ in “R&D”", year=2022, acl_id="2022.lrec-1.9002"),
    Paper(title="A Workshop Tale", year=2024, openreview_id="InvNote003", work_id=1,
          venue="ICLR 2024 Workshops: TIDE"),
    *(Paper(title=f"Tide Table Number {n}", year=2025, arxiv_id=f"2501.9{n:04d}",
            arxiv_primary_category="cs.LG") for n in range(100, 140)),
)  # fmt: skip
WORLD = World.of(PAPERS)


def desk(faults: str = "", **more: Any) -> Desk:
    more = {"pace": 0, "environ": TODAY, **more}
    return Desk(WORLD, faults=faults, **more)


def send(at: Desk, method: str, path: str, **more: Any) -> httpx.Response:
    async def go() -> httpx.Response:
        transport = httpx.ASGITransport(at.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://sandbox") as client:
            return await client.request(method, path, **more)

    return asyncio.run(go())


def arxiv(at: Desk, **params: object) -> httpx.Response:
    return send(at, "GET", "/arxiv/api/query", params={k: str(v) for k, v in params.items()})


def atom_ids(answer: httpx.Response) -> list[str]:
    feed = ElementTree.fromstring(answer.content)
    assert feed.tag == f"{ATOM}feed"
    ids = (entry.findtext(f"{ATOM}id") or "" for entry in feed.iter(f"{ATOM}entry"))
    return [re.sub(r"^http://arxiv.org/abs/|v\d+$", "", told) for told in ids]


def batch(at: Desk, ids: object, fields: str = "title,externalIds") -> httpx.Response:
    path = "/semantic_scholar/graph/v1/paper/batch"
    return send(at, "POST", path, params={"fields": fields}, json={"ids": ids})


def match(at: Desk, query: str, **more: str) -> httpx.Response:
    path = "/semantic_scholar/graph/v1/paper/search/match"
    return send(at, "GET", path, params={"query": query, **more})


def login(at: Desk, version: str = "v2", password: str = "x") -> dict[str, str]:
    told = {"id": "reader@example.org", "password": password}
    answer = send(at, "POST", f"/openreview/{version}/login", json=told)
    assert answer.status_code == 200, answer.text
    return {"authorization": f"Bearer {answer.json()['token']}"}


def notes(at: Desk, version: str, headers: dict[str, str], **params: str) -> httpx.Response:
    return send(at, "GET", f"/openreview/{version}/notes", params=params, headers=headers)


def pick(at: Desk, version: str, body: object, headers: dict[str, str]) -> httpx.Response:
    return send(at, "POST", f"/openreview/{version}/notes/search", json=body, headers=headers)


BULK = "/acl_anthology/anthology+abstracts.bib.gz"


def harvest(at: Desk, **params: str) -> ElementTree.Element:
    answer = send(at, "GET", "/arxiv/oai", params=params)
    assert answer.status_code == 200
    return ElementTree.fromstring(answer.content)


CLUSTER = WORLD.by_s2["arxiv"]["2401.90001"]
