//! Who may do what to which thing: the one function that every read and every write asks.
//! The whole matrix of role × station × thing × action is a test (`tests/access_matrix.rs`).

mod reach;

pub use reach::Reach;

use crate::command::Ask;
use crate::entry::Body;
use crate::form::Approver;
use crate::id::{StationId, UserId};
use crate::record::Role;

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    pub user: UserId,
    pub role: Role,
    pub station: Option<StationId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ThingKind {
    /// An order, with its visits, as everything about a call is seen and written together.
    Order,
    Attendance,
    Customer,
    Asset,
    /// A form that somebody filled in.
    Form,
    /// People, stations, parts, policy, definitions of forms.
    Records,
    /// Phones and their enrolment.
    Devices,
}

impl ThingKind {
    pub const ALL: [ThingKind; 7] = [
        ThingKind::Order,
        ThingKind::Attendance,
        ThingKind::Customer,
        ThingKind::Asset,
        ThingKind::Form,
        ThingKind::Records,
        ThingKind::Devices,
    ];
}

/// What is acted on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thing {
    pub kind: ThingKind,
    /// The station it belongs to: an order's by its customer, attendance and forms by their person.
    pub station: Option<StationId>,
    /// Whose it is: the person of an attendance page or a filled form.
    pub person: Option<UserId>,
    /// The actor is or was assigned to the order, helps or helped with it, or opened it for himself.
    pub involved: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    Read,
    /// Gives a descriptive field a value.
    SetField,
    /// Logs the register line of a call.
    Register,
    /// Logs work: contacts, visits, parts, money, goods, signature.
    LogWork,
    /// Agrees on another time with the customer.
    Rebook,
    /// Mends it by telephone from the desk; whoever is on the order logs a contact.
    FixByPhone,
    /// Asks the customer again after the work.
    FollowUp,
    /// Logs one's own time: clock, leave, tasks.
    LogOwnTime,
    /// Logs what was learned of a customer or a unit.
    LogRegisterNews,
    /// Fills in a form, and sends it.
    FillForm,
    Open,
    /// Assign, helpers.
    Dispatch,
    /// Close, reopen, cancel, same-as.
    File,
    Inspect,
    Cash,
    VoidReceipt,
    Correct,
    /// Has the bytes of a file erased.
    EraseBlob,
    DecideLeave,
    /// Approves a form, or returns it.
    DecideForm,
    /// The same, of a form that only headquarters may approve.
    DecideFormAtHq,
    /// Sign off a month, unseal it.
    SignOff,
    PlaceCustomer,
    LeaseNumbers,
    /// Devices, people, stations, parts, policy, forms.
    Administer,
}

impl Action {
    pub const ALL: [Action; 25] = [
        Action::Read,
        Action::SetField,
        Action::Register,
        Action::LogWork,
        Action::Rebook,
        Action::FixByPhone,
        Action::FollowUp,
        Action::LogOwnTime,
        Action::LogRegisterNews,
        Action::FillForm,
        Action::Open,
        Action::Dispatch,
        Action::File,
        Action::Inspect,
        Action::Cash,
        Action::VoidReceipt,
        Action::Correct,
        Action::EraseBlob,
        Action::DecideLeave,
        Action::DecideForm,
        Action::DecideFormAtHq,
        Action::SignOff,
        Action::PlaceCustomer,
        Action::LeaseNumbers,
        Action::Administer,
    ];

    pub fn of_entry(body: &Body) -> Option<Self> {
        match body {
            Body::Set { .. } => Some(Action::SetField),
            // Taking back one's own entry asks for authorship, which the gate checks, not for a role.
            Body::Void { .. } => None,
            Body::Register { .. } => Some(Action::Register),
            Body::FollowUp { .. } => Some(Action::FollowUp),
            Body::Rebook { .. } => Some(Action::Rebook),
            Body::Contact { .. }
            | Body::HandBack { .. }
            | Body::Toolkit { .. }
            | Body::Repair { .. }
            | Body::ReturnItem { .. }
            | Body::Depart {}
            | Body::Arrive { .. }
            | Body::Leave { .. }
            | Body::UsePart { .. }
            | Body::Charge { .. }
            | Body::TakeBack { .. }
            | Body::Photo { .. }
            | Body::Sign(_)
            | Body::Unsigned { .. } => Some(Action::LogWork),
            Body::ClockIn { .. }
            | Body::ClockOut { .. }
            | Body::RequestLeave { .. }
            | Body::GoOut { .. }
            | Body::Returned {}
            | Body::Task { .. } => Some(Action::LogOwnTime),
            Body::ProductionPlan { .. } | Body::StaffChange { .. } => Some(Action::LogRegisterNews),
            Body::Answer { .. } | Body::Row { .. } | Body::Submit { .. } => Some(Action::FillForm),
        }
    }

    /// The right to decide about a form, which its definition gives to one or the other.
    pub fn of_approver(approver: Approver) -> Self {
        match approver {
            Approver::Lead => Action::DecideForm,
            Approver::Hq => Action::DecideFormAtHq,
        }
    }

    pub fn of_ask(ask: &Ask) -> Self {
        match ask {
            Ask::Open { .. } => Action::Open,
            Ask::Assign { .. } | Ask::AddHelper { .. } | Ask::RemoveHelper { .. } => Action::Dispatch,
            Ask::FixByPhone { .. } => Action::FixByPhone,
            Ask::Close { .. } | Ask::Reopen { .. } | Ask::Cancel { .. } | Ask::SameAs { .. } => Action::File,
            Ask::Inspect { .. } => Action::Inspect,
            Ask::AcknowledgeCash { .. } => Action::Cash,
            Ask::VoidReceipt { .. } => Action::VoidReceipt,
            Ask::Correct { .. } => Action::Correct,
            Ask::EraseBlob { .. } => Action::EraseBlob,
            Ask::DecideLeave { .. } => Action::DecideLeave,
            // Who approves stands in the form's definition: the judge looks there.
            Ask::DecideForm { .. } => Action::DecideForm,
            Ask::SignOff { .. } | Ask::Unseal { .. } => Action::SignOff,
            Ask::PlaceCustomer { .. } => Action::PlaceCustomer,
            Ask::LeaseNumbers { .. } => Action::LeaseNumbers,
            Ask::Enrol { .. }
            | Ask::Revoke { .. }
            | Ask::PutPerson { .. }
            | Ask::PutStation { .. }
            | Ask::PutPart { .. }
            | Ask::PutPolicy { .. }
            | Ask::PutForm { .. } => Action::Administer,
        }
    }
}

/// Whether this person may do this to that thing.
pub fn allows(actor: &Actor, action: Action, thing: &Thing) -> bool {
    use Action::*;
    use ThingKind::*;
    let here = actor.station.is_some() && actor.station == thing.station;
    let own = thing.person.as_ref() == Some(&actor.user);
    let lead_here = actor.role == Role::Lead && here;
    let engineer_here = actor.role == Role::Engineer && here;
    let office = matches!(actor.role, Role::Hq | Role::Clerk);
    let hq = actor.role == Role::Hq;
    match (action, thing.kind) {
        (Read, Order) => office || lead_here || thing.involved || matches!(actor.role, Role::Auditor | Role::Cashier),
        (Read, Attendance | Form) => hq || lead_here || own || matches!(actor.role, Role::Auditor | Role::Clerk),
        (Read, Customer | Asset) => office || here || matches!(actor.role, Role::Auditor | Role::Cashier),
        (Read, Records) => true,
        (Read, Devices) => hq || actor.role == Role::Auditor,

        (SetField, Order) => office || lead_here || engineer_here || thing.involved,
        (SetField | LogRegisterNews, Customer | Asset) => office || lead_here || engineer_here,
        (Register | Open, Order) => office || lead_here || engineer_here,
        (LogWork, Order) => thing.involved || engineer_here,
        // The customer calls the desk as well.
        (Rebook, Order) => office || lead_here || engineer_here || thing.involved,
        (FixByPhone, Order) => office || lead_here,
        (FollowUp, Order) => office || lead_here || thing.involved,
        (LogOwnTime, Attendance) => own && matches!(actor.role, Role::Engineer | Role::Lead),
        (FillForm, Form) => own && actor.role != Role::Auditor,

        (Dispatch | Inspect, Order) => hq || lead_here,
        (File, Order) => office || lead_here,
        (Cash, Order) => hq || actor.role == Role::Cashier,
        (VoidReceipt, Order) => office || lead_here,
        (Correct, Order) => hq || lead_here,
        (EraseBlob, Order) => hq,
        (Correct | DecideLeave | SignOff, Attendance) | (Correct | DecideForm, Form) => (hq || lead_here) && !own,
        (DecideFormAtHq, Form) => hq && !own,
        (PlaceCustomer, Customer) => hq,
        (LeaseNumbers, Records) => matches!(actor.role, Role::Engineer | Role::Lead),
        (Administer, Records | Devices) => hq,
        _ => false,
    }
}
