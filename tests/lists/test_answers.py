"""The hand-checked answers beside the project: every list as well as the measures promise."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from benchmarks.parsing import SHARED, Checked, checked_lists, score
from enrich.lists import clean, parse, render

LISTS = list(checked_lists(SHARED))
SEEDS = sorted((SHARED / "seeds").glob("*"))
parsed = cache(parse)
"""As `parse`; most files are read by several tests."""
pytestmark = pytest.mark.skipif(not LISTS, reason="no lists with answers beside the project")


@pytest.mark.parametrize("checked", [pytest.param(each, id=each.name) for each in LISTS])
def test_a_list_is_read_as_a_person_reads_it(checked: Checked) -> None:
    shares = score(parsed(checked.data).entries, checked)
    assert shares.recall >= 0.99
    assert shares.precision >= 0.99
    assert shares.titles >= 0.97
    assert shares.ids_recall >= 0.995
    assert shares.ids_precision >= 0.995
    assert shares.traps == 0


@pytest.mark.parametrize(
    "checked", [pytest.param(each, id=each.name) for each in LISTS if each.name.startswith("seed")]
)
def test_every_field_of_a_seed(checked: Checked) -> None:
    for entry, answer in zip(
        map(render, parsed(checked.data).entries), checked.entries, strict=True
    ):
        for key in ("line", "section", "authors", "venue", "year", "links", "ids"):
            assert entry[key] == answer[key], (answer["line"], key)
        assert entry["kind"] in (answer["kind"], *answer.get("kind_alt", ()))


@pytest.mark.parametrize(
    ("number", "entries"),
    [pytest.param("002", 143, id="two lists in one"), pytest.param("004", 136, id="plain text")],
)
def test_every_item_of_a_seed_without_answers(number: str, entries: int) -> None:
    """Every bullet of 002 but the two of its contents, every numbered line of 004."""
    path = next(path for path in SEEDS if path.name.startswith(number))
    assert len(parse(path.read_bytes()).entries) == entries


ENCODED = {
    "utf-8": ("utf-8", lambda text: text.encode()),
    "utf-8 with a mark, windows line ends": (
        "utf-8",
        lambda text: b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode(),
    ),
    "utf-16": ("utf-16-le", lambda text: b"\xff\xfe" + text.encode("utf-16-le")),
    "utf-16 big-endian": ("utf-16-be", lambda text: b"\xfe\xff" + text.encode("utf-16-be")),
}


@pytest.mark.parametrize("encoded", ENCODED)
@pytest.mark.parametrize(
    "path", [pytest.param(p, id=p.name) for p in (*SEEDS, *sorted((SHARED / "lists").glob("*.md")))]
)
def test_cutting_and_cleaning_gives_every_field(path: Path, encoded: str) -> None:
    """In whatever encoding a list is given: the same entries, at places of the file as given."""
    text = path.read_bytes().decode()
    encoding, encode = ENCODED[encoded]
    data = encode(text)
    entries, plain = parsed(data).entries, parsed(text.encode()).entries
    assert [(e.line, e.title, e.ids) for e in entries] == [(e.line, e.title, e.ids) for e in plain]
    for entry in entries:
        cut = {
            key: [data[start:end].decode(encoding) for start, end in spans]
            for key, spans in entry.spans.items()
        }
        assert clean.title(cut.get("title", ())) == (entry.title or entry.label)
        assert "venue" not in cut or clean.venue(cut["venue"]) == entry.venue
        assert "year" not in cut or clean.year(cut["year"]) == entry.year
        assert [clean.url([piece]) for piece in cut.get("links", ())] == [
            link.url for link in entry.links
        ]
        assert all(piece.lstrip("-").replace(",", "").isdigit() for piece in cut.get("counts", ()))
