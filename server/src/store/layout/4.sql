-- The document of a page in one piece, so that it needn't be made from all its rows. A cache: made from the log, never
-- believed before it was compared with it.
create table snapshot (
    tenant text not null,
    page bytea not null,
    -- How many changes it covers, up to which sequence, and the heads that it must have.
    changes bigint not null,
    last bigint not null,
    heads bytea not null,
    bytes bytea not null,
    primary key (tenant, page)
);
