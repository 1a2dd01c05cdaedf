"""arXiv's OAI-PMH interface: pages, tokens, what is no answer, and where a harvest goes on."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import count
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from enrich.errors import Busy, Refused, SourceError
from enrich.harvest import Harvest, Page, Preprint, resumed
from enrich.model import SourceState
from enrich.settings import Settings
from enrich.sources import oai, open_sources
from enrich.sources.oai import Complaint, read
from tests.network import Answer, Script, Time, reply

NOW = datetime(2026, 11, 21, 2, tzinfo=UTC)
TODAY = NOW.date()
BEGUN = Harvest("cs:cs:CL", None, NOW)


def record(number: str = "2401.00001", day: str = "2026-11-02", more: str = "") -> str:
    return f"""<record><header><identifier>oai:arXiv.org:{number}</identifier>
<datestamp>{day}</datestamp><setSpec>cs:cs:CL</setSpec></header><metadata>
<arXiv xmlns="http://arxiv.org/OAI/arXiv/"><id>{number}</id><created>2024-01-01</created>
<updated>2024-02-01</updated><authors><author><keyname>Writer</keyname><forenames>A. B.</forenames>
<suffix>Jr.</suffix></author><author><keyname>Plato</keyname></author></authors>
<title>An Invented
  Title &amp; More</title><categories>cs.CL cs.LG</categories>{more}</arXiv></metadata></record>"""


DELETED = """<record><header status="deleted"><identifier>oai:arXiv.org:hep-th/9901001</identifier>
<datestamp>2026-11-02</datestamp></header></record>"""


def envelope(content: str, day: str = "2026-11-21") -> str:
    return f"""<?xml version='1.0' encoding='UTF-8'?>
<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>{day}T02:00:00Z</responseDate>
<request>https://oaipmh.arxiv.org/oai</request>{content}</OAI-PMH>"""


def page(*records: str, token: str = "", day: str = "2026-11-21") -> str:
    more = f"<resumptionToken>{token}</resumptionToken>"
    return envelope(f"<ListRecords>{''.join(records)}{more}</ListRecords>", day)


def error(code: str, text: str = "") -> str:
    return envelope(f'<error code="{code}">{text}</error>')


BAD_TOKEN = error("badResumptionToken", "expired")
NOTHING = error("noRecordsMatch", "nothing")
BOMB = """<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>
<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">
<responseDate>2026-11-21T02:00:00Z</responseDate><error code="noRecordsMatch">&b;</error>
</OAI-PMH>"""


def gather(
    harvest: Harvest, *answers: Answer | str
) -> tuple[list[tuple[Page, Harvest]], SourceError | None, Script, SourceState]:
    """The pages of a harvest, the error that ended it, and what that took."""
    time = Time()
    script = Script(time, *(reply(200, a) if isinstance(a, str) else a for a in answers))
    pages: list[tuple[Page, Harvest]] = []

    async def main() -> tuple[SourceError | None, SourceState]:
        around = time.around()
        async with open_sources(Settings(), {}, around=around, transport=script) as opened:
            assert opened.oai
            ended = None
            try:
                async with aclosing(opened.oai.harvest(harvest, lambda: NOW)) as coming:
                    async for each in coming:
                        pages.append(each)  # noqa: PERF401  # stays where the next one fails
            except SourceError as caught:
                ended = caught
            return ended, opened.oai.gateway.state

    ended, state = asyncio.run(main())
    return pages, ended, script, state


def asked(script: Script) -> list[dict[str, str]]:
    return [dict(parse_qsl(urlsplit(str(each.url)).query)) for each in script.asked]


def day(text: str) -> date:
    return date.fromisoformat(text)


def test_a_record_in_the_projects_terms() -> None:
    more = (
        "<comments>12 pages</comments><journal-ref>J.  Inv. 1</journal-ref><doi>10.1234/ABC x</doi>"
    )
    told = read(page(record(more=more), DELETED, token="a%3Db").encode())
    assert told == Page(
        papers=(
            Preprint(
                id="2401.00001",
                title="An Invented Title & More",
                authors=("A. B. Writer Jr.", "Plato"),
                year=2024,
                published=day("2024-01-01"),
                doi="10.1234/abc",
                journal_ref="J. Inv. 1",
                categories=("cs.CL", "cs.LG"),
            ),
        ),
        deleted=("hep-th/9901001",),
        stamps=(day("2026-11-02"),) * 2,
        token="a%3Db",
        responded=TODAY,
    )


@pytest.mark.parametrize(
    ("body", "papers", "deleted"),
    [
        pytest.param(NOTHING, 0, 0, id="nothing matches"),
        pytest.param(page(record("no-number")), 0, 0, id="no id of arXiv's"),
        pytest.param(
            page(record().replace("An Invented\n  Title &amp; More", " ")), 0, 0, id="no title"
        ),
        pytest.param(page(record(), record("hep-th/9901001")), 2, 0, id="old ids"),
        pytest.param(page(DELETED.replace("hep-th/9901001", "x")), 0, 0, id="unknown deleted"),
    ],
)
def test_what_is_left_out(body: str, papers: int, deleted: int) -> None:
    told = read(body.encode())
    assert (len(told.papers), len(told.deleted), told.token) == (papers, deleted, None)


def test_sizes_are_bounded() -> None:
    crowd = "<author><keyname>" + "N" * 5000 + "</keyname></author>"
    long = (
        record()
        .replace("An Invented", "x" * 10_000)
        .replace("<authors>", "<authors>" + crowd * 6000)
    )
    [paper] = read(page(long).encode()).papers
    assert len(paper.title) == oai.LONGEST_TEXT
    assert len(paper.authors) == oai.MOST_AUTHORS
    assert {len(name) for name in paper.authors} == {oai.LONGEST_NAME}


NO_ANSWERS = [
    pytest.param("", id="empty"),
    pytest.param("<html><body>maintenance</body></html>", id="a page"),
    pytest.param("Rate exceeded.", id="text"),
    pytest.param(page(record())[:-40], id="cut off"),
    pytest.param(BOMB, id="entities"),
    pytest.param(page(), id="a list without records"),
    pytest.param(envelope(""), id="an empty envelope"),
    pytest.param(page(record(day="soon")), id="no day"),
    pytest.param(NOTHING.replace("2026-11-21T02:00:00Z", ""), id="no day of the answer"),
    pytest.param(page(record(), token="x" * 3000), id="an endless token"),
]


@pytest.mark.parametrize("body", NO_ANSWERS)
def test_what_is_no_answer_is_asked_for_again(body: str) -> None:
    with pytest.raises(ValueError):
        read(body.encode())
    pages, ended, script, _ = gather(BEGUN, body, page(record()))
    assert (len(pages), ended, len(script.asked)) == (1, None, 2)
    pages, ended, script, state = gather(BEGUN, body)
    assert (pages, len(script.asked), state) == ([], 4, SourceState.DOWN)
    assert isinstance(ended, Busy)


def test_other_errors_of_the_protocol_are_not_asked_again() -> None:
    with pytest.raises(Complaint, match="badArgument: no such set"):
        read(error("badArgument", "no such set").encode())
    for status in (200, 400, 422):
        answer = reply(status, error("badArgument", "no such set"))
        pages, ended, script, _ = gather(BEGUN, answer)
        assert isinstance(ended, Refused)
        assert "badArgument: no such set" in str(ended)
        assert (pages, len(script.asked)) == ([], 1)


def test_the_server_s_pause_is_obeyed() -> None:
    pages, ended, script, _ = gather(BEGUN, reply(503, retry_after="120"), page(record()))
    assert (len(pages), ended) == (1, None)
    assert script.starts == [0, 120]


def test_a_token_is_sent_alone_and_as_it_came() -> None:
    token = "verb%3DListRecords%26from%3D2026-11-01%26skip%3D7"
    pages, _, script, _ = gather(
        replace(BEGUN, since=day("2026-11-01")),
        page(record(day="2026-11-02"), token=token),
        page(record("2401.00002", day="2026-11-03")),
    )
    assert asked(script) == [
        {"verb": "ListRecords", "metadataPrefix": "arXiv", "set": "cs:cs:CL", "from": "2026-11-01"},
        {"verb": "ListRecords", "resumptionToken": token},
    ]
    assert script.starts == [0, 3]  # arXiv's pace
    first, last = (harvest for _, harvest in pages)
    assert (first.token, first.reached, first.finished_at) == (token, day("2026-11-02"), None)
    assert (last.token, last.reached, last.finished_at) == (None, day("2026-11-03"), NOW)
    assert (last.records, last.responded) == (2, TODAY)


@pytest.mark.parametrize(
    ("since", "sent"),
    [
        (None, None),
        ("2001-01-01", None),
        ("2005-09-16", "2005-09-16"),
        ("2026-11-21", "2026-11-21"),
    ],
)
def test_from_is_a_day_that_the_server_knows(since: str | None, sent: str | None) -> None:
    _, _, script, _ = gather(replace(BEGUN, since=day(since) if since else None), NOTHING)
    assert asked(script)[0].get("from") == sent


def test_nothing_new_is_a_harvest_too() -> None:
    [(told, harvest)], ended, _, state = gather(BEGUN, NOTHING)
    assert (told.papers, harvest.finished_at, harvest.responded, ended) == ((), NOW, TODAY, None)
    assert state is SourceState.OK


STARTED = replace(BEGUN, token="old", since=day("2026-01-01"), reached=day("2026-06-01"), records=5)


@pytest.mark.parametrize(
    ("started", "since"),
    [
        pytest.param(STARTED, "2026-06-01", id="from the last day seen"),
        pytest.param(
            replace(STARTED, reached=None), "2026-01-01", id="from the first, none was seen"
        ),
        pytest.param(replace(STARTED, reached=None, since=None), None, id="from the beginning"),
    ],
)
def test_a_refused_token_starts_again(started: Harvest, since: str | None) -> None:
    pages, ended, script, _ = gather(started, BAD_TOKEN, page(record(day="2026-07-01")))
    assert ended is None
    assert [each.get("resumptionToken") for each in asked(script)] == ["old", None]
    assert asked(script)[1].get("from") == since
    assert pages[-1][1].records == 6


def test_a_server_that_refuses_every_token_gets_on_day_by_day_and_is_left_when_it_does_not() -> (
    None
):
    pages, ended, script, _ = gather(
        BEGUN,
        page(record(day="2026-11-01"), token="a"),
        BAD_TOKEN,
        page(record(day="2026-11-02"), token="b"),
        BAD_TOKEN,
        page(record(day="2026-11-02"), token="c"),
        BAD_TOKEN,
    )
    assert [harvest.reached for _, harvest in pages] == [day(f"2026-11-0{n}") for n in (1, 2, 2)]
    assert [each.get("from") for each in asked(script)[::2]] == [None, "2026-11-01", "2026-11-02"]
    assert "refuses the tokens" in str(ended)


@pytest.mark.parametrize(
    "tokens",
    [pytest.param("aaaa", id="the same"), pytest.param("abab", id="in a circle")],
)
def test_a_token_that_repeats_itself_ends_the_harvest(tokens: str) -> None:
    answers = [page(record(), token=token) for token in tokens]
    pages, ended, script, _ = gather(BEGUN, *answers)
    assert "again and again" in str(ended)
    assert len(pages) == len(script.asked) - 1 == len(set(tokens))


def test_a_harvest_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oai, "MOST_PAGES", 5)

    numbers = count()

    def another(request: httpx.Request) -> httpx.Response:
        return reply(200, page(record(), token=f"t{next(numbers)}"))

    pages, ended, _, _ = gather(BEGUN, another)
    assert len(pages) == 5
    assert "no end after 5 pages" in str(ended)


def test_days_in_disorder_are_harvested_again_from_the_first() -> None:
    pages, _, script, _ = gather(
        replace(BEGUN, since=day("2026-01-01")),
        page(record(day="2026-11-05"), token="a"),
        page(record(day="2026-11-01"), token="b"),
        page(record(day="2026-11-09"), token="c"),
        BAD_TOKEN,
        page(record(day="2026-11-09")),
    )
    assert [h.reached for _, h in pages] == [day("2026-11-05"), None, None, day("2026-11-09")]
    assert asked(script)[-1]["from"] == "2026-01-01"


def test_the_budget_is_that_of_the_query_api() -> None:
    time = Time()
    script = Script(time, reply(200, NOTHING))

    async def main() -> bool:
        async with open_sources(Settings(), {}, around=time.around(), transport=script) as opened:
            assert opened.oai
            return opened.oai.gateway is opened.sources["arxiv"].gateway

    assert asyncio.run(main())


FINISHED = replace(BEGUN, finished_at=NOW, responded=day("2026-11-20"), records=9, simulated=True)


@pytest.mark.parametrize(
    ("last", "since", "expected"),
    [
        pytest.param(None, None, {"since": None}, id="the first takes all"),
        pytest.param(None, "2026-01-01", {"since": day("2026-01-01")}, id="or what was asked for"),
        pytest.param(
            FINISHED, None, {"since": day("2026-11-20")}, id="the next what changed since"
        ),
        pytest.param(FINISHED, "2020-01-01", {"since": day("2020-01-01")}, id="or from a day"),
        pytest.param(STARTED, None, {"token": "old", "records": 5}, id="what broke off goes on"),
        pytest.param(STARTED, "2026-01-01", {"token": "old"}, id="also when named again"),
        pytest.param(STARTED, "2026-02-01", {"token": None, "reached": None}, id="not another one"),
    ],
)
def test_where_a_harvest_begins(
    last: Harvest | None, since: str | None, expected: dict[str, Any]
) -> None:
    harvest = resumed("cs:cs:CL", last, day(since) if since else None, NOW)
    assert {name: getattr(harvest, name) for name in expected} == expected
    assert harvest.simulated is (last is FINISHED)
