"""Whatever comes from outside is read, or refused in the words of its kind: nothing else."""

from __future__ import annotations

import asyncio
import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrich.configuration import load
from enrich.errors import ConfigError, PapertideError, Refused
from enrich.matching import lines
from enrich.model import Identifier, Outcome, Told
from enrich.network.redirect import beyond, objection
from enrich.network.replies import Reply, json_of, retry_after
from enrich.review import decisions
from enrich.sources import fields, markup, oai
from enrich.sources.openreview_answer import judge
from store.journal import Batch, Journal
from store.layout import Layout
from tests.fuzz import fuzzed
from tests.network import ask, reply, search
from tests.sandbox_desk import arxiv, batch, desk, match, send
from tests.test_sources import LOGIN, TOKEN

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def _valid() -> dict[str, tuple[str, bytes]]:
    """A good answer of each source to a question for one paper, and that question."""
    at = desk()
    row = batch(at, ["ARXIV:2401.90001"], "title,abstract,externalIds,citationCount,venue,authors")
    found = match(at, "An Invented Title: Of One Kind")
    note = {"id": "InvNote002", "forum": "InvNote002", "content": {"title": {"value": "T"}}}
    return {
        "arxiv": ("arxiv:2401.90001", arxiv(at, id_list="2401.90001").content),
        "semantic_scholar": ("arxiv:2401.90001", row.content),
        "openreview": ("openreview:InvNote002", json.dumps({"notes": [note]}).encode()),
        "match": ("arxiv:2401.90001", found.content),
    }


VALID = _valid()
PAGE = send(desk(), "GET", "/arxiv/oai?verb=ListRecords&metadataPrefix=arXiv").content
SPLINTERS = st.sampled_from(
    [
        *(b"", b"\x00", b"\xff\xfe", b"<", b">", b"]]>", b"&x;", b"&#0;", b"&#x1f;", b"<!--"),
        *(b"<!DOCTYPE a [", b"<![CDATA[", b"null", b"[", b"]", b"{", b"}", b'"', b"\\u0000"),
        *(b"\\ud800", b"-1", b"1e999", b"NaN", b"9" * 400, b"true", b"[]", b"{}", b",", b":"),
    ]
)


@st.composite
def spoilt(draw: st.DrawFn, content: bytes) -> bytes:
    """A good answer in which some pieces were cut out and others put in."""
    for _ in range(draw(st.integers(1, 4))):
        at, length = draw(st.integers(0, len(content))), draw(st.sampled_from((0, 1, 3, 40, 9999)))
        content = content[:at] + draw(SPLINTERS | st.binary(max_size=8)) + content[at + length :]
    return content


@pytest.mark.parametrize("name", ["arxiv", "semantic_scholar", "openreview"])
@fuzzed(0.4)
@given(data=st.data())
def test_a_spoilt_answer_is_told_of_and_is_no_fault(name: str, data: st.DataObject) -> None:
    asked, content = VALID[name]
    body = data.draw(spoilt(content))
    answers = [TOKEN] if name == "openreview" else []
    told, *_ = ask(name, asked, *answers, reply(200, body), environ=LOGIN)
    [one] = told.values()
    assert (one.outcome is Outcome.OK) == bool(one.body)
    if one.outcome is Outcome.NOT_FOUND and name != "arxiv":
        json_of(body)  # a miss is only said after an answer that could be read


@pytest.mark.parametrize("name", ["arxiv", "semantic_scholar", "openreview"])
@fuzzed(0.2)
@given(data=st.data())
def test_a_spoilt_search_is_told_of_and_is_no_fault(name: str, data: st.DataObject) -> None:
    body = data.draw(spoilt(VALID["match" if name == "semantic_scholar" else name][1]))
    answers = [TOKEN] if name == "openreview" else []
    found, *_ = search(
        name, ["An Invented Title: Of One Kind"], *answers, reply(200, body), environ=LOGIN
    )
    assert len(found.titles) == 1


@fuzzed()
@given(spoilt(PAGE) | st.binary(max_size=200))
def test_a_spoilt_page_of_oai_is_a_page_a_complaint_or_none(content: bytes) -> None:
    try:
        page = oai.read(content)
    except (oai.Complaint, ValueError):
        return
    assert all(paper.title and paper.id for paper in page.papers)


@fuzzed()
@given(st.text(max_size=60) | st.integers().map(str) | st.datetimes().map(str))
def test_a_time_to_wait_is_a_number(value: str) -> None:
    assert retry_after({"retry-after": value}, NOW) >= 0
    answer = json.dumps({"details": {"resetTime": value}}).encode()
    error = judge(notes=True, is_trusted=True)(Reply(429, {}, answer), "host", NOW)
    assert error is not None


@fuzzed()
@given(
    st.text(max_size=40)
    | st.from_regex(r"(https?:)?/{0,3}[\[\]@:.%\w-]{0,30}(:\d{0,6})?(/.*)?", fullmatch=True)
)
def test_a_location_is_gone_to_or_refused(location: str) -> None:
    import httpx

    async def resolve(host: str) -> list[str]:
        return ["127.0.0.1"]

    source = httpx.URL("https://api.example/x")
    try:
        target = beyond(source, location)
    except Refused:
        return
    said = asyncio.run(
        objection(str(source), str(target), home=("api.example",), has_body=False, resolve=resolve)
    )
    assert said or target.host == "api.example"


names = st.sampled_from("lists store http sources arxiv name path url dir enabled timeout".split())
toml = st.recursive(
    st.integers() | st.booleans() | st.text(max_size=8).map(json.dumps) | st.just("1979-05-27"),
    lambda inner: st.lists(inner, max_size=3).map(lambda each: f"[{', '.join(map(str, each))}]"),
    max_leaves=5,
)
tables = st.lists(
    st.tuples(names, toml).map(lambda pair: f"{pair[0]} = {pair[1]}")
    | names.map("[[{}]]".format)
    | st.tuples(names, names).map(lambda pair: f"[{pair[0]}.{pair[1]}]"),
    max_size=6,
).map("\n".join)


@fuzzed()
@given(text=tables | st.text(max_size=60), variable=names, value=st.text(max_size=20))
def test_a_configuration_is_read_or_refused_in_one_line(
    text: str, variable: str, value: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = FOLDER[0] / "config.toml"
    path.write_text(text.encode("utf-8", "replace").decode(), encoding="utf-8", newline="")
    environ = {f"PAPERTIDE__SOURCES__ARXIV__{variable.upper()}": value}
    try:
        load(path, environ)
        load(path, {})
    except ConfigError as error:
        assert "\n" not in str(error).replace(value, "").replace(text, "")


rulings = st.lists(
    st.tuples(
        st.sampled_from("list title entry_id accept reject decision reason".split()), toml
    ).map(lambda pair: f"{pair[0]} = {pair[1]}")
    | st.just("[[decision]]"),
    max_size=8,
).map("\n".join)


@fuzzed()
@given(rulings.map("[[decision]]\n{}".format) | rulings | st.text(max_size=60))
def test_overrides_are_read_or_refused(text: str) -> None:
    try:
        decisions.read(text, "overrides.toml")
    except ConfigError as error:
        assert str(error).startswith("overrides.toml")


FOLDER: list[Path] = []


@pytest.fixture(autouse=True, scope="module")
def _folder(tmp_path_factory: pytest.TempPathFactory) -> None:
    FOLDER[:] = [tmp_path_factory.mktemp("fuzz")]


TOLD = Told("arxiv", Identifier("arxiv", "2401.90001"), Outcome.OK, "<entry/>")
BATCH = msgspec.json.encode(Batch(NOW, False, (TOLD,)))


@fuzzed(0.5)
@given(
    spoilt(gzip.compress(BATCH, mtime=0))
    | spoilt(BATCH).map(gzip.compress)
    | st.binary(max_size=50)
)
def test_a_damaged_journal_is_read_as_far_as_it_goes(content: bytes) -> None:
    layout = Layout(FOLDER[0] / "data")
    folder = layout.journal / "20261121T020000Z-abcd"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "000001.json.gz").write_bytes(content)
    (layout.journal / "20261121T020000Z-abcd.run.json").write_bytes(content)
    Journal(layout, "").pending()


@fuzzed()
@given(st.binary(max_size=120) | spoilt(b'{"n": 1, "title": "A", "authors": "B", "year": 2024}\n'))
def test_titles_to_resolve_are_read_or_refused_by_their_line(content: bytes) -> None:
    try:
        lines.read(content, "stdin")
    except PapertideError as error:
        assert str(error).startswith("stdin")


@fuzzed()
@given(st.text(max_size=200) | st.text(alphabet="\x1b[]\x07\x9b;0m\u202eab\x00 ", max_size=40))
def test_a_text_holds_nothing_that_steers(value: str) -> None:
    text = fields.text(value)
    assert text is None or not {"\x1b", "\x9b", "\x07", "\x00", "\u202e"} & set(text)
    assert fields.is_damaged(value) or "\x1b" not in value


LAUGHS = "".join(
    f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' if n else '<!ENTITY l0 "ha">' for n in range(12)
)


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(f"<!DOCTYPE a [{LAUGHS}]><a>&l11;</a>", id="a billion laughs"),
        pytest.param(f"<!DOCTYPE a [{LAUGHS}]><a b='&l11;'/>", id="laughs in an attribute"),
        pytest.param(f"<!DOCTYPE a [{LAUGHS}]><a/>", id="laughs that nobody hears"),
        pytest.param(
            "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/hostname'>]><a>&x;</a>", id="a file"
        ),
        pytest.param(
            "<!DOCTYPE a [<!ENTITY x SYSTEM 'http://127.0.0.1:9/'>]><a>&x;</a>", id="a request"
        ),
        pytest.param("<!DOCTYPE a SYSTEM 'http://127.0.0.1:9/a.dtd'><a/>", id="a DTD elsewhere"),
        pytest.param(
            "<!DOCTYPE a [<!ENTITY % p SYSTEM 'file:///etc/hostname'> %p;]><a/>", id="a parameter"
        ),
        pytest.param("<!DOCTYPE a><a/>", id="no more than a document type"),
        pytest.param("<a>&undeclared;</a>", id="an entity that nobody declared"),
        pytest.param("<a>" * 5000 + "</a>" * 5000, id="too deep"),
        pytest.param(f"<a b='{'x' * 11_000_000}'/>", id="an endless attribute"),
        pytest.param("<a><b></a>", id="not well-formed"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_xml_that_does_more_than_tell_is_refused(document: str, encoding: str) -> None:
    with pytest.raises(ValueError, match="XML"):
        markup.root(document.encode(encoding))


def test_xml_includes_nothing() -> None:
    include = '<a xmlns:x="http://www.w3.org/2001/XInclude"><x:include href="/etc/hostname"/></a>'
    root = markup.root(include.encode())
    assert [len(each) for each in root] == [0]
