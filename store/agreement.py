"""Do the relations of a snapshot tell the same of a work?

A relation that was lost while the snapshot was written shows by the others, also in the first
snapshot, which has none before it to be compared with.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from store.database import Connection
from store.reading import NEWEST

NAMED = " union all ".join(
    f"select paper_id, '{scheme}' as scheme, {column} as value from papers where {column} not null"
    for scheme, column in (
        *(("arxiv", "arxiv_id"), ("acl", "acl_id"), ("openreview", "openreview_id")),
        *(("doi", "doi"), ("s2", "s2_id")),
    )
)
NUMBERED = (
    "select paper_id, 's2' as scheme, 'CorpusID:' || s2_corpus_id as value from papers "
    "where s2_corpus_id not null"
)
"""The identifiers that descriptions name; a corpus id is written without its mark there."""

DISAGREEING = {
    "have an identifier in papers that identifiers does not have": (
        f"from ({NAMED} union all {NUMBERED}) anti join identifiers using (paper_id, scheme, value)"
    ),
    "have another count in papers than citations has last": f"""
        from papers left join (
            select * from citations
            qualify row_number() over (partition by paper_id {NEWEST}) = 1
        ) as last using (paper_id)
        where (papers.citation_count, papers.influential_citation_count)
            is distinct from (last.citation_count, last.influential_citation_count)
    """,
    "have an abstract in papers that abstracts does not have": (
        "from papers anti join abstracts on papers.paper_id = abstracts.paper_id "
        "and papers.abstract_source = abstracts.source where papers.abstract not null"
    ),
    "have an abstract in records that abstracts does not have": (
        "from records anti join abstracts on records.paper_id = abstracts.paper_id "
        "and records.source = abstracts.source and records.abstract = abstracts.sha256 "
        "where records.abstract not null"
    ),
    "have a count in papers of which records does not tell": (
        "from papers anti join records on papers.paper_id = records.paper_id "
        "and papers.citation_source = records.source where papers.citation_count not null"
    ),
    "are told of in records and were asked of nobody by fetches": (
        "from records anti join fetches using (paper_id)"
    ),
    "are found by a link and have no row in identifiers": (
        "from entries anti join identifiers using (paper_id) where method = 'link'"
    ),
    "are in other lists by papers than by entries": """
        from papers left join (
            select paper_id, list_sort(list(distinct list_id)) as named from entries
            where removed_at is null and paper_id not null group by paper_id
        ) using (paper_id) where coalesce(papers.lists, []) <> coalesce(named, [])
    """,
}
"""What is said of the works that two relations disagree on, and how they are found."""


class Disagreement(NamedTuple):
    """On what two relations disagree, of how many works, and one of these works."""

    what: str
    works: int
    one: str


def disagreements(connection: Connection) -> Iterator[Disagreement]:
    """What a snapshot's relations disagree on."""
    for what, query in DISAGREEING.items():
        [(works, one)] = connection.execute(
            f"select count(distinct paper_id), min(paper_id) {query}"
        ).fetchall()
        if works:
            yield Disagreement(what, works, one)
