"""The catalogue: both sources' papers by title, number and key; pages whole or not at all."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest

from enrich import titles
from enrich.errors import StoreError
from enrich.harvest import Harvest, Page, Preprint
from enrich.matching.values import Known
from enrich.model import Identifier, Tally
from enrich.network.download import Download
from flows.night.anthology import Anthology
from store import catalog as catalogue
from store import database, harvests
from store.catalog import Bulk, Catalog
from store.database import open_file

NIGHT = datetime(2026, 11, 21, 2, tzinfo=UTC)
TODAY = NIGHT.date()
BULK = Bulk("acl_anthology", '"etag"', None, NIGHT, False, 0)
BEGUN = Harvest("cs:cs:CL", None, NIGHT)


def acl(value: str, title: str = "A Title", **other: Any) -> dict[str, Any]:
    return {
        **{"id": value, "key": titles.key(title), "title": title, "authors": ["A. Writer"]},
        **{"year": 2023, "venue": "ACL", "doi": None, "abstract": None},
        **other,
    }


def preprint(value: str, title: str = "A Title", **other: Any) -> Preprint:
    return Preprint(value, title, ("Ada Tidewell",), 2024, date(2024, 1, 2), **other)


def page(*papers: Preprint, deleted: tuple[str, ...] = (), token: str | None = None) -> Page:
    return Page(papers, deleted, (TODAY,) * (len(papers) + len(deleted)), token, TODAY)


def take(catalog: Catalog, told: Page, harvest: Harvest = BEGUN) -> Harvest:
    after = harvest.after(told, NIGHT, simulated=False)
    catalog.take(told, after)
    return after


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "work" / "catalog.duckdb"


@pytest.fixture
def catalog(path: Path) -> Catalog:
    return Catalog(path)


def ids(catalog: Catalog) -> dict[str, str]:
    """The title of every paper, by its first identifier."""
    known = catalog.known([number for number, _ in catalog.titles()])
    return {str(each.identifiers[0]): each.title for each in known}


def test_no_catalogue_has_nothing_and_stays_none(catalog: Catalog, path: Path) -> None:
    assert (catalog.version(), catalog.titles(), catalog.known([])) == (None, [], [])
    assert (catalog.keyed(["atitle"]), catalog.harvests(), catalog.sizes()) == ({}, {}, {})
    assert not path.exists()


def test_papers_of_both_sources_are_known_by_number_and_key(catalog: Catalog) -> None:
    catalog.load(BULK, [acl("P19-1001", doi="10.18653/v1/p19-1001"), acl("P19-1002", "Another")])
    take(catalog, page(preprint("2401.00001", doi="10.1/x", journal_ref="J. Inv. 1")))
    numbers = dict(catalog.titles())
    assert sorted(numbers.values()) == ["A Title", "A Title", "Another"]
    ours = Known(
        "acl_anthology",
        (Identifier("acl", "P19-1001"), Identifier("doi", "10.18653/v1/p19-1001")),
        "A Title",
        ("A. Writer",),
        2023,
        "ACL",
    )
    theirs = Known(
        "arxiv",
        (Identifier("arxiv", "2401.00001"), Identifier("doi", "10.1/x")),
        "A Title",
        ("Ada Tidewell",),
        2024,
        "J. Inv. 1",
    )
    assert catalog.keyed(["atitle", "unknown"]) == {"atitle": [ours, theirs]}
    [another] = [number for number, title in numbers.items() if title == "Another"]
    rest = sorted(numbers.keys() - {another})
    assert catalog.known([rest[1], another, rest[0]])[::2] == [theirs, ours]
    assert catalog.sizes() == {"acl_anthology": 2, "arxiv": 1}
    with pytest.raises(StoreError, match="changed while it was read"):
        catalog.known([another, 77])


def test_the_version_changes_with_the_contents_only(catalog: Catalog) -> None:
    seen = [catalog.version()]
    bulk = catalog.load(BULK, [acl("P19-1001")])
    seen.append(catalog.version())
    numbers = catalog.titles()
    catalog.confirm(replace(bulk, checked_at=NIGHT + timedelta(days=1)))
    take(catalog, page())
    assert (catalog.version(), catalog.titles()) == (seen[-1], numbers)
    harvest = take(catalog, page(preprint("2401.00001")))
    seen.append(catalog.version())
    take(catalog, page(deleted=("2401.00001",)), harvest)
    seen.append(catalog.version())
    catalog.load(BULK, [acl("P19-1001")])
    seen.append(catalog.version())
    assert len(set(seen)) == len(seen) == 5


def test_a_later_word_on_a_paper_takes_the_place_of_the_former(catalog: Catalog) -> None:
    harvest = take(catalog, page(preprint("2401.00001", "Old"), preprint("2401.00002", "Gone")))
    twice = (preprint("2401.00001", "Draft"), preprint("2401.00001", "New"))
    harvest = take(catalog, page(*twice, preprint("2401.00003", "More"), token="t"), harvest)
    take(catalog, page(deleted=("2401.00002", "2401.00099")), harvest)
    assert ids(catalog) == {"arxiv:2401.00001": "New", "arxiv:2401.00003": "More"}
    assert catalog.keyed(["old", "gone", "draft"]) == {}


def test_the_state_of_each_harvest_comes_back(catalog: Catalog) -> None:
    one = take(catalog, page(preprint("2401.00001"), token="t"))
    other = replace(BEGUN, spec="cs:cs:LG", since=TODAY, simulated=True, in_order=False)
    catalog.take(page(), other)
    assert catalog.harvests() == {"cs:cs:CL": one, "cs:cs:LG": other}


@pytest.mark.parametrize("where", ["papers", "state"])
def test_a_page_is_taken_in_whole_or_not_at_all(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    before = take(catalog, page(preprint("2401.00001", "Old"), token="t"))
    version = catalog.version()

    class Dies(Exception):
        pass

    def killed(*_: Any) -> Any:
        raise Dies

    with monkeypatch.context() as patch:
        if where == "papers":
            patch.setattr(titles, "key", killed)
        else:
            patch.setattr(harvests, "astuple", killed)
        with pytest.raises(Dies):
            take(catalog, page(preprint("2401.00001", "New"), preprint("2401.00002")), before)
    assert ids(catalog) == {"arxiv:2401.00001": "Old"}
    assert catalog.harvests() == {"cs:cs:CL": before}
    assert catalog.version() == version
    assert not list(catalog._path.parent.glob("*.jsonl"))


def test_a_number_of_another_version_names_no_other_paper(catalog: Catalog) -> None:
    def numbers() -> set[int]:
        return {number for number, _ in catalog.titles()}

    former: set[int] = set()
    harvest = BEGUN
    for _ in range(3):
        catalog.load(BULK, [acl("P19-1001"), acl("P19-1002")])
        assert not former & numbers()
        former |= numbers()
        harvest = take(catalog, page(preprint("2401.00001")), harvest)
        former |= numbers()
        harvest = take(catalog, page(deleted=("2401.00001",)), harvest)
    assert len(former) == 9
    with pytest.raises(StoreError, match="changed while it was read"):
        catalog.known([min(former)])


OLD = """
    create table acl_papers (
        id varchar, key varchar, title varchar, authors varchar[], year integer, venue varchar,
        doi varchar, abstract varchar
    );
    create table bulk (
        source varchar, etag varchar, last_modified varchar, checked_at timestamptz,
        simulated boolean, papers integer
    );
    insert into acl_papers values
        ('P19-1001', 'atitle', 'A Title', ['A. Writer'], 2019, 'ACL', null, null),
        ('P19-1002', 'another', 'Another', [], null, null, '10.1/x', null);
    insert into bulk values
        ('acl_anthology', '"old"', null, timestamptz '2026-11-20 00:00:00Z', false, 2);
"""


def test_the_catalogue_of_an_earlier_version_goes_on(catalog: Catalog, path: Path) -> None:
    with open_file(path, read_only=False) as connection:
        connection.execute(OLD)
    content = path.read_bytes()
    version, numbers = catalog.version(), catalog.titles()
    assert version
    assert ids(catalog) == {"acl:P19-1001": "A Title", "acl:P19-1002": "Another"}
    assert catalog.keyed(["another"])["another"][0].identifiers[1].value == "10.1/x"
    assert (catalog.harvests(), catalog.sizes()) == ({}, {"acl_anthology": 2})
    assert path.read_bytes() == content
    bulk = catalog.bulk("acl_anthology")
    assert bulk
    catalog.confirm(replace(bulk, checked_at=NIGHT))
    assert (catalog.version(), catalog.titles()) == (version, numbers)
    take(catalog, page(preprint("2401.00001")))
    assert catalog.version() != version
    assert len(ids(catalog)) == 3


def test_a_damaged_catalogue_is_set_aside(catalog: Catalog, path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(b"no database")
    assert catalog.titles() == []
    assert [file.name for file in path.parent.iterdir()] == ["catalog.duckdb.damaged"]
    path.write_bytes(b"no database")
    take(catalog, page(preprint("2401.00001")))
    assert ids(catalog) == {"arxiv:2401.00001": "A Title"}


@pytest.fixture
def held(path: Path, catalog: Catalog) -> Iterator[duckdb.DuckDBPyConnection]:
    """The catalogue, open in this process in a way that excludes reading."""
    catalog.load(BULK, [acl("P19-1001")])
    with closing(open_file(path, read_only=False)) as connection:
        yield connection


def test_a_catalogue_that_is_being_written_is_waited_for(
    catalog: Catalog, held: duckdb.DuckDBPyConnection
) -> None:
    timer = threading.Timer(0.3, held.close)
    timer.start()
    began = time.monotonic()
    assert len(catalog.titles()) == 1
    assert time.monotonic() - began > 0.2
    timer.join()


def test_a_catalogue_that_stays_held_is_left_where_it_is(
    catalog: Catalog,
    path: Path,
    held: duckdb.DuckDBPyConnection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(database, "PATIENCE", 0.1)
    with pytest.raises(StoreError, match="another process"):
        catalog.keyed(["atitle"])
    held.close()
    assert path.exists()
    assert len(catalog.titles()) == 1


def test_a_lack_of_memory_is_no_damage(
    catalog: Catalog, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalog.load(BULK, [acl("P19-1001")])

    def starved(*_: Any) -> None:
        raise duckdb.OutOfMemoryException("Out of Memory Error: could not allocate block")

    monkeypatch.setattr(catalogue, "complete", starved)
    with pytest.raises(StoreError, match="Out of Memory"):
        catalog.titles()
    assert path.exists()


def test_a_new_bulk_file_is_written_down_before_the_catalogue_is_opened(
    catalog: Catalog, path: Path
) -> None:
    catalog.load(BULK, [acl("P19-1001")])

    def slow() -> Iterator[Mapping[str, Any]]:
        yield acl("P19-1002")
        assert len(catalog.titles()) == 1  # a reader is not shut out meanwhile

    catalog.load(BULK, slow())
    assert ids(catalog) == {"acl:P19-1002": "A Title"}


def test_a_bulk_file_that_is_broken_further_on_is_trouble_and_no_fault(
    catalog: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("enrich.bibtex.PIECE", 1000)

    class Remote:
        gateway = SimpleNamespace(tally=Tally())

        async def refresh(self, *_: object) -> Download:
            return Download(True, None, None)

    remote: Any = Remote()
    broken = "\n@article{a, title = {" * 200 + "\n@book{b, title = {B}}"
    (tmp_path / "anthology+abstracts.bib.gz").write_text(broken)
    now = datetime(2026, 11, 21, tzinfo=UTC)
    anthology = Anthology(remote, catalog, tmp_path, timedelta(hours=20), (), 0.1, now)
    asyncio.run(anthology.refresh())
    assert anthology.trouble == "the server sent something that is no bibliography"
    assert catalog.bulk("acl_anthology") is None
