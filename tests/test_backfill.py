"""A backfill: which works it chooses, what it asks though nothing is due, and how it goes on."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from enrich.backfill import LASTS, Wanted, begun, is_done, select
from enrich.configuration import load
from enrich.errors import ConfigError, StoreError
from enrich.library import Library
from enrich.model import Fetched, Outcome
from enrich.runs import Run
from enrich.sandbox import World, running
from enrich.sandbox.server import Sandbox
from flows.cli import main as cli
from flows.night import night as night_of
from flows.night.tonight import Scope
from flows.service.catching_up import last_night
from tests.nights import LOGIN, ONE_LIST, Store, requests
from tests.values import DAY, NIGHT, Nights, entry, night

DATES = {"one": date(2023, 5, 1), "two": date(2024, 5, 1)}
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def library() -> Library:
    """Works one, two and three of list `a`; two is in `b` too, three has left `a`."""
    papers = {
        "one": entry("One title of a paper", "arxiv:2301.00001"),
        "two": entry("Two titles of papers", "arxiv:2302.00002"),
        "three": entry("Three titles of papers", "doi:10.1000/3"),
    }
    nights = Nights().night({"a": list(papers.values()), "b": [papers["two"]]})
    nights.night({"a": [papers["one"], papers["two"]], "b": [papers["two"]]})
    return nights.library


def named(library: Library, name: str) -> str:
    """The work of that name in the fixture."""
    title = {"one": "One", "two": "Two", "three": "Three"}[name]
    return next(w for w, work in library.works.items() if (work.title or "").startswith(title))


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        pytest.param(Wanted(all=True), "one two", id="all: what stands in a list"),
        pytest.param(Wanted(sources=("arxiv",)), "one two", id="a source: all works"),
        pytest.param(Wanted(lists=("b",)), "two", id="a list"),
        pytest.param(Wanted(lists=("a", "b")), "one two", id="two lists"),
        pytest.param(Wanted(papers=("arxiv:2301.00001",)), "one", id="an identifier"),
        pytest.param(Wanted(papers=("arXiv:2301.00001v4 ",)), "one", id="as people write it"),
        pytest.param(
            Wanted(papers=("doi:10.1000/3",)), "three", id="one that left its list, by name"
        ),
        pytest.param(
            Wanted(lists=("b",), papers=("arxiv:2301.00001", "arxiv:2302.00002")),
            "two",
            id="a list and papers: those of the list",
        ),
        pytest.param(Wanted(since=date(2024, 5, 1)), "two", id="since that very day"),
        pytest.param(Wanted(until=date(2023, 5, 1)), "one", id="until that very day"),
        pytest.param(Wanted(since=date(2023, 5, 2), until=date(2024, 4, 30)), "", id="between"),
        pytest.param(
            Wanted(papers=("doi:10.1000/3",), since=date(1900, 1, 1)), "", id="undated: in no range"
        ),
    ],
)
def test_what_is_chosen(library: Library, wanted: Wanted, expected: str) -> None:
    dates = {named(library, name): day for name, day in DATES.items()}
    assert select(wanted, library, dates) == {named(library, name) for name in expected.split()}


def test_a_work_goes_by_its_own_id_and_by_that_of_a_work_it_took_in(library: Library) -> None:
    paper_id = named(library, "one")
    aliased = Library(works=library.works, aliases={"0ldid": paper_id})
    for name in (paper_id, "0ldid"):
        assert select(Wanted(papers=(name,)), aliased, {}) == {paper_id}


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        pytest.param("arxiv:2301.0000", "did you mean arxiv:2301.00001", id="a digit short"),
        pytest.param("arxiv:2301.00009", "did you mean arxiv:2301.0000", id="another paper"),
        pytest.param("", "did you mean", id="nothing"),
        pytest.param("'; drop table papers; --", "no work is known as", id="hostile"),
    ],
)
def test_an_unknown_work_names_the_nearest(library: Library, name: str, hint: str) -> None:
    with pytest.raises(ConfigError, match="--paper: no work is known as") as raised:
        select(Wanted(papers=(name,)), library, {})
    assert hint in str(raised.value)


@pytest.mark.parametrize(
    ("choice", "complaint"),
    [
        pytest.param({}, "needs a scope", id="nothing"),
        pytest.param(
            {"since": date(2024, 1, 2), "until": date(2024, 1, 1)}, "is later than", id="reversed"
        ),
        pytest.param({"all": True, "lists": ("a",)}, "--all and --list", id="all of one list"),
        pytest.param(
            {"sources": ("arxiv",), "fields": ("citations",)}, "does not tell", id="no such source"
        ),
    ],
)
def test_a_scope_that_means_nothing(choice: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ConfigError, match=complaint):
        Wanted(**choice)


@pytest.mark.parametrize(
    ("choice", "asks", "searches"),
    [
        pytest.param({"all": True}, "", True, id="all"),
        pytest.param({"fields": ("citations",)}, "semantic_scholar", False, id="counts"),
        pytest.param(
            {"fields": ("abstract",), "sources": ("openreview",)}, "openreview", False, id="both"
        ),
        pytest.param(
            {"fields": ("citations", "identifiers")},
            "acl_anthology arxiv openreview semantic_scholar",
            True,
            id="titles too",
        ),
    ],
)
def test_who_tells_a_field(choice: dict[str, Any], asks: str, searches: bool) -> None:
    wanted = Wanted(**choice)
    assert (wanted.asks, wanted.searches) == (tuple(asks.split()), searches)


def test_the_same_scope_is_the_same_however_it_was_typed() -> None:
    one = Wanted(lists=("b", "a"), since=date(2024, 1, 1))
    other = Wanted(lists=("a", "b", "a"), since=date(2024, 1, 1))
    assert one.as_json() == other.as_json() != Wanted(lists=("a", "b")).as_json()
    assert json.loads(one.as_json())["since"] == "2024-01-01"


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        pytest.param("", None, id="the first"),
        pytest.param("ok", None, id="after one that ended well"),
        pytest.param("failed", -1, id="after a broken one"),
        pytest.param("partial", -1, id="after an incomplete one"),
        pytest.param("ok partial failed", -2, id="back to the last that ended well"),
        pytest.param("failed ok", None, id="what was before that is over"),
        pytest.param("failed other other", -3, id="others do not count"),
    ],
)
def test_when_it_began(runs: str, expected: int | None) -> None:
    """`expected`: hours before now."""
    states = runs.split()
    made = [
        Run("r", "refresh" if s == "other" else "backfill", s, at, None, "1", "scope")
        for at, s in zip((NIGHT - n * HOUR for n in range(len(states), 0, -1)), states, strict=True)
    ]
    since = begun(
        [*made, Run("r", "backfill", "failed", NIGHT, None, "1", "another")], "scope", NIGHT
    )
    assert since == (None if expected is None else NIGHT + expected * HOUR)


def test_one_that_was_broken_off_long_ago_begins_anew() -> None:
    def broken(at: datetime) -> Run:
        return Run("r", "backfill", "failed", at, None, "1", "scope")

    old, older = NIGHT - LASTS, NIGHT - LASTS - timedelta(seconds=1)
    assert begun([broken(old)], "scope", NIGHT) == old
    assert begun([broken(older)], "scope", NIGHT) is None
    assert begun([broken(NIGHT + DAY)], "scope", NIGHT) is None


@pytest.mark.parametrize(
    ("since", "outcome", "at", "expected"),
    [
        pytest.param(None, Outcome.OK, night(0), False, id="a new one asks all"),
        pytest.param(night(0), Outcome.OK, night(0), True, id="told since it began"),
        pytest.param(night(0), Outcome.NOT_FOUND, night(0), True, id="missed since it began"),
        pytest.param(night(0), Outcome.FAILED, night(0), False, id="failed since it began"),
        pytest.param(night(0), Outcome.OK, night(-1), False, id="told before"),
        pytest.param(night(0), Outcome.OK, night(1), False, id="told in this very run"),
        pytest.param(night(1), Outcome.OK, night(1), True, id="under a clock that stands still"),
    ],
)
def test_what_is_done(
    since: datetime | None, outcome: Outcome, at: datetime, expected: bool
) -> None:
    assert is_done(Fetched(outcome, at, at), since, night(1)) is expected


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with running(World.builtin(), pace=0) as services:
        yield services


NOWHERE = "- A title that nobody ever gave to any paper at all. *Nobody*\n"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> Store:
    """A store after its first night: three works, and a title that was searched for in vain."""
    folder = tmp_path_factory.mktemp("published")
    store = Store(folder, sandbox.base_urls, {"papers": ONE_LIST + NOWHERE})
    store.night()
    return store


@pytest.fixture
def store(tmp_path: Path, published: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A copy of it, in the working directory, an hour later."""
    for name, value in {**LOGIN, "PAPERTIDE_NOW": "2026-11-21T03:00:00Z"}.items():
        monkeypatch.setenv(name, value)
    shutil.copytree(published.folder, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return replace(published, folder=tmp_path)


def papertide(*arguments: str) -> int:
    return cli._run(list(arguments))


def asked(sandbox: Sandbox, *arguments: str) -> dict[str, int]:
    """How many requests each service sees of a command that succeeds."""
    before = requests(sandbox)
    assert papertide(*arguments) == 0
    return {name: n - before[name] for name, n in requests(sandbox).items() if n != before[name]}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        pytest.param("--field citations", {"semantic_scholar": 1}, id="counts"),
        pytest.param("--source arxiv", {"arxiv": 2}, id="a source: identifiers and a title"),
        pytest.param("--paper arxiv:2401.10020 --source arxiv", {"arxiv": 1}, id="a work"),
        pytest.param("--since 2023-01-01 --source arxiv", {"arxiv": 1}, id="dates"),
        pytest.param("--list papers --field abstract --source arxiv", {"arxiv": 1}, id="a list"),
        pytest.param("--until 1990-01-01", {}, id="no work is that old"),
    ],
)
def test_what_is_not_due_is_asked_all_the_same(
    store: Store, sandbox: Sandbox, options: str, expected: dict[str, int]
) -> None:
    assert asked(sandbox, "backfill", "-q", *options.split()) == expected
    [(status, scope)] = store.rows("select status, scope from runs where kind = 'backfill'")
    assert status == "ok"
    assert json.loads(scope)["all"] is False


def test_its_document_is_that_of_a_refresh(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    assert papertide("backfill", "--all", "--json") == 0
    captured = capsys.readouterr()
    document = json.loads(captured.out)
    assert document["status"] == "ok"
    assert (document["works"], document["refreshed"], document["entries"]) == (4, 3, 4)
    assert "works in the scope: 4" in captured.err


def test_it_changes_no_list_though_the_file_has_changed(store: Store) -> None:
    (store.folder / "papers.md").write_text("# Papers\n")
    assert papertide("backfill", "--all", "-q") == 0
    assert store.rows("select count(*) from entries where removed_at is null") == [(4,)]
    assert store.rows("select fetched_at from lists") == [(NIGHT,)]


@pytest.mark.parametrize(
    ("options", "code", "says"),
    [
        pytest.param("", 2, "needs a scope", id="no scope"),
        pytest.param("--list paper", 2, "did you mean 'papers'", id="unknown list"),
        pytest.param("--source arxive", 2, "did you mean 'arxiv'", id="unknown source"),
        pytest.param("--paper arxiv:2401.10021", 2, "did you mean arxiv:2401.10020", id="work"),
        pytest.param("--since 2024-02-30", 2, "--since", id="no day"),
        pytest.param("--since 2024-01-02 --until 2024-01-01", 2, "later than", id="reversed"),
        pytest.param("--field titles", 2, "--field", id="unknown field"),
    ],
)
def test_wrong_usage(
    store: Store, capsys: pytest.CaptureFixture[str], options: str, code: int, says: str
) -> None:
    assert papertide("backfill", *options.split()) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert says in captured.err


def test_without_a_snapshot(
    tmp_path: Path,
    sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    Store(tmp_path, sandbox.base_urls).write()
    assert papertide("backfill", "--all", "--config", str(tmp_path / "config.toml")) == 1
    assert "run papertide refresh first" in capsys.readouterr().err


def test_without_a_terminal_a_costly_one_needs_yes(
    store: Store,
    sandbox: Sandbox,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PAPERTIDE__BACKFILL__CONFIRM_ABOVE", "2")
    before = requests(sandbox)
    assert papertide("backfill", "--all") == 2
    assert "more than [backfill] confirm_above = 2; say --yes" in capsys.readouterr().err
    assert requests(sandbox) == before
    assert papertide("backfill", "--all", "--yes", "-q") == 0


def test_the_plan_is_the_most_that_it_can_cost(
    store: Store, sandbox: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    """One that no source knows is searched for at each of them."""
    cost = asked(sandbox, "backfill", "--all")
    lines = (line.split() for line in capsys.readouterr().err.splitlines())
    planned = {words[0]: int(words[2]) for words in lines if len(words) == 4 and words[0] in cost}
    assert planned == cost


@pytest.mark.parametrize(
    ("answer", "code"), [pytest.param("y\n", 0, id="yes"), pytest.param("\n", 1, id="no")]
)
def test_on_a_terminal_it_asks(
    store: Store, monkeypatch: pytest.MonkeyPatch, answer: str, code: int
) -> None:
    from flows.commands import confirming

    monkeypatch.setenv("PAPERTIDE__BACKFILL__CONFIRM_ABOVE", "0")
    monkeypatch.setattr(confirming, "is_interactive", lambda: True)
    monkeypatch.setattr("click.termui.visible_prompt_func", lambda _: answer.strip())
    assert papertide("backfill", "--field", "citations", "-q") == code


def test_after_an_outage_it_asks_only_what_was_not_answered(
    store: Store, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(World.builtin(), pace=0, faults="arxiv:500") as faulty:
        store.base_urls = faulty.base_urls
        store.write()
        monkeypatch.setenv("PAPERTIDE_NOW", "2026-11-22T12:00:00Z")
        assert papertide("backfill", "--all", "-q") == 3
    store.base_urls = sandbox.base_urls
    store.write()
    monkeypatch.setenv("PAPERTIDE_NOW", "2026-11-24T12:00:00Z")  # the others are due again by now
    again = asked(sandbox, "backfill", "--all", "-q")
    assert set(again) == {"arxiv"}
    monkeypatch.setenv("PAPERTIDE_NOW", "2026-11-24T13:00:00Z")
    assert set(asked(sandbox, "backfill", "--all", "-q")) > {"arxiv", "semantic_scholar"}


def test_after_a_run_that_could_not_publish_nothing_is_asked_again(
    store: Store, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_disk(*_: object, **__: object) -> None:
        raise StoreError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(night_of, "publish", full_disk)
        assert papertide("backfill", "--all", "-q") == 1
    monkeypatch.setenv("PAPERTIDE_NOW", "2026-11-23T03:00:00Z")
    assert asked(sandbox, "backfill", "--all", "-q") == {}


def test_the_last_night_is_read_from_the_newest_good_snapshot(store: Store) -> None:
    """A damaged one must not keep the schedule from making a good one."""
    configuration = load(store.config, {})
    assert last_night(configuration, Scope()) == NIGHT
    assert last_night(configuration, Scope(offline=True)) is None
    (store.data / "papertide.duckdb").write_bytes(b"no database")
    assert last_night(configuration, Scope()) == NIGHT
    shutil.rmtree(store.data)
    assert last_night(configuration, Scope()) is None
