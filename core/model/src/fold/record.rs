//! A filled form: what it says now, what was sent when, and what became of it.
//!
//! Answers and lines are entries of its author. A sending pins the heads that were shown; a decision names the
//! sending that it is about. What is written after a sending is a change, seen as such until it is sent in turn.

use super::event::{Event, Sheet};
use super::flag::{Flag, FlagKind, Raised};
use crate::admission::PageIndex;
use crate::command::Ask;
use crate::decision::Decision;
use crate::entry::{Body, Value};
use crate::form::{Answers, Approver, Form};
use crate::header::Subject;
use crate::id::{EntryId, FormCode, PageId, UserId};
use crate::policy::Policy;
use crate::time::{Day, Millis};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordFacts {
    pub page: PageId,
    pub person: UserId,
    pub form: FormCode,
    pub period: Option<Day>,
    /// The newest version that was answered.
    pub version: u32,
    pub state: RecordState,
    /// What it says now.
    pub content: Content,
    /// Fields that were answered twice, without knowledge of each other; the later answer is shown.
    pub conflicts: BTreeSet<String>,
    /// What the form needs and doesn't hold: a field, or a table's column.
    pub missing: Vec<String>,
    pub begun_at: Millis,
    /// Each sending, in log order.
    pub sendings: Vec<Sending>,
    /// It says something else now than what was sent last.
    pub changed: bool,
    pub flags: BTreeSet<Flag>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordState {
    /// Begun, and not sent.
    Draft,
    /// Sent; where the form needs a decision it waits for it.
    Submitted,
    Approved,
    /// Sent back, with a reason.
    Returned,
}

impl RecordState {
    pub const ALL: [RecordState; 4] =
        [RecordState::Draft, RecordState::Submitted, RecordState::Approved, RecordState::Returned];

    pub fn name(self) -> &'static str {
        match self {
            RecordState::Draft => "draft",
            RecordState::Submitted => "submitted",
            RecordState::Approved => "approved",
            RecordState::Returned => "returned",
        }
    }
}

/// What a form says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    pub answers: BTreeMap<String, Value>,
    /// Lines of each table, by time.
    pub rows: BTreeMap<String, Vec<RowLine>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowLine {
    pub entry: EntryId,
    pub cells: BTreeMap<String, Value>,
}

/// What was sent, as it stood then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sending {
    pub entry: EntryId,
    /// 1 for the first, counting up.
    pub revision: u32,
    pub at: Millis,
    pub version: u32,
    pub content: Content,
    /// Lines that the fold wrote, as they stood then.
    pub lines: Vec<Vec<String>>,
    pub ruled: Option<Ruled>,
}

/// What was decided about a sending.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ruled {
    pub approved: bool,
    pub reason: String,
    pub by: UserId,
    pub at: Millis,
}

impl RecordFacts {
    /// What is in force: what was approved last, whatever was sent since.
    pub fn in_force(&self) -> Option<&Sending> {
        self.sendings.iter().rev().find(|sending| sending.ruled.as_ref().is_some_and(|ruled| ruled.approved))
    }

    pub fn last_sent(&self) -> Option<&Sending> {
        self.sendings.last()
    }

    /// Who has to decide about what was sent last; none where it waits for nobody.
    pub fn waits_for(&self, form_of: &dyn Fn(&FormCode, u32) -> Option<Form>) -> Option<Approver> {
        let sent = self.last_sent().filter(|_| self.state == RecordState::Submitted)?;
        form_of(&self.form, sent.version)?.approver
    }
}

/// Reads one filled form; nothing where its page holds nothing. `decisions` are those that hang on the page.
pub fn facts(
    sheet: Sheet<'_>,
    decisions: &[Decision],
    policy: &Policy,
    form_of: &dyn Fn(&FormCode, u32) -> Option<Form>,
) -> Option<RecordFacts> {
    let header = sheet.index.header();
    let Subject::Record { person, form, key } = &header.subject else { return None };
    let all = sheet.all();
    let begun_at = all.iter().map(|event| event.at).min()?;
    let version = all.iter().filter_map(|event| event.body.form_version()).max().unwrap_or(1);
    let live = sheet.live(decisions);
    let content = Content::of(&live);
    let sendings = sendings(sheet, &live, decisions);
    let definition = form_of(form, version);
    let mut raised = Raised::default();
    for event in all.iter().filter(|event| event.suspect) {
        raised.raise(FlagKind::TimeSuspect, event.body.name(), event.seen_at(), &event.by);
    }
    let due = definition.as_ref().and_then(|form| form.due(key.period()));
    if let (Some(due), Some(first)) = (due, sendings.first())
        && policy.zone.day(first.at) > due
    {
        raised.raise(FlagKind::LateForm, "", first.at, person);
    }
    Some(RecordFacts {
        page: header.page(),
        person: person.clone(),
        form: form.clone(),
        period: key.period(),
        version,
        state: state(sendings.last()),
        conflicts: conflicts(sheet.index, &live),
        missing: definition.map(|form| missing(&form, &content)).unwrap_or_default(),
        changed: sendings.last().is_some_and(|last| last.content != content),
        content,
        begun_at,
        sendings,
        flags: raised.flags(),
    })
}

fn state(last: Option<&Sending>) -> RecordState {
    match last.map(|sending| &sending.ruled) {
        None => RecordState::Draft,
        Some(None) => RecordState::Submitted,
        Some(Some(ruled)) if ruled.approved => RecordState::Approved,
        Some(Some(_)) => RecordState::Returned,
    }
}

impl Content {
    /// Events come by time: a later answer stands for an earlier one; an empty one takes it back.
    fn of(events: &[Event<'_>]) -> Self {
        let mut content = Self::default();
        for event in events {
            match event.body {
                Body::Answer { field, value: Value::Text(text), .. } if text.is_empty() => {
                    content.answers.remove(field);
                }
                Body::Answer { field, value, .. } => {
                    content.answers.insert(field.clone(), value.clone());
                }
                Body::Row { field, cells, .. } => {
                    let line = RowLine { entry: event.id, cells: cells.clone() };
                    content.rows.entry(field.clone()).or_default().push(line);
                }
                _ => {}
            }
        }
        content
    }
}

fn sendings(sheet: Sheet<'_>, live: &[Event<'_>], decisions: &[Decision]) -> Vec<Sending> {
    let mut sent: Vec<&Event<'_>> = live.iter().filter(|event| matches!(event.body, Body::Submit { .. })).collect();
    sent.sort_by_key(|event| (event.seq, event.order_key()));
    let mut sendings = Vec::new();
    for event in sent {
        let Body::Submit { heads, v, lines, .. } = event.body else { continue };
        sendings.push(Sending {
            entry: event.id,
            revision: sendings.len() as u32 + 1,
            at: event.at,
            version: *v,
            content: Content::of(&sheet.live_at(heads)),
            lines: lines.clone(),
            ruled: ruled(event.id, decisions),
        });
    }
    sendings
}

/// The last decision about a sending.
fn ruled(sending: EntryId, decisions: &[Decision]) -> Option<Ruled> {
    decisions.iter().rev().find_map(|decision| match decision.ask() {
        Ask::DecideForm { sending: about, approve, reason, .. } if *about == sending => {
            Some(Ruled { approved: *approve, reason: reason.clone(), by: decision.by().clone(), at: decision.at() })
        }
        _ => None,
    })
}

/// Fields whose shown answer was given without knowledge of another one that says something else.
fn conflicts(index: &PageIndex, live: &[Event<'_>]) -> BTreeSet<String> {
    let mut answers: BTreeMap<&str, Vec<(&Event<'_>, &Value)>> = BTreeMap::new();
    for event in live {
        if let Body::Answer { field, value, .. } = event.body {
            answers.entry(field).or_default().push((event, value));
        }
    }
    let in_conflict = |given: &[(&Event<'_>, &Value)]| {
        let Some(((shown, value), before)) = given.split_last() else { return false };
        before.iter().any(|(event, other)| other != value && !index.covers(&[shown.change], &event.change))
    };
    answers.into_iter().filter(|(_, given)| in_conflict(given)).map(|(field, _)| field.to_owned()).collect()
}

fn missing(form: &Form, content: &Content) -> Vec<String> {
    let mut missing = Vec::new();
    for field in &form.fields {
        let rows = content.rows.get(&field.name).map(Vec::as_slice).unwrap_or_default();
        match &field.answer {
            Answers::Table { columns } => {
                if field.needed && rows.is_empty() {
                    missing.push(field.name.clone());
                }
                for column in columns.iter().filter(|column| column.needed) {
                    let empty = |value: Option<&Value>| value.is_none_or(|value| *value == Value::Text(String::new()));
                    if rows.iter().any(|row| empty(row.cells.get(&column.name))) {
                        missing.push(format!("{}.{}", field.name, column.name));
                    }
                }
            }
            _ if field.needed && !content.answers.contains_key(&field.name) => missing.push(field.name.clone()),
            _ => {}
        }
    }
    missing
}
