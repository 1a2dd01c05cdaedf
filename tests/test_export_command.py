"""`papertide export`: from a published snapshot to files, and what it does not destroy."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from enrich.sandbox import World, running
from flows.cli import main as cli
from store import durable, handing, soundness
from tests.nights import FIRST_NIGHT, LOGIN, ONE_LIST, Store

ALSO = ("--simulated",)
OTHER = "# Others\n\n- [A title of some words that nobody knows](https://example.org/x.pdf). 2021\n"


@pytest.fixture(scope="module")
def after_a_night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("export")
    with running(World.builtin(), pace=0) as services:
        Store(folder, services.base_urls, {"papers": ONE_LIST, "others": OTHER}).night()
        yield folder


@pytest.fixture
def store(tmp_path: Path, after_a_night: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a store after its first night."""
    monkeypatch.setenv("PAPERTIDE_NOW", FIRST_NIGHT)
    for name, value in LOGIN.items():
        monkeypatch.setenv(name, value)
    folder = tmp_path / "store"
    shutil.copytree(after_a_night, folder)
    monkeypatch.chdir(folder)
    return folder


def export(form: str, out: str, *more: str) -> int:
    return cli._run(["export", "--format", form, out, "--simulated", *more])


def test_every_format_is_written_and_replaced(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for form, out in (
        *(("bibtex", "p.bib"), ("csl-json", "p.json"), ("jsonl", "p.jsonl")),
        *(("feed", "f.xml"), ("feed", "f.json"), ("parquet", "pq"), ("csv", "tables")),
    ):
        for _ in range(2):
            assert export(form, out, "--json") == 0
            document = json.loads(capsys.readouterr().out)
        assert document["simulated"] is True
        assert document["snapshot"] == "20261121T020000Z"
        for file in map(Path, document["files"]):
            assert file.stat().st_size
    for file in ("p.bib", "p.json", "p.jsonl", "f.xml", "f.json"):
        assert "simulated" in (store / file).read_text().lower()
    assert "primaryclass = {cs." in (store / "p.bib").read_text()
    assert not list(store.glob(".*"))  # no draft is left


def test_tables_have_the_contracts_columns(store: Path) -> None:
    assert export("parquet", "pq") == export("csv", "tables") == 0
    with duckdb.connect(str(store / "data" / "papertide.duckdb"), read_only=True) as snapshot:
        names = handing.relations(snapshot)
        for name in names:
            known = [row[:2] for row in snapshot.execute(f"describe {name}").fetchall()]
            file = store / "pq" / f"{name}.parquet"
            assert [row[:2] for row in duckdb.sql(f"describe from '{file}'").fetchall()] == known
            with (store / "tables" / f"{name}.csv").open(newline="") as lines:
                header, *rows = csv.reader(lines)
            assert header == [column for column, _ in known]
            count = snapshot.execute(f"select count(*) from {name}").fetchall()[0][0]
            assert len(rows) == count
    assert {"meta", "papers", "entries", "source_runs"} < set(names)
    assert "migrations" not in names


def test_csv_for_spreadsheets(store: Path) -> None:
    assert export("csv", "tables") == 0
    with (store / "tables" / "entries.csv").open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert all(row["raw"].startswith("'- ") for row in rows)
    assert json.loads(rows[0]["links"])[0].keys() == {"label", "url"}
    assert rows[0]["first_seen_at"] == "2026-11-21 02:00:00+00"
    assert rows[0]["removed_at"] == ""


def test_one_list(store: Path) -> None:
    assert export("jsonl", "p.jsonl", "--list", "papers") == 0
    works = [json.loads(line) for line in (store / "p.jsonl").read_text().splitlines()]
    assert len(works) == 3
    assert {entry["list_id"] for work in works for entry in work["entries"]} == {"papers"}
    assert works[0]["entries"][0]["first_seen_at"] == "2026-11-21T02:00:00Z"
    assert export("parquet", "pq", "--list", "others") == 0
    for name, many in (("lists", 1), ("entries", 1), ("papers", 1), ("runs", 1), ("citations", 0)):
        file = store / "pq" / f"{name}.parquet"
        assert duckdb.sql(f"select count(*) from '{file}'").fetchall() == [(many,)], name


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        pytest.param(["bibtex", "p.bib"], 1, "--simulated", id="simulated, and not asked for"),
        pytest.param(["bibtex", "p.bib", "--list", "paper"], 2, "'papers'", id="unknown list"),
        pytest.param(["feed", "f.rss"], 2, ".xml", id="a feed of another name"),
        pytest.param(["bibtex", "-", *ALSO], 2, "name a file", id="standard output"),
        pytest.param(["bibtx", "p.bib"], 2, "bibtex", id="unknown format"),
        pytest.param(["jsonl", "none/p.jsonl"], 1, "there is no folder", id="no folder"),
        pytest.param(["jsonl", "data", *ALSO], 1, "is no file", id="a folder for a file"),
        pytest.param(["csv", "mine.bib", *ALSO], 1, "no folder", id="a file for a folder"),
        pytest.param(["bibtex", "mine.bib", *ALSO], 1, "not replaced", id="own bibliography"),
        pytest.param(["jsonl", "data/papertide.duckdb", *ALSO], 1, "not replaced", id="the store"),
        pytest.param(["csv", "data", *ALSO], 1, "not replaced", id="a folder of other things"),
        pytest.param(["csv", ".", *ALSO], 1, "not replaced", id="here"),
    ],
)  # fmt: skip
def test_what_is_refused_destroys_nothing(
    store: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, says: str
) -> None:
    (store / "mine.bib").write_text("@book{knuth, title = {TeX}}")
    before = {file: file.stat().st_mtime_ns for file in store.rglob("*")}
    form, *rest = arguments
    assert cli._run(["export", "--format", form, *rest]) == code
    captured = capsys.readouterr()
    assert says in captured.err
    assert captured.err.count("\n") == 1
    assert {file: file.stat().st_mtime_ns for file in store.rglob("*")} == before


def test_without_a_snapshot(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(store / "data")
    assert export("bibtex", "p.bib") == 1
    assert "run papertide refresh first" in capsys.readouterr().err
    assert not (store / "p.bib").exists()


def test_a_link_is_followed_not_replaced(store: Path) -> None:
    (store / "elsewhere").mkdir()
    (store / "tables").symlink_to("elsewhere")
    assert export("csv", "tables") == 0
    assert (store / "tables").is_symlink()
    assert (store / "elsewhere" / "papers.csv").exists()


def test_a_folder_that_could_not_be_filled_stays(tmp_path: Path) -> None:
    target = tmp_path / "tables"
    target.mkdir()
    (target / "meta.csv").write_text("old")
    with pytest.raises(OSError, match="full"), durable.replacing_folder(target) as draft:
        (draft / "meta.csv").write_text("new")
        raise OSError("full")
    assert [file.read_text() for file in tmp_path.rglob("*.csv")] == ["old"]
    assert len(list(tmp_path.iterdir())) == 1


def test_every_relation_of_lists_is_a_relation() -> None:
    assert set(handing.OF_LISTS) < set(soundness.expected_columns())
