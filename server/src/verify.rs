//! Whether the store is what its log says: the chain is walked, every change passes the gate again, every document
//! is made anew, and everything that is worked out from the log is worked out once more beside it and compared.

use crate::relay::{BOOKS, Played, play_aside, tenant_of};
use crate::store::{Store, StoreError, all, one, scratch};
use outpost_model::id::TenantId;
use rusqlite::types::Value;
use rusqlite::{Connection, params};

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    pub played: Played,
    /// Rows of books that were compared.
    pub compared: u64,
    /// What SQLite itself says of the file.
    pub file: String,
}

impl Report {
    pub fn is_clean(&self) -> bool {
        self.played.differences.is_empty() && self.file == "ok"
    }

    /// Each difference in a sentence.
    pub fn differences(&self) -> impl Iterator<Item = String> + '_ {
        let file = (self.file != "ok").then(|| format!("the file: {}", self.file));
        self.played.differences.iter().cloned().chain(file)
    }
}

/// Reads one snapshot; a relay may go on writing meanwhile.
pub fn verify(store: &Store) -> Result<Report, StoreError> {
    let Some(tenant) = tenant_of(store)? else { return Ok(Report { file: "ok".into(), ..Report::default() }) };
    store.read(|db| verify_in(db, &tenant))
}

/// The same over a connection that only reads.
pub(crate) fn verify_in(db: &Connection, tenant: &TenantId) -> Result<Report, StoreError> {
    let scratch = scratch()?;
    let file = one(db, "pragma quick_check", [], |row| row.get::<_, String>(0))?;
    scratch.execute_batch("begin")?;
    let played = play_aside(db, &scratch, tenant)?;
    let mut report = Report { played, compared: 0, file };
    for table in BOOKS {
        compare(db, &scratch, table, tenant.as_str(), &mut report)?;
    }
    Ok(report)
}

fn compare(
    kept: &Connection,
    made: &Connection,
    table: &str,
    tenant: &str,
    report: &mut Report,
) -> Result<(), StoreError> {
    let columns = columns(kept, table)?;
    let list = columns.join(", ");
    let sql = format!("select {list} from {table} where tenant = $1 order by {list}");
    let rows = |db: &Connection| {
        all(db, &sql, params![tenant], |row| {
            (0..columns.len()).map(|at| row.get(at)).collect::<Result<Vec<Value>, _>>()
        })
    };
    let (kept, made) = (rows(kept)?, rows(made)?);
    report.compared += kept.len() as u64;
    let (mut kept, mut made) = (kept.into_iter().peekable(), made.into_iter().peekable());
    loop {
        match (kept.peek(), made.peek()) {
            (None, None) => return Ok(()),
            (Some(a), Some(b)) if a == b => {
                kept.next();
                made.next();
            }
            (a, b) => {
                let shown = |row: Option<&Vec<Value>>| row.map_or("nothing".into(), |row| shown(row));
                report.played.differs(format!("{table}: kept {}, the log says {}", shown(a), shown(b)));
                kept.next();
                made.next();
            }
        }
    }
}

/// Contacts attest moments beyond the log's, so the tenant's moment is no book.
fn columns(db: &Connection, table: &str) -> Result<Vec<String>, StoreError> {
    let names = all(db, &format!("pragma table_info({table})"), [], |row| row.get::<_, String>(1))?;
    Ok(names.into_iter().filter(|name| name != "moment").collect())
}

fn shown(row: &[Value]) -> String {
    let cells = row.iter().skip(1).map(|value| match value {
        Value::Null => "-".to_owned(),
        Value::Integer(n) => n.to_string(),
        Value::Real(n) => n.to_string(),
        Value::Text(text) => text.chars().take(80).collect(),
        Value::Blob(bytes) => hex::encode(&bytes[..bytes.len().min(16)]),
    });
    cells.collect::<Vec<_>>().join(" | ")
}
