-- What phones handed in whose access had ended, and what rescue files held: raw, until headquarters has looked at it.
create table review (
    tenant text not null,
    -- SHA-256 over device and bytes: the same again is the same.
    id bytea not null,
    device text not null,
    person text not null,
    source text not null,
    received bigint not null,
    -- The revocation after which the phone handed it in: once each.
    revoked_at bigint,
    bytes bytea not null,
    state text not null,
    decided_by text,
    decided_at bigint,
    reason text not null,
    -- What became of each step, once it was accepted.
    verdicts bytea,
    primary key (tenant, id)
);
