//! Forms on the phone: which there are, the page of one that is filled in, and the act that sends it.
//!
//! Answers and lines are captured like everything else. Sending pins what the page says, and where the form has lines
//! that nobody types, the day's work as it stands: what arrives later shows as a difference, and is sent again.

use crate::act::{Act, Log};
use crate::device::Device;
use crate::error::{CaptureError, DeviceError};
use crate::signing::heads;
use crate::store::{lists, records};
use outpost_model::entry::{Body, Value};
use outpost_model::fold::record::RecordFacts;
use outpost_model::form::{Form, Written};
use outpost_model::header::{Header, RecordKey, Subject};
use outpost_model::id::{FormCode, PageId, UserId};
use outpost_model::signature::{covered, sent};
use outpost_model::table::{Cells, DailyTotals};
use outpost_model::time::Day;
use serde::{Deserialize, Serialize};

/// Which of a person's forms. `page` names it where the form has no periods, `period` where it has.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct FormKey {
    pub form: String,
    pub page: PageId,
    pub period: Option<Day>,
}

impl FormKey {
    pub(crate) fn of(form: &FormCode, page: PageId, period: Option<Day>) -> Self {
        Self { form: form.as_str().to_owned(), page, period }
    }
}

impl Device {
    /// The newest version of each form, those that nobody begins any more included.
    pub fn forms(&self) -> Result<Vec<Form>, DeviceError> {
        Ok(records::forms(self.store.read())?)
    }

    /// One version of a form.
    pub fn form(&self, form: &FormCode, version: u32) -> Result<Option<Form>, DeviceError> {
        Ok(records::form(self.store.read(), form, version)?)
    }

    /// Filled forms that the phone holds, the newest first: this person's, and for a lead his station's.
    pub fn filled_forms(&self) -> Result<Vec<RecordFacts>, DeviceError> {
        Ok(lists::records(self.store.read())?)
    }

    pub fn filled_form(&self, page: PageId) -> Result<Option<RecordFacts>, DeviceError> {
        Ok(lists::record(self.store.read(), page)?)
    }

    /// The page of this person's form: the one of the day's period, or a new one where the form has no periods.
    pub fn form_page(&mut self, form: &Form, day: Day) -> Result<Header, DeviceError> {
        let key = match form.rhythm.period_of(day) {
            Some(period) => RecordKey::Period(period),
            None => {
                let (millis, random) = self.host.id_parts();
                RecordKey::Id(PageId::v7(millis, random))
            }
        };
        let person = self.identity()?.owner.user;
        self.header(Subject::Record { person, form: form.form.clone(), key })
    }

    /// The lines that the form has from what was logged anyway, as they stand now; none where it has none.
    pub fn written_lines(&self, form: &Form, period: Option<Day>) -> Result<Vec<Cells>, DeviceError> {
        let (Some(written), Some(day)) = (form.written, period) else { return Ok(Vec::new()) };
        let db = self.store.read();
        let user = self.identity()?.owner.user;
        let people: Vec<UserId> = match written {
            Written::OwnDay => vec![user],
            Written::StationDay => {
                let all = records::people(db)?;
                let station = all.iter().find(|person| person.user == user).and_then(|person| person.station.clone());
                let here = all.into_iter().filter(|person| station.is_some() && person.station == station);
                here.map(|person| person.user).collect()
            }
        };
        let mut totals = DailyTotals::default();
        for order in lists::orders(db)? {
            totals.add_order(&order.facts);
        }
        for person in &people {
            totals.add_person(person, &lists::own_time(db, person)?);
        }
        Ok(totals.of_day(day, &people))
    }

    /// The act that sends a form as it stands.
    pub fn sending(&mut self, header: Header, form: &Form) -> Result<Act, CaptureError> {
        let period = match &header.subject {
            Subject::Record { key, .. } => key.period(),
            _ => None,
        };
        let lines = self.written_lines(form, period)?;
        let index = self.index_of(header.page())?;
        // A form that only the fold writes on may be sent as it is: it has no heads.
        let heads = heads(index.as_ref());
        let shown = index.map(|index| covered(&index, &heads)).unwrap_or_default();
        let submit = Body::Submit { heads, digest: sent(&shown), v: form.version, lines };
        Ok(Act::logging(header, Log::from(submit)))
    }

    /// The daily report (006) of this person and day.
    pub(crate) fn daily_report_key(&mut self, day: Day) -> Result<Option<FormKey>, DeviceError> {
        let Some(form) = self.forms()?.into_iter().find(|form| form.written == Some(Written::OwnDay)) else {
            return Ok(None);
        };
        let page = self.form_page(&form, day)?.page();
        Ok(Some(FormKey::of(&form.form, page, form.rhythm.period_of(day))))
    }
}

/// A value as a screen shows it.
pub(crate) fn text(value: &Value) -> String {
    match value {
        Value::YesNo(yes) => yes.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Text(text) => text.clone(),
    }
}
