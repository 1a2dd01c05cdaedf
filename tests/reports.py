"""Facts for a report, with defaults that a test's quirk stands out against."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from enrich.library import Finding, Library, ListState, Method, Place, Reason, Verdict
from enrich.model import Status
from enrich.papers import Paper
from enrich.report.facts import Facts, History
from tests.values import NIGHT, entry, paper, places

SNAPSHOT = "20261121T020000Z"
BEFORE = NIGHT - timedelta(days=30)


def work(paper_id: str, title: str = "A title", **other: Any) -> Paper:
    """A published work that the list `list` has named for a month."""
    told = {"lists": ("list",), "status": Status.PUBLISHED, "year": 2024, "venue": "ACL"}
    return paper(paper_id, title, **{**told, "first_seen_at": BEFORE, **other})


def place(paper_id: str | None, line: int = 1, *stated: str, **other: Any) -> Place:
    """An entry, at this line, that stands for a work."""
    title = other.pop("title", "A title")
    section = other.pop("section", ("Papers",))
    verdict = other.pop("verdict", Verdict.MATCHED)
    reason = other.pop("reason", Reason.OWN_IDENTIFIER)
    candidates = other.pop("candidates", ())
    venue = other.pop("venue", None)
    name = other.pop("name", "list")
    [found] = places(entry(title, *stated, section=section, venue=venue), name=name, at=BEFORE)
    finding = paper_id and Finding(paper_id, verdict, reason, 1.0, Method.LINK, candidates)
    return replace(
        found,
        **{"entry_id": f"e{name}{line}", "line": line, "position": line, "finding": finding},
        **{"last_seen_at": NIGHT, **other},
    )


def facts(
    papers: Sequence[Paper] = (),
    entries: Sequence[Place] = (),
    history: Mapping[str, Any] | None = None,
    **other: Any,
) -> Facts:
    """A snapshot of these, a night after another; entries are made up where none are given."""
    entries = entries or [place(p.paper_id, n) for n, p in enumerate(papers, start=1)]
    names = sorted({each.list_id for each in entries})
    lists = {
        name: ListState(
            name, name, f"{name}.md", "", sum(e.list_id == name for e in entries), NIGHT
        )
        for name in names
    }
    library = Library(lists, {e.entry_id: e for e in entries})
    told = {"previous": "20261120T020000Z", "tool_version": "0.1", **(history or {})}
    usual = {"snapshot_id": SNAPSHOT, "created_at": NIGHT, "simulated": False}
    return Facts(
        **{**usual, "since": NIGHT - timedelta(days=7), **other},
        library=library,
        papers={p.paper_id: p for p in papers},
        history=History(**told),
    )
