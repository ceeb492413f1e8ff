//! Disks in memory, as SQLite sees them: they forget what wasn't synced, fill up, and die in the middle of a write.
//!
//! A [`Disk`] is mounted over a folder. Whatever SQLite keeps below that folder from then on is on the disk, and
//! nothing of it in the real folder; all other files are where they always were. The code under test opens its store
//! by its path and knows nothing of it.
//!
//! A process that dies leaves what it wrote, the last write perhaps in part. A power cut leaves what was synced, and
//! of every later write the whole, nothing, or some sectors. Neither leaves anybody's locks.
//!
//! Modules import only from those before them: `content` → `platter` → `disk` → `vfs`.

#![warn(unsafe_op_in_unsafe_fn)]

mod content;
mod disk;
mod platter;
mod vfs;

pub use disk::{Disk, Image};
