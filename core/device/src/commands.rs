//! Commands: everything that an app can log, by name, in one closed list.
//!
//! In comes an [`Act`] as a screen has it; out goes an [act of the core](crate::act::Act), captured. Numbers and ids
//! that the act needs are taken here, so that no app has to know how. Its counterparts in Kotlin, Swift and TypeScript
//! are made from this list.

mod afterwards;
mod forms;
mod lease;

pub use forms::Answer;

use crate::act::{self, Log};
use crate::device::Device;
use crate::error::{CaptureError, DeviceError};
use crate::forms::FormKey;
use crate::signing::Glass;
use crate::store::pages;
use outpost_model::command::{Ask, Series, ServiceType};
use outpost_model::entry::{Body, Channel, Lang, PayMethod, Place, Reach, VisitResult};
use outpost_model::header::{Header, Subject};
use outpost_model::id::{AssetCode, CustomerCode, EntryId, Hash, PageId};
use outpost_model::time::{Day, Millis};
use serde::{Deserialize, Serialize};

/// What somebody does with one tap.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Enum, ts_rs::TS))]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum Act {
    ClockIn {
        place: Option<Place>,
    },
    ClockOut {
        place: Option<Place>,
    },
    GoOut {
        destination: String,
        expected_return: Millis,
    },
    Returned,
    RequestLeave {
        leave: String,
        from: Day,
        to: Day,
        reason: String,
    },
    /// General work (D).
    Task {
        minutes: u32,
        note: String,
    },
    /// Opens an order on the spot; it is one's own.
    OpenOrder {
        customer: CustomerCode,
        asset: Option<AssetCode>,
        fault: String,
        service_type: ServiceType,
    },
    /// The customer was called.
    Contact {
        order: PageId,
        outcome: Reach,
        note: String,
        appointment: Option<Millis>,
    },
    Rebook {
        order: PageId,
        appointment: Millis,
        reason: String,
    },
    HandBack {
        order: PageId,
        reason: String,
    },
    Toolkit {
        order: PageId,
        missing: Vec<String>,
    },
    /// Begins a visit.
    Depart {
        order: PageId,
    },
    Arrive {
        visit: PageId,
        place: Option<Place>,
    },
    Leave {
        visit: PageId,
        result: VisitResult,
    },
    /// Gives a field of a page a value.
    Set {
        page: PageId,
        field: String,
        value: String,
    },
    /// `replaces`: the entry that was mistyped.
    UsePart {
        visit: PageId,
        part: NewPart,
        replaces: Option<EntryId>,
    },
    /// Fen. Money taken in cash gets the next leased receipt number.
    Charge {
        visit: PageId,
        item: String,
        amount: i64,
        method: PayMethod,
    },
    TakeBack {
        visit: PageId,
        item: String,
        serial: String,
    },
    ReturnItem {
        order: PageId,
        receipt_no: String,
    },
    /// The photo's bytes go beside it.
    Photo {
        visit: PageId,
        caption: String,
    },
    Sign {
        visit: PageId,
        signature: NewSignature,
    },
    /// The customer wouldn't sign.
    Unsigned {
        visit: PageId,
        reason: String,
    },
    Void {
        page: PageId,
        target: EntryId,
        reason: String,
    },
    /// Answers a question of a form.
    Answer {
        key: FormKey,
        answer: Answer,
    },
    /// A line of a form's table. `replaces`: the line that was mistyped.
    AddRow {
        key: FormKey,
        table: String,
        cells: Vec<Answer>,
        replaces: Option<EntryId>,
    },
    /// The form is sent as it stands.
    SendForm {
        key: FormKey,
    },
    /// The daily report (006) is sent as the day's work has written it.
    SendReport {
        day: Day,
    },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct NewPart {
    pub part_no: String,
    pub name: String,
    pub qty: u32,
    /// Fen.
    pub unit_price: i64,
    pub billable: bool,
    pub old_serial: String,
    pub new_serial: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct NewSignature {
    pub name: String,
    /// SVG path data of the strokes, in glass coordinates; empty where the name was typed.
    pub strokes: String,
    /// 1 to 5.
    pub score: u8,
    pub comment: String,
    pub lang: Lang,
    /// The name was typed instead of drawn, for this reason.
    pub typed: Option<String>,
    /// The digest of the glass that the customer saw.
    pub digest: Hash,
}

/// What became of an act: it is durable.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct Captured {
    pub no: u32,
    pub entry: Option<EntryId>,
    /// The order that was opened, or that the act is about.
    pub order: Option<PageId>,
    /// The visit that was begun, or that the act is about.
    pub visit: Option<PageId>,
    /// A thumb may take it back.
    pub undo: bool,
}

impl Captured {
    fn of(captured: &act::Captured, undo: bool) -> Self {
        let entry = captured.entries.first().copied();
        Self { no: captured.act, entry, order: None, visit: None, undo }
    }
}

fn filled(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

impl Device {
    /// Logs an act; it is on disk when this returns. `photo`: the bytes of [`Act::Photo`].
    pub fn perform(&mut self, act: Act, photo: Option<Vec<u8>>) -> Result<Captured, CaptureError> {
        match act {
            Act::OpenOrder { customer, asset, fault, service_type } => {
                self.open_order(customer, asset, fault, service_type)
            }
            Act::Depart { order } => {
                let (millis, random) = self.host.id_parts();
                let id = PageId::v7(millis, random);
                let captured = self.log(self.header(Subject::Visit { id, order })?, Body::Depart {})?;
                Ok(Captured { order: Some(order), visit: Some(id), ..captured })
            }
            Act::Photo { visit, caption } => {
                let bytes = photo.unwrap_or_default();
                let log = Body::Photo { blob: Hash::of(&bytes), caption };
                let act = act::Act::logging(self.header_of(visit)?, log).with_blob(bytes);
                Ok(Captured { visit: Some(visit), ..Captured::of(&self.capture(act)?, true) })
            }
            Act::Sign { visit, signature } => self.sign_glass(visit, signature),
            Act::UsePart { visit, part, replaces } => {
                let log = Log { replaces, ..Log::from(Body::from(part)) };
                self.log(self.header_of(visit)?, log)
            }
            Act::Charge { visit, item, amount, method } => {
                let header = self.header_of(visit)?;
                let receipt_no = match method {
                    PayMethod::Cash => self.take_number(Series::Receipt)?,
                    PayMethod::Invoice => None,
                };
                self.log(header, Body::Charge { item, amount, method, receipt_no })
            }
            Act::TakeBack { visit, item, serial } => {
                let header = self.header_of(visit)?;
                // A receipt needs a number; without a leased one the phone's own moment stands in, and is marked above.
                let number = self.take_number(Series::Receipt)?;
                let receipt_no = number.unwrap_or_else(|| format!("X-{}", self.host.clock.now().0));
                self.log(header, Body::TakeBack { item, serial, receipt_no })
            }
            Act::Arrive { visit, place } => {
                let captured = self.log(self.header_of(visit)?, Body::Arrive { place })?;
                Ok(Captured { visit: Some(visit), ..captured })
            }
            Act::Set { page, field, value } => {
                let captured = self.log(self.header_of(page)?, Body::Set { field, value })?;
                Ok(Captured { undo: false, ..captured })
            }
            Act::Void { page, target, reason } => {
                let captured = self.log(self.header_of(page)?, Body::Void { target, reason })?;
                Ok(Captured { undo: false, ..captured })
            }
            Act::Answer { key, answer } => self.answer(key, answer),
            Act::AddRow { key, table, cells, replaces } => self.add_row(key, table, cells, replaces),
            Act::SendForm { key } => self.send_form(key),
            Act::SendReport { day } => match self.daily_report_key(day)? {
                Some(key) => self.send_form(key),
                None => Err(forms::unknown("the daily report")),
            },
            Act::Leave { visit, result } => self.log(self.header_of(visit)?, Body::Leave { result }),
            Act::Unsigned { visit, reason } => self.log(self.header_of(visit)?, Body::Unsigned { reason }),
            Act::Contact { order, outcome, note, appointment } => {
                self.log_on_order(order, Body::Contact { outcome, note, appointment })
            }
            Act::Rebook { order, appointment, reason } => {
                self.log_on_order(order, Body::Rebook { appointment, reason })
            }
            Act::HandBack { order, reason } => self.log_on_order(order, Body::HandBack { reason }),
            Act::Toolkit { order, missing } => self.log_on_order(order, Body::Toolkit { missing }),
            Act::ReturnItem { order, receipt_no } => self.log_on_order(order, Body::ReturnItem { receipt_no }),
            Act::ClockIn { place } => self.log_own(Body::ClockIn { place }),
            Act::ClockOut { place } => self.log_own(Body::ClockOut { place }),
            Act::GoOut { destination, expected_return } => self.log_own(Body::GoOut { destination, expected_return }),
            Act::Returned => self.log_own(Body::Returned {}),
            Act::RequestLeave { leave, from, to, reason } => {
                self.log_own(Body::RequestLeave { leave, from, to, reason })
            }
            Act::Task { minutes, note } => self.log_own(Body::Task { minutes, note }),
        }
    }

    fn log(&mut self, header: Header, entry: impl Into<Log>) -> Result<Captured, CaptureError> {
        Ok(Captured::of(&self.capture(act::Act::logging(header, entry))?, true))
    }

    fn log_on_order(&mut self, id: PageId, body: Body) -> Result<Captured, CaptureError> {
        self.log(self.header(Subject::Order { id })?, body)
    }

    fn log_own(&mut self, body: Body) -> Result<Captured, CaptureError> {
        self.log(self.attendance_header(self.host.clock.now())?, body)
    }

    /// The header of a page that this phone holds.
    fn header_of(&self, page: PageId) -> Result<Header, CaptureError> {
        let known = pages::header(self.store.read(), page).map_err(DeviceError::from)?;
        known.ok_or(CaptureError::PageUnknown(page))
    }

    fn open_order(
        &mut self,
        customer: CustomerCode,
        asset: Option<AssetCode>,
        fault: String,
        service_type: ServiceType,
    ) -> Result<Captured, CaptureError> {
        let (millis, random) = self.host.id_parts();
        let order = PageId::v7(millis, random);
        let header = self.header(Subject::Order { id: order })?;
        let leased = self.take_number(Series::Order)?;
        let number = leased.unwrap_or_else(|| format!("T-{}", &order.to_string()[..13]));
        let register = Body::Register { channel: Channel::OnSite, fault_code: String::new(), fault };
        let ask = Ask::Open { order, number, customer, asset, service_type };
        let captured = self.capture(act::Act::asking(ask).and(header, [register.into()]))?;
        Ok(Captured { order: Some(order), ..Captured::of(&captured, false) })
    }

    /// What a customer has signed is taken back by nobody's thumb.
    fn sign_glass(&mut self, visit: PageId, signature: NewSignature) -> Result<Captured, CaptureError> {
        let glass = Glass {
            visit: self.header_of(visit)?,
            name: signature.name,
            strokes: signature.strokes.into_bytes(),
            score: signature.score,
            comment: signature.comment,
            lang: signature.lang,
            typed: signature.typed,
            entry: None,
        };
        let act = self.signing(glass)?;
        let pins = |log: &Log| matches!(&log.body, Body::Sign(signed) if signed.digest == signature.digest);
        if !act.writes.iter().flat_map(|write| &write.entries).any(pins) {
            return Err(CaptureError::GlassChanged);
        }
        let captured = self.capture(act)?;
        Ok(Captured { visit: Some(visit), ..Captured::of(&captured, false) })
    }
}

impl From<NewPart> for Body {
    fn from(part: NewPart) -> Self {
        Body::UsePart {
            part_no: part.part_no,
            name: part.name,
            qty: part.qty,
            unit_price: part.unit_price,
            billable: part.billable,
            old_serial: filled(part.old_serial),
            new_serial: filled(part.new_serial),
        }
    }
}
