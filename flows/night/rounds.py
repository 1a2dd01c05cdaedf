"""Asking in rounds: what is known first, then what the answers reveal and leave open."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence

from enrich.edition import Settled
from enrich.marks import Answered
from enrich.model import Identifier, SourceState
from enrich.plan import Ask, Terms
from enrich.sources import Source
from enrich.turns import piecemeal, without_short_batches, without_titles
from flows.night.anthology import Anthology
from flows.night.asking import Asking

Due = Callable[[Settled, Mapping[str, set[Identifier]]], Mapping[str, Sequence[Ask]]]
"""What each source is to be asked, given the library and what it was asked already."""
Settle = Callable[[Sequence[Answered]], Settled]
"""The library as all answers so far leave it."""

ROUNDS = 10_000
"""For the case that they never ended; nothing is asked twice, so they do."""


async def ask_all(
    asking: Asking,
    sources: Mapping[str, Source],
    anthology: Anthology | None,
    due: Due,
    settle: Settle,
    terms: Mapping[str, Terms],
    seconds: float,
) -> tuple[Settled, bool]:
    """The library once nothing more is due, or the time is over, and whether it was over."""
    result = settle(asking.answers)
    try:
        async with asyncio.timeout(seconds):
            for number in range(ROUNDS):
                renew = anthology if number == 0 and anthology and anthology.is_due() else None
                asks: Mapping[str, Sequence[Ask]] = {
                    name: questions
                    for name, questions in asking.unclaimed(due(result, asking.asked)).items()
                    if sources[name].gateway.state is not SourceState.DISABLED
                }
                if renew:  # it may have what would else be searched for
                    asks = without_titles(asks)
                elif not any(asks.values()):
                    break
                asks = piecemeal(asks, terms, result.questions.values())
                asks = without_short_batches(asks, terms, asking.asked)
                await asking.round(sources, asks, renew)
                result = settle(asking.answers)
    except TimeoutError:
        return settle(asking.answers), True
    return result, False
