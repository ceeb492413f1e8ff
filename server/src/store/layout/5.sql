-- Files. The bytes stand under a place of their own, written once and deleted once; each place is named by a row here
-- (a file, an upload, what is to be deleted) from before its first byte until after its last.
create table blob (
    tenant text not null,
    blob bytea not null,
    place text not null,
    size bigint not null,
    kind smallint not null,
    at bigint not null,
    -- Nobody collects it before then. Null once a page was seen to name it: that is for good.
    lease bigint,
    primary key (tenant, blob)
);
-- Which files may be orphans?
create index blob_by_lease on blob (tenant, lease) where lease is not null;

-- Uploads under way: what was acknowledged is durable.
create table upload (
    tenant text not null,
    id bytea not null,
    device text not null,
    page bytea not null,
    blob bytea not null,
    place text not null,
    length bigint not null,
    reached bigint not null,
    expires bigint not null,
    primary key (tenant, id)
);
-- Has this phone begun to bring that file?
create unique index upload_by_blob on upload (tenant, device, blob);
-- Which uploads are given up?
create index upload_by_expiry on upload (tenant, expires);

-- Pieces of an upload, where a store can't append.
create table upload_piece (
    tenant text not null,
    id bytea not null,
    start bigint not null,
    size bigint not null,
    place text not null,
    primary key (tenant, id, start)
);

-- Bytes that no row needs any more, until they are deleted.
create table blob_trash (
    tenant text not null,
    place text not null,
    primary key (tenant, place)
);

-- Bytes that a device brought on a day (UTC, counted in days since 1970).
create table blob_share (
    tenant text not null,
    device text not null,
    day bigint not null,
    bytes bigint not null,
    primary key (tenant, device, day)
);

-- A book: files that a decision erased.
create table blob_erasure (
    tenant text not null,
    blob bytea not null,
    page bytea not null,
    seq bigint not null,
    primary key (tenant, blob, page)
);
