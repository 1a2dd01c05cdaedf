"""Which snapshots stay: a table of days, and the files of a store."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from enrich.retention import kept
from flows.cli import main as cli
from store import pruning, snapshots
from store.draft import Draft, Meta
from store.layout import Layout

FORMAT = snapshots.FORMAT


def named(*names: str) -> dict[str, datetime]:
    """Snapshots named by day and hour of November 2026, as `21T02`."""
    return {
        name: datetime.strptime(f"202611{name}", "%Y%m%dT%H").replace(tzinfo=UTC) for name in names
    }


@pytest.mark.parametrize(
    ("published", "daily", "weekly", "protected", "expected"),
    [
        pytest.param([], 1, 1, [], [], id="nothing"),
        pytest.param(["21T02"], 1, 1, [], ["21T02"], id="the only one"),
        pytest.param(["20T02", "20T09", "21T02"], 2, 1, [], ["20T09", "21T02"], id="two on a day"),
        pytest.param(
            ["10T02", "14T02", "21T02"], 2, 1, [], ["14T02", "21T02"], id="days that have none"
        ),
        pytest.param(
            ["15T02", "16T02", "22T23", "23T00"],
            1,
            3,
            [],
            ["15T02", "22T23", "23T00"],
            id="weeks begin on Monday",
        ),
        pytest.param(["01T02", "21T02"], 1, 1, ["01T02"], ["01T02", "21T02"], id="protected"),
        pytest.param(["20T02", "21T02"], 1, 1, ["gone"], ["21T02", "gone"], id="protected, absent"),
    ],
)
def test_what_is_kept(
    published: list[str], daily: int, weekly: int, protected: list[str], expected: list[str]
) -> None:
    assert sorted(kept(named(*published), daily, weekly, protected)) == expected


def test_a_week_goes_by_its_own_year() -> None:
    last, first = datetime(2026, 12, 31, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    assert kept({"last": last, "first": first}, 1, 5, ()) == {"first"}


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    return Layout(tmp_path / "data")


def publish(layout: Layout, at: datetime) -> str:
    """A snapshot of nothing, that says when it was made."""
    name = snapshots.free_id(layout, at)
    path = layout.drafts / "draft.duckdb"
    with Draft(path, None) as draft:
        draft.sign(Meta(name, None, at, "0", False))
    snapshots.publish(layout, path, name)
    return name


def day(n: int) -> datetime:
    return datetime(2026, 11, 1, 2, tzinfo=UTC) + timedelta(days=n)


def left_by_prune(layout: Layout, daily: int = 1, weekly: int = 1) -> list[str]:
    stay = pruning.indispensable(layout)
    pruning.remove(pruning.surplus(layout, daily, weekly, day(40), stay))
    return sorted(path.stem for path in snapshots.history(layout))


def test_the_newest_and_the_one_to_fall_back_on_always_stay(layout: Layout) -> None:
    names = [publish(layout, day(n)) for n in (1, 2, 3)]
    assert left_by_prune(layout) == names[1:]


def test_a_damaged_newest_one_does_not_make_the_last_good_one_go(layout: Layout) -> None:
    names = [publish(layout, day(n)) for n in (1, 2, 3, 4)]
    for name in names[2:]:
        (layout.snapshots / f"{name}.duckdb").write_bytes(b"no database")
    layout.current.write_bytes(b"no database")
    assert left_by_prune(layout) == [names[0], names[1], names[3]]


def test_the_current_one_stays_whatever_is_newer(layout: Layout) -> None:
    names = [publish(layout, day(n)) for n in (1, 2, 3, 4)]
    layout.current.write_bytes((layout.snapshots / f"{names[0]}.duckdb").read_bytes())
    assert left_by_prune(layout) == [names[0], *names[2:]]


def test_after_a_clock_that_was_ahead_days_are_still_days(layout: Layout) -> None:
    ahead = publish(layout, datetime(2035, 1, 1, tzinfo=UTC))
    after = [publish(layout, day(n)) for n in (1, 2, 3)]
    assert after[-1] == "20350101T000003Z"
    assert left_by_prune(layout, daily=4) == [ahead, *after]


@pytest.mark.parametrize("is_dry", [True, False], ids=["dry run", "done"])
def test_prune_says_what_goes_and_leaves_the_rest(
    layout: Layout,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    is_dry: bool,
) -> None:
    names = [publish(layout, day(n)) for n in (1, 2, 3)]
    foreign = layout.snapshots / "mine.duckdb"
    foreign.write_bytes(b"left alone")
    config = layout.root.parent / "config.toml"
    config.write_text("[store]\nkeep_daily = 1\nkeep_weekly = 1\n")
    monkeypatch.setenv("PAPERTIDE_NOW", "2026-11-30T02:00:00Z")
    first = layout.snapshots / f"{names[0]}.duckdb"
    size = first.stat().st_size
    with duckdb.connect(str(first), read_only=True) as reader:
        flags = ["--dry-run"] if is_dry else []
        assert cli._run(["snapshots", "prune", "--json", "--config", str(config), *flags]) == 0
        assert reader.execute("select snapshot_id from meta").fetchall() == [(names[0],)]
    document = json.loads(capsys.readouterr().out)
    assert [each["snapshot"] for each in document["pruned"]] == [names[0]]
    assert (document["dry_run"], document["kept"], document["bytes"]) == (is_dry, 2, size)
    assert first.exists() is is_dry
    assert foreign.exists()
