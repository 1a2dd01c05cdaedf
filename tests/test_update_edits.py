"""Edits change the stretches that they name and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrich.update.edits import Edit, Matter, Proposal, apart, apply
from tests.renewed import undone


@st.composite
def edited(draw: st.DrawFn) -> tuple[bytes, list[Edit]]:
    """A text and edits of it that do not meet, in any order."""
    text = draw(st.binary(max_size=60))
    marks = draw(st.lists(st.integers(0, len(text)), max_size=10))
    marks = sorted(marks)[: len(marks) // 2 * 2]
    spans = list(zip(marks[::2], marks[1::2], strict=True))
    edits = [Edit(a, b, draw(st.binary(max_size=9)), "count", "") for a, b in spans]
    kept = [p.edits[0] for p in apart(Proposal(0, Matter.COUNTS, (edit,)) for edit in edits)]
    return text, draw(st.permutations(kept))


@given(edited())
def test_what_was_done_can_be_undone(case: tuple[bytes, list[Edit]]) -> None:
    text, edits = case
    after = apply(text, edits)
    back = undone(text, edits)
    assert apply(after, back) == text
    named = b"".join(after[e.start : e.end] for e in back)
    assert named == b"".join(e.new for e in sorted(edits))


@given(edited())
def test_what_no_edit_names_stays(case: tuple[bytes, list[Edit]]) -> None:
    text, edits = case
    left = after = apply(text, edits)
    for edit in sorted(undone(text, edits), reverse=True):
        left = left[: edit.start] + left[edit.end :]
    rest = text
    for edit in sorted(edits, reverse=True):
        rest = rest[: edit.start] + rest[edit.end :]
    assert left == rest
    assert len(after) == len(text) + sum(len(e.new) - (e.end - e.start) for e in edits)


@pytest.mark.parametrize(
    "spans", [[(0, 3), (2, 5)], [(1, 1), (1, 1)], [(1, 1), (1, 4)], [(5, 9)], [(3, 2)], [(-1, 1)]]
)
def test_edits_that_meet_or_lie_outside_are_refused(spans: list[tuple[int, int]]) -> None:
    with pytest.raises(ValueError, match=r"edit"):
        apply(b"0123456", [Edit(a, b, b"x", "count", "") for a, b in spans])


def test_of_two_proposals_for_one_place_the_first_is_made() -> None:
    one, other, third = (
        Proposal(n, Matter.LINKS, (Edit(a, b, b"x", "link", ""),))
        for n, (a, b) in enumerate([(0, 3), (2, 5), (3, 4)])
    )
    assert apart([one, other, third]) == [one, third]
