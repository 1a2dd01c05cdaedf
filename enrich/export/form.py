"""In what form did a work appear: as a preprint, in proceedings, in a journal?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from enrich.ids import url_of
from enrich.model import ACL, ARXIV, DOI, OPENREVIEW, S2, Identifier, Status
from enrich.papers import ARXIV_DOI, PREPRINT_VENUE, Paper


class Form(StrEnum):
    """What a bibliography tells apart. `OTHER`: a work of which nobody says where it appeared."""

    PREPRINT = "preprint"
    PROCEEDINGS = "proceedings"
    JOURNAL = "journal"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Appearance:
    """How the work appeared. `venue` is cleaned of what is no part of its name; `month` and `day`
    are those of this form, not of a preprint before it."""

    form: Form
    venue: str | None = None
    volume: str | None = None
    year: int | None = None
    month: int | None = None
    day: int | None = None
    doi: str | None = None
    eprint: str | None = None
    url: str | None = None


# Journals that call themselves proceedings.
_PROCEEDING_JOURNAL = re.compile(
    r"Proceedings of the (?:National Academy|IEEE\b|VLDB|ACM on)|^(?:PNAS|PVLDB|PACM)",
    re.IGNORECASE,
)
_PERIODICAL = re.compile(
    r"^\W*(?:\w+ )?(?:Transactions|Journal|Annals|Trans\.|J\.)\b", re.IGNORECASE
)
_GATHERING = re.compile(
    r"\b(?:Proceedings|Proc\.|Conference|Conf\.|Workshops?|Symposium|Findings of|Annual Meeting"
    r"|Congress|Colloquium|Advances in Neural|Tutorial|Companion)",
    re.IGNORECASE,
)
_JOURNAL = re.compile(
    r"\b(?:Journal|Transactions|Letters|Reviews?|Annals|Annual Review|Magazine|Quarterly|Bulletin"
    r"|Archives|Communications of|Frontiers in|Nature|Science|Sciences|Cell|Neuron|Lancet|NEJM"
    r"|Patterns|Psychology|Computing Surveys|Computational Linguistics|Artificial Intelligence)\b"
    r"|\b(?:TACL|JMLR|TMLR|T?-?PAMI|TPAMI|JAIR|JAMA|PLoS|PLOS|CSUR|TKDE|TOIS|TASLP|TIP|TMM|TNNLS"
    r"|TCSVT|TOG|TVCG|TKDD|TIST|TOSEM|TSE|IJCV|IJRR|RA-L|RAL|TCSS|FGCS)\b"
)
_ACRONYM = re.compile(r"^[A-Z][\w&-]*[A-Z][\w&-]*(?:\W|$)")
_DECISION = re.compile(
    r"\s+(?:conference\s+)?(?:poster|oral|spotlight|highlighted|notable(?:[ -]top[ -]\d+%?)?"
    r"|submission|paper)\s*$",
    re.IGNORECASE,
)
_YEAR_BEHIND = re.compile(r"\s*\((?:19|20)\d\d\)\s*$")
_VOLUME = re.compile(r",\s*Volume\s+(\d+)\s*$", re.IGNORECASE)
_UNPUBLISHED = frozenset({None, Status.PREPRINT, Status.WITHDRAWN, Status.REJECTED})
_REFUSED = frozenset({Status.WITHDRAWN, Status.REJECTED})


def appearance(paper: Paper, link: str | None = None) -> Appearance:
    """How a work appeared. `link` is where a list leads, for a work without an identifier."""
    venue = _clean(paper.venue)
    form = _form(paper, venue)
    is_first_date = form is Form.PREPRINT or paper.arxiv_id is None
    told = paper.published if is_first_date else None
    day = told if told and told.year == paper.year else None
    volume = _VOLUME.search(venue or "") if form is Form.JOURNAL else None
    is_arxiv_doi = (paper.doi or "").startswith(ARXIV_DOI)
    return Appearance(
        form,
        venue=_VOLUME.sub("", venue) if venue and volume else venue,
        volume=volume[1] if volume else None,
        year=paper.year,
        month=day.month if day else None,
        day=day.day if day else None,
        doi=None if is_arxiv_doi and form is not Form.PREPRINT else paper.doi,
        eprint=paper.arxiv_id,
        url=_url(paper, form) or link,
    )


def _form(paper: Paper, venue: str | None) -> Form:
    if paper.arxiv_id and paper.status in _UNPUBLISHED:
        return Form.PREPRINT
    if paper.status in _REFUSED:
        return Form.OTHER
    if venue is None or PREPRINT_VENUE.match(venue):
        return Form.PREPRINT if paper.arxiv_id else Form.OTHER
    if _PROCEEDING_JOURNAL.search(venue) or _PERIODICAL.match(venue):
        return Form.JOURNAL
    if _GATHERING.search(venue):
        return Form.PROCEEDINGS
    if _JOURNAL.search(venue):
        return Form.JOURNAL
    if _ACRONYM.match(venue):
        return Form.PROCEEDINGS
    return Form.JOURNAL if paper.status is Status.PUBLISHED else Form.OTHER


def _clean(venue: str | None) -> str | None:
    """`ICLR 2023 Poster` appeared at ICLR 2023; what was decided is no part of the name."""
    return _YEAR_BEHIND.sub("", _DECISION.sub("", venue)).strip() or None if venue else None


def _url(paper: Paper, form: Form) -> str | None:
    """The page of this form: the publisher's, else the preprint's, else whoever describes it."""
    by_scheme = {
        ACL: paper.acl_id,
        DOI: None if (paper.doi or "").startswith(ARXIV_DOI) else paper.doi,
        OPENREVIEW: paper.openreview_id,
        ARXIV: paper.arxiv_id,
        S2: paper.s2_id,
    }
    order = (ARXIV, ACL, DOI, OPENREVIEW, S2) if form is Form.PREPRINT else by_scheme
    found = next(((s, value) for s in order if (value := by_scheme[s])), None)
    return url_of(Identifier(*found)) if found else None
