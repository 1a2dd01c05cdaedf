"""`snapshots verify`: one line for each damaged file, and which damage it is."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from flows.night.tonight import Scope
from store import continuity, snapshots
from store.layout import Layout
from tests.nights import Store

OFFLINE = Scope(offline=True)
FIRST, SECOND = "20261121T020000Z", "20261122T020000Z"


@pytest.fixture(scope="module")
def two_nights(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of a store after two nights; the first tells of a count and a change."""
    store = Store(tmp_path_factory.mktemp("two"), {})
    store.night(scope=OFFLINE)
    for path in (store.data / "papertide.duckdb", store.data / "snapshots" / f"{FIRST}.duckdb"):
        with duckdb.connect(str(path)) as connection:
            for sql in (
                "insert into citations select paper_id, 'semantic_scholar', first_seen_at - "
                "to_hours(7 - count), count, 1 from papers, (values (6), (7)) as told(count)",
                "update papers set citation_count = 7, influential_citation_count = 1, "
                "citation_source = 'semantic_scholar', abstract = 'Text.', "
                "abstract_source = 'semantic_scholar'",
                "insert into records by name select paper_id, citation_source as source, "
                "first_seen_at as observed_at, 'x' as abstract from papers",
                "insert into abstracts select paper_id, citation_source, 'x', abstract, "
                "first_seen_at from papers",
                "insert into fetches by name select paper_id, source, 'ok' as status, "
                "observed_at as checked_at, observed_at as due_at from records",
            ):
                connection.execute(sql)
    store.night("2026-11-22T02:00:00Z", OFFLINE)
    files = [store.data / "papertide.duckdb", *(store.data / "snapshots").iterdir()]
    return {str(path.relative_to(store.data)): path.read_bytes() for path in files}


@pytest.fixture
def layout(tmp_path: Path, two_nights: dict[str, bytes]) -> Layout:
    for name, content in two_nights.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    return Layout(tmp_path)


def check(layout: Layout) -> dict[str, str | None]:
    """The fault of each file, by its name."""
    checked = continuity.check(snapshots.history(layout), layout.current)
    return {each.path.stem: each.fault for each in checked}


def test_a_sound_history(layout: Layout) -> None:
    assert check(layout) == {"papertide": None, FIRST: None, SECOND: None}


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        pytest.param("delete from meta", "meta has no row", id="no meta"),
        pytest.param("alter table papers drop venue", "papers.venue is missing", id="a column"),
        pytest.param("alter table papers alter year type varchar", "papers.year", id="a type"),
        pytest.param("drop table review", "review", id="a relation"),
        pytest.param("insert into papers from papers", "papers has two rows", id="a key"),
        pytest.param("insert into citations from citations", "citations has two", id="observation"),
        pytest.param("delete from papers", "which papers does not have", id="a work"),
        pytest.param("delete from runs", "rows of runs are gone that 20261121T", id="a run"),
        pytest.param(
            "delete from citations where citation_count = 6",
            "3 rows of citations are gone",
            id="the history",
        ),
        pytest.param(
            "update abstracts set source = 'x'", "3 works have an abstract in papers", id="abstract"
        ),
        pytest.param(
            "update abstracts set sha256 = 'y'", "3 works have an abstract in records", id="digest"
        ),
        pytest.param("delete from identifiers", "3 works have an identifier in", id="identifiers"),
        pytest.param("delete from citations", "3 works have another count in", id="observations"),
        pytest.param("update citations set citation_count = 8", "works have another", id="a count"),
        pytest.param("delete from records", "3 works have a count in papers of", id="records"),
        pytest.param("delete from fetches", "3 works are told of in records and", id="fetches"),
        pytest.param("update papers set lists = []", "3 works are in other lists", id="lists"),
        pytest.param(
            "delete from identifiers; update papers set arxiv_id = null, acl_id = null, doi = null",
            "3 works are found by a link",
            id="found by nothing",
        ),
        pytest.param(
            "update entries set first_seen_at = now()", "entries say that they", id="a first sight"
        ),
        pytest.param(
            "update meta set previous_snapshot_id = null", "continues no snapshot", id="no chain"
        ),
        pytest.param(
            "update meta set previous_snapshot_id = snapshot_id", "no older one", id="a circle"
        ),
        pytest.param("update meta set snapshot_id = 'x'", "under another name", id="a name"),
        pytest.param("update meta set schema_version = 99", "newer Papertide", id="the future"),
        pytest.param(
            "insert into migrations values ('099_more.sql', now())", "099_more", id="a step to come"
        ),
    ],
)
def test_each_damage_is_told_by_its_name(layout: Layout, sql: str, says: str) -> None:
    with duckdb.connect(str(layout.snapshots / f"{SECOND}.duckdb")) as connection:
        connection.execute(sql)
    history = snapshots.history(layout)
    second, *others = continuity.check(history, history[0])[1:]
    assert [each.fault for each in others] == [None]
    assert says in (second.fault or "")
    assert "\n" not in (second.fault or "")


@pytest.mark.parametrize(
    ("damaged", "expected"),
    [
        pytest.param(["papertide.duckdb"], {"papertide"}, id="the current one"),
        pytest.param([f"snapshots/{FIRST}.duckdb"], {FIRST}, id="the first"),
        pytest.param(
            ["papertide.duckdb", f"snapshots/{SECOND}.duckdb"], {"papertide", SECOND}, id="both"
        ),
    ],
)
def test_only_the_damaged_files_are_told(
    layout: Layout, damaged: list[str], expected: set[str]
) -> None:
    for name in damaged:
        content = (layout.root / name).read_bytes()
        (layout.root / name).write_bytes(content[: len(content) // 2])
    assert {name for name, fault in check(layout).items() if fault} == expected


def test_an_observation_follows_a_merged_work(layout: Layout) -> None:
    with duckdb.connect(str(layout.snapshots / f"{SECOND}.duckdb")) as connection:
        [(kept,), (gone,)] = connection.execute(
            "select paper_id from papers order by paper_id limit 2"
        ).fetchall()
        for table in ("entries", "identifiers", "citations"):
            connection.execute(f"update {table} set paper_id = ? where paper_id = ?", [kept, gone])
        for table in ("abstracts", "records", "fetches"):
            connection.execute(f"delete from {table} where paper_id = ?", [gone])
        connection.execute("delete from papers where paper_id = ?", [gone])
        connection.execute("insert into paper_aliases values (?, ?, now())", [gone, kept])
        connection.execute(
            "delete from citations where rowid not in "
            "(select min(rowid) from citations group by paper_id, observed_at)"
        )
    assert check(layout) == {"papertide": None, FIRST: None, SECOND: None}


def test_a_clock_set_back_or_a_run_overtaken_is_a_note(layout: Layout) -> None:
    with duckdb.connect(str(layout.snapshots / f"{SECOND}.duckdb")) as connection:
        connection.execute("update meta set created_at = '2026-11-01 00:00:00+00'")
    checked = continuity.check(snapshots.history(layout), layout.current)
    [note] = [each.note for each in checked if each.note]
    assert note == f"its run began before that of {FIRST}, or the clock was set back"
    assert not any(each.fault for each in checked)
