//! The sorts of things that wait for somebody at the console, and the right that each asks for.

use outpost_model::access::Action;
use outpost_model::fold::order::Wait;

/// What somebody may be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Matter {
    Leave,
    Form,
    HandBack,
    Inspect,
    Cash,
    Dispatch,
    Settle,
    FollowUp,
}

impl Matter {
    /// What an order waits for, where it is about one.
    pub fn of_order(self) -> Option<(Wait, Action)> {
        match self {
            Matter::Dispatch => Some((Wait::Dispatch, Action::Dispatch)),
            Matter::HandBack => Some((Wait::HandBack, Action::Dispatch)),
            Matter::Settle => Some((Wait::Settle, Action::SetField)),
            Matter::Inspect => Some((Wait::Inspect, Action::Inspect)),
            Matter::FollowUp => Some((Wait::FollowUp, Action::FollowUp)),
            Matter::Cash => Some((Wait::Cash, Action::Cash)),
            Matter::Leave | Matter::Form => None,
        }
    }
}

/// What wants a yes or no.
pub const DECIDED: [Matter; 4] = [Matter::Leave, Matter::Form, Matter::HandBack, Matter::Inspect];
