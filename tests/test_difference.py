"""`snapshots diff`: what happened between two snapshots, either way round."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest

from enrich.difference import Found, KnownWork, Side, difference
from flows.cli import main as cli
from flows.night.tonight import Scope
from tests.nights import Store
from tests.values import NIGHT, night

FIRST, SECOND = "20261121T020000Z", "20261122T020000Z"
ONE = "(select min(paper_id) from papers)"
TWO = "(select max(paper_id) from papers)"
KINDS = (
    *("new_entries", "gone_entries", "new_works", "merged_works", "gone_works"),
    *("new_identifiers", "gone_identifiers", "counts", "venues", "withdrawals"),
)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of one night, whose works have a count of 7."""
    store = Store(tmp_path_factory.mktemp("one"), {})
    store.night(scope=Scope(offline=True))
    for path in (store.data / "papertide.duckdb", store.data / "snapshots" / f"{FIRST}.duckdb"):
        with duckdb.connect(str(path)) as connection:
            connection.execute("update papers set citation_count = 7")
    return store.folder


@pytest.fixture
def store(published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(published, tmp_path / "store")
    monkeypatch.chdir(tmp_path / "store")
    return tmp_path / "store" / "data"


def second(store: Path, *statements: str) -> None:
    """Publish another snapshot, which is the first one after these statements."""
    path = store / "snapshots" / f"{SECOND}.duckdb"
    shutil.copyfile(store / "papertide.duckdb", path)
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"update meta set snapshot_id = '{SECOND}'")
        for statement in statements:
            connection.execute(statement)


def diff(capsys: pytest.CaptureFixture[str], one: str, other: str) -> dict[str, Any]:
    capsys.readouterr()
    assert cli._run(["snapshots", "diff", one, other, "--json"]) == 0
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return document


@pytest.mark.parametrize(
    ("statements", "expected", "says"),
    [
        pytest.param([], {}, "nothing differs", id="nothing"),
        pytest.param(
            ["update entries set removed_at = now() where line = 3"],
            {"gone_entries": 1},
            "papers:3  Self-rewarding language models",
            id="an entry that left",
        ),
        pytest.param(
            ["insert into entries by name select * replace ('new' as entry_id) from entries "
             "where line = 4"],
            {"new_entries": 1},
            "papers:4  Constitutional AI",
            id="a new entry",
        ),
        pytest.param(
            [f"insert into identifiers values ({ONE}, 's2', 'abc', 'semantic_scholar', now())"],
            {"new_identifiers": 1},
            "s2:abc (semantic_scholar)",
            id="a new identifier",
        ),
        pytest.param(
            [f"update papers set citation_count = 12 where paper_id = {ONE}"],
            {"counts": 1},
            "7 → 12",
            id="a count that rose",
        ),
        pytest.param(
            [f"update papers set citation_count = null where paper_id = {ONE}"],
            {"counts": 1},
            "7 → unknown",
            id="a count that is unknown now",
        ),
        pytest.param(
            [f"update papers set citation_count = 0 where paper_id = {ONE}"],
            {"counts": 1},
            "7 → 0",
            id="a count that is zero now",
        ),
        pytest.param(
            ["update papers set venue = 'ICML', status = 'published' where status = 'preprint' "
             "and title ilike 'self%'"],
            {"venues": 1},
            "(preprint) → ICML (published), an upgrade",
            id="a venue upgrade",
        ),
        pytest.param(
            [f"update papers set status = 'withdrawn' where paper_id = {ONE}"],
            {"withdrawals": 1},
            "→ withdrawn",
            id="a withdrawal",
        ),
        pytest.param(
            [
                f"insert into paper_aliases values ({TWO}, {ONE}, now())",
                f"update identifiers set paper_id = {ONE} where paper_id = {TWO}",
                f"update entries set paper_id = {ONE} where paper_id = {TWO}",
                f"delete from papers where paper_id = {TWO}",
            ],
            {"merged_works": 1},
            "now",
            id="a merged work",
        ),
        pytest.param(
            ["insert into papers by name select * replace ('new' as paper_id, '\x1b[31m' as title) "
             f"from papers where paper_id = {ONE}"],
            {"new_works": 1},
            "new works: 1",
            id="a new work with a hostile title",
        ),
    ],
)  # fmt: skip
def test_what_happened_is_told_by_its_kind(
    store: Path,
    capsys: pytest.CaptureFixture[str],
    statements: list[str],
    expected: dict[str, int],
    says: str,
) -> None:
    second(store, *statements)
    document = diff(capsys, FIRST, SECOND)
    assert {kind: len(document[kind]) for kind in KINDS if document[kind]} == expected
    assert not document["backwards"]
    assert cli._run(["snapshots", "diff", FIRST, SECOND]) == 0
    text = capsys.readouterr().out
    assert says in text
    assert "\x1b" not in text


def test_the_other_way_round_says_so(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    second(store, f"delete from papers where paper_id = {ONE}")
    document = diff(capsys, SECOND, FIRST)
    assert document["backwards"]
    assert (len(document["new_works"]), len(document["gone_works"])) == (1, 0)
    assert cli._run(["snapshots", "diff", SECOND, FIRST]) == 0
    assert f"from {SECOND} back to {FIRST}" in capsys.readouterr().out


def test_a_snapshot_and_itself_by_path_and_id(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = diff(capsys, FIRST, str(store / "papertide.duckdb"))
    assert not any(document[kind] for kind in KINDS)
    assert not any(diff(capsys, FIRST, FIRST)[kind] for kind in KINDS)


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        pytest.param([], 2, "'A'", id="nothing to compare"),
        pytest.param([FIRST], 2, "'B'", id="one snapshot"),
        pytest.param([FIRST, "20261121T030000Z"], 2, f"did you mean {FIRST}?", id="unknown"),
        pytest.param([FIRST, "data"], 2, "no file of that name", id="a folder"),
        pytest.param([FIRST, "papers.md"], 1, "no DuckDB file", id="another file"),
    ],
)
def test_wrong_names_are_one_line(
    store: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, says: str
) -> None:
    assert cli._run(["snapshots", "diff", *arguments]) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert says in captured.err


@pytest.mark.parametrize(
    ("was", "now", "is_upgrade"),
    [
        (("arXiv", "preprint"), ("ACL", "published"), True),
        (("ACL", "published"), ("arXiv", "preprint"), False),
        (("ACL", "published"), ("ICML", "published"), False),
        ((None, None), ("ICML", None), True),
        (("CoRR", None), ("arXiv", None), False),
    ],
)
def test_an_upgrade_is_from_a_preprint_to_a_venue(
    was: tuple[str | None, str | None], now: tuple[str | None, str | None], is_upgrade: bool
) -> None:
    pair = tuple(KnownWork("p", "A title", *each, 1) for each in (was, now))
    found = Found(((), ()), ((), ()), [pair], {})  # type: ignore[list-item]
    one, other = Side(FIRST, NIGHT, False), Side(SECOND, night(1), False)
    [move] = difference(one, other, found).venues
    assert move.is_upgrade is is_upgrade
