//! Step 1, the scan: bytes become a [`Scanned`] change, read strictly and borrowed, nothing expanded before it is
//! counted. What it takes is narrower than what automerge takes: one plain change, no time, no message, no footer.

use super::Actor;
use super::columns::{self, PageOp};
use super::reader::Reader;
use super::refusal::{Refusal, RefusalCode};
use crate::id::Hash;
use crate::page::engine::MAGIC;
use crate::page::limits;
use sha2::{Digest, Sha256};

const PLAIN_CHANGE: u8 = 1;

pub(super) struct Scanned<'a> {
    pub(super) hash: Hash,
    pub(super) actor: Actor,
    pub(super) seq: u64,
    pub(super) start_op: u64,
    /// At least one, strictly ascending.
    pub(super) deps: Vec<Hash>,
    /// Actors that the operations name by place; the change's own is the first.
    pub(super) actors: Vec<Actor>,
    /// At least one.
    pub(super) ops: Vec<PageOp<'a>>,
}

impl Scanned<'_> {
    pub(super) fn last_op(&self) -> Option<u64> {
        self.start_op.checked_add(self.ops.len() as u64 - 1)
    }
}

pub(super) fn scan(raw: &[u8]) -> Result<Scanned<'_>, Refusal> {
    if raw.len() > limits::CHANGE_BYTES {
        return Err(Refusal::new(RefusalCode::TooLarge, format!("{} bytes", raw.len())));
    }
    let (hash, body) = chunk(raw)?;
    let mut body = Reader::new(body);

    let count = body.up_to(limits::DEPENDENCIES, RefusalCode::TooManyDependencies)?;
    if count == 0 {
        return Err(Refusal::new(RefusalCode::TooManyDependencies, "none"));
    }
    let deps = (0..count).map(|_| body.array().map(Hash)).collect::<Result<Vec<_>, _>>()?;
    if !deps.is_sorted_by(|a, b| a < b) {
        return Err(Refusal::new(RefusalCode::NotCanonical, "dependencies out of order"));
    }
    let actor = actor(&mut body)?;
    let seq = body.number()?;
    let start_op = body.number()?;
    let (time, message) = (body.signed()?, body.number()?);
    if time != 0 || message != 0 {
        return Err(Refusal::new(RefusalCode::Annotated, "a time or a message"));
    }
    let others = body.up_to(raw.len() / 17, RefusalCode::Malformed)?;
    let mut actors = Vec::with_capacity(others + 1);
    actors.push(actor);
    for _ in 0..others {
        actors.push(self::actor(&mut body)?);
    }
    let ops = columns::read(&mut body, actors.len())?;
    if !body.is_empty() {
        return Err(Refusal::new(RefusalCode::Annotated, "a footer"));
    }
    Ok(Scanned { hash, actor, seq, start_op, deps, actors, ops })
}

/// The chunk around the change: its hash, once the checksum agrees, and its body.
fn chunk(raw: &[u8]) -> Result<(Hash, &[u8]), Refusal> {
    let mut reader = Reader::new(raw);
    let not_a_change = |detail| Refusal::new(RefusalCode::NotAChange, detail);
    if reader.array::<4>()? != MAGIC {
        return Err(not_a_change("another format"));
    }
    let checksum: [u8; 4] = reader.array()?;
    let hashed = reader.rest();
    match reader.array()? {
        [PLAIN_CHANGE] => {}
        [0] => return Err(not_a_change("a document")),
        [2] => return Err(not_a_change("a compressed change")),
        [3] => return Err(not_a_change("a bundle")),
        [_] => return Err(not_a_change("an unknown chunk")),
    }
    let length = reader.up_to(raw.len(), RefusalCode::Malformed)?;
    let body = reader.rest();
    if length != body.len() {
        return Err(Refusal::new(RefusalCode::Malformed, "another length than it says"));
    }
    let hash = Hash(Sha256::digest(hashed).into());
    if hash.0[..4] != checksum {
        return Err(Refusal::new(RefusalCode::Checksum, "content was changed on the way"));
    }
    Ok((hash, body))
}

fn actor(body: &mut Reader<'_>) -> Result<Actor, Refusal> {
    match body.number()? {
        16 => body.array(),
        length => Err(Refusal::new(RefusalCode::BadActor, format!("{length} bytes"))),
    }
}
