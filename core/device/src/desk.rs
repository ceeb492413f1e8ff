//! The phone as a judge's desk: what it holds of the log, with what was captured here and is still on its way. It says
//! beforehand what the server will probably say; what the phone can't know, it doesn't hold against anybody.

use crate::shelf::{Owner, Shelf};
use crate::store::{Stored, outbox, pages, records, rows};
use outpost_model::access::Actor;
use outpost_model::command::{Ask, Command, Question};
use outpost_model::decision::{Decision, Pins, Standing};
use outpost_model::entry::Entry;
use outpost_model::envelope::Envelope;
use outpost_model::header::Header;
use outpost_model::id::{CommandId, CustomerCode, DeviceId, EntryId, Hash, PageId, StationId, TenantId, UserId};
use outpost_model::judge::{Desk, Latest};
use outpost_model::policy::Policy;
use outpost_model::problem::Code;
use outpost_model::record::{Person, Role};
use outpost_model::time::{Millis, Month, Zone};
use rusqlite::Connection;
use std::cell::RefCell;

pub struct PhoneDesk<'a> {
    db: &'a Connection,
    shelf: RefCell<&'a mut Shelf>,
    owner: &'a Owner,
    tenant: &'a TenantId,
    policy: Policy,
}

impl<'a> PhoneDesk<'a> {
    pub fn new(
        db: &'a Connection,
        shelf: &'a mut Shelf,
        owner: &'a Owner,
        tenant: &'a TenantId,
        now: Millis,
    ) -> Stored<Self> {
        Ok(Self { db, shelf: RefCell::new(shelf), owner, tenant, policy: policy(db, now)? })
    }

    /// Who acts, as the records say; nothing before they have come down.
    pub fn actor(&self) -> Stored<Option<Actor>> {
        actor(self.db, &self.owner.user)
    }

    /// Whether a denial only says that this phone doesn't hold what it would take to judge.
    pub fn is_blind(&self, code: Code, page: PageId) -> Stored<bool> {
        Ok(match code {
            Code::OrderUnknown
            | Code::CustomerUnknown
            | Code::LeaveUnknown
            | Code::DeviceUnknown
            | Code::FormUnknown => true,
            Code::PersonUnknown | Code::StationUnknown => records::people(self.db)?.is_empty(),
            Code::TargetUnknown => rows::changes(self.db, page)?.is_empty(),
            _ => false,
        })
    }
}

pub fn actor(db: &Connection, user: &UserId) -> Stored<Option<Actor>> {
    let person = records::person(db, user)?;
    Ok(person.map(|person| Actor { user: person.user, role: person.role, station: person.station }))
}

/// The company's policy; until it has come down, the regulations' own figures.
pub fn policy(db: &Connection, now: Millis) -> Stored<Policy> {
    if let Some(policy) = records::policy(db)? {
        return Ok(policy);
    }
    let zone = Zone::parse("Asia/Shanghai").expect("the zone data is inside the binary");
    let month = zone.day(now).month();
    Ok(Policy::regulations(zone, month))
}

/// The decisions of an order: as admitted; and where it was opened on this phone and isn't admitted yet, that opening.
pub fn decisions_of_order(db: &Connection, owner: &Owner, order: PageId) -> Stored<(Vec<Decision>, bool)> {
    let admitted = rows::decisions(db, order)?;
    if !admitted.is_empty() {
        return Ok((admitted, false));
    }
    for step in outbox::commands_on(db, order)? {
        let text = String::from_utf8(step.content).unwrap_or_default();
        if let Ok(command) = Command::parse(&text)
            && matches!(command.ask, Ask::Open { .. })
        {
            return Ok((vec![provisional_decision(db, owner, command)?], true));
        }
    }
    Ok((Vec::new(), false))
}

/// A command of this phone's as the decision that it will probably be.
pub fn provisional_decision(db: &Connection, owner: &Owner, command: Command) -> Stored<Decision> {
    let contact = match command.evidence.contact {
        0 => None,
        number => crate::store::contacts::find(db, number)?,
    };
    let envelope =
        Envelope { device: owner.device.clone(), user: owner.user.clone(), contact, floor: None, admitted: None };
    let pins = guess_pins(db, owner, &command.ask)?;
    Ok(Decision { command, envelope, pins })
}

/// What the server will probably pin: the phone goes by it until the row itself comes down.
pub fn guess_pins(db: &Connection, owner: &Owner, ask: &Ask) -> Stored<Pins> {
    let mut pins = Pins { policy: records::policy(db)?.map_or(0, |policy| policy.version), ..Pins::default() };
    if let Ask::Open { customer, .. } = ask {
        if let Some(place) = records::customer(db, customer)? {
            pins.station = Some(place.station);
            pins.distance_km = Some(place.distance_km);
        }
        // Before the records have come down, a phone in somebody's hand is an engineer's.
        pins.self_opened = actor(db, &owner.user)?.is_none_or(|actor| actor.role == Role::Engineer);
    }
    Ok(pins)
}

impl Desk for PhoneDesk<'_> {
    fn tenant(&self) -> &TenantId {
        self.tenant
    }
    fn policy(&self) -> &Policy {
        &self.policy
    }
    fn person(&self, user: &UserId) -> Option<Person> {
        records::person(self.db, user).ok().flatten()
    }
    fn has_station(&self, station: &StationId) -> bool {
        matches!(records::station(self.db, station), Ok(Some(_)))
    }
    fn customer(&self, customer: &CustomerCode) -> Option<(StationId, u32)> {
        let place = records::customer(self.db, customer).ok().flatten()?;
        Some((place.station, place.distance_km))
    }
    fn order(&self, order: PageId) -> Option<Standing> {
        let (decisions, _) = decisions_of_order(self.db, self.owner, order).ok()?;
        Standing::after(&decisions)
    }
    fn header(&self, page: PageId) -> Option<Header> {
        pages::header(self.db, page).ok().flatten()
    }
    fn entry(&self, page: PageId, entry: EntryId) -> Option<(UserId, Entry)> {
        let mut shelf = self.shelf.borrow_mut();
        let open = shelf.open(self.db, self.owner, page).ok().flatten()?;
        let row = open.index().entry(&entry)?;
        Some((row.entry.evidence.by.clone(), (**row.entry).clone()))
    }
    fn device_owner(&self, device: &DeviceId) -> Option<UserId> {
        records::device_owner(self.db, device).ok().flatten()
    }
    fn latest(&self, place: PageId, question: &Question) -> Option<Latest> {
        let decision = rows::latest(self.db, place, question).ok().flatten()?;
        Some(Latest {
            id: decision.id(),
            seq: decision.envelope.admitted.map_or(0, |admitted| admitted.seq),
            by: decision.by().clone(),
            at: decision.at(),
            ask: decision.command.ask,
        })
    }
    fn seq_of(&self, decision: CommandId) -> Option<u64> {
        match rows::seq_of(self.db, decision) {
            Ok(Some(seq)) => Some(seq),
            // One of this phone's own that is still on its way will come after everything that is admitted.
            _ => Some(u64::MAX),
        }
    }
    fn has_change(&self, _: PageId, _: &Hash) -> bool {
        // The heads were read off this phone's own page a moment ago.
        true
    }
    fn signed_month_differs(&self, _: &UserId, _: Month) -> bool {
        // Only the server keeps the days that were signed: it will say `already_so` if they are the same.
        true
    }
    fn number_taken(&self, _: &str) -> bool {
        false
    }
    fn number_leased(&self, _: &UserId, number: &str) -> bool {
        records::leases(self.db).is_ok_and(|leases| leases.iter().any(|lease| lease.block.holds(number)))
    }
}
