"""What every test stands on: no network but loopback, and none of the machine's own settings."""

from __future__ import annotations

import inspect
import ipaddress
import logging
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

ROOT = Path(__file__).parents[1]

FOREIGN = ("PAPERTIDE", "PREFECT", "SEMANTIC_SCHOLAR", "OPENREVIEW", "S2_")
PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


def pytest_configure(config: pytest.Config) -> None:
    """Clean the environment before any test module is read: Prefect looks at it when imported."""
    patch = pytest.MonkeyPatch()
    config.add_cleanup(patch.undo)
    for name in list(os.environ):
        if name.upper().startswith(FOREIGN) or name.lower() in PROXIES:
            patch.delenv(name)
    # A busy machine is no fault of the code; what is too slow shows in benchmarks/.
    settings.register_profile("papertide", deadline=None)
    settings.register_profile("fuzz", deadline=None, max_examples=5_000)
    settings.load_profile(config.getoption("--hypothesis-profile") or "papertide")
    # Prefect's two telemetry channels; a blocked connection would only show as noise in a log.
    patch.setenv("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
    patch.setenv("DO_NOT_TRACK", "1")


def _is_loopback(host: Any) -> bool:
    if host in (None, "", b"", "localhost", b"localhost"):
        return True
    try:
        return ipaddress.ip_address(host.decode() if isinstance(host, bytes) else host).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True, scope="session")
def _loopback_only() -> Iterator[None]:
    """Fail a test that looks up a name or connects beyond this machine.

    `pytest.fail` raises no `Exception`, so code that expects outages cannot swallow it.
    """
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex", "sendto"):
            patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
        look_up = socket.getaddrinfo

        def getaddrinfo(host: Any, *rest: Any, **named: Any) -> Any:
            if not _is_loopback(host):
                pytest.fail(f"the test looked up {host!r}; only loopback is allowed")
            return look_up(host, *rest, **named)

        patch.setattr(socket, "getaddrinfo", getaddrinfo)
        yield


def _guarded(method: Any) -> Any:
    def call(self: socket.socket, *args: Any) -> Any:
        address = args[-1]  # the last argument of connect, connect_ex and sendto alike
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_loopback(address[0]):
            pytest.fail(f"the test connected to {address!r}; only loopback is allowed")
        return method(self, *args)

    return call


@pytest.fixture(autouse=True, scope="session")
def _slots_of_their_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the machine's own pace out of the tests, and theirs out of the machine's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("store.slots.PLACES", (tmp_path_factory.mktemp("slots"),))
        yield


@pytest.fixture(autouse=True)
def _nothing_logged(
    request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture
) -> Iterator[None]:
    """Fail a test in which a warning was logged, unless it asks for `caplog` and looks itself."""
    yield
    if "caplog" in inspect.signature(request.function).parameters:
        return
    for record in caplog.get_records("call"):
        if record.levelno >= logging.WARNING:
            pytest.fail(f"{record.name} logged: {record.getMessage()}")


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's root folder."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference material beside the project; a test that needs it skips elsewhere."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("../shared is not here")
    return folder
