-- What the console's lists sort, filter and search by. All of it is worked out from the log.
-- null: written by an older version; the books are made anew when a relay opens the store.
alter table tenant add column books bigint;

-- The unit; whether the call is neither filed nor cancelled; the moment by which calls are urgent (the limit that runs,
-- far in the future where none does); the row and time that gave it to its engineer; when the work was done; and what
-- it waits for, as bits (fold: Wait).
alter table order_row add column asset text;
alter table order_row add column is_open bigint not null default 0;
alter table order_row add column urgent_at bigint not null default 0;
alter table order_row add column dispatch_seq bigint;
alter table order_row add column dispatched_at bigint;
alter table order_row add column finished_at bigint;
alter table order_row add column waits bigint not null default 0;
-- The open calls of everybody or of a station, by urgency; what comes next on a page.
create index order_row_urgent on order_row (tenant, is_open, urgent_at, page);
create index order_row_urgent_at on order_row (tenant, station, is_open, urgent_at, page);
-- All calls of everybody or of a station, the newest first.
create index order_row_new on order_row (tenant, opened_at, page);
create index order_row_new_at on order_row (tenant, station, opened_at, page);
-- The calls in one state, the newest first.
create index order_row_state on order_row (tenant, state, opened_at, page);
-- The history of a customer and of a unit; an engineer's calls in hand.
create index order_row_customer on order_row (tenant, customer, opened_at);
create index order_row_asset on order_row (tenant, asset, opened_at);
create index order_row_load on order_row (tenant, engineer, is_open, urgent_at);
-- What was finished today.
create index order_row_finished on order_row (tenant, finished_at) where finished_at is not null;
-- What waits for somebody's decision.
create index order_row_waiting on order_row (tenant, urgent_at, page) where waits > 0;
-- Orders with a flag of a kind.
create index order_flag_kind on order_flag (tenant, kind, page);

-- Customers and units as their pages and decisions show them.
create table customer_row (
    tenant text not null,
    customer text not null,
    page bytea not null,
    name text not null,
    address text not null,
    contact text not null,
    phone text not null,
    station text,
    distance_km bigint not null,
    lat_e7 bigint,
    lng_e7 bigint,
    primary key (tenant, customer)
);
create table asset_row (
    tenant text not null,
    asset text not null,
    page bytea not null,
    customer text not null,
    model text not null,
    serial text not null,
    bought text not null,
    warranty_until text not null,
    sold_by text not null,
    primary key (tenant, asset)
);
-- The units of a customer.
create index asset_row_customer on asset_row (tenant, customer);
-- Beginnings by which customers and units are found: every ending of a name, every ending of a telephone number's
-- digits, codes and serials. Kind c or a.
create table search_term (
    tenant text not null,
    term text not null,
    kind text not null,
    code text not null,
    primary key (tenant, term, kind, code)
);
-- What is known under a code, when it changes.
create index search_term_of on search_term (tenant, kind, code);

-- What a person's own entries say of him now.
create table duty (
    tenant text not null,
    person text not null,
    on_since bigint,
    out_to text,
    out_due bigint,
    primary key (tenant, person)
);
-- Requests for leave, and what became of them: null while nobody has decided.
create table leave_row (
    tenant text not null,
    entry bytea not null,
    page bytea not null,
    person text not null,
    kind text not null,
    day_from text not null,
    day_to text not null,
    reason text not null,
    asked_at bigint not null,
    approved bigint,
    primary key (tenant, entry)
);
-- What is asked of a page; a person's leave around a day; what nobody has decided yet.
create index leave_row_page on leave_row (tenant, page);
create index leave_row_person on leave_row (tenant, person, day_to);
create index leave_row_pending on leave_row (tenant, asked_at) where approved is null;

-- Up to which row of the log a phone showed that it holds everything that is its: now, and at each contact.
alter table device add column held bigint;
alter table contact add column held bigint;
-- At which contact a phone first showed that it holds a row.
create index contact_held on contact (tenant, device, held, number);

-- Who signed in, what was decided at the console, what was exported: kept beside the log, never in it.
create table audit (
    tenant text not null,
    id bigint not null,
    at bigint not null,
    person text not null,
    act text not null,
    detail text not null,
    primary key (tenant, id)
);
-- What one person did; what was done of one kind.
create index audit_person on audit (tenant, person, id);
create index audit_act on audit (tenant, act, id);
