-- How epochs began that didn't begin with the company: what was put back, noticed or salvaged. `seq` is the log's last
-- row then; `known` the last row that the time before is known to have had.
create table epoch (
    tenant text not null,
    epoch bigint not null,
    began bigint not null,
    reason text not null,
    seq bigint not null,
    known bigint,
    detail text not null,
    primary key (tenant, epoch)
);
