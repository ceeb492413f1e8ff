//! What a person does at the console: one act, a decision or an entry on a page or both, taken whole or not at all.
//! The same act sent again has one effect.

use outpost_model::command::Ask;
use outpost_model::entry::Body;
use outpost_model::envelope::Envelope;
use outpost_model::header::Header;
use outpost_model::id::{CommandId, EntryId, Hash};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ConsoleAct {
    /// Made by the form; the same id again is the same act.
    pub id: CommandId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ask: Option<Ask>,
    /// The last decision that the form showed; absent: whatever stands now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<CommandId>,
    /// The heads that the form showed; absent: whatever stands now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heads: Option<Vec<Hash>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub write: Option<ConsoleWrite>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ConsoleWrite {
    pub header: Header,
    /// Without an id the server makes one from the act's.
    pub entries: Vec<(Option<EntryId>, Body)>,
    /// The heads that the form showed; absent: whatever stands now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<Vec<Hash>>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct ActReply {
    /// What came of the question.
    pub decided: Option<Decided>,
    /// The change that was written.
    pub written: Option<(Hash, Envelope)>,
    /// The ids of its entries.
    pub entries: Vec<EntryId>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Decided {
    Taken(Envelope),
    /// The same was decided before, by this command.
    AlreadySo(CommandId),
}
