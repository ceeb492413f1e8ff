//! The tables, version by version. A migration is added, never changed: a store of any age ends up like a new one.

use super::{StoreError, Stored};
use rusqlite::{Connection, TransactionBehavior};

const MIGRATIONS: &[&str] = &[V1, V2, V3, V4, V5, V6, V7];

const V1: &str = "
-- One row: whose phone this is, and how far it has counted.
create table life (
    one integer primary key check (one = 1),
    invitation text,
    enrolled integer not null default 0,
    revoked integer not null default 0,
    restored integer not null default 0,
    token text,
    epoch integer not null default 1,
    captured integer not null default 0,
    sends integer not null default 0,
    cursor blob
);
insert into life (one) values (1);

-- Every page that the phone knows of. What is no page (records, a person's number blocks) has an empty header.
create table page (
    id blob primary key,
    header text not null default '',
    kind text not null default '',
    parent blob,
    person text,
    -- Sum of the hashes of its admitted rows.
    sum blob not null,
    admitted_heads text not null default '[]',
    local_heads text not null default '[]',
    -- This phone wrote on it: it is never dropped.
    own integer not null default 0,
    withdrawn integer not null default 0,
    strikes integer not null default 0,
    damaged integer not null default 0
) without rowid;
-- Which pages belong to an order?
create index page_by_parent on page (parent) where parent is not null;
-- Which pages hold a person's own time?
create index page_by_person on page (person) where person is not null;
-- Which withdrawn pages still wait?
create index page_withdrawn on page (id) where withdrawn = 1;
-- Which damaged pages are to be fetched anew?
create index page_damaged on page (id) where damaged = 1;
-- Which orders are there?
create index page_by_kind on page (kind);

-- Rows of the server's log, verbatim. `decision` and `question` only where the row is a decision.
create table log_row (
    page blob not null,
    hash blob not null,
    seq integer not null,
    decision blob,
    question text,
    content blob not null,
    pins text,
    envelope blob not null,
    mac blob,
    -- The server doesn't hold it any more: kept, in no sum.
    aside integer not null default 0,
    primary key (page, hash)
) without rowid;
-- A page's rows, in the order in which they were admitted.
create index log_row_by_seq on log_row (page, seq);
-- Where in the log does a decision stand?
create index log_row_by_decision on log_row (decision) where decision is not null;
-- What was decided last on a question?
create index log_row_by_question on log_row (page, question, seq) where question is not null;

-- What was captured here, in that order, and how far it got. Content moves to the log's row once admitted.
create table step (
    no integer primary key autoincrement,
    act integer not null,
    page blob not null,
    name text not null,
    at integer not null,
    -- Null for a change.
    command blob,
    question text,
    hash blob not null,
    content blob,
    intent text,
    needs text not null,
    state integer not null default 0,
    code text,
    retry_at integer,
    -- The step that this one replays.
    origin integer
);
-- What is to be sent?
create index step_to_send on step (no) where state in (0, 1, 2);
-- What is pending on a page? Which step wrote a hash?
create index step_by_page on step (page, hash);
-- What was asked of authority, the newest first?
create index step_by_command on step (no) where command is not null;

-- What was refused: bytes and command, with the reason.
create table quarantine (
    no integer primary key,
    act integer not null,
    page blob not null,
    name text not null,
    at integer not null,
    command blob,
    question text,
    hash blob not null,
    content blob not null,
    intent text,
    needs text not null,
    origin integer not null,
    code text not null,
    detail text not null,
    decided_by text,
    decided_at integer,
    policy integer not null,
    -- The step that says the same anew, while it is under way.
    replaced_by integer
);
create index quarantine_by_hash on quarantine (hash);
-- Each is replayed once per reason.
create table replayed (
    origin integer not null,
    code text not null,
    policy integer not null,
    primary key (origin, code, policy)
) without rowid;
-- What refused hashes and commands became.
create table successor (
    old blob primary key,
    new blob not null
) without rowid;

-- Scopes, what they hold, and the sum of it.
create table scope (
    name text primary key,
    sum blob not null,
    -- The server's sum that a drill-down couldn't reach: not tried again until one of the two changes.
    unreached blob
) without rowid;
create table scope_page (
    scope text not null,
    page blob not null,
    primary key (scope, page)
) without rowid;
-- In which scopes is a page?
create index scope_page_by_page on scope_page (page);

-- The two clocks at each contact.
create table contact (
    number integer primary key,
    server integer not null,
    device integer not null,
    -- The send that it answered: a server put back from a backup counts contacts anew.
    send integer not null
);
-- Which contact was the last?
create index contact_by_send on contact (send, number);

-- The actor under which this phone writes on a page now.
create table actor (
    page blob primary key,
    actor blob not null,
    epoch integer not null
) without rowid;

-- Strokes and photos, uploaded after the text.
create table blob (
    hash blob primary key,
    page blob not null,
    bytes blob not null,
    state integer not null default 0,
    code text,
    at integer not null
) without rowid;
create index blob_to_send on blob (at) where state in (0, 1);

-- The latest of each record: people, stations, parts, policy, customers' places, number blocks.
create table record (
    kind text not null,
    key text not null,
    page blob not null,
    seq integer not null,
    value text not null,
    primary key (kind, key)
) without rowid;
-- What goes when a page goes?
create index record_by_page on record (page);

-- How many numbers of each leased block were given away.
create table number (
    lease blob primary key,
    given integer not null
) without rowid;

-- List rows: what the fold said last, with the columns that lists sort by.
create table order_row (
    page blob primary key,
    number text not null,
    closed integer not null,
    mine integer not null,
    due integer not null,
    provisional integer not null,
    facts text not null
) without rowid;
create index order_row_by_due on order_row (closed, due);
create table own_time_row (
    person text primary key,
    facts text not null
) without rowid;
create table register_row (
    page blob primary key,
    kind text not null,
    code text not null,
    fields text not null
) without rowid;
create index register_row_by_code on register_row (kind, code);
";

const V2: &str = "
-- It went out at least once: the server may have it, whatever its state says. Of an older store nobody knows.
alter table step add column sent integer not null default 0;
update step set sent = 1;
";

const V3: &str = "
-- Filled forms: what the fold said last of each, with the columns that lists sort and filter by.
create table record_row (
    page blob primary key,
    person text not null,
    form text not null,
    period text,
    state text not null,
    at integer not null,
    facts text not null
) without rowid;
create index record_row_by_at on record_row (at);
";

const V4: &str = "
-- What this phone seals to headquarters by, should it be unable to sync one day.
alter table life add column seal_key blob;
";

const V5: &str = "
-- Which rows are to be brought back, and in which order?
create index log_row_aside on log_row (seq) where aside = 1;
";

const V6: &str = "
-- A file may be here without its bytes: the server has them, or they were erased.
alter table blob add column size integer not null default 0;
update blob set size = length(bytes);
-- How often the server put it off, and when it goes again.
alter table blob add column tries integer not null default 0;
alter table blob add column retry_at integer;
";

const V7: &str = "
-- What customers take along: of each signature that was given on this phone, headquarters' countersignature, once it
-- is there. Empty: there is none to be had.
create table proof (
    entry blob primary key,
    visit blob not null,
    text text
) without rowid;
-- Which countersignatures are still to be fetched?
create index proof_wanted on proof (entry) where text is null;
-- Whether what was left was handed in after access had ended: 0 not tried yet, 1 taken, 2 not wanted.
alter table life add column last_word integer not null default 0;
-- Whose fold said what the list rows say: its version.
alter table life add column fold integer not null default 0;
";

pub(super) fn migrate(conn: &mut Connection) -> Stored<()> {
    let newest = MIGRATIONS.len() as i64;
    let version: i64 = conn.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if version > newest {
        return Err(StoreError::Newer(version));
    }
    for (place, migration) in MIGRATIONS.iter().enumerate().skip(version as usize) {
        let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        tx.execute_batch(migration)?;
        tx.pragma_update(None, "user_version", place as i64 + 1)?;
        tx.commit()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema(db: &Connection) -> Vec<(String, String, Option<String>)> {
        let sql = "select type, name, sql from sqlite_schema order by type, name";
        let mut things = db.prepare(sql).unwrap();
        let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
        things.query_map([], read).unwrap().collect::<Result<_, _>>().unwrap()
    }

    /// One row in every table, of whatever fits its columns; the one about the phone's life is there.
    fn fill(db: &Connection) -> Vec<String> {
        let is_ours = |name: &str| !name.starts_with("sqlite_");
        let tables: Vec<String> = schema(db)
            .into_iter()
            .filter(|(kind, name, _)| kind == "table" && is_ours(name))
            .map(|(_, name, _)| name)
            .collect();
        for table in tables.iter().filter(|table| *table != "life") {
            let mut columns = db.prepare(&format!("select lower(type) from pragma_table_info('{table}')")).unwrap();
            let types: Vec<String> =
                columns.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap();
            let values = types.iter().map(|kind| match kind.as_str() {
                "text" => "'x'",
                "blob" => "x'0102'",
                _ => "1",
            });
            let values: Vec<&str> = values.collect();
            db.execute(&format!("insert into {table} values ({})", values.join(", ")), []).unwrap();
        }
        tables
    }

    #[test]
    fn a_store_of_every_earlier_version_ends_up_like_a_new_one_and_keeps_its_rows() {
        let mut fresh = Connection::open_in_memory().unwrap();
        migrate(&mut fresh).unwrap();
        for version in 1..MIGRATIONS.len() {
            let mut old = Connection::open_in_memory().unwrap();
            MIGRATIONS[..version].iter().for_each(|migration| old.execute_batch(migration).unwrap());
            old.pragma_update(None, "user_version", version as i64).unwrap();
            let tables = fill(&old);
            migrate(&mut old).unwrap();
            assert_eq!(schema(&old), schema(&fresh), "version {version}");
            for table in tables {
                let rows: i64 = old.query_row(&format!("select count(*) from {table}"), [], |row| row.get(0)).unwrap();
                assert_eq!(rows, 1, "version {version}: {table}");
            }
        }
    }
}
