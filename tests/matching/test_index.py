"""The titles of many that may be the one looked for."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrich.matching.index import TitleIndex

TITLES = [
    "Direct Preference Optimization: Your Language Model is Secretly a Reward Model",
    "Self-Rewarding Language Models",
    "Attention Is All You Need",
    "Training language models to follow instructions with human feedback",
    "A Survey of Large Language Models",
    "A Survey of Reinforcement Learning from Human Feedback",
    "Constitutional AI: Harmlessness from AI Feedback",
    "对齐综述",
    "LIMA: Less Is More for Alignment",
    *(f"A Survey of Language Models for Task {n}" for n in range(200)),
]


@pytest.fixture(scope="module")
def index() -> TitleIndex:
    return TitleIndex(TITLES)


@pytest.mark.parametrize("at", range(len(TITLES)))
def test_every_title_finds_itself(index: TitleIndex, at: int) -> None:
    assert index.same(TITLES[at]) == [at]
    assert index.nearest(TITLES[at])[0] == at


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        pytest.param("self rewarding language models", 1, id="case and hyphen"),
        pytest.param("Self-Rewarding Langauge Model", 1, id="typo and plural"),
        pytest.param("Selfrewarding Languagemodels", 1, id="words run together"),
        pytest.param("Direct Preference Optimization", 0, id="without its sub-title"),
        pytest.param("Direct Preference Optimisation", 0, id="British"),
        pytest.param("Less is More for Alignment", 8, id="without its nick"),
        pytest.param("InstructGPT: Training LMs to follow instructions", 3, id="with a nick"),
        pytest.param(r"Constitutional \textbf{AI}: Harmlesness from AI Feedback", 6, id="TeX"),
        pytest.param("对齐 综述", 7, id="Chinese"),
        pytest.param("Atention is al you ned", 2, id="nearly every word misspelt"),
    ],
)
def test_the_nearest(index: TitleIndex, title: str, expected: int) -> None:
    assert index.nearest(title)[0] == expected


@pytest.mark.parametrize(
    ("titles", "wanted", "same", "nearest"),
    [
        pytest.param([], "LIMA", [], [], id="no titles"),
        pytest.param([], "", [], [], id="nothing in nothing"),
        pytest.param(["LIMA"], "", [], [], id="an empty title is nobody's"),
        pytest.param(["", "LIMA"], "…", [], [], id="not even an empty one's"),
        pytest.param(["LIMA", "lima!", "Llama"], "Lima", [0, 1], [0, 1], id="twice the same"),
        pytest.param(["LIMA"], "Wholly other words", [], [], id="none is like it"),
    ],
)
def test_few_titles(titles: list[str], wanted: str, same: list[int], nearest: list[int]) -> None:
    index = TitleIndex(titles)
    assert (index.same(wanted), index.nearest(wanted)) == (same, nearest)


def test_no_more_than_asked_for_and_none_twice() -> None:
    index = TitleIndex(["Slides"] * 500)
    assert len(index.same("Slides")) == 500
    assert index.nearest("Slides", 7) == list(range(7))


def test_the_order_is_the_same_in_every_process() -> None:
    program = (
        "import json, sys\n"
        "from enrich.matching.index import TitleIndex\n"
        "titles = json.load(sys.stdin)\n"
        "index = TitleIndex(titles)\n"
        "print([index.nearest(t) for t in (*titles[:9], 'a survey of models', 'language')])"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            input=json.dumps(TITLES).encode(),
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(told) == 1


@pytest.mark.parametrize(
    "title",
    [
        pytest.param("reward " * 150_000, id="a megabyte of words"),
        pytest.param("a" * 1_000_000, id="a megabyte"),
        pytest.param("\\" * 10_000, id="TeX"),
        pytest.param("\0\ud800", id="NUL and half a letter"),
        pytest.param("?!" * 10_000, id="marks"),
    ],
)
def test_hostile_titles(title: str) -> None:
    index = TitleIndex([title, "LIMA"])
    assert index.nearest(title) in ([0], [])
    assert index.nearest("LIMA") == [1]


@given(st.lists(st.text(max_size=12), max_size=8), st.text(max_size=12))
def test_positions_are_those_of_titles(titles: list[str], wanted: str) -> None:
    index = TitleIndex(titles)
    found = index.nearest(wanted)
    assert set(found) <= set(range(len(titles)))
    assert len(found) == len(set(found))
    assert set(index.same(wanted)) <= set(found)
