"""A snapshot in which everything that lists say is out of date, to bring them up to date from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from enrich.library import Claim, Library, Work
from enrich.model import ACL, ARXIV, S2, Entry, Fetched, Identifier, Outcome, Status
from enrich.papers import ARXIV_SOURCE, Paper
from enrich.update.changes import Snapshot
from enrich.update.edits import Edit
from tests.values import NIGHT, paper

VENUE = "Proceedings of the 2029 Conference on Empirical Methods in Natural Language Processing"


def renewed(entries: Sequence[Entry], *, dead: bool = False) -> Snapshot:
    """Works of the entries that state an identifier: published in 2029, cited anew. `dead`: arXiv
    has none of their numbers, the Anthology has the papers."""
    works: dict[str, Work] = {}
    claims: dict[Identifier, Claim] = {}
    papers: dict[str, Paper] = {}
    fetches: dict[tuple[str, str], Fetched] = {}
    for n, entry in enumerate(entries, start=1):
        owners = [claims[i].paper_id for i in entry.ids if i in claims]
        if not entry.ids or owners:
            continue
        name = f"p{n:016x}"
        own = (*entry.ids, Identifier(S2, f"{n:040x}"), Identifier(ACL, f"2029.emnlp-main.{n}"))
        for identifier in own:
            claims.setdefault(identifier, Claim(name, "list", NIGHT))
        works[name] = Work(name, entry.title, (), NIGHT)
        papers[name] = paper(
            name,
            entry.title,
            venue=VENUE,
            year=2029,
            status=Status.PUBLISHED,
            acl_id=f"2029.emnlp-main.{n}",
            s2_id=f"{n:040x}",
            citation_count=2000 + n,
            citation_source="semantic_scholar",
            citations_checked_at=NIGHT,
        )
        numbers = tuple(i for i in entry.ids if i.scheme == ARXIV)
        if dead and numbers:
            late = NIGHT + timedelta(days=7)
            fetches[name, ARXIV_SOURCE] = Fetched(
                Outcome.NOT_FOUND, NIGHT, late, "unknown", numbers
            )
    library = Library(works=works, claims=claims, fetches=fetches)
    return Snapshot(library, papers, None, NIGHT)


def undone(text: bytes, edits: Sequence[Edit]) -> list[Edit]:
    """The edits that turn `apply(text, edits)` back into the text; of what touches, one."""
    found: list[Edit] = []
    shift = 0
    for edit in sorted(edits):
        start = edit.start + shift
        back = edit._replace(
            start=start, end=start + len(edit.new), new=text[edit.start : edit.end]
        )
        shift += len(edit.new) - len(back.new)
        if found and found[-1].end == back.start:
            last = found.pop()
            back = back._replace(start=last.start, new=last.new + back.new)
        found.append(back)
    return found
