"""`papertide catalog`: what is built, what stays after trouble, exit codes, one line a mistake."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from enrich.sandbox import World, running
from enrich.sandbox.server import Sandbox
from flows.cli import main as cli
from store.catalog import Catalog
from store.layout import Layout
from store.lock import building
from tests.nights import FIRST_NIGHT, Store
from tests.sandbox_desk import WORLD

NEXT_DAY = "2026-11-22T02:00:00Z"
HARVEST = ("catalog", "build", "--source", "arxiv", "--set", "cs", "--set", "stat:stat:ML")
ARXIV_IDS = sorted(WORLD.by_arxiv)
CS, ML = 41, 1
"""How many papers of the small world are in these two sets."""


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with running(WORLD, pace=0, oai_page=10) as services:
        yield services


@pytest.fixture(autouse=True)
def _no_rest_before_a_second_try(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("enrich.network.patience.RECONNECT_AFTER", 0.0)


@pytest.fixture
def store(tmp_path: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("PAPERTIDE_NOW", FIRST_NIGHT)
    monkeypatch.chdir(tmp_path)
    sandbox.reset()
    store = Store(tmp_path, sandbox.base_urls)
    store.write()
    return store


@pytest.fixture
def catalog(store: Store) -> Catalog:
    return Catalog(Layout(store.data.resolve()).catalog)


def papertide(*arguments: str) -> int:
    return cli._run(list(arguments))


def document(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(capsys.readouterr().out)
    return value


def arxiv_ids(catalog: Catalog) -> list[str]:
    known = catalog.known([number for number, _ in catalog.titles()])
    return [each.identifiers[0].value for each in known if each.source == "arxiv"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        pytest.param(["bild"], "did you mean 'build'", id="unknown command"),
        pytest.param(["build", "--source", "arxive"], "did you mean 'arxiv'", id="unknown source"),
        pytest.param(
            ["build", "--source", "openreview"], "no source 'openreview'", id="no catalogue"
        ),
        pytest.param(
            ["build", "--set", "cs"], "--set is for harvests of arXiv", id="set, no arXiv"
        ),
        pytest.param(
            ["build", "--since", "2026-01-01"], "add --source arxiv", id="since, no arXiv"
        ),
        pytest.param(
            ["build", "--source", "arxiv", "--set", "cs.CL"],
            "did you mean 'cs:cs:CL'",
            id="category",
        ),
        pytest.param(["build", "--source", "arxiv", "--set", "cs&x"], "is no set", id="wrong set"),
        pytest.param(
            ["build", "--source", "arxiv", "--since", "2026-11-22"], "in the future", id="tomorrow"
        ),
        pytest.param(["build", "--source", "arxiv", "--since", "May"], "is no date", id="no date"),
        pytest.param(["build", "--source", "arxiv", "--since", ""], "is no date", id="empty date"),
        pytest.param(["status", "-v", "-q"], "exclude each other", id="loud and quiet"),
    ],
)
def test_wrong_usage_is_one_line(
    store: Store, capsys: pytest.CaptureFixture[str], arguments: list[str], says: str
) -> None:
    assert papertide("catalog", *arguments) == 2
    captured = capsys.readouterr()
    assert (captured.out, captured.err.count("\n")) == ("", 1)
    assert says in captured.err
    assert not store.data.exists()


def test_a_source_that_is_not_enabled(
    store: Store, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAPERTIDE__SOURCES__ARXIV__ENABLED", "false")
    assert papertide(*HARVEST) == 2
    assert "arxiv is not enabled" in capsys.readouterr().err


def test_no_catalogue_yet(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert papertide("catalog", "status") == 0
    assert "there is no catalogue; run papertide catalog build" in capsys.readouterr().out
    assert papertide("catalog", "status", "--json") == 0
    assert document(capsys)["sources"] == []
    assert not store.data.exists()


def test_the_bulk_file_alone_and_not_twice(
    store: Store, sandbox: Sandbox, catalog: Catalog, capsys: pytest.CaptureFixture[str]
) -> None:
    assert papertide("catalog", "build") == 0
    assert "acl_anthology: 2 papers, from a new bulk file" in capsys.readouterr().out
    version = catalog.version()
    assert papertide("catalog", "build") == 0  # the server is asked though the file is young
    captured = capsys.readouterr()
    assert "2 papers, the bulk file is still the newest" in captured.out
    assert "SIMULATED" in captured.out
    assert catalog.version() == version
    statuses = sandbox.stats()["acl_anthology"]["statuses"]
    assert {str(code): n for code, n in statuses.items()} == {"200": 1, "304": 1}
    assert sandbox.stats()["arxiv"]["requests"] == 0


def test_sets_of_arxiv_and_the_next_harvest(
    store: Store,
    sandbox: Sandbox,
    catalog: Catalog,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert papertide(*HARVEST, "--json") == 0
    told = document(capsys)
    assert (told["status"], told["requests"]) == ("ok", {"arxiv": 6})
    assert [(p["set"], p["state"], p["records"]) for p in told["parts"]] == [
        ("cs", "harvested", CS),
        ("stat:stat:ML", "harvested", ML),
    ]
    assert len(arxiv_ids(catalog)) == CS + ML
    numbers = catalog.titles()
    monkeypatch.setenv("PAPERTIDE_NOW", NEXT_DAY)
    sandbox.reset()
    assert papertide("catalog", "build", "--source", "arxiv") == 0  # the sets that it has
    assert {h.since.isoformat() for h in catalog.harvests().values() if h.since} == {"2026-11-21"}
    assert (catalog.titles(), sandbox.stats()["arxiv"]["requests"]) == (numbers, 2)


def test_since_narrows_and_the_default_sets_are_asked(
    store: Store, catalog: Catalog, capsys: pytest.CaptureFixture[str]
) -> None:
    assert papertide("catalog", "build", "--source", "arxiv", "--since", "2025-01-01") == 0
    assert list(catalog.harvests()) == ["cs:cs:AI", "cs:cs:CL", "cs:cs:LG"]
    assert len(arxiv_ids(catalog)) >= 40
    assert "2302.90002" not in arxiv_ids(catalog)


def test_status_tells_of_both_sources(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert papertide(*HARVEST, "--source", "acl_anthology", "-q") == 0
    capsys.readouterr()
    assert papertide("catalog", "status", "--json") == 0
    told = document(capsys)
    acl, arxiv = told["sources"]
    assert told["simulated"] and told["version"] and told["bytes"] > 10_000
    assert (acl["papers"], arxiv["papers"]) == (2, CS + ML)
    assert acl["etag"] and acl["checked_at"] == FIRST_NIGHT
    assert [each["set"] for each in arxiv["sets"]] == ["cs", "stat:stat:ML"]
    assert arxiv["sets"][0] | {"reached": None} == {
        **{"set": "cs", "state": "finished", "since": None, "reached": None, "records": CS},
        **{"started_at": FIRST_NIGHT, "finished_at": FIRST_NIGHT, "simulated": True},
        "next_from": "2026-11-21",
    }
    assert papertide("catalog", "status") == 0
    text = capsys.readouterr().out
    for words in ("SIMULATED", "acl_anthology: 2 papers, confirmed 2026-11-21 02:00, ETag", "MB"):
        assert words in text
    assert "cs: last harvest all of it, 41 records, finished 2026-11-21 02:00; the next" in text


@pytest.mark.parametrize(
    ("faults", "sources", "code", "says"),
    [
        pytest.param("any:503", ["arxiv", "acl_anthology"], 1, 2, id="both down"),
        pytest.param("arxiv:503", ["arxiv", "acl_anthology"], 3, 1, id="one of two down"),
        pytest.param("acl_anthology:html", ["arxiv", "acl_anthology"], 3, 1, id="no bulk file"),
        pytest.param("acl_anthology:truncate", ["acl_anthology"], 1, 1, id="a cut bulk file"),
        pytest.param("arxiv.oai:truncate@1*2", ["arxiv"], 3, 1, id="a set cut twice"),
        pytest.param("arxiv.oai:truncate@1", ["arxiv"], 0, 0, id="a page cut once"),
        pytest.param("arxiv.oai:entities@1", ["arxiv"], 0, 0, id="entities once"),
        pytest.param("arxiv.oai:bad-token@2", ["arxiv"], 0, 0, id="a token refused"),
        pytest.param("arxiv.oai:429=1@2", ["arxiv"], 0, 0, id="slow down"),
    ],
)
def test_trouble(
    store: Store,
    catalog: Catalog,
    capsys: pytest.CaptureFixture[str],
    faults: str,
    sources: list[str],
    code: int,
    says: int,
) -> None:
    named = [word for source in sources for word in ("--source", source)]
    sets = ["--set", "cs", "--set", "stat"] if "arxiv" in sources else []
    with running(WORLD, pace=0, oai_page=10, faults=faults) as ailing:
        store.base_urls = ailing.base_urls
        store.write()
        assert papertide("catalog", "build", *named, *sets, "-q") == code
    lines = [line for line in capsys.readouterr().err.splitlines() if line]
    assert len(lines) == says
    for line in lines:
        assert line.startswith(("papertide: arxiv (", "papertide: acl_anthology: "))
        assert "goes on from there" in line or "none of it in the catalogue" in line
    if code == 0:
        assert len(set(arxiv_ids(catalog))) == len(arxiv_ids(catalog)) == CS + ML


def test_without_a_network_the_catalogue_stays(
    store: Store, catalog: Catalog, capsys: pytest.CaptureFixture[str]
) -> None:
    both = (*HARVEST, "--source", "acl_anthology")
    assert papertide(*both, "-q") == 0
    before = catalog.version(), catalog.titles(), catalog.harvests()
    store.base_urls = {
        source: {key: "http://127.0.0.1:9" for key in urls}
        for source, urls in store.base_urls.items()
    }
    store.write()
    capsys.readouterr()
    assert papertide(*both) == 1
    errors = [line for line in capsys.readouterr().err.splitlines() if "papertide:" in line]
    assert len(errors) == 2
    assert "the 2 papers of the last file are kept" in errors[0]
    assert "arxiv (cs, stat:stat:ML): 127.0.0.1 could not be reached" in errors[1]
    assert (catalog.version(), catalog.titles(), catalog.harvests()) == before


def test_a_harvest_that_broke_off_goes_on_with_its_next_page(
    store: Store, sandbox: Sandbox, catalog: Catalog, capsys: pytest.CaptureFixture[str]
) -> None:
    with running(WORLD, pace=0, oai_page=10, faults="arxiv.oai:503@3*9") as ailing:
        store.base_urls = ailing.base_urls
        store.write()
        assert papertide("catalog", "build", "--source", "arxiv", "--set", "cs") == 1
    assert len(arxiv_ids(catalog)) == 20
    capsys.readouterr()
    assert papertide("catalog", "status") == 0
    assert "20 records, broke off at 20" in capsys.readouterr().out
    store.base_urls = sandbox.base_urls
    store.write()
    assert papertide("catalog", "build", "--source", "arxiv") == 0
    assert sandbox.stats()["arxiv"]["endpoints"] == {"oai": 3}
    assert len(set(arxiv_ids(catalog))) == len(arxiv_ids(catalog)) == CS


@pytest.mark.parametrize(
    ("signum", "code", "says"),
    [
        pytest.param(signal.SIGKILL, -9, "", id="kill -9"),
        pytest.param(signal.SIGINT, 130, "what was harvested is kept", id="Ctrl-C"),
        pytest.param(signal.SIGTERM, 143, "the next build goes on from there", id="SIGTERM"),
    ],
)
def test_a_build_that_is_ended_goes_on_from_there(
    store: Store, sandbox: Sandbox, catalog: Catalog, signum: int, code: int, says: str
) -> None:
    arguments = ["catalog", "build", "--source", "arxiv", "--set", "cs", "--config"]
    with running(WORLD, pace=0, oai_page=10, faults="arxiv.oai:hang@4") as slow:
        store.base_urls = slow.base_urls
        store.write()
        build = subprocess.Popen(
            [sys.executable, "-m", "flows.cli", *arguments, str(store.config)],
            env={**os.environ, "PYTHONPATH": str(Path(cli.__file__).parents[1])},
            stderr=subprocess.PIPE,
            text=True,
        )
        until = time.monotonic() + 30
        while slow.stats()["arxiv"]["requests"] < 4 and time.monotonic() < until:
            time.sleep(0.05)
        build.send_signal(signum)
        _, errors = build.communicate(timeout=10)
    assert build.returncode == code
    assert says in errors
    assert "Traceback" not in errors
    assert len(arxiv_ids(catalog)) == 30
    store.base_urls = sandbox.base_urls
    store.write()
    assert papertide("catalog", "build", "--source", "arxiv") == 0
    assert sandbox.stats()["arxiv"]["endpoints"] == {"oai": 2}
    assert len(set(arxiv_ids(catalog))) == len(arxiv_ids(catalog)) == CS


def test_a_token_of_yesterday_is_no_end(
    store: Store, sandbox: Sandbox, catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(WORLD, pace=0, oai_page=10, faults="arxiv.oai:503@3*9") as ailing:
        store.base_urls = ailing.base_urls
        store.write()
        assert papertide("catalog", "build", "--source", "arxiv", "--set", "cs", "-q") == 1
    store.base_urls = sandbox.base_urls
    store.write()
    monkeypatch.setenv("PAPERTIDE_NOW", NEXT_DAY)
    assert papertide("catalog", "build", "--source", "arxiv", "-q") == 0
    assert sorted(arxiv_ids(catalog)) == [i for i in ARXIV_IDS if i[0] == "2" and i != "2302.90002"]
    [harvest] = catalog.harvests().values()
    assert harvest.responded is not None
    assert harvest.responded.isoformat() == "2026-11-21"  # when it began


def test_a_bulk_file_that_lost_most_papers_is_not_believed(
    store: Store, catalog: Catalog, capsys: pytest.CaptureFixture[str]
) -> None:
    with running(World.builtin(), pace=0) as whole:
        store.base_urls = whole.base_urls
        store.write()
        assert papertide("catalog", "build", "-q") == 0
    version = catalog.version()
    with running(World.builtin(), pace=0, faults="acl_anthology:shrunk") as shrunk:
        store.base_urls = shrunk.base_urls
        store.write()
        capsys.readouterr()
        assert papertide("catalog", "build", "-q") == 1
    assert "were expected; the" in capsys.readouterr().err
    assert catalog.version() == version


def test_two_builds_exclude_each_other(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    with building(Layout(store.data.resolve())):
        assert papertide("catalog", "build") == 1
    captured = capsys.readouterr()
    assert "another catalog build goes on here; wait for it to end" in captured.err
    assert captured.err.count("\n") == 1


def test_a_damaged_catalogue_is_told_of_and_made_again(
    store: Store, catalog: Catalog, capsys: pytest.CaptureFixture[str]
) -> None:
    assert papertide("catalog", "build", "-q") == 0
    (store.data / "work" / "catalog.duckdb").write_bytes(b"no database")
    capsys.readouterr()
    assert papertide("catalog", "status") == 0
    text = capsys.readouterr().out
    assert "damaged catalogue was set aside" in text
    assert "run papertide catalog build" in text
    assert papertide("catalog", "build", "-q") == 0
    assert len(catalog.titles()) == 2
