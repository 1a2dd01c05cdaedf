"""A night that lost too much: not published, kept aside, and no curse on the nights after it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from enrich.errors import StoreError
from enrich.sandbox import World, running
from enrich.sandbox.server import Sandbox
from flows.night import publishing
from flows.night.tonight import Scope
from store import guard
from store.layout import Layout
from tests.nights import ONE_LIST, Store

OFFLINE = Scope(offline=True)


@pytest.fixture(scope="module")
def sound() -> Iterator[Sandbox]:
    with running(World.builtin(), pace=0) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def forgetful() -> Iterator[Sandbox]:
    with running(World.builtin(), pace=0, faults="semantic_scholar:null-count") as sandbox:
        yield sandbox


@pytest.fixture
def robbed(tmp_path: Path, sound: Sandbox, forgetful: Sandbox) -> Store:
    """A store whose source has told once that it no longer knows any count."""
    store = Store(tmp_path, sound.base_urls)
    store.night()
    store.base_urls = forgetful.base_urls
    store.night("2026-11-22T02:00:00Z")
    assert store.rows("select count(citation_count) from papers") == [(3,)]
    return store


def test_a_night_that_lost_its_counts_is_set_aside_and_the_next_one_is_well(
    robbed: Store, sound: Sandbox
) -> None:
    before = (robbed.data / "papertide.duckdb").read_bytes()
    with pytest.raises(StoreError, match=r"has 0 citation counts, the last one 3: .* max_loss"):
        robbed.night("2026-11-23T02:00:00Z")
    assert (robbed.data / "papertide.duckdb").read_bytes() == before
    assert len(list((robbed.data / "snapshots").iterdir())) == 2
    kept = robbed.data / "work" / "set-aside" / "20261123T020000Z"
    assert robbed.rows("select count(citation_count) from papers", kept / "snapshot.duckdb") == [
        (0,)
    ]
    assert list(kept.glob("answers/*/*.json.gz"))
    robbed.base_urls = sound.base_urls
    assert robbed.night("2026-11-23T03:00:00Z").exit_code == 0
    assert robbed.rows("select count(citation_count) from papers") == [(3,)]
    assert robbed.rows("select status from runs order by started_at") == [
        ("ok",),
        ("ok",),
        ("failed",),
        ("ok",),
    ]


def test_a_loss_that_is_wanted_is_let_through_by_a_variable(robbed: Store) -> None:
    with pytest.raises(StoreError, match="PAPERTIDE__GUARD__MAX_LOSS=1"):
        robbed.night("2026-11-23T02:00:00Z")
    robbed.environ["PAPERTIDE__GUARD__MAX_LOSS"] = "1"
    assert robbed.night("2026-11-23T03:00:00Z").exit_code == 0
    assert robbed.rows("select count(citation_count) from papers") == [(0,)]


@pytest.mark.parametrize(
    ("lists", "identified"),
    [
        pytest.param({"other": ONE_LIST.splitlines()[2]}, 3, id="a list left the configuration"),
        pytest.param({"papers": "\n".join(ONE_LIST.splitlines()[:3])}, 3, id="a list was cut"),
    ],
)
def test_a_shorter_list_loses_nothing(
    tmp_path: Path, lists: dict[str, str | bytes], identified: int
) -> None:
    store = Store(tmp_path, {}, extra="[guard]\nmax_loss = 0\n")
    store.night(scope=OFFLINE)
    store.lists = lists
    assert store.night("2026-11-22T02:00:00Z", OFFLINE).exit_code == 0
    assert store.rows("select count(*) from papers") == [(identified,)]


def test_only_the_newest_few_are_kept_aside(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    for day in range(1, 6):
        draft = layout.drafts / "draft.duckdb"
        draft.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(b"a snapshot")
        guard.set_aside(layout, draft, f"2026112{day}T020000Z")
    kept = sorted(each.name for each in layout.set_aside.iterdir())
    assert kept == [f"2026112{day}T020000Z" for day in (3, 4, 5)]


ROBBERIES = {
    "identifiers": "identifier in papers",
    "citations": "another count in papers",
    "abstracts": "abstract in papers",
    "records": "count in papers",
    "fetches": "asked of nobody",
}


@pytest.mark.parametrize(("relation", "says"), ROBBERIES.items())
def test_a_first_night_that_lost_a_relation_is_set_aside(
    tmp_path: Path, sound: Sandbox, monkeypatch: pytest.MonkeyPatch, relation: str, says: str
) -> None:
    def lose(path: Path) -> None:
        with duckdb.connect(str(path)) as connection:
            connection.execute(f"delete from {relation}")

    monkeypatch.setattr(publishing, "rewrite", lose)
    # Relations that the run knows whole are counted before any contradiction is looked for.
    monkeypatch.setattr(guard, "differing", lambda *_: None)
    store = Store(tmp_path, sound.base_urls)
    with pytest.raises(StoreError, match=rf"of 3 works in the new snapshot 3 .*{says}"):
        store.night()
    assert not (store.data / "papertide.duckdb").exists()


@pytest.mark.parametrize("relation", ["entries", "identifiers"])
def test_a_night_that_did_not_write_every_row_is_not_published(
    tmp_path: Path, sound: Sandbox, monkeypatch: pytest.MonkeyPatch, relation: str
) -> None:
    def lose(path: Path) -> None:
        with duckdb.connect(str(path)) as connection:
            connection.execute(f"delete from {relation} where rowid = 0")

    store = Store(tmp_path, sound.base_urls)
    with monkeypatch.context() as patch:
        patch.setattr(publishing, "rewrite", lose)
        with pytest.raises(StoreError, match=rf"{relation} has [\d,]+ rows where [\d,]+ were mean"):
            store.night()
    assert not (store.data / "papertide.duckdb").exists()
    # What was fetched is kept, and nobody is asked again.
    assert store.night("2026-11-21T03:00:00Z").requests["arxiv"] == 0
    assert store.rows("select count(*) from papers where abstract not null") == [(3,)]
