"""Which of the questions that are due are asked in this round, and which wait for a later one?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from enrich.library import Question
from enrich.model import TITLE, Identifier
from enrich.plan import Ask, Terms, cost


def without_titles(asks: Mapping[str, Sequence[Ask]]) -> dict[str, Sequence[Ask]]:
    """The questions that are no searches."""
    return {
        source: [ask for ask in questions if ask.identifier.scheme != TITLE]
        for source, questions in asks.items()
    }


def piecemeal(
    asks: Mapping[str, Sequence[Ask]],
    terms: Mapping[str, Terms],
    questions: Iterable[Question] = (),
) -> dict[str, Sequence[Ask]]:
    """This round's questions with one request's titles for arXiv: while the next are asked there,
    the sources that come after it are asked about what these left open. With more than one where
    the round lasts longer anyway, so that arXiv is not idle until another source is done; and with
    all, where none is open: then nobody comes after it. `questions`: those behind the titles."""
    found = dict(asks)
    if arxiv := asks.get("arxiv"):
        is_open = {q.title: q.is_open for q in sorted(questions, key=lambda q: q.is_open)}
        titles = dict.fromkeys(ask.identifier for ask in arxiv if ask.identifier.scheme == TITLE)
        first = sorted(titles, key=lambda each: not is_open.get(each.value, True))
        alone = not any(asked for source, asked in asks.items() if source != "arxiv")
        if not alone or any(is_open.get(each.value, True) for each in first):
            requests = max(1, _spare_requests("arxiv", asks, terms))
            first = first[: requests * terms["arxiv"].titles_per_request]
        taken = set(first)
        found["arxiv"] = [
            ask for ask in arxiv if ask.identifier.scheme != TITLE or ask.identifier in taken
        ]
    return found


def _spare_requests(
    source: str, asks: Mapping[str, Sequence[Ask]], terms: Mapping[str, Terms]
) -> int:
    """How often a source can be searched, after what it is asked by identifier, until the slowest
    other one has been asked everything."""
    pace = terms[source].seconds_per_request
    own = cost(source, without_titles(asks)[source], terms[source]).seconds
    others = (cost(s, questions, terms[s]).seconds for s, questions in asks.items() if s != source)
    return int((max(others, default=0.0) - own) // pace) if pace else 0


def without_short_batches(
    asks: Mapping[str, Sequence[Ask]],
    terms: Mapping[str, Terms],
    asked: Mapping[str, Collection[Identifier]],
) -> dict[str, Sequence[Ask]]:
    """This round's questions without the last batch of arXiv and of Semantic Scholar, if that is
    short and may yet fill up.

    Semantic Scholar and the Anthology reveal arXiv numbers, and arXiv's searches identify papers
    that Semantic Scholar is then asked for: asked at once and again after that, the few would cost
    a request each time.
    """
    found = dict(asks)
    searched = [ask for ask in asks.get("arxiv", ()) if ask.identifier.scheme == TITLE]
    if searched:
        found = _without_short(found, "semantic_scholar", terms, asked)
    if any(found.get(source) for source in ("semantic_scholar", "acl_anthology")):
        found = _without_short(found, "arxiv", terms, asked)
    return found


def _without_short(
    asks: dict[str, Sequence[Ask]],
    source: str,
    terms: Mapping[str, Terms],
    asked: Mapping[str, Collection[Identifier]],
) -> dict[str, Sequence[Ask]]:
    questions = [ask for ask in asks.get(source, ()) if ask.identifier.scheme != TITLE]
    titles = [ask for ask in asks.get(source, ()) if ask.identifier.scheme == TITLE]
    short = len(questions) % terms[source].batch_size if questions else 0
    # Its first question is not put off: a source that hangs shall hang while the others are
    # asked, not after them.
    is_first = short == len(questions) and not titles and not asked.get(source)
    if not short or is_first:
        return asks
    return {**asks, source: [*questions[:-short], *titles]}
