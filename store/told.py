"""What tonight's answers add to a draft: written once, and only where they say something new.

Most answers of most nights repeat the last one. Such a work need not be described anew, and its row
needs no more than the time: a night that confirms 100,000 counts rewrites three narrow columns.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from enrich.counts import Observed
from enrich.papers import S2_SOURCE
from store import rows
from store.database import Connection
from store.loading import Rows

REPEATED = """
    select told.paper_id from told join repeatable using (paper_id) join papers using (paper_id)
    left join records on records.paper_id = told.paper_id and records.source = told.source
    group by told.paper_id having bool_and(
        records.source is not null and {same} and (
            told.source <> $counts
            or (told.citation_count is not distinct from papers.citation_count
            and told.influential_citation_count is not distinct from
                papers.influential_citation_count)
        )
    )
"""
"""Works of which every answer is the last one of its source again. A count that differs from the
accepted one is not: a fall that is told twice is believed."""


class Answers:
    """Tonight's answers, by work and source, in a temporary table of a draft."""

    def __init__(
        self, connection: Connection, table: Rows, answered: Mapping[str, Mapping[str, Observed]]
    ) -> None:
        self._run = connection.execute
        self._rows = table
        self._answered = answered
        self._rows.lay_out("told", "records")
        self._rows.append(
            "told",
            (
                rows.record_row(paper_id, observed)
                for paper_id, by_source in answered.items()
                for observed in by_source.values()
            ),
        )
        self._run("create temp table repeated (paper_id varchar)")

    def repeated(self, repeatable: Collection[str]) -> frozenset[str]:
        """Those of these works of which nothing was told but what was known; from now on they are
        only confirmed."""
        self._run("create temp table repeatable (paper_id varchar)")
        self._rows.append("repeatable", ({"paper_id": each} for each in repeatable))
        said = (row[0] for row in self._run("describe records").fetchall())
        same = " and ".join(
            f"told.{column} is not distinct from records.{column}"
            for column in said
            if column != "observed_at"
        )
        repeated = REPEATED.format(same=same)
        self._run(f"insert into repeated {repeated}", {"counts": S2_SOURCE})
        self._run("drop table repeatable")
        return frozenset(paper_id for (paper_id,) in self._run("from repeated").fetchall())

    def write(self) -> None:
        """Replace the records; keep each distinct abstract once, as it was first told."""
        fresh = self._run(
            "select paper_id, source from told anti join abstracts on abstracts.paper_id = "
            "told.paper_id and abstracts.source = told.source and abstracts.sha256 = told.abstract "
            "where told.abstract is not null"
        ).fetchall()
        self._rows.append(
            "abstracts", (rows.abstract_row(p, self._answered[p][source]) for p, source in fresh)
        )
        self._run(
            "update papers set citations_checked_at = told.observed_at from told "
            "semi join repeated using (paper_id) "
            "where papers.paper_id = told.paper_id and told.source = ?",
            [S2_SOURCE],
        )
        self._rows.put(
            "told",
            "records",
            ["paper_id", "source"],
            ["observed_at", "citation_count", "influential_citation_count"],
        )
        self._run("drop table told")
        self._run("drop table repeated")
