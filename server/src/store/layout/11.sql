-- What the attendance grid and the list of flags read. Written by an older version, none of it is there: the books are
-- made anew when a relay opens the store.
update tenant set books = null;

-- First in and last out of each day that has any; whether a moment of the day is in doubt.
create table clocked_day (
    tenant text not null,
    person text not null,
    day text not null,
    first_in bigint,
    last_out bigint,
    suspect bigint not null,
    primary key (tenant, person, day)
);
-- Days in doubt, the latest first.
create index clocked_day_suspect on clocked_day (tenant, day) where suspect = 1;

-- When a leave was decided, and where in the log: of overlapping leaves the latest counts.
alter table leave_row add column decided_at bigint;
alter table leave_row add column decided_seq bigint;

-- Since when a flag could be seen, and who wrote what raised it.
alter table order_flag add column since bigint not null default 0;
alter table order_flag add column person text;

-- The kinds of a form's flags, with commas between; empty where there are none.
alter table record add column flags text not null default '';
-- Forms with a flag, those sent last first.
create index record_flags on record (tenant, submitted_at) where flags <> '';

-- Decisions in the order of the log, from either end.
create index answer_in_order on answer (tenant, seq);
-- Flags, the latest first.
create index order_flag_since on order_flag (tenant, since, page, kind, detail);

-- Who has to decide about a form that was sent: `lead` or `hq`; null where it waits for nobody.
alter table record add column waits text;
create index record_waits on record (tenant, submitted_at) where waits is not null;
