-- The relations that readers may rely on (docs/contract.md, section 5), and what the next night
-- needs besides. No primary keys: rows are replaced by delete and insert within one transaction,
-- which DuckDB's indexes refuse; `papertide snapshots verify` checks that keys are unique.

create table meta (
    schema_version integer,
    snapshot_id varchar,
    previous_snapshot_id varchar,
    created_at timestamptz,
    tool_version varchar,
    simulated boolean
);
comment on table meta is 'This snapshot: one row.';
comment on column meta.schema_version is 'Version of these relations; a reader of version 1 can read every later 1.';
comment on column meta.snapshot_id is 'Name of the snapshot: the UTC time at which its night began.';
comment on column meta.previous_snapshot_id is 'The snapshot this one continues; null for the first.';
comment on column meta.created_at is 'When the night that made it began.';
comment on column meta.tool_version is 'Version of Papertide that wrote it.';
comment on column meta.simulated is 'True once any value came from the sandbox: nothing in it is then evidence.';

create table lists (
    list_id varchar,
    name varchar,
    source varchar,
    sha256 varchar,
    entries integer,
    fetched_at timestamptz
);
comment on table lists is 'One row per reading list of the configuration.';
comment on column lists.list_id is 'Key of the list: its name in the configuration.';
comment on column lists.name is 'Name of the list in the configuration.';
comment on column lists.source is 'Path or address the list was read from, as configured.';
comment on column lists.sha256 is 'Digest of the bytes that were read.';
comment on column lists.entries is 'Entries in the list now.';
comment on column lists.fetched_at is 'When these bytes were read, or last confirmed to be current.';

create table entries (
    entry_id varchar,
    list_id varchar,
    position integer,
    line integer,
    section varchar[],
    raw varchar,
    title varchar,
    label varchar,
    authors_raw varchar,
    venue_raw varchar,
    year integer,
    kind varchar,
    links struct("label" varchar, url varchar)[],
    ids varchar[],
    paper_id varchar,
    verdict varchar,
    reason varchar,
    score double,
    method varchar,
    first_seen_at timestamptz,
    last_seen_at timestamptz,
    removed_at timestamptz
);
comment on table entries is 'One row per place where a list names a work, also when it has left the list.';
comment on column entries.entry_id is 'Key of the place; survives moves inside the list and edits of the line.';
comment on column entries.list_id is 'The list it stands in: lists.list_id.';
comment on column entries.position is 'Number of the entry in its list, from 1, when last seen.';
comment on column entries.line is 'First line of the entry in the list, from 1, when last seen.';
comment on column entries.section is 'Headings above the entry, outermost first.';
comment on column entries.raw is 'The text of the entry as the list has it, at most 10,000 characters.';
comment on column entries.title is 'Title as the list states it, cleaned; null where it states none.';
comment on column entries.label is 'Nick or author short-cut by which the list names a work it gives no title for.';
comment on column entries.authors_raw is 'Author line as the list writes it.';
comment on column entries.venue_raw is 'Venue as the list writes it, without the year.';
comment on column entries.year is 'Year as the list writes it.';
comment on column entries.kind is 'paper, repo, blog, dataset, video or other.';
comment on column entries.links is 'Links of the entry in their order: visible text and target.';
comment on column entries.ids is 'Identifiers that the entry itself states, each as scheme:value.';
comment on column entries.paper_id is 'The work it stands for: papers.paper_id; null where it is no paper.';
comment on column entries.verdict is 'matched, ambiguous, not_found or unavailable; null where it is no paper.';
comment on column entries.reason is 'Why the verdict is what it is, as a code.';
comment on column entries.score is 'How sure the verdict is, 0 to 1.';
comment on column entries.method is 'What settled it: link, title, acl_index; null where nothing did.';
comment on column entries.first_seen_at is 'When the entry was first seen in the list.';
comment on column entries.last_seen_at is 'When it was last seen there.';
comment on column entries.removed_at is 'When it was found to have left the list; null while it is there.';

create table papers (
    paper_id varchar,
    title varchar,
    authors varchar[],
    year integer,
    published date,
    venue varchar,
    status varchar,
    abstract varchar,
    abstract_source varchar,
    arxiv_id varchar,
    acl_id varchar,
    openreview_id varchar,
    doi varchar,
    s2_id varchar,
    s2_corpus_id varchar,
    citation_count integer,
    influential_citation_count integer,
    citation_source varchar,
    citations_checked_at timestamptz,
    open_access_pdf varchar,
    lists varchar[],
    first_seen_at timestamptz,
    updated_at timestamptz
);
comment on table papers is 'One row per work that an entry stands for or stood for.';
comment on column papers.paper_id is 'Permanent key of the work; after a merge see paper_aliases.';
comment on column papers.title is 'Title, from the most trusted source that states it.';
comment on column papers.authors is 'Authors in order, from the most trusted source that states them all.';
comment on column papers.year is 'Year of publication, or of the preprint where there is none.';
comment on column papers.published is 'Date of first publication, the preprint''s included.';
comment on column papers.venue is 'Where it was published; arXiv for a preprint.';
comment on column papers.status is 'preprint, published, withdrawn, retracted or rejected; the last three only on a source''s word.';
comment on column papers.abstract is 'Abstract, from the most trusted source that gives one.';
comment on column papers.abstract_source is 'Whose abstract it is.';
comment on column papers.arxiv_id is 'arXiv identifier, without a version.';
comment on column papers.acl_id is 'ACL Anthology identifier.';
comment on column papers.openreview_id is 'OpenReview forum.';
comment on column papers.doi is 'DOI in lower case; the publisher''s before arXiv''s.';
comment on column papers.s2_id is 'Semantic Scholar paper id, 40 hexadecimal digits.';
comment on column papers.s2_corpus_id is 'Semantic Scholar corpus id, a number as text.';
comment on column papers.citation_count is 'Citations at citations_checked_at; null: not told, zero: none.';
comment on column papers.influential_citation_count is 'Of these, the ones that Semantic Scholar calls influential.';
comment on column papers.citation_source is 'Whose count it is.';
comment on column papers.citations_checked_at is 'When the count was last told or confirmed.';
comment on column papers.open_access_pdf is 'Where the text can be read freely.';
comment on column papers.lists is 'Lists that name the work now: lists.list_id, sorted.';
comment on column papers.first_seen_at is 'When the work was first seen in any list.';
comment on column papers.updated_at is 'When anything in this row but citations_checked_at last changed.';

create table identifiers (
    paper_id varchar,
    scheme varchar,
    value varchar,
    source varchar,
    first_seen_at timestamptz
);
comment on table identifiers is 'One row per identifier of a work.';
comment on column identifiers.paper_id is 'The work: papers.paper_id.';
comment on column identifiers.scheme is 'arxiv, acl, openreview, doi or s2.';
comment on column identifiers.value is 'Canonical value, unversioned; s2 holds a paper id or CorpusID:N.';
comment on column identifiers.source is 'Who said first that it is the work''s: a source, list or review.';
comment on column identifiers.first_seen_at is 'When it was first said.';

create table citations (
    paper_id varchar,
    source varchar,
    observed_at timestamptz,
    citation_count integer,
    influential_citation_count integer
);
comment on table citations is 'One row per change of a count; a count holds until the next row.';
comment on column citations.paper_id is 'The work: papers.paper_id.';
comment on column citations.source is 'Who counted.';
comment on column citations.observed_at is 'When this count was first told.';
comment on column citations.citation_count is 'Citations; null once a source no longer tells them.';
comment on column citations.influential_citation_count is 'Influential citations; null where not told.';

create table abstracts (
    paper_id varchar,
    source varchar,
    sha256 varchar,
    text varchar,
    first_seen_at timestamptz
);
comment on table abstracts is 'One row per distinct abstract that a source told of a work.';
comment on column abstracts.paper_id is 'The work: papers.paper_id.';
comment on column abstracts.source is 'Who told it.';
comment on column abstracts.sha256 is 'Digest of the text in UTF-8.';
comment on column abstracts.text is 'The abstract.';
comment on column abstracts.first_seen_at is 'When it was first told.';

create table fetches (
    paper_id varchar,
    source varchar,
    status varchar,
    checked_at timestamptz,
    due_at timestamptz,
    error varchar,
    asked varchar[]
);
comment on table fetches is 'One row per work and source that was asked for it. No row: not asked yet.';
comment on column fetches.paper_id is 'The work: papers.paper_id.';
comment on column fetches.source is 'The source, by its name in the configuration.';
comment on column fetches.status is 'ok, not_found (the source answered that it has none) or failed (it did not answer).';
comment on column fetches.checked_at is 'When it was last asked.';
comment on column fetches.due_at is 'When it will be asked again.';
comment on column fetches.error is 'Why it was not found, or what failed.';
comment on column fetches.asked is 'Identifiers it was asked by, each as scheme:value.';

create table review (
    entry_id varchar,
    title varchar,
    reason varchar,
    candidates struct(scheme varchar, value varchar, title varchar, score double)[]
);
comment on table review is 'One row per entry that waits for a person''s decision.';
comment on column review.entry_id is 'The entry: entries.entry_id.';
comment on column review.title is 'Its title, as the list states it.';
comment on column review.reason is 'Why the program does not decide.';
comment on column review.candidates is 'Papers it may mean, the likeliest first.';

create table changes (
    run_id varchar,
    paper_id varchar,
    field varchar,
    old varchar,
    new varchar,
    "at" timestamptz
);
comment on table changes is 'One row per change that a run saw in a work known before.';
comment on column changes.run_id is 'The run: runs.run_id.';
comment on column changes.paper_id is 'The work: papers.paper_id.';
comment on column changes.field is 'Column of papers that changed.';
comment on column changes.old is 'Value before, as text, at most 300 characters.';
comment on column changes.new is 'Value after, as text, at most 300 characters.';
comment on column changes."at" is 'When the run saw it.';

create table paper_aliases (
    old_paper_id varchar,
    paper_id varchar,
    merged_at timestamptz
);
comment on table paper_aliases is 'One row per work that proved to be another one.';
comment on column paper_aliases.old_paper_id is 'Key that the work had.';
comment on column paper_aliases.paper_id is 'Key that it goes by now: papers.paper_id.';
comment on column paper_aliases.merged_at is 'When they became one.';

create table runs (
    run_id varchar,
    kind varchar,
    status varchar,
    started_at timestamptz,
    finished_at timestamptz,
    tool_version varchar,
    scope varchar
);
comment on table runs is 'One row per run, failed ones included from the next snapshot on.';
comment on column runs.run_id is 'Key of the run.';
comment on column runs.kind is 'refresh or backfill.';
comment on column runs.status is 'ok, partial (published, but incomplete) or failed (nothing published).';
comment on column runs.started_at is 'When it began.';
comment on column runs.finished_at is 'When it ended; null where it was killed.';
comment on column runs.tool_version is 'Version of Papertide that ran.';
comment on column runs.scope is 'What was asked for, as JSON.';

create table source_runs (
    run_id varchar,
    source varchar,
    requests integer,
    retries integer,
    rate_limited integer,
    failures integer,
    asked integer,
    found integer,
    missing integer,
    seconds double,
    state varchar
);
comment on table source_runs is 'One row per run and source.';
comment on column source_runs.run_id is 'The run: runs.run_id.';
comment on column source_runs.source is 'The source, by its name in the configuration.';
comment on column source_runs.requests is 'Requests sent, every attempt counted.';
comment on column source_runs.retries is 'Of these, repeated ones.';
comment on column source_runs.rate_limited is 'Answers that told us to slow down.';
comment on column source_runs.failures is 'Attempts that got no valid answer.';
comment on column source_runs.asked is 'Works it was asked for.';
comment on column source_runs.found is 'Works it told something of.';
comment on column source_runs.missing is 'Works it answered it does not have.';
comment on column source_runs.seconds is 'Seconds from its first question to its last answer.';
comment on column source_runs.state is 'ok, degraded (some failures), down (given up) or disabled.';

create table records (
    paper_id varchar,
    source varchar,
    asked varchar,
    observed_at timestamptz,
    title varchar,
    authors varchar[],
    year integer,
    published date,
    venue varchar,
    status varchar,
    abstract varchar,
    citation_count integer,
    influential_citation_count integer,
    open_access_pdf varchar
);
comment on table records is 'One row per work and source: what it told last, from which papers is derived.';
comment on column records.paper_id is 'The work: papers.paper_id.';
comment on column records.source is 'Who told it.';
comment on column records.asked is 'Identifier it was asked by, as scheme:value.';
comment on column records.observed_at is 'When it was told.';
comment on column records.title is 'Title as told.';
comment on column records.authors is 'Authors as told.';
comment on column records.year is 'Year as told.';
comment on column records.published is 'Date of publication as told.';
comment on column records.venue is 'Venue as told.';
comment on column records.status is 'Status as told or plainly shown by the record.';
comment on column records.abstract is 'Digest of the abstract as told: abstracts.sha256.';
comment on column records.citation_count is 'Citations as told, also when not yet believed.';
comment on column records.influential_citation_count is 'Influential citations as told.';
comment on column records.open_access_pdf is 'Free text as told.';

create macro papers_as_of(ts) as table
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
        qualify row_number() over (partition by paper_id order by observed_at desc) = 1
    ) as known using (paper_id)
    where papers.first_seen_at <= ts;
