"""When a report would say something new, told from the snapshot without reading it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from enrich.counts import Count
from enrich.errors import StoreError
from enrich.library import Candidate, Reason, Verdict
from enrich.model import Identifier
from enrich.report.facts import Held
from enrich.report.fingerprint import fingerprint
from enrich.review.decisions import Ruling
from enrich.runs import Run, SourceRun
from store import rows
from store.database import migrate, open_file
from store.layout import Layout
from store.loading import Rows
from store.outline import read_outline
from tests.reports import place, work
from tests.values import DAY, NIGHT

S2 = "semantic_scholar"
RULING = Ruling("list", "A title", None, Identifier("arxiv", "2401.00001"), 1, 3)


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two works, of which one gained citations in the week, and one that no list names now."""
    folder = tmp_path_factory.mktemp("outline")
    told = {"citation_source": S2, "citations_checked_at": NIGHT}
    papers = [
        work("a", "One", citation_count=9, abstract="Of one.", **told),
        work("b", "Two", citation_count=7, **told),
        work("c", "Gone", lists=()),
    ]
    candidates = (Candidate("arxiv", "2401.00001", "One", 0.9),)
    unsure = {"verdict": Verdict.AMBIGUOUS, "reason": Reason.SEVERAL_WORKS}
    places = [place("a", 1), place("b", 2, **unsure, candidates=candidates)]
    counts = [Count("a", S2, NIGHT - 9 * DAY, 4, None), Count("a", S2, NIGHT - 3 * DAY, 9, None)]
    fetched = {"checked_at": NIGHT, "due_at": NIGHT, "error": None, "source": S2}
    part = SourceRun("r", S2, 3, 0, 0, 0, 2, 2, 0, 1.0, "ok")
    meta = {"schema_version": 1, "snapshot_id": "20261121T020000Z", "tool_version": "0.1"}
    with open_file(Layout(folder).current, read_only=False) as connection:
        migrate(connection)
        for table, values in {
            "papers": [rows.paper_row(paper) for paper in papers],
            "entries": [rows.entry_row(each) for each in places],
            "review": [rows.review_row(each) for each in places if each.waits],
            "citations": [count._asdict() for count in counts],
            "fetches": [{"paper_id": name, "status": "ok", **fetched} for name in "abc"],
            "runs": [Run("r", "refresh", "ok", NIGHT, NIGHT, "0.1", "{}")._asdict()],
            "source_runs": [part._asdict()],
            "meta": [{**meta, "created_at": NIGHT, "simulated": False}],
        }.items():
            Rows(connection, folder).append(table, values)
    return folder


def mark(folder: Path, *rulings: Ruling) -> str:
    return fingerprint(read_outline(Layout(folder)), rulings)


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("update papers set citation_count = 8 where paper_id = 'b'", id="a count"),
        pytest.param("update papers set citation_count = null where paper_id = 'b'", id="no count"),
        pytest.param("update papers set abstract = 'Of 1.' where paper_id = 'a'", id="an abstract"),
        pytest.param("update papers set authors = ['X'] where paper_id = 'a'", id="authors"),
        pytest.param(
            "update papers set title = if(title = 'One', 'Two', 'One') where paper_id <> 'c'",
            id="two works change titles",
        ),
        pytest.param("update papers set lists = ['list'] where paper_id = 'c'", id="a work more"),
        pytest.param("update entries set line = 3 where paper_id = 'b'", id="a line"),
        pytest.param("update entries set section = ['X'] where paper_id = 'b'", id="a section"),
        pytest.param("update entries set removed_at = now() where paper_id = 'b'", id="it left"),
        pytest.param("update entries set reason = 'weak_evidence'", id="a reason"),
        pytest.param("update review set candidates = []", id="no candidates any more"),
        pytest.param("update fetches set status = 'failed' where paper_id = 'a'", id="a failure"),
        pytest.param("update source_runs set state = 'down'", id="a source is down"),
        pytest.param("update runs set status = 'partial'", id="an incomplete run"),
        pytest.param("update meta set simulated = true", id="simulated"),
        pytest.param("update meta set tool_version = '0.2'", id="another Papertide"),
        pytest.param("update citations set citation_count = 5 where citation_count = 4", id="gain"),
        pytest.param(
            "update meta set created_at = created_at + interval 2 day", id="counts grew old"
        ),
    ],
)
def test_a_report_that_would_read_otherwise_is_told(
    snapshot: Path, tmp_path: Path, statement: str
) -> None:
    assert changed(snapshot, tmp_path, statement) != mark(snapshot)


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("update entries set last_seen_at = now(), raw = 'x'", id="seen again"),
        pytest.param("update papers set updated_at = now()", id="described again"),
        pytest.param(
            "update papers set citations_checked_at = citations_checked_at - interval 1 hour",
            id="confirmed at another time of the day",
        ),
        pytest.param("update papers set title = 'X' where paper_id = 'c'", id="not listed"),
        pytest.param("update fetches set status = 'failed' where paper_id = 'c'", id="nor asked"),
        pytest.param("update fetches set checked_at = now()", id="asked again"),
        pytest.param("update source_runs set requests = 77, seconds = 9", id="more requests"),
        pytest.param(
            "update meta set snapshot_id = 's', previous_snapshot_id = 'r'", id="the next"
        ),
        pytest.param(
            "create table other as from papers order by title desc; delete from papers; "
            "insert into papers from other; drop table other",
            id="other order of the rows",
        ),
    ],
)
def test_what_differs_every_night_is_nothing_new(
    snapshot: Path, tmp_path: Path, statement: str
) -> None:
    assert changed(snapshot, tmp_path, statement) == mark(snapshot)


def changed(snapshot: Path, folder: Path, statement: str) -> str:
    """The mark after a statement, on a copy."""
    shutil.copytree(snapshot, folder, dirs_exist_ok=True)
    with open_file(Layout(folder).current, read_only=False) as connection:
        connection.execute(statement)
    return mark(folder)


def test_a_week_later_nothing_was_gained(snapshot: Path, tmp_path: Path) -> None:
    outline = read_outline(Layout(snapshot))
    later = "update meta set created_at = created_at + interval 8 day"
    changed(snapshot, tmp_path, later)
    assert read_outline(Layout(tmp_path)).digests[2] != outline.digests[2]
    assert read_outline(Layout(tmp_path)).digests[:2] == outline.digests[:2]


def test_it_counts_what_is_listed(snapshot: Path) -> None:
    outline = read_outline(Layout(snapshot))
    assert outline.works == 2
    assert outline.confirmed == {NIGHT: 2}
    assert outline.answers == [Held(S2, "ok", 2, NIGHT)]


def test_a_decision_is_something_new_and_its_place_in_the_file_is_not(snapshot: Path) -> None:
    assert mark(snapshot, RULING) != mark(snapshot)
    assert mark(snapshot, RULING) == mark(snapshot, replace(RULING, number=2, line=9))


def test_without_a_snapshot_there_is_nothing_to_tell(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="run papertide refresh first"):
        read_outline(Layout(tmp_path))
