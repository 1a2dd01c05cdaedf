"""Entries of a file and the works of a snapshot, without asking anybody."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from enrich.known import Recognised, list_of, recognise
from enrich.model import Entry, Kind
from enrich.settings import ListSource
from tests.values import Nights, described, entry, night, record, told

TIGERS = "Striped Models of Large Tigers in Captivity"
GULLS = "A Census of Herring Gulls in Northern Harbours"


def _nights() -> Nights:
    """A list of a linked paper, one without a link that was found, and one that was not."""
    linked = entry(TIGERS, "arxiv:2401.00001", authors="Ada Byron")
    gulls = entry(GULLS, authors="Mary Anning")
    lost = entry("Something That Nobody Ever Wrote About", authors="Nemo Nobody")
    known = record(
        "arxiv:2402.00002", GULLS, "arxiv:2402.00002", authors=("Mary Anning",), year=2024
    )
    blog = entry("A Weblog", kind=Kind.BLOG)
    return Nights().night({"list": [linked, gulls, lost, blog]}, [told(known)])


def _of(nights: Nights, *entries: Entry, name: str | None = "list") -> tuple[Recognised, ...]:
    library = nights.library
    return recognise(library, described(library), entries, name, night(5))


def _said(found: Recognised) -> tuple[Any, ...]:
    return (found.paper and found.paper.title, found.reason)


def test_a_configured_list_keeps_what_was_found() -> None:
    nights = _nights()
    entries = [
        entry(TIGERS, "arxiv:2401.00001", authors="Ada Byron"),
        entry(GULLS, authors="Mary Anning"),
        entry("Something That Nobody Ever Wrote About", authors="Nemo Nobody"),
        entry("A Weblog", kind=Kind.BLOG),
    ]
    found = _of(nights, *entries)
    assert [_said(each) for each in found] == [
        (TIGERS, "own_identifier"),
        (GULLS, "same_title_and_authors"),
        (None, "acl_anthology_unavailable"),
        (None, None),
    ]
    assert [each.place.entry_id for each in found] == [
        nights.place("list", n).entry_id for n in range(1, 5)
    ]


def test_any_other_file_is_judged_by_identifier_and_then_by_title() -> None:
    entries = [
        entry("Tigers", "arxiv:2401.00001"),
        entry(GULLS, authors="M. Anning", year=2024),
        entry("Gulls", "doi:10.48550/arxiv.2402.00002"),
        entry("Something That Nobody Ever Wrote About", authors="Nemo Nobody"),
        entry(None, label="CC"),
        entry("A tool", kind=Kind.REPO),
    ]
    found = _of(_nights(), *entries, name=None)
    assert [_said(each) for each in found] == [
        (TIGERS, "own_identifier"),
        (GULLS, "same_title"),
        (GULLS, "own_identifier"),
        (None, "unknown_title"),
        (None, "no_title"),
        (None, None),
    ]


@pytest.mark.parametrize(
    ("written", "means", "leads"),
    [
        pytest.param(GULLS, GULLS, TIGERS, id="to another paper of the snapshot"),
        pytest.param("How to Boil an Egg Without Water or Fire", None, TIGERS, id="title unknown"),
        pytest.param("Striped Models of Large Tigers", TIGERS, None, id="a title cut short"),
        pytest.param("STRIPES", TIGERS, None, id="a nick contradicts nothing"),
    ],
)
def test_a_link_that_leads_elsewhere(written: str, means: str | None, leads: str | None) -> None:
    people = "Mary Anning" if written == GULLS else None
    [found] = _of(_nights(), entry(written, "arxiv:2401.00001", authors=people), name=None)
    assert (found.paper and found.paper.title, found.linked and found.linked.title) == (
        means,
        leads,
    )


def test_links_swapped_between_two_papers_by_the_same_people() -> None:
    both = {"2401.00001": TIGERS, "2402.00002": GULLS}
    records = [
        record(f"arxiv:{number}", title, f"arxiv:{number}", authors=("Mary Anning",), year=2024)
        for number, title in both.items()
    ]
    linked = [entry(t, f"arxiv:{n}", authors="Mary Anning") for n, t in both.items()]
    nights = Nights().night({"list": linked}, [told(each) for each in records])
    swapped = [
        entry(TIGERS, "arxiv:2402.00002", authors="Mary Anning"),
        entry(GULLS, "arxiv:2401.00001", authors="Mary Anning"),
        entry("Striped Animals of All Kinds", "arxiv:2401.00001", authors="Mary Anning"),
    ]
    papers = {
        paper_id: replace(paper, authors=("Mary Anning",))
        for paper_id, paper in described(nights.library).items()
    }
    for name in ("list", None):
        found = recognise(nights.library, papers, swapped, name, night(5))
        assert [_said(each) for each in found] == [
            (TIGERS, "mismatched"),
            (GULLS, "mismatched"),
            (TIGERS, "own_identifier"),  # renamed, for all that is known
        ]


def test_an_identifier_that_nobody_was_asked_about() -> None:
    nights = _nights()
    same = entry(GULLS, "doi:10.1000/gulls", authors="Mary Anning", year=2024)
    other = entry(GULLS, "arxiv:2499.99999", authors="Mary Anning", year=2024)
    assert [_said(each) for each in _of(nights, same, other, name=None)] == [
        (GULLS, "same_title"),
        (None, "not_asked"),
    ]


def test_an_edited_line_is_judged_anew_and_a_decision_is_not() -> None:
    nights = _nights()
    nights.night(
        {"list": [entry(TIGERS, "arxiv:2401.00001"), entry("Birds", authors="Anon")]},
        rulings={("list", 2): "arxiv:2402.00002"},
    )
    moved = entry(TIGERS, "arxiv:2402.00002", authors="Ada Byron")
    decided = entry("Birds", authors="Anon and others")
    [first, second] = _of(nights, moved, decided)
    assert first.linked is not None
    assert first.linked.arxiv_id == "2402.00002"
    assert second.paper is not None
    assert second.paper.arxiv_id == "2402.00002"


def test_the_list_that_a_file_is(tmp_path: Path) -> None:
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "one.md").touch()
    (tmp_path / "link.md").symlink_to(tmp_path / "lists" / "one.md")
    lists = [ListSource("web", url="https://example.org/x"), ListSource("one", path="lists/one.md")]
    assert list_of(tmp_path / "link.md", lists, tmp_path) == "one"
    assert list_of(tmp_path / "lists" / "two.md", lists, tmp_path) is None
