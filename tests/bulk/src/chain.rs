//! Rows of the log and their chain, spelled as docs/protocol.md has them.

use outpost_model::header::Header;
use outpost_model::id::{DeviceId, Hash, PageId, TenantId, UserId};
use outpost_model::time::Millis;
use outpost_server::store::{StoreError, change};
use rusqlite::{Connection, params};
use sha2::{Digest, Sha256};

/// What is appended: a change, or a decision with what the server pinned.
pub struct Row {
    pub page: PageId,
    /// Where the page begins with this row.
    pub header: Option<Header>,
    pub content: Content,
    pub device: DeviceId,
    pub by: UserId,
    pub received: Millis,
}

pub enum Content {
    Change(Vec<u8>),
    Decision { command: String, pins: String },
}

pub struct Chain {
    tenant: TenantId,
    pub seq: u64,
    pub link: [u8; 32],
}

fn part(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend((bytes.len() as u32).to_be_bytes());
    out.extend(bytes);
}

impl Chain {
    pub fn after(tenant: TenantId, seq: u64, link: [u8; 32]) -> Self {
        Self { tenant, seq, link }
    }

    pub fn append(&mut self, db: &Connection, row: Row) -> Result<(), StoreError> {
        self.seq += 1;
        let (kind, payload, pins) = match &row.content {
            Content::Change(raw) => ("change", raw.as_slice(), None),
            Content::Decision { command, pins } => ("decision", command.as_bytes(), Some(pins.as_str())),
        };
        let hash = match &row.content {
            Content::Change(raw) => outpost_model::wire::Content::Change(raw.clone().into()).hash(),
            Content::Decision { command, pins } => {
                outpost_model::wire::Content::Decision(command.clone(), pins.clone()).hash()
            }
        };
        self.link = self.next(&row, kind, payload, pins, &hash);
        if let Some(header) = &row.header {
            let sql = "insert into page (tenant, page, header, total, last) values ($1, $2, $3, $4, $5) \
                       on conflict (tenant, page) do nothing";
            let values = params![self.tenant.as_str(), row.page.0, header.canonical(), [0_u8; 16], self.seq];
            change(db, sql, values)?;
        }
        let sql = "insert into log (tenant, seq, page, kind, hash, payload, pins, device, person, received, chain) \
                   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
        let values = params![
            self.tenant.as_str(),
            self.seq,
            row.page.0,
            kind,
            hash.0,
            payload,
            pins,
            row.device.as_str(),
            row.by.as_str(),
            row.received.0,
            self.link,
        ];
        change(db, sql, values).map(drop)
    }

    fn next(&self, row: &Row, kind: &str, payload: &[u8], pins: Option<&str>, hash: &Hash) -> [u8; 32] {
        let mut text = Vec::with_capacity(payload.len() + 256);
        part(&mut text, b"outpost row 1");
        part(&mut text, self.tenant.as_str().as_bytes());
        part(&mut text, &(self.seq as i64).to_be_bytes());
        part(&mut text, &row.page.0);
        part(&mut text, &hash.0);
        part(&mut text, kind.as_bytes());
        part(&mut text, payload);
        if let Some(pins) = pins {
            part(&mut text, pins.as_bytes());
        }
        part(&mut text, row.device.as_str().as_bytes());
        part(&mut text, row.by.as_str().as_bytes());
        part(&mut text, &row.received.0.to_be_bytes());
        // No contact, and no floor.
        part(&mut text, &[]);
        part(&mut text, &[]);
        Sha256::new().chain_update(self.link).chain_update(text).finalize().into()
    }
}
