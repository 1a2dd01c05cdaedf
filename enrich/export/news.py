"""What happened to the works of the lists that a reader of a feed wants to know?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from enrich.export.form import Form, appearance
from enrich.export.listed import Listed
from enrich.library import ListState
from enrich.model import Status
from enrich.papers import Change

MOST = 200
"""Items in a feed: the newest; readers keep what they have seen."""

RISE, SHARE = 10, 0.1
"""A count is news when it rose by so many citations, and by this share of what it was."""


@dataclass(frozen=True, slots=True)
class News:
    """One thing that happened. `name` makes it the same item in every later feed; `kind`: list,
    new, published, withdrawn, retracted or cited; `lines` say more, each a sentence."""

    name: str
    kind: str
    at: datetime
    title: str
    url: str | None = None
    lines: tuple[str, ...] = ()


def news(
    works: Sequence[Listed], changes: Iterable[Change], lists: Iterable[ListState]
) -> tuple[News, ...]:
    """What happened to these works and lists, the newest first."""
    by_id = {work.paper.paper_id: work for work in works}
    found = [*_arrivals(works, lists)]
    ordered = sorted(changes, key=lambda c: (c.paper_id, c.at))
    for (paper_id, _), together in groupby(ordered, key=lambda c: (c.paper_id, c.at)):
        if paper_id in by_id:
            found += _happened(by_id[paper_id], {change.field: change for change in together})
    return tuple(sorted(found, key=lambda n: (-n.at.timestamp(), n.title, n.name))[:MOST])


def _arrivals(works: Sequence[Listed], lists: Iterable[ListState]) -> Iterator[News]:
    """New entries of a list; all of those with which it began are one item."""
    places: dict[str, list[tuple[Listed, datetime]]] = {}
    for work in works:
        first: dict[str, datetime] = {}
        for place in work.places:
            seen = first.get(place.list_id, place.first_seen_at)
            first[place.list_id] = min(seen, place.first_seen_at)
        for list_id, at in first.items():
            places.setdefault(list_id, []).append((work, at))
    for state in lists:
        here = places.get(state.list_id, [])
        began = min((at for _, at in here), default=None)
        if began is None:
            continue
        many = sum(at == began for _, at in here)
        works_read = f"{many:,} {'work' if many == 1 else 'works'}"
        yield News(
            f"list:{state.list_id}:{began:%Y%m%dT%H%M%SZ}",
            "list",
            began,
            f"{state.name}: first read, {works_read}",
        )
        for work, at in here:
            if at != began:
                yield News(
                    f"new:{state.list_id}:{work.paper.paper_id}:{at:%Y%m%dT%H%M%SZ}",
                    "new",
                    at,
                    f"New in {state.name}: {_title(work)}",
                    _url(work),
                    _about(work),
                )


def _happened(work: Listed, changed: Mapping[str, Change]) -> Iterator[News]:
    """What the changes of one work in one run come to."""
    paper = work.paper
    at = next(iter(changed.values())).at
    name = f"{paper.paper_id}:{at:%Y%m%dT%H%M%SZ}"
    title, url = _title(work), _url(work)
    status = changed.get("status")
    if status and status.new in (Status.WITHDRAWN, Status.RETRACTED):
        said = f"It was {status.old or 'of no known status'} before."
        told = (said, *_about(work))
        yield News(
            f"{status.new}:{name}", status.new, at, f"{status.new.title()}: {title}", url, told
        )
    elif status and status.new == Status.PUBLISHED and status.old is not None:
        venue = appearance(paper).venue
        where = f" ({venue})" if venue and appearance(paper).form is not Form.PREPRINT else ""
        yield News(
            f"published:{name}", "published", at, f"Published: {title}{where}", url, _about(work)
        )
    if count := changed.get("citation_count"):
        old, new = _number(count.old), _number(count.new)
        if old is not None and new is not None and new - old >= max(RISE, SHARE * old):
            source = f", counted by {paper.citation_source}" if paper.citation_source else ""
            said = f"{old:,} citations before, {new:,} now{source}."
            heading = f"Cited {new - old:,} times more: {title}"
            yield News(f"cited:{name}", "cited", at, heading, url, (said, *_about(work)))


def _about(work: Listed) -> tuple[str, ...]:
    paper = work.paper
    authors = list(paper.authors or ())
    people = ", ".join(authors[:5]) + (" and others" if len(authors) > 5 else "")
    where = ", ".join(str(each) for each in (paper.venue, paper.year) if each)
    lists = ", ".join(f"{place.list_id}:{place.line}" for place in work.places)
    said = (people, where, f"In {lists}" if lists else "")
    return tuple(f"{each.rstrip('.')}." for each in said if each)


def _title(work: Listed) -> str:
    labels = (place.title or place.label for place in work.places)
    return work.paper.title or next((label for label in labels if label), work.paper.paper_id)


def _url(work: Listed) -> str | None:
    return appearance(work.paper, work.link).url


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdigit() else None
