//! Commands: what somebody asks of authority, offline or at the console. Admitted, a command is a decision.
//! Each names what its author had seen, so that a decision taken meanwhile is never overturned by accident.

use crate::canon::{NotCanonical, parse_canonical, to_canonical};
use crate::entry::{Body, Evidence, MAX_TEXT};
use crate::header::{Header, Subject};
use crate::id::{AssetCode, CommandId, CustomerCode, DeviceId, EntryId, Hash, PageId, StationId, TenantId, UserId};
use crate::policy::Policy;
use crate::record::{Part, Person, Station};
use crate::time::{Millis, Month};
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

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ServiceType {
    /// Paid.
    A,
    /// Under contract.
    B,
    /// Free, in warranty.
    C,
    /// General, internal work.
    D,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RevokeReason {
    /// Nothing that it sends from then on counts.
    Lost,
    Stolen,
    /// Access ends; what was captured before may be handed to HQ's review.
    Replaced,
    Left,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Series {
    /// Receipts for money and goods taken on site.
    Receipt,
    /// Provisional order numbers.
    Order,
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Ask {
    /// Opens a service call and its voucher (001).
    Open {
        order: PageId,
        number: String,
        customer: CustomerCode,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        asset: Option<AssetCode>,
        service_type: ServiceType,
    },
    Assign {
        order: PageId,
        to: UserId,
    },
    AddHelper {
        order: PageId,
        helper: UserId,
    },
    RemoveHelper {
        order: PageId,
        helper: UserId,
    },
    Close {
        order: PageId,
    },
    Reopen {
        order: PageId,
        reason: String,
    },
    Cancel {
        order: PageId,
        reason: String,
    },
    /// Goods repaired are found in order, or not (验讫).
    Inspect {
        order: PageId,
        receipt_no: String,
        pass: bool,
    },
    /// Money taken on site is handed in; the visit is the one that holds the charge.
    AcknowledgeCash {
        order: PageId,
        visit: PageId,
        charge: EntryId,
    },
    VoidReceipt {
        order: PageId,
        receipt_no: String,
        reason: String,
    },
    /// Two orders were opened for one call.
    SameAs {
        order: PageId,
        same: PageId,
        reason: String,
    },
    /// The page is the one that holds the request.
    DecideLeave {
        page: PageId,
        leave: EntryId,
        approve: bool,
        reason: String,
    },
    SignOff {
        person: UserId,
        month: Month,
    },
    Unseal {
        person: UserId,
        month: Month,
        reason: String,
    },
    /// A mistake on somebody else's page is voided or replaced.
    Correct {
        page: PageId,
        target: EntryId,
        reason: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        replacement: Option<Replacement>,
    },
    /// Which station serves a customer, from how far.
    PlaceCustomer {
        customer: CustomerCode,
        station: StationId,
        distance_km: u32,
    },
    LeaseNumbers {
        series: Series,
        count: u32,
    },
    Enrol {
        device: DeviceId,
        user: UserId,
    },
    Revoke {
        device: DeviceId,
        reason: RevokeReason,
    },
    PutPerson {
        person: Person,
    },
    PutStation {
        station: Station,
    },
    PutPart {
        part: Part,
    },
    PutPolicy {
        policy: Box<Policy>,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replacement {
    #[serde(rename = "do")]
    pub body: Body,
    pub at: Millis,
}

/// What a decision hangs on: the page whose readers see it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Place {
    Page(PageId),
    /// People, stations, policy, parts: everybody's.
    Records,
    /// Devices: HQ's.
    Devices,
    /// What only one person needs: number blocks.
    Person(UserId),
}

impl Place {
    /// The page id under which the log files it: the page itself, or a derived one that is no page.
    pub fn page(&self, tenant: &TenantId) -> PageId {
        match self {
            Place::Page(page) => *page,
            Place::Records => PageId::derived(&["records", tenant.as_str()]),
            Place::Devices => PageId::derived(&["devices", tenant.as_str()]),
            Place::Person(user) => PageId::derived(&["person", tenant.as_str(), user.as_str()]),
        }
    }
}

/// What a decision settles. A later one on the same question replaces it, if its author knew of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Question {
    Opening,
    Assignment,
    Helper(UserId),
    Life,
    Goods(String),
    Cash(EntryId),
    Receipt(String),
    Sameness(PageId),
    Leave(EntryId),
    Month(UserId, Month),
    Entry(EntryId),
    CustomerPlace,
    Numbers(CommandId),
    Device(DeviceId),
    Person(UserId),
    Station(StationId),
    Part(String),
    Policy,
}

impl std::fmt::Display for Question {
    /// The key under which stores index the latest answer.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Question::Opening => f.write_str("opening"),
            Question::Assignment => f.write_str("assignment"),
            Question::Helper(user) => write!(f, "helper:{user}"),
            Question::Life => f.write_str("life"),
            Question::Goods(number) => write!(f, "goods:{number}"),
            Question::Cash(charge) => write!(f, "cash:{charge}"),
            Question::Receipt(number) => write!(f, "receipt:{number}"),
            Question::Sameness(order) => write!(f, "same:{order}"),
            Question::Leave(request) => write!(f, "leave:{request}"),
            Question::Month(person, month) => write!(f, "month:{person}:{month}"),
            Question::Entry(entry) => write!(f, "entry:{entry}"),
            Question::CustomerPlace => f.write_str("place"),
            Question::Numbers(command) => write!(f, "numbers:{command}"),
            Question::Device(device) => write!(f, "device:{device}"),
            Question::Person(user) => write!(f, "person:{user}"),
            Question::Station(station) => write!(f, "station:{station}"),
            Question::Part(number) => write!(f, "part:{number}"),
            Question::Policy => f.write_str("policy"),
        }
    }
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

impl Ask {
    /// The action's name, as the log and the flags call it.
    pub fn name(&self) -> &'static str {
        match self {
            Ask::Open { .. } => "open_order",
            Ask::Assign { .. } => "assign",
            Ask::AddHelper { .. } => "assign_helper",
            Ask::RemoveHelper { .. } => "remove_helper",
            Ask::Close { .. } => "close",
            Ask::Reopen { .. } => "reopen",
            Ask::Cancel { .. } => "cancel",
            Ask::Inspect { .. } => "inspect",
            Ask::AcknowledgeCash { .. } => "acknowledge_cash",
            Ask::VoidReceipt { .. } => "void_receipt",
            Ask::SameAs { .. } => "same_as",
            Ask::DecideLeave { .. } => "decide_leave",
            Ask::SignOff { .. } => "seal_month",
            Ask::Unseal { .. } => "unseal_month",
            Ask::Correct { .. } => "correct",
            Ask::PlaceCustomer { .. } => "place_customer",
            Ask::LeaseNumbers { .. } => "lease_numbers",
            Ask::Enrol { .. } => "enrol",
            Ask::Revoke { .. } => "revoke",
            Ask::PutPerson { .. } => "put_person",
            Ask::PutStation { .. } => "put_station",
            Ask::PutPart { .. } => "put_part",
            Ask::PutPolicy { .. } => "put_policy",
        }
    }

    /// The order in question, if it is about one.
    pub fn order(&self) -> Option<PageId> {
        match self {
            Ask::Open { order, .. }
            | Ask::Assign { order, .. }
            | Ask::AddHelper { order, .. }
            | Ask::RemoveHelper { order, .. }
            | Ask::Close { order }
            | Ask::Reopen { order, .. }
            | Ask::Cancel { order, .. }
            | Ask::Inspect { order, .. }
            | Ask::AcknowledgeCash { order, .. }
            | Ask::VoidReceipt { order, .. }
            | Ask::SameAs { order, .. } => Some(*order),
            Ask::DecideLeave { .. }
            | Ask::SignOff { .. }
            | Ask::Unseal { .. }
            | Ask::Correct { .. }
            | Ask::PlaceCustomer { .. }
            | Ask::LeaseNumbers { .. }
            | Ask::Enrol { .. }
            | Ask::Revoke { .. }
            | Ask::PutPerson { .. }
            | Ask::PutStation { .. }
            | Ask::PutPart { .. }
            | Ask::PutPolicy { .. } => None,
        }
    }

    pub fn question(&self, id: CommandId) -> Question {
        match self {
            Ask::Open { .. } => Question::Opening,
            Ask::Assign { .. } => Question::Assignment,
            Ask::AddHelper { helper, .. } | Ask::RemoveHelper { helper, .. } => Question::Helper(helper.clone()),
            Ask::Close { .. } | Ask::Reopen { .. } | Ask::Cancel { .. } => Question::Life,
            Ask::Inspect { receipt_no, .. } => Question::Goods(receipt_no.clone()),
            Ask::AcknowledgeCash { charge, .. } => Question::Cash(*charge),
            Ask::VoidReceipt { receipt_no, .. } => Question::Receipt(receipt_no.clone()),
            Ask::SameAs { same, .. } => Question::Sameness(*same),
            Ask::DecideLeave { leave, .. } => Question::Leave(*leave),
            Ask::SignOff { person, month } | Ask::Unseal { person, month, .. } => {
                Question::Month(person.clone(), *month)
            }
            Ask::Correct { target, .. } => Question::Entry(*target),
            Ask::PlaceCustomer { .. } => Question::CustomerPlace,
            Ask::LeaseNumbers { .. } => Question::Numbers(id),
            Ask::Enrol { device, .. } | Ask::Revoke { device, .. } => Question::Device(device.clone()),
            Ask::PutPerson { person } => Question::Person(person.user.clone()),
            Ask::PutStation { station } => Question::Station(station.station.clone()),
            Ask::PutPart { part } => Question::Part(part.part_no.clone()),
            Ask::PutPolicy { .. } => Question::Policy,
        }
    }

    /// Where the decision hangs; a month hangs on its person's bucket of the same name.
    pub fn place(&self, tenant: &TenantId, by: &UserId) -> Place {
        let attendance = |person: &UserId, month: Month| {
            Header::new(tenant.clone(), Subject::Attendance { person: person.clone(), month }).page()
        };
        match self {
            Ask::SignOff { person, month } | Ask::Unseal { person, month, .. } => {
                Place::Page(attendance(person, *month))
            }
            Ask::DecideLeave { page, .. } | Ask::Correct { page, .. } => Place::Page(*page),
            Ask::PlaceCustomer { customer, .. } => {
                Place::Page(Header::new(tenant.clone(), Subject::Customer { customer: customer.clone() }).page())
            }
            Ask::LeaseNumbers { .. } => Place::Person(by.clone()),
            Ask::Enrol { .. } | Ask::Revoke { .. } => Place::Devices,
            Ask::PutPerson { .. } | Ask::PutStation { .. } | Ask::PutPart { .. } | Ask::PutPolicy { .. } => {
                Place::Records
            }
            Ask::Open { order, .. }
            | Ask::Assign { order, .. }
            | Ask::AddHelper { order, .. }
            | Ask::RemoveHelper { order, .. }
            | Ask::Close { order }
            | Ask::Reopen { order, .. }
            | Ask::Cancel { order, .. }
            | Ask::Inspect { order, .. }
            | Ask::AcknowledgeCash { order, .. }
            | Ask::VoidReceipt { order, .. }
            | Ask::SameAs { order, .. } => Place::Page(*order),
        }
    }

    /// Whether two answers to one question say the same.
    pub fn same_outcome(&self, other: &Ask) -> bool {
        match (self, other) {
            // Reasons are words about the outcome, not the outcome.
            (Ask::DecideLeave { approve: a, .. }, Ask::DecideLeave { approve: b, .. }) => a == b,
            (Ask::Reopen { .. }, Ask::Reopen { .. }) | (Ask::Cancel { .. }, Ask::Cancel { .. }) => true,
            (Ask::Unseal { .. }, Ask::Unseal { .. }) | (Ask::VoidReceipt { .. }, Ask::VoidReceipt { .. }) => true,
            _ => self == other,
        }
    }

    fn check(&self) -> Result<(), CommandFault> {
        let fits = |ok: bool, what| if ok { Ok(()) } else { Err(CommandFault::Range(what)) };
        let number = |text: &str, what| fits((1..=64).contains(&text.len()), what);
        let reason = |text: &str| fits(text.len() <= MAX_TEXT, "reason");
        match self {
            Ask::Open { number: text, .. } => number(text, "number"),
            Ask::Inspect { receipt_no, .. } => number(receipt_no, "receipt_no"),
            Ask::VoidReceipt { receipt_no, reason: why, .. } => {
                number(receipt_no, "receipt_no")?;
                reason(why)
            }
            Ask::Reopen { reason: why, .. }
            | Ask::Cancel { reason: why, .. }
            | Ask::SameAs { reason: why, .. }
            | Ask::DecideLeave { reason: why, .. }
            | Ask::Unseal { reason: why, .. }
            | Ask::Correct { reason: why, .. } => reason(why),
            Ask::PlaceCustomer { distance_km, .. } => fits(*distance_km <= 40_000, "distance_km"),
            Ask::LeaseNumbers { count, .. } => fits((1..=1_000).contains(count), "count"),
            Ask::PutPerson { person } => fits((1..=200).contains(&person.name.len()), "name"),
            Ask::PutStation { station } => fits((1..=200).contains(&station.name.len()), "name"),
            Ask::PutPart { part } => {
                number(&part.part_no, "part_no")?;
                fits((0..=crate::entry::MAX_FEN).contains(&part.unit_price), "unit_price")
            }
            Ask::PutPolicy { policy } => policy.check().map_err(|bad| CommandFault::Range(bad.0)),
            Ask::Assign { .. }
            | Ask::AddHelper { .. }
            | Ask::RemoveHelper { .. }
            | Ask::Close { .. }
            | Ask::AcknowledgeCash { .. }
            | Ask::SignOff { .. }
            | Ask::Enrol { .. }
            | Ask::Revoke { .. } => Ok(()),
        }
    }
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
    use crate::time::Zone;

    #[test]
    fn a_policy_travels_in_a_command() {
        let policy = Policy::regulations(Zone::parse("Asia/Shanghai").unwrap(), Month::parse("2026-10").unwrap());
        let ask = Ask::PutPolicy { policy: Box::new(policy) };
        let text = to_canonical(&ask).unwrap();
        assert_eq!(parse_canonical::<Ask>(&text).unwrap(), ask);
    }
}
