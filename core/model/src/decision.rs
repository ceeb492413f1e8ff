//! Decisions: commands that the server took. With the envelope goes what the server pinned at that moment.

use crate::command::{Ask, Command, Series, ServiceType};
use crate::envelope::Envelope;
use crate::id::{AssetCode, CommandId, CustomerCode, PageId, StationId, UserId};
use crate::time::{Millis, Month};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    pub command: Command,
    pub envelope: Envelope,
    pub pins: Pins,
}

/// What the server fixed when it took the decision, so that later changes of records don't change the past.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pins {
    /// Policy version under which it was taken.
    pub policy: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub station: Option<StationId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distance_km: Option<u32>,
    /// The opener is an engineer: the order is his.
    #[serde(default, skip_serializing_if = "is_false")]
    pub self_opened: bool,
    /// The number was outside the phone's block, or somebody had it already: kept, and marked.
    #[serde(default, skip_serializing_if = "is_false")]
    pub number_unleased: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    pub number_duplicate: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub block: Option<NumberBlock>,
    /// The days that a sign-off signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed: Option<SignedMonth>,
}

fn is_false(value: &bool) -> bool {
    !value
}

/// Numbers that a phone may give away without a network: `prefix` + six digits, from first to last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NumberBlock {
    pub series: Series,
    pub prefix: String,
    pub first: u32,
    pub last: u32,
}

impl NumberBlock {
    pub fn number(&self, n: u32) -> String {
        format!("{}{n:06}", self.prefix)
    }
    pub fn holds(&self, number: &str) -> bool {
        number
            .strip_prefix(&self.prefix)
            .filter(|digits| digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_digit()))
            .and_then(|digits| digits.parse().ok())
            .is_some_and(|n: u32| (self.first..=self.last).contains(&n))
    }
}

/// One signed day, as the attendance export has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedMonth {
    pub month: Month,
    /// 1 for the first sign-off, counting up.
    pub revision: u32,
    /// Canonical cells of each day: date, status, leave, first in, last out, minutes.
    pub days: Vec<Vec<String>>,
}

impl Decision {
    pub fn id(&self) -> CommandId {
        self.command.id
    }
    pub fn ask(&self) -> &Ask {
        &self.command.ask
    }
    /// When it was decided: by the asker's clock, corrected.
    pub fn at(&self) -> Millis {
        self.envelope.corrected(self.command.evidence.clock)
    }
    pub fn by(&self) -> &UserId {
        &self.envelope.user
    }
}

/// How an order stands by its decisions alone, in log order. Read by the judge, the scopes and the fold.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    pub order: PageId,
    pub number: String,
    pub customer: CustomerCode,
    pub asset: Option<AssetCode>,
    pub service_type: ServiceType,
    pub station: Option<StationId>,
    pub distance_km: u32,
    pub opened_at: Millis,
    pub opened_by: UserId,
    pub self_opened: bool,
    /// The engineer whose order it is now.
    pub engineer: Option<UserId>,
    pub helpers: BTreeSet<UserId>,
    /// Everybody who was ever assigned, helped or opened it for himself.
    pub ever: BTreeSet<UserId>,
    pub life: Life,
    pub first_closed_at: Option<Millis>,
    /// Who came and went, in log order, with the time of the decision.
    pub turns: Vec<Turn>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Life {
    Open,
    Closed,
    Cancelled,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Turn {
    Given { to: UserId, at: Millis },
    HelperAdded { helper: UserId, at: Millis },
    HelperRemoved { helper: UserId, at: Millis },
}

impl Standing {
    /// How an order stands after these decisions of its page; none before it is opened.
    pub fn after<'a>(decisions: impl IntoIterator<Item = &'a Decision>) -> Option<Self> {
        let mut standing: Option<Self> = None;
        for decision in decisions {
            match &mut standing {
                None => standing = Self::opened(decision),
                Some(standing) => standing.take(decision),
            }
        }
        standing
    }

    fn opened(decision: &Decision) -> Option<Self> {
        let Ask::Open { order, number, customer, asset, service_type } = decision.ask() else { return None };
        let by = decision.by().clone();
        let self_opened = decision.pins.self_opened;
        let own = self_opened.then(|| by.clone());
        Some(Self {
            order: *order,
            number: number.clone(),
            customer: customer.clone(),
            asset: asset.clone(),
            service_type: *service_type,
            station: decision.pins.station.clone(),
            distance_km: decision.pins.distance_km.unwrap_or(0),
            opened_at: decision.at(),
            opened_by: by,
            self_opened,
            turns: own.iter().map(|user| Turn::Given { to: user.clone(), at: decision.at() }).collect(),
            ever: own.iter().cloned().collect(),
            engineer: own,
            helpers: BTreeSet::new(),
            life: Life::Open,
            first_closed_at: None,
        })
    }

    fn take(&mut self, decision: &Decision) {
        let at = decision.at();
        match decision.ask() {
            Ask::Assign { to, .. } => {
                self.engineer = Some(to.clone());
                self.ever.insert(to.clone());
                self.turns.push(Turn::Given { to: to.clone(), at });
            }
            Ask::AddHelper { helper, .. } => {
                self.helpers.insert(helper.clone());
                self.ever.insert(helper.clone());
                self.turns.push(Turn::HelperAdded { helper: helper.clone(), at });
            }
            Ask::RemoveHelper { helper, .. } => {
                self.helpers.remove(helper);
                self.turns.push(Turn::HelperRemoved { helper: helper.clone(), at });
            }
            Ask::Close { .. } => {
                self.life = Life::Closed;
                self.first_closed_at.get_or_insert(at);
            }
            Ask::Reopen { .. } => self.life = Life::Open,
            Ask::Cancel { .. } => self.life = Life::Cancelled,
            Ask::Open { .. }
            | Ask::FixByPhone { .. }
            | Ask::Inspect { .. }
            | Ask::AcknowledgeCash { .. }
            | Ask::VoidReceipt { .. }
            | Ask::SameAs { .. }
            | Ask::DecideLeave { .. }
            | Ask::DecideForm { .. }
            | Ask::SignOff { .. }
            | Ask::Unseal { .. }
            | Ask::Correct { .. }
            | Ask::EraseBlob { .. }
            | Ask::PlaceCustomer { .. }
            | Ask::LeaseNumbers { .. }
            | Ask::Enrol { .. }
            | Ask::Revoke { .. }
            | Ask::PutPerson { .. }
            | Ask::PutStation { .. }
            | Ask::PutPart { .. }
            | Ask::PutPolicy { .. }
            | Ask::PutForm { .. } => {}
        }
    }

    /// Whether the order is this person's now, as engineer or helper.
    pub fn is_on(&self, user: &UserId) -> bool {
        self.engineer.as_ref() == Some(user) || self.helpers.contains(user)
    }
}
