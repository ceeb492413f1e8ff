//! A push before the lock: its steps are read, each change is examined against what is committed, and each page's
//! changes are tried together on a copy of the document. Nothing concluded here is final; it only spares work inside.

use super::context::Context;
use super::take::Trial;
use super::{Denied, hot::HotPage};
use crate::store::{StoreError, probe};
use outpost_model::admission::{Examined, PageIndex};
use outpost_model::command::Command;
use outpost_model::header::Header;
use outpost_model::id::{DeviceId, Hash, PageId, TenantId};
use outpost_model::problem::Code;
use outpost_model::wire::{MAX_PAGES, MAX_STEPS, Step, SyncRequest, VERSION, What};
use rusqlite::{Connection, params};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

pub(super) struct Push {
    pub steps: Vec<ReadStep>,
}

pub(super) struct ReadStep {
    pub no: u32,
    pub needs: Vec<u32>,
    pub work: Work,
}

pub(super) enum Work {
    Change {
        header: Arc<Header>,
        raw: Vec<u8>,
    },
    Command {
        command: Box<Command>,
        source: String,
    },
    /// Refused for its form: this step, and what needs it.
    Unreadable {
        code: Code,
        detail: String,
        raw: Vec<u8>,
    },
}

/// What was found before the lock.
#[derive(Default)]
pub(super) struct Prepared {
    pub examined: Vec<Option<Examined>>,
    pub trials: HashMap<PageId, Trial>,
}

/// A request within its limits; each of its steps by itself may still be unreadable.
pub(super) fn read(request: &mut SyncRequest) -> Result<Push, Denied> {
    if request.version != VERSION {
        return Err(Denied::new(Code::VersionUnknown, request.version.to_string()));
    }
    for (count, most, what) in [(request.steps.len(), MAX_STEPS, "steps"), (request.pages.len(), MAX_PAGES, "pages")] {
        if count > most {
            return Err(Denied::new(Code::TooLarge, format!("{count} {what}, at most {most}")));
        }
    }
    let (pages, steps) = (std::mem::take(&mut request.pages), std::mem::take(&mut request.steps));
    read_steps(&pages, steps)
}

/// Steps in capture order, on those pages.
pub(super) fn read_steps(pages: &[String], steps: Vec<Step>) -> Result<Push, Denied> {
    let rising = steps.windows(2).all(|pair| pair[0].no < pair[1].no);
    let backward =
        steps.iter().all(|step| step.needs.len() <= MAX_STEPS && step.needs.iter().all(|need| *need < step.no));
    if !rising || !backward {
        return Err(Denied::new(Code::BadRequest, "steps are numbered in rising order and need earlier ones"));
    }
    let headers: Vec<Option<Arc<Header>>> =
        pages.iter().map(|header| Header::parse(header).ok().map(Arc::new)).collect();
    let steps = steps.into_iter().map(|step| read_step(step, &headers)).collect();
    Ok(Push { steps })
}

fn read_step(step: Step, headers: &[Option<Arc<Header>>]) -> ReadStep {
    let work = match step.what {
        What::Change(page, raw) => match headers.get(page as usize) {
            Some(Some(header)) => Work::Change { header: header.clone(), raw: raw.into() },
            found => {
                let detail = if found.is_some() { "the page's header can't be read" } else { "its page isn't named" };
                Work::Unreadable { code: Code::PageMismatch, detail: detail.into(), raw: raw.into() }
            }
        },
        What::Command(source) => match Command::parse(&source) {
            Ok(command) => Work::Command { command: Box::new(command), source },
            Err(fault) => {
                Work::Unreadable { code: Code::BadCommand, detail: fault.to_string(), raw: source.into_bytes() }
            }
        },
    };
    ReadStep { no: step.no, needs: step.needs, work }
}

struct Working {
    hot: Arc<HotPage>,
    index: PageIndex,
    raws: Vec<Vec<u8>>,
    hashes: Vec<Hash>,
}

impl Push {
    /// Scan to clone check, against one snapshot.
    pub fn prepare(
        &self,
        db: &Connection,
        tenant: &TenantId,
        context: &Context,
        device: &DeviceId,
    ) -> Result<Prepared, StoreError> {
        let mut pages: HashMap<PageId, Option<Working>> = HashMap::new();
        let mut prepared = Prepared::default();
        for step in &self.steps {
            let mut found = None;
            if let Work::Change { header, raw } = &step.work {
                let page = header.page();
                let working = match pages.entry(page) {
                    Entry::Occupied(known) => known.into_mut(),
                    Entry::Vacant(new) => new.insert(open(db, tenant, context, header)?),
                };
                if let Some(working) = working
                    && working.hot.header() == &**header
                    && let Ok(examined) = working.index.examine(raw, device)
                {
                    working.raws.push(raw.clone());
                    working.hashes.push(examined.hash());
                    working.index.admit(examined.clone());
                    found = Some(examined);
                }
            }
            prepared.examined.push(found);
        }
        for (page, working) in pages {
            let Some(Working { hot, raws, hashes, .. }) = working.filter(|working| !working.raws.is_empty()) else {
                continue;
            };
            let before = hot.doc(db, tenant)?.clone();
            if let Ok(after) = before.apply_checked(&raws) {
                prepared.trials.insert(page, Trial { base: hot.index.len(), hashes, before, after });
            }
        }
        Ok(prepared)
    }
}

/// The committed page; an empty one where there is none.
fn open(db: &Connection, tenant: &TenantId, context: &Context, header: &Header) -> Result<Option<Working>, StoreError> {
    let page = header.page();
    let sql = "select header, last from page where tenant = $1 and page = $2";
    let known =
        probe(db, sql, params![tenant.as_str(), page.0], |row| Ok((row.get::<_, String>(0)?, row.get::<_, u64>(1)?)))?;
    let hot = match known {
        None => Arc::new(HotPage::begin(header.clone())),
        Some((text, last)) if text == header.canonical() => {
            context.memory.page_at(db, tenant, (page, last), &context.counts, || Ok(header.clone()))?
        }
        Some(_) => return Ok(None),
    };
    Ok(Some(Working { index: hot.index.clone(), hot, raws: Vec::new(), hashes: Vec::new() }))
}
