"""`papertide demo` and `papertide sandbox`: the four services, emulated on loopback."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from enrich.configuration import ENVIRONMENT_PREFIX, Configuration, load
from enrich.errors import ConfigError, PapertideError
from enrich.sandbox.faults import parse as parse_faults
from enrich.sandbox.server import run as serve
from enrich.sandbox.server import running
from enrich.sandbox.world import World
from enrich.settings import Notify, Update
from flows.night import night
from flows.night.reporting import renew_report
from flows.night.tonight import Scope
from flows.progress import Bars
from flows.running import run
from flows.service.refreshing import tell
from flows.terminal import Terminal
from store import corpus as parquet
from store import durable

FOLDER = Path("data/demo")

PACE = 0.05
"""The demo's clock runs twenty times as fast: limits and pace are scaled alike."""

LOGIN = {"PAPERTIDE_DEMO_USERNAME": "demo@sandbox.invalid", "PAPERTIDE_DEMO_PASSWORD": "simulated"}


def run_demo(configuration: Configuration, terminal: Terminal) -> int:
    """One night against the sandbox with the lists of a configuration; leaves one to go on with."""
    with running(World.builtin(), pace=PACE) as sandbox:
        path = FOLDER / "config.toml"
        durable.write(path, demo_config(configuration, sandbox.base_urls, FOLDER).encode())
        terminal.note(
            f"sandbox on 127.0.0.1:{sandbox.port}: SIMULATED services, limits and pace x {PACE}"
        )
        # No override may turn the demo to a real store, or to a real service.
        kept = {n: v for n, v in os.environ.items() if not n.startswith(ENVIRONMENT_PREFIX)}
        # Nor is anybody called at night for it.
        kept.pop(Notify().webhook_env, None)
        environ = {**kept, **LOGIN}
        with Bars(terminal) as bars:
            demo = load(path, environ)
            summary = run(night.refresh(demo, environ, Scope(), bars))
            renew_report(demo, bars.say)
        stats = sandbox.stats()
    tell(summary, terminal)
    terminal.result(f"limits violated, as the sandbox saw it: {violations(stats)}")
    terminal.result(f"next: papertide status --config {path}")
    terminal.result(
        f"      papertide sandbox --port {sandbox.port} --pace {PACE}   "
        f"(then papertide refresh --config {path})"
    )
    return summary.exit_code


def demo_config(
    configuration: Configuration, base_urls: Mapping[str, Mapping[str, str]], folder: Path
) -> str:
    """The configuration's lists, the sandbox's addresses and the demo's pace, as TOML."""
    lines = ["# Written by `papertide demo`; every value fetched with it is simulated.", ""]
    lines += ["[store]", 'dir = "."', ""]
    for each in configuration.settings.lists:
        lines += ["[[lists]]", f"name = {_toml(each.name)}"]
        if each.path is not None:
            absolute = (configuration.folder / each.path).resolve()
            lines.append(f"path = {_toml(os.path.relpath(absolute, folder.resolve()))}")
        else:
            lines.append(f"url = {_toml(each.url)}")
        lines += [_policy(each.update), ""]
    extra: dict[str, dict[str, Any]] = {
        "openreview": {
            "username_env": "PAPERTIDE_DEMO_USERNAME",
            "password_env": "PAPERTIDE_DEMO_PASSWORD",
        }
    }
    for source, urls in base_urls.items():
        settings = getattr(configuration.settings.sources, source)
        lines.append(f"[sources.{source}]")
        lines += [f"{key} = {_toml(url)}" for key, url in urls.items()]
        if hasattr(settings, "seconds_per_request"):
            lines.append(f"seconds_per_request = {settings.seconds_per_request * PACE:g}")
        lines += [f"{key} = {_toml(value)}" for key, value in extra.get(source, {}).items()]
        lines.append("")
    return "\n".join(lines)


def violations(stats: Mapping[str, Any]) -> int:
    """How often the sandbox saw a limit overstepped, all services together."""
    return sum(service["violations"] for service in stats.values())


def run_sandbox(port: int, corpus: Path | None, faults: str, pace: float) -> int:
    """Serve until a signal; the base URLs go to stdout as one line of JSON."""
    try:
        parse_faults(faults)
    except PapertideError as error:
        raise ConfigError(f"--faults: {error}") from None
    world = World.from_rows(parquet.rows(corpus)) if corpus else World.builtin()
    serve(world, port, pace, faults)
    return 0


def _policy(policy: Update) -> str:
    """What `papertide update` may do to a list, as TOML; a hint where nothing is said of it."""
    usual = msgspec.to_builtins(Update())
    said = {k: v for k, v in msgspec.to_builtins(policy).items() if v != usual[k]}
    if not said:
        return '# update = { counts = "replace" }    # see docs/updating.md'
    return f"update = {{ {', '.join(f'{key} = {_toml(value)}' for key, value in said.items())} }}"


def _toml(value: Any) -> str:
    """A string as TOML writes it."""
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'
