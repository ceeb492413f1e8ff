//! Every decision that was ever taken, in the order of the log: who, when, about what, and why.

use super::CellType::{Moment, Number, Text};
use super::{Cells, Column, column, moment, or_empty};
use crate::command::{Ask, RevokeReason, Series, ServiceType};
use crate::decision::Decision;
use crate::id::PageId;
use crate::time::Zone;

pub(super) const DECISIONS: &[Column] = &[
    column("seq", "日志序号", "Log row", Number),
    column("decided_at", "决定时间", "Decided", Moment),
    column("received_at", "收到", "Received", Moment),
    column("by", "决定人", "By", Text),
    column("device", "设备", "Device", Text),
    column("decision", "决定", "Decision", Text),
    column("order", "工单号", "Order no.", Text),
    column("about", "对象", "About", Text),
    column("outcome", "结果", "Outcome", Text),
    column("reason", "理由", "Reason", Text),
    column("policy", "规定版本", "Policy version", Number),
    column("id", "编号", "Id", Text),
];

/// `number` is that of the order that the decision hangs on, where it is one.
pub fn decision_cells(decision: &Decision, number: Option<&str>, zone: &Zone) -> Cells {
    let Said { about, outcome, reason } = said(decision.ask());
    let admitted = decision.envelope.admitted;
    vec![
        admitted.map_or(0, |admitted| admitted.seq).to_string(),
        zone.rfc3339(decision.at()),
        moment(zone, admitted.map(|admitted| admitted.received)),
        decision.by().to_string(),
        decision.envelope.device.to_string(),
        decision.ask().name().to_owned(),
        number.unwrap_or_default().to_owned(),
        about,
        outcome,
        reason,
        decision.pins.policy.to_string(),
        or_empty(&Some(decision.id())),
    ]
}

/// Which page's order number goes with a decision.
pub fn order_of(decision: &Decision) -> Option<PageId> {
    match decision.ask() {
        // A correction may be on an order's page or on a visit's; the caller knows whose that is.
        Ask::Correct { page, .. } | Ask::EraseBlob { page, .. } => Some(*page),
        ask => ask.order(),
    }
}

#[derive(Default)]
struct Said {
    about: String,
    outcome: String,
    reason: String,
}

fn said(ask: &Ask) -> Said {
    let about = |what: &dyn ToString| Said { about: what.to_string(), ..Said::default() };
    let why = |what: &dyn ToString, reason: &str| Said { reason: reason.to_owned(), ..about(what) };
    let ruled = |what: &dyn ToString, yes: bool, reason: &str| Said {
        outcome: String::from(if yes { "approved" } else { "returned" }),
        ..why(what, reason)
    };
    match ask {
        Ask::Open { customer, service_type, .. } => {
            Said { outcome: service_name(*service_type).to_owned(), ..about(customer) }
        }
        Ask::Assign { to, .. } => about(to),
        Ask::AddHelper { helper, .. } | Ask::RemoveHelper { helper, .. } => about(helper),
        Ask::FixByPhone { note, .. } => why(&"", note),
        Ask::Close { .. } => Said::default(),
        Ask::Reopen { reason, .. } | Ask::Cancel { reason, .. } => why(&"", reason),
        Ask::Inspect { receipt_no, pass, .. } => {
            Said { outcome: String::from(if *pass { "passed" } else { "failed" }), ..about(receipt_no) }
        }
        Ask::AcknowledgeCash { charge, .. } => about(charge),
        Ask::VoidReceipt { receipt_no, reason, .. } => why(receipt_no, reason),
        Ask::SameAs { same, reason, .. } => why(same, reason),
        Ask::DecideLeave { leave, approve, reason, .. } => ruled(leave, *approve, reason),
        Ask::DecideForm { sending, approve, reason, .. } => ruled(sending, *approve, reason),
        Ask::SignOff { person, month } => Said { outcome: month.to_string(), ..about(person) },
        Ask::Unseal { person, month, reason } => Said { outcome: month.to_string(), ..why(person, reason) },
        Ask::Correct { target, reason, replacement, .. } => Said {
            outcome: String::from(if replacement.is_some() { "replaced" } else { "voided" }),
            ..why(target, reason)
        },
        Ask::EraseBlob { blob, reason, .. } => why(blob, reason),
        Ask::PlaceCustomer { customer, station, .. } => Said { outcome: station.to_string(), ..about(customer) },
        Ask::LeaseNumbers { series, count } => Said { outcome: count.to_string(), ..about(&series_name(*series)) },
        Ask::Enrol { device, user } => Said { outcome: user.to_string(), ..about(device) },
        Ask::Revoke { device, reason } => why(device, revoke_name(*reason)),
        Ask::PutPerson { person } => Said { outcome: person.role.name().to_owned(), ..about(&person.user) },
        Ask::PutStation { station } => about(&station.station),
        Ask::PutPart { part } => Said { outcome: part.unit_price.to_string(), ..about(&part.part_no) },
        Ask::PutPolicy { policy } => about(&policy.version),
        Ask::PutForm { form } => Said { outcome: form.version.to_string(), ..about(&form.form) },
    }
}

fn service_name(service_type: ServiceType) -> &'static str {
    match service_type {
        ServiceType::A => "A",
        ServiceType::B => "B",
        ServiceType::C => "C",
        ServiceType::D => "D",
    }
}

fn series_name(series: Series) -> &'static str {
    match series {
        Series::Receipt => "receipt",
        Series::Order => "order",
    }
}

fn revoke_name(reason: RevokeReason) -> &'static str {
    match reason {
        RevokeReason::Lost => "lost",
        RevokeReason::Stolen => "stolen",
        RevokeReason::Replaced => "replaced",
        RevokeReason::Left => "left",
    }
}
