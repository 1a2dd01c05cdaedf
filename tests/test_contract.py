"""The project's copy of the contract is the contract, and config.toml is what it says."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import msgspec

from enrich.configuration import load
from enrich.settings import Settings


def test_copy_is_the_contract(root: Path, shared: Path) -> None:
    assert (root / "docs/contract.md").read_bytes() == (shared / "contract.md").read_bytes()


def _without_lists(text: str) -> dict[str, Any]:
    table = tomllib.loads(text)
    del table["lists"]
    return table


def test_configuration_has_every_key_of_the_contract(root: Path) -> None:
    contract = (root / "docs/contract.md").read_text(encoding="utf-8")
    [promised] = re.findall(r"^```toml\n(.*?)^```", contract, re.MULTILINE | re.DOTALL)
    configured = (root / "config.toml").read_text(encoding="utf-8")
    assert _without_lists(configured) == _without_lists(promised)


def test_configuration_stands_at_the_defaults(root: Path) -> None:
    settings = load(root / "config.toml", {}).settings
    assert msgspec.structs.replace(settings, lists=()) == Settings()


def test_configuration_names_the_four_lists(root: Path) -> None:
    configuration = load(root / "config.toml", {})
    lists = configuration.settings.lists
    assert [each.name for each in lists] == [
        "automated-alignment",
        "llm-alignment",
        "align-llm-human",
        "alignment-goals",
    ]
    seeds = sorted(configuration.folder / (each.path or "") for each in lists)
    assert seeds == sorted((root / "seeds").iterdir())
