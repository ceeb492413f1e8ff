//! What can be asked of authority, and by what name the log and the flags call it.

use crate::entry::Body;
use crate::form::Form;
use crate::id::{AssetCode, CustomerCode, DeviceId, EntryId, Hash, PageId, StationId, UserId};
use crate::policy::Policy;
use crate::record::{Part, Person, Station};
use crate::time::{Millis, Month};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Enum, ts_rs::TS))]
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
    /// The desk mended it by telephone: its customer is asked again when the policy says.
    FixByPhone {
        order: PageId,
        /// What was wrong, and what helped.
        note: String,
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
    /// A form that was sent takes effect, or goes back to its author; the sending is an entry of the page.
    DecideForm {
        page: PageId,
        sending: EntryId,
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
    /// The bytes of a file go, here and on phones; the entry that names it stays, with its hash.
    EraseBlob {
        page: PageId,
        /// The entry that names the file.
        target: EntryId,
        blob: Hash,
        reason: String,
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
    /// Another version of a form.
    PutForm {
        form: Box<Form>,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replacement {
    #[serde(rename = "do")]
    pub body: Body,
    pub at: Millis,
}

impl Ask {
    /// The action's name, as the log and the flags call it.
    pub fn name(&self) -> &'static str {
        match self {
            Ask::Open { .. } => "open_order",
            Ask::Assign { .. } => "assign",
            Ask::AddHelper { .. } => "assign_helper",
            Ask::RemoveHelper { .. } => "remove_helper",
            Ask::FixByPhone { .. } => "fix_by_phone",
            Ask::Close { .. } => "close",
            Ask::Reopen { .. } => "reopen",
            Ask::Cancel { .. } => "cancel",
            Ask::Inspect { .. } => "inspect",
            Ask::AcknowledgeCash { .. } => "acknowledge_cash",
            Ask::VoidReceipt { .. } => "void_receipt",
            Ask::SameAs { .. } => "same_as",
            Ask::DecideLeave { .. } => "decide_leave",
            Ask::DecideForm { .. } => "decide_form",
            Ask::SignOff { .. } => "seal_month",
            Ask::Unseal { .. } => "unseal_month",
            Ask::Correct { .. } => "correct",
            Ask::EraseBlob { .. } => "erase_blob",
            Ask::PlaceCustomer { .. } => "place_customer",
            Ask::LeaseNumbers { .. } => "lease_numbers",
            Ask::Enrol { .. } => "enrol",
            Ask::Revoke { .. } => "revoke",
            Ask::PutPerson { .. } => "put_person",
            Ask::PutStation { .. } => "put_station",
            Ask::PutPart { .. } => "put_part",
            Ask::PutPolicy { .. } => "put_policy",
            Ask::PutForm { .. } => "put_form",
        }
    }

    /// The order in question, if it is about one.
    pub fn order(&self) -> Option<PageId> {
        match self {
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
            | Ask::SameAs { order, .. } => Some(*order),
            Ask::DecideLeave { .. }
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
            | Ask::PutForm { .. } => None,
        }
    }
}
