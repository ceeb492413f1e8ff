//! A row of the log: a change or a decision with its envelope. Its canonical bytes are what the chain and the codes
//! on shipped rows are made of; their form never changes, whatever becomes of frames and tables.

use crate::store::StoreError;
use hmac::{Hmac, Mac};
use outpost_model::command::Command;
use outpost_model::decision::Decision;
use outpost_model::envelope::Envelope;
use outpost_model::id::{Hash, PageId, TenantId};
use outpost_model::wire::{Content, LogRow};
use sha2::{Digest, Sha256};

/// The chain's hash at a sequence.
pub type Link = [u8; 32];

#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub page: PageId,
    pub hash: Hash,
    pub envelope: Envelope,
    pub content: Content,
}

/// The chain before the first row.
pub fn first_link(tenant: &TenantId) -> Link {
    let mut hash = Sha256::new();
    hash.update(b"outpost chain 1\0");
    hash.update(tenant.as_str());
    hash.finalize().into()
}

pub fn next_link(before: &Link, canonical: &[u8]) -> Link {
    let mut hash = Sha256::new();
    hash.update(before);
    hash.update(canonical);
    hash.finalize().into()
}

impl Row {
    pub fn seq(&self) -> u64 {
        self.envelope.admitted.map_or(0, |admitted| admitted.seq)
    }

    /// Every field, each with its length: two rows never have the same bytes.
    pub fn canonical(&self, tenant: &TenantId) -> Vec<u8> {
        let mut out = Bytes(Vec::with_capacity(512));
        out.text("outpost row 1");
        out.text(tenant.as_str());
        out.number(self.seq() as i64);
        out.part(&self.page.0);
        out.part(&self.hash.0);
        match &self.content {
            Content::Change(raw) => {
                out.text("change");
                out.part(raw);
            }
            Content::Decision(command, pins) => {
                out.text("decision");
                out.text(command);
                out.text(pins);
            }
        }
        let envelope = &self.envelope;
        out.text(envelope.device.as_str());
        out.text(envelope.user.as_str());
        out.number(envelope.admitted.map_or(0, |admitted| admitted.received.0));
        match envelope.contact {
            None => out.part(&[]),
            Some(mark) => {
                [i64::from(mark.number), mark.server.0, mark.device.0].map(|n| out.number(n)).into_iter().collect()
            }
        }
        match envelope.floor {
            None => out.part(&[]),
            Some(floor) => out.number(floor.0),
        }
        out.0
    }

    pub fn decision(&self) -> Result<Option<Decision>, StoreError> {
        let Content::Decision(command, pins) = &self.content else { return Ok(None) };
        let damaged = |error: serde_json::Error| StoreError::damaged(format!("decision {}: {error}", self.seq()));
        let command: Command = serde_json::from_str(command).map_err(damaged)?;
        let pins = serde_json::from_str(pins).map_err(damaged)?;
        Ok(Some(Decision { command, envelope: self.envelope.clone(), pins }))
    }

    /// As phones get it.
    pub fn shipped(self, tenant: &TenantId, key: &[u8; 32]) -> LogRow {
        let mut code = [0; 16];
        code.copy_from_slice(&self.mac(tenant, key).finalize().into_bytes()[..16]);
        LogRow { page: self.page, envelope: self.envelope, content: self.content, mac: code }
    }

    /// A row that a phone brings back; none if its code isn't this server's.
    pub fn proved(row: LogRow, tenant: &TenantId, key: &[u8; 32]) -> Option<Self> {
        let LogRow { page, envelope, content, mac } = row;
        let row = Self { page, hash: content.hash(), envelope, content };
        let proved = row.mac(tenant, key).verify_truncated_left(&mac).is_ok();
        proved.then_some(row)
    }

    fn mac(&self, tenant: &TenantId, key: &[u8; 32]) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length will do");
        mac.update(&self.canonical(tenant));
        mac
    }
}

struct Bytes(Vec<u8>);

impl Bytes {
    fn part(&mut self, bytes: &[u8]) {
        self.0.extend((bytes.len() as u32).to_be_bytes());
        self.0.extend(bytes);
    }
    fn text(&mut self, text: &str) {
        self.part(text.as_bytes());
    }
    fn number(&mut self, number: i64) {
        self.part(&number.to_be_bytes());
    }
}
