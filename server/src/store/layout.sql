-- The log and what is kept beside it, as the first version had it; what changed since stands in layout/, by number.
-- Only `log`, `device`, `contact`, `refused` and `verdict` hold what can't be worked out again; everything else is
-- rebuilt from the log and compared by `outpost verify`.

create table tenant (
    tenant text not null primary key,
    epoch bigint not null,
    seq bigint not null,
    chain bytea not null,
    -- The latest moment that the relay has attested: its time never runs backwards.
    moment bigint not null
);

-- One gapless sequence a tenant, in commit order; each row chained to the one before.
create table log (
    tenant text not null,
    seq bigint not null,
    page bytea not null,
    kind text not null,
    hash bytea not null,
    payload bytea not null,
    pins text,
    device text not null,
    person text not null,
    received bigint not null,
    contact bigint,
    contact_server bigint,
    contact_device bigint,
    floor bigint,
    chain bytea not null,
    primary key (tenant, seq),
    unique (tenant, page, hash)
);
-- The rows of one page, in order.
create index log_of_page on log (tenant, page, seq);
-- What came after a sequence, by page: read by pulls without touching a payload.
create index log_in_order on log (tenant, seq, page);

create table page (
    tenant text not null,
    page bytea not null,
    header text not null,
    total bytea not null,
    last bigint not null,
    primary key (tenant, page)
);

-- Decisions by id, and by the question that they answer.
create table answer (
    tenant text not null,
    id bytea not null,
    page bytea not null,
    question text not null,
    seq bigint not null,
    primary key (tenant, id)
);
-- The latest answer to a question about a page.
create index answer_to on answer (tenant, page, question, seq);
-- The latest decision about a page.
create index answer_on on answer (tenant, page, seq);

create table scope (
    tenant text not null,
    scope text not null,
    total bytea not null,
    primary key (tenant, scope)
);

-- Which pages a scope holds, since when; or held, until when.
create table scope_page (
    tenant text not null,
    scope text not null,
    page bytea not null,
    granted bigint not null,
    withdrawn bigint,
    primary key (tenant, scope, page)
);
-- What a scope was given after a sequence.
create index scope_page_granted on scope_page (tenant, scope, granted, page);
-- What was taken from a scope after a sequence; what stands in it, by page.
create index scope_page_withdrawn on scope_page (tenant, scope, withdrawn, page, granted);
-- The scopes that hold a page, and since when. It covers its questions, or the planner would rather read all of
-- another index that does.
create index scope_page_of on scope_page (tenant, page, scope, withdrawn, granted);

-- Which scopes a person holds, since when; or held, until when.
create table holder (
    tenant text not null,
    person text not null,
    scope text not null,
    since bigint not null,
    until bigint,
    primary key (tenant, person, scope)
);

create table device (
    tenant text not null,
    device text not null,
    kind text not null,
    person text not null,
    public_key bytea,
    enrolled_at bigint not null,
    revoked text,
    revoked_at bigint,
    -- Number and time of the last contact, and what the device said of itself then.
    contact bigint not null,
    contact_at bigint,
    epoch bigint not null,
    captured bigint not null,
    sends bigint not null,
    unsent bigint not null,
    app text not null,
    primary key (tenant, device)
);
-- The devices of a person.
create index device_of on device (tenant, person);

create table contact (
    tenant text not null,
    device text not null,
    number bigint not null,
    server bigint not null,
    clock bigint not null,
    epoch bigint not null,
    captured bigint not null,
    primary key (tenant, device, number)
);

-- What a command was answered, so that it has one effect however often it is sent.
create table verdict (
    tenant text not null,
    device text not null,
    command bytea not null,
    content bytea not null,
    policy bigint not null,
    reply bytea not null,
    primary key (tenant, device, command)
);

-- Raw bytes of what was refused, as evidence; never parsed again.
create table refused (
    tenant text not null,
    device text not null,
    hash bytea not null,
    code text not null,
    detail text not null,
    raw bytea not null,
    received bigint not null,
    primary key (tenant, device, hash)
);

create table series (
    tenant text not null,
    series text not null,
    next bigint not null,
    primary key (tenant, series)
);

-- Opened service calls: number, customer and unit as the opening pinned them.
create table service_call (
    tenant text not null,
    page bytea not null,
    number text not null,
    customer text not null,
    asset text,
    station text,
    primary key (tenant, page)
);
-- Whether somebody has the number already.
create index service_call_number on service_call (tenant, number);
-- The calls of a customer, of a unit, of a station.
create index service_call_customer on service_call (tenant, customer);
create index service_call_asset on service_call (tenant, asset);

create table visit (
    tenant text not null,
    service_call bytea not null,
    page bytea not null,
    primary key (tenant, service_call, page)
);

-- Which customer a unit stands at, as its page shows.
create table asset_home (
    tenant text not null,
    page bytea not null,
    customer text not null,
    primary key (tenant, page)
);
create index asset_home_customer on asset_home (tenant, customer);

create table attendance (
    tenant text not null,
    person text not null,
    month text not null,
    page bytea not null,
    primary key (tenant, person, month)
);

-- Which pages name a blob.
create table blob_mention (
    tenant text not null,
    blob bytea not null,
    page bytea not null,
    primary key (tenant, blob, page)
);

-- The projection: what the fold says of each call, with the columns that lists sort and filter by.
create table order_row (
    tenant text not null,
    page bytea not null,
    number text not null,
    customer text not null,
    station text,
    engineer text,
    state text not null,
    service_type text not null,
    opened_at bigint not null,
    closed_at bigint,
    facts text not null,
    primary key (tenant, page)
);
create index order_row_number on order_row (tenant, number, page);
create index order_row_station on order_row (tenant, station, state, opened_at);
create index order_row_engineer on order_row (tenant, engineer, state);

create table order_flag (
    tenant text not null,
    page bytea not null,
    kind text not null,
    detail text not null,
    primary key (tenant, page, kind, detail)
);

create table part_line (
    tenant text not null,
    page bytea not null,
    line bigint not null,
    part_no text not null,
    name text not null,
    qty bigint not null,
    unit_price bigint not null,
    billable bigint not null,
    primary key (tenant, page, line)
);

create table work_line (
    tenant text not null,
    page bytea not null,
    line bigint not null,
    engineer text not null,
    day text not null,
    visits bigint not null,
    minutes bigint not null,
    primary key (tenant, page, line)
);
create index work_line_engineer on work_line (tenant, engineer, day);
