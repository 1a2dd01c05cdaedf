"""The current snapshot in short: enough to tell whether a report of it would say anything new."""

from __future__ import annotations

from enrich.report.fingerprint import Outline
from store.current import opened
from store.database import Connection
from store.layout import Layout
from store.readout import BASELINES, LISTED, WEEK, answers, last_runs

META = "select created_at, simulated, tool_version from meta"
DIGEST = "select count(*), coalesce(sum(hash(each)::hugeint), 0) from ({}) as each"
"""Of rows in any order. Each has a key in it, so that no two may change places unnoticed."""
WORKS = "select * exclude (citations_checked_at, updated_at) from papers where len(lists) > 0"
ENTRIES = """
    select entries.* exclude (raw, last_seen_at), review.candidates
    from entries left join review using (entry_id) where removed_at is null
"""
GAINS = f"""
    select paper_id, papers.citation_count - before.citation_count
    from papers join ({BASELINES}) as before using (paper_id)
"""
CONFIRMED = f"select citations_checked_at, count(*) from ({LISTED}) group by all"


def read_outline(layout: Layout) -> Outline:
    """What there is to tell of the current snapshot, without reading it into memory.

    Raises:
        StoreError: as `read_current`.
    """
    with opened(layout) as connection:
        return _outline(connection)


def _outline(connection: Connection) -> Outline:
    [(created_at, simulated, version)] = connection.execute(META).fetchall()
    week = {"week": created_at - WEEK}
    works, entries, gains = (
        connection.execute(DIGEST.format(query), values).fetchall()[0]
        for query, values in ((WORKS, None), (ENTRIES, None), (GAINS, week))
    )
    runs, parts = last_runs(connection)
    return Outline(
        created_at,
        simulated,
        version,
        works=works[0],
        digests=tuple(f"{rows}:{digest}" for rows, digest in (works, entries, gains)),
        confirmed=dict(connection.execute(CONFIRMED).fetchall()),
        answers=answers(connection),
        runs=runs,
        parts=parts,
    )
