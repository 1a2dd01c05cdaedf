"""Is a citation count that an entry writes out of date?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from enrich.check.codes import Code
from enrich.check.fault import Fault, Subject
from enrich.lists import clean
from enrich.update.whose import OWN, Legend, whose

LEAST, SHARE = 10, 0.1
"""A count is stale when it is off by at least so many citations, and by more than this share of
what is counted now: papers are cited every day, and nobody mends a list for three."""


def count_faults(subject: Subject, legends: Sequence[Legend]) -> Iterator[Fault]:
    """The counts of an entry that are stale, where they can be compared.

    One that names another source cannot. One that names none may be another source's that counts
    more, so it is stale only if it is lower. `legends`: where the list says whose its counts are.
    """
    paper = subject.known.paper
    now = paper.citation_count if paper else None
    if paper is None or now is None:
        return
    for start, end in subject.known.entry.spans.get("counts", ()):
        text = subject.utf8[start:end].decode("utf-8", "replace")
        written = clean.count([text])
        said = whose(subject.utf8, (start, end), legends)
        if written is None or said.name:
            continue
        off = now - written
        if abs(off) < LEAST or abs(off) <= SHARE * now or (off < 0 and not said.is_own):
            continue
        when = f" on {paper.citations_checked_at:%Y-%m-%d}" if paper.citations_checked_at else ""
        yield subject.fault(
            Code.STALE_COUNT,
            start,
            f"the list says {written:,} citations; {OWN} counted {now:,}{when}",
            f"write {now}, or run papertide update --only counts",
        )
