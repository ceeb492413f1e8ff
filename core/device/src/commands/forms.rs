//! Filling in a form: answers come as a screen has them, as text; the form says what each of them is.

use super::Captured;
use crate::act;
use crate::device::Device;
use crate::error::CaptureError;
use crate::forms::FormKey;
use outpost_model::entry::{Body, Value};
use outpost_model::form::{Answers, Form, FormField};
use outpost_model::header::{Header, RecordKey, Subject};
use outpost_model::id::{EntryId, FormCode};
use outpost_model::judge::Denial;
use outpost_model::problem::Code;
use serde::{Deserialize, Serialize};

/// One answer: a day as YYYY-MM-DD, a choice by its code, yes and no as `true` and `false`, money in fen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct Answer {
    pub field: String,
    pub text: String,
}

impl Device {
    pub(super) fn answer(&mut self, key: FormKey, answer: Answer) -> Result<Captured, CaptureError> {
        let (header, form) = self.form_of(&key)?;
        let value = value(form.field(&answer.field), answer.text);
        self.log(header, Body::Answer { field: answer.field, value, v: form.version })
    }

    pub(super) fn add_row(
        &mut self,
        key: FormKey,
        table: String,
        cells: Vec<Answer>,
        replaces: Option<EntryId>,
    ) -> Result<Captured, CaptureError> {
        let (header, form) = self.form_of(&key)?;
        let columns: &[FormField] = match form.field(&table).map(|field| &field.answer) {
            Some(Answers::Table { columns }) => columns,
            _ => &[],
        };
        let filled = cells.into_iter().filter(|cell| !cell.text.is_empty());
        let cells = filled
            .map(|cell| {
                let column = columns.iter().find(|column| column.name == cell.field);
                let value = value(column, cell.text);
                (cell.field, value)
            })
            .collect();
        let row = Body::Row { field: table, cells, v: form.version };
        self.log(header, act::Log { replaces, ..row.into() })
    }

    pub(super) fn send_form(&mut self, key: FormKey) -> Result<Captured, CaptureError> {
        let (header, form) = self.form_of(&key)?;
        let act = self.sending(header, &form)?;
        Ok(Captured::of(&self.capture(act)?, true))
    }

    pub(crate) fn form_of(&self, key: &FormKey) -> Result<(Header, Form), CaptureError> {
        let code = FormCode::parse(&key.form).map_err(|_| unknown(&key.form))?;
        let form = self.forms()?.into_iter().find(|form| form.form == code).ok_or_else(|| unknown(&key.form))?;
        let which = key.period.map_or(RecordKey::Id(key.page), RecordKey::Period);
        let person = self.identity()?.owner.user;
        let header = self.header(Subject::Record { person, form: code, key: which })?;
        Ok((header, form))
    }
}

pub(super) fn unknown(form: &str) -> CaptureError {
    CaptureError::Denied(Denial::new(Code::FormUnknown, form))
}

/// A text that isn't what the field asks for goes on as it is: the gate says so.
fn value(field: Option<&FormField>, text: String) -> Value {
    let value = match field.map(|field| &field.answer) {
        Some(Answers::Number | Answers::Money) => text.parse().ok().map(Value::Number),
        Some(Answers::YesNo) => text.parse().ok().map(Value::YesNo),
        _ => None,
    };
    value.unwrap_or(Value::Text(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forms::text;

    #[test]
    fn an_answer_becomes_what_its_field_asks_for() {
        let field = |answer| FormField { name: "f".into(), zh: "题".into(), en: "Q".into(), needed: false, answer };
        let read = |answer, given: &str| value(Some(&field(answer)), given.to_owned());
        assert_eq!(read(Answers::Money, "105000"), Value::Number(105_000));
        assert_eq!(read(Answers::YesNo, "true"), Value::YesNo(true));
        assert_eq!(read(Answers::Text, "7"), Value::Text("7".into()));
        assert_eq!(read(Answers::Number, "seven"), Value::Text("seven".into()));
        for given in [Value::YesNo(false), Value::Number(-3), Value::Text("x".into())] {
            let answer = match given {
                Value::YesNo(_) => Answers::YesNo,
                Value::Number(_) => Answers::Number,
                Value::Text(_) => Answers::Text,
            };
            assert_eq!(read(answer, &text(&given)), given);
        }
    }
}
