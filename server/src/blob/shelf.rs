//! Where the bytes of files stand: a folder, or a bucket of S3. A shelf knows places, not hashes or pages.
//!
//! A *draft* is what has come so far of a file; it grows piece by piece, and each piece is durable before anybody is
//! told so. Settled, it stands whole under a place that is written once and never changed. Which places are needed is
//! said by the ledger, from before their first byte until after their last; so a shelf never has to guess.

pub mod bucket;
pub mod folder;

use super::proof::Proof;
use std::ops::Range;

#[derive(Debug, thiserror::Error)]
pub enum ShelfFault {
    /// There is no room now.
    #[error("there is no room for the file: {0}")]
    Full(String),
    /// It doesn't answer, or not as it should.
    #[error("the files can't be reached: {0}")]
    Trouble(String),
}

/// A piece of a draft that is kept by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    pub start: u64,
    pub size: u64,
    /// Empty where the shelf appends to one file.
    pub place: String,
}

/// Takes what is read, in order; false when it wants no more.
pub type Take<'a> = dyn FnMut(&[u8]) -> bool + 'a;

/// All calls block.
pub trait Shelf: Send + Sync {
    /// Adds a piece to a draft at this offset, durably; what stood beyond the offset is gone.
    fn append(&self, draft: &str, at: u64, bytes: &[u8]) -> Result<Piece, ShelfFault>;

    /// Shows the whole draft to the proof, and puts it under its place if that holds. False, and nothing is there, if it
    /// doesn't. Done before, the same is shown, and it is no work.
    fn settle(&self, draft: &str, pieces: &[Piece], place: &str, proof: &mut Proof) -> Result<bool, ShelfFault>;

    /// Reads a part of what stands under a place; false if nothing does.
    fn read(&self, place: &str, range: Range<u64>, take: &mut Take<'_>) -> Result<bool, ShelfFault>;

    /// Takes away a place, or a draft with its pieces. What isn't there is no work.
    fn remove(&self, place: &str) -> Result<(), ShelfFault>;

    /// Every place and draft, with its size.
    fn list(&self) -> Result<Vec<(String, u64)>, ShelfFault>;

    /// Whether it takes and gives back, really tried.
    fn prove(&self) -> Result<(), ShelfFault>;
}

/// Drafts stand apart from what is whole.
pub const DRAFTS: &str = "parts/";
