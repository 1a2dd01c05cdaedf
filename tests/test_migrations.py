"""Snapshots as earlier versions left them: the next night goes on from them, readers read them.

`tests/snapshots/NNN.duckdb.gz` is a snapshot after the migrations up to NNN, with invented rows.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import duckdb
import pytest

from flows.cli import main as cli
from flows.night.tonight import Scope
from store import continuity, soundness
from tests.nights import Store

EARLIER = sorted((Path(__file__).parent / "snapshots").glob("*.duckdb.gz"))
ID = "20261101T020000Z"
LIST = """# Papers

- [An invented title](https://arxiv.org/abs/2401.99991)
- Another invented title
"""


@pytest.fixture(params=EARLIER, ids=lambda path: path.name[:3])
def store(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store whose only snapshot is of an earlier version."""
    store = Store(tmp_path, {}, {"papers": LIST})
    store.write()
    content = gzip.decompress(request.param.read_bytes())
    (store.data / "snapshots").mkdir(parents=True)
    for path in (store.data / "papertide.duckdb", store.data / "snapshots" / f"{ID}.duckdb"):
        path.write_bytes(content)
    monkeypatch.setenv("PAPERTIDE_NOW", "2026-11-02T02:00:00Z")
    monkeypatch.chdir(tmp_path)
    return store


def test_there_is_one_of_every_earlier_form(root: Path) -> None:
    steps = sorted(path.name[:3] for path in (root / "store" / "sql").glob("*.sql"))
    assert [path.name[:3] for path in EARLIER] == steps[: len(EARLIER)]
    assert len(EARLIER) >= 3


def test_the_next_night_goes_on_from_it_and_loses_nothing(store: Store) -> None:
    before = store.data / "snapshots" / f"{ID}.duckdb"
    kept = before.read_bytes()
    assert store.night("2026-11-02T02:00:00Z", Scope(offline=True)).exit_code == 0
    after = store.data / "papertide.duckdb"
    assert before.read_bytes() == kept
    assert list(continuity.lost(before, after)) == []
    soundness.verify(after)
    assert list(soundness.contradictions(after)) == []
    assert store.rows("select name from migrations order by name") == [
        (path.name,) for path in sorted(soundness.MIGRATIONS.glob("*.sql"))
    ]
    assert store.rows("select entry_id, paper_id, verdict from entries order by line") == [
        ("e1", "aaaa", "matched"),
        ("e2", "bbbb", "matched"),
    ]
    assert store.rows("select method from entries where method = 'acl_index'") == []
    assert store.rows(
        "select paper_id, citation_count, abstract is not null from papers order by paper_id"
    ) == [("aaaa", 7, True), ("bbbb", None, False)]
    assert (
        store.rows("select citation_count from papers_as_of(timestamptz '2026-10-30 00:00:00Z')")
        == []
    )
    assert store.rows("select previous_snapshot_id from meta") == [(ID,)]


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["status"], id="status"),
        pytest.param(["plan"], id="plan"),
        pytest.param(["snapshots", "verify"], id="verify"),
        pytest.param(["snapshots", "diff", ID, "data/papertide.duckdb"], id="diff"),
        pytest.param(["export", "--format", "jsonl", "out.jsonl"], id="export"),
        pytest.param(["report", "out.html"], id="report"),
        pytest.param(["review"], id="review"),
    ],
)
def test_readers_get_on_with_it(
    store: Store, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    assert cli._run(arguments) == 0, capsys.readouterr().err


def test_one_of_a_later_version_is_refused_in_one_line(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in (store.data / "papertide.duckdb", store.data / "snapshots" / f"{ID}.duckdb"):
        with duckdb.connect(str(path)) as connection:
            connection.execute("insert into migrations values ('900_later.sql', now())")
    for arguments in (["refresh", "--offline", "-q"], ["status"], ["snapshots", "diff", ID, ID]):
        assert cli._run(arguments) == 1
        captured = capsys.readouterr()
        assert "newer Papertide" in captured.err
        assert captured.err.count("\n") == 1
    assert cli._run(["snapshots", "verify", "--json"]) == 1
    checked = json.loads(capsys.readouterr().out)["snapshots"]
    assert all("900_later.sql" in each["error"] for each in checked)
