"""Whole nights against the sandbox: what is asked, what is kept, what is published."""

from __future__ import annotations

import math
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from enrich import lists
from enrich.errors import PapertideError, StoreError
from enrich.sandbox import World, running
from enrich.sandbox.server import Sandbox
from enrich.sources import TITLES_PER_REQUEST
from flows.night import night
from flows.night.lists import ListUnreadable
from flows.night.tonight import Scope
from flows.watch import Silent
from tests.nights import ONE_LIST, Store, requests

NOBODY = {
    "arxiv": {"base_url": "http://127.0.0.1:9"},
    "semantic_scholar": {"base_url": "http://127.0.0.1:9"},
    "openreview": {"base_url_v1": "http://127.0.0.1:9", "base_url_v2": "http://127.0.0.1:9"},
    "acl_anthology": {"base_url": "http://127.0.0.1:9"},
}


@pytest.fixture(scope="module")
def services() -> Iterator[Sandbox]:
    with running(World.builtin(), pace=0) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(services: Sandbox) -> Sandbox:
    services.reset()
    return services


@pytest.fixture(autouse=True)
def _no_rest_before_a_second_try(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("enrich.network.patience.RECONNECT_AFTER", 0.0)


@pytest.fixture
def store(tmp_path: Path, sandbox: Sandbox) -> Store:
    return Store(tmp_path, sandbox.base_urls)


@pytest.fixture
def seeds(root: Path) -> dict[str, str | bytes]:
    files = (root / "seeds").iterdir()
    return {file.stem: file.read_bytes() for file in sorted(files)}


@pytest.mark.slow
def test_first_night_of_the_four_lists_keeps_to_its_budget(
    store: Store, sandbox: Sandbox, seeds: dict[str, str | bytes]
) -> None:
    store.lists = seeds
    summary = store.night()
    asked = requests(sandbox)
    assert summary.exit_code == 0
    arxiv, s2 = (sandbox.stats()[name] for name in ("arxiv", "semantic_scholar"))
    titles = arxiv["asked"]["titles"]
    together, one_by_one = math.ceil(titles / TITLES_PER_REQUEST), s2["asked"]["titles"]
    assert together + one_by_one <= 0.35 * titles
    assert asked["arxiv"] - together <= 2
    assert asked["semantic_scholar"] - one_by_one <= 4
    assert asked["acl_anthology"] == 1
    assert all(service["asked"]["most"] <= 1 for service in sandbox.stats().values())
    assert summary.simulated
    assert store.rows("select simulated from meta") == [(True,)]
    assert store.rows("select count(*) from papers where abstract not like '[Simulated]%'") == [
        (0,)
    ]
    (entries,) = store.rows("select count(*), count(distinct entry_id) from entries")
    assert entries == (summary.entries, summary.entries)
    assert store.rows("select count(*) from entries where kind = 'paper' and paper_id is null") == [
        (0,)
    ]


def test_second_night_of_a_day_asks_nobody(store: Store, sandbox: Sandbox) -> None:
    store.night()
    sandbox.reset()
    summary = store.night("2026-11-21T09:00:00Z")
    assert requests(sandbox) == dict.fromkeys(requests(sandbox), 0)
    assert (summary.refreshed, summary.exit_code) == (0, 0)
    assert store.rows("select count(*) from runs") == [(2,)]
    assert store.rows("select previous_snapshot_id from meta") == [("20261121T020000Z",)]


def test_next_night_asks_for_counts_and_only_whether_the_bulk_file_changed(
    store: Store, sandbox: Sandbox
) -> None:
    store.night()
    sandbox.reset()
    store.night("2026-11-22T02:00:00Z")
    assert requests(sandbox)["arxiv"] == 0
    assert requests(sandbox)["semantic_scholar"] == 1
    assert sandbox.stats()["acl_anthology"]["statuses"] == {"304": 1}


def test_without_network_everything_is_kept_and_each_provider_named_once(
    store: Store, sandbox: Sandbox
) -> None:
    store.night()
    before = store.rows("select * exclude (lists) from papers order by paper_id")
    store.base_urls = NOBODY
    watch = Silent()
    summary = store.night("2026-12-24T02:00:00Z", watch=watch)
    assert summary.exit_code == 3
    assert store.rows("select * exclude (lists) from papers order by paper_id") == before
    assert len([line for line in watch.lines if "127.0.0.1" in line]) == 3
    assert store.rows("select status from runs order by started_at") == [("ok",), ("partial",)]


def test_first_night_without_network_publishes_what_the_lists_say(tmp_path: Path) -> None:
    store = Store(tmp_path, NOBODY)
    summary = store.night()
    assert summary.exit_code == 3
    assert store.rows("select count(*), count(citation_count) from papers") == [(3, 0)]
    assert store.rows("select distinct verdict, method from entries") == [("matched", "link")]


def test_offline_asks_nobody_and_is_no_failure(store: Store, sandbox: Sandbox) -> None:
    summary = store.night(scope=Scope(offline=True))
    assert requests(sandbox) == dict.fromkeys(requests(sandbox), 0)
    assert summary.exit_code == 0


def test_openreview_without_a_login_is_disabled_and_said_once(
    store: Store, sandbox: Sandbox
) -> None:
    store.environ = {}
    watch = Silent()
    assert store.night(watch=watch).exit_code == 0
    assert requests(sandbox)["openreview"] == 0
    assert len([line for line in watch.lines if "OPENREVIEW_USERNAME" in line]) == 1
    assert store.rows("select state from source_runs where source = 'openreview'") == [
        ("disabled",)
    ]


class Interrupting(Silent):
    """Presses Ctrl-C once a source has answered."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.source = source

    def advance(self, source: str, works: int) -> None:
        if source == self.source:
            signal.raise_signal(signal.SIGINT)


def test_an_interrupted_run_loses_no_answer(store: Store, sandbox: Sandbox) -> None:
    with pytest.raises(KeyboardInterrupt):
        store.night(watch=Interrupting("semantic_scholar"))
    assert not (store.data / "papertide.duckdb").exists()
    sandbox.reset()
    store.night("2026-11-21T02:05:00Z")
    assert requests(sandbox)["semantic_scholar"] == 0
    assert store.rows("select count(citation_count) from papers") == [(3,)]
    assert store.rows("select kind, status from runs order by started_at") == [
        ("refresh", "failed"),
        ("refresh", "ok"),
    ]
    assert not list((store.data / "work" / "journal").iterdir())


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(None, "cannot be read", id="missing"),
        pytest.param(b"\x00\x01\x02\xff" * 100, "", id="binary"),
        pytest.param(b"# Papers\n\nComing soon.\n", "names no work", id="suddenly empty"),
        pytest.param(ONE_LIST.encode() * 9000, "max_bytes", id="too large"),
    ],
)
def test_a_list_that_cannot_be_read(store: Store, content: bytes | None, says: str) -> None:
    store.extra = "[parse]\nmax_bytes = 2_000_000\n"
    store.night()
    store.lists = {"papers": content or ""}
    watch = Silent()
    if content is None:
        store.write()
        (store.folder / "papers.md").unlink()
        store.write = lambda: None  # type: ignore[method-assign]
    summary = store.night("2026-11-21T03:00:00Z", watch=watch)
    assert summary.exit_code == 3
    assert any("last good copy was used" in line and says in line for line in watch.lines)
    assert store.rows("select count(*) from entries where removed_at is null") == [(3,)]


def test_a_list_that_never_could_be_read_ends_the_run(store: Store) -> None:
    store.lists = {"papers": b"\x00\x01\x02\xff" * 100}
    with pytest.raises(ListUnreadable, match="no earlier copy"):
        store.night()
    assert not (store.data / "papertide.duckdb").exists()


def test_an_entry_that_left_the_list_is_kept_as_removed(store: Store) -> None:
    store.night()
    store.lists = {"papers": "\n".join(ONE_LIST.splitlines()[:4])}
    store.night("2026-11-21T03:00:00Z")
    assert store.rows(
        "select title, removed_at is not null, len(lists) from entries join papers using (paper_id)"
        " order by line".replace("title", "entries.title")
    ) == [
        ("Self-rewarding language models", False, 1),
        ("Constitutional AI: Harmlessness from AI feedback", False, 1),
        (
            "Plan-and-Solve Prompting: Improving Zero-Shot Chain-of-Thought Reasoning by Large "
            "Language Models",
            True,
            0,
        ),
    ]


def test_a_list_that_left_the_configuration_has_no_entries_any_more(store: Store) -> None:
    store.night()
    store.lists = {"other": ONE_LIST}
    store.night("2026-11-21T03:00:00Z")
    assert store.rows("select list_id from lists") == [("other",)]
    assert store.rows(
        "select list_id, count(*) from entries where removed_at is null group by all"
    ) == [("other", 3)]
    assert store.rows("select count(*) from papers") == [(3,)]


def test_lists_that_are_not_named_are_carried_over(store: Store) -> None:
    store.lists = {"one": ONE_LIST, "two": ONE_LIST}
    store.night()
    store.lists = {"one": "# Papers\n\n" + ONE_LIST.splitlines()[2], "two": "# gone"}
    store.night("2026-11-21T03:00:00Z", Scope(lists=("one",)))
    assert store.rows(
        "select list_id, count(*) from entries where removed_at is null group by all order by all"
    ) == [("one", 1), ("two", 3)]


def test_only_the_named_source_is_asked(store: Store, sandbox: Sandbox) -> None:
    store.night(scope=Scope(sources=("arxiv",)))
    asked = requests(sandbox)
    assert asked["arxiv"] == 1
    assert asked["semantic_scholar"] == asked["acl_anthology"] == asked["openreview"] == 0


def _with_flipped_bytes(content: bytes) -> bytes:
    """One byte in every 10,000 behind the header is another, as on a dying disk."""
    flipped = bytearray(content)
    for at in range(20_000, len(flipped), 10_000):
        flipped[at] ^= 0xFF
    return bytes(flipped)


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda content: content[: len(content) // 2], id="cut in half"),
        pytest.param(lambda content: b"", id="empty"),
        pytest.param(lambda content: b"no database", id="text"),
        pytest.param(lambda content: _with_flipped_bytes(content), id="flipped bytes"),
    ],
)
def test_a_damaged_snapshot_is_replaced_by_the_newest_good_one(store: Store, damage: Any) -> None:
    store.night()
    current = store.data / "papertide.duckdb"
    current.write_bytes(damage(current.read_bytes()))
    watch = Silent()
    summary = store.night("2026-11-21T03:00:00Z", watch=watch)
    assert summary.exit_code == 3
    assert any("papertide.duckdb" in line for line in watch.lines)
    assert store.rows("select count(citation_count) from papers") == [(3,)]
    assert store.rows("select count(*) from runs") == [(2,)]


def test_no_good_snapshot_left_is_no_new_start(store: Store) -> None:
    store.night()
    for file in (store.data / "papertide.duckdb", *(store.data / "snapshots").iterdir()):
        file.write_bytes(b"no database")
    with pytest.raises(StoreError, match="nothing was changed"):
        store.night("2026-11-21T03:00:00Z")


def test_a_store_that_cannot_be_written(store: Store) -> None:
    store.data.write_text("a file where the directory should be")
    with pytest.raises(PapertideError, match="cannot be written"):
        store.night()


def test_a_reader_keeps_its_snapshot_while_the_next_is_published(store: Store) -> None:
    import duckdb

    store.night()
    with duckdb.connect(str(store.data / "papertide.duckdb"), read_only=True) as reader:
        store.lists = {
            "papers": ONE_LIST + ONE_LIST.splitlines()[2].replace("2401.10020", "2310.19852")
        }
        store.night("2026-11-21T03:00:00Z")
        assert reader.execute("select count(*) from entries").fetchall() == [(3,)]


def test_after_an_upgrade_the_raw_answers_are_read_again(store: Store, sandbox: Sandbox) -> None:
    import duckdb

    store.night()
    title = store.rows("select title from papers where arxiv_id = '2401.10020'")
    with duckdb.connect(str(store.data / "papertide.duckdb")) as connection:
        connection.execute("update meta set tool_version = '0.0.1'")
        connection.execute("update records set title = 'as an older version read it'")
        connection.execute("update papers set title = 'as an older version read it'")
    sandbox.reset()
    store.night("2026-11-21T03:00:00Z", Scope(offline=True))
    assert store.rows("select title from papers where arxiv_id = '2401.10020'") == title
    assert store.rows("select count(*) from citations") == [(3,)]


def test_a_run_killed_between_the_two_renames_loses_nothing(store: Store) -> None:
    store.night()
    first = (store.data / "papertide.duckdb").read_bytes()
    store.lists["more"] = ONE_LIST
    store.night("2026-11-21T03:00:00Z")
    (store.data / "papertide.duckdb").write_bytes(first)
    store.night("2026-11-21T04:00:00Z")
    assert store.rows("select previous_snapshot_id from meta") == [("20261121T030000Z",)]
    assert store.rows("select count(*) from runs") == [(3,)]


def test_a_work_that_only_the_index_identifies_is_described_the_same_night(
    store: Store, sandbox: Sandbox
) -> None:
    title = "Plan-and-Solve Prompting: Improving Zero-Shot Chain-of-Thought Reasoning by Large"
    store.lists = {"papers": f"# Papers\n\n- {title} Language Models. *Wang et al.* ACL 2023.\n"}
    store.night()
    assert store.rows("select verdict, method from entries") == [("matched", "title")]
    assert store.rows(
        "select acl_id, arxiv_id is not null, citation_count is not null from papers"
    ) == [("2023.acl-long.147", True, True)]
    sandbox.reset()
    store.night("2026-11-22T02:00:00Z")
    assert requests(sandbox)["arxiv"] == 0


@pytest.mark.parametrize("fault", ["html", "truncate", "500"])
def test_a_bulk_file_that_is_none_leaves_the_run_incomplete(tmp_path: Path, fault: str) -> None:
    with running(World.builtin(), pace=0, faults=f"acl_anthology:{fault}") as sandbox:
        lines = ONE_LIST.splitlines()[:4]  # none of these is in the Anthology
        store = Store(tmp_path, sandbox.base_urls, {"papers": "\n".join(lines)})
        store.extra = "[sources.acl_anthology]\nattempts = 1\n"
        store.base_urls = {k: v for k, v in sandbox.base_urls.items() if k != "acl_anthology"}
        url = sandbox.base_urls["acl_anthology"]["base_url"]
        store.extra += f'base_url = "{url}"\n'
        assert store.night().exit_code == 3
        assert store.rows("select count(citation_count) from papers") == [(2,)]


def test_a_run_ends_by_its_deadline_with_what_it_has(tmp_path: Path) -> None:
    with running(World.builtin(), pace=0, faults="arxiv:hang") as sandbox:
        store = Store(tmp_path, sandbox.base_urls, extra='[refresh]\ndeadline = "1s"\n')
        watch = Silent()
        assert store.night(watch=watch).exit_code == 3
        assert any("deadline" in line for line in watch.lines)
        assert store.rows("select count(citation_count) from papers") == [(3,)]
        assert store.rows("select count(*) from fetches where source = 'arxiv'") == [(0,)]


def test_an_outage_of_the_anthology_refreshes_nothing(store: Store) -> None:
    store.night()
    store.base_urls = NOBODY
    store.night("2026-11-25T02:00:00Z")
    query = "select distinct status from fetches where source = 'acl_anthology'"
    assert store.rows(query) == [("failed",)]
    assert store.rows(
        "select found from source_runs where run_id like '20261125%' and source = 'acl_anthology'"
    ) == [(0,)]


def test_a_run_killed_while_it_publishes_is_a_failed_one(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    from store import soundness

    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(soundness, "verify", killed)
        patch.setattr(night, "suppress", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            store.night()
    store.night("2026-11-21T03:00:00Z")
    assert store.rows("select status from runs order by started_at") == [("failed",), ("ok",)]


def test_a_clock_that_was_wrong_once_does_not_stop_the_nights(
    store: Store, sandbox: Sandbox
) -> None:
    store.night("2035-01-01T02:00:00Z")
    sandbox.reset()
    store.night("2026-11-22T02:00:00Z")
    assert requests(sandbox)["semantic_scholar"] == 1


def test_bytes_that_the_same_parser_has_read_are_not_read_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.night()
    said = "select * exclude (last_seen_at) from entries order by entry_id"
    before = store.rows(said)
    parsed = []
    parse = lists.parse
    monkeypatch.setattr(lists, "parse", lambda content: parsed.append(1) or parse(content))
    store.night("2026-11-21T03:00:00Z")
    assert (parsed, store.rows(said)) == ([], before)
    seen = "select distinct last_seen_at::varchar from entries"
    assert store.rows(seen) == [("2026-11-21 03:00:00+00",)]
    monkeypatch.setattr("flows.night.lists._parser", lambda: "another one")
    store.night("2026-11-21T04:00:00Z")
    assert (parsed, store.rows(said)) == ([1], before)
    store.lists = {"papers": ONE_LIST + "\n"}
    store.night("2026-11-21T05:00:00Z")
    assert parsed == [1, 1]


def test_a_signal_that_strikes_while_a_source_is_asked_comes_out_as_itself(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Struck(BaseException):
        """As Prefect's TerminationSignal, which is raised wherever the interpreter is."""

    async def ask(*_: Any) -> Any:
        raise Struck

    monkeypatch.setattr("flows.night.asking._ask", ask)
    with pytest.raises(Struck):
        store.night()
