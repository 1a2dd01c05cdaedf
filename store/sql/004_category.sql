alter table records add column category varchar;
comment on column records.category is 'arXiv''s primary category as told, such as cs.CL.';
