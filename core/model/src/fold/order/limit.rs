//! Which of a call's limits runs now: the same answer for the phone's list, the console and its order of urgency.

use super::{OrderFacts, State};
use crate::time::Millis;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Enum, ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum LimitKind {
    /// The customer has to hear from us.
    Reply,
    /// Somebody has to be there.
    Arrival,
}

impl LimitKind {
    pub fn name(self) -> &'static str {
        match self {
            LimitKind::Reply => "reply",
            LimitKind::Arrival => "arrival",
        }
    }
}

/// A limit that runs: since when, until when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct Limit {
    pub kind: LimitKind,
    pub from: Millis,
    pub due: Millis,
}

impl OrderFacts {
    /// The limit that runs, if one does: until the customer was reached his reply's, then until somebody is there the
    /// time agreed with him, or else the arrival's.
    pub fn limit(&self) -> Option<Limit> {
        let from = self.opened_at;
        match self.state {
            State::Open | State::Assigned | State::Replied | State::Travelling if self.arrived_at.is_none() => {
                Some(match self.replied_at {
                    None => Limit { kind: LimitKind::Reply, from, due: self.reply_due },
                    Some(_) => {
                        let due = self.appointment.unwrap_or(self.arrival_due);
                        Limit { kind: LimitKind::Arrival, from, due }
                    }
                })
            }
            // Somebody has been there and has to come again: only an agreed time binds.
            State::FollowUp => {
                let again = self.appointment.filter(|at| self.left_at().is_none_or(|left| *at > left));
                again.map(|due| Limit { kind: LimitKind::Arrival, from, due })
            }
            State::Open
            | State::Assigned
            | State::Replied
            | State::Travelling
            | State::OnSite
            | State::InCustody
            | State::Signed
            | State::Finished
            | State::Closed
            | State::Cancelled => None,
        }
    }

    /// When the last visit ended.
    pub fn left_at(&self) -> Option<Millis> {
        self.visit_facts.iter().filter_map(|visit| visit.left_at).max()
    }

    /// When the work was done, if it is.
    pub fn finished_at(&self) -> Option<Millis> {
        match self.state {
            State::Signed | State::Finished | State::Closed => self.left_at().or(self.replied_at),
            State::Open
            | State::Assigned
            | State::Replied
            | State::Travelling
            | State::OnSite
            | State::FollowUp
            | State::InCustody
            | State::Cancelled => None,
        }
    }

    /// Neither filed nor cancelled.
    pub fn is_open(&self) -> bool {
        !matches!(self.state, State::Closed | State::Cancelled)
    }
}
