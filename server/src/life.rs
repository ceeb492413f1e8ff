//! A relay's life beyond its good days: copies that can be trusted, folders that were put back, folders that are
//! damaged, phones that can't sync any more.
//!
//! ```text
//! backup    a snapshot beside the running relay   → one archive, read back before it has its name
//! restore   an archive                            → a new folder in a new epoch: phones bring back what they hold
//! mark      how far the log came, kept beside it  → a folder that somebody copied back is noticed at the start
//! doctor    a folder, only read                   → what is wrong, what is whole, what to do
//! salvage   a damaged folder, only read           → a new folder with all that is whole, and a list of the rest
//! rescue    what a phone sealed to headquarters   → its steps, and who answers for them
//! ```
//!
//! What must stay true: nothing here writes into the folder that it looks at; nothing is half there under its final
//! name; whatever can't be brought over is named.

pub mod archive;
pub mod backup;
pub mod carve;
pub mod doctor;
pub mod fault;
pub mod mark;
pub mod places;
pub mod rescue;
pub mod restore;
pub mod salvage;

pub use fault::LifeFault;

/// Hears how long work goes on: what is being done, how much of how much.
pub type Watch<'a> = &'a (dyn Fn(&str, u64, u64) + Sync);
