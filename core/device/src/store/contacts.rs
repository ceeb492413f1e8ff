//! The two clocks at each contact: what this phone's clock showed when the server's showed that.

use super::Stored;
use outpost_model::envelope::ContactMark;
use outpost_model::time::Millis;
use rusqlite::{Connection, OptionalExtension, params};

pub fn put(db: &Connection, mark: ContactMark, send: u64) -> Stored<()> {
    db.prepare_cached("insert or replace into contact (number, server, device, send) values (?1, ?2, ?3, ?4)")?
        .execute(params![mark.number, mark.server.0, mark.device.0, send as i64])?;
    Ok(())
}

pub fn last(db: &Connection) -> Stored<Option<ContactMark>> {
    read(db, "select number, server, device from contact order by send desc, number desc limit 1", &[])
}

pub fn find(db: &Connection, number: u32) -> Stored<Option<ContactMark>> {
    read(db, "select number, server, device from contact where number = ?1", &[&number])
}

fn read(db: &Connection, sql: &str, of: &[&dyn rusqlite::ToSql]) -> Stored<Option<ContactMark>> {
    let mark = db.prepare_cached(sql)?.query_row(of, |row| {
        Ok(ContactMark { number: row.get(0)?, server: Millis(row.get(1)?), device: Millis(row.get(2)?) })
    });
    Ok(mark.optional()?)
}
