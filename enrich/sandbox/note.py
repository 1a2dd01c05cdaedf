"""A submission as OpenReview's notes say it: where it is, what it holds, how it stands."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any, NamedTuple

from enrich.sandbox import simulate
from enrich.sandbox.wire import Fault
from enrich.sandbox.world import Paper

_DOMAINS: Mapping[str, str] = {
    "ICLR": "ICLR.cc/{year}/Conference",
    "NEURIPS": "NeurIPS.cc/{year}/Conference",
    "ICML": "ICML.cc/{year}/Conference",
    "COLM": "colmweb.org/COLM/{year}/Conference",
    "CORL": "robot-learning.org/CoRL/{year}/Conference",
    "EMNLP": "EMNLP/{year}/Conference",
    "TMLR": "TMLR",
}
_MOVED: Mapping[str, int] = {"NEURIPS": 2023, "EMNLP": 2023, "TMLR": 0, "COLM": 0}
"""The first year that a venue had on API v2; for the rest it is 2024."""
_REFUSED: Mapping[str, str] = {
    "Reject": "Rejected_Submission",
    "Withdraw": "Withdrawn_Submission",
}


class Venue(NamedTuple):
    """A venue's short name, year and workshop, and the API that holds its notes."""

    name: str
    year: int
    workshop: str
    version: int

    @property
    def domain(self) -> str:
        """The id of the venue's group, which is the venueid of what it accepted."""
        if self.workshop:
            return f"{self.name}.cc/{self.year}/Workshop/{self.workshop}"
        form = _DOMAINS.get(self.name.upper(), "OpenReview.net/Archive/{year}")
        return form.format(year=self.year)

    def __str__(self) -> str:
        if self.workshop:
            return f"{self.name} {self.year} Workshop {self.workshop}"
        return self.name if self.name == "TMLR" else f"{self.name} {self.year}"


def venue(paper: Paper) -> Venue:
    """The venue of a paper's note, from the venue's text and the year."""
    told = paper.venue or "Archive"
    text, _, workshop = told.partition(" Workshops: ")
    if "Empirical Methods" in text or "EMNLP" in text:
        text = "EMNLP"
    name, _, rest = text.partition(" ")
    known = name.upper() in _DOMAINS
    year = int(rest) if known and rest.isdecimal() else paper.year or 2020
    name = name if known or workshop else "Archive"
    version = 2 if year >= _MOVED.get(name.upper(), 2024) else 1
    return Venue(name, year, workshop, version)


def note(paper: Paper, version: int, fault: Fault | None = None) -> dict[str, Any]:
    """The note as API v1 (flat content) or v2 (each value wrapped) writes it."""
    at = venue(paper)
    identity = paper.openreview_id or ""
    kind = fault.kind if fault else ""
    if kind == "another":
        identity = simulate.sha(identity)[:10]
    venueid, said = standing(paper)
    text = simulate.HOSTILE if kind == "hostile" else None
    content: dict[str, Any] = {
        "title": text or paper.title,
        "authors": list(paper.authors),
        "authorids": [f"~{'_'.join(name.split())}1" for name in paper.authors],
        "abstract": text or paper.text,
        "pdf": f"/pdf/{simulate.sha(identity)}.pdf",
        "venue": said,
        "venueid": venueid,
        "paperhash": paperhash(paper),
        "_bibtex": f"@inproceedings{{\n{identity.lower()},\ntitle={{{paper.title}}},\n}}",
    }
    if kind == "lists":
        content |= {"venue": [said], "venueid": [venueid]}
        content["authors"] = [{"fullname": name, "username": ""} for name in paper.authors]
        del content["authorids"]
    made = int(datetime.combine(paper.first_day, time(), UTC).timestamp() * 1000)
    submission = f"{at.domain}/-/{'Submission' if version == 2 else 'Blind_Submission'}"
    common = {
        "id": identity,
        "forum": identity,
        "number": 1 + int(simulate.roll(identity, "number") * 9000),
        "cdate": made,
        "tcdate": made,
        "tmdate": made + 86_400_000,
        "mdate": made + 86_400_000,
        "signatures": [f"{at.domain}/Submission/Authors"],
        "readers": ["everyone"],
        "writers": [at.domain],
        "replyto": None,
    }
    if version == 1:
        hidden = simulate.sha(f"original of {identity}")[:10]
        return common | {
            "original": hidden,
            "invitation": submission,
            "content": content,
        }
    return common | {
        "domain": at.domain,
        "invitations": [submission, f"{at.domain}/-/Edit"],
        "content": {name: {"value": value} for name, value in content.items()},
    }


def standing(paper: Paper) -> tuple[str, str]:
    """venueid and venue: where the submission stands, as the venue's scripts write it."""
    at = venue(paper)
    status = paper.venue_status or ""
    if status in _REFUSED:
        return f"{at.domain}/{_REFUSED[status]}", f"Submitted to {at}"
    open_round = paper.venue is not None and re.fullmatch(r"\w+ \d{4}", paper.venue)
    if not status and open_round and at.name not in ("TMLR", "Archive"):
        return f"{at.domain}/Submission", f"{at} Conference Submission"
    decision = status if at.version == 1 else status.lower()
    return at.domain, f"{at} {decision}".strip()


def paperhash(paper: Paper) -> str:
    """`lastname|title`, lower case, without punctuation, accents kept, spaces as `_`."""
    last = paper.authors[0].split()[-1] if paper.authors else ""
    kept = (c for c in paper.title if unicodedata.category(c)[0] not in "PS")
    return f"{last}|{'_'.join(''.join(kept).split())}".lower()
