//! Calls into automerge that may panic on bytes it hasn't seen before. A panic becomes `None`, and whatever it was
//! working on is dropped. This stops neither an abort nor an endless loop: what comes from outside is bounded first.

use crate::id::Hash;
use automerge::{Automerge, Change, LoadOptions, OnPartialLoad, TextEncoding, VerificationMode};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Nothing of ours is text, but a document must say how it would count.
pub(crate) const ENCODING: TextEncoding = TextEncoding::UnicodeCodePoint;

pub(crate) fn guarded<T>(work: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}

pub(crate) fn parse_change(raw: &[u8]) -> Option<Change> {
    guarded(|| Change::try_from(raw).ok()).flatten()
}

pub(crate) fn load(snapshot: &[u8]) -> Option<Automerge> {
    let options = LoadOptions::new()
        .on_partial_load(OnPartialLoad::Error)
        .verification_mode(VerificationMode::Check)
        .text_encoding(ENCODING);
    guarded(|| Automerge::load_with_options(snapshot, options).ok()).flatten()
}

pub(crate) fn sorted_heads(doc: &Automerge) -> Vec<Hash> {
    let mut heads: Vec<Hash> = doc.get_heads().into_iter().map(Hash::from).collect();
    heads.sort_unstable();
    heads
}
