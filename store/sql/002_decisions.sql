comment on column entries.method is 'What settled it: link, title, acl_index, review (a person''s decision); null where nothing did.';
