//! C1 and C7: what a phone holds, against the log and against the model of who may see what.

use super::{Inspection, Subject};
use outpost_model::envelope::Envelope;
use outpost_model::id::{Hash, PageId};
use outpost_model::wire::parse_frame;
use rusqlite::Connection;
use std::collections::{BTreeMap, BTreeSet};

/// A row on a phone.
struct Had {
    seq: u64,
    content: Vec<u8>,
    pins: Option<String>,
    envelope: Option<Envelope>,
}

fn granted(db: &Connection) -> rusqlite::Result<BTreeSet<PageId>> {
    db.prepare("select distinct page from scope_page")?.query_map([], |row| row.get(0).map(PageId))?.collect()
}

fn rows(db: &Connection) -> rusqlite::Result<BTreeMap<PageId, BTreeMap<Hash, Had>>> {
    let sql = "select page, hash, seq, cast(content as blob), pins, envelope from log_row where aside = 0";
    let mut query = db.prepare(sql)?;
    let mut found = query.query([])?;
    let mut rows: BTreeMap<PageId, BTreeMap<Hash, Had>> = BTreeMap::new();
    while let Some(row) = found.next()? {
        let envelope: Vec<u8> = row.get(5)?;
        let had = Had {
            seq: row.get::<_, i64>(2)? as u64,
            content: row.get(3)?,
            pins: row.get(4)?,
            envelope: parse_frame(&envelope).ok(),
        };
        rows.entry(PageId(row.get(0)?)).or_default().insert(Hash(row.get(1)?), had);
    }
    Ok(rows)
}

impl Inspection<'_> {
    /// Whether the phone holds exactly its pages, and each exactly as the log has it.
    pub fn held(&mut self, phone: &Subject, db: &Connection) {
        let granted = granted(db).expect("grants can be read");
        let may = self.sight.visible(&phone.user);
        for page in granted.difference(&may) {
            self.troubles.push(format!("C7 {} was granted {page}, which {} may not see", phone.name, phone.user));
        }
        for page in may.difference(&granted) {
            self.troubles.push(format!("C7 {} lacks {page}, which {} may see", phone.name, phone.user));
        }
        let rows = rows(db).expect("rows can be read");
        let none = BTreeMap::new();
        for page in granted.intersection(&may) {
            let had = rows.get(page).unwrap_or(&none);
            self.page(phone, *page, had);
        }
    }

    fn page(&mut self, phone: &Subject, page: PageId, had: &BTreeMap<Hash, Had>) {
        let Some(look) = self.book.pages.get(&page) else { return };
        let mut left: BTreeSet<&Hash> = had.keys().collect();
        for row in look.rows.iter().map(|place| &self.book.rows[*place]) {
            left.remove(&row.hash);
            let trouble = match had.get(&row.hash) {
                None => "lacks",
                Some(had) if had.seq != row.seq => "has in another place",
                Some(had) if had.content != row.payload => "has other bytes of",
                Some(had) if had.envelope.as_ref() != Some(&row.envelope) => "has another envelope of",
                Some(had) if had.pins != row.pins => "has other pins of",
                Some(_) => continue,
            };
            self.troubles.push(format!("C1 {} {trouble} row {} of {page}", phone.name, row.seq));
        }
        for hash in left {
            self.troubles.push(format!("C1 {} has {hash} of {page}, which the log doesn't have", phone.name));
        }
    }

    /// Whether each row of others' that is on the phone came while its person saw the page.
    pub fn seen(&mut self, phone: &Subject, db: &Connection) {
        for (page, had) in rows(db).expect("rows can be read") {
            let last = self.sight.last_seen(&phone.user, page).unwrap_or(0);
            for had in had.values() {
                let own = had.envelope.as_ref().is_some_and(|envelope| envelope.device == phone.device);
                if !own && had.seq > last {
                    let seq = had.seq;
                    self.troubles.push(format!(
                        "C7 {} holds row {seq} of {page}, which {} saw until {last}",
                        phone.name, phone.user
                    ));
                }
            }
        }
    }
}
