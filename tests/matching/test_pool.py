"""Papers known of from anywhere, as candidates for a title."""

from __future__ import annotations

from enrich.library import Work
from enrich.matching.pool import Pool, of_place, of_record, of_work, wanted
from enrich.matching.values import Known, Wanted
from enrich.titles import key
from tests.values import NIGHT, entry, ids, places, record

TITLE = "Self-Rewarding Language Models"
LISTED = Known("list", ids("arxiv:2401.10020"), TITLE)
INDEXED = Known("acl_anthology", ids("acl:2024.acl-long.1"), TITLE.upper(), ("Weizhe Yuan",))
LIKE = Known("acl_anthology", ids("acl:2024.acl-long.2"), "Rewarding Language Models")


def test_the_same_and_the_near_each_once() -> None:
    pool = Pool([LISTED, LISTED, LIKE], {key(TITLE): [INDEXED, LIKE]})
    assert pool.same(TITLE.lower()) == [INDEXED, LISTED]
    assert pool.near(TITLE) == [INDEXED, LIKE, LISTED]


def test_what_has_no_identifier_or_no_title_is_no_candidate() -> None:
    pool = Pool([LISTED._replace(identifiers=()), LISTED._replace(title="…")])
    assert (pool.same(TITLE), pool.near(TITLE), pool.near(""), pool.same("")) == ([], [], [], [])


def test_the_catalogue_answers_for_the_title_that_was_looked_up() -> None:
    pool = Pool([], {key("Another Title"): [LIKE]})
    assert (pool.same("Another Title"), pool.near("Another Title")) == ([], [LIKE])
    assert pool.near(TITLE) == []


def test_a_record_has_the_identifier_it_was_asked_by_and_what_that_states() -> None:
    told = record("arxiv:2212.10560", TITLE, "doi:10.48550/arxiv.2401.10020", year=2023)
    known = of_record(told)
    assert set(known.identifiers) == {
        *ids("doi:10.48550/arxiv.2401.10020", "arxiv:2401.10020", "arxiv:2212.10560")
    }
    assert (known.source, known.title, known.year) == ("semantic_scholar", TITLE, 2023)


def test_a_place_says_what_its_list_says() -> None:
    (place,) = places(entry(TITLE, "arxiv:2401.10020", authors="Yuan, Cho et al.", year=2024))
    assert wanted(place) == Wanted(TITLE, "Yuan, Cho et al.", None, 2024)
    assert of_place(place) == LISTED._replace(authors=("Yuan", "Cho"), year=2024)
    (nameless,) = places(entry(None, label="FLARE"))
    assert wanted(nameless) == Wanted("")


def test_the_identifiers_of_a_work_are_in_order() -> None:
    known = of_work(Work("p", None, ("Weizhe Yuan",), NIGHT), ids("doi:10.1/x", "arxiv:1"))
    assert known == Known("list", ids("arxiv:1", "doi:10.1/x"), "", ("Weizhe Yuan",))
