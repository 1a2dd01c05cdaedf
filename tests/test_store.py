"""The store: relations as promised, nothing half written, damage noticed and set aside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from enrich.counts import Count, Observed
from enrich.edition import Described, Settled
from enrich.errors import StoreError
from enrich.library import (
    Candidate,
    Claim,
    Finding,
    Library,
    ListState,
    Method,
    Place,
    Reason,
    Verdict,
    Work,
)
from enrich.model import Identifier, Kind, Link, Outcome, Record, SourceState, Told
from enrich.papers import describe
from enrich.runs import Run, SourceRun
from store import answers, copies, durable, reading, reference, snapshots, soundness
from store.catalog import Bulk, Catalog
from store.current import read_current
from store.database import CONFIG, migrate, open_file
from store.draft import Draft, Meta
from store.journal import Batch, Journal
from store.layout import Layout
from store.lock import writing

NIGHT = datetime(2026, 11, 21, 2, tzinfo=UTC)
LATER = NIGHT + timedelta(days=1)
ARXIV = Identifier("arxiv", "2401.10020")
ACL = Identifier("acl", "2023.acl-long.147")


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    return Layout(tmp_path / "data")


def place(paper_id: str = "p1", **changed: object) -> Place:
    fields: dict[str, object] = {
        "entry_id": "e1",
        "list_id": "papers",
        "position": 1,
        "line": 3,
        "section": ("Papers", "Ünïcode 论文"),
        "raw": "- A title",
        "title": "A title",
        "label": None,
        "authors": "A. Writer",
        "venue": None,
        "year": 2024,
        "kind": Kind.PAPER,
        "links": (Link("paper", "https://arxiv.org/abs/2401.10020"),),
        "ids": (ARXIV,),
        "first_seen_at": NIGHT,
        "last_seen_at": NIGHT,
        "finding": Finding(paper_id, Verdict.MATCHED, Reason.OWN_IDENTIFIER, 1.0, Method.LINK),
    }
    return Place(**{**fields, **changed})  # type: ignore[arg-type]


RECORD = Record(
    source="semantic_scholar",
    asked=ARXIV,
    title="A Title",
    authors=("A. Writer", "B. O'Reader; drop table papers"),
    year=2024,
    abstract="Text with 'quotes', \u2028 separators and \x00 no end.",
    citation_count=7,
    influential_citation_count=0,
)


def library(*paper_ids: str) -> Library:
    return Library(
        lists={"papers": ListState("papers", "papers", "papers.md", "0" * 64, 1, NIGHT)},
        places={"e1": place(paper_ids[0])},
        works={p: Work(p, "A title", (), NIGHT) for p in paper_ids},
        claims={
            ARXIV: Claim(paper_ids[0], "list", NIGHT),
            ACL: Claim(paper_ids[-1], "list", NIGHT),
        },
    )


def publish(layout: Layout, base: snapshots.Base, now: Library, at: datetime) -> Path:
    """A snapshot of this library, in which every work was told of."""
    told = {p: {RECORD.source: Observed(RECORD, at)} for p in now.works}
    settled = Settled(now, told, frozenset(now.works))
    papers = [
        describe(
            p, told[p], [place(p)], [ARXIV], Count(p, RECORD.source, at, 7, 0), None, NIGHT, at
        )
        for p in now.works
    ]
    counts = [Count(p, RECORD.source, at, 7, 0) for p in now.works] if base.path is None else []
    snapshot_id = snapshots.free_id(layout, at)
    run = Run(f"{snapshot_id}-0", "refresh", "ok", at, at, "0", "{}")
    part = SourceRun(run.run_id, "arxiv", 1, 0, 0, 0, 1, 1, 0, 0.5, SourceState.OK)
    path = layout.drafts / "draft.duckdb"
    with Draft(path, base.path) as draft:
        aliases = {o: n for o, n in now.aliases.items() if o not in base.library.aliases}
        draft.merge(aliases, at)
        draft.answers(told).write()
        draft.settle(base.library, settled, at)
        draft.describe(Described(papers, counts, []), run.run_id)
        draft.runs([run], [part])
        draft.sign(Meta(snapshot_id, base.snapshot_id, at, "0", False))
    soundness.verify(path)
    return snapshots.publish(layout, path, snapshot_id)


def rows(layout: Layout, query: str) -> list[tuple[object, ...]]:
    with open_file(layout.current, read_only=True) as connection:
        return connection.execute(query).fetchall()


def promised(root: Path) -> Iterator[tuple[str, list[str]]]:
    """The relations and columns of the contract's fifth section."""
    text = (root / "docs" / "contract.md").read_text(encoding="utf-8")
    for line in text.partition("## 5.")[2].splitlines():
        if row := re.fullmatch(r"\| `(\w+)` \| [^|]+ \| (.+) \|", line):
            columns = re.sub(r"\([^)]*\)", "", row[2])
            yield row[1], [column.strip() for column in columns.split(",")]


KINDS = {
    "year": "INTEGER",
    "line": "INTEGER",
    "position": "INTEGER",
    "score": "DOUBLE",
    "published": "DATE",
    "section": "VARCHAR[]",
    "authors": "VARCHAR[]",
    "lists": "VARCHAR[]",
    "links": 'STRUCT("label" VARCHAR, url VARCHAR)[]',
    "candidates": 'STRUCT(scheme VARCHAR, "value" VARCHAR, title VARCHAR, score DOUBLE)[]',
    "citation_count": "INTEGER",
    "influential_citation_count": "INTEGER",
}


def test_relations_are_as_promised(root: Path) -> None:
    columns = {table: dict(each) for table, each in soundness.expected_columns().items()}
    contract = dict(promised(root))
    assert len(contract) == 13
    for table, names in contract.items():
        assert set(names) <= set(columns[table]), table
        for name in names:
            kind = columns[table][name]
            if name in KINDS:
                assert kind == KINDS[name], (table, name)
            elif name.endswith("_at") or name == "at":
                assert kind == "TIMESTAMP WITH TIME ZONE", (table, name)


def test_every_relation_and_column_has_a_comment() -> None:
    with duckdb.connect() as connection:
        migrate(connection)
        silent = connection.execute(
            "select table_name, column_name from duckdb_columns() "
            "where not internal and comment is null"
        ).fetchall()
        silent += connection.execute(
            "select table_name, null from duckdb_tables() where not internal and comment is null"
        ).fetchall()
    assert silent == []


def test_the_reference_is_made_from_the_comments(root: Path) -> None:
    assert (root / "docs" / "schema.md").read_text(encoding="utf-8") == reference.reference(), (
        "run python -m store.reference > docs/schema.md"
    )


def test_a_library_comes_back_as_it_was_written(layout: Layout) -> None:
    now = library("p1", "p2")
    candidates = (Candidate("arxiv", "2401.10020", "A title", 1.0),)
    undecided = Finding("p2", Verdict.AMBIGUOUS, Reason.SEVERAL_WORKS, 0.5, None, candidates)
    now = replace(
        now, places={**now.places, "e2": place(entry_id="e2", position=2, finding=undecided)}
    )
    publish(layout, snapshots.Base(), now, NIGHT)
    assert rows(layout, "select entry_id, len(candidates) from review") == [("e2", 1)]
    base = snapshots.newest_good(layout)
    assert base.snapshot_id == "20261121T020000Z"
    assert base.library.places == now.places
    assert base.library.claims == now.claims
    assert base.library.lists == now.lists
    with open_file(layout.current, read_only=True) as connection:
        records = reading.records(connection, ["p1"])
        assert reading.papers(connection, ["p2"])["p2"].citation_count == 7
        assert reading.counts(connection, ["p1"])["p1"].influential_citation_count == 0
    assert records["p1"]["semantic_scholar"] == Observed(RECORD, NIGHT)


def test_the_current_snapshot_as_its_readers_get_it(layout: Layout) -> None:
    with pytest.raises(StoreError, match="no snapshot is published yet; run papertide refresh"):
        read_current(layout)
    now = library("p1", "p2")
    publish(layout, snapshots.Base(), now, NIGHT)
    current = read_current(layout)
    assert (current.snapshot_id, current.created_at) == ("20261121T020000Z", NIGHT)
    assert not current.simulated
    assert current.library.places == now.places
    assert {p: (d.title, d.citation_count) for p, d in current.papers.items()} == {
        "p1": ("A Title", 7),
        "p2": ("A Title", 7),
    }


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ("update meta set schema_version = 99", "written by a newer Papertide"),
        ("delete from meta", "meta has no row"),
        ("alter table papers drop column venue", "papers.venue is missing"),
        ("drop table meta", "it has no relation meta"),
        (None, "damaged, or no DuckDB file"),
    ],
)
def test_a_current_snapshot_that_cannot_be_read(
    layout: Layout, change: str | None, complaint: str
) -> None:
    publish(layout, snapshots.Base(), library("p1"), NIGHT)
    if change is None:
        layout.current.write_bytes(b"no database" * 1000)
    else:
        with open_file(layout.current, read_only=False) as connection:
            connection.execute(change)
    with pytest.raises(StoreError, match=complaint):
        read_current(layout)


def test_rows_of_a_merged_work_follow_it(layout: Layout) -> None:
    publish(layout, snapshots.Base(), library("p1", "p2"), NIGHT)
    base = snapshots.newest_good(layout)
    merged = Library(
        lists=base.library.lists,
        places=base.library.places,
        works={"p1": base.library.works["p1"]},
        claims={i: c._replace(paper_id="p1") for i, c in base.library.claims.items()},
        aliases={"p2": "p1"},
    )
    publish(layout, base, merged, LATER)
    assert rows(layout, "select distinct paper_id from identifiers") == [("p1",)]
    assert rows(layout, "select distinct paper_id from citations") == [("p1",)]
    assert rows(layout, "select paper_id, source from records") == [("p1", "semantic_scholar")]
    assert rows(layout, "select old_paper_id, paper_id from paper_aliases") == [("p2", "p1")]
    assert rows(layout, "select paper_id from papers") == [("p1",)]


def test_counts_as_of_a_day(layout: Layout) -> None:
    publish(layout, snapshots.Base(), library("p1"), NIGHT)
    with open_file(layout.current, read_only=True) as connection:
        as_of = "select citation_count from papers_as_of(timestamptz '{}')"
        day = as_of.format("2026-11-21 02:00:00+00")
        assert connection.execute(day).fetchall() == [(7,)]
        before = as_of.format("2026-11-20 00:00:00+00")
        assert connection.execute(before).fetchall() == []


def test_a_snapshot_of_the_future_is_left_alone(layout: Layout) -> None:
    publish(layout, snapshots.Base(), library("p1"), NIGHT)
    with open_file(layout.current, read_only=False) as connection:
        connection.execute("update meta set schema_version = 99")
    with pytest.raises(StoreError, match="newer Papertide"):
        snapshots.newest_good(layout)


def test_two_rows_for_one_key_are_damage(layout: Layout) -> None:
    publish(layout, snapshots.Base(), library("p1"), NIGHT)
    with open_file(layout.current, read_only=False) as connection:
        connection.execute("insert into papers from papers")
    with pytest.raises(StoreError, match="papers has two rows for p1"):
        soundness.verify(layout.current)


def test_a_failed_draft_leaves_nothing(layout: Layout) -> None:
    path = layout.drafts / "draft.duckdb"
    with pytest.raises(ZeroDivisionError), Draft(path, None):
        raise ZeroDivisionError
    assert list(layout.drafts.iterdir()) == []


@pytest.mark.parametrize(
    ("published", "started", "expected"),
    [
        pytest.param([], NIGHT, "20261121T020000Z", id="the first"),
        pytest.param([NIGHT], NIGHT, "20261121T020001Z", id="the same second"),
        pytest.param([LATER], NIGHT, "20261122T020001Z", id="a clock set back"),
    ],
)
def test_snapshot_ids_only_grow(
    layout: Layout, published: list[datetime], started: datetime, expected: str
) -> None:
    for at in published:
        durable.write(layout.snapshots / f"{at:{snapshots.FORMAT}}.duckdb", b"")
    assert snapshots.free_id(layout, started) == expected


def told(value: str, body: str = "{}") -> Told:
    return Told("arxiv", Identifier("arxiv", value), Outcome.OK, body)


def test_the_journal_keeps_what_was_answered(layout: Layout) -> None:
    journal = Journal(layout, "run1")
    journal.write_batch([told("2401.00001")], LATER, simulated=False)
    Journal(layout, "run0").write_batch([told("2401.00002")], NIGHT, simulated=True)
    journal.write_run(Run("run1", "refresh", "failed", NIGHT, None, "0", "{}"))
    pending = Journal(layout, "run2").pending()
    assert [batch.told[0].asked.value for batch in pending.batches] == ["2401.00002", "2401.00001"]
    assert [run.run.status for run in pending.runs] == ["failed"]
    journal.clear(pending)
    assert list(Journal(layout, "run2").pending().batches) == []


def test_a_journal_file_that_cannot_be_read_is_as_if_not_there(layout: Layout) -> None:
    journal = Journal(layout, "run1")
    journal.write_batch([told("2401.00001")], NIGHT, simulated=False)
    [file] = layout.journal.glob("*/*.json.gz")
    file.write_bytes(b"half a fi")
    assert list(journal.pending().batches) == []
    journal.clear(journal.pending())
    assert list(layout.journal.iterdir()) == []


@pytest.mark.parametrize("damaged", [False, True], ids=["sound", "damaged"])
def test_the_newest_raw_answer_is_kept(layout: Layout, damaged: bool) -> None:
    answers.keep(layout.answers, [Batch(NIGHT, False, (told("2401.00001", "old"),))])
    if damaged:
        layout.answers.write_bytes(b"no database")
    answers.keep(layout.answers, [Batch(LATER, False, (told("2401.00001", "new"),))])
    assert [b.told[0].body for b in answers.kept(layout.answers)] == ["new"]


def test_of_several_raw_answers_the_last_is_kept(layout: Layout) -> None:
    """Also where a run that ended later began earlier, and where one batch has two."""
    for run, at, body in (("run1", LATER, "newest"), ("run2", NIGHT, "older")):
        again = [told("2401.00001", "first"), told("2401.00001", body)]
        Journal(layout, run).write_batch(again, at, simulated=False)
    batches = Journal(layout, "run3").pending().batches
    assert [batch.at for batch in batches] == [NIGHT, LATER]
    assert list(reversed(batches)) == list(batches)[::-1]
    answers.keep(layout.answers, batches)
    assert [(b.at, b.told[0].body) for b in answers.kept(layout.answers)] == [(LATER, "newest")]


PAPER = {
    "id": "2023.acl-long.147",
    "key": "atitle",
    "title": "A Title",
    "authors": ["A. Writer"],
    "year": 2023,
    "venue": "ACL",
    "doi": None,
    "abstract": None,
}
BULK = Bulk("acl_anthology", '"etag"', None, NIGHT, False, 0)


def test_a_new_bulk_file_takes_the_old_ones_place(layout: Layout) -> None:
    catalog = Catalog(layout.catalog)
    assert catalog.bulk("acl_anthology") is None
    assert catalog.found(["2023.acl-long.147"]) == {}
    assert catalog.load(BULK, [PAPER, {**PAPER, "id": "P19-1001"}]).papers == 2
    catalog.load(BULK, [PAPER])
    assert catalog.found(["P19-1001"]) == {}
    assert [each.title for each in catalog.keyed(["atitle"])["atitle"]] == ["A Title"]


def test_a_bulk_file_that_breaks_off_leaves_the_old_one(layout: Layout) -> None:
    def breaking() -> Iterator[dict[str, object]]:
        yield PAPER
        raise OSError

    catalog = Catalog(layout.catalog)
    catalog.load(BULK, [{**PAPER, "id": "P19-1001"}])
    with pytest.raises(OSError):
        catalog.load(BULK, breaking())
    assert list(catalog.found(["P19-1001", "2023.acl-long.147"])) == ["P19-1001"]


def test_a_damaged_catalogue_is_begun_anew(layout: Layout) -> None:
    catalog = Catalog(layout.catalog)
    durable.write(layout.catalog, b"no database")
    assert catalog.bulk("acl_anthology") is None
    catalog.load(BULK, [PAPER])
    assert catalog.bulk("acl_anthology") == Bulk("acl_anthology", '"etag"', None, NIGHT, False, 1)


def test_a_shrunk_bulk_file_is_not_believed(layout: Layout) -> None:
    catalog = Catalog(layout.catalog)
    catalog.load(BULK, [PAPER, {**PAPER, "id": "P19-1001"}])
    with pytest.raises(StoreError, match="1 papers, at least 2 were expected"):
        catalog.load(BULK, [PAPER], at_least=2)
    assert len(catalog.found(["P19-1001", "2023.acl-long.147"])) == 2


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_catalogue_cut_short_is_made_again_by_the_second_load(
    layout: Layout, share: float
) -> None:
    catalog = Catalog(layout.catalog)
    catalog.load(BULK, [{**PAPER, "id": f"P19-{n}", "title": "x" * 500} for n in range(1000, 3000)])
    content = layout.catalog.read_bytes()
    layout.catalog.write_bytes(content[: int(len(content) * share)])
    catalog.keyed(["atitle"])  # does not raise
    with suppress(StoreError):  # says that it cannot be written, and sets it aside
        catalog.load(BULK, [PAPER])
    catalog.load(BULK, [PAPER])
    assert list(catalog.found(["2023.acl-long.147"])) == ["2023.acl-long.147"]


def test_a_last_good_copy_without_its_note_is_none(layout: Layout) -> None:
    copies.keep(layout, "papers", b"# Papers", copies.CopyInfo("papers.md"))
    assert copies.last_good(layout, "papers") == (b"# Papers", copies.CopyInfo("papers.md"))
    (layout.lists / "papers.json").write_bytes(b"{")
    assert copies.last_good(layout, "papers") is None


def test_one_writer_at_a_time(layout: Layout) -> None:
    with writing(layout), pytest.raises(StoreError, match="another Papertide run"), writing(layout):
        pass
    with writing(layout):
        pass


def test_more_raw_answers_are_read_than_the_database_may_hold(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    of = [
        Told("arxiv", Identifier("arxiv", f"{n}"), Outcome.OK, f"{n} " * 800) for n in range(9000)
    ]
    answers.keep(layout.answers, [Batch(NIGHT, True, tuple(of))])
    monkeypatch.setattr("store.database.CONFIG", {**CONFIG, "memory_limit": "32MB"})
    assert sum(len(batch.told) for batch in answers.kept(layout.answers)) == len(of)
