"""Works that proved to be one: whose are their rows now?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from store.database import Connection
from store.loading import Rows
from store.reading import NEWEST

BY_WORK = (
    "identifiers",
    "citations",
    "abstracts",
    "fetches",
    "records",
    "entries",
    "changes",
)
"""Relations whose rows follow a work that was merged into another."""

ONE = {
    "records": ("paper_id, source", "observed_at desc"),
    "fetches": ("paper_id, source", "checked_at desc"),
    "abstracts": ("paper_id, source, sha256", "first_seen_at"),
    "citations": (
        "paper_id, source, observed_at, citation_count, influential_citation_count",
        "rowid",
    ),
}
"""Relations of which two rows may become one: what makes them so, and which of them stays. Of the
history only what is said twice goes."""

NEWEST_OF_EACH = f"""
    select * from citations semi join moved on paper_id = moved.new
    qualify row_number() over (partition by paper_id, source {NEWEST}) = 1
"""


def merge(connection: Connection, rows: Rows, aliases: Mapping[str, str], at: datetime) -> None:
    """Let the rows of each work that was taken in follow it, and remember its old id.

    Both histories of counts go on as one. The count of the work that stays does not become the
    other's by that: where the other was told of later, it is observed once more.
    """
    rows.append(
        "paper_aliases",
        [{"old_paper_id": o, "paper_id": n, "merged_at": at} for o, n in aliases.items()],
    )
    run = connection.execute
    run("create temp table moved (old varchar, new varchar)")
    rows.append("moved", [{"old": o, "new": n} for o, n in aliases.items()])
    run(f"create temp table held as {NEWEST_OF_EACH}")
    for table in BY_WORK:
        run(f"update {table} set paper_id = moved.new from moved where paper_id = moved.old")
    run("update paper_aliases set paper_id = moved.new from moved where paper_id = moved.old")
    run("delete from papers where paper_id in (select old from moved)")
    for table, (same, first) in ONE.items():
        run(
            f"delete from {table} where rowid in (select rowid from {table} qualify "
            f"row_number() over (partition by {same} order by {first}) > 1)"
        )
    rows.move(
        "select paper_id, source, "
        "greatest(?, latest.observed_at + interval 1 microsecond) as observed_at, "
        "held.citation_count, held.influential_citation_count "
        f"from held join ({NEWEST_OF_EACH}) as latest using (paper_id, source) "
        "where (held.citation_count, held.influential_citation_count) is distinct from "
        "(latest.citation_count, latest.influential_citation_count)",
        "citations",
        [at],
    )
    run("drop table held")
    run("drop table moved")
