"""Nights against the sandbox: a store in a temporary folder, its configuration, and the runs."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from enrich.configuration import load
from enrich.sandbox.server import Sandbox
from flows.night import night
from flows.night.summary import Summary
from flows.night.tonight import Scope
from flows.watch import Silent, Watch

LOGIN = {"OPENREVIEW_USERNAME": "test@sandbox.invalid", "OPENREVIEW_PASSWORD": "simulated"}
FIRST_NIGHT = "2026-11-21T02:00:00Z"

ONE_LIST = """# Papers

- Self-rewarding language models. *Yuan et al.* arXiv 2024. [[paper](https://arxiv.org/abs/2401.10020)]
- Constitutional AI: Harmlessness from AI feedback. *Bai et al.* [[paper](https://arxiv.org/abs/2212.08073)]
- Plan-and-Solve Prompting: Improving Zero-Shot Chain-of-Thought Reasoning by Large Language Models. \
*Wang et al.* ACL 2023. [[paper](https://aclanthology.org/2023.acl-long.147)]
"""  # noqa: E501  # lines as lists have them


@dataclass
class Store:
    """A configuration in a folder of its own. `lists`: name to text, written before each run."""

    folder: Path
    base_urls: dict[str, dict[str, str]]
    lists: dict[str, str | bytes] = field(default_factory=lambda: {"papers": ONE_LIST})
    extra: str = ""
    environ: dict[str, str] = field(default_factory=lambda: {**LOGIN})

    @property
    def config(self) -> Path:
        return self.folder / "config.toml"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def write(self) -> None:
        """Write the configuration and the lists' files."""
        lines = []
        for name, text in self.lists.items():
            content = text if isinstance(text, bytes) else text.encode()
            (self.folder / f"{name}.md").write_bytes(content)
            lines += ["[[lists]]", f'name = "{name}"', f'path = "{name}.md"', ""]
        for source, urls in self.base_urls.items():
            lines.append(f"[sources.{source}]")
            lines += [f'{key} = "{url}"' for key, url in urls.items()]
            lines += ["timeout = 5.0", "attempts = 2"]
            if source != "acl_anthology":
                lines.append("seconds_per_request = 0.0")
            lines.append("")
        self.config.write_text("\n".join(lines) + self.extra)

    def night(
        self, now: str = FIRST_NIGHT, scope: Scope | None = None, watch: Watch | None = None
    ) -> Summary:
        """One night at the given time."""
        self.write()
        environ = {**self.environ, "PAPERTIDE_NOW": now}
        configuration = load(self.config, environ)
        return asyncio.run(
            night.refresh(configuration, environ, scope or Scope(), watch or Silent())
        )

    def rows(self, query: str, path: Path | None = None) -> list[tuple[Any, ...]]:
        """What a reader of the current snapshot sees."""
        file = path or self.data / "papertide.duckdb"
        with duckdb.connect(str(file), read_only=True) as connection:
            return connection.execute(query).fetchall()


def requests(sandbox: Sandbox) -> dict[str, int]:
    """How many requests each service has seen."""
    return {name: service["requests"] for name, service in sandbox.stats().items()}
