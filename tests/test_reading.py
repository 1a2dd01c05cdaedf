"""docs/reading.md: its examples run, and its questions get the right answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from store.database import migrate

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs" / "reading.md").read_text(encoding="utf-8")
PYTHON = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
SQL = re.findall(r"```sql\n(.*?)```", TEXT, re.DOTALL)

SMALL_SNAPSHOT = """
    insert into meta values (1, '20261121T020000Z', null, '2026-11-21 02:00+00', '0.1.0', true);
    insert into papers by name
    select * replace (first_seen_at::timestamptz as first_seen_at) from (values
        ('p1', 'Moved', 2024, 'preprint', 30, ['llm-alignment', 'other'], '2026-09-01'),
        ('p2', 'Published', 2024, 'published', 20, ['llm-alignment'], '2026-09-01'),
        ('p3', 'New', 2024, 'preprint', 99, ['llm-alignment'], '2026-11-20'),
        ('p4', 'Gone', 2024, 'published', 99, []::varchar[], '2026-09-01'),
        ('p5', 'Uncounted', 2024, 'preprint', null, ['other', 'third'], '2026-09-01')
    ) as t (paper_id, title, year, status, citation_count, lists, first_seen_at);
    insert into citations by name
    select paper_id, 'semantic_scholar' as source, day::timestamptz as observed_at, citation_count
    from (values ('p1', '2026-10-05', 10), ('p1', '2026-11-20', 30), ('p2', '2026-10-05', 20),
        ('p3', '2026-11-20', 99), ('p4', '2026-10-05', 1), ('p4', '2026-11-20', 99)
    ) as t (paper_id, day, citation_count);
    insert into changes values
        ('r1', 'p2', 'status', 'preprint', 'published', '2026-11-20 02:00+00'),
        ('r1', 'p4', 'status', 'preprint', 'published', '2026-11-20 02:00+00'),
        ('r1', 'p5', 'status', null, 'preprint', '2026-11-20 02:00+00');
    insert into entries by name select 'e1' as entry_id, 'llm-alignment' as list_id, 7 as line,
        'p1' as paper_id;
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with a small snapshot where the examples look for it."""
    (tmp_path / "data").mkdir()
    with duckdb.connect(str(tmp_path / "data" / "papertide.duckdb")) as connection:
        connection.execute("set timezone = 'UTC'")
        migrate(connection)
        connection.execute(SMALL_SNAPSHOT)
    monkeypatch.chdir(tmp_path)
    yield tmp_path


@pytest.mark.parametrize("example", PYTHON, ids=range(1, len(PYTHON) + 1))
def test_the_python_examples_run(
    here: Path, capsys: pytest.CaptureFixture[str], example: str
) -> None:
    for method, library in (("df", "pandas"), ("pl", "polars"), ("to_arrow_table", "pyarrow")):
        if f".{method}()" in example:
            pytest.importorskip(library)
    exec(compile(example, "docs/reading.md", "exec"), {})
    assert capsys.readouterr().out.strip()


def answers(question: str) -> list[tuple[Any, ...]]:
    """What the snapshot answers to the query below a question."""
    [query] = re.findall(rf"\*\*{question}.*?```sql\n(.*?)```", TEXT, re.DOTALL)
    with duckdb.connect("data/papertide.duckdb", read_only=True) as snapshot:
        snapshot.execute("set timezone = 'UTC'")
        return snapshot.execute(query).fetchall()


def test_which_papers_moved(here: Path) -> None:
    assert answers("Which papers of my lists moved most") == [("Moved", 10, 30, 20)]


def test_which_preprints_got_published(here: Path) -> None:
    [(seen, *row)] = answers("Which preprints got published")
    assert (str(seen), *row) == ("2026-11-20", "Published", None, None)


def test_which_lists_overlap(here: Path) -> None:
    assert answers("Which two lists overlap") == [
        ("llm-alignment", "other", 1, 50),
        ("other", "third", 1, 100),
    ]


def test_the_other_queries_run(here: Path) -> None:
    with duckdb.connect() as connection:
        attached = [query for query in SQL if query.startswith("attach")]
        connection.execute(attached[0])
    with duckdb.connect("data/papertide.duckdb", read_only=True) as snapshot:
        for query in SQL:
            if query not in attached:
                snapshot.execute(query)
