//! The relay's log, read straight from its tables: the rows as they were kept, and what is on each page.

use outpost_model::admission::PageIndex;
use outpost_model::command::Command;
use outpost_model::decision::Pins;
use outpost_model::envelope::{Admitted, ContactMark, Envelope};
use outpost_model::header::Header;
use outpost_model::id::{CommandId, DeviceId, EntryId, Hash, PageId, UserId};
use outpost_model::time::Millis;
use outpost_server::relay::Relay;
use rusqlite::Connection;
use std::collections::{BTreeMap, BTreeSet};

pub struct LogRow {
    pub seq: u64,
    pub page: PageId,
    pub hash: Hash,
    pub payload: Vec<u8>,
    pub pins: Option<String>,
    pub envelope: Envelope,
}

impl LogRow {
    /// The command and what was pinned, where the row is a decision.
    pub fn decision(&self) -> Option<(Command, Pins)> {
        let pins = serde_json::from_str(self.pins.as_ref()?).ok()?;
        let command = Command::parse(std::str::from_utf8(&self.payload).ok()?).ok()?;
        Some((command, pins))
    }
}

#[derive(Default)]
pub struct PageLook {
    pub header: Option<Header>,
    pub entries: BTreeSet<EntryId>,
    /// Places in the list of rows.
    pub rows: Vec<usize>,
}

#[derive(Default)]
pub struct LogBook {
    pub rows: Vec<LogRow>,
    pub pages: BTreeMap<PageId, PageLook>,
    pub commands: BTreeMap<CommandId, Vec<u64>>,
    /// Which scopes hold which page.
    pub scopes: BTreeMap<String, BTreeSet<PageId>>,
    pub troubles: Vec<String>,
}

impl LogBook {
    pub fn read(relay: &Relay) -> Self {
        let read = relay.store().read(|db| {
            let mut book = Self::default();
            book.read_pages(db)?;
            book.read_rows(db, 0)?;
            Ok(book)
        });
        let mut book = read.expect("the log can be read");
        book.look();
        book
    }

    fn read_pages(&mut self, db: &Connection) -> rusqlite::Result<()> {
        let mut query = db.prepare_cached("select page, header from page")?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let text: String = row.get(1)?;
            let header = Header::parse(&text).ok();
            self.pages.insert(PageId(row.get(0)?), PageLook { header, ..PageLook::default() });
        }
        let mut query = db.prepare_cached("select scope, page from scope_page where withdrawn is null")?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            self.scopes.entry(row.get(0)?).or_default().insert(PageId(row.get(1)?));
        }
        Ok(())
    }

    /// What went into the log after that place.
    pub fn rows_after(relay: &Relay, seq: u64) -> Vec<LogRow> {
        let mut book = Self::default();
        relay.store().read(|db| Ok(book.read_rows(db, seq)?)).expect("the log can be read");
        book.rows
    }

    pub fn pins_at(relay: &Relay, seq: u64) -> Option<String> {
        let sql = "select pins from log where seq = ?1";
        relay.store().read(|db| Ok(db.prepare_cached(sql)?.query_row([seq as i64], |row| row.get(0))?)).ok().flatten()
    }

    pub fn header_of(relay: &Relay, page: PageId) -> Option<Header> {
        let sql = "select header from page where page = ?1";
        let read =
            relay.store().read(|db| Ok(db.prepare_cached(sql)?.query_row([page.0], |row| row.get::<_, String>(0))?));
        Header::parse(&read.ok()?).ok()
    }

    fn read_rows(&mut self, db: &Connection, after: u64) -> rusqlite::Result<()> {
        let mut query = db.prepare_cached(
            "select seq, page, hash, payload, pins, device, person, received, contact, contact_server,
             contact_device, floor from log where seq > ?1 order by seq",
        )?;
        let mut rows = query.query([after as i64])?;
        while let Some(row) = rows.next()? {
            let seq = row.get::<_, i64>(0)? as u64;
            let contact = match (row.get(8)?, row.get(9)?, row.get(10)?) {
                (Some(number), Some(server), Some(device)) => {
                    Some(ContactMark { number, server: Millis(server), device: Millis(device) })
                }
                _ => None,
            };
            self.rows.push(LogRow {
                seq,
                page: PageId(row.get(1)?),
                hash: Hash(row.get(2)?),
                payload: row.get(3)?,
                pins: row.get(4)?,
                envelope: Envelope {
                    device: DeviceId::parse(&row.get::<_, String>(5)?).expect("a device"),
                    user: UserId::parse(&row.get::<_, String>(6)?).expect("a person"),
                    contact,
                    floor: row.get::<_, Option<i64>>(11)?.map(Millis),
                    admitted: Some(Admitted { seq, received: Millis(row.get(7)?) }),
                },
            });
        }
        Ok(())
    }

    /// Every change passes the gate once more, in the log's order.
    fn look(&mut self) {
        let mut indexes: BTreeMap<PageId, PageIndex> = BTreeMap::new();
        for (place, row) in self.rows.iter().enumerate() {
            let Some(page) = self.pages.get_mut(&row.page) else {
                self.troubles.push(format!("row {} is on a page that nobody knows", row.seq));
                continue;
            };
            page.rows.push(place);
            if let Some((command, _)) = row.decision() {
                self.commands.entry(command.id).or_default().push(row.seq);
                continue;
            }
            let Some(header) = page.header.clone() else {
                self.troubles.push(format!("row {} is a change of what is no page", row.seq));
                continue;
            };
            let index = indexes.entry(row.page).or_insert_with(|| PageIndex::new(header));
            match index.examine(&row.payload, &row.envelope.device) {
                Ok(examined) => index.admit(examined),
                Err(verdict) => self.troubles.push(format!("row {} doesn't pass the gate: {verdict:?}", row.seq)),
            }
        }
        for (page, index) in indexes {
            if let Some(look) = self.pages.get_mut(&page) {
                look.entries = index.entries().map(|row| row.id).collect();
            }
        }
    }

    pub fn has_entry(&self, page: PageId, entry: EntryId) -> bool {
        self.pages.get(&page).is_some_and(|page| page.entries.contains(&entry))
    }
}
