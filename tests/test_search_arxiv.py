"""arXiv asked for titles: how the question is put, and answers that are no miss."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enrich.model import Outcome, SourceState
from enrich.sandbox.arxiv_query import Malformed, evaluate
from enrich.sources import record
from enrich.sources.arxiv_phrases import LONGEST_PHRASE, MOST_PHRASES, parts, phrase, query
from tests.network import Answer, reply, search
from tests.test_arxiv import entry, error_feed, feed

OK, MISSING, FAILED = Outcome.OK, Outcome.NOT_FOUND, Outcome.FAILED
TIDES = "Old Tides of the Northern Sea"
SAILS = "Sailing with Small Models"
GULLS = "Gulls Are Few-Shot Learners"
THREE = [TIDES, SAILS, GULLS]
A, B, C = "2401.00001", "2401.00002", "hep-th/9901001"
NEAR, FAR = entry(f"{A}v2", TIDES), entry("2401.99999v1", "Wholly Unrelated Matters")
ALL = [entry(f"{A}v2", TIDES), entry(f"{B}v1", SAILS), entry(f"{C}v3", GULLS)]
NAMES = "Amber Birch,Cedar Dunes,Ember Fog,Gorse Heath,Iris Jade,Kelp Loam,Moss Nettle,Oak Peat"
MANY = [*NAMES.split(","), "Quartz Reed", TIDES]


def asked(request: httpx.Request) -> list[str]:
    """The first phrase of each group of a request's query."""
    text = parse_qs(request.content.decode())["search_query"][0]
    return re.findall(r'\(ti:"([^"]*)"', text)


@pytest.mark.parametrize(
    ("titles", "answers", "expected", "requests"),
    [
        pytest.param(THREE, [feed(*reversed(ALL))], {TIDES: OK, SAILS: OK, GULLS: OK}, 1, id="all"),
        pytest.param(
            THREE,
            [feed(*ALL[:1], total=1)],
            {TIDES: OK, SAILS: MISSING, GULLS: MISSING},
            1,
            id="row 5: only after a valid answer",
        ),
        pytest.param(
            THREE, [feed()], {TIDES: MISSING, SAILS: MISSING, GULLS: MISSING}, 1, id="none there"
        ),
        pytest.param([], [feed()], {}, 0, id="nothing to ask"),
        pytest.param(
            ["Of the and", "???", "", '"\\"'],
            [feed()],
            {"Of the and": MISSING, "???": MISSING, "": MISSING, '"\\"': MISSING},
            0,
            id="titles without a word to find",
        ),
        pytest.param(
            MANY,
            [feed(), feed(NEAR)],
            {**dict.fromkeys(MANY, MISSING), TIDES: OK},
            2,
            id="an empty feed for many is asked once more",
        ),
        pytest.param(
            MANY, [feed()], dict.fromkeys(MANY, MISSING), 2, id="many of which none is there"
        ),
        pytest.param(
            THREE,
            [error_feed("something broke"), feed(NEAR), feed(*ALL[1:])],
            {TIDES: OK, SAILS: OK, GULLS: OK},
            3,
            id="rows 1 and 2: an error feed, halved",
        ),
        pytest.param(
            THREE,
            [error_feed("something broke", 400)] * 2 + [feed(*ALL)],
            {TIDES: FAILED, SAILS: OK, GULLS: OK},
            3,
            id="row 2: one title that is answered with errors",
        ),
        pytest.param(
            THREE,
            [error_feed("something broke")],
            {TIDES: FAILED, SAILS: FAILED, GULLS: FAILED},
            4,
            id="row 1: nothing but errors, soon given up",
        ),
        *(
            pytest.param(
                THREE, [answer], {TIDES: FAILED, SAILS: FAILED, GULLS: FAILED}, 4, id=f"row {kind}"
            )
            for kind, answer in (
                ("3: HTML", reply(200, "<html><body>busy</body></html>")),
                ("3: Rate exceeded", reply(200, "Rate exceeded.")),
                ("3: empty body", reply(200, "")),
                ("4: truncated XML", reply(200, feed(*ALL).content[:-30])),
                ("7: 429 without Retry-After", reply(429, "Rate exceeded.")),
                ("15: 503", reply(503, "<html>")),
            )
        ),
        pytest.param(
            THREE,
            [reply(200, ""), feed(*ALL)],
            {TIDES: OK, SAILS: OK, GULLS: OK},
            2,
            id="row 3: an empty body for a moment",
        ),
        pytest.param(
            THREE,
            [feed(total=3), feed(*ALL)],
            {TIDES: OK, SAILS: OK, GULLS: OK},
            2,
            id="row 6: an empty page in the middle",
        ),
        pytest.param(
            THREE,
            [feed(total=3)],
            {TIDES: FAILED, SAILS: FAILED, GULLS: FAILED},
            2,
            id="row 6: counted and never shown",
        ),
        pytest.param(
            THREE,
            [feed(FAR, FAR)],
            {TIDES: FAILED, SAILS: FAILED, GULLS: FAILED},
            2,
            id="row 5: only papers that nobody asked for",
        ),
        pytest.param(
            THREE,
            [feed(NEAR, total=700), feed(ALL[1], total=1), feed(ALL[2], total=1)],
            {TIDES: OK, SAILS: OK, GULLS: OK},
            3,
            id="cut off: the open ones are asked again in parts",
        ),
        pytest.param(
            MANY,
            [
                feed(*(entry(f"2401.1{n:04}", t) for n, t in enumerate(MANY[2:])), total=999),
                feed(entry("2401.20000", MANY[0])),
            ],
            {**dict.fromkeys(MANY, OK), MANY[1]: MISSING},
            2,
            id="cut off: a few open ones are asked again together",
        ),
        pytest.param(
            THREE, [feed(*ALL, total=900)], {TIDES: OK, SAILS: OK, GULLS: OK}, 1, id="cut, all seen"
        ),
        pytest.param(
            THREE,
            [reply(414, "<html>"), feed(NEAR), feed(*ALL[1:])],
            {TIDES: OK, SAILS: OK, GULLS: OK},
            3,
            id="row 8: 414 splits",
        ),
        pytest.param(
            [TIDES],
            [reply(414, "<html>")],
            {TIDES: FAILED},
            1,
            id="row 8: 414 for one alone",
        ),
        pytest.param(
            THREE,
            [*[reply(500, "<html>")] * 4, feed(NEAR), feed(*ALL[1:])],
            {TIDES: OK, SAILS: OK, GULLS: OK},
            6,
            id="the parser's recursion: fewer phrases",
        ),
        pytest.param(
            THREE,
            [reply(500, "<html>")],
            {TIDES: FAILED, SAILS: FAILED, GULLS: FAILED},
            12,
            id="row 15: 500 for all",
        ),
        pytest.param(
            THREE,
            [reply(301, location="https://export.arxiv.org/api/query2"), feed(*ALL)],
            {TIDES: OK, SAILS: OK, GULLS: OK},
            2,
            id="row 9: redirect",
        ),
        pytest.param([TIDES], [reply(404, "<html>")], {TIDES: FAILED}, 1, id="a wrong address"),
        pytest.param([TIDES], [reply(400, "<html>")], {TIDES: FAILED}, 1, id="400 without a feed"),
        pytest.param(
            [TIDES],
            [reply(200, "<!DOCTYPE f [<!ENTITY x 'y'>]>" + feed(NEAR).text[38:])],
            {TIDES: FAILED},
            4,
            id="a document type is refused",
        ),
    ],
)
def test_arxiv_search(
    titles: list[str], answers: list[Answer], expected: dict[str, Outcome], requests: int
) -> None:
    found, script, source = search("arxiv", titles, *answers)
    assert found.outcomes() == expected
    assert len(script.asked) == requests
    assert all(b >= a + 3 for a, b in zip(script.starts, script.starts[1:], strict=False))
    if FAILED in expected.values():
        assert source.gateway.state is not SourceState.OK


def test_a_paper_is_told_as_if_it_had_been_asked_for() -> None:
    found, _, _ = search("arxiv", [TIDES], feed(NEAR, FAR))
    assert list(found.papers) == [f"arxiv:{A}"]
    got = record(found.papers[f"arxiv:{A}"])
    assert (got.title, got.authors, got.year) == (TIDES, ("A. Writer",), 2024)


def test_what_arxiv_is_sent() -> None:
    _, script, _ = search("arxiv", THREE, feed(*ALL))
    (request,) = script.asked
    form = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
    assert (request.method, str(request.url)) == ("POST", "https://export.arxiv.org/api/query")
    assert form == {
        "search_query": f'(ti:"{TIDES}") OR (ti:"{SAILS}") OR (ti:"{GULLS}")',
        "start": "0",
        "max_results": "50",
    }


def test_thirty_titles_a_request_and_none_twice() -> None:
    titles = [f"Tide Table Number {n} for Sailors" for n in range(61)]
    _, script, _ = search("arxiv", [*titles, titles[0]], feed(entry(A, titles[0])))
    assert [len(asked(request)) for request in script.asked] == [30, 30, 1]
    assert [title for request in script.asked for title in asked(request)] == titles


def test_many_of_which_none_is_there_are_asked_once_by_a_search_that_finds_others() -> None:
    titles = [f"Tide Table Number {n} for Sailors" for n in range(60)]
    found, script, _ = search("arxiv", titles, feed(entry(A, titles[0])), feed())
    assert [len(asked(request)) for request in script.asked] == [30, 30]
    assert set(list(found.outcomes().values())[30:]) == {MISSING}


def test_a_cut_answer_is_followed_by_few_requests() -> None:
    titles = [f"Tide Table Number {n} for Sailors" for n in range(30)]
    found, script, _ = search("arxiv", titles, feed(entry(A, "Number 3 for Sailors"), total=9999))
    assert len(script.asked) <= 13
    assert set(found.outcomes().values()) <= {OK, MISSING, FAILED}


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        pytest.param("Plain Words: and a Colon", "Plain Words: and a Colon", id="plain"),
        pytest.param('The "Inner" Quote\\', "The Inner Quote", id="quotation marks, a backslash"),
        pytest.param("＂Wide＂ marks", "Wide marks", id="quotation marks of another width"),
        pytest.param("Two\n  lines\tand\x00more", "Two lines andmore", id="line breaks, controls"),
        pytest.param("$\\alpha$-DPO and $K$-wise", "alpha-DPO and K-wise", id="LaTeX maths"),
        pytest.param("{BERT} \\textbf{is} 50\\% R\\&D", "BERT is 50% R&D", id="LaTeX text"),
        pytest.param('Erd\\H{o}s, \\"ubel', "Erdos, ubel", id="LaTeX accents"),
        pytest.param("<i>In vivo</i> tides", "In vivo tides", id="markup"),
        pytest.param("R&D + C++ (why?)", "R&D + C++ (why?)", id="signs that are accepted"),
        pytest.param("潮汐", "潮汐", id="another script"),
        pytest.param("To Be or Not to Be", None, id="only stop words"),
        pytest.param("…!", None, id="no word"),
        pytest.param("tide " * 200, ("tide " * 60).strip(), id="bounded"),
        pytest.param("x" * 900, "x" * LONGEST_PHRASE, id="one endless word"),
    ],
)
def test_phrase(title: str, expected: str | None) -> None:
    assert phrase(title) == expected


@pytest.mark.parametrize(
    ("whole", "expected"),
    [
        pytest.param("Short and Plain", [], id="none of a short title"),
        pytest.param("Nick: Rising Tides Lift Boats", ["Rising Tides Lift Boats"], id="nick"),
        pytest.param("Nick: A Survey", [], id="a part that says too little"),
        pytest.param("TideBench: A Survey", ["TideBench"], id="a coined name"),
        pytest.param("TIDE: A Survey", [], id="capitals are no coined name"),
        pytest.param(
            "Rising Tides Lift Boats - A Survey", ["Rising Tides Lift Boats"], id="sub-title"
        ),
        pytest.param(
            "Nick: Rising Tides Lift All Small Boats in the Harbour",
            ["Nick: Rising Tides Lift All", "Lift All Small Boats in the Harbour"],
            id="both ends of a long title, small words not counted",
        ),
    ],
)
def test_parts(whole: str, expected: list[str]) -> None:
    assert list(parts(whole)) == expected


def test_a_query_has_bounds() -> None:
    titles = [f"{n}: " + " ".join(f"word{n}x{m}" for m in range(60)) for n in range(200)]
    wholes = [p for title in titles[:30] if (p := phrase(title))]
    assert len(query(wholes, with_parts=True).text) < 25_000
    asked = query([p for title in titles if (p := phrase(title))], with_parts=True)
    assert len(asked.phrases) <= MOST_PHRASES
    assert 50 <= query(wholes[:1], with_parts=False).results <= asked.results <= 2000


@settings(max_examples=300, deadline=None)
@given(st.lists(st.text(max_size=80) | st.text(alphabet='a:"\\$ {}OR()', max_size=40), max_size=8))
def test_no_title_breaks_a_query(titles: list[str]) -> None:
    wholes = [p for title in titles if (p := phrase(title))]
    seen: list[Any] = []

    def find(term: Any) -> frozenset[int]:
        seen.append(term)
        return frozenset()

    asked = query(wholes, with_parts=True)
    try:
        evaluate(asked.text, find)
    except Malformed as error:  # pragma: no cover
        pytest.fail(f"{asked.text}: {error}")
    assert {term.field for term in seen} <= {"ti"}
    assert sorted(term.text for term in seen) == sorted(asked.phrases)
