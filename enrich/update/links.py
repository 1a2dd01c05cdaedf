"""Which links of an entry lead nowhere, or to another paper, and where should they lead?

Only with evidence: a target that is none, an address that is no identifier, an identifier that its
own service does not know, or one whose paper has plainly another title.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from enrich.ids import from_url, url_of
from enrich.known import Recognised
from enrich.library import Library
from enrich.lists.words import label_kinds, tokens
from enrich.model import ACL, ARXIV, DOI, OPENREVIEW, S2, Identifier, Outcome, Span
from enrich.papers import ACL_SOURCE, ARXIV_DOI, ARXIV_SOURCE, Paper, ids_of
from enrich.update.edits import Edit

MOST_LINKS = 50
"""Links of an entry that are looked at; the work grows with their square."""
_NOWHERE = rb"none|null|nan|n/a|todo|tbd|url|link|\#|"
_EMPTY = re.compile(
    rb"(?<!!)\[(?P<label>[^\[\]\n]{1,200})\]\(\s*<?(?P<target>" + _NOWHERE + rb")>?\s*\)", re.I
)
_EMPTY_HREF = re.compile(
    rb"<a\b[^<>]*?\bhref\s*=\s*(?P<quote>[\"'])\s*(?P<target>"
    + _NOWHERE
    + rb")\s*(?P=quote)[^<>]*>"
    rb"(?P<label>[^<>\n]{1,200})</a>",
    re.IGNORECASE,
)
_BROKEN = re.compile(
    r"https?://(?:www\.|export\.)?arxiv\.org/(?:abs|pdf)/?(?:[^/?#]{0,60})/?$", re.I
)
"""An address that would be a paper's, were there a number in it; `from_url` finds none."""
_SERVICES = {ARXIV: ARXIV_SOURCE, ACL: ACL_SOURCE}
"""Who knows whether there is such a number. OpenReview hides what it has."""
_WANTED = {"arxiv": ARXIV, "acl": ACL, "anthology": ACL, "openreview": OPENREVIEW, "doi": DOI}
"""Labels that promise a certain service."""


def repaired(
    utf8: bytes,
    region: Span,
    known: Recognised,
    library: Library,
) -> Iterator[tuple[Edit, ...]]:
    """The edits of each link of the entry that does not lead to its paper."""
    paper = known.paper
    if paper is None:
        return
    for place, label in islice(_empty(utf8, region), MOST_LINKS):
        if _is_title(label, known) or "paper" in label_kinds(label):
            url = _for_label(paper, label)
            if url:
                yield (Edit(*place, url.encode(), "link", "the link led nowhere"),)
    places = known.entry.spans.get("links", ())[:MOST_LINKS]
    for place, link in zip(places, known.entry.links, strict=False):
        if region[0] <= place[0] and place[1] <= region[1]:
            yield from _moved(utf8, region, place, link.url, known, paper, library)


def _empty(utf8: bytes, region: Span) -> Iterator[tuple[Span, str]]:
    for pattern in (_EMPTY, _EMPTY_HREF):
        for form in pattern.finditer(utf8, *region):
            yield form.span("target"), form["label"].decode("utf-8", "replace").strip(" *_`")


def _is_title(label: str, known: Recognised) -> bool:
    return bool(known.entry.title) and tokens(label) == tokens(known.entry.title or "")


def _for_label(paper: Paper, label: str) -> str | None:
    """Where a link with this label leads: to the service that it names, else to the paper's page;
    None where that is not known."""
    ids = {i.scheme: i for i in ids_of(paper)}
    words = tokens(label)
    if wanted := next((_WANTED[word] for word in words if word in _WANTED), None):
        return _page(ids[wanted]) if wanted in ids else None
    best = next(iter(ids.values()), None)
    if "pdf" in words and best is not None and best.scheme in (ARXIV, ACL):
        return _pdf(best)
    return _page(best) if best else None


def _pdf(identifier: Identifier) -> str:
    if identifier.scheme == ARXIV:
        return f"https://arxiv.org/pdf/{identifier.value}"
    return f"https://aclanthology.org/{identifier.value}.pdf"


def _page(identifier: Identifier) -> str:
    """The paper's page, as it can stand in the brackets of a link."""
    return url_of(identifier).replace("(", "%28").replace(")", "%29")


def _moved(
    utf8: bytes,
    region: Span,
    place: Span,
    url: str,
    known: Recognised,
    paper: Paper,
    library: Library,
) -> Iterator[tuple[Edit, ...]]:
    stated = from_url(url)
    own = ids_of(paper)
    if not stated:
        number = next((i for i in own if i.scheme == ARXIV), None)
        if _BROKEN.match(url) and number:
            why = "the address holds no arXiv number"
            new = _pdf(number) if "/pdf/" in url else _page(number)
            yield (Edit(*place, new.encode(), "link", why),)
        return
    if known.linked is not None and _is_of(stated, known.linked, library):
        why = f"it led to another paper: {known.linked.title}"
        yield from _replaced(utf8, region, place, stated[0], own, why)
    elif dead := next((i for i in stated if _is_dead(i, paper, library)), None):
        # Semantic Scholar knows papers by numbers that others made up.
        others = [i for i in own if i.scheme not in (dead.scheme, S2) and not _says(i, dead)]
        yield from _replaced(
            utf8, region, place, dead, others, f"{_SERVICES[dead.scheme]} has no {dead.value}"
        )


def _is_of(stated: Iterable[Identifier], paper: Paper, library: Library) -> bool:
    claims = (library.claims.get(i) for i in stated)
    return any(claim is not None and claim.paper_id == paper.paper_id for claim in claims)


def _is_dead(identifier: Identifier, paper: Paper, library: Library) -> bool:
    """Whether the service that issues such numbers was asked for this one, and has it not."""
    source = _SERVICES.get(identifier.scheme)
    mark = library.fetches.get((paper.paper_id, source)) if source else None
    return mark is not None and mark.outcome is Outcome.NOT_FOUND and identifier in mark.asked


def _says(one: Identifier, other: Identifier) -> bool:
    """Whether a DOI is but another's number: `10.48550/arxiv.…`."""
    return one.value.startswith(ARXIV_DOI) and other.scheme == ARXIV


def _replaced(
    utf8: bytes,
    region: Span,
    place: Span,
    old: Identifier,
    own: Sequence[Identifier],
    why: str,
) -> Iterator[tuple[Edit, ...]]:
    """The link, and its number where the entry also writes it in words, in the shape of the old."""
    new = next((i for i in own if i.scheme == old.scheme), None)
    written = re.compile(re.escape(old.value.encode()) + rb"(?:v\d{1,2})?(?![\d])", re.IGNORECASE)
    if new is not None:
        edits = [
            Edit(*form.span(), new.value.encode(), "link", why)
            for form in written.finditer(utf8, *region)
        ]
        if any(place[0] <= edit.start and edit.end <= place[1] for edit in edits):
            yield tuple(edits)
        return
    elsewhere = [f for f in written.finditer(utf8, *region) if not _in(f.span(), [place])]
    if own and not elsewhere:
        yield (Edit(*place, _page(own[0]).encode(), "link", why),)


def _in(span: Span, places: Iterable[Span]) -> bool:
    return any(first <= span[0] and span[1] <= last for first, last in places)
