//! What was decided lately, newest first, for whoever may read what it is about.

use super::{Relay, records};
use crate::store::{StoreError, all, probe};
use outpost_model::command::{Ask, Place, Question};
use outpost_model::decision::Decision;
use outpost_model::form::{Form, builtin};
use outpost_model::header::Header;
use outpost_model::id::{FormCode, PageId, TenantId};
use rusqlite::{Connection, params};

/// So many decisions are looked through at a time, and so many at most.
const STRIDE: u64 = 100;
const BACK: u64 = 3_000;

impl Relay {
    /// The last decisions of which `wanted` says yes, each with the page that it hangs on.
    pub fn latest_decisions(
        &self,
        most: usize,
        mut wanted: impl FnMut(&Connection, &Header, &Decision) -> Result<bool, StoreError>,
    ) -> Result<Vec<(Header, Decision)>, StoreError> {
        let Some(tenant) = self.context.tenant.get() else { return Ok(Vec::new()) };
        self.store.read(|db| {
            let (mut found, mut before, mut seen) = (Vec::new(), i64::MAX as u64, 0);
            while found.len() < most && seen < BACK {
                let sql = "select seq, page from answer where tenant = $1 and seq < $2 order by seq desc limit $3";
                let rows = all(db, sql, params![tenant.as_str(), before, STRIDE], |row| {
                    Ok((row.get::<_, u64>(0)?, PageId(row.get(1)?)))
                })?;
                let Some((last, _)) = rows.last() else { break };
                before = *last;
                seen += STRIDE;
                for (seq, page) in rows {
                    // What hangs on no page is everybody's record, or a phone's.
                    let Some(header) = header_of(db, tenant, page)? else { continue };
                    let Some(decision) = records::decision_at(db, tenant, seq)? else { continue };
                    if wanted(db, &header, &decision)? {
                        found.push((header, decision));
                    }
                }
            }
            found.truncate(most);
            Ok(found)
        })
    }
}

/// One version of a form, put on record or built in.
pub fn form_version(
    db: &Connection,
    tenant: &TenantId,
    form: &FormCode,
    version: u32,
) -> Result<Option<Form>, StoreError> {
    let question = Question::Form(form.clone(), version);
    let put = records::latest(db, tenant, Place::Records.page(tenant), &question)?;
    Ok(match put.map(|decision| decision.command.ask) {
        Some(Ask::PutForm { form }) => Some(*form),
        _ => builtin(form).filter(|known| known.version == version),
    })
}

fn header_of(db: &Connection, tenant: &TenantId, page: PageId) -> Result<Option<Header>, StoreError> {
    let sql = "select header from page where tenant = $1 and page = $2";
    let text = probe(db, sql, params![tenant.as_str(), page.0], |row| row.get::<_, String>(0))?;
    let text = text.filter(|text| !text.is_empty());
    text.map(|text| Header::parse(&text).map_err(StoreError::damaged)).transpose()
}
