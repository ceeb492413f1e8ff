//! Calls into automerge that may panic on bytes it hasn't seen before. A panic becomes `None`, and whatever it was
//! working on is dropped. This stops neither an abort nor an endless loop: what comes from outside is bounded first.

use crate::id::Hash;
use automerge::{Automerge, Change, LoadOptions, OnPartialLoad, TextEncoding, VerificationMode};
use sha2::{Digest, Sha256};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Nothing of ours is text, but a document must say how it would count.
pub(crate) const ENCODING: TextEncoding = TextEncoding::UnicodeCodePoint;

/// How every chunk of automerge's begins.
pub(crate) const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
const DOCUMENT: &u8 = &0;

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
    guarded(|| is_whole(snapshot).then(|| Automerge::load_with_options(snapshot, options).ok())).flatten().flatten()
}

/// One document chunk with the right checksum and nothing after it. Automerge looks at the checksum only once it has
/// inflated what says that it is deflated, and read what says that it is a bundle.
fn is_whole(snapshot: &[u8]) -> bool {
    let Some((head, hashed)) = snapshot.split_first_chunk::<8>() else { return false };
    let Some((DOCUMENT, sized)) = hashed.split_first() else { return false };
    let Some(digits) = sized.iter().take(9).position(|byte| byte & 0x80 == 0) else { return false };
    let (digits, body) = sized.split_at(digits + 1);
    let length = digits.iter().rev().fold(0, |length, digit| length << 7 | u64::from(digit & 0x7f));
    head[..4] == MAGIC && length == body.len() as u64 && head[4..] == Sha256::digest(hashed)[..4]
}

pub(crate) fn sorted_heads(doc: &Automerge) -> Vec<Hash> {
    let mut heads: Vec<Hash> = doc.get_heads().into_iter().map(Hash::from).collect();
    heads.sort_unstable();
    heads
}
