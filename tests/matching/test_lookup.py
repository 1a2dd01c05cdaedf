"""Titles looked up in a catalogue: each once."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pytest

from enrich.matching.lookup import Lookup
from enrich.matching.values import Known
from enrich.titles import key
from tests.values import ids

TITLES = ["Self-Rewarding Language Models", "Attention Is All You Need", "LIMA"]


class Shelves:
    """A catalogue that counts how often its titles are read. Its numbers are no positions."""

    def __init__(self, titles: Sequence[str] = TITLES) -> None:
        self.papers = {100 + n: self._paper(n, title) for n, title in enumerate(titles)}
        self.read = 0

    def _paper(self, n: int, title: str) -> Known:
        return Known("acl_anthology", ids(f"acl:P19-100{n}"), title)

    def version(self) -> str | None:
        return "1"

    def titles(self) -> list[tuple[int, str]]:
        self.read += 1
        return [(number, paper.title) for number, paper in self.papers.items()]

    def keyed(self, keys: Collection[str]) -> dict[str, list[Known]]:
        return {key(p.title): [p] for p in self.papers.values() if key(p.title) in keys}

    def known(self, numbers: Sequence[int]) -> list[Known]:
        return [self.papers[number] for number in numbers]


@pytest.mark.parametrize(
    ("titles", "expected", "read"),
    [
        pytest.param(["lima!"], {"lima": ["LIMA"]}, 0, id="the very title needs no index"),
        pytest.param(["Limas"], {"limas": []}, 1, id="nothing is like it"),
        pytest.param(
            ["Attention Is All You Ned"],
            {"attentionisallyouned": ["Attention Is All You Need"]},
            1,
            id="like it",
        ),
        pytest.param(["", "…"], {}, 0, id="no letters"),
        pytest.param([], {}, 0, id="no titles"),
    ],
)
def test_named(titles: list[str], expected: dict[str, list[str]], read: int) -> None:
    shelves = Shelves()
    found = Lookup(shelves, {}).named(titles)
    assert {k: [p.title for p in papers] for k, papers in found.items()} == expected
    assert shelves.read == read


def test_what_was_looked_up_is_remembered_also_that_it_was_in_vain() -> None:
    shelves = Shelves()
    lookup = Lookup(shelves, {})
    first = lookup.named(["Attention Is All You Ned", "Limas"])
    assert lookup.named(["Attention Is All You Ned", "Limas"]) == first
    assert lookup.near == {"attentionisallyouned": [101], "limas": []}
    assert shelves.read == 1
    again = Lookup(shelves, lookup.near)
    assert again.named(["attention is all you ned", "LIMAS"]) == first
    assert shelves.read == 1


def test_one_index_serves_all_titles() -> None:
    shelves = Shelves()
    lookup = Lookup(shelves, {})
    lookup.named(["Self-Rewarding Models"])
    lookup.named(["Language Models"])
    assert shelves.read == 1


def test_an_empty_catalogue_names_nothing() -> None:
    assert Lookup(Shelves([]), {}).named(["LIMA"]) == {"lima": []}
