"""A night that repeats what was known writes little, and the same as one described in full."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from enrich.sandbox import World, running
from enrich.sandbox.server import Sandbox
from flows.night import publishing
from store import soundness
from store.rewriting import rewrite
from tests.nights import Store

WRITTEN = {
    "papers": "from papers order by paper_id",
    "records": "from records order by paper_id, source",
    "citations": "from citations order by paper_id, observed_at",
    "changes": "select * exclude (run_id) from changes order by paper_id, field",
    "fetches": "from fetches order by paper_id, source",
}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with running(World.builtin(), pace=0) as services:
        yield services


@pytest.mark.parametrize("spoilt", [None, "citation_count = 0", "title = 'Another title'"])
def test_an_answer_that_repeats_the_last_one_is_written_as_one_that_is_described_anew(
    tmp_path: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, spoilt: str | None
) -> None:
    found = []
    for name in ("short", "full"):
        (tmp_path / name).mkdir()
        store = Store(tmp_path / name, sandbox.base_urls)
        store.night()
        if spoilt:  # the last answer was another one, for one work of three
            with duckdb.connect(str(store.data / "papertide.duckdb")) as connection:
                connection.execute(
                    f"update records set {spoilt} where source = 'semantic_scholar' "
                    "and paper_id = (select min(paper_id) from papers)"
                )
        if name == "full":
            monkeypatch.setattr(publishing, "version", lambda: "of another time")
        described = []
        monkeypatch.setattr(
            publishing,
            "describe_all",
            lambda settled, *rest, to=described, by=publishing.describe_all: (
                to.append(len(settled.touched)) or by(settled, *rest)
            ),
        )
        store.night("2026-11-22T02:00:00Z")
        monkeypatch.undo()
        found.append(({each: store.rows(query) for each, query in WRITTEN.items()}, described))
    (short, few), (full, all_of_them) = found
    assert short == full
    assert few[0] < all_of_them[0] == 3
    assert all(str(row[-5])[:10] == "2026-11-22" for row in short["papers"])


def test_a_rewritten_file_says_the_same_in_less_room(tmp_path: Path) -> None:
    store = Store(tmp_path, {})
    path = tmp_path / "large.duckdb"
    with duckdb.connect() as connection:
        connection.execute(f"attach '{path}' as d (storage_version 'v1.4.0')")
    from store.database import migrate, open_file

    with open_file(path, read_only=False) as connection:
        migrate(connection)
        connection.execute(
            "insert into papers by name select 'p' || i as paper_id, repeat(md5('' || i), 20) "
            "as abstract, now() as first_seen_at from range(20000) as each(i)"
        )
        connection.execute("insert into meta by name select 1 as schema_version")
        connection.execute("checkpoint")
        connection.execute("delete from papers where paper_id > 'p15'")
        connection.execute("checkpoint")
    before, size = store.rows("select list(paper_id) from papers", path), path.stat().st_size
    rewrite(path)
    assert path.stat().st_size < size / 2
    assert store.rows("select list(paper_id) from papers", path) == before
    assert store.rows("select count(*) from papers_as_of(now()::timestamptz)", path) == [
        (len(before[0][0]),)
    ]
    assert store.rows(
        "select count(*) from duckdb_columns() where not internal and comment is null", path
    ) == [(0,)]
    soundness.verify(path)
    assert [file.name for file in tmp_path.iterdir()] == ["large.duckdb"]
