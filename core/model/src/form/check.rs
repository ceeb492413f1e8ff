//! Whether a definition makes sense, and whether an answer is one to it.

use super::{Answers, Form, FormField};
use crate::entry::{MAX_FEN, MAX_TEXT, Value, is_field_name};
use crate::time::Day;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` of a form definition is out of range")]
pub struct BadForm(pub &'static str);

/// Why something isn't an answer to a form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Misfit {
    #[error("the form has no `{0}`")]
    NoSuchField(String),
    #[error("`{0}` asks for something else")]
    OtherType(String),
    #[error("`{0}` has no such choice")]
    NoSuchChoice(String),
    #[error("`{0}` is out of range")]
    Range(String),
}

impl Form {
    /// Names once, titles there, and no more of anything than a person would fill in.
    pub fn check(&self) -> Result<(), BadForm> {
        let fits = |ok: bool, what| if ok { Ok(()) } else { Err(BadForm(what)) };
        fits(self.version >= 1, "version")?;
        fits(is_title(&self.zh) && is_title(&self.en), "title")?;
        fits(self.number.as_ref().is_none_or(|number| (1..=16).contains(&number.len())), "number")?;
        fits(self.due_days.is_none_or(|days| days <= 366), "due_days")?;
        check_fields(&self.fields, 100, true)
    }

    /// Whether the value answers that field.
    pub fn takes(&self, field: &str, value: &Value) -> Result<(), Misfit> {
        let field = self.field(field).ok_or_else(|| Misfit::NoSuchField(field.to_owned()))?;
        takes(field, value)
    }

    /// Whether the cells are a line of that table. A line may be begun: what it needs is looked at when it is sent.
    pub fn takes_row(&self, table: &str, cells: &BTreeMap<String, Value>) -> Result<(), Misfit> {
        let field = self.field(table).ok_or_else(|| Misfit::NoSuchField(table.to_owned()))?;
        let Answers::Table { columns } = &field.answer else { return Err(Misfit::OtherType(table.to_owned())) };
        for (name, value) in cells {
            let column = columns.iter().find(|column| column.name == *name);
            takes(column.ok_or_else(|| Misfit::NoSuchField(format!("{table}.{name}")))?, value)?;
        }
        Ok(())
    }
}

fn check_fields(fields: &[FormField], most: usize, tables: bool) -> Result<(), BadForm> {
    let fits = |ok: bool, what| if ok { Ok(()) } else { Err(BadForm(what)) };
    fits(fields.len() <= most, "fields")?;
    let names: BTreeSet<&str> = fields.iter().map(|field| field.name.as_str()).collect();
    fits(names.len() == fields.len() && names.iter().all(|name| is_field_name(name)), "name")?;
    for field in fields {
        fits(is_title(&field.zh) && is_title(&field.en), "title")?;
        match &field.answer {
            Answers::Choice { options } => {
                let codes: BTreeSet<&str> = options.iter().map(|option| option.code.as_str()).collect();
                let known = codes.len() == options.len() && codes.iter().all(|code| is_field_name(code));
                fits((1..=100).contains(&options.len()) && known, "options")?;
                fits(options.iter().all(|option| is_title(&option.zh) && is_title(&option.en)), "title")?;
            }
            Answers::Table { columns } => {
                fits(tables && !columns.is_empty(), "columns")?;
                check_fields(columns, 20, false)?;
            }
            Answers::Text | Answers::Number | Answers::Money | Answers::Date | Answers::YesNo => {}
        }
    }
    Ok(())
}

fn is_title(text: &str) -> bool {
    (1..=200).contains(&text.len())
}

fn takes(field: &FormField, value: &Value) -> Result<(), Misfit> {
    let name = || field.name.clone();
    match (&field.answer, value) {
        // An empty text takes an answer back, whatever was asked.
        (Answers::Table { .. }, _) => Err(Misfit::OtherType(name())),
        (_, Value::Text(text)) if text.is_empty() => Ok(()),
        (Answers::Text, Value::Text(text)) if text.len() <= MAX_TEXT => Ok(()),
        (Answers::Text, Value::Text(_)) => Err(Misfit::Range(name())),
        (Answers::Number, Value::Number(_)) | (Answers::YesNo, Value::YesNo(_)) => Ok(()),
        (Answers::Money, Value::Number(fen)) if (0..=MAX_FEN).contains(fen) => Ok(()),
        (Answers::Money, Value::Number(_)) => Err(Misfit::Range(name())),
        (Answers::Date, Value::Text(day)) => Day::parse(day).map(drop).map_err(|_| Misfit::Range(name())),
        (Answers::Choice { options }, Value::Text(code)) => match options.iter().any(|option| option.code == *code) {
            true => Ok(()),
            false => Err(Misfit::NoSuchChoice(name())),
        },
        (
            Answers::Text | Answers::Number | Answers::Money | Answers::Date | Answers::YesNo | Answers::Choice { .. },
            _,
        ) => Err(Misfit::OtherType(name())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::{builtin, builtins};
    use crate::id::FormCode;

    fn expense() -> Form {
        builtin(&FormCode::parse("expense_claim").unwrap()).unwrap()
    }

    #[test]
    fn what_is_built_in_makes_sense() {
        for form in builtins() {
            assert_eq!(form.check(), Ok(()), "{}", form.form);
            assert_eq!(form.version, 1);
        }
    }

    #[test]
    fn an_answer_is_of_the_type_that_its_field_asks_for() {
        let text = |text: &str| Value::Text(text.into());
        let line = |name: &str, value| expense().takes_row("items", &[(name.to_owned(), value)].into());
        assert_eq!(line("amount", Value::Number(12_000)), Ok(()));
        assert_eq!(line("amount", Value::Number(-1)), Err(Misfit::Range("amount".into())));
        assert_eq!(line("amount", text("120")), Err(Misfit::OtherType("amount".into())));
        assert_eq!(line("day", text("2026-10-12")), Ok(()));
        assert_eq!(line("day", text("12.10.")), Err(Misfit::Range("day".into())));
        assert_eq!(line("sort", text("travel")), Ok(()));
        assert_eq!(line("sort", text("yacht")), Err(Misfit::NoSuchChoice("sort".into())));
        assert_eq!(line("colour", text("red")), Err(Misfit::NoSuchField("items.colour".into())));
        assert_eq!(expense().takes("items", &text("")), Err(Misfit::OtherType("items".into())));
        assert_eq!(expense().takes("remark", &text("")), Ok(()));
    }

    #[test]
    fn a_definition_that_names_something_twice_is_none() {
        let mut form = expense();
        form.fields.push(form.fields[0].clone());
        assert_eq!(form.check(), Err(BadForm("name")));
        form = expense();
        form.fields[0].name = "Items!".into();
        assert_eq!(form.check(), Err(BadForm("name")));
        form = expense();
        form.zh.clear();
        assert_eq!(form.check(), Err(BadForm("title")));
    }
}
