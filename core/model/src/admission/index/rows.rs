//! What an index shows of its page, a row at a time.

use crate::admission::Actor;
use crate::entry::Entry;
use crate::id::{DeviceId, EntryId, Hash};
use std::sync::Arc;

/// An entry on the page.
#[derive(Debug, Clone, Copy)]
pub struct EntryRow<'a> {
    pub id: EntryId,
    pub change: Hash,
    pub entry: &'a Arc<Entry>,
}

/// A value that a field shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ValueRow<'a> {
    pub value: &'a str,
    pub change: Hash,
}

/// A change on the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeRow<'a> {
    pub hash: Hash,
    pub actor: Actor,
    pub device: &'a DeviceId,
    pub seq: u32,
    pub deps: Vec<Hash>,
    pub raw_len: usize,
}
