//! Commands: what somebody asks of authority, offline or at the console. Admitted, a command is a decision.
//! Each names what its author had seen, so that a decision taken meanwhile is never overturned by accident.

mod ask;
mod check;
mod question;

pub use ask::{Ask, Replacement, RevokeReason, Series, ServiceType};
pub use question::{Place, Question};

use crate::canon::{NotCanonical, parse_canonical, to_canonical};
use crate::entry::Evidence;
use crate::id::{CommandId, Hash};
use serde::{Deserialize, Serialize};

/// The longest command, in bytes of its canonical text.
pub const MAX_COMMAND: usize = 64 * 1024;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Command {
    pub id: CommandId,
    pub ask: Ask,
    #[serde(rename = "ev")]
    pub evidence: Evidence,
    /// Heads of the page in question, as its author saw it; none where it saw no page.
    pub heads: Vec<Hash>,
    /// The last decision on that page that its author saw.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<CommandId>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CommandFault {
    #[error(transparent)]
    NotCanonical(#[from] NotCanonical),
    #[error("a command is longer than {MAX_COMMAND} bytes")]
    TooLong,
    #[error("`{0}` is out of range")]
    Range(&'static str),
}

impl Command {
    /// Reads a command from outside.
    pub fn parse(source: &str) -> Result<Self, CommandFault> {
        if source.len() > MAX_COMMAND {
            return Err(CommandFault::TooLong);
        }
        let command: Self = parse_canonical(source)?;
        command.check()?;
        Ok(command)
    }

    pub fn check(&self) -> Result<(), CommandFault> {
        if self.heads.len() > 64 {
            return Err(CommandFault::Range("heads"));
        }
        self.ask.check()
    }

    pub fn canonical(&self) -> Result<String, CommandFault> {
        let source = to_canonical(self)?;
        if source.len() > MAX_COMMAND { Err(CommandFault::TooLong) } else { Ok(source) }
    }

    pub fn question(&self) -> Question {
        self.ask.question(self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Policy;
    use crate::time::{Month, Zone};

    #[test]
    fn a_policy_travels_in_a_command() {
        let policy = Policy::regulations(Zone::parse("Asia/Shanghai").unwrap(), Month::parse("2026-10").unwrap());
        let ask = Ask::PutPolicy { policy: Box::new(policy) };
        let text = to_canonical(&ask).unwrap();
        assert_eq!(parse_canonical::<Ask>(&text).unwrap(), ask);
    }
}
