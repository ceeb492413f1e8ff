//! Records and other decisions, read from the log by the question that they answer.

use super::log;
use super::log::strange;
use crate::store::{StoreError, all, probe};
use outpost_model::command::{Ask, Place, Question};
use outpost_model::decision::Decision;
use outpost_model::form::{Form, builtins};
use outpost_model::id::{CommandId, PageId, TenantId, UserId};
use outpost_model::record::{Part, Person};
use rusqlite::{Connection, params};

/// The latest decision on a question.
pub(super) fn latest(
    db: &Connection,
    tenant: &TenantId,
    page: PageId,
    question: &Question,
) -> Result<Option<Decision>, StoreError> {
    let sql = "select seq from answer where tenant = $1 and page = $2 and question = $3 order by seq desc limit 1";
    let seq = probe(db, sql, params![tenant.as_str(), page.0, question.to_string()], |row| row.get(0))?;
    seq.map_or(Ok(None), |seq| decision_at(db, tenant, seq))
}

pub(super) fn decision_at(db: &Connection, tenant: &TenantId, seq: u64) -> Result<Option<Decision>, StoreError> {
    log::at(db, tenant, seq)?.map_or(Ok(None), |(row, _)| row.decision())
}

/// Where in the log the decision of that id stands, and on which page.
pub(super) fn seq_of(
    db: &Connection,
    tenant: &TenantId,
    decision: CommandId,
) -> Result<Option<(u64, PageId)>, StoreError> {
    let sql = "select seq, page from answer where tenant = $1 and id = $2";
    probe(db, sql, params![tenant.as_str(), decision.0], |row| Ok((row.get(0)?, PageId(row.get(1)?))))
}

/// The last decision about a page.
pub(super) fn last_on(db: &Connection, tenant: &TenantId, page: PageId) -> Result<Option<CommandId>, StoreError> {
    let sql = "select id from answer where tenant = $1 and page = $2 order by seq desc limit 1";
    probe(db, sql, params![tenant.as_str(), page.0], |row| row.get(0).map(CommandId))
}

pub(super) fn person(db: &Connection, tenant: &TenantId, user: &UserId) -> Result<Option<Person>, StoreError> {
    let records = Place::Records.page(tenant);
    let decision = latest(db, tenant, records, &Question::Person(user.clone()))?;
    Ok(decision.and_then(|decision| match decision.command.ask {
        Ask::PutPerson { person } => Some(person),
        _ => None,
    }))
}

/// The newest version of each form: the built-in ones first, then those of the company's own.
pub(super) fn forms(db: &Connection, tenant: &TenantId) -> Result<Vec<Form>, StoreError> {
    let records = Place::Records.page(tenant);
    let sql = "select seq from answer where tenant = $1 and page = $2 and question like 'form:%' order by seq";
    let put: Vec<u64> = all(db, sql, params![tenant.as_str(), records.0], |row| row.get(0))?;
    let mut forms = builtins();
    for seq in put {
        let Some(Ask::PutForm { form }) = decision_at(db, tenant, seq)?.map(|decision| decision.command.ask) else {
            continue;
        };
        match forms.iter_mut().find(|known| known.form == form.form) {
            Some(known) => *known = *form,
            None => forms.push(*form),
        }
    }
    Ok(forms)
}

/// Everybody who was ever put on record, by id.
pub(super) fn people(db: &Connection, tenant: &TenantId) -> Result<Vec<Person>, StoreError> {
    let records = Place::Records.page(tenant);
    let sql = "select distinct question from answer where tenant = $1 and page = $2 and question like 'person:%' \
               order by question";
    let questions = all(db, sql, params![tenant.as_str(), records.0], |row| {
        let question: String = row.get(0)?;
        UserId::parse(question.trim_start_matches("person:")).map_err(|error| strange(0, error))
    })?;
    let people = questions.iter().map(|user| person(db, tenant, user));
    people.filter_map(Result::transpose).collect()
}

/// All answers to a question about the records, the oldest first.
pub(super) fn history(db: &Connection, tenant: &TenantId, question: &Question) -> Result<Vec<Decision>, StoreError> {
    let records = Place::Records.page(tenant);
    let sql = "select seq from answer where tenant = $1 and page = $2 and question = $3 order by seq";
    let rows: Vec<u64> = all(db, sql, params![tenant.as_str(), records.0, question.to_string()], |row| row.get(0))?;
    rows.into_iter().filter_map(|seq| decision_at(db, tenant, seq).transpose()).collect()
}

/// The catalogue as it stands, by number.
pub(super) fn parts(db: &Connection, tenant: &TenantId) -> Result<Vec<Part>, StoreError> {
    let records = Place::Records.page(tenant);
    let sql = "select max(seq) from answer where tenant = $1 and page = $2 and question like 'part:%' group by question \
               order by question";
    let latest: Vec<u64> = all(db, sql, params![tenant.as_str(), records.0], |row| row.get(0))?;
    let mut parts = Vec::new();
    for seq in latest {
        if let Some(Ask::PutPart { part }) = decision_at(db, tenant, seq)?.map(|decision| decision.command.ask) {
            parts.push(part);
        }
    }
    Ok(parts)
}
