//! What a tap logs: an act from the screens in, an act of the core out, captured.

use crate::host::{id_parts, now};
use crate::phone::Phone;
use outpost_device::act::{Act, Log, Write};
use outpost_device::error::CaptureError;
use outpost_device::signing::Glass;
use outpost_device::store::outbox::StepKind;
use outpost_model::command::{Ask, Command, Series, ServiceType};
use outpost_model::entry::{Body, Channel, Lang, PayMethod, Place, Reach, VisitResult};
use outpost_model::header::{Header, Subject};
use outpost_model::id::{AssetCode, CustomerCode, EntryId, Hash, PageId};
use outpost_model::time::{Day, Millis};
use serde::{Deserialize, Serialize};

#[derive(Debug, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum Tap {
    ClockIn { place: Option<Place> },
    ClockOut { place: Option<Place> },
    GoOut { destination: String, expected_return: Millis },
    Returned,
    RequestLeave { leave: String, from: Day, to: Day, reason: String },
    Task { minutes: u32, note: String },
    OpenOrder { customer: CustomerCode, asset: Option<AssetCode>, fault: String, service_type: ServiceType },
    Contact { order: PageId, outcome: Reach, note: String, appointment: Option<Millis> },
    Rebook { order: PageId, appointment: Millis, reason: String },
    HandBack { order: PageId, reason: String },
    Toolkit { order: PageId, missing: Vec<String> },
    Depart { order: PageId },
    Arrive { visit: PageId, place: Option<Place> },
    Leave { visit: PageId, result: VisitResult },
    Set { page: PageId, field: String, value: String },
    UsePart { visit: PageId, part: NewPart, replaces: Option<EntryId> },
    Charge { visit: PageId, item: String, amount: i64, method: PayMethod },
    TakeBack { visit: PageId, item: String, serial: String },
    ReturnItem { order: PageId, receipt_no: String },
    Photo { visit: PageId, caption: String },
    Sign { visit: PageId, signature: NewSignature },
    Unsigned { visit: PageId, reason: String },
    Void { page: PageId, target: EntryId, reason: String },
}

#[derive(Debug, Deserialize)]
pub struct NewPart {
    part_no: String,
    name: String,
    qty: u32,
    unit_price: i64,
    billable: bool,
    old_serial: String,
    new_serial: String,
}

#[derive(Debug, Deserialize)]
pub struct NewSignature {
    name: String,
    strokes: String,
    score: u8,
    comment: String,
    lang: Lang,
    typed: Option<String>,
}

#[derive(Debug, Serialize)]
pub struct Captured {
    no: u32,
    entry: Option<EntryId>,
    order: Option<PageId>,
    visit: Option<PageId>,
    undo: bool,
}

fn filled(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

pub fn capture(phone: &mut Phone, tap: Tap, bytes: Option<Vec<u8>>) -> Result<Captured, CaptureError> {
    let own = |phone: &Phone| phone.device.attendance_header(now());
    let order_page = |phone: &Phone, id| phone.device.header(Subject::Order { id });
    let (mut order, mut visit) = (None, None);
    let (header, log): (Header, Log) = match tap {
        Tap::ClockIn { place } => (own(phone)?, Body::ClockIn { place }.into()),
        Tap::ClockOut { place } => (own(phone)?, Body::ClockOut { place }.into()),
        Tap::GoOut { destination, expected_return } => {
            (own(phone)?, Body::GoOut { destination, expected_return }.into())
        }
        Tap::Returned => (own(phone)?, Body::Returned {}.into()),
        Tap::RequestLeave { leave, from, to, reason } => {
            (own(phone)?, Body::RequestLeave { leave, from, to, reason }.into())
        }
        Tap::Task { minutes, note } => (own(phone)?, Body::Task { minutes, note }.into()),
        Tap::OpenOrder { customer, asset, fault, service_type } => {
            return open_order(phone, customer, asset, fault, service_type);
        }
        Tap::Contact { order, outcome, note, appointment } => {
            (order_page(phone, order)?, Body::Contact { outcome, note, appointment }.into())
        }
        Tap::Rebook { order, appointment, reason } => {
            (order_page(phone, order)?, Body::Rebook { appointment, reason }.into())
        }
        Tap::HandBack { order, reason } => (order_page(phone, order)?, Body::HandBack { reason }.into()),
        Tap::Toolkit { order, missing } => (order_page(phone, order)?, Body::Toolkit { missing }.into()),
        Tap::Depart { order: of } => {
            let (millis, random) = id_parts();
            let id = PageId::v7(millis, random);
            (order, visit) = (Some(of), Some(id));
            (phone.device.header(Subject::Visit { id, order: of })?, Body::Depart {}.into())
        }
        Tap::Arrive { visit: page, place } => {
            visit = Some(page);
            (phone.header_of(page)?, Body::Arrive { place }.into())
        }
        Tap::Leave { visit, result } => (phone.header_of(visit)?, Body::Leave { result }.into()),
        Tap::Set { page, field, value } => (phone.header_of(page)?, Body::Set { field, value }.into()),
        Tap::UsePart { visit, part, replaces } => {
            let body = Body::UsePart {
                part_no: part.part_no,
                name: part.name,
                qty: part.qty,
                unit_price: part.unit_price,
                billable: part.billable,
                old_serial: filled(part.old_serial),
                new_serial: filled(part.new_serial),
            };
            (phone.header_of(visit)?, Log { replaces, ..body.into() })
        }
        Tap::Charge { visit, item, amount, method } => {
            let receipt_no = match method {
                PayMethod::Cash => phone.device.take_number(Series::Receipt)?,
                PayMethod::Invoice => None,
            };
            (phone.header_of(visit)?, Body::Charge { item, amount, method, receipt_no }.into())
        }
        Tap::TakeBack { visit, item, serial } => {
            // A receipt needs a number; without a leased one the phone's own moment stands in, and is marked above.
            let number = phone.device.take_number(Series::Receipt)?;
            let receipt_no = number.unwrap_or_else(|| format!("X-{}", now().0));
            (phone.header_of(visit)?, Body::TakeBack { item, serial, receipt_no }.into())
        }
        Tap::ReturnItem { order, receipt_no } => (order_page(phone, order)?, Body::ReturnItem { receipt_no }.into()),
        Tap::Photo { visit, caption } => {
            let bytes = bytes.unwrap_or_default();
            let log: Log = Body::Photo { blob: Hash::of(&bytes), caption }.into();
            let act = Act::logging(phone.header_of(visit)?, log).with_blob(bytes);
            return finish(phone, act, None, Some(visit));
        }
        Tap::Sign { visit, signature } => {
            let glass = Glass {
                visit: phone.header_of(visit)?,
                name: signature.name,
                strokes: signature.strokes.into_bytes(),
                score: signature.score,
                comment: signature.comment,
                lang: signature.lang,
                typed: signature.typed,
                entry: None,
            };
            let act = phone.device.signing(glass)?;
            let captured = finish(phone, act, None, Some(visit))?;
            // What a customer has signed is taken back by nobody's thumb.
            return Ok(Captured { undo: false, ..captured });
        }
        Tap::Unsigned { visit, reason } => (phone.header_of(visit)?, Body::Unsigned { reason }.into()),
        Tap::Void { page, target, reason } => (phone.header_of(page)?, Body::Void { target, reason }.into()),
    };
    finish(phone, Act::default().and(header, [log]), order, visit)
}

fn finish(phone: &mut Phone, act: Act, order: Option<PageId>, visit: Option<PageId>) -> Result<Captured, CaptureError> {
    let asked = act.ask.is_some();
    let writes: Vec<Write> = act.writes.clone();
    let captured = phone.device.capture(act)?;
    let logs = writes.iter().flat_map(|write| write.entries.iter().map(|log| (&write.header, &log.body)));
    let mut undone = Vec::new();
    for ((header, body), entry) in logs.zip(&captured.entries) {
        phone.recent.insert(*entry, (header.clone(), body.clone(), now()));
        undone.push((header.clone(), *entry));
    }
    let undo = !asked && !matches!(writes[0].entries[0].body, Body::Void { .. } | Body::Set { .. });
    if undo {
        phone.acts.insert(captured.act, undone);
    }
    Ok(Captured { no: captured.act, entry: captured.entries.first().copied(), order, visit, undo })
}

fn open_order(
    phone: &mut Phone,
    customer: CustomerCode,
    asset: Option<AssetCode>,
    fault: String,
    service_type: ServiceType,
) -> Result<Captured, CaptureError> {
    let (millis, random) = id_parts();
    let order = PageId::v7(millis, random);
    let number = phone.device.take_number(Series::Order)?.unwrap_or_else(|| format!("T-{}", &order.to_string()[..13]));
    let header = phone.device.header(Subject::Order { id: order })?;
    let register = Body::Register { channel: Channel::OnSite, fault_code: String::new(), fault };
    let act = Act::asking(Ask::Open { order, number, customer, asset, service_type }).and(header, [register.into()]);
    finish(phone, act, Some(order), None)
}

/// The place came after the tap: an entry with it stands in for the one without.
pub fn locate(phone: &mut Phone, entry: &str, place: Option<Place>) -> Result<(), CaptureError> {
    let (Ok(entry), Some(place)) = (EntryId::parse(entry), place) else { return Ok(()) };
    let Some((header, body, at)) = phone.recent.remove(&entry) else { return Ok(()) };
    let body = match body {
        Body::ClockIn { place: None } => Body::ClockIn { place: Some(place) },
        Body::ClockOut { place: None } => Body::ClockOut { place: Some(place) },
        Body::Arrive { place: None } => Body::Arrive { place: Some(place) },
        _ => return Ok(()),
    };
    phone.device.capture(Act::logging(header, Log::from(body).in_place_of(entry, Some(at)))).map(drop)
}

/// Takes back what was logged a moment ago.
pub fn undo(phone: &mut Phone, no: u32) -> Result<(), CaptureError> {
    for (header, target) in phone.acts.remove(&no).unwrap_or_default() {
        let reason = "undo".to_owned();
        phone.device.capture(Act::logging(header, Body::Void { target, reason }))?;
        phone.recent.remove(&target);
    }
    Ok(())
}

/// The same is asked anew, knowing what was decided meanwhile.
pub fn ask_again(phone: &mut Phone, no: u32) -> Result<(), CaptureError> {
    let held = phone.device.quarantine()?.into_iter().find(|held| held.no == no);
    let Some(held) = held.filter(|held| held.kind != StepKind::Change) else { return Ok(()) };
    let text = String::from_utf8(held.content).unwrap_or_default();
    phone.device.capture(Act::asking(Command::parse(&text)?.ask)).map(drop)
}

const FEW: u32 = 5;
const BLOCK: u32 = 20;

/// Leases number blocks in time: numbers must be there before the network goes.
pub fn lease_numbers(phone: &mut Phone) -> Result<(), CaptureError> {
    if phone.device.invitation()?.is_none() {
        return Ok(());
    }
    for series in [Series::Receipt, Series::Order] {
        let asked = phone.device.decisions()?.iter().any(|item| {
            matches!(item.state, outpost_device::views::DecisionState::Pending)
                && matches!(item.command.ask, Ask::LeaseNumbers { series: of, .. } if of == series)
        });
        if !asked && phone.device.numbers_left(series)? < FEW {
            match phone.device.capture(Act::asking(Ask::LeaseNumbers { series, count: BLOCK })) {
                // Who may not lease does without.
                Err(CaptureError::Denied(_)) | Ok(_) => {}
                Err(trouble) => return Err(trouble),
            }
        }
    }
    Ok(())
}
