"""What the report says: each part from small facts, and the page that shows them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest

from enrich.library import Candidate, Place, Reason, Verdict
from enrich.model import Outcome, SourceState, Status
from enrich.papers import Change
from enrich.report import faults as amiss
from enrich.report import holdings
from enrich.report import page as page_module
from enrich.report import table as report_table
from enrich.report.facts import Facts, Held, Moved, Point
from enrich.report.fingerprint import mark_of
from enrich.report.movers import movers
from enrich.report.news import news
from enrich.report.page import render
from enrich.report.services import services
from enrich.report.shelves import shelve
from enrich.report.sparkline import line
from enrich.report.table import links, page_of
from enrich.report.wording import venue
from enrich.runs import Run, SourceRun
from tests.reports import BEFORE, facts, place, work
from tests.values import DAY, NIGHT


def change(field: str, old: str | None, new: str | None, days: int = 0) -> Change:
    return Change("p1", field, old, new, NIGHT - days * DAY)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        pytest.param([], {}, id="nothing"),
        pytest.param(
            [change("status", "preprint", "published")],
            {"Published": [("status", "preprint", "published")]},
            id="a preprint was published",
        ),
        pytest.param(
            [change("status", "published", "retracted")],
            {"Withdrawn, retracted or rejected": [("status", "published", "retracted")]},
            id="retracted",
        ),
        pytest.param(
            [change("venue", "B", "C"), change("venue", "A", "B", days=2)],
            {"Venue": [("venue", "A", "C")]},
            id="two steps are told as one",
        ),
        pytest.param(
            [change("venue", "B", "A"), change("venue", "A", "B", days=2)],
            {},
            id="there and back again is no news",
        ),
        pytest.param(
            [change("venue", "A", "B", days=9)], {}, id="before the time that is asked for"
        ),
        pytest.param(
            [change("acl_id", None, "2024.acl-long.1"), change("doi", None, "10.1/x")],
            {
                "Identifiers": [
                    ("acl_id", None, "2024.acl-long.1"),
                    ("doi", None, "10.1/x"),
                ]
            },
            id="identifiers together",
        ),
        pytest.param([change("abstract_source", "list", "arxiv")], {}, id="bookkeeping is no news"),
    ],
)
def test_changes_are_told_once_and_by_kind(changes: list[Change], told: dict[str, Any]) -> None:
    found = news(facts([work("p1")], history={"changes": changes}), NIGHT - 7 * DAY, Moved())
    assert {g.name: [tuple(e[1:]) for e in g.edits] for g in found.groups} == told
    assert found.is_quiet == (not told)


def test_what_is_new_is_not_told_twice() -> None:
    new = work("p2", "New", first_seen_at=NIGHT)
    found = news(
        facts(
            [work("p1"), new],
            [
                place("p1", 1),
                place("p1", 2, first_seen_at=NIGHT),
                place("p2", 3, first_seen_at=NIGHT),
                place("p1", 4, removed_at=NIGHT),
                place("p1", 5, removed_at=BEFORE),
            ],
            {"changes": [Change("p2", "venue", None, "ACL", NIGHT)]},
        ),
        NIGHT,
        Moved(),
    )
    assert [paper.paper_id for paper in found.works] == ["p2"]
    assert [each.line for each in found.joined] == [2]
    assert [each.line for each in found.left] == [4]
    assert not found.groups


def test_movers_are_those_that_moved_most() -> None:
    counts = {"up": 12, "down": 1, "same": 5, "new": 9, "untold": None, "zero": 0}
    papers = [work(name, name, citation_count=n) for name, n in counts.items()]
    before = {"up": 10, "down": 8, "same": 5, "zero": 0}
    baselines = {name: Point(NIGHT - 7 * DAY, n) for name, n in before.items()}
    found = movers(facts(papers, history={"baselines": baselines}))
    assert [(m.paper.paper_id, m.before, m.gained) for m in found] == [
        ("down", 8, -7),
        ("up", 10, 2),
    ]


@pytest.mark.parametrize(
    ("kind", "entries", "lines"),
    [
        pytest.param(
            "superseded", [place("p1", 1, venue="arXiv preprint")], [1], id="called a preprint"
        ),
        pytest.param("superseded", [place("p1", 1, venue="ICML")], [], id="called something else"),
        pytest.param("superseded", [place("p1", 1)], [], id="of no venue"),
        pytest.param("superseded", [place("p2", 1, venue="arXiv")], [], id="still a preprint"),
        pytest.param(
            "superseded", [place("p1", 1, venue="arXiv", year=2025)], [], id="a later preprint"
        ),
        pytest.param("warned", [place("p3", 1), place("p1", 2)], [1], id="withdrawn"),
        pytest.param(
            "mismatched", [place("p1", 1, reason=Reason.MISMATCHED)], [1], id="mismatched"
        ),
        pytest.param("waiting", [place("p1", 1, reason=Reason.MISMATCHED)], [], id="not twice"),
        pytest.param(
            "waiting",
            [place("p1", 1, verdict=Verdict.AMBIGUOUS, reason=Reason.SEVERAL_WORKS)],
            [1],
            id="ambiguous",
        ),
        pytest.param(
            "unknown",
            [
                place("p1", 1, verdict=Verdict.NOT_FOUND, reason=Reason.UNKNOWN_TITLE),
                place("p1", 2, verdict=Verdict.UNAVAILABLE, reason=Reason.SOURCE_DOWN),
            ],
            [1, 2],
            id="not identified",
        ),
        pytest.param("warned", [place("p3", 1, removed_at=NIGHT)], [], id="has left the list"),
        pytest.param("waiting", [place(None, 1)], [], id="names no paper"),
    ],
)
def test_faults(kind: str, entries: list[Place], lines: list[int]) -> None:
    papers = [
        work("p1"),
        work("p2", status=Status.PREPRINT, venue="arXiv"),
        work("p3", status=Status.WITHDRAWN),
    ]
    found = getattr(amiss.faults(facts(papers, entries)), kind)
    assert [getattr(each, "place", each).line for each in found] == lines


def test_what_a_person_decided_waits_no_longer() -> None:
    entries = [
        place("p1", n, verdict=Verdict.AMBIGUOUS, reason=Reason.SEVERAL_WORKS) for n in (1, 2)
    ]
    given = facts([work("p1")], entries, decided=frozenset({entries[0].entry_id}))
    assert [each.line for each in amiss.faults(given).waiting] == [2]


def test_doubles_are_within_one_list() -> None:
    entries = [place("p1", 1), place("p1", 2), place("p1", 1, name="other"), place("p2", 3)]
    [double] = amiss.faults(facts([work("p1"), work("p2")], entries)).doubles
    assert [(each.list_id, each.line) for each in double.places] == [("list", 1), ("list", 2)]


def test_ages_leave_nothing_out() -> None:
    asked = [None, NIGHT, NIGHT - DAY, NIGHT - 2 * DAY, NIGHT - 20 * DAY, NIGHT - 90 * DAY]
    found = holdings.ages(Counter(asked), NIGHT)
    assert list(found.values()) == [2, 1, 1, 1, 1]


def test_unknown_zero_and_failed_stay_three_things() -> None:
    papers = [work("p1", citation_count=0), work("p2")]
    answers = [
        Held("arxiv", Outcome.FAILED, 1, BEFORE),
        Held("arxiv", Outcome.OK, 1, NIGHT),
    ]
    given = facts(papers, history={"answers": answers})
    shares = {share.what: share.have for share in holdings.coverage(papers)}
    assert (shares["Citation count"], shares["DOI"]) == (1, 0)
    assert holdings.sources(answers) == [("arxiv", 1, 0, 1, BEFORE)]
    page = render(given, "")
    assert '<td class="n">0</td>' in page
    assert '<td class="n">–</td>' in page


def test_shelves_follow_the_headings() -> None:
    top = ("List", "Papers")
    entries = [
        place("p1", 1, section=(*top, "B")),
        place("p2", 2, section=(*top, "B", "B.1")),
        place("p3", 3, section=(*top, "A")),
        place("p1", 4, section=(*top, "A")),
        place(None, 5, section=(*top, "Tools")),
    ]
    found = shelve(entries)
    assert [(s.depth, s.name, s.works) for s in found.shelves] == [
        *((0, "list", 3), (1, "B", 2), (2, "B.1", 1), (1, "A", 2)),
    ]
    assert found.of_work == {"p1": [0, 1, 3], "p2": [0, 1, 2], "p3": [0, 3]}


@pytest.mark.parametrize(
    ("points", "path"),
    [
        pytest.param([], "", id="none"),
        pytest.param([Point(NIGHT - 4 * DAY, 7)], "M2 10L70 10", id="never changed: level"),
        pytest.param(
            [Point(NIGHT - 4 * DAY, 1), Point(NIGHT - 2 * DAY, 3)],
            "M2 18L36 2L70 2",
            id="the last count holds to the end",
        ),
        pytest.param([Point(NIGHT, 7)], "M70 10L70 10", id="known since tonight"),
    ],
)
def test_sparkline(points: list[Point], path: str) -> None:
    assert line(points, NIGHT - 4 * DAY, NIGHT) == path


def run(n: int) -> Run:
    at = NIGHT - n * DAY
    return Run(f"r{n}", "refresh", "ok", at, at, "0.1", "{}")


def part(n: int, source: str, state: SourceState = SourceState.OK) -> SourceRun:
    return SourceRun(f"r{n}", source, 3, 1, 2, 1, 9, 8, 1, 1.0, state)


def test_services_over_the_last_runs() -> None:
    parts = [part(0, "arxiv", SourceState.DOWN), part(2, "arxiv"), part(1, "openreview")]
    found = services([run(0), run(1), run(2)], parts)
    assert [each.source for each in found] == ["arxiv", "openreview"]
    assert [p and p.state for p in found[0].parts] == ["ok", None, "down"]
    assert (found[0].requests, found[0].rate_limited, found[0].failures) == (6, 4, 2)
    assert found[1].last is not None
    assert found[1].last.state == "ok"


@pytest.mark.parametrize(
    ("ids", "leads_to"),
    [
        pytest.param({}, None, id="nowhere"),
        pytest.param({"arxiv_id": "2401.1"}, "https://arxiv.org/abs/2401.1", id="arXiv"),
        pytest.param(
            {"arxiv_id": "2401.1", "doi": "10.48550/arxiv.2401.1"},
            "https://arxiv.org/abs/2401.1",
            id="arXiv's own DOI is no publication",
        ),
        pytest.param(
            {"arxiv_id": "2401.1", "doi": "10.1145/1.2"}, "https://doi.org/10.1145/1.2", id="DOI"
        ),
        pytest.param(
            {"acl_id": "2024.acl-long.1", "doi": "10.1145/1.2"},
            "https://aclanthology.org/2024.acl-long.1/",
            id="the Anthology first",
        ),
    ],
)
def test_a_title_leads_to_the_publication(ids: dict[str, str], leads_to: str | None) -> None:
    assert page_of(work("p1", **ids)) == leads_to


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "JAVASCRIPT:x", "//x.org", "file:///x"]
)
def test_only_addresses_of_the_web_become_links(address: str) -> None:
    assert not links(work("p1", open_access_pdf=address))
    assert address not in render(facts([work("p1", open_access_pdf=address)]), "")


HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


def hostile() -> Facts:
    """Facts in which every text that lists and sources supply is an attack."""
    found = place(
        *("p1", 1, "arxiv:2401.00001"),
        **{"title": HOSTILE, "section": (HOSTILE, HOSTILE), "venue": HOSTILE},
        **{"verdict": Verdict.AMBIGUOUS, "reason": Reason.MISMATCHED},
        candidates=(
            Candidate("arxiv", HOSTILE, HOSTILE, 0.5),
            Candidate("javascript", "alert(3)", HOSTILE, 0.4),
        ),
    )
    told = work(
        *("p1", HOSTILE),
        **{"authors": (HOSTILE, "\u202eevil"), "venue": HOSTILE, "abstract": HOSTILE},
        **{"abstract_source": HOSTILE, "doi": "10.1/" + HOSTILE, "citation_count": 3},
        **{"citation_source": HOSTILE, "citations_checked_at": NIGHT, "status": Status.WITHDRAWN},
        open_access_pdf=f'https://x.org/"{HOSTILE}',
    )
    history = {
        "curves": {"p1": [Point(BEFORE, 1), Point(NIGHT, 3)]},
        "baselines": {"p1": Point(BEFORE, 1)},
        "gained": [(BEFORE.date(), 2), (NIGHT.date(), 3)],
        "changes": [change("venue", HOSTILE, HOSTILE + "!"), change("title", None, HOSTILE)],
        "runs": [run(0)],
        "parts": [part(0, HOSTILE)],
    }
    others = [replace(found, entry_id=f"x{n}", line=n) for n in (2, 3)]
    left = replace(found, entry_id="left", removed_at=NIGHT)
    return facts([told], [found, *others, left], history)


class Page(HTMLParser):
    """A page's elements, and its text without styles and scripts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1][0] not in ("style", "script"):
            self.text += data


def test_hostile_text_is_only_text() -> None:
    page = Page(render(hostile(), ""))
    assert [tag for tag, _ in page.tags].count("script") == 1
    assert not [tag for tag, _ in page.tags if tag in ("img", "iframe", "object", "base")]
    assert not [name for _, attrs in page.tags for name in attrs if name.startswith("on")]
    assert page.text.count("<script>alert(1)</script>") > 10
    assert "\u202e" not in page.text
    for _, attrs in page.tags:
        assert (attrs.get("href") or "https:").startswith(("https:", "#", "data:image/svg"))


def test_the_page_asks_nobody() -> None:
    html = render(hostile(), "")
    page = Page(html)
    assert not [a for _, a in page.tags if {"src", "srcset", "poster", "action", "style"} & set(a)]
    assert not re.search(r"url\(|@import|fetch\(|XMLHttp|import\(", html)
    [policy] = [a["content"] for _, a in page.tags if a.get("http-equiv")]
    assert policy is not None
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy


def test_what_is_simulated_says_so() -> None:
    html = render(facts([work("p1", citation_count=1)], simulated=True), "")
    assert "<title>SIMULATED: " in html
    assert "invented by the sandbox" in Page(html).text
    assert "simulated" not in Page(render(facts([work("p1")]), "")).text.lower()


def test_an_empty_snapshot_and_a_first_one_have_a_page() -> None:
    text = Page(render(facts(history={"previous": None}), "")).text
    assert "This is the first snapshot" in text
    assert "0 works" in text


def test_what_to_type_is_said() -> None:
    text = Page(render(hostile(), "")).text
    assert "papertide review accept list:1 2" in text
    assert "papertide review reject list:1" in text


def large(count: int) -> Facts:
    """Works with ever more citations, the first three of a section that has no others."""
    papers = [work(f"p{n}", f"Title {n}", citation_count=n, year=2000 + n) for n in range(count)]
    entries = [
        place(p.paper_id, n, section=("Papers", "Seldom cited" if n < 3 else "Others"))
        for n, p in enumerate(papers)
    ]
    return facts(papers, entries)


def test_a_table_that_is_too_large_says_what_it_leaves_out(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Page(render(large(6), "")).text
    assert "left out, so that" not in whole
    assert "Seldom cited (3)" in whole
    monkeypatch.setattr(report_table, "LARGEST", 4)
    html = render(large(6), "")
    text = Page(html).text
    assert html.count("<tr data-y=") == 4
    assert "holds the 4 most cited of 6 works; 2 are left out" in text
    assert "papertide export" in text
    assert "Title 2" in text
    assert "Title 1" not in text.partition("Works")[2]
    assert "Seldom cited (1 of 3)" in text
    assert "All of list (4 of 6)" in text
    assert "<option>2001</option>" not in html  # nothing would be found
    assert "6 entries of 1 list name 6 works" in text
    assert "<strong>15</strong> citations" in html
    monkeypatch.setattr(report_table, "LARGEST", 3)
    assert "Seldom cited" not in Page(render(large(6), "")).text


def test_a_work_named_everywhere_does_not_fill_the_page() -> None:
    given = facts([work("p1")], [place("p1", n) for n in range(1, 31)])
    text = Page(render(given, "")).text
    assert "5 more places" in text
    assert "and 5 more" in text
    assert text.count("list:25") == 2
    assert "list:26" not in text


@pytest.mark.parametrize(
    ("kind", "command"),
    [
        pytest.param({"verdict": Verdict.NOT_FOUND}, "papertide export", id="not identified"),
        pytest.param({"verdict": Verdict.AMBIGUOUS}, "papertide review", id="to be decided"),
        pytest.param({"venue": "arXiv"}, "papertide check FILE", id="superseded"),
    ],
)
def test_long_lists_of_faults_end(
    monkeypatch: pytest.MonkeyPatch, kind: dict[str, Any], command: str
) -> None:
    given = facts([work("p1")], [place("p1", n, name=f"list{n}", **kind) for n in range(4)])
    assert "These are the first" not in Page(render(given, "")).text
    monkeypatch.setattr(page_module, "CASES", 3)
    text = Page(render(given, "")).text
    assert re.search(rf"These are the first 3\. {command}[^.]* tells all 4\.", text)


def test_a_page_is_recognised_by_its_mark() -> None:
    assert mark_of(render(facts(), "abc123")[:4096]) == "abc123"
    assert mark_of("<!doctype html><title>Mine</title>") is None


@pytest.mark.parametrize(
    ("name", "short"),
    [
        pytest.param(None, None, id="none"),
        pytest.param("arXiv", "arXiv", id="arXiv"),
        pytest.param("ICLR 2023 Poster", "ICLR", id="without year and kind"),
        pytest.param(
            "Proceedings of the 62nd Annual Meeting of the Association for Computational "
            "Linguistics (Volume 1: Long Papers)",
            "ACL",
            id="proceedings",
        ),
        pytest.param("A Journal of Its Own", "A Journal of Its Own", id="no short name"),
    ],
)
def test_venues_go_by_their_short_names(name: str | None, short: str | None) -> None:
    assert venue(name) == short
