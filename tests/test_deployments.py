"""What is registered with Prefect, when it runs, and where its server is found."""

from __future__ import annotations

import asyncio
import inspect
import json
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import filelock
import pytest
import yaml
from prefect.client.schemas.objects import StateType
from prefect.exceptions import ParameterTypeError
from prefect.settings import Settings

from enrich.configuration import Configuration, load
from enrich.errors import ConfigError, PapertideError
from enrich.runs import Run, last_good
from flows.night.tonight import Scope
from flows.service import catching_up, nightly, prefect_server, runners, schedule
from flows.service.deployments import deployments
from flows.watch import Silent
from store.layout import Layout
from tests.values import NIGHT, night

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def configuration(tmp_path: Path) -> Configuration:
    return configured(tmp_path)


def configured(folder: Path, text: str = "") -> Configuration:
    path = folder / "config.toml"
    path.write_text(f'[[lists]]\nname = "papers"\npath = "papers.md"\n{text}')
    return load(path, {})


def test_parameters_are_those_of_the_flow_and_each_is_described(
    configuration: Configuration,
) -> None:
    flows = (nightly.nightly, nightly.backfill)
    for deployment, flow in zip(deployments(configuration), flows, strict=True):
        schema = deployment._parameter_openapi_schema.model_dump()["properties"]
        assert list(schema) == list(inspect.signature(flow.fn).parameters)
        assert [name for name, each in schema.items() if not each.get("description")] == []
        assert deployment.parameters == {"config": str(configuration.path)}
        assert deployment.full_name == f"{flow.name}/{flow.name}"


@pytest.mark.parametrize(
    ("flow", "values", "complaint"),
    [
        pytest.param("nightly", {"sources": ["arxive"]}, "sources.0", id="no such source"),
        pytest.param("backfill", {"since": "24-01-01x"}, "since", id="no day"),
        pytest.param("backfill", {"fields": ["titles"]}, "fields.0", id="no such field"),
    ],
)
def test_a_wrong_parameter_is_refused(
    flow: str, values: dict[str, Any], complaint: str, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(ParameterTypeError, match=complaint):
        getattr(nightly, flow).validate_parameters(values)


def test_a_range_that_was_reversed_by_merging_parameters_is_refused(
    configuration: Configuration,
) -> None:
    """`-p since=…` on a deployment that has an `until` gives both (engine-facts.md, section 2)."""
    token = nightly.WATCH.set(Silent())
    with pytest.raises(ConfigError, match="is later than"):
        asyncio.run(
            nightly.backfill.fn(
                str(configuration.path),
                since=datetime(2021, 1, 1, tzinfo=UTC).date(),
                until=datetime(2020, 12, 31, tzinfo=UTC).date(),
            )
        )
    nightly.WATCH.reset(token)


def test_prefect_yaml_is_in_step(root: Path) -> None:
    """What `prefect deploy --all` registers is what `papertide deploy` does."""
    configuration = load(root / "config.toml", {})
    written = yaml.safe_load((root / "prefect.yaml").read_text(encoding="utf-8"))["deployments"]
    both = deployments(configuration, "papertide")
    for ours, theirs in zip(both, written, strict=True):
        assert theirs.pop("work_pool") == {"name": ours.work_pool_name}
        assert theirs.pop("parameters") == {"config": configuration.path.name}
        assert theirs == {
            "name": ours.name,
            "description": {"nightly": nightly.nightly, "backfill": nightly.backfill}[
                ours.name
            ].description,
            "entrypoint": ours.entrypoint,
            **({"concurrency_limit": ours.concurrency_limit} if ours.concurrency_limit else {}),
            **(
                {
                    "schedules": [
                        {"cron": each.schedule.cron, "timezone": each.schedule.timezone}
                        for each in ours.schedules
                    ]
                }
                if ours.schedules
                else {}
            ),
        }
    config = tomllib.loads((root / "config.toml").read_text(encoding="utf-8"))["schedule"]
    assert written[0]["schedules"] == [{"cron": config["nightly"], "timezone": config["timezone"]}]


@pytest.mark.parametrize(
    ("key", "value", "complaint"),
    [
        pytest.param("nightly", "at two", "is no cron line", id="words"),
        pytest.param("nightly", "61 2 * * *", "is no cron line", id="minute 61"),
        pytest.param("nightly", "", "is no cron line", id="nothing"),
        pytest.param("nightly", "0 0 2 * * *", "is no cron line", id="seconds"),
        pytest.param("nightly", "0 0 30 2 *", "never comes", id="30 February"),
        pytest.param("timezone", "Europe/Berln", "did you mean 'Europe/Berlin'", id="a slip"),
        pytest.param("timezone", "localtime", "is called 'localtime'", id="no name"),
        pytest.param("timezone", "/etc/passwd", r"\[schedule\] timezone", id="a path"),
    ],
)
def test_a_schedule_that_names_no_time(
    tmp_path: Path, key: str, value: str, complaint: str
) -> None:
    configuration = configured(tmp_path, f'[schedule]\n{key} = "{value}"')
    with pytest.raises(ConfigError, match=complaint):
        asyncio.run(schedule.next_night(configuration, NOON))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", "2026-11-22 02:00", id="tomorrow at two"),
        pytest.param('timezone = "America/New_York"', "2026-11-22 07:00", id="there"),
        pytest.param('nightly = "0 12 * * *"', "2026-11-22 12:00", id="not this very moment"),
    ],
)
def test_when_the_next_night_is(tmp_path: Path, text: str, expected: str) -> None:
    configuration = configured(tmp_path, f"[schedule]\n{text}")
    found = asyncio.run(schedule.next_night(configuration, NOON)).astimezone(UTC)
    assert f"{found:%Y-%m-%d %H:%M}" == expected


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        pytest.param("2027-03-27 12:00", ["03-28 00:30", "03-29 00:30"], id="skips the hour"),
        pytest.param("2026-10-24 12:00", ["10-25 00:30", "10-26 01:30"], id="has it twice"),
    ],
)
def test_a_night_for_every_day_also_where_a_clock_is_changed(
    tmp_path: Path, after: str, expected: list[str]
) -> None:
    text = '[schedule]\nnightly = "30 2 * * *"\ntimezone = "Europe/Berlin"'
    configuration, found = configured(tmp_path, text), datetime.fromisoformat(f"{after}+00:00")
    for each in expected:
        found = asyncio.run(schedule.next_night(configuration, found))
        assert f"{found.astimezone(UTC):%m-%d %H:%M}" == each


def run(at: datetime, status: str = "ok", kind: str = "refresh", **scope: Any) -> Run:
    return Run("r", kind, status, at, at, "1", Scope(**scope).as_json())


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        pytest.param([], None, id="none yet"),
        pytest.param([run(night(0)), run(night(1))], night(1), id="the newest"),
        pytest.param([run(night(0), "partial")], night(0), id="incomplete, but published"),
        pytest.param([run(night(0)), run(night(1), "failed")], night(0), id="one that failed"),
        pytest.param([run(night(0)), run(night(1), kind="backfill")], night(0), id="a backfill"),
        pytest.param([run(night(0)), run(night(1), lists=("a",))], night(0), id="one list only"),
        pytest.param([run(night(0), offline=True)], None, id="one that asked nobody"),
    ],
)
def test_the_last_good_night(runs: list[Run], expected: datetime | None) -> None:
    assert last_good(runs, "refresh", Scope().as_json()) == expected


@pytest.mark.parametrize(
    ("last", "now", "expected"),
    [
        pytest.param(None, NOON, True, id="there was no night yet"),
        pytest.param(NIGHT, NOON, False, id="tonight's was on time"),
        pytest.param(NIGHT, night(1), True, id="it is time this very moment"),
        pytest.param(NIGHT, night(7), True, id="seven were missed"),
        pytest.param(NOON, night(1), True, id="one by hand does not stand for the next"),
    ],
)
def test_a_missed_night_is_seen(
    configuration: Configuration,
    monkeypatch: pytest.MonkeyPatch,
    last: datetime | None,
    now: datetime,
    expected: bool,
) -> None:
    monkeypatch.setattr(catching_up, "last_night", lambda *_: last)
    assert asyncio.run(catching_up.is_missed(configuration, now)) is expected


def test_of_seven_late_nights_one_is_carried_out(
    configuration: Configuration, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The machine slept for a week: all seven start when it wakes, one after the other."""
    woke, begun = night(7), []

    async def carried_out(*_: Any) -> None:
        begun.append(woke)

    monkeypatch.setattr(nightly, "_carry_out", carried_out)
    monkeypatch.setattr(catching_up, "last_night", lambda *_: max(begun, default=night(0)))
    token = nightly.WATCH.set(Silent())
    ended = []
    for n in range(1, 8):
        monkeypatch.setattr(nightly, "_scheduled", lambda n=n: night(n))
        ended.append(asyncio.run(nightly.nightly.fn(str(configuration.path))))
    nightly.WATCH.reset(token)
    assert begun == [woke]
    assert [each.name for each in ended if each] == ["Skipped"] * 6


@pytest.fixture
def layout(configuration: Configuration) -> Iterator[Layout]:
    found = Layout(configuration.store_dir)
    found.prefect.mkdir(parents=True)
    yield found


@pytest.mark.parametrize(
    ("note", "free", "expected"),
    [
        pytest.param(None, {4200}, "4200", id="the usual port"),
        pytest.param("http://127.0.0.1:4717/api", {4200, 4717}, "4717", id="where it was"),
        pytest.param("http://127.0.0.1:4717/api", {4200}, "4200", id="taken meanwhile"),
        pytest.param("http://127.0.0.1:99999999/api", {4200}, "4200", id="no port"),
        pytest.param("nonsense", {4200}, "4200", id="no address"),
        pytest.param(None, set(), "5555", id="the usual one is taken"),
    ],
)
def test_the_server_stays_at_its_port(
    layout: Layout,
    monkeypatch: pytest.MonkeyPatch,
    note: str | None,
    free: set[int],
    expected: str,
) -> None:
    if note is not None:
        layout.server.write_text(json.dumps({"api_url": note}))
    monkeypatch.setattr(prefect_server, "_is_free", lambda port: port in free)
    monkeypatch.setattr(prefect_server, "_free_port", lambda: 5555)
    assert prefect_server.own_address(layout) == f"http://127.0.0.1:{expected}/api"


def test_a_refresh_finds_the_server_while_it_is_served(
    configuration: Configuration, layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Afterwards another store's server may be at that port."""
    monkeypatch.setattr(prefect_server, "answers", lambda address: True)
    address = "http://127.0.0.1:4717/api"
    with prefect_server.serving(layout), prefect_server.announced(layout, address):
        assert prefect_server.reachable(configuration, {}) == address
        named = "http://prefect.invalid/api"
        assert prefect_server.reachable(configuration, {"PREFECT_API_URL": named}) == named
    assert prefect_server.reachable(configuration, {}) is None


def test_a_store_is_served_once(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    with (
        filelock.FileLock(layout.serving),
        pytest.raises(PapertideError, match="runs for this store already"),
        prefect_server.serving(layout),
    ):
        pytest.fail("served twice")


def flow_run(state: StateType, due: datetime, *, auto_scheduled: bool = True) -> Any:
    return SimpleNamespace(
        id=f"{state.value} {due.isoformat()}",
        state_type=state,
        auto_scheduled=auto_scheduled,
        expected_start_time=due,
    )


class Server:
    """Prefect's client, as far as tidying up needs it."""

    def __init__(self, found: list[Any]) -> None:
        self.found = found
        self.ended: dict[str, str] = {}

    async def read_flow_runs(self, **_: Any) -> list[Any]:
        return self.found

    async def set_flow_run_state(self, run: str, state: Any, *, force: bool) -> None:
        assert force
        self.ended[run] = state.name


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        pytest.param(flow_run(StateType.RUNNING, NIGHT), "Crashed", id="of a dead process"),
        pytest.param(flow_run(StateType.PENDING, NIGHT), "Crashed", id="that never began"),
        pytest.param(flow_run(StateType.SCHEDULED, NIGHT), "Cancelled", id="missed"),
        pytest.param(
            flow_run(StateType.SCHEDULED, datetime(2999, 1, 1, tzinfo=UTC)), None, id="to come"
        ),
        pytest.param(
            flow_run(StateType.SCHEDULED, NIGHT, auto_scheduled=False), None, id="a person's"
        ),
    ],
)
def test_what_an_earlier_serve_left_is_tidied_up(
    monkeypatch: pytest.MonkeyPatch, found: Any, expected: str | None
) -> None:
    monkeypatch.setattr(runners, "wall_clock", lambda _: NOON)
    server: Any = Server([found])
    asyncio.run(runners._tidy(server, []))
    assert server.ended == ({found.id: expected} if expected else {})


def test_prefect_is_quiet_by_its_own_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in prefect_server.QUIET.items():
        monkeypatch.setenv(name, value)
    settings = Settings()
    assert settings.internal.logging_level == "CRITICAL"
    assert settings.server.analytics_enabled is False
    assert settings.cli.prompt is False
