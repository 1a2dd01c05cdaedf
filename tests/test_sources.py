"""What all sources share: how they are opened and asked, and that nothing makes them raise."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrich.errors import ConfigError
from enrich.model import Identifier, Outcome, SourceState, Told
from enrich.settings import Settings
from enrich.sources import WAYS, open_sources, record
from enrich.sources.opening import open_gateway
from tests.fuzz import fuzzed
from tests.network import (
    Script,
    Time,
    answer,
    ask,
    named,
    reply,
    search,
    with_sources,
)

OK = Outcome.OK
LOGIN = {"OPENREVIEW_USERNAME": "someone", "OPENREVIEW_PASSWORD": "p4ssw0rd"}
A = "2401.00001"
N = "AbC123xyz"
SHA = "a" * 40
TOKEN = answer({"token": "t0k3n", "user": {}})


@pytest.mark.parametrize(
    ("source", "known", "expected"),
    [
        pytest.param("arxiv", f"doi:10.48550/arxiv.{A} acl:P19-1001", f"arxiv:{A}", id="by DOI"),
        pytest.param("acl_anthology", "doi:10.18653/v1/p19-1001", "acl:P19-1001", id="ACL by DOI"),
        pytest.param("openreview", f"arxiv:{A} openreview:{N}", f"openreview:{N}", id="note"),
        pytest.param(
            "semantic_scholar",
            f"s2:{SHA} openreview:{N} doi:10.48550/arxiv.{A} s2:CorpusID:7 doi:10.1/x acl:P19-1001",
            f"arxiv:{A} acl:P19-1001 doi:10.1/x s2:CorpusID:7 s2:{SHA} doi:10.48550/arxiv.{A}",
            id="best first",
        ),
        pytest.param("arxiv", "", "", id="none"),
    ],
)
def test_ways(source: str, known: str, expected: str) -> None:
    assert WAYS[source](named(known)) == tuple(named(expected))


def test_the_planner_loads_no_client() -> None:
    import subprocess
    import sys

    code = "import sys, enrich.sources; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {"httpx", "arxiv", "semanticscholar", "bibtexparser", "lxml"} & set(loaded)


def test_a_disabled_source_is_not_opened() -> None:
    sources: dict[str, Any] = {name: {"enabled": False} for name in ("arxiv", "acl_anthology")}

    async def main() -> tuple[Iterable[str], object]:
        async with open_sources(with_sources(sources), {}, transport=Script(Time())) as opened:
            return opened.sources.keys(), opened.anthology

    names, anthology = asyncio.run(main())
    assert list(names) == ["semantic_scholar", "openreview"]
    assert anthology is None


def test_the_anthology_is_verified_before_it_replaces(tmp_path: Path) -> None:
    to = tmp_path / "anthology.bib.gz"
    to.write_bytes(b"old")
    time = Time()
    script = Script(time, reply(200, "<html>maintenance</html>"))

    async def main() -> tuple[str, SourceState]:
        async with open_sources(Settings(), {}, around=time.around(), transport=script) as opened:
            assert opened.anthology
            with pytest.raises(Exception, match="no bibliography") as caught:
                await opened.anthology.refresh(to, '"1"', None)
            return str(caught.value), opened.anthology.gateway.state

    said, state = asyncio.run(main())
    assert said == "aclanthology.org sent something that is no bibliography"
    assert (to.read_bytes(), state, len(script.asked)) == (b"old", SourceState.DOWN, 4)
    assert str(script.asked[0].url).endswith("/anthology+abstracts.bib.gz")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)
known_keys = st.sampled_from(
    "paperId corpusId externalIds title abstract venue year publicationDate citationCount "
    "openAccessPdf authors note content id forum invitation invitations domain pdate cdate "
    "venueid value fullname name ArXiv DOI ACL CorpusId url id".split()
)
objects = st.recursive(
    json_values, lambda inner: st.dictionaries(known_keys, inner, max_size=6), max_leaves=20
)


@fuzzed(1.5)
@given(body=st.text(max_size=200) | objects.map(json.dumps))
def test_record_never_raises(body: str) -> None:
    for source in ("arxiv", "semantic_scholar", "openreview", "acl_anthology", "unknown"):
        asked = Identifier("arxiv", A)
        got = record(Told(source, asked, OK, body))
        assert (got.source, got.asked) == (source, asked)


@fuzzed(0.6)
@given(body=st.binary(max_size=300) | objects.map(lambda v: json.dumps(v).encode()))
def test_no_answer_makes_a_source_raise(body: bytes) -> None:
    """Every asked id is told of, and none is called missing by an answer that says nothing."""
    for name, identifier in (
        ("arxiv", f"arxiv:{A}"),
        ("semantic_scholar", f"arxiv:{A}"),
        ("openreview", f"openreview:{N}"),
    ):
        told, *_ = ask(name, identifier, TOKEN, reply(200, body), environ=LOGIN)
        assert len(told) == 1
        found, *_ = search(name, ["A Title"], TOKEN, reply(200, body), environ=LOGIN)
        assert len(found.titles) == 1


@pytest.mark.parametrize("status", [201, 204, 206, 226, 304])
@pytest.mark.parametrize("name", ["arxiv", "semantic_scholar", "openreview"])
def test_a_success_without_the_whole_answer_is_a_failure(name: str, status: int) -> None:
    first = [TOKEN] if name == "openreview" else []
    identifier = f"openreview:{N}" if name == "openreview" else f"arxiv:{A}"
    told, *_ = ask(name, identifier, *first, reply(status), environ=LOGIN)
    assert [one.outcome for one in told.values()] == [Outcome.FAILED]
    found, *_ = search(name, ["A Title"], *first, reply(status), environ=LOGIN)
    assert [one.outcome for one in found.titles.values()] == [Outcome.FAILED]


@pytest.mark.parametrize(
    "url", ["http://[::1", "http://h:99999/x", "http://h:-1", "http://h:0", "http://xn--"]
)
def test_an_address_that_none_can_have_is_a_wrong_configuration(url: str) -> None:
    async def main() -> None:
        async with open_gateway("arxiv", Settings(), url):
            raise AssertionError

    with pytest.raises(ConfigError, match="arxiv: has an address that no host can have"):
        asyncio.run(main())
