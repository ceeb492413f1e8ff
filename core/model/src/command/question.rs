//! What a decision hangs on, and what it settles.

use super::ask::Ask;
use crate::header::{Header, Subject};
use crate::id::{CommandId, DeviceId, EntryId, FormCode, Hash, PageId, StationId, TenantId, UserId};
use crate::time::Month;

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
    /// How a call was mended by telephone.
    PhoneFix,
    Goods(String),
    Cash(EntryId),
    Receipt(String),
    Sameness(PageId),
    Leave(EntryId),
    Sending(EntryId),
    Month(UserId, Month),
    Entry(EntryId),
    Blob(Hash),
    CustomerPlace,
    Numbers(CommandId),
    Device(DeviceId),
    Person(UserId),
    Station(StationId),
    Part(String),
    Policy,
    /// One version of a form: it is put once.
    Form(FormCode, u32),
}

impl std::fmt::Display for Question {
    /// The key under which stores index the latest answer.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Question::Opening => f.write_str("opening"),
            Question::Assignment => f.write_str("assignment"),
            Question::Helper(user) => write!(f, "helper:{user}"),
            Question::Life => f.write_str("life"),
            Question::PhoneFix => f.write_str("phone_fix"),
            Question::Goods(number) => write!(f, "goods:{number}"),
            Question::Cash(charge) => write!(f, "cash:{charge}"),
            Question::Receipt(number) => write!(f, "receipt:{number}"),
            Question::Sameness(order) => write!(f, "same:{order}"),
            Question::Leave(request) => write!(f, "leave:{request}"),
            Question::Sending(sending) => write!(f, "sending:{sending}"),
            Question::Month(person, month) => write!(f, "month:{person}:{month}"),
            Question::Entry(entry) => write!(f, "entry:{entry}"),
            Question::Blob(blob) => write!(f, "blob:{blob}"),
            Question::CustomerPlace => f.write_str("place"),
            Question::Numbers(command) => write!(f, "numbers:{command}"),
            Question::Device(device) => write!(f, "device:{device}"),
            Question::Person(user) => write!(f, "person:{user}"),
            Question::Station(station) => write!(f, "station:{station}"),
            Question::Part(number) => write!(f, "part:{number}"),
            Question::Policy => f.write_str("policy"),
            Question::Form(form, version) => write!(f, "form:{form}:{version}"),
        }
    }
}

impl Ask {
    pub fn question(&self, id: CommandId) -> Question {
        match self {
            Ask::Open { .. } => Question::Opening,
            Ask::Assign { .. } => Question::Assignment,
            Ask::AddHelper { helper, .. } | Ask::RemoveHelper { helper, .. } => Question::Helper(helper.clone()),
            Ask::FixByPhone { .. } => Question::PhoneFix,
            Ask::Close { .. } | Ask::Reopen { .. } | Ask::Cancel { .. } => Question::Life,
            Ask::Inspect { receipt_no, .. } => Question::Goods(receipt_no.clone()),
            Ask::AcknowledgeCash { charge, .. } => Question::Cash(*charge),
            Ask::VoidReceipt { receipt_no, .. } => Question::Receipt(receipt_no.clone()),
            Ask::SameAs { same, .. } => Question::Sameness(*same),
            Ask::DecideLeave { leave, .. } => Question::Leave(*leave),
            Ask::DecideForm { sending, .. } => Question::Sending(*sending),
            Ask::SignOff { person, month } | Ask::Unseal { person, month, .. } => {
                Question::Month(person.clone(), *month)
            }
            Ask::Correct { target, .. } => Question::Entry(*target),
            Ask::EraseBlob { blob, .. } => Question::Blob(*blob),
            Ask::PlaceCustomer { .. } => Question::CustomerPlace,
            Ask::LeaseNumbers { .. } => Question::Numbers(id),
            Ask::Enrol { device, .. } | Ask::Revoke { device, .. } => Question::Device(device.clone()),
            Ask::PutPerson { person } => Question::Person(person.user.clone()),
            Ask::PutStation { station } => Question::Station(station.station.clone()),
            Ask::PutPart { part } => Question::Part(part.part_no.clone()),
            Ask::PutPolicy { .. } => Question::Policy,
            Ask::PutForm { form } => Question::Form(form.form.clone(), form.version),
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
            Ask::DecideLeave { page, .. }
            | Ask::DecideForm { page, .. }
            | Ask::Correct { page, .. }
            | Ask::EraseBlob { page, .. } => Place::Page(*page),
            Ask::PlaceCustomer { customer, .. } => {
                Place::Page(Header::new(tenant.clone(), Subject::Customer { customer: customer.clone() }).page())
            }
            Ask::LeaseNumbers { .. } => Place::Person(by.clone()),
            Ask::Enrol { .. } | Ask::Revoke { .. } => Place::Devices,
            Ask::PutPerson { .. }
            | Ask::PutStation { .. }
            | Ask::PutPart { .. }
            | Ask::PutPolicy { .. }
            | Ask::PutForm { .. } => Place::Records,
            Ask::Open { order, .. }
            | Ask::Assign { order, .. }
            | Ask::AddHelper { order, .. }
            | Ask::RemoveHelper { order, .. }
            | Ask::FixByPhone { order, .. }
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
            (Ask::DecideLeave { approve: a, .. }, Ask::DecideLeave { approve: b, .. })
            | (Ask::DecideForm { approve: a, .. }, Ask::DecideForm { approve: b, .. }) => a == b,
            (Ask::Reopen { .. }, Ask::Reopen { .. }) | (Ask::Cancel { .. }, Ask::Cancel { .. }) => true,
            (Ask::Unseal { .. }, Ask::Unseal { .. }) | (Ask::VoidReceipt { .. }, Ask::VoidReceipt { .. }) => true,
            // One page may name a file in several entries: it is gone for all of them.
            (Ask::EraseBlob { blob: a, .. }, Ask::EraseBlob { blob: b, .. }) => a == b,
            _ => self == other,
        }
    }
}
