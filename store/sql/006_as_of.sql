-- Where two observations of one work are of the same moment, as after a merge, the larger count is
-- the later one: every reader shall get the same.
create or replace macro papers_as_of(ts) as table
    select
        papers.* exclude (
            citation_count, influential_citation_count, citation_source, citations_checked_at
        ),
        known.citation_count,
        known.influential_citation_count,
        known.source as citation_source,
        known.observed_at as citations_checked_at
    from papers
    left join (
        select * from citations
        where observed_at <= ts
        qualify row_number() over (
            partition by paper_id
            order by observed_at desc, citation_count desc nulls last,
                influential_citation_count desc nulls last, source
        ) = 1
    ) as known using (paper_id)
    where papers.first_seen_at <= ts;
