"""Real lists with all changed that can be: what was not named stays, the rest can be undone."""

from __future__ import annotations

from pathlib import Path

import pytest

from enrich import lists
from enrich.settings import Update
from enrich.update.changes import Updated, update
from enrich.update.edits import Edit, apply
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
@pytest.mark.parametrize("file", [*SEEDS, *LISTS], ids=lambda file: file.stem[:24])
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
