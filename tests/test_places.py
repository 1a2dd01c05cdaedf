"""What became of a list's entries: they stay, move, leave and come back, and keep their history."""

from __future__ import annotations

from dataclasses import replace

import pytest

from enrich.library import Finding, Place, Reason, Verdict
from enrich.model import Entry
from enrich.places import removed, track
from tests.values import entry, night, numbered

LIMA = entry("LIMA: Less Is More for Alignment", "arxiv:2305.11206")
DPO = entry("Direct Preference Optimization", "arxiv:2305.18290")
KTO = entry("Model Alignment as Prospect Theoretic Optimization", "arxiv:2402.01306")


def read(*nights: list[Entry]) -> tuple[Place, ...]:
    """The places after reading the list once a night."""
    known: tuple[Place, ...] = ()
    for n, entries in enumerate(nights):
        known = track("list", known, numbered(entries), night(n))
    return known


def history(places: tuple[Place, ...]) -> list[tuple[str | None, int, int, int | None]]:
    """Of each place its title and the nights it was first seen, last seen and removed."""

    def n(place: Place, name: str) -> int | None:
        at = getattr(place, name)
        return None if at is None else (at - night(0)).days

    return [
        (p.title, n(p, "first_seen_at") or 0, n(p, "last_seen_at") or 0, n(p, "removed_at"))
        for p in places
    ]


@pytest.mark.parametrize(
    ("nights", "expected"),
    [
        pytest.param(([LIMA],), [(LIMA.title, 0, 0, None)], id="first read"),
        pytest.param(([LIMA], [LIMA]), [(LIMA.title, 0, 1, None)], id="stays"),
        pytest.param(
            ([LIMA], [DPO, LIMA]), [(DPO.title, 1, 1, None), (LIMA.title, 0, 1, None)], id="moved"
        ),
        pytest.param(
            ([LIMA, DPO], [DPO]), [(DPO.title, 0, 1, None), (LIMA.title, 0, 0, 1)], id="left"
        ),
        pytest.param(([LIMA], [], []), [(LIMA.title, 0, 0, 1)], id="left once, not every night"),
        pytest.param(([LIMA], [], [LIMA]), [(LIMA.title, 0, 2, None)], id="came back"),
        pytest.param(
            ([LIMA], [], [DPO]), [(DPO.title, 2, 2, None), (LIMA.title, 0, 0, 1)], id="another came"
        ),
        pytest.param(
            ([LIMA, LIMA], [LIMA]),
            [(LIMA.title, 0, 1, None), (LIMA.title, 0, 0, 1)],
            id="one of two",
        ),
        pytest.param(([],), [], id="an empty list"),
    ],
)
def test_track(nights: tuple[list[Entry], ...], expected: list[tuple[object, ...]]) -> None:
    assert history(read(*nights)) == expected


def test_an_entry_that_comes_back_has_its_id_and_its_finding_again() -> None:
    (first,) = read([LIMA])
    finding = Finding("p1", Verdict.MATCHED, Reason.SAME_TITLE, 1.0)
    gone = track("list", [replace(first, finding=finding)], [], night(1))
    (back,) = track("list", gone, [LIMA], night(2))
    assert (back.entry_id, back.finding) == (first.entry_id, finding)


def test_a_live_entry_is_recognised_before_a_former_one() -> None:
    former, live = read([LIMA, LIMA], [LIMA])[::-1]
    (now, gone) = track("list", [former, live], [LIMA], night(2))
    assert (now.entry_id, gone.entry_id) == (live.entry_id, former.entry_id)


def test_the_entry_is_told_as_it_is_written_now() -> None:
    old = replace(DPO, venue="arXiv", year=2023)
    new = replace(DPO, venue="NeurIPS", section=("Elsewhere",))
    (place,) = read([old], [new])
    assert (place.venue, place.year, place.section) == ("NeurIPS", None, ("Elsewhere",))


def test_a_former_entry_keeps_the_time_it_left() -> None:
    assert history(removed(read([LIMA, DPO], [DPO]), night(5))) == [
        (DPO.title, 0, 1, 5),
        (LIMA.title, 0, 0, 1),
    ]
