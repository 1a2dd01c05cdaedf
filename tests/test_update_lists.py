"""Real lists with all changed that can be: what was not named stays, the rest can be undone."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enrich import lists
from enrich.errors import PapertideError
from enrich.settings import Update
from enrich.update.changes import Updated, update
from enrich.update.edits import Edit, apply
from tests.lists import test_hostile as hostile
from tests.renewed import renewed, undone

ROOT = Path(__file__).parents[1]
SEEDS = sorted((ROOT / "seeds").iterdir())
LISTS = sorted((ROOT.parent / "shared" / "lists").glob("*__*.md"))
POLICIES = {
    "counts added": Update(
        counts="append", template="Cited by [{count}]({url}) (Semantic Scholar)"
    ),
    "all replaced": Update(counts="replace"),
}
SAME = ("line", "end_line", "section", "title", "label", "authors", "kind", "layout")


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize(
    "file",
    [*SEEDS, *(pytest.param(file, marks=pytest.mark.slow) for file in LISTS)],
    ids=lambda file: file.stem[:24],
)
def test_every_change_and_back(file: Path, policy: str) -> None:
    before = file.read_bytes()
    entries = lists.parse(before).entries
    snapshot = renewed(entries, dead=policy == "all replaced")
    result = update(before, snapshot, POLICIES[policy])
    _holds(before, result)
    after = lists.parse(result.content).entries
    assert [[getattr(e, name) for name in SAME] for e in after] == [
        [getattr(e, name) for name in SAME] for e in entries
    ]
    assert not update(result.content, snapshot, POLICIES[policy]).changes


def _holds(before: bytes, result: Updated) -> None:
    """Nothing outside the reported spans changed, and the reverse edits give the list back."""
    edits = [Edit(*c.span, c.new.encode(), c.kind, c.why) for c in result.changes]
    assert [before[e.start : e.end].decode() for e in edits] == [c.old for c in result.changes]
    assert apply(before, edits) == result.content
    assert apply(result.content, undone(before, edits)) == before


def test_changes_are_many() -> None:
    """The lists are worth the test: each kind of change is made in one of them."""
    kinds: set[str] = set()
    for file in SEEDS:
        before = file.read_bytes()
        snapshot = renewed(lists.parse(before).entries)
        result = update(before, snapshot, Update(counts="replace"))
        kinds |= {change.kind for change in result.changes}
    assert kinds == {"count", "label", "link", "venue", "year"}


@settings(max_examples=40)
@given(hostile.lists() | hostile.MARKDOWN, st.sampled_from(sorted(POLICIES)))
def test_any_text(text: str, policy: str) -> None:
    before = text.encode("utf-8", "surrogatepass")
    try:
        snapshot = renewed(lists.parse(before).entries, dead=True)
    except PapertideError:
        return
    result = update(before, snapshot, POLICIES[policy])
    _holds(before, result)
    assert not update(result.content, snapshot, POLICIES[policy]).changes


def test_time_stays_in_proportion() -> None:
    """Neither many links on one line nor many entries of one title cost their square."""
    link = "[a](https://arxiv.org/abs/2403.09701)"
    for text in (
        f"## P\n\n- {link * 3000}\n",
        "## P\n\n" + f"- [A Paper of One Title]({link[4:-1]}), cited by 12\n" * 800,
        "Citations of Google Scholar\n\n" * 800 + f"## P\n\n- {link}, cited by 12\n" * 100,
    ):
        before = text.encode()
        entries = lists.parse(before).entries
        began = time.process_time()
        lists.parse(before)
        once = time.process_time() - began
        began = time.process_time()
        update(before, renewed(entries, dead=True), POLICIES["all replaced"])
        assert time.process_time() - began < 12 * once + 0.5
