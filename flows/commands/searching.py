"""Searching for the papers of many titles: so many at a time that sorting the answers is cheap."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import islice

from enrich.edition import Settled, settle
from enrich.library import Finding, Place, Reason
from enrich.marks import Answered
from enrich.matching.values import Known
from enrich.model import TITLE, Identifier, Outcome, SourceState
from enrich.plan import Ask
from enrich.settings import age
from enrich.sources import TITLES_PER_REQUEST, Source
from enrich.titles import key
from flows.night import lookups, providers
from flows.night.asking import Asking, directly, trouble_with
from flows.night.due import due
from flows.night.rounds import Due, Settle, ask_all
from flows.night.tonight import Tonight
from flows.progress import Bars
from store import snapshots
from store.journal import Journal

NAME = "resolve"
"""What the titles are listed as while they are sorted into works."""
COMPLETES = "semantic_scholar"
"""The source that is asked for the other identifiers of what was found, 500 works a request."""
MANY = 50
"""Titles from which the person is told that a local catalogue would save requests."""
PORTION = 10 * TITLES_PER_REQUEST
"""Open titles that are searched for at a time: after each request all of these are settled anew."""
LEFT_OPEN = "unanswered"
NO_CATALOGUE = "no local catalogue: papertide catalog build fetches one"


class Search:
    """One search, within one deadline. `places`: the titles, as if they were a list's entries."""

    def __init__(
        self, tonight: Tonight, places: Sequence[Place], journal: Journal, bars: Bars
    ) -> None:
        self._tonight = tonight
        self._places = places
        self._bars = bars
        self._base = snapshots.newest_good(tonight.layout).library
        self._searching = () if tonight.scope.offline else tonight.searching
        self._journal = journal
        self._asking = Asking(journal, NAME, tonight.terms, tonight.now, bars, directly)
        deadline = age(tonight.configuration.settings.refresh.deadline)
        self._end = time.monotonic() + deadline.total_seconds()
        self._known = self._looked_up()

    async def run(self) -> tuple[Settled, list[str]]:
        """What the titles mean, and a line for everything that kept from an answer."""
        pending = self._journal.pending()
        self._asking.adopt(pending, self._base, self._tonight.now)
        result, trouble = self.so_far(), list[str]()
        if not self._tonight.scope.offline:
            result, trouble = await self._ask(result)
        if any(each.reason is Reason.INDEX_UNAVAILABLE for each in _findings(result)):
            trouble.append(f"{NO_CATALOGUE}; without it nobody could be asked")
        return result, trouble

    def so_far(self) -> Settled:
        """What the titles mean by the answers until now."""
        return self._settled(self._places, self._asking.answers)

    def _looked_up(self) -> Mapping[str, Sequence[Known]] | None:
        titles = [place.title for place in self._places if place.title]
        index = lookups.named(self._tonight.layout, titles)
        if index is not None or not self._searching:
            return index
        if len(titles) >= MANY:
            self._bars.say(f"{NO_CATALOGUE}, which saves requests")
        return {}  # the sources have it all

    def _settled(self, places: Sequence[Place], answers: Sequence[Answered]) -> Settled:
        terms, now = self._tonight.terms, self._tonight.now
        return settle(
            self._base, {}, places, answers, self._known, terms, now, searching=self._searching
        )

    async def _ask(self, result: Settled) -> tuple[Settled, list[str]]:
        settings = self._tonight.configuration.settings
        portions = list(_portions(self._places, result))
        async with providers.opened(
            settings, self._tonight.layout, self._tonight.environ
        ) as opened:
            if len(portions) > 1:
                self._bars.begin("titles", sum(map(len, portions)), 0.0)
                for portion in portions:
                    await self._ask_portion(opened.sources, portion)
                    self._bars.advance("titles", len(portion))
            # What is left: the other identifiers, and what only shows with all titles together.
            settle_all = partial(self._settled, self._places)
            result, is_over = await self._rounds(opened.sources, self._due, settle_all)
            trouble = [
                line
                for name, source in opened.sources.items()
                if (line := trouble_with(source, self._asking.efforts[name], LEFT_OPEN))
            ]
            if any(question.is_open for question in result.questions.values()):
                self._tell_who_is_left_out(opened.sources)
        if is_over:
            trouble.append(f"[refresh] deadline = {settings.refresh.deadline} is over")
        return result, trouble

    async def _ask_portion(self, sources: Mapping[str, Source], places: Sequence[Place]) -> None:
        """Search for some of the titles; the answers are in `_asking` then."""
        folded = {key(place.title or "") for place in places}
        before = [
            each
            for each in self._asking.answers
            if each.told.asked.scheme == TITLE and key(each.told.asked.value) in folded
        ]
        begin = len(self._asking.answers)

        def settled(answers: Sequence[Answered]) -> Settled:
            return self._settled(places, [*before, *answers[begin:]])

        await self._rounds(sources, self._searches_due, settled)

    async def _rounds(
        self, sources: Mapping[str, Source], due_now: Due, settled: Settle
    ) -> tuple[Settled, bool]:
        left = max(0.0, self._end - time.monotonic())
        terms = self._tonight.terms
        return await ask_all(self._asking, sources, None, due_now, settled, terms, left)

    def _searches_due(
        self, result: Settled, asked: Mapping[str, set[Identifier]]
    ) -> dict[str, Sequence[Ask]]:
        questions = due(self._tonight, (NAME,), result, asked)
        return {
            source: [ask for ask in questions.get(source, ()) if ask.identifier.scheme == TITLE]
            for source in self._searching
        }

    def _due(
        self, result: Settled, asked: Mapping[str, set[Identifier]]
    ) -> dict[str, Sequence[Ask]]:
        """Searches, and the other identifiers of what was found, unless they were told before:
        those do not age."""
        told = {
            paper_id
            for (paper_id, source), mark in result.library.fetches.items()
            if source == COMPLETES and mark.outcome is Outcome.OK
        }
        questions = due(self._tonight, (NAME,), result, asked)
        found: dict[str, Sequence[Ask]] = {**self._searches_due(result, asked)}
        if COMPLETES in questions:
            found[COMPLETES] = [
                ask
                for ask in questions[COMPLETES]
                if ask.identifier.scheme == TITLE or ask.paper_id not in told
            ]
        return found

    def _tell_who_is_left_out(self, sources: Mapping[str, Source]) -> None:
        for source in sources.values():
            if source.gateway.state is SourceState.DISABLED and source.gateway.trouble:
                self._bars.say(source.gateway.trouble)


def _portions(places: Sequence[Place], result: Settled) -> Iterator[list[Place]]:
    """The entries whose titles are open, cut so that each portion fills its requests; no title is
    in two of them: what was told of it in the one is not known in the other."""
    by_title: defaultdict[str, list[Place]] = defaultdict(list)
    for place in places:
        finding = result.library.places[place.entry_id].finding
        if finding and (question := result.questions.get(finding.paper_id)):
            by_title[question.title].append(place)
    groups = iter(by_title.values())
    while portion := list(islice(groups, PORTION)):
        yield [place for group in portion for place in group]


def _findings(result: Settled) -> Iterator[Finding]:
    return (place.finding for place in result.library.places.values() if place.finding)
