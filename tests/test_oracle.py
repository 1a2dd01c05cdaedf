"""Nights on end, after each of which the snapshot is what the list and the answers say."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb
import pytest

from enrich.backfill import Wanted
from enrich.sandbox import World, running
from enrich.sandbox.world import Paper
from flows.night.tonight import Scope
from store import continuity, snapshots
from store.layout import Layout
from tests.nights import FIRST_NIGHT, Store
from tests.oracle import Oracle

WORDS = (
    *("amber", "basin", "copper", "delta", "ember", "fjord", "garnet", "harbor", "island"),
    *("juniper", "kelp", "lagoon", "meadow", "nectar", "orchid", "pebble", "quartz", "ripple"),
)
TWIN = 20
"""One work in so many stands in the list twice: as the preprint, and as the publication, which
nobody can tell to be one until Semantic Scholar says so."""
WORKS = 600


def papers(works: int) -> list[Paper]:
    def title(n: int) -> str:
        size = len(WORDS)
        return " ".join(WORDS[n // size**place % size] for place in range(4)).capitalize()

    return [
        Paper(
            title=f"{title(n)} considered",
            authors=(f"Ada {WORDS[n % 18].title()}", f"Bo {WORDS[n // 18 % 18].title()}"),
            year=2024,
            arxiv_id=f"24{1 + n // 90_000:02}.{n % 90_000 + 1:05}",
            acl_id=f"{2000 + n // 9_000}.emnlp-main.{n % 9_000 + 1}" if n % TWIN == 0 else None,
            work_id=n,
            abstract=f"{title(n)}. " * 9,
        )
        for n in range(works)
    ]


def listed(works: list[Paper], without: int | None = None) -> str:
    """A list of these works, one in ten left out where `without` is the remainder of its number."""
    lines = ["# Papers", ""]
    for n, paper in enumerate(works):
        if n % 10 != without:
            lines.append(f"- {paper.title}. [[paper](https://arxiv.org/abs/{paper.arxiv_id})]")
    lines += [f"- https://aclanthology.org/{paper.acl_id}" for paper in works if paper.acl_id]
    return "\n".join(lines) + "\n"


@pytest.mark.slow
def test_nights_of_every_kind_lose_nothing_and_invent_nothing(tmp_path: Path) -> None:
    every = papers(WORKS)
    world, full = World.of(every), listed(every)
    store = Store(tmp_path, {}, {"papers": full})
    oracle = Oracle(store.data)

    def night(now: str, today: str, scope: Scope | None = None, text: str = full) -> None:
        """A night at a time, at which the services are at a day."""
        environ: Mapping[str, str] = {"PAPERTIDE_NOW": f"{today}T00:00:00Z"}
        with running(world, pace=0, environ=environ) as sandbox:
            store.base_urls = sandbox.base_urls
            store.lists = {"papers": text}
            assert store.night(now, scope).exit_code == 0
        assert oracle.faults(text) == []

    night(FIRST_NIGHT, "2026-11-21", Scope(sources=("arxiv",)))
    assert store.rows("select count(*) from paper_aliases") == [(0,)]
    night("2026-11-22T02:00:00Z", "2026-11-22")
    assert store.rows("select count(*) from paper_aliases") == [(WORKS // TWIN,)]
    # After years of the services, in which no night passed, every count is another.
    night("2026-12-22T02:00:00Z", "2031-11-22", text=listed(every, without=3))
    changed = "select count(*) from changes where field = 'citation_count' and old not null"
    [(counts,)] = store.rows(changed)
    assert counts > WORKS // 2
    night("2026-12-22T06:00:00Z", "2031-11-22")
    night("2026-12-22T09:00:00Z", "2036-11-22", Scope(wanted=Wanted(all=True)))
    with duckdb.connect(str(store.data / "papertide.duckdb")) as connection:
        connection.execute("update meta set tool_version = '0.0.0'")
    night("2026-12-22T12:00:00Z", "2036-11-22")
    layout = Layout(store.data)
    checked = continuity.check(snapshots.history(layout), layout.current)
    assert [each.fault for each in checked if each.fault] == []
