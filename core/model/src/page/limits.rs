//! How much one change, one device and one page may hold. What exceeds these is refused for good; rates and budgets,
//! which only defer, belong to the server.

use crate::header::Kind;

/// Bytes of one change.
pub const CHANGE_BYTES: usize = 64 * 1024;
/// Changes that one change may depend on directly.
pub const DEPENDENCIES: usize = 64;
/// Operations of one change.
pub const OPERATIONS: usize = 1_024;
/// Values that one change may replace.
pub const PREDECESSORS: usize = 4_096;
/// Bytes of a key: a field's name, or an entry's id of 36.
pub const KEY_BYTES: usize = 64;
/// The highest operation number, far below where counters of 32 bits end.
pub const HIGHEST_OP: u64 = 1 << 30;

/// Changes of one device on one page, in its life.
pub const CHANGES_OF_A_DEVICE: u32 = 2_000;
/// Changes of one page, in its life.
pub const CHANGES_OF_A_PAGE: usize = 10_000;
/// Raw bytes of one page, in its life: fifty times what an honest page of two thousand changes holds.
pub const BYTES_OF_A_PAGE: u64 = 16 * 1024 * 1024;

/// Actors of one page, in its life. Registers are shared by every phone of a station for years.
pub fn actors(kind: Kind) -> usize {
    match kind {
        Kind::Order | Kind::Visit | Kind::Attendance | Kind::Record => 64,
        Kind::Customer | Kind::Asset => 4_096,
    }
}

/// Actors of one device on one page, in its life: one, and another after each restore or replay. Without this, one
/// device could use up a page's actors and lock everybody else out of it.
pub fn actors_of_a_device(kind: Kind) -> u32 {
    match kind {
        Kind::Order | Kind::Visit | Kind::Attendance | Kind::Record => 32,
        Kind::Customer | Kind::Asset => 64,
    }
}
