"""What a run tells the next one of a provider that it gave up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from enrich.model import SourceState
from enrich.network.breaker import Breaker
from enrich.network.standing import Standing, after, begin
from enrich.sandbox import World, running
from enrich.sandbox.server import Sandbox
from flows.watch import Silent
from store import standings
from store.layout import Layout
from tests.nights import Store, requests
from tests.test_store import NIGHT

MINUTE = timedelta(minutes=1)


def down() -> Breaker:
    breaker = Breaker()
    for _ in range(2):
        breaker.unreached("it could not be reached")
    return breaker


def test_runs_in_a_row_that_give_up_rest_longer_and_longer() -> None:
    standing, rests = Standing(), []
    for _ in range(7):
        standing = after(standing, down(), NIGHT)
        assert standing.until is not None
        rests.append((standing.until - NIGHT) / MINUTE)
    assert rests == [0, 5, 10, 20, 40, 60, 60]


@pytest.mark.parametrize(
    ("seconds", "minutes"), [(1800.0, 30), (1e12, 24 * 60)], ids=["as asked", "an absurd number"]
)
def test_a_named_time_is_kept(seconds: float, minutes: int) -> None:
    breaker = Breaker()
    breaker.hold_off("busy", seconds)
    assert after(Standing(), breaker, NIGHT).until == NIGHT + minutes * MINUTE


def test_an_answer_ends_it() -> None:
    breaker = Breaker()
    breaker.answered()
    breaker.succeeded()
    assert after(Standing(3, NIGHT, "it was down"), breaker, NIGHT) == Standing(answered_at=NIGHT)


def test_who_was_not_asked_is_as_before() -> None:
    before = Standing(3, NIGHT, "it was down")
    assert after(before, Breaker(), NIGHT) == before


def test_a_refused_login_is_no_outage() -> None:
    breaker = Breaker()
    breaker.answered()
    breaker.failed("OpenReview answered 400")
    breaker.open("OpenReview did not accept the login (400)")
    assert after(Standing(), breaker, NIGHT).given_up == 0


@pytest.mark.parametrize(
    ("until", "is_open"),
    [
        pytest.param(NIGHT + MINUTE, True, id="it rests"),
        pytest.param(NIGHT, False, id="it has rested"),
        pytest.param(NIGHT + timedelta(days=400), False, id="a wrong clock's"),
    ],
)
def test_how_a_run_begins(until: object, is_open: bool) -> None:
    breaker = Breaker()
    begin(Standing(2, until, "it was down"), breaker, NIGHT)  # type: ignore[arg-type]
    assert (breaker.is_open, breaker.is_doubted) == (is_open, not is_open)
    if is_open:
        assert breaker.state is SourceState.DOWN
        assert breaker.trouble == "it was down; it is asked again after 2026-11-21 02:01 UTC"


def test_a_file_that_cannot_be_read_is_forgotten(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    layout.work.mkdir()
    layout.standings.write_bytes(b"half a fi")
    assert standings.read(layout) == {}
    standings.update(layout, {"arxiv": lambda _: Standing(1, NIGHT, "down")})
    assert standings.read(layout) == {"arxiv": Standing(1, NIGHT, "down")}


@pytest.fixture(scope="module")
def services() -> Iterator[Sandbox]:
    with running(World.builtin(), pace=0, faults="semantic_scholar:500") as sandbox:
        yield sandbox


def test_a_provider_that_is_down_is_not_hammered_by_the_next_runs(
    services: Sandbox, tmp_path: Path
) -> None:
    store = Store(tmp_path, services.base_urls)
    seen = []
    for minute in (0, 1, 2, 9):
        services.reset()
        watch = Silent()
        assert store.night(f"2026-11-21T02:0{minute}:00Z", watch=watch).exit_code == 3
        seen.append(requests(services)["semantic_scholar"])
    first, probe, resting, again = seen
    assert first > probe == again == 1
    assert resting == 0
