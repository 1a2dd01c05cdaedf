"""Imports go one way, modules stay small, and every public name says what it is."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("enrich", "store", "flows")
LONGEST = 250
"""Lines in a module."""
NAMELESS = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "process", "data"}

NETWORK = ("httpx", "arxiv", "semanticscholar", "tenacity")
DOOR = "enrich.network.http"
SERVER = ("starlette", "uvicorn", "fastapi")
SLOW_TO_IMPORT = (*NETWORK, *SERVER, "bibtexparser", "duckdb", "prefect")


def _name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {
    _name(path): path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))
}
each_module = pytest.mark.parametrize("module", MODULES)


@cache
def _tree(module: str) -> ast.Module:
    return ast.parse(MODULES[module].read_text(encoding="utf-8"))


def _imported(module: str, nodes: Iterator[ast.AST]) -> Iterator[str]:
    """The modules that these nodes import, and what stands above each of them."""
    for node in nodes:
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{module}:{node.lineno}: imports are written in full"
            source = node.module or ""
            names = [source, *(f"{source}.{alias.name}" for alias in node.names)]
        for name in names:
            if name.partition(".")[0] not in PACKAGES:
                yield name
            elif name in MODULES:
                parts = name.split(".")
                yield from (".".join(parts[:end]) for end in range(1, len(parts) + 1))


@cache
def _imports(module: str) -> frozenset[str]:
    """Every import of a module, also for types only and inside functions."""
    return frozenset(_imported(module, ast.walk(_tree(module))))


def _run_when_imported(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        yield node
        yield from _run_when_imported(node)


def _reached(module: str) -> set[str]:
    """Everything that importing a module imports, as far as the project's own code says."""
    reached: set[str] = set()
    waiting = {module}
    while waiting:
        here = waiting.pop()
        reached.add(here)
        if here in MODULES:
            waiting |= set(_imported(here, _run_when_imported(_tree(here)))) - reached
    return reached


def _within(name: str, *homes: str) -> bool:
    return any(name == home or name.startswith(f"{home}.") for home in homes)


def _offenders(allowed: Callable[[str], bool], *libraries: str) -> list[str]:
    return [
        f"{module} imports {name}"
        for module in MODULES
        if not allowed(module)
        for name in sorted(_imports(module))
        if _within(name, *libraries)
    ]


@pytest.mark.parametrize(
    ("libraries", "homes"),
    [
        pytest.param(NETWORK, (DOOR, "enrich.sources"), id="one door to the network"),
        pytest.param(SERVER, ("enrich.sandbox",), id="one server"),
        pytest.param(
            ("requests", "urllib.request", "http.client"),
            ("flows.service.prefect_server",),  # is Prefect's own server there?
            id="no second door to the sources",
        ),
        pytest.param(("duckdb",), ("store",), id="one door to the database"),
        pytest.param(("prefect",), ("flows.service",), id="Prefect around the night, not inside"),
        pytest.param(("click",), ("flows.cli", "flows.commands"), id="one command line"),
        pytest.param(("flows.cli",), ("flows.cli",), id="nobody knows the command line"),
        pytest.param(
            ("flows.commands",), ("flows.cli", "flows.commands"), id="commands carry out the rest"
        ),
        pytest.param(
            ("flows.service",),
            ("flows.cli", "flows.commands", "flows.service"),
            id="the night knows no schedule",
        ),
        pytest.param(("store",), ("store", "flows"), id="enrich knows no store"),
        pytest.param(("flows",), ("flows",), id="nobody knows the flows"),
    ],
)
def test_who_may_import(libraries: tuple[str, ...], homes: tuple[str, ...]) -> None:
    assert not _offenders(lambda module: _within(module, *homes), *libraries)


@pytest.mark.parametrize(
    ("module", "forbidden"),
    [
        *(
            pytest.param(module, (*NETWORK, *SERVER, DOOR, "enrich.sources"), id=module)
            for module in MODULES
            if _within(module, "store")
        ),
        pytest.param("enrich.lists", SLOW_TO_IMPORT, id="reading a list starts fast"),
        pytest.param("enrich.ids", SLOW_TO_IMPORT, id="reading an identifier starts fast"),
        pytest.param("flows.cli.main", SLOW_TO_IMPORT, id="the command starts fast"),
    ],
)
def test_what_an_import_reaches(module: str, forbidden: tuple[str, ...]) -> None:
    assert module in MODULES
    assert not sorted(name for name in _reached(module) if _within(name, *forbidden))


@each_module
def test_fits_in_two_screens(module: str) -> None:
    lines = MODULES[module].read_text(encoding="utf-8").count("\n")
    assert lines <= LONGEST


@each_module
def test_is_named_for_what_it_answers(module: str) -> None:
    assert module.rpartition(".")[2] not in NAMELESS


@each_module
def test_says_what_it_is(module: str) -> None:
    """The module, and each public function and class of it."""
    tree = _tree(module)
    named = [
        node
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
    ]
    silent = [node.name for node in named if not ast.get_docstring(node)]
    if tree.body and not ast.get_docstring(tree):
        silent.insert(0, module)
    assert not silent
