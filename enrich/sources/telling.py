"""How is it told that a source has no answer?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TypeVar

from enrich.model import Identifier, Outcome, SourceState, Told

if TYPE_CHECKING:
    from enrich.network.http import Gateway

T = TypeVar("T")

DAMAGED = "the answer is damaged"
"""Why a record is no answer whose title is none."""


def missing(source: str, asked: Identifier, reason: str) -> Told:
    """A miss: `invalid_id` for what cannot be asked, `unknown` after a valid answer."""
    return Told(source, asked, Outcome.NOT_FOUND, reason=reason)


def failed(source: str, asked: Iterable[Identifier], reason: str) -> dict[Identifier, Told]:
    """Failures, each under its identifier."""
    return {i: Told(source, i, Outcome.FAILED, reason=reason) for i in asked}


def halves(part: Sequence[T]) -> list[list[T]]:
    """A batch in two, to be popped from the end in its order."""
    middle = len(part) // 2
    return [list(part[middle:]), list(part[:middle])]


def blame(gateway: Gateway, told: Iterable[Told]) -> None:
    """Count a failure where the gateway saw only good answers, which then did not fit."""
    reason = next((one.reason for one in told if one.outcome is Outcome.FAILED), None)
    if reason and gateway.state is SourceState.OK:
        gateway.tally.failures += 1
        gateway.breaker.failed(reason)
