//! What came of a sync.

use serde::Deserialize;

/// Counts of one sync.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    pub requests: u32,
    pub bytes_up: u64,
    pub bytes_down: u64,
    /// Steps sent, sent again included.
    pub sent: u32,
    pub admitted: u32,
    pub already_had: u32,
    pub already_so: u32,
    pub refused: u32,
    pub deferred: u32,
    /// Steps written anew out of quarantine.
    pub replayed: u32,
    /// Steps that the server had once and lacks now.
    pub offered_again: u32,
    /// Rows that the server had once, lacked, and has again from this phone.
    pub brought_back: u32,
    /// Rows that came down, and had a place.
    pub rows: u32,
    /// Rows that the gate didn't let in.
    pub unfit: u32,
    pub withdrawn: u32,
    /// Pages fetched whole, after sums disagreed or damage.
    pub mended: u32,
    pub files: u32,
    pub(crate) items: u32,
    pub(crate) settled: u32,
}

/// How a sync ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Everything that can be settled now is.
    Settled,
    /// This phone has been revoked. What it holds stays on it.
    Revoked,
    /// The server said no to the whole request, and why.
    TurnedAway(Problem),
    /// There was no answer.
    NoAnswer(Fault),
    /// There was an answer that makes no sense: the app or the server is to be updated.
    NotUnderstood(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncReport {
    pub outcome: Outcome,
    pub tally: Tally,
    /// Scopes whose sum still isn't the server's.
    pub disagreeing: Vec<String>,
}

impl SyncReport {
    pub fn is_settled(&self) -> bool {
        self.outcome == Outcome::Settled
    }
}

/// A problem as the server tells it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Problem {
    pub status: u16,
    pub code: String,
    pub number: u16,
    pub title: String,
    pub detail: String,
    /// When it is worth trying again.
    pub retry_after_s: Option<u64>,
}

/// Why there was no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("no network, or the server can't be reached: {0}")]
    Unreachable(String),
    #[error("the network broke off before the answer was whole: {0}")]
    Broken(String),
    #[error("`{0}` isn't an address that this phone may talk to: use https://, or plain http:// on this very machine")]
    BadAddress(String),
    #[error("the answer is larger than any answer may be")]
    TooLarge,
}
