//! Forms: which may be begun, which were filled in and what became of them, and one in full.

use super::Screens;
use super::sync::Sentence;
use crate::error::DeviceError;
use crate::forms::{FormKey, text};
use crate::store::outbox::StepState;
use outpost_model::entry::Value;
use outpost_model::fold::record::{RecordFacts, RecordState, Sending};
use outpost_model::form::{Answers, Form, FormField, Written};
use outpost_model::id::{EntryId, FormCode, PageId};
use outpost_model::record::Role;
use outpost_model::time::{Day, Millis};
use serde::Serialize;
use std::collections::BTreeMap;

/// A form that this person may begin, or go on with.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct FormChoice {
    pub key: FormKey,
    pub title: Sentence,
    /// The number that is printed on it.
    pub number: Option<String>,
    /// Somebody has to approve it.
    pub approved: bool,
    /// The last day of its period.
    pub until: Option<Day>,
}

/// How far a form got among people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Enum, ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum FormState {
    Draft,
    /// Sent; nobody has to say anything.
    Sent,
    /// Sent, and waiting for a decision.
    Pending,
    Approved,
    Returned,
}

/// One of this person's forms, in a list.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct RecordLine {
    pub key: FormKey,
    pub title: Sentence,
    pub begun_at: Millis,
    /// The last day of its period.
    pub until: Option<Day>,
    pub state: FormState,
    /// It says something else now than what was sent.
    pub changed: bool,
    /// Why it was sent back.
    pub reason: Option<String>,
}

/// One form in full.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct FilledForm {
    pub key: FormKey,
    pub title: Sentence,
    pub number: Option<String>,
    pub approved: bool,
    /// The last day of its period.
    pub until: Option<Day>,
    pub state: FormState,
    pub changed: bool,
    pub reason: Option<String>,
    pub sent: Option<FormSent>,
    pub fields: Vec<FieldFilled>,
    /// Names of what is needed and isn't there: a field, or `table.column`.
    pub missing: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct FormSent {
    pub at: Millis,
    pub revision: u32,
    pub state: StepState,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Enum, ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum FieldType {
    Text,
    Number,
    Money,
    Date,
    YesNo,
    Choice,
    Table,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct FieldFilled {
    pub asks: FieldAsked,
    /// What was answered, as text; see `Answer`.
    pub text: String,
    /// Columns and lines of a table.
    pub columns: Vec<FieldAsked>,
    pub rows: Vec<RowFilled>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct FieldAsked {
    pub name: String,
    pub title: Sentence,
    pub needed: bool,
    pub is: FieldType,
    pub options: Vec<FieldOption>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct FieldOption {
    pub code: String,
    pub title: Sentence,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct RowFilled {
    pub entry: EntryId,
    /// One a column, in its order.
    pub cells: Vec<String>,
}

impl Screens<'_> {
    /// What may be begun now, or gone on with where it has a period that runs.
    pub fn forms(&mut self) -> Result<Vec<FormChoice>, DeviceError> {
        let names = self.names()?;
        let today = names.records.policy.zone.day(self.now());
        let me = names.records.people.iter().find(|person| person.user == names.me);
        let is_lead = me.is_some_and(|me| me.role == Role::Lead);
        let mut choices = Vec::new();
        for form in self.device.forms()? {
            // One's own day has a screen of its own; the station's is for whoever leads it to write.
            let elsewhere = match form.written {
                Some(Written::OwnDay) => true,
                Some(Written::StationDay) => !is_lead,
                None => false,
            };
            if !form.active || elsewhere {
                continue;
            }
            let header = self.device.form_page(&form, today)?;
            choices.push(FormChoice {
                key: FormKey::of(&form.form, header.page(), form.rhythm.period_of(today)),
                title: title(&form),
                number: form.number.clone(),
                approved: form.approver.is_some(),
                until: until(&form, form.rhythm.period_of(today)),
            });
        }
        Ok(choices)
    }

    /// This person's own forms, the newest first.
    pub(super) fn own_records(&self) -> Result<Vec<RecordLine>, DeviceError> {
        let me = self.user()?;
        let forms: BTreeMap<FormCode, Form> =
            self.device.forms()?.into_iter().map(|form| (form.form.clone(), form)).collect();
        let is_day =
            |facts: &RecordFacts| forms.get(&facts.form).is_some_and(|form| form.written == Some(Written::OwnDay));
        let own = self.device.filled_forms()?.into_iter().filter(|facts| facts.person == me && !is_day(facts));
        let line = |facts: RecordFacts| {
            let form = forms.get(&facts.form);
            RecordLine {
                key: FormKey::of(&facts.form, facts.page, facts.period),
                title: form.map_or_else(|| plain(facts.form.as_str()), title),
                begun_at: facts.begun_at,
                until: form.and_then(|form| until(form, facts.period)),
                state: state(Some(&facts), form),
                changed: facts.changed,
                reason: reason(&facts),
            }
        };
        Ok(own.map(line).collect())
    }

    pub fn form(&mut self, key: FormKey) -> Result<Option<FilledForm>, DeviceError> {
        let Ok(code) = FormCode::parse(&key.form) else { return Ok(None) };
        let facts = self.device.filled_form(key.page)?;
        let newest = self.device.forms()?.into_iter().find(|form| form.form == code);
        let Some(form) = newest else { return Ok(None) };
        let none = BTreeMap::new();
        let answers = facts.as_ref().map_or(&none, |facts| &facts.content.answers);
        let fields = form.fields.iter().map(|field| filled(field, answers, facts.as_ref())).collect();
        let sent = match facts.as_ref().and_then(RecordFacts::last_sent) {
            Some(last) => Some(self.sent(key.page, last)?),
            None => None,
        };
        Ok(Some(FilledForm {
            title: title(&form),
            number: form.number.clone(),
            approved: form.approver.is_some(),
            until: until(&form, key.period),
            state: state(facts.as_ref(), Some(&form)),
            changed: facts.as_ref().is_some_and(|facts| facts.changed),
            reason: facts.as_ref().and_then(reason),
            sent,
            fields,
            missing: match &facts {
                Some(facts) => facts.missing.clone(),
                None => form.fields.iter().filter(|field| field.needed).map(|field| field.name.clone()).collect(),
            },
            key,
        }))
    }

    /// The daily report (006) of a day: its last sending, and whether it would say something else now.
    pub(super) fn daily_report(&mut self, day: Day) -> Result<(Option<FormSent>, bool), DeviceError> {
        let Some(form) = self.own_day()? else { return Ok((None, false)) };
        let page = self.device.form_page(&form, day)?.page();
        let lines = self.device.written_lines(&form, Some(day))?;
        let facts = self.device.filled_form(page)?;
        let Some(last) = facts.as_ref().and_then(RecordFacts::last_sent) else {
            return Ok((None, !lines.is_empty()));
        };
        let differs = last.lines != lines || facts.as_ref().is_some_and(|facts| facts.changed);
        Ok((Some(self.sent(page, last)?), differs))
    }

    pub(super) fn is_report_sent(&mut self, day: Day) -> Result<bool, DeviceError> {
        let Some(form) = self.own_day()? else { return Ok(false) };
        let page = self.device.form_page(&form, day)?.page();
        Ok(self.device.filled_form(page)?.is_some_and(|facts| facts.last_sent().is_some()))
    }

    fn own_day(&self) -> Result<Option<Form>, DeviceError> {
        Ok(self.device.forms()?.into_iter().find(|form| form.written == Some(Written::OwnDay)))
    }

    fn sent(&mut self, page: PageId, last: &Sending) -> Result<FormSent, DeviceError> {
        let events = self.device.opening([page], |device| device.events(&[page]))??;
        let state = events.iter().find(|event| event.id == last.entry).map_or(StepState::Admitted, |event| event.state);
        Ok(FormSent { at: last.at, revision: last.revision, state })
    }
}

/// The last day of the period that begins on that day.
fn until(form: &Form, period: Option<Day>) -> Option<Day> {
    let first = period?;
    let mut last = first;
    // A period is a month at most.
    for _ in 0..31 {
        if form.rhythm.period_of(last.next()) != Some(first) {
            break;
        }
        last = last.next();
    }
    Some(last)
}

fn title(form: &Form) -> Sentence {
    Sentence { zh: form.zh.clone(), en: form.en.clone() }
}

fn plain(text: &str) -> Sentence {
    Sentence { zh: text.to_owned(), en: text.to_owned() }
}

fn state(facts: Option<&RecordFacts>, form: Option<&Form>) -> FormState {
    match facts.map(|facts| facts.state) {
        None | Some(RecordState::Draft) => FormState::Draft,
        Some(RecordState::Submitted) if form.is_some_and(|form| form.approver.is_some()) => FormState::Pending,
        Some(RecordState::Submitted) => FormState::Sent,
        Some(RecordState::Approved) => FormState::Approved,
        Some(RecordState::Returned) => FormState::Returned,
    }
}

fn reason(facts: &RecordFacts) -> Option<String> {
    let ruled = facts.last_sent()?.ruled.as_ref()?;
    (!ruled.approved).then(|| ruled.reason.clone())
}

fn filled(field: &FormField, answers: &BTreeMap<String, Value>, facts: Option<&RecordFacts>) -> FieldFilled {
    let columns: &[FormField] = match &field.answer {
        Answers::Table { columns } => columns,
        _ => &[],
    };
    let rows = facts.and_then(|facts| facts.content.rows.get(&field.name));
    let row = |row: &outpost_model::fold::record::RowLine| RowFilled {
        entry: row.entry,
        cells: columns.iter().map(|column| row.cells.get(&column.name).map(text).unwrap_or_default()).collect(),
    };
    FieldFilled {
        asks: asked(field),
        text: answers.get(&field.name).map(text).unwrap_or_default(),
        columns: columns.iter().map(asked).collect(),
        rows: rows.map(|rows| rows.iter().map(row).collect()).unwrap_or_default(),
    }
}

fn asked(field: &FormField) -> FieldAsked {
    let (is, options) = match &field.answer {
        Answers::Text => (FieldType::Text, Vec::new()),
        Answers::Number => (FieldType::Number, Vec::new()),
        Answers::Money => (FieldType::Money, Vec::new()),
        Answers::Date => (FieldType::Date, Vec::new()),
        Answers::YesNo => (FieldType::YesNo, Vec::new()),
        Answers::Table { .. } => (FieldType::Table, Vec::new()),
        Answers::Choice { options } => {
            let option = |option: &outpost_model::form::Choice| FieldOption {
                code: option.code.clone(),
                title: Sentence { zh: option.zh.clone(), en: option.en.clone() },
            };
            (FieldType::Choice, options.iter().map(option).collect())
        }
    };
    FieldAsked {
        name: field.name.clone(),
        title: Sentence { zh: field.zh.clone(), en: field.en.clone() },
        needed: field.needed,
        is,
        options,
    }
}
