//! Form definitions: what a filled form asks for, how often, and who has to approve it.
//!
//! The regulations' forms are built in ([`builtin`]); the company puts versions of its own over them, as records that
//! flow down to everybody. A version never changes: each answer names the version that it answers, and is checked
//! against that one, so what was filled in offline on yesterday's form is taken as what it was.

mod builtin;
mod check;

pub use builtin::{builtin, builtins};
pub use check::{BadForm, Misfit};

use crate::id::FormCode;
use crate::time::{Day, Zone};
use jiff::ToSpan;
use serde::{Deserialize, Serialize};

/// One version of one form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Form {
    pub form: FormCode,
    /// Counts up by one.
    pub version: u32,
    pub zh: String,
    pub en: String,
    /// The number that is printed on it (006), where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    pub rhythm: Rhythm,
    /// Who has to approve it; without one it is sent, and that is all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approver: Option<Approver>,
    /// What the fold writes on it, from what was logged anyway.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written: Option<Written>,
    /// By the end of which day it is to be sent, counted from the first day of its period; no limit if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_days: Option<u16>,
    /// Whether anybody is still to begin one.
    pub active: bool,
    pub fields: Vec<FormField>,
}

/// How often it is filled in. What has a period has one page for each person and period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rhythm {
    /// Whenever something calls for it.
    Once,
    Daily,
    /// From Monday on.
    Weekly,
    /// The calendar month.
    Monthly,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Approver {
    /// The lead of the author's station, or headquarters.
    Lead,
    /// Headquarters alone.
    Hq,
}

/// Lines that nobody types: the day's work, as the `daily` export has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Written {
    /// The author's own day (006).
    OwnDay,
    /// The day of everybody at the author's station (007).
    StationDay,
}

impl Approver {
    pub fn name(self) -> &'static str {
        match self {
            Approver::Lead => "lead",
            Approver::Hq => "hq",
        }
    }
    pub fn parse(name: &str) -> Option<Self> {
        [Approver::Lead, Approver::Hq].into_iter().find(|approver| approver.name() == name)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormField {
    pub name: String,
    pub zh: String,
    pub en: String,
    /// The form isn't complete without it.
    pub needed: bool,
    #[serde(flatten)]
    pub answer: Answers,
}

/// What may be answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Answers {
    Text,
    /// A whole number.
    Number,
    /// Fen.
    Money,
    Date,
    YesNo,
    Choice {
        options: Vec<Choice>,
    },
    /// Lines of a table; its columns hold no table.
    Table {
        columns: Vec<FormField>,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    pub code: String,
    pub zh: String,
    pub en: String,
}

impl Form {
    pub fn field(&self, name: &str) -> Option<&FormField> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The moment's day, as the last on which a form of that period is in time.
    pub fn due(&self, period: Option<Day>) -> Option<Day> {
        let (first, days) = (period?, self.due_days?);
        Some(Day(first.0.saturating_add(i64::from(days).days())))
    }
}

impl Rhythm {
    /// The first day of the period that a day belongs to; none where there are no periods.
    pub fn period_of(self, day: Day) -> Option<Day> {
        match self {
            Rhythm::Once => None,
            Rhythm::Daily => Some(day),
            Rhythm::Weekly => Some(Day(day.0.saturating_sub((i64::from(day.weekday()) - 1).days()))),
            Rhythm::Monthly => Some(day.month().first()),
        }
    }

    /// The period that runs at a moment.
    pub fn period_at(self, at: crate::time::Millis, zone: &Zone) -> Option<Day> {
        self.period_of(zone.day(at))
    }

    /// Whether a page may be one of this rhythm's: a day that begins a period, or none where there are none.
    pub fn fits(self, period: Option<Day>) -> bool {
        match period {
            Some(day) => self.period_of(day) == Some(day),
            None => self == Rhythm::Once,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_begins_on_its_first_day() {
        let day = |text| Day::parse(text).unwrap();
        let wednesday = day("2026-10-14");
        assert_eq!(Rhythm::Weekly.period_of(wednesday), Some(day("2026-10-12")));
        assert_eq!(Rhythm::Monthly.period_of(wednesday), Some(day("2026-10-01")));
        assert_eq!(Rhythm::Daily.period_of(wednesday), Some(wednesday));
        assert!(Rhythm::Weekly.fits(Some(day("2026-10-12"))) && !Rhythm::Weekly.fits(Some(wednesday)));
        assert!(Rhythm::Once.fits(None) && !Rhythm::Once.fits(Some(wednesday)) && !Rhythm::Daily.fits(None));
    }
}
