"""The pinned versions fit together: what is installed is what is pinned, and Prefect starts in it.

Prefect 3.8.8 installs cleanly beside a fastapi in which its server cannot start (the TypeError
names `min_items`), so that only starting it shows that a closure is good.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from importlib.metadata import requires, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PINNED = [
    Requirement(line)
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
START_WITHIN = 120.0
"""Seconds; about 13 on two idle cores."""
FLOW = """
from prefect import flow, task
@task
def double(number): return 2 * number
@flow
def small(number): return double(number)
print("answer", small(21))
"""


def _applies(requirement: Requirement, extra: str = "") -> bool:
    return requirement.marker is None or requirement.marker.evaluate({"extra": extra})


def _closure() -> Iterator[tuple[str, Requirement]]:
    """Every requirement of Papertide and its development tools, and of those, and who has it."""
    waiting = [("papertide", extra) for extra in ("", "dev")]
    seen = set(waiting)
    while waiting:
        name, extra = waiting.pop()
        for requirement in map(Requirement, requires(name) or ()):
            if not _applies(requirement, extra):
                continue
            yield name, requirement
            new = {
                (canonicalize_name(requirement.name), each) for each in ("", *requirement.extras)
            }
            waiting.extend(new - seen)
            seen |= new


def test_installed_is_what_is_pinned() -> None:
    pinned = {canonicalize_name(pin.name): pin.specifier for pin in PINNED if _applies(pin)}
    needed = {canonicalize_name(requirement.name) for _, requirement in _closure()}
    different = [
        f"{name} {version(name)}"
        for name in sorted(needed)
        if name not in pinned or version(name) not in pinned[name]
    ]
    assert not different
    assert not sorted(pinned.keys() - needed), "pinned, and not needed"


def test_requirements_are_met() -> None:
    """What `pip check` says."""
    broken = [
        f"{name} wants {requirement}, here is {version(requirement.name)}"
        for name, requirement in _closure()
        if not requirement.specifier.contains(version(requirement.name), prereleases=True)
    ]
    assert not broken


def test_pins_are_versions_and_nothing_else() -> None:
    """No index address, no file, no hash: only `name==version`, and a marker where it needs one."""
    pin = re.compile(r"[a-z0-9.-]+==[\w.]+( ; [\w .<>=!'-]+)?")
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert lines
    assert not [line for line in lines if not pin.fullmatch(line)]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A running Prefect server on loopback; the environment that leads to it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environ = {
        **os.environ,
        "PREFECT_HOME": str(tmp_path / "prefect"),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
    }
    log = tmp_path / "server.log"
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1"]
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*command, "--port", str(port)],
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        api = f"http://127.0.0.1:{port}/api"
        _wait_for(f"{api}/health", process, log)
        yield {**environ, "PREFECT_API_URL": api}
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_WITHIN
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.25)
    pytest.fail(f"Prefect's server did not start:\n{log.read_text(errors='replace')[-4000:]}")


@pytest.mark.slow
def test_prefect_starts(server: dict[str, str], tmp_path: Path) -> None:
    script = tmp_path / "small.py"
    script.write_text(FLOW)
    ran = subprocess.run(
        [sys.executable, script],
        env=server,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (ran.returncode, ran.stdout.split()[-2:]) == (0, ["answer", "42"]), ran.stderr
