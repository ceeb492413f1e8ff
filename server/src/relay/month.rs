//! Attendance months as pages of the console read them: the days of many people from the lists, what was signed off from
//! the log. No page is opened.

use super::book::lists::clocked_of;
use super::{Relay, records};
use crate::store::{StoreError, all};
use outpost_model::command::{Ask, Question};
use outpost_model::decision::SignedMonth;
use outpost_model::fold::attendance::{Clocked, DayRow, LeaveFacts, OwnTime, days};
use outpost_model::header::{Header, Subject};
use outpost_model::id::{CommandId, EntryId, PageId, TenantId, UserId};
use outpost_model::policy::Policy;
use outpost_model::table::attendance_cells;
use outpost_model::time::{Day, Millis, Month};
use rusqlite::{Connection, params};
use std::collections::BTreeSet;

/// One person's attendance month as it reads now.
#[derive(Debug, Clone)]
pub struct PersonMonth {
    pub person: UserId,
    pub days: Vec<DayRow>,
    /// Days of which some moment is in doubt.
    pub suspect: BTreeSet<Day>,
    /// Days for which he has asked for leave that nobody has decided.
    pub asked: BTreeSet<Day>,
    /// The last decision on the month's page: what a form that asks about it had shown.
    pub after: Option<CommandId>,
    /// The sign-off that stands.
    pub signed: Option<SignOff>,
    /// Days that read differently than when they were signed.
    pub differs: Vec<Day>,
    /// The number of the last revision, whether it stands or was taken back; 0 before the first.
    pub revision: u32,
}

/// A sign-off that stands, with the rows that it signed.
#[derive(Debug, Clone)]
pub struct SignOff {
    pub by: UserId,
    pub at: Millis,
    pub month: SignedMonth,
}

/// The cells of a day as a sign-off pins them: without the person's.
pub fn signed_cells(person: &UserId, row: &DayRow, policy: &Policy) -> Vec<String> {
    attendance_cells(person, row, &policy.zone).split_off(1)
}

/// The page on which what is decided about a month hangs.
pub fn month_page(tenant: &TenantId, person: &UserId, month: Month) -> PageId {
    Header::new(tenant.clone(), Subject::Attendance { person: person.clone(), month }).page()
}

impl Relay {
    /// These people's months, in their order.
    pub fn months(&self, policy: &Policy, people: &[UserId], month: Month) -> Result<Vec<PersonMonth>, StoreError> {
        let Some(tenant) = self.context.tenant.get() else { return Ok(Vec::new()) };
        self.store.read(|db| people.iter().map(|person| person_month(db, tenant, policy, person, month)).collect())
    }

    /// How many of these people's months hold something, and nobody has signed them off.
    pub fn unsigned(&self, policy: &Policy, people: &[UserId], month: Month) -> Result<usize, StoreError> {
        let Some(tenant) = self.context.tenant.get() else { return Ok(0) };
        self.store.read(|db| {
            let mut open = 0;
            for person in people {
                let page = month_page(tenant, person, month);
                let is_empty = clocked(db, tenant, person, policy.days_of(month))?.is_empty();
                open += usize::from(!is_empty && words(db, tenant, person, month, page)?.0.is_none());
            }
            Ok(open)
        })
    }
}

fn person_month(
    db: &Connection,
    tenant: &TenantId,
    policy: &Policy,
    person: &UserId,
    month: Month,
) -> Result<PersonMonth, StoreError> {
    let (first, last) = policy.days_of(month);
    let own = OwnTime {
        clocked: clocked(db, tenant, person, (first, last))?,
        leaves: leaves(db, tenant, person, (first, last))?,
        ..OwnTime::default()
    };
    let days = days(&own, policy, month);
    let waiting = own.leaves.iter().filter(|leave| leave.approved.is_none());
    let asked = waiting.flat_map(|leave| {
        days.iter().map(|row| row.day).filter(|day| (leave.from..=leave.to).contains(day)).collect::<Vec<_>>()
    });
    let page = month_page(tenant, person, month);
    let (signed, revision) = words(db, tenant, person, month, page)?;
    let differs = signed.as_ref().map(|signed| differing(signed, person, &days, policy)).unwrap_or_default();
    Ok(PersonMonth {
        suspect: own.clocked.iter().filter(|(_, clocked)| clocked.suspect).map(|(day, _)| *day).collect(),
        asked: asked.collect(),
        after: records::last_on(db, tenant, page)?,
        person: person.clone(),
        revision,
        signed,
        differs,
        days,
    })
}

type Span = (Day, Day);

fn clocked(
    db: &Connection,
    tenant: &TenantId,
    person: &UserId,
    (first, last): Span,
) -> Result<std::collections::BTreeMap<Day, Clocked>, StoreError> {
    let sql = "select day, first_in, last_out, suspect from clocked_day \
               where tenant = $1 and person = $2 and day >= $3 and day <= $4";
    let values = params![tenant.as_str(), person.as_str(), first.to_string(), last.to_string()];
    let rows = all(db, sql, values, |row| Ok((row.get::<_, String>(0)?, clocked_of(row)?)))?;
    rows.into_iter().map(|(day, clocked)| Ok((Day::parse(&day).map_err(StoreError::damaged)?, clocked))).collect()
}

fn leaves(
    db: &Connection,
    tenant: &TenantId,
    person: &UserId,
    (first, last): Span,
) -> Result<Vec<LeaveFacts>, StoreError> {
    let sql = "select entry, kind, day_from, day_to, reason, approved, decided_at, decided_seq from leave_row \
               where tenant = $1 and person = $2 and day_to >= $3 and day_from <= $4";
    let values = params![tenant.as_str(), person.as_str(), first.to_string(), last.to_string()];
    let rows = all(db, sql, values, |row| {
        let text = |place: usize| row.get::<_, String>(place);
        let decided = row.get::<_, Option<i64>>(6)?.map(Millis).zip(row.get::<_, Option<u64>>(7)?);
        let approved = row.get::<_, Option<i64>>(5)?.map(|yes| yes == 1);
        Ok((EntryId(row.get(0)?), text(1)?, text(2)?, text(3)?, text(4)?, approved, decided))
    })?;
    let read = |(entry, kind, from, to, reason, approved, decided): (_, _, String, String, _, _, _)| {
        let day = |text: &str| Day::parse(text).map_err(StoreError::damaged);
        Ok(LeaveFacts { entry, kind, from: day(&from)?, to: day(&to)?, reason, approved, decided })
    };
    rows.into_iter().map(read).collect()
}

/// The sign-off of a month, if the last word on it is one; and the number of the last revision there was.
fn words(
    db: &Connection,
    tenant: &TenantId,
    person: &UserId,
    month: Month,
    page: PageId,
) -> Result<(Option<SignOff>, u32), StoreError> {
    let question = Question::Month(person.clone(), month);
    let Some(last) = records::latest(db, tenant, page, &question)? else { return Ok((None, 0)) };
    if let (Ask::SignOff { .. }, Some(signed)) = (last.ask(), &last.pins.signed) {
        let (by, at, revision) = (last.by().clone(), last.at(), signed.revision);
        return Ok((Some(SignOff { by, at, month: signed.clone() }), revision));
    }
    // It was taken back: the one before was a sign-off.
    let sql = "select seq from answer where tenant = $1 and page = $2 and question = $3 order by seq desc limit 2";
    let values = params![tenant.as_str(), page.0, question.to_string()];
    let seqs: Vec<u64> = all(db, sql, values, |row| row.get(0))?;
    let before = seqs.get(1).map_or(Ok(None), |seq| records::decision_at(db, tenant, *seq))?;
    Ok((None, before.and_then(|decision| decision.pins.signed).map_or(0, |signed| signed.revision)))
}

fn differing(signed: &SignOff, person: &UserId, days: &[DayRow], policy: &Policy) -> Vec<Day> {
    let same = |row: &&DayRow| signed.month.days.contains(&signed_cells(person, row, policy));
    days.iter().filter(|row| !same(row)).map(|row| row.day).collect()
}
