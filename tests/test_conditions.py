"""Every condition that a provider can be in, met by a whole night (upstream-apis, section 10).

A store that had a good night meets the conditions six weeks later, when all is due again. What is
true is published, what is old stays as it was and is marked as failed, and the run says so. How a
client gets there, request by request, is in the file that `SEEN_CLOSELY` names for each row.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import zip_longest
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from enrich import bibtex
from enrich.model import Identifier, Told
from enrich.sandbox import World, running
from enrich.sandbox.server import Sandbox
from enrich.sources.semantic_scholar import SemanticScholar
from flows.night.summary import Summary
from flows.watch import Silent
from tests.nights import ONE_LIST, Store, requests

LIST = f"""{ONE_LIST}
- Query and Response Augmentation Cannot Help Out-of-domain Math Reasoning Generalization. \
[[paper](https://openreview.net/forum?id=N1hk66bz5m)]
"""
LATER, LATER_STILL = "2027-01-05T02:00:00Z", "2027-01-06T02:00:00Z"
SOURCES = ("arxiv", "semantic_scholar", "openreview", "acl_anthology")
FIELDS = ("title", "authors", "year", "venue", "status", "abstract", "citation_count")
ABOUT = f"select {', '.join(FIELDS)} from papers order by paper_id"
RECORDS = "from records order by all"
Rows = list[tuple[Any, ...]]


class Case(NamedTuple):
    """A row of the matrix. `marks`: how many works of the source are ok, not found and failed
    after the night; `requests`: at most, that it costs there; `says`: of the run's one line on it;
    `changed`: the fields of `papers` that the answers change, rightly."""

    row: str
    faults: str
    marks: tuple[int, int, int]
    requests: int
    says: str | None = None
    changed: tuple[str, ...] = ()
    settings: tuple[tuple[str, str], ...] = ()

    @property
    def source(self) -> str:
        return re.split(r"[.:]", self.faults)[0]


BLAME = "asked for next time"
QUICK = (("PAPERTIDE__SOURCES__ARXIV__TIMEOUT", "0.15"),)
GUEST = (("PAPERTIDE__SOURCES__OPENREVIEW__ANONYMOUS", "true"), ("OPENREVIEW_USERNAME", ""))
CASES = [
    Case("1: an error feed with 200", "arxiv:error-feed-200=2212.08073", (2, 2, 0), 3),
    Case("2: an error feed with 400", "arxiv:error-feed=2212.08073", (2, 2, 0), 3),
    Case("3: HTML with 200", "arxiv:html", (0, 0, 4), 4, "no Atom feed"),
    Case("3: Rate exceeded with 200", "arxiv:rate-text", (0, 0, 4), 4, "slow down"),
    Case("4: truncated XML", "arxiv:truncate", (0, 0, 4), 4, "no Atom feed"),
    Case("5: other order and versions", "arxiv:slow=0", (3, 1, 0), 2),
    Case("5: another paper's record", "arxiv:another", (0, 1, 3), 3, "does not fit"),
    Case("6: totalResults above the entries", "arxiv:total", (3, 1, 0), 2),
    Case("6: counted and not shown", "arxiv:empty-page", (0, 0, 4), 4, "does not fit"),
    Case("7: 429 again and again", "arxiv:429", (0, 0, 4), 4, "429"),
    Case("7: 429 for too long", "arxiv:429=1000", (0, 0, 4), 1, "wait 17 minutes"),
    Case("8: 414 for all", "arxiv:414", (0, 0, 4), 7, "too long"),
    Case("9: 301", "arxiv:301*1", (3, 1, 0), 3),
    Case("9: 301 to a private address", "arxiv:301=http://10.0.0.1/", (0, 0, 4), 2, "not followed"),
    Case("10: null holes, and slow", "semantic_scholar:slow=0.05", (3, 0, 0), 1),
    Case("11: no valid ids", "semantic_scholar.batch:no-ids", (0, 3, 0), 5),
    Case("12: too large", "semantic_scholar:oversize=2", (3, 0, 0), 3),
    Case("13: unsupported fields", "semantic_scholar:fields", (0, 0, 3), 1, "no longer knows"),
    Case("14: no match", "semantic_scholar.match:404", (3, 0, 0), 1),
    *(
        Case(f"15: {fault}", f"semantic_scholar:{fault}", (0, 0, 3), 2, BLAME)
        for fault in ("429", "503", "html", "truncate")
    ),
    Case("16: another paperId", "semantic_scholar:merged", (3, 0, 0), 1),
    Case("17: abstract null", "semantic_scholar:no-abstract", (3, 0, 0), 1),
    Case("18: count 0", "semantic_scholar:zero", (3, 0, 0), 1),
    Case("18: count null", "semantic_scholar:null-count", (3, 0, 0), 1),
    Case("18: absurd counts", "semantic_scholar:absurd", (3, 0, 0), 1),
    Case(
        "19: a challenge for guests",
        "openreview:challenge",
        (1, 0, 0),
        1,
        "without a login",
        settings=GUEST,
    ),
    Case("19: a challenge with a login", "openreview:challenge", (0, 0, 1), 1, "accept the login"),
    Case("20: 403 with a login, once", "openreview.search:403*1", (1, 0, 0), 4),
    Case("20: 403 with a login", "openreview.search:403", (0, 0, 1), 9, "to a valid login"),
    Case("21: 429 for a moment", "openreview.search:reset=0*1", (1, 0, 0), 3),
    Case("21: 429 for too long", "openreview:reset=1000", (0, 0, 1), 1, "wait 17 minutes"),
    Case("22: search unavailable", "openreview:search-unavailable", (0, 0, 1), 5, "unavailable"),
    Case("23: only v1 has it", "openreview:v1-only", (1, 0, 0), 3),
    Case("24: lists and objects", "openreview:lists", (1, 0, 0), 2),
    Case("25: normalised names", "acl_anthology:slow=0", (1, 0, 0), 1),
    Case("26: left the Anthology", "acl_anthology:left=2023.acl-long.147", (0, 1, 0), 1),
    Case("26: most left it", "acl_anthology:shrunk", (0, 0, 1), 1, "were expected"),
    Case("27: no byte", "arxiv:hang=0.3", (0, 0, 4), 2, "in time", settings=QUICK),
    Case("27: another length", "arxiv:wrong-length", (0, 0, 4), 4, "broke off"),
    Case("28: two workers", "arxiv:slow=0.001", (3, 1, 0), 2),
    # Beyond the matrix: half down, endless, and hostile.
    Case("half down", "arxiv:503@1", (3, 1, 0), 3),
    Case("a bomb", "acl_anthology:bomb=9", (0, 0, 1), 1, "more than was allowed"),
    Case("an endless answer", "semantic_scholar:huge=33", (0, 0, 3), 1, "more than was allowed"),
    Case("entities", "arxiv:entities", (0, 0, 4), 4, "no Atom feed"),
    Case("a truth that changes", "arxiv:withdrawn=2212.08073", (3, 1, 0), 2, None, ("status",)),
    *(
        Case(f"hostile texts of {source}", f"{source}:hostile", (0, 0, works), 3, "damaged")
        for source, works in zip(SOURCES, (4, 3, 1, 1), strict=True)
    ),
]

NIGHTS = [
    tuple(case for case in night if case)
    for night in zip_longest(*([c for c in CASES if c.source == name] for name in SOURCES))
]
"""The sources do not know of each other: each night has a condition of every one."""

SEEN_CLOSELY = {
    **dict.fromkeys(range(1, 9), "test_arxiv.py"),
    **dict.fromkeys((9, 27, 28), "test_http.py"),
    **dict.fromkeys((*range(10, 14), *range(15, 18)), "test_semantic_scholar.py"),
    14: "test_search_semantic_scholar.py",
    18: "test_counts.py",
    **dict.fromkeys(range(19, 25), "test_openreview.py"),
    25: "test_ids.py",
    26: "test_conditions.py",
}
"""The file in which a row's requests and answers are tested one by one."""


@pytest.fixture(scope="module")
def services() -> Iterator[Sandbox]:
    with pytest.MonkeyPatch.context() as patch, running(World.builtin(), pace=0) as sandbox:
        patch.setattr(bibtex, "LARGEST_TEXT", 8_000_000)
        patch.setattr("enrich.network.patience.RECONNECT_AFTER", 0.0)
        patch.setattr("enrich.sources.opening.GAP", 0.0)
        yield sandbox


@pytest.fixture(scope="module")
def before(services: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the store of a good night."""
    folder = tmp_path_factory.mktemp("good")
    services.fail("")
    assert Store(folder, services.base_urls, {"papers": LIST}).night().exit_code == 0
    return folder


def again(before: Path, services: Sandbox, folder: Path) -> Store:
    """Another store like that of the good night."""
    services.reset()
    shutil.copytree(before, folder)
    return Store(folder, services.base_urls, {"papers": LIST})


class Met(NamedTuple):
    """A night in which every source met a condition of its own, as it was before and after."""

    conditions: tuple[Case, ...]
    summary: Summary
    lines: list[str]
    requests: dict[str, int]
    store: Store
    described: tuple[Rows, Rows]
    records: tuple[Rows, Rows]


Meet = Callable[[Case], Met]


@pytest.fixture(scope="module")
def meet(
    before: Path, services: Sandbox, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Meet]:
    """The night in which a condition was met, together with one of each other source."""

    @cache
    def night(number: int) -> Met:
        conditions = NIGHTS[number]
        store = again(before, services, tmp_path_factory.mktemp("night") / "store")
        services.fail(",".join(case.faults for case in conditions))
        # A pause that a service asked for holds for all nights of the machine, but these.
        patch.setattr("store.slots.PLACES", (tmp_path_factory.mktemp("slots"),))
        for case in conditions:
            store.environ |= dict(case.settings)
        first = store.rows(ABOUT), store.rows(RECORDS)
        watch = Silent()
        summary = store.night(LATER, watch=watch)
        assert all(each["violations"] == 0 for each in services.stats().values())
        last = store.rows(ABOUT), store.rows(RECORDS)
        described, records = zip(first, last, strict=True)
        return Met(conditions, summary, watch.lines, requests(services), store, described, records)

    with pytest.MonkeyPatch.context() as patch:
        yield lambda case: night(next(n for n, cases in enumerate(NIGHTS) if case in cases))


def marks(store: Store, source: str) -> tuple[int, ...]:
    query = f"select status, count(*) from fetches where source = '{source}' group by all"
    found = dict(store.rows(query))
    return tuple(found.get(status, 0) for status in ("ok", "not_found", "failed"))


@pytest.mark.parametrize("case", [pytest.param(case, id=case.row) for case in CASES])
def test_a_night_in_which(case: Case, meet: Meet) -> None:
    met = meet(case)
    assert marks(met.store, case.source) == case.marks
    assert met.requests[case.source] <= case.requests
    lines = [line for line in met.lines if line.lower().startswith(case.source)]
    assert len(lines) == bool(case.says)
    assert all(str(case.says) in line for line in lines)
    # A source that turned out to be closed to guests is left out: said, and no trouble.
    trouble = {each.source for each in met.conditions if each.says and each.settings != GUEST}
    assert {line.partition(":")[0] for line in met.summary.trouble} == trouble
    assert met.summary.exit_code == (3 if trouble else 0)
    assert met.summary.status == ("partial" if trouble else "ok")
    if not case.marks[0]:
        was, now = ([r for r in rows if r[1] == case.source] for rows in met.records)
        assert was == now, "what is old keeps its time"
    changed = {field for each in met.conditions for field in each.changed}
    found = met.store.rows("select distinct field from changes")
    assert {field for (field,) in found} & set(FIELDS) == changed
    assert (met.described[0] == met.described[1]) == (not changed)


def test_what_failed_is_asked_for_first(
    before: Path, services: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = again(before, services, tmp_path / "store")
    asked: list[Identifier] = []
    ask = SemanticScholar.ask

    async def noted(self: SemanticScholar, batch: Sequence[Identifier]) -> list[Told]:
        asked.extend(batch)
        return await ask(self, batch)

    monkeypatch.setattr(SemanticScholar, "ask", noted)
    services.fail("semantic_scholar.batch:503@2*2")
    store.environ["PAPERTIDE__SOURCES__SEMANTIC_SCHOLAR__BATCH_SIZE"] = "1"
    assert store.night(LATER).unavailable == 1
    [first, failed, last] = asked
    assert store.night(LATER_STILL).exit_code == 0
    assert asked[3:] == [failed, *sorted((first, last), key=asked.index)]


def test_row_26_is_told_after_an_outage_too(
    before: Path, services: Sandbox, tmp_path: Path
) -> None:
    store = again(before, services, tmp_path / "store")
    services.fail("acl_anthology:503")
    store.night(LATER)
    assert marks(store, "acl_anthology") == (0, 0, 1)
    services.fail("acl_anthology:left=2023.acl-long.147")
    store.night(LATER_STILL)
    query = "select status, error from fetches where source = 'acl_anthology'"
    assert store.rows(query) == [("not_found", "left_anthology")]
    assert store.rows("select count(*) from papers where acl_id = '2023.acl-long.147'") == [(1,)]


def test_every_row_of_the_matrix_is_met(shared: Path) -> None:
    text = (shared / "upstream-apis.md").read_text(encoding="utf-8").partition("\n## 10. ")[2]
    rows = {int(row) for row in re.findall(r"^\| (\d+) \|", text.partition("\n## ")[0], re.M)}
    assert {int(case.row.partition(":")[0]) for case in CASES if case.row[0].isdigit()} == rows
    assert set(SEEN_CLOSELY) == rows
    for row, file in SEEN_CLOSELY.items():
        text = (Path(__file__).parent / file).read_text(encoding="utf-8")
        assert re.search(rf"\brows? (\d+ and )?{row}\b|_row_{row}_", text), (row, file)
