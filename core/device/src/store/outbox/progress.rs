//! How a step goes on: sent, put off, settled, offered again. Every change of its state is one of these.

use super::super::Stored;
use outpost_model::id::PageId;
use outpost_model::time::Millis;
use rusqlite::{Connection, params};

pub fn set_sending(db: &Connection, numbers: &[u32]) -> Stored<()> {
    let mut update = db.prepare_cached("update step set state = 1, sent = 1, code = null where no = ?1")?;
    numbers.iter().try_for_each(|no| update.execute([no]).map(drop).map_err(Into::into))
}

/// No answer came, or none will: what was on its way is only here.
pub fn recall(db: &Connection) -> Stored<()> {
    db.prepare_cached("update step set state = 0 where state = 1")?.execute([])?;
    Ok(())
}

/// Settled: the log's row holds the bytes from now on.
pub fn set_admitted(db: &Connection, no: u32) -> Stored<()> {
    db.prepare_cached(
        "update step set state = 3, code = null, retry_at = null, content = null, intent = null where no = ?1",
    )?
    .execute([no])?;
    Ok(())
}

/// The page's rows are about to go: what this phone wrote of them comes back to its steps.
pub fn take_back(db: &Connection, page: PageId) -> Stored<()> {
    db.prepare_cached(
        "update step set content = (select cast(log_row.content as blob) from log_row
                                    where log_row.page = step.page and log_row.hash = step.hash)
         where page = ?1 and content is null",
    )?
    .execute([page.0])?;
    Ok(())
}

pub fn set_already_so(db: &Connection, no: u32) -> Stored<()> {
    db.prepare_cached("update step set state = 4, code = null, retry_at = null where no = ?1")?.execute([no])?;
    Ok(())
}

pub fn set_deferred(db: &Connection, no: u32, code: &str, retry_at: Millis) -> Stored<()> {
    db.prepare_cached("update step set state = 2, code = ?2, retry_at = ?3 where no = ?1")?
        .execute(params![no, code, retry_at.0])?;
    Ok(())
}

pub fn set_kept(db: &Connection, no: u32) -> Stored<()> {
    db.prepare_cached("update step set state = 0, code = null, retry_at = null where no = ?1")?.execute([no])?;
    Ok(())
}

/// The server lost its place: everything of this phone's own that has no code is offered again, as far as its bytes are
/// still here. What has one is brought back as the row that it is.
pub fn offer_all(db: &Connection) -> Stored<u32> {
    let offered = db.execute(
        "update step set state = 0, code = null, retry_at = null
         where (state = 3 or (state = 4 and command is not null))
             and (content is not null
                 or exists (select 1 from log_row where log_row.page = step.page and log_row.hash = step.hash
                            and log_row.mac is null))",
        [],
    )?;
    Ok(offered as u32)
}

pub fn remove(db: &Connection, no: u32) -> Stored<()> {
    db.prepare_cached("delete from step where no = ?1")?.execute([no])?;
    Ok(())
}
