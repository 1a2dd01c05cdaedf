"""The sandbox can go wrong in every way that a client has to tell apart."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enrich.errors import PapertideError
from enrich.sandbox import Desk
from enrich.sandbox.faults import KINDS, Faults, parse
from tests.sandbox_desk import (
    BULK,
    CLUSTER,
    OAI,
    arxiv,
    atom_ids,
    batch,
    desk,
    harvest,
    match,
    pick,
    send,
)


def status(code: int) -> Any:
    return lambda answer: answer.status_code == code


def said(text: str) -> Any:
    return lambda answer: text in answer.text


def everything(ids: str = "2401.90001,2302.90002") -> Any:
    return lambda at: arxiv(at, id_list=ids)


def papers(at: Desk) -> httpx.Response:
    fields = "title,abstract,citationCount,influentialCitationCount,externalIds,venue"
    return batch(at, ["ARXIV:2401.90001", "ARXIV:2302.90002"], fields)


def note(at: Desk) -> httpx.Response:
    token = {"authorization": ""}
    answer = send(at, "POST", "/openreview/v2/login", json={"id": "a", "password": "b"})
    if answer.status_code != 200 or "token" not in answer.json():
        return answer
    token["authorization"] = f"Bearer {answer.json()['token']}"
    return pick(at, "v2", {"ids": ["InvNote002"]}, token)


def bulk(at: Desk) -> httpx.Response:
    return send(at, "GET", BULK)


def counts(answer: httpx.Response) -> list[object]:
    return [row["citationCount"] for row in answer.json()]


FAULTS = [
    ("arxiv:error-feed-200=2302.90002", everything(), said("incorrect id format for 2302.90002")),
    ("arxiv:error-feed-200", everything(), status(200)),
    ("arxiv:error-feed", everything(), status(400)),
    ("arxiv:error-feed=2302.90002", everything("2401.90001"), status(200)),
    ("arxiv:error-200", everything("abc"), status(200)),
    ("arxiv:html", everything(), lambda a: a.status_code == 200 and "<html>" in a.text),
    ("arxiv:rate-text", everything(), lambda a: (a.status_code, a.text) == (200, "Rate exceeded.")),
    ("arxiv:empty", everything(), lambda a: (a.status_code, a.content) == (200, b"")),
    ("arxiv:truncate", everything(), lambda a: "<entry>" in a.text and "</feed>" not in a.text),
    ("arxiv:total", everything(), said("<opensearch:totalResults>3<")),
    ("arxiv:empty-page", everything(), lambda a: atom_ids(a) == [] and "Results>2<" in a.text),
    ("arxiv:429", everything(), lambda a: a.status_code == 429 and "retry-after" not in a.headers),
    ("arxiv:429=7", everything(), lambda a: a.headers["retry-after"] == "7"),
    ("arxiv:429-date=60", everything(), lambda a: "02:01:00 GMT" in a.headers["retry-after"]),
    ("arxiv:414", everything(), status(414)),
    ("arxiv:301", everything(), status(301)),
    (
        "arxiv:301=http://10.0.0.1/x",
        everything(),
        lambda a: a.headers["location"] == "http://10.0.0.1/x",
    ),
    ("arxiv:another", everything("2401.90001"), lambda a: atom_ids(a) != ["2401.90001"]),
    ("arxiv:withdrawn=2401.90001", everything(), said("withdrawn by the authors")),
    ("arxiv:entities", everything(), said("<!DOCTYPE")),
    ("arxiv:hostile", everything(), lambda a: len(atom_ids(a)) == 2 and "DROP TABLE" in a.text),
    ("arxiv.oai:429", everything(), status(200)),
    ("semantic_scholar:no-ids", papers, said("No valid paper ids given")),
    ("semantic_scholar:oversize=1", papers, said("exceed maximum size")),
    ("semantic_scholar:oversize=2", papers, status(200)),
    ("semantic_scholar:fields", papers, said("unsupported fields: [title")),
    ("semantic_scholar.match:404", lambda at: match(at, "Old Tides"), status(404)),
    ("semantic_scholar:500", papers, lambda a: a.json() == {"message": "Internal Server Error"}),
    ("semantic_scholar:502", papers, lambda a: a.status_code == 502 and "<html>" in a.text),
    ("semantic_scholar:503", papers, status(503)),
    ("semantic_scholar:504", papers, status(504)),
    ("semantic_scholar:html", papers, status(200)),
    ("semantic_scholar:merged", papers, lambda a: a.json()[0]["paperId"] != CLUSTER.sha),
    (
        "semantic_scholar:no-abstract",
        papers,
        lambda a: [r["abstract"] for r in a.json()] == [None] * 2,
    ),
    ("semantic_scholar:zero", papers, lambda a: counts(a) == [0, 0]),
    ("semantic_scholar:null-count", papers, lambda a: counts(a) == [None, None]),
    (
        "semantic_scholar:absurd",
        papers,
        lambda a: all(type(c) is not int or not 0 <= c < 10**12 for c in counts(a)),
    ),
    (
        "semantic_scholar:another",
        papers,
        lambda a: a.json()[0]["externalIds"]["ArXiv"] == "2302.90002",
    ),
    ("semantic_scholar:hostile", papers, lambda a: "\x1b[2J" in a.json()[0]["title"]),
    ("openreview:challenge", note, said("ChallengeRequiredError")),
    ("openreview.search:403*1", note, said("ForbiddenError")),
    ("openreview:401", note, said("TokenExpiredError")),
    ("openreview.search:reset=5", note, said('"resetTime": "2026-11-21T02:00:05.000Z"')),
    ("openreview:search-unavailable", note, said('"searchUnavailable": true')),
    ("openreview:v1-only", note, lambda a: a.json()["notes"] == []),
    ("openreview:lists", note, said('"venueid": {"value": ["ICLR.cc')),
    ("openreview:another", note, lambda a: a.json()["notes"][0]["id"] != "InvNote002"),
    ("openreview:mfa", note, said("mfaPending")),
    ("openreview.v1:500", note, status(200)),
    (
        "acl_anthology:left=2022.lrec-1.9002",
        bulk,
        lambda a: b"lrec" not in gzip.decompress(a.content),
    ),
    ("acl_anthology:shrunk", bulk, lambda a: len(gzip.decompress(a.content)) < 1000),
    (
        "acl_anthology:truncate",
        bulk,
        lambda a: not a.content.endswith(send(desk(), "GET", BULK).content[-4:]),
    ),
    ("acl_anthology:bomb=3", bulk, lambda a: len(gzip.decompress(a.content)) == 3_000_000),
    ("acl_anthology:html", bulk, said("<html>")),
    ("any:huge=1", bulk, lambda a: len(a.content) > 1_000_000),
    ("any:slow=0.001", bulk, status(200)),
    ("any:503*2", bulk, status(503)),
]


@pytest.mark.parametrize(
    ("spec", "ask", "holds"), [pytest.param(*row, id=row[0]) for row in FAULTS]
)
def test_fault(spec: str, ask: Any, holds: Any) -> None:
    answer = ask(desk(spec))
    assert holds(answer), (answer.status_code, answer.text[:500])
    assert answer.headers["x-papertide-simulated"] == "1"


def test_every_kind_of_fault_has_a_case() -> None:
    tried = {part.partition(":")[2] for part, _, _ in FAULTS}
    kinds = {re.split(r"[=@*%]", kind)[0] for kind in tried}
    only_live = {"hang", "wrong-length"}
    rest = {"400", "410", "left", "bad-token"}
    assert set(KINDS) - kinds - only_live - rest == set()


def test_oai_refuses_its_own_token() -> None:
    at = desk("arxiv.oai:bad-token@2", oai_page=10)
    page = harvest(at, verb="ListRecords", metadataPrefix="arXiv")
    token = page.findtext(f".//{OAI}resumptionToken") or ""
    error = harvest(at, verb="ListRecords", resumptionToken=token).find(f"{OAI}error")
    assert error is not None
    assert error.get("code") == "badResumptionToken"


def drawn(spec: str, times: int = 8) -> str:
    faults = Faults(spec)
    return "".join("x" if faults.draw("arxiv", "query") else "." for _ in range(times))


@pytest.mark.parametrize(
    ("spec", "pattern"),
    [
        pytest.param("arxiv:html", "xxxxxxxx", id="every one"),
        pytest.param("arxiv:html*3", "xxx.....", id="the first three"),
        pytest.param("arxiv:html@2", ".x......", id="the second only"),
        pytest.param("arxiv:html@1", "x.......", id="the first only"),
        pytest.param("arxiv:html@3*2", "..xx....", id="two from the third on"),
        pytest.param("arxiv:html@2,arxiv:empty@4", ".x.x....", id="two rules"),
        pytest.param("semantic_scholar:html", "........", id="another service"),
        pytest.param("arxiv.oai:html", "........", id="another endpoint"),
        pytest.param("any:challenge", "........", id="any service that can have it"),
        pytest.param("", "........", id="none"),
    ],
)
def test_fault_suffixes(spec: str, pattern: str) -> None:
    assert drawn(spec) == pattern


def test_chance_is_the_same_in_every_run_and_another_for_another_seed() -> None:
    once = drawn("arxiv:html%20", 1000)
    assert drawn("arxiv:html%20", 1000) == once
    assert drawn("arxiv:html%20,seed=7", 1000) != once
    assert 150 < once.count("x") < 250


@pytest.mark.parametrize(
    ("spec", "hint"),
    [
        pytest.param("arxvi:429", "did you mean 'arxiv'", id="service"),
        pytest.param("arxiv:trunkate", "did you mean 'truncate'", id="kind"),
        pytest.param("arxiv:challenge", "no kind of fault at arxiv", id="kind of another service"),
        pytest.param("arxiv.batch:429", "no endpoint of arxiv", id="endpoint"),
        pytest.param("arxiv", "SERVICE:KIND", id="half a rule"),
        pytest.param("arxiv:hang=long", "number", id="value"),
        pytest.param("arxiv:html*x", "SERVICE:KIND", id="suffix"),
    ],
)
def test_unreadable_faults_name_the_nearest_right_word(spec: str, hint: str) -> None:
    with pytest.raises(PapertideError, match=re.escape(hint)):
        parse(spec)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=40))
def test_faults_are_read_or_refused(spec: str) -> None:
    try:
        parse(spec)
    except PapertideError as error:
        assert "\n" not in str(error).replace(spec, "")


def test_every_kind_of_fault_is_documented() -> None:
    text = (Path(__file__).parents[1] / "docs" / "sandbox.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"[\w-]+", " ".join(re.findall(r"`([^`]*)`", text))))
    assert set(KINDS) <= documented
