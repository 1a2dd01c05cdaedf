alter table lists add column read_by varchar;
comment on column lists.read_by is 'Digest of the parser that read it: the same bytes need not be read again by the same one.';
