-- Rows of a lost time that came back, by the sequence that they had then: what is missing between them nobody has
-- brought. `epoch` is the one that they came back in.
create table returned (
    tenant text not null,
    epoch bigint not null,
    was bigint not null,
    primary key (tenant, epoch, was)
);
