"""What is looked for, what is known of papers, and what was decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from enrich.library import Candidate, Reason, Verdict
from enrich.model import Identifier


class Wanted(NamedTuple):
    """A paper as somebody names it; everything but the title as written, where it is said."""

    title: str
    authors: str | None = None
    venue: str | None = None
    year: int | None = None


class Known(NamedTuple):
    """A paper as a source or a catalogue knows it. `authors` in order, empty where not told."""

    source: str
    identifiers: tuple[Identifier, ...]
    title: str
    authors: tuple[str, ...] = ()
    year: int | None = None
    venue: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """Which paper is meant, how sure that is, and why.

    `score`: the probability, calibrated (docs/matching.md), that `records` are the paper; of the
    best candidate where none was accepted. `records`: all that is known of the accepted work, the
    best record first; empty unless `matched`.
    """

    verdict: Verdict
    reason: Reason
    score: float
    records: tuple[Known, ...] = ()
    candidates: tuple[Candidate, ...] = ()
