"""What was looked up in the catalogue, kept on the disk as long as that is the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from enrich.titles import key
from flows.night import lookups as looking
from store import lookups
from store.catalog import Bulk, Catalog
from store.layout import Layout

TITLE = "Self-Rewarding Language Models"
SLIP = "Self-Rewardin Langage Models"
NEAR = {"lima": [3, 1], "llama": []}


@pytest.fixture
def layout(tmp_path: Path) -> Iterator[Layout]:
    looking._lookup.cache_clear()
    yield Layout(tmp_path)
    looking._lookup.cache_clear()


def load(layout: Layout, *titles: str) -> None:
    bulk = Bulk("acl_anthology", None, None, datetime(2026, 11, 21, tzinfo=UTC), False, 0)
    Catalog(layout.catalog).load(
        bulk,
        [
            {
                **{"id": f"P19-100{n}", "key": key(title), "title": title, "authors": ["A. B"]},
                **{"year": 2019, "venue": "ACL", "doi": None, "abstract": None},
            }
            for n, title in enumerate(titles)
        ],
    )


def test_what_is_kept_is_read(tmp_path: Path) -> None:
    lookups.write(tmp_path / "work" / "lookups.json", "1", NEAR)
    assert lookups.read(tmp_path / "work" / "lookups.json", "1") == NEAR


def test_of_another_version_nothing_is_read(tmp_path: Path) -> None:
    lookups.write(tmp_path / "lookups.json", "1", NEAR)
    assert lookups.read(tmp_path / "lookups.json", "2") == {}


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b'{"version": "1", "near": {"lima"', id="cut"),
        pytest.param(b"\xff\xfe\0", id="no text"),
        pytest.param(b'{"version": "1", "near": {"lima": ["3"]}}', id="numbers as text"),
        pytest.param(b'{"version": "1"}', id="half of it"),
        pytest.param(b"[]", id="something else"),
        pytest.param(b"[" * 100_000, id="a bomb"),
    ],
)
def test_a_damaged_file_is_as_if_it_were_not_there(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "lookups.json"
    path.write_bytes(content)
    assert lookups.read(path, "1") == {}


def test_no_file_has_nothing(tmp_path: Path) -> None:
    assert lookups.read(tmp_path / "lookups.json", "1") == {}
    assert lookups.read(tmp_path, "1") == {}


def test_without_a_catalogue_nothing_is_named_or_kept(layout: Layout) -> None:
    assert looking.named(layout, [TITLE]) is None
    looking.keep(layout)
    assert not layout.lookups.exists()


def test_near_titles_are_looked_up_and_exact_ones_only_named(layout: Layout) -> None:
    load(layout, TITLE, "LIMA")
    found = looking.named(layout, [SLIP], ["lima", "Limas", "…"])
    assert found is not None
    assert {k: [p.title for p in papers] for k, papers in found.items()} == {
        key(SLIP): [TITLE],
        "lima": ["LIMA"],
    }


def test_another_run_finds_what_was_kept_without_an_index(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(layout, TITLE)
    found = looking.named(layout, [SLIP])
    looking.keep(layout)
    written = layout.lookups.stat().st_mtime_ns
    looking._lookup.cache_clear()
    monkeypatch.setattr(Catalog, "titles", lambda _: pytest.fail("the titles were read again"))
    assert looking.named(layout, [SLIP]) == found
    looking.keep(layout)  # nothing new: not written again
    assert layout.lookups.stat().st_mtime_ns == written


def test_a_changed_catalogue_is_looked_up_anew(layout: Layout) -> None:
    load(layout, TITLE)
    looking.named(layout, [SLIP])
    looking.keep(layout)
    load(layout, "LIMA", TITLE)
    found = looking.named(layout, [SLIP])
    assert found is not None
    assert [str(p.identifiers[0]) for p in found[key(SLIP)]] == ["acl:P19-1001"]
    looking.keep(layout)
    version = Catalog(layout.catalog).version() or ""
    assert list(lookups.read(layout.lookups, version)) == [key(SLIP)]
