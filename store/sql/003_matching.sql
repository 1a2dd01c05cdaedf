-- Titles are looked for in more places than the Anthology now: where is told by the work's claims.
update entries set method = 'title', reason = 'same_title' where method = 'acl_index';
comment on column entries.method is
    'What settled it: link, title, review (a person''s decision); null where nothing did.';
