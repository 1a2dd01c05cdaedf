"""The report in a real browser: an installed Chromium, driven by Playwright.

Nothing is downloaded: without a Chromium these tests are skipped.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from enrich.library import Candidate, Reason, Verdict
from enrich.model import SourceState, Status
from enrich.papers import Change
from enrich.report.facts import Facts, Moved, Point
from enrich.report.page import SHOWN, render
from enrich.runs import Run, SourceRun
from tests.reports import BEFORE, facts, place, work
from tests.values import DAY, NIGHT

pytestmark = pytest.mark.slow

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
HOSTILE = "<script>alert(1)</script>"
MANY = 130


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip("no Chromium is installed (Debian: apt install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


def everything() -> Facts:
    """Facts that fill every part of the page."""
    papers = [
        work(
            *(f"p{n}", f"Work number {n}"),
            **{"citation_count": 1000 - n, "year": 2000 + n % 20, "arxiv_id": f"2401.{n:05}"},
            **{"authors": ("José Núñez", "A. Writer"), "abstract": "Words. " * 40},
            **{"abstract_source": "arxiv", "citation_source": "semantic_scholar"},
            citations_checked_at=NIGHT - n % 9 * DAY,
        )
        for n in range(MANY)
    ]
    papers += [
        work("x", HOSTILE, authors=(HOSTILE,), venue=HOSTILE, abstract=HOSTILE, citation_count=0),
        work("old", "Zoological notes", year=None, status=None, venue=None),
        work("gone", "A withdrawn work", status=Status.WITHDRAWN, citation_count=7),
    ]
    entries = [
        place(p.paper_id, n, "arxiv:2401.00001", section=("Papers", f"Part {n % 3}"))
        for n, p in enumerate(papers, start=1)
    ]
    entries += [
        place("p1", 901, section=("Papers", "Part 1")),
        place("old", 1, name="second", section=("More", "Old things")),
        place(
            *("x", 902),
            **{"verdict": Verdict.AMBIGUOUS, "reason": Reason.SEVERAL_WORKS},
            candidates=(Candidate("arxiv", "2401.00002", HOSTILE, 0.5),),
        ),
        place("old", 903, verdict=Verdict.NOT_FOUND, reason=Reason.UNKNOWN_TITLE),
        place("p2", 904, removed_at=NIGHT),
    ]
    states = (SourceState.OK, SourceState.DEGRADED, SourceState.DOWN)
    history = {
        "curves": {f"p{n}": [Point(BEFORE, 900), Point(NIGHT, 1000 - n)] for n in range(MANY)},
        "baselines": {f"p{n}": Point(BEFORE, 990 - n % 7) for n in range(MANY)},
        "gained": [((NIGHT - n * DAY).date(), n) for n in range(20, -1, -1)],
        "changes": [Change("p3", "status", "preprint", "published", NIGHT)],
        "since_last": Moved(3, 12),
        "runs": [
            Run(f"r{n}", "refresh", "ok", NIGHT - n * DAY, NIGHT, "0.1", "{}") for n in range(3)
        ],
        "parts": [
            SourceRun(f"r{n}", source, 3 + n, 0, 0, n, 9, 8, 1, 1.0, states[n])
            for n in range(3)
            for source in ("arxiv", "semantic_scholar")
        ],
    }
    return facts(papers, entries, history, simulated=True)


@pytest.fixture(scope="module")
def html(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(render(everything(), "mark"))
    return path


@pytest.fixture
def page(chromium: Browser, html: Path) -> Iterator[Page]:
    """The report, open; at the end nothing was asked for, and nothing complained."""
    asked: list[str] = []
    said: list[str] = []
    tab = chromium.new_page(viewport={"width": 1280, "height": 900})
    tab.set_default_timeout(5_000)
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("console", lambda message: said.append(message.text))
    tab.on("pageerror", lambda error: said.append(str(error)))
    tab.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    tab.goto(html.as_uri())
    yield tab
    tab.close()
    assert asked == [html.as_uri()]
    assert said == []


def titles(page: Page) -> list[str]:
    found: list[str] = page.evaluate(
        "() => [...document.querySelectorAll('#table .t')].map((each) => each.textContent)"
    )
    return found


def found(page: Page) -> str:
    return page.inner_text("#found")


def test_sorting(page: Page) -> None:
    assert titles(page)[:2] == ["Work number 0", "Work number 1"]
    head = page.locator("#table").get_by_role("columnheader", name="Work", exact=True)
    head.get_by_role("button").click()
    assert titles(page)[:2] == [HOSTILE, "A withdrawn work"]
    assert head.get_attribute("aria-sort") == "ascending"
    head.get_by_role("button").click()
    assert titles(page)[:2] == ["Zoological notes", "Work number 129"]
    assert head.get_attribute("aria-sort") == "descending"
    page.get_by_role("button", name="Citations").click()
    page.get_by_role("button", name="Show all").click()
    assert titles(page)[0] == "Work number 0"
    assert titles(page)[-2:] == [HOSTILE, "Zoological notes"]  # zero comes before not told
    page.get_by_role("button", name="Venue").click()
    page.get_by_role("button", name="Show all").click()
    assert titles(page)[-1] == "Zoological notes"
    assert page.locator("[aria-sort]").count() == 1


@pytest.mark.parametrize(
    ("typed", "first", "count"),
    [
        pytest.param("NOTES zoo", "Zoological notes", 1, id="words of the title"),
        pytest.param("NUNEZ 2401.00042", "Work number 42", 1, id="author and identifier"),
        pytest.param("second:1", "Zoological notes", 1, id="a place in a list"),
        pytest.param("<script>", HOSTILE, 1, id="markup is text"),
        pytest.param("old things", "Zoological notes", 1, id="a section"),
    ],
)
def test_search(page: Page, typed: str, first: str, count: int) -> None:
    page.get_by_label("Search").press_sequentially(typed)
    assert titles(page)[0] == first
    assert found(page) == f"{count} of {MANY + 3} works"
    page.get_by_role("button", name="Clear").click()
    page.wait_for_function("document.getElementById('table').tBodies[0].rows.length > 1")
    assert found(page) == f"{MANY + 3} works"


def test_a_search_without_a_hit_says_so(page: Page) -> None:
    page.get_by_label("Search").fill("no such thing")
    assert titles(page) == []
    assert found(page) == f"0 of {MANY + 3} works"


@pytest.mark.parametrize(
    ("label", "choice", "count"),
    [
        pytest.param("List or section", "All of second (1)", 1, id="list"),
        pytest.param("List or section", "Part 1 (46)", 46, id="section"),
        pytest.param("Year", "2003", 7, id="year"),
        pytest.param("Year", "not known", 1, id="no year"),
        pytest.param("Status", "withdrawn", 1, id="status"),
        pytest.param("Status", "not known", 1, id="no status"),
    ],
)
def test_filters(page: Page, label: str, choice: str, count: int) -> None:
    page.get_by_label(label).select_option(label=choice)
    assert found(page) == f"{count} of {MANY + 3} works"
    assert len(titles(page)) == count


def test_more_is_shown_on_demand(page: Page) -> None:
    assert len(titles(page)) == SHOWN
    page.get_by_role("button", name=f"Show {SHOWN} more").click()
    assert len(titles(page)) == 2 * SHOWN
    assert page.evaluate("document.activeElement.textContent") == f"Work number {SHOWN}"
    page.get_by_role("button", name="Show all").click()
    assert len(titles(page)) == MANY + 3
    assert page.locator("#more").is_hidden()


def test_everything_works_by_keyboard(page: Page) -> None:
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the works"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "find"
    page.keyboard.type("withdrawn")
    assert titles(page) == ["A withdrawn work"]
    for _ in range(5):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Work"
    page.keyboard.press("Enter")
    assert page.locator("th[data-key=title]").get_attribute("aria-sort") == "ascending"
    for _ in range(6):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Details"
    page.keyboard.press("Enter")
    assert page.locator("#table").get_by_text("list:133", exact=True).is_visible()


def test_a_hostile_title_is_text(page: Page) -> None:
    page.get_by_label("Search").fill("alert(1)")
    assert page.locator("#table .t").inner_text() == HOSTILE


def test_paper_gets_all_that_is_chosen(page: Page) -> None:
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert len(titles(page)) == MANY + 3
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert len(titles(page)) == SHOWN
    page.emulate_media(media="print")
    assert page.locator("form").is_hidden()
    assert page.get_by_text("invented by the sandbox").first.is_visible()


def test_without_scripts_the_first_works_are_there(chromium: Browser, html: Path) -> None:
    context = chromium.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(html.as_uri())
    assert tab.locator("#table tbody tr").count() == SHOWN
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_nothing_serious(page: Page, scheme: Any, width: int) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    page.evaluate(
        "document.querySelectorAll('details').forEach((each, n) => each.open = n % 9 < 3)"
    )
    bad = [
        (each["id"], [node["target"] for node in each["nodes"][:3]])
        for each in Axe().run(page).response["violations"]
        if each["impact"] in ("serious", "critical")
    ]
    assert bad == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
