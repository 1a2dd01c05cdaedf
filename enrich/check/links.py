"""Do an entry's links lead to its paper, and are their identifiers any?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from enrich.check.codes import Code
from enrich.check.fault import Fault, Snapshot, Subject
from enrich.ids import from_url, url_of
from enrich.kin import with_kin
from enrich.model import ACL, ARXIV, S2, Identifier, Outcome
from enrich.papers import ACL_SOURCE, ARXIV_SOURCE, OPENREVIEW_SOURCE, S2_SOURCE, Paper, ids_of

SERVICES = {ARXIV: ARXIV_SOURCE, ACL: ACL_SOURCE, S2: S2_SOURCE}
"""Who issues the identifiers of a scheme, and so knows whether there is one. OpenReview hides what
it has, and nobody is asked who issues DOIs."""
NAMES = {
    ARXIV_SOURCE: "arXiv",
    ACL_SOURCE: "the ACL Anthology",
    S2_SOURCE: "Semantic Scholar",
    OPENREVIEW_SOURCE: "OpenReview",
}

RECENT = timedelta(days=60)
"""A miss that is older than this is no longer held against a list."""

_NO_NUMBER = re.compile(
    r"https?://(?:www\.|export\.)?arxiv\.org/(?:abs|pdf)(?:/[^/?#]{0,60})?/?(?:[?#].*)?"
    r"|https?://(?:www\.)?openreview\.net/(?:forum|pdf)/?(?:\?id=?)?(?:[&#].*)?"
    r"|https?://(?:dx\.)?doi\.org/?",
    re.IGNORECASE,
)
"""An address that would be a paper's, were there an identifier in it."""


def link_faults(subject: Subject, snapshot: Snapshot) -> Iterator[Fault]:
    """The links that lead to another paper, to none, or hold no identifier."""
    if subject.known.linked is not None:
        yield _mismatched(subject, subject.known.linked)
    seen: set[Identifier] = set()
    for place, url in subject.links:
        stated = from_url(url)
        if not stated and _NO_NUMBER.fullmatch(url):
            why = f"the address {_short(url)} holds no identifier of a paper"
            yield subject.fault(Code.NO_IDENTIFIER, place[0], why, _to(subject.known.paper))
        for identifier in stated:
            if identifier not in seen and (who := _denied_by(identifier, snapshot)):
                seen.update(with_kin(stated))
                why = f"{who} has no paper {identifier.value}"
                yield subject.fault(
                    Code.UNKNOWN_IDENTIFIER, place[0], why, _to(subject.known.paper, identifier)
                )


def _mismatched(subject: Subject, linked: Paper) -> Fault:
    ids = set(ids_of(linked))
    at = next(
        (place[0] for place, url in subject.links if ids & set(with_kin(from_url(url)))),
        subject.at("links", "title"),
    )
    where = f"“{_short(linked.title or 'another paper')}”"
    number = next((f" ({i})" for i in ids_of(linked)), "")
    return subject.fault(
        Code.MISMATCHED_LINK,
        at,
        f"the link leads to {where}{number}, not to “{_short(subject.known.entry.title or '')}”",
        _to(subject.known.paper),
    )


def _denied_by(identifier: Identifier, snapshot: Snapshot) -> str | None:
    """The service that issues such identifiers and was asked for this one lately, and has it not.
    One that did not answer denied nothing."""
    source = SERVICES.get(identifier.scheme)
    claim = snapshot.library.claims.get(identifier)
    mark = snapshot.library.fetches.get((claim.paper_id, source)) if claim and source else None
    if source is None or mark is None or mark.outcome is not Outcome.NOT_FOUND:
        return None
    is_meant = identifier in mark.asked and snapshot.now - mark.checked_at <= RECENT
    return NAMES[source] if is_meant else None


def _to(paper: Paper | None, other_than: Identifier | None = None) -> str:
    """What to link instead: another address of the paper, where that is known."""
    ids = with_kin(ids_of(paper)) if paper else ()
    kin = set(with_kin((other_than,))) if other_than else set()
    usable = [i for i in ids if i not in kin and not kin & set(with_kin((i,)))]
    return f"link {url_of(usable[0])}" if usable else "link the paper that the entry names"


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79]}…"
