"""One pace for all processes of a machine: how the next free moment is shared."""

from __future__ import annotations

import asyncio
import itertools
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from enrich.network.pace import Pace
from store import slots
from store.layout import Layout
from store.slots import SharedSlot
from tests.network import Time

GAP = 0.05

TURNS = """
    import asyncio, sys, time
    from enrich.network.pace import Pace
    from pathlib import Path
    from store.slots import SharedSlot

    async def main():
        pace = Pace({gap}, exclusive={exclusive}, slot=SharedSlot(Path(sys.argv[1])))
        for _ in range(int(sys.argv[2])):
            async with pace.turn() as start:
                start = await pace.sent(start)
                print(start, flush=True)
                await asyncio.sleep({inside})
                print(time.monotonic(), flush=True)

    asyncio.run(main())
"""


def processes(path: Path, turns: int, *, exclusive: bool = False, inside: float = 0.0) -> list[str]:
    """What two processes print that take so many turns each at one slot."""
    code = textwrap.dedent(TURNS).format(gap=GAP, exclusive=exclusive, inside=inside)
    command = [sys.executable, "-c", code, str(path), str(turns)]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    return [each.communicate(timeout=60)[0] for each in both]


def test_two_processes_keep_one_pace(tmp_path: Path) -> None:
    printed = " ".join(processes(tmp_path / "slot", 8)).split()
    starts = sorted(float(start) for start in printed[::2])
    assert len(starts) == 16
    assert min(b - a for a, b in itertools.pairwise(starts)) >= GAP


def test_two_processes_share_one_connection(tmp_path: Path) -> None:
    outs = processes(tmp_path / "slot", 3, exclusive=True, inside=2 * GAP)
    spans = []
    for out in outs:
        moments = [float(moment) for moment in out.split()]
        spans += list(zip(moments[::2], moments[1::2], strict=True))
    spans.sort()
    assert all(end <= start for (_, end), (start, _) in itertools.pairwise(spans))


def paced(path: Path, time: Time, *, gap: float = 3.0, exclusive: bool = False) -> Pace:
    slot = SharedSlot(path)
    return Pace(gap, clock=lambda: time.now, sleep=time.sleep, slot=slot, exclusive=exclusive)


async def turn(pace: Pace) -> float:
    async with pace.turn() as start:
        return await pace.sent(start)


def test_a_slot_outlives_whoever_took_it(tmp_path: Path) -> None:
    time = Time()
    assert asyncio.run(turn(paced(tmp_path / "slot", time))) == 0
    assert asyncio.run(turn(paced(tmp_path / "slot", time))) == 3


def test_a_hold_holds_the_others_too(tmp_path: Path) -> None:
    time = Time()
    paced(tmp_path / "slot", time).hold(60)
    assert asyncio.run(turn(paced(tmp_path / "slot", time))) == 60


def test_a_slot_from_before_a_restart_is_worth_nothing(tmp_path: Path) -> None:
    time = Time()
    time.now = 500_000
    paced(tmp_path / "slot", time).hold(300)
    time.now = 20
    assert asyncio.run(turn(paced(tmp_path / "slot", time))) == 20
    assert asyncio.run(turn(paced(tmp_path / "slot", time))) == 23


@pytest.mark.parametrize("content", [b"", b"half", b"\xff" * 8], ids=["empty", "cut", "no number"])
def test_a_slot_that_cannot_be_read_is_free(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "slot").write_bytes(content)
    time = Time()
    assert asyncio.run(turn(paced(tmp_path / "slot", time))) == 0
    assert asyncio.run(turn(paced(tmp_path / "slot", time))) == 3


def test_whoever_was_overtaken_on_the_way_waits_again(tmp_path: Path) -> None:
    """A slow connection, or a busy processor: another started between the slot and the wire."""

    async def main() -> tuple[float, float]:
        time = Time()
        slow, quick = paced(tmp_path / "slot", time), paced(tmp_path / "slot", time)
        async with slow.turn() as start:
            time.now = 4
            overtaking = await turn(quick)
            return overtaking, await slow.sent(start)

    assert asyncio.run(main()) == (4, 7)


def test_a_slot_given_back_is_everybodys(tmp_path: Path) -> None:
    async def main() -> float:
        time = Time()
        one, other = paced(tmp_path / "slot", time), paced(tmp_path / "slot", time)
        async with one.turn() as start:
            one.give_back(start)
        return await turn(other)

    assert asyncio.run(main()) == 0


def test_where_slots_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    layout = Layout(tmp_path / "data")
    mine, foreign, missing = (tmp_path / name for name in ("mine", "foreign", "missing"))
    for folder in (mine, foreign):
        folder.mkdir()
    (foreign / f"papertide-{os.getuid()}").symlink_to(mine)
    monkeypatch.setattr(slots, "PLACES", (missing, foreign, mine))
    slots.shared(layout)("arxiv-export.arxiv.org-https").update(lambda _: 1.0)
    kept = mine / f"papertide-{os.getuid()}"
    assert (kept / "arxiv-export.arxiv.org-https").is_file()
    assert kept.stat().st_mode & 0o077 == 0
    monkeypatch.setattr(slots, "PLACES", (missing,))
    slots.shared(layout)("../../arXiv").update(lambda _: 1.0)
    assert (layout.work / "pace" / "arxiv").is_file()


def test_a_machine_without_a_folder_for_temporary_files(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> str:
        raise FileNotFoundError("No usable temporary directory found")

    monkeypatch.setattr("tempfile.gettempdir", none)
    assert slots._places() == (Path("/dev/shm"),)
