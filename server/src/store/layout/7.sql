-- Filled forms: what the fold says of each, with the columns that lists sort and filter by. A row is there as soon as its
-- page is; `facts` is empty until the book that began it is closed.
create table record (
    tenant text not null,
    page bytea not null,
    person text not null,
    form text not null,
    period text,
    state text not null,
    submitted_at bigint,
    facts text not null,
    primary key (tenant, page)
);
-- Which pages follow a person to another station? Which forms did he fill in?
create index record_person on record (tenant, person, form, period);
-- What waits for a decision?
create index record_state on record (tenant, state, submitted_at);
