"""Which titles are to be asked of arXiv next, and what do its answers say of them?

Answers that a search may get and that are no miss: an error feed, a page that is cut off, empty or
about something else (upstream-apis 3.4). Titles are then asked again in smaller parts, so often.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from enrich.errors import SourceError
from enrich.model import ARXIV, TITLE, Identifier, Outcome, Told
from enrich.sources.arxiv_phrases import Query, phrase, query
from enrich.sources.atom import Feed, body_of, identifiers_of, title_of
from enrich.sources.entry import NAME
from enrich.sources.likely import Shown, fits, likely, shown, wording
from enrich.sources.telling import failed, halves, missing

MOST_MORE = 12
"""Requests that one search may take beyond the one for each of its parts; then titles failed."""
MANY = 10
"""Titles for which it is odd that nothing at all is found, until something was."""


class Asked(NamedTuple):
    """One request: its titles, and whether it was made before."""

    titles: tuple[str, ...]
    query: Query
    is_again: bool = False

    @property
    def with_parts(self) -> bool:
        """Whether parts of the titles are asked too."""
        return len(self.query.phrases) > len(self.titles)


class Search:
    """One search, from the titles to what is told of each; told of trouble, it asks otherwise.

    `is_proven`: whether the service's search is known to find papers; it is after this search, if
    any came up. Then an answer without any is taken at its word.
    """

    def __init__(self, titles: Sequence[str], per_request: int, *, is_proven: bool = False) -> None:
        self.is_proven = is_proven
        self._titles = titles
        self._phrases = {t: p for t in dict.fromkeys(titles) if (p := phrase(t))}
        self._wordings = {title: wording(title) for title in self._phrases}
        self._told = {
            t: missing(NAME, Identifier(TITLE, t), "not_searchable")
            for t in titles
            if t not in self._phrases
        }
        self._papers: dict[Identifier, Told] = {}
        every = list(self._phrases)
        groups = [every[at : at + per_request] for at in range(0, len(every), per_request)]
        self._waiting = [self._asked(group) for group in reversed(groups)]
        self._left = len(groups) + MOST_MORE
        self._alone_in_vain = 0

    def next(self) -> Asked | None:
        """What to ask now; None when all is told, or as much as can be."""
        if self._waiting and self._left > 0:
            self._left -= 1
            return self._waiting.pop()
        self._fail(
            [title for asked in self._waiting for title in asked.titles],
            "the answers to these titles stayed in disorder",
        )
        self._waiting = []
        return None

    def failed(self, asked: Asked, error: SourceError) -> None:
        """A request got no answer; one that was too long or too deep is asked in parts."""
        if error.status in (413, 414, 500) and (len(asked.titles) > 1 or asked.with_parts):
            self._divide(asked.titles, with_parts=False)
        else:
            self._fail(asked.titles, str(error))

    def answered(self, asked: Asked, feed: Feed) -> None:
        """A request was answered by a valid feed, which may be an error's."""
        if feed.complaint is not None:
            self._complained(asked)
            return
        papers = [one for entry in feed.entries for one in _shown(entry)]
        open_titles = [title for title in asked.titles if not self._found(title, papers)]
        is_cut = feed.total > len(feed.entries)
        is_strange = len(open_titles) == len(asked.titles) and (
            not _is_about(asked, papers) if feed.entries else is_cut
        )
        is_strange = is_strange or any(one.is_damaged for one in papers)
        self.is_proven |= bool(feed.entries)
        is_empty = feed.total == 0 and len(asked.titles) >= MANY and not self.is_proven
        if (is_strange or is_empty) and not asked.is_again:
            self._waiting.append(asked._replace(is_again=True))
        elif is_strange:
            self._fail(open_titles, "the answer does not fit the question")
        elif is_cut and open_titles and (asked.with_parts or len(asked.titles) > 1):
            self._ask_rest(open_titles, asked)
        else:
            self._told |= {t: missing(NAME, Identifier(TITLE, t), "unknown") for t in open_titles}
        self._alone_in_vain = 0

    def told(self) -> list[Told]:
        """What is told of each title, and then each paper that was brought up."""
        return [*(self._told[title] for title in self._titles), *self._papers.values()]

    def _found(self, title: str, shown: Sequence[Shown]) -> bool:
        papers = likely(self._wordings[title], shown)
        self._papers |= {paper.asked: paper for paper in papers}
        if papers:
            self._told[title] = Told(NAME, Identifier(TITLE, title), Outcome.OK)
        return bool(papers)

    def _complained(self, asked: Asked) -> None:
        """Find the title to blame for an error; two in a row blame the service."""
        if len(asked.titles) > 1:
            self._divide(asked.titles, with_parts=asked.with_parts)
        elif asked.with_parts:
            self._divide(asked.titles, with_parts=False)
        else:
            self._fail(asked.titles, "the service answered with an error of its own")
            self._alone_in_vain += 1
            if self._alone_in_vain > 1:
                self._left = 0

    def _ask_rest(self, titles: list[str], asked: Asked) -> None:
        """Ask the titles that a cut answer has nothing for, fewer at once and only as a whole."""
        if len(titles) * 2 > len(asked.titles) > 1:
            self._divide(titles, with_parts=False)
        else:
            self._waiting.append(self._asked(titles, with_parts=False))

    def _divide(self, titles: Sequence[str], *, with_parts: bool) -> None:
        groups = halves(titles) if len(titles) > 1 else [list(titles)]
        self._waiting += [self._asked(group, with_parts=with_parts) for group in groups]

    def _asked(self, titles: Sequence[str], *, with_parts: bool = True) -> Asked:
        wholes = [self._phrases[title] for title in titles]
        return Asked(tuple(titles), query(wholes, with_parts=with_parts))

    def _fail(self, titles: Iterable[str], reason: str) -> None:
        asked = [Identifier(TITLE, title) for title in titles]
        self._told |= {i.value: told for i, told in failed(NAME, asked, reason).items()}


def _shown(entry: object) -> Iterable[Shown]:
    """The record of an entry, none of one that is about no paper."""
    for identifier in identifiers_of(entry):
        if identifier.scheme == ARXIV:
            told = Told(NAME, identifier, Outcome.OK, body_of(entry))
            yield shown(told, title_of(entry))


def _is_about(asked: Asked, shown: Iterable[Shown]) -> bool:
    """Whether any of the papers has a phrase that was asked for."""
    phrases = [wording(phrase) for phrase in asked.query.phrases]
    return any(fits(phrase, one.wording) for one in shown for phrase in phrases)
