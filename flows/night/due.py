"""What each source of a run is to be asked now, by a night or by a backfill."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import timedelta
from functools import partial

from enrich import plan
from enrich.backfill import Marks, Selection, standing
from enrich.edition import Settled
from enrich.model import TITLE, Identifier
from enrich.plan import Ask
from enrich.sources import WAYS
from flows.night import anthology
from flows.night.tonight import Tonight

Asked = Mapping[str, Collection[Identifier]]
"""The identifiers that each source was asked for in this run already."""
Asks = dict[str, tuple[Ask, ...]]
"""What each source is to be asked."""


def questions(tonight: Tonight, selection: Selection | None) -> Callable[[Settled, Asked], Asks]:
    """What the run asks, given the library and what it asked already: a night without `selection`,
    else a backfill."""
    if selection is None:
        return partial(due, tonight, tonight.chosen_lists)
    return partial(again, tonight, selection)


def file_age(tonight: Tonight, selection: Selection | None) -> timedelta:
    """How old the Anthology's bulk file may be that the run makes do with."""
    if selection is None:
        return tonight.terms[anthology.NAME].refresh_after
    # One that the backfill looked after before it was broken off is good enough.
    since = selection.since
    return timedelta(0) if since is None else tonight.now - since + timedelta.resolution


def due(tonight: Tonight, lists: Collection[str], result: Settled, asked: Asked) -> Asks:
    """What is due for the entries of some lists."""
    places = result.library.places.values()
    in_a_list = dict.fromkeys(
        place.finding.paper_id
        for place in places
        if place.finding and place.removed_at is None and place.list_id in lists
    )
    entries = {place.entry_id for place in places if place.list_id in lists}
    titles = _titles(tonight, result, result.library.fetches, asked, {*in_a_list, *entries})
    return _asks(tonight, result, result.library.fetches, asked, in_a_list, titles)


def again(tonight: Tonight, selection: Selection, result: Settled, asked: Asked) -> Asks:
    """What a backfill asks for, due or not."""
    works, marks = _standing(tonight, selection, result)
    titles = _titles(tonight, result, marks, asked, _whose(result, works, selection))
    return _asks(tonight, result, marks, asked, sorted(works), titles)


def at_most(tonight: Tonight, selection: Selection, result: Settled) -> Asks:
    """What a backfill will ask for in all, if no source finds a title that comes after another."""
    works, marks = _standing(tonight, selection, result)
    questions = {Identifier(TITLE, question.title) for question in result.questions.values()}
    in_vain = dict.fromkeys(WAYS, questions)
    titles = _titles(tonight, result, marks, in_vain, _whose(result, works, selection))
    return _asks(tonight, result, marks, {}, sorted(works), titles)


def _standing(tonight: Tonight, selection: Selection, result: Settled) -> tuple[set[str], Marks]:
    """The chosen works, as they are called by now, and the marks that hold for them."""
    library = result.library
    works = {library.aliases.get(paper_id, paper_id) for paper_id in selection.works}
    return works, standing(library.fetches, works, selection.since, tonight.now)


def _whose(result: Settled, works: set[str], selection: Selection) -> set[str]:
    """Whose titles are searched for: works, and entries whose link leads to another paper."""
    if not selection.searches:
        return set()
    entries = {
        place.entry_id
        for place in result.library.places.values()
        if place.finding and place.finding.paper_id in works
    }
    return works | entries


def _titles(
    tonight: Tonight, result: Settled, marks: Marks, asked: Asked, whose: Collection[str]
) -> dict[str, dict[str, str]]:
    """The titles that each source may be searched for now."""
    questions = {who: question for who, question in result.questions.items() if who in whose}
    return {
        source: plan.searchable(source, questions, tonight.searching, marks, asked, tonight.now)
        for source in WAYS
    }


def _asks(
    tonight: Tonight,
    result: Settled,
    marks: Marks,
    asked: Asked,
    works: Iterable[str],
    titles: Mapping[str, Mapping[str, str]],
) -> Asks:
    identifiers = plan.identifiers_of(result.library.claims)
    return {
        source: plan.due(
            source,
            ways,
            works,
            identifiers,
            marks,
            asked.get(source, ()),
            tonight.now,
            titles[source],
        )
        for source, ways in WAYS.items()
        if tonight.asks(source)
    }
