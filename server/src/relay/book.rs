//! The books: everything that is worked out from the log, row by row. One book is open for one job; it reads the
//! store through the job's own connection, so it sees what was written before in the same transaction.
//!
//! In comes an admitted row, in order; out go page totals, answers by question, scopes and who holds them, the list
//! of calls and units, and at the end the projection of each order that was touched, folded once. The same code
//! keeps the books while the relay runs, and makes them anew from the log when they are rebuilt or verified: so
//! nothing in here may depend on anything but the rows.

mod claims;
mod desk;
mod enter;
mod files;
mod filled;
pub(in crate::relay) mod lists;
mod membership;
mod months;
mod people;
mod project;
mod registers;
mod series;
mod service;

pub(super) use enter::header_of;
#[cfg(test)]
pub(crate) use files::{erase_blob, note_blob};
use membership::Place as PlaceRow;

use super::context::{Closed, Context};
use super::hot::HotPage;
use super::log::End;
use super::row::{Row, first_link, next_link};
use super::{log, records, verdicts};
use crate::store::{StoreError, change};
use outpost_model::admission::Examined;
use outpost_model::canon::to_canonical;
use outpost_model::command::{Command, Place, Question};
use outpost_model::decision::{Decision, Pins};
use outpost_model::envelope::{Admitted, Envelope};
use outpost_model::fold;
use outpost_model::header::Header;
use outpost_model::id::{AssetCode, CommandId, CustomerCode, DeviceId, Hash, PageId, TenantId, UserId};
use outpost_model::policy::Policy;
use outpost_model::record::Person;
use outpost_model::time::{Millis, Month, Zone};
use outpost_model::wire::{Content, Sum};
use rusqlite::{Connection, params};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

pub(super) struct Book<'a> {
    db: &'a Connection,
    pub tenant: TenantId,
    context: &'a Context,
    pub end: End,
    /// Where the log ended when the book was opened.
    before: u64,
    /// Places that were looked up, as they stand now; those of `written` go to the store in the end.
    places: RefCell<HashMap<PageId, Option<PlaceRow>>>,
    held: HashMap<PageId, BTreeSet<String>>,
    sums: BTreeMap<String, Sum>,
    touched: BTreeSet<String>,
    written: BTreeSet<PageId>,
    orders: BTreeSet<PageId>,
    customers: BTreeSet<CustomerCode>,
    assets: BTreeSet<AssetCode>,
    /// Whose own time reads differently now.
    own_times: BTreeSet<UserId>,
    records: BTreeSet<PageId>,
    pages: RefCell<HashMap<PageId, Arc<HotPage>>>,
    people: RefCell<HashMap<UserId, Option<Person>>>,
    /// Through which device the judge is asked, while he is.
    pub asker: Option<DeviceId>,
    /// The policy in force.
    pub policy: Arc<Policy>,
    /// The judge asks questions that can't fail; what failed all the same waits here.
    fault: RefCell<Option<StoreError>>,
}

impl<'a> Book<'a> {
    /// Opens the book at the end of the tenant's log. The tenant's row is taken first: whoever else writes waits.
    pub fn open(db: &'a Connection, tenant: &TenantId, context: &'a Context) -> Result<Self, StoreError> {
        change(db, "update tenant set seq = seq where tenant = $1", params![tenant.as_str()])?;
        Self::look(db, tenant, context)
    }

    /// The book as it stands, to read in.
    pub fn look(db: &'a Connection, tenant: &TenantId, context: &'a Context) -> Result<Self, StoreError> {
        let end = log::end(db, tenant)?;
        // Before the first policy is decided there are the regulations.
        let policy = context.memory.policy(db, tenant)?.map_or_else(regulations, Ok)?;
        Ok(Self {
            db,
            tenant: tenant.clone(),
            context,
            end,
            before: end.seq,
            places: RefCell::default(),
            held: HashMap::new(),
            sums: BTreeMap::new(),
            touched: BTreeSet::new(),
            written: BTreeSet::new(),
            orders: BTreeSet::new(),
            customers: BTreeSet::new(),
            assets: BTreeSet::new(),
            own_times: BTreeSet::new(),
            records: BTreeSet::new(),
            pages: RefCell::default(),
            people: RefCell::default(),
            asker: None,
            policy,
            fault: RefCell::default(),
        })
    }

    /// A tenant's row, before anything is in its log.
    pub fn found(db: &Connection, tenant: &TenantId, moment: Millis) -> Result<(), StoreError> {
        let sql = "insert into tenant (tenant, epoch, seq, chain, moment, books) values ($1, 1, 0, $2, $3, $4)";
        change(db, sql, params![tenant.as_str(), first_link(tenant), moment.0, fold::VERSION]).map(drop)
    }

    pub fn db(&self) -> &'a Connection {
        self.db
    }

    /// The moment of this job: the clock's, but never before what was attested already.
    pub fn set_moment(&mut self, now: Millis) {
        self.end.moment = self.end.moment.max(now);
    }

    /// A page as it stands now, with what this job has written.
    pub fn page(&self, page: PageId) -> Result<Option<Arc<HotPage>>, StoreError> {
        if let Some(hot) = self.pages.borrow().get(&page) {
            return Ok(Some(hot.clone()));
        }
        let Some(place) = self.place(page)?.filter(|place| !place.header.is_empty()) else { return Ok(None) };
        let header = || Header::parse(&place.header).map_err(StoreError::damaged);
        let hot = match self.context.memory.pending(&page).filter(|hot| hot.last == place.last) {
            Some(hot) => hot,
            None => {
                self.context.memory.page_at(self.db, &self.tenant, (page, place.last), &self.context.counts, header)?
            }
        };
        self.pages.borrow_mut().insert(page, hot.clone());
        Ok(Some(hot))
    }

    /// Changes a page in hand. It must have been read or begun in this job.
    pub fn with_page<T>(&mut self, page: PageId, work: impl FnOnce(&mut HotPage) -> T) -> Result<T, StoreError> {
        self.page(page)?;
        let pages = self.pages.get_mut();
        let hot = pages.get_mut(&page).ok_or_else(|| StoreError::damaged(format!("page {page} isn't there")))?;
        Ok(work(Arc::make_mut(hot)))
    }

    /// Writes a change that the gate and the judge took: to the log, then to the books.
    pub fn append_change(
        &mut self,
        page: PageId,
        examined: Examined,
        envelope: Envelope,
    ) -> Result<Envelope, StoreError> {
        let content = Content::Change(examined.raw().to_vec().into());
        let row = self.append(page, examined.hash(), content, envelope)?;
        self.enter_change(&row, examined)?;
        Ok(row.envelope)
    }

    /// Writes a decision that the judge took, with what it pins.
    pub fn append_decision(
        &mut self,
        command: Command,
        source: String,
        pins: Pins,
        envelope: Envelope,
    ) -> Result<Envelope, StoreError> {
        let page = command.ask.place(&self.tenant, &envelope.user).page(&self.tenant);
        let pins_text = to_canonical(&pins).map_err(StoreError::damaged)?;
        let content = Content::Decision(source, pins_text);
        let row = self.append(page, content.hash(), content, envelope)?;
        let envelope = row.envelope.clone();
        self.enter_decision(&row, Decision { command, envelope: row.envelope.clone(), pins })?;
        Ok(envelope)
    }

    fn append(
        &mut self,
        page: PageId,
        hash: Hash,
        content: Content,
        mut envelope: Envelope,
    ) -> Result<Row, StoreError> {
        // What comes back after a restore keeps the time at which it was received first.
        let received = envelope.admitted.map_or(self.end.moment, |before| before.received);
        self.end.moment = self.end.moment.max(received);
        envelope.admitted = Some(Admitted { seq: self.end.seq + 1, received });
        let row = Row { page, hash, envelope, content };
        let chain = next_link(&self.end.chain, &row.canonical(&self.tenant));
        log::insert(self.db, &self.tenant, &row, &chain)?;
        self.end.seq += 1;
        self.end.chain = chain;
        super::counts::count(&self.context.counts.rows, 1);
        Ok(row)
    }

    /// The latest decision on a question, if any.
    pub fn latest_on(&self, page: PageId, question: &Question) -> Result<Option<Decision>, StoreError> {
        records::latest(self.db, &self.tenant, page, question)
    }

    /// Up to where somebody has read who names that decision as the last he knows of. It may be one of his own that
    /// changed nothing: then as far as what it repeats, and as what he named there.
    pub fn read_up_to(&self, decision: CommandId) -> Result<Option<u64>, StoreError> {
        if let Some((seq, _)) = records::seq_of(self.db, &self.tenant, decision)? {
            return Ok(Some(seq));
        }
        let Some(asker) = &self.asker else { return Ok(None) };
        verdicts::seen_by(self.db, &self.tenant, asker, decision)
    }

    pub fn find_person(&self, user: &UserId) -> Result<Option<Person>, StoreError> {
        if let Some(known) = self.people.borrow().get(user) {
            return Ok(known.clone());
        }
        let person = records::person(self.db, &self.tenant, user)?;
        self.people.borrow_mut().insert(user.clone(), person.clone());
        Ok(person)
    }

    fn records_place(&self) -> PageId {
        Place::Records.page(&self.tenant)
    }

    pub fn count_refusal(&self) {
        super::counts::count(&self.context.counts.refusals, 1);
    }

    /// Something that the judge asked about couldn't be read.
    pub fn check_fault(&self) -> Result<(), StoreError> {
        self.fault.borrow_mut().take().map_or(Ok(()), Err)
    }

    /// Folds what was touched, and writes down sums and the log's end.
    pub fn close(mut self) -> Result<Closed, StoreError> {
        self.check_fault()?;
        self.list_touched()?;
        self.project_touched()?;
        self.write_places()?;
        self.write_sums()?;
        let End { seq, chain, moment, .. } = self.end;
        let sql = "update tenant set seq = $1, chain = $2, moment = $3 where tenant = $4";
        change(self.db, sql, params![seq, chain, moment.0, self.tenant.as_str()])?;
        let pages = self.pages.into_inner();
        let written = self.written.iter().filter_map(|page| pages.get(page).cloned()).collect();
        Ok(Closed { pages: written, touched: self.touched, rows: (self.before, seq) })
    }
}

fn regulations() -> Result<Arc<Policy>, StoreError> {
    let (zone, month) = (Zone::parse("UTC"), Month { year: 1970, month: 1 });
    Ok(Arc::new(Policy::regulations(zone.map_err(StoreError::damaged)?, month)))
}
