"""The description of a work: who is believed in what, and what is never erased."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from enrich.counts import Count, Observed
from enrich.library import Place
from enrich.model import Record, Status
from enrich.papers import Paper, changes, describe, listed
from tests.values import entry, ids, night, observed, places, record

PREPRINT, PUBLISHED = Status.PREPRINT, Status.PUBLISHED
WITHDRAWN, RETRACTED, REJECTED = Status.WITHDRAWN, Status.RETRACTED, Status.REJECTED


def said(source: str, at: datetime | None = None, **values: Any) -> Observed:
    return observed(
        record("arxiv:1", values.pop("title", None), source=source, **values), at or night(1)
    )


def paper(
    *records: Observed,
    place: tuple[Place, ...] = (),
    known: str = "arxiv:2305.11206",
    count: Count | None = None,
    old: Paper | None = None,
    now: datetime | None = None,
) -> Paper:
    told = {each.record.source: each for each in records}
    return describe("p1", told, place, ids(*known.split()), count, old, night(0), now or night(1))


ARXIV = said(
    "arxiv",
    title="From arXiv",
    authors=("Ann Lee",),
    year=2022,
    abstract="arXiv's",
    published=date(2022, 12, 20),
)
S2 = said(
    "semantic_scholar",
    title="From S2",
    authors=("A. Lee",),
    year=2023,
    venue="ACL",
    abstract="S2's",
    published=date(2023, 7, 1),
)
ACL = said(
    "acl_anthology",
    title="From ACL",
    authors=("Ann Lee", "Bo Kim"),
    year=2023,
    venue="ACL 2023",
    abstract="ACL's",
)
LISTED = places(entry("From a list", authors="Lee and Kim", venue="NeurIPS", year=2021))


@pytest.mark.parametrize(
    ("records", "field", "expected"),
    [
        pytest.param([ARXIV, S2, ACL], "title", "From ACL", id="the publisher's title"),
        pytest.param([S2, ARXIV], "title", "From arXiv", id="the authors' before an aggregator's"),
        pytest.param([], "title", "From a list", id="the list's, if nobody else's"),
        pytest.param([said("arxiv"), S2], "title", "From S2", id="who says nothing does not count"),
        pytest.param([ARXIV, ACL], "authors", ("Ann Lee", "Bo Kim"), id="the publisher's authors"),
        pytest.param([], "authors", ("Lee", "Kim"), id="the list's authors"),
        pytest.param([ARXIV, S2], "year", 2023, id="the year of publication, not of the deposit"),
        pytest.param([ARXIV], "year", 2022, id="the year of the deposit"),
        pytest.param([], "year", 2021, id="the list's year"),
        pytest.param([ARXIV, S2], "published", date(2022, 12, 20), id="the day of the deposit"),
        pytest.param([ARXIV, S2, ACL], "abstract", "ACL's", id="the publisher's abstract"),
        pytest.param([ARXIV, S2], "abstract_source", "arxiv", id="and whose it is"),
        pytest.param([], "abstract", None, id="no abstract"),
        pytest.param([], "lists", ("list",), id="where it is listed"),
    ],
)
def test_whom_a_field_is_taken_from(records: list[Observed], field: str, expected: object) -> None:
    assert getattr(paper(*records, place=LISTED), field) == expected


@pytest.mark.parametrize(
    ("known", "statuses", "expected"),
    [
        pytest.param("arxiv:1", {}, PREPRINT, id="on arXiv"),
        pytest.param("doi:1", {}, None, id="nobody said"),
        pytest.param("acl:P19-1001", {}, PUBLISHED, id="numbered by the Anthology"),
        pytest.param(
            "arxiv:1 acl:P19-1001", {"arxiv": PREPRINT}, PUBLISHED, id="on arXiv and in it"
        ),
        pytest.param("arxiv:1", {"semantic_scholar": PUBLISHED}, PUBLISHED, id="published since"),
        pytest.param(
            "arxiv:1",
            {"arxiv": WITHDRAWN, "semantic_scholar": PUBLISHED},
            WITHDRAWN,
            id="withdrawn from arXiv",
        ),
        pytest.param(
            "arxiv:1", {"semantic_scholar": WITHDRAWN}, PREPRINT, id="withdrawn, says an aggregator"
        ),
        pytest.param("doi:1", {"semantic_scholar": RETRACTED}, RETRACTED, id="retracted"),
        pytest.param("openreview:1", {"openreview": REJECTED}, REJECTED, id="rejected"),
        pytest.param(
            "arxiv:1 openreview:1", {"openreview": REJECTED}, PREPRINT, id="rejected, and on arXiv"
        ),
        pytest.param(
            "openreview:1",
            {"openreview": REJECTED, "semantic_scholar": PUBLISHED},
            PUBLISHED,
            id="rejected, published elsewhere",
        ),
        pytest.param(
            "openreview:1", {"openreview": WITHDRAWN}, WITHDRAWN, id="withdrawn submission"
        ),
    ],
)
def test_status(known: str, statuses: dict[str, Status], expected: Status | None) -> None:
    told = [said(source, status=status) for source, status in statuses.items()]
    assert paper(*told, known=known).status == expected


@pytest.mark.parametrize(
    ("known", "venues", "expected"),
    [
        pytest.param("doi:1", {"semantic_scholar": "ACL"}, "ACL", id="one venue"),
        pytest.param(
            "acl:1",
            {"acl_anthology": "ACL 2023", "semantic_scholar": "Annual Meeting"},
            "ACL 2023",
            id="the publisher's name of it",
        ),
        pytest.param(
            "arxiv:1", {"semantic_scholar": "arXiv.org"}, "arXiv", id="one name for arXiv"
        ),
        pytest.param(
            "arxiv:1", {"semantic_scholar": "CoRR abs/2305.11206"}, "arXiv", id="also CoRR"
        ),
        pytest.param(
            "arxiv:1",
            {"semantic_scholar": "arXiv.org", "list": "NeurIPS"},
            "arXiv",
            id="a preprint, whatever the list hopes",
        ),
        pytest.param("arxiv:1", {"list": "NeurIPS"}, "NeurIPS", id="as the list says"),
        pytest.param(
            "arxiv:1 acl:1",
            {"semantic_scholar": "arXiv.org", "list": "ACL"},
            "ACL",
            id="published: not the preprint server",
        ),
        pytest.param("doi:1", {}, None, id="nobody said"),
    ],
)
def test_venue(known: str, venues: dict[str, str], expected: str | None) -> None:
    told = [said(source, venue=venue) for source, venue in venues.items() if source != "list"]
    found = paper(*told, known=known, place=places(entry("T", venue=venues.get("list"))))
    assert found.venue == expected


@pytest.mark.parametrize(
    ("known", "field", "expected"),
    [
        pytest.param("arxiv:1", "arxiv_id", "1", id="arXiv"),
        pytest.param("doi:10.1/x doi:10.48550/arxiv.1", "doi", "10.1/x", id="the publisher's DOI"),
        pytest.param("doi:10.48550/arxiv.1", "doi", "10.48550/arxiv.1", id="arXiv's DOI, else"),
        pytest.param("s2:CorpusID:7 s2:aa", "s2_id", "aa", id="sha"),
        pytest.param("s2:CorpusID:7 s2:aa", "s2_corpus_id", "7", id="corpus id"),
        pytest.param("arxiv:1", "open_access_pdf", "https://arxiv.org/pdf/1", id="arXiv's PDF"),
        pytest.param(
            "acl:P19-1001",
            "open_access_pdf",
            "https://aclanthology.org/P19-1001.pdf",
            id="the Anthology's PDF",
        ),
        pytest.param("doi:10.1/x", "open_access_pdf", None, id="no PDF"),
    ],
)
def test_identifiers(known: str, field: str, expected: object) -> None:
    assert getattr(paper(known=known), field) == expected


def test_an_elided_abstract_never_erases_a_stored_one() -> None:
    old = paper(S2)
    new = paper(said("semantic_scholar", title="From S2"), old=old)
    assert (new.abstract, new.abstract_source) == ("S2's", "semantic_scholar")


@pytest.mark.parametrize(
    ("told", "checked"),
    [
        pytest.param(5, night(1), id="told again"),
        pytest.param(0, night(0), id="a fall that waits is no check"),
        pytest.param(None, night(0), id="nor is a null"),
    ],
)
def test_when_a_count_was_checked(told: int | None, checked: datetime) -> None:
    count = Count("p1", "semantic_scholar", night(0), 5, 1)
    old = paper(said("semantic_scholar", night(0), citation_count=5), count=count, now=night(0))
    new = paper(said("semantic_scholar", citation_count=told), count=count, old=old)
    assert (new.citation_count, new.citations_checked_at) == (5, checked)
    assert new.updated_at == night(0)


def test_updated_at_stays_where_nothing_changed() -> None:
    old = paper(ARXIV, now=night(0))
    assert paper(ARXIV, old=old) == old
    assert paper(ARXIV, ACL, old=old).updated_at == night(1)


def test_changes_are_told_as_text() -> None:
    old = paper(ARXIV, known="arxiv:1")
    new = replace(paper(ARXIV, ACL, known="arxiv:1 acl:1"), abstract="x" * 1000)
    told = {change.field: (change.old, change.new) for change in changes(old, new, night(1))}
    assert told["status"] == ("preprint", "published")
    assert told["authors"] == ("Ann Lee", "Ann Lee; Bo Kim")
    assert told["acl_id"] == (None, "1")
    assert len(told["abstract"][1] or "") == 300
    assert not told.keys() & {"updated_at", "citations_checked_at", "paper_id"}


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        pytest.param([entry("A", venue="ICML")], {"title": "A", "venue": "ICML"}, id="one entry"),
        pytest.param(
            [entry("A"), entry("B", year=2020)],
            {"title": "A", "year": 2020},
            id="the first that says it",
        ),
        pytest.param(
            [entry(None, label="DPO"), entry("Direct")],
            {"title": "Direct"},
            id="a title before a nick",
        ),
        pytest.param([entry(None, label="DPO")], {"title": None}, id="a nick is no title"),
        pytest.param([entry("A", authors="Lee et al.")], {"authors": ()}, id="et al. is no list"),
        pytest.param([entry("A", authors="LEE ET AL.")], {"authors": ()}, id="nor in capitals"),
        pytest.param(
            [entry("A", authors="Ann Lee, Bo Kim, and Di Yu")],
            {"authors": ("Ann Lee", "Bo Kim", "Di Yu")},
            id="a whole list of authors",
        ),
        pytest.param(
            [entry("A", authors="Sandy Anderson")],
            {"authors": ("Sandy Anderson",)},
            id="no and inside a name",
        ),
        pytest.param([entry("A", authors=" , ; ")], {"authors": ()}, id="only commas"),
    ],
)
def test_what_the_lists_say(entries: list[Any], expected: dict[str, object]) -> None:
    found: Record = listed("p1", places(*entries))
    assert {name: getattr(found, name) for name in expected} == expected


def test_a_live_entry_speaks_before_a_former_one() -> None:
    gone, live = places(entry("Old")) + places(entry("New"), name="other")
    assert listed("p1", [replace(gone, removed_at=night(1)), live]).title == "New"
    assert paper(place=(replace(gone, removed_at=night(1)), live)).lists == ("other",)
