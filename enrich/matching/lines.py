"""Lines of a bibliography in, lines with what they mean out (docs/contract.md, section 1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from enrich.errors import PapertideError
from enrich.library import Finding
from enrich.matching.values import Wanted
from enrich.model import SCHEMES, Identifier

LONGEST = 4000
"""Letters of a field that are read; longer ones are cut."""


class Line(NamedTuple):
    """A line of the input: what it is called, as given, and what it says of a paper."""

    n: Any
    wanted: Wanted


class _Given(msgspec.Struct):
    n: Any = None
    title: str | None = None
    authors: str | list[str] | None = None
    venue: str | None = None
    year: float | str | None = None


def read(content: bytes, name: str) -> tuple[Line, ...]:
    """The lines of a file of JSON lines; blank ones are passed over, one without `n` is called by
    its number. `name`: what messages call the file.

    Raises:
        PapertideError: a line is no JSON object with these fields; names it and what is wrong.
    """
    decoder = msgspec.json.Decoder(_Given)
    lines = []
    for number, line in enumerate(content.removeprefix(b"\xef\xbb\xbf").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            given = decoder.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise PapertideError(
                f'{name}: line {number}: {error}; a line is like {{"n": 1, "title": "…"}}'
            ) from None
        n = number if given.n is None else given.n
        lines.append(Line(n, wanted(given.title, given.authors, given.venue, given.year)))
    return tuple(lines)


def wanted(
    title: str | None,
    authors: str | Sequence[str] | None,
    venue: str | None,
    year: float | str | None,
) -> Wanted:
    """What a person says of a paper, cut to a sensible size; a year that is none is not said."""
    people = authors if isinstance(authors, str) or authors is None else ", ".join(authors)
    return Wanted(
        (title or "").strip()[:LONGEST],
        (people or "").strip()[:LONGEST] or None,
        (venue or "").strip()[:LONGEST] or None,
        _year(year),
    )


def _year(said: float | str | None) -> int | None:
    """A year as people and spreadsheets write it: 2024, "2024", 2024.0."""
    try:
        year = float(said or 0)
    except ValueError:
        return None
    return int(year) if 1000 <= year <= 2200 and year.is_integer() else None


def render(
    n: Any, finding: Finding, identifiers: Iterable[Identifier], title: str | None
) -> Mapping[str, Any]:
    """A line of the output. `title`: the paper's, as its sources have it; None where none is
    matched."""
    ids: dict[str, list[str]] = {scheme: [] for scheme in SCHEMES}
    for scheme, value in sorted(identifiers):
        ids[scheme].append(value)
    return {
        "n": n,
        "verdict": finding.verdict,
        "reason": finding.reason,
        "score": round(finding.score, 3),
        "ids": ids,
        "title": title,
        "candidates": [candidate._asdict() for candidate in finding.candidates],
    }
