-- Exports choose by period and station without reading an order: between which moments everything of it lies, and how
-- many rows it has in each table. The index answers both alone, in the order in which exports are written.
alter table order_row add column first_at bigint not null default 0;
alter table order_row add column last_at bigint not null default 0;
alter table order_row add column visit_rows bigint not null default 0;
alter table order_row add column charge_rows bigint not null default 0;
alter table order_row add column custody_rows bigint not null default 0;
alter table order_row add column survey_rows bigint not null default 0;
drop index order_row_number;
create index order_row_number on order_row (tenant, number, page, station, first_at, last_at, opened_at, visit_rows,
    charge_rows, custody_rows, survey_rows);
update tenant set books = null;
