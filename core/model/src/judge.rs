//! The judge: decides what is asked, from what the log says. Pure; the server calls it inside the commit, phones to
//! say beforehand what will probably come. Also step 5 of admission: whether this person may log this here.

use crate::access::{Action, Actor, Thing, ThingKind, allows};
use crate::command::{Ask, Command, Place, Question, Replacement};
use crate::decision::{Life, Pins, Standing};
use crate::entry::{Body, Entry, PayMethod};
use crate::form::{Form, builtin};
use crate::header::{Header, Kind, Subject};
use crate::id::{CommandId, CustomerCode, DeviceId, EntryId, FormCode, Hash, PageId, StationId, TenantId, UserId};
use crate::policy::Policy;
use crate::problem::Code;
use crate::record::{Person, Role};
use crate::time::{Millis, Month};

/// The latest answer to a question.
#[derive(Debug, Clone, PartialEq)]
pub struct Latest {
    pub id: CommandId,
    pub seq: u64,
    pub by: UserId,
    pub at: Millis,
    pub ask: Ask,
}

/// What the judge may look up. The server reads its log, a phone what it holds.
pub trait Desk {
    fn tenant(&self) -> &TenantId;
    fn policy(&self) -> &Policy;
    fn person(&self, user: &UserId) -> Option<Person>;
    fn has_station(&self, station: &StationId) -> bool;
    /// Which station serves the customer, from how far.
    fn customer(&self, customer: &CustomerCode) -> Option<(StationId, u32)>;
    fn order(&self, order: PageId) -> Option<Standing>;
    fn header(&self, page: PageId) -> Option<Header>;
    /// A version of a form that the company put on record.
    fn form_put(&self, form: &FormCode, version: u32) -> Option<Form> {
        match self.latest(Place::Records.page(self.tenant()), &Question::Form(form.clone(), version))?.ask {
            Ask::PutForm { form } => Some(*form),
            _ => None,
        }
    }
    /// A version of a form, put on record or built in.
    fn form(&self, form: &FormCode, version: u32) -> Option<Form> {
        self.form_put(form, version).or_else(|| builtin(form).filter(|form| form.version == version))
    }
    /// Who wrote that entry, and what it says.
    fn entry(&self, page: PageId, entry: EntryId) -> Option<(UserId, Entry)>;
    fn device_owner(&self, device: &DeviceId) -> Option<UserId>;
    fn latest(&self, place: PageId, question: &Question) -> Option<Latest>;
    /// Where in the log a decision stands.
    fn seq_of(&self, decision: CommandId) -> Option<u64>;
    /// Whether the log holds that change of the page.
    fn has_change(&self, page: PageId, change: &Hash) -> bool;
    /// Whether the days of a signed month read differently now.
    fn signed_month_differs(&self, person: &UserId, month: Month) -> bool;
    /// Whether somebody has the number already.
    fn number_taken(&self, number: &str) -> bool;
    /// Whether a block that this person leased holds the number.
    fn number_leased(&self, user: &UserId, number: &str) -> bool;
}

#[derive(Debug, Clone, PartialEq)]
pub enum Ruling {
    /// Taken; the caller adds number block and signed rows to the pins, which need its counters and its fold.
    Taken(Pins),
    /// The same was decided before.
    AlreadySo(CommandId),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Denial {
    pub code: Code,
    pub detail: String,
    /// Who decided meanwhile, and when.
    pub by: Option<(UserId, Millis)>,
}

impl Denial {
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), by: None }
    }
}

/// Judges a command against role, station, policy and what was decided before.
pub fn judge(command: &Command, actor: &Actor, desk: &dyn Desk) -> Result<Ruling, Denial> {
    if command.evidence.by != actor.user {
        return Err(Denial::new(Code::WrongAuthor, command.evidence.by.as_str()));
    }
    let ask = &command.ask;
    let thing = thing_of(ask, actor, desk)?;
    if !allows(actor, action_of(ask, desk)?, &thing) {
        return Err(Denial::new(Code::NotAllowed, ask.name()));
    }
    check_sense(command, actor, desk)?;
    let page = ask.place(desk.tenant(), &actor.user).page(desk.tenant());
    if let Some(unknown) = command.heads.iter().find(|head| !desk.has_change(page, head)) {
        return Err(Denial::new(Code::SawUnknown, unknown.to_string()));
    }
    if let Some(settled) = check_order_of_decisions(command, actor, desk)? {
        return Ok(Ruling::AlreadySo(settled));
    }
    Ok(Ruling::Taken(pins(ask, actor, desk)))
}

/// What right is asked for; a form's definition says who may approve it.
fn action_of(ask: &Ask, desk: &dyn Desk) -> Result<Action, Denial> {
    let Ask::DecideForm { page, sending, .. } = ask else { return Ok(Action::of_ask(ask)) };
    let unknown = |what: String| Denial::new(Code::TargetUnknown, what);
    let sent = desk.entry(*page, *sending).map(|(_, entry)| entry.body);
    let (Some(Header { subject: Subject::Record { form, .. }, .. }), Some(Body::Submit { v, .. })) =
        (desk.header(*page), sent)
    else {
        return Err(unknown(sending.to_string()));
    };
    let definition = desk.form(&form, v).ok_or_else(|| Denial::new(Code::FormUnknown, format!("{form} {v}")))?;
    let needless = || Denial::new(Code::BadCommand, format!("{form} needs no decision"));
    definition.approver.map(Action::of_approver).ok_or_else(needless)
}

/// What the command acts on, with the station and person that decide about the right.
fn thing_of(ask: &Ask, actor: &Actor, desk: &dyn Desk) -> Result<Thing, Denial> {
    let thing = |kind, station, person| Thing { kind, station, person, involved: false };
    let about_person = |user: &UserId| {
        let person = desk.person(user).ok_or_else(|| Denial::new(Code::PersonUnknown, user.as_str()))?;
        Ok(thing(ThingKind::Attendance, person.station, Some(user.clone())))
    };
    match ask {
        Ask::Open { customer, .. } => {
            let (station, _) =
                desk.customer(customer).ok_or_else(|| Denial::new(Code::CustomerUnknown, customer.as_str()))?;
            Ok(thing(ThingKind::Order, Some(station), None))
        }
        Ask::DecideLeave { page, leave, .. } => match desk.entry(*page, *leave) {
            Some((person, Entry { body: Body::RequestLeave { .. }, .. })) => about_person(&person),
            _ => Err(Denial::new(Code::LeaveUnknown, leave.to_string())),
        },
        Ask::SignOff { person, .. } | Ask::Unseal { person, .. } => about_person(person),
        Ask::Correct { page, target, replacement, .. } => {
            let header = desk.header(*page).ok_or_else(|| Denial::new(Code::TargetUnknown, page.to_string()))?;
            let (_, entry) =
                desk.entry(*page, *target).ok_or_else(|| Denial::new(Code::TargetUnknown, target.to_string()))?;
            if let Some(Replacement { body, .. }) = replacement {
                // What stands in for an entry is of its form: the same type, in range, at home on that page.
                let fits = body.name() == entry.body.name() && body.check(header.kind()).is_ok();
                // What pins others' words is its author's alone: a customer signs on the glass, an author sends his
                // form. A decision may void it, and never write another.
                let pins = matches!(body, Body::Sign(_) | Body::Submit { .. });
                if !fits || pins {
                    return Err(Denial::new(Code::BadEntry, body.name()));
                }
                fits_form(&header, body, desk)?;
            }
            page_thing(&header, actor, desk)
        }
        Ask::EraseBlob { page, target, blob, .. } => {
            let header = desk.header(*page).ok_or_else(|| Denial::new(Code::TargetUnknown, page.to_string()))?;
            let named = desk.entry(*page, *target).and_then(|(_, entry)| entry.body.blob());
            if named != Some(*blob) {
                return Err(Denial::new(Code::TargetUnknown, target.to_string()));
            }
            page_thing(&header, actor, desk)
        }
        Ask::PlaceCustomer { .. } => Ok(thing(ThingKind::Customer, None, None)),
        Ask::LeaseNumbers { .. } => Ok(thing(ThingKind::Records, None, None)),
        Ask::Enrol { .. } | Ask::Revoke { .. } => Ok(thing(ThingKind::Devices, None, None)),
        Ask::PutPerson { .. }
        | Ask::PutStation { .. }
        | Ask::PutPart { .. }
        | Ask::PutPolicy { .. }
        | Ask::PutForm { .. } => Ok(thing(ThingKind::Records, None, None)),
        Ask::DecideForm { page, .. } => {
            let header = desk.header(*page).ok_or_else(|| Denial::new(Code::TargetUnknown, page.to_string()))?;
            page_thing(&header, actor, desk)
        }
        Ask::Assign { order, .. }
        | Ask::AddHelper { order, .. }
        | Ask::RemoveHelper { order, .. }
        | Ask::FixByPhone { order, .. }
        | Ask::Close { order }
        | Ask::Reopen { order, .. }
        | Ask::Cancel { order, .. }
        | Ask::Inspect { order, .. }
        | Ask::AcknowledgeCash { order, .. }
        | Ask::VoidReceipt { order, .. }
        | Ask::SameAs { order, .. } => order_thing(*order, actor, desk),
    }
}

fn order_thing(order: PageId, actor: &Actor, desk: &dyn Desk) -> Result<Thing, Denial> {
    let standing = desk.order(order).ok_or_else(|| Denial::new(Code::OrderUnknown, order.to_string()))?;
    let involved = standing.ever.contains(&actor.user);
    Ok(Thing { kind: ThingKind::Order, station: standing.station, person: None, involved })
}

/// What a page is, to whoever wants to read or write it.
pub fn page_thing(header: &Header, actor: &Actor, desk: &dyn Desk) -> Result<Thing, Denial> {
    let thing = |kind, station, person| Thing { kind, station, person, involved: false };
    match &header.subject {
        Subject::Order { id } => order_thing(*id, actor, desk),
        Subject::Visit { order, .. } => order_thing(*order, actor, desk),
        Subject::Attendance { person, .. } => {
            let station = desk.person(person).and_then(|person| person.station);
            Ok(thing(ThingKind::Attendance, station, Some(person.clone())))
        }
        Subject::Customer { customer } => {
            Ok(thing(ThingKind::Customer, desk.customer(customer).map(|(station, _)| station), None))
        }
        // Units are everybody's at a station: the register doesn't say who will be called to one.
        Subject::Asset { .. } => Ok(thing(ThingKind::Asset, actor.station.clone(), None)),
        Subject::Record { person, .. } => {
            let station = desk.person(person).and_then(|person| person.station);
            Ok(thing(ThingKind::Form, station, Some(person.clone())))
        }
    }
}

/// What makes no sense, whoever asks.
fn check_sense(command: &Command, actor: &Actor, desk: &dyn Desk) -> Result<(), Denial> {
    let known = |user: &UserId| match desk.person(user) {
        Some(person) if person.active && matches!(person.role, Role::Engineer | Role::Lead) => Ok(()),
        _ => Err(Denial::new(Code::PersonUnknown, user.as_str())),
    };
    match &command.ask {
        Ask::Open { .. } if actor.role == Role::Engineer && !desk.policy().at(command.evidence.clock).self_open => {
            Err(Denial::new(Code::SelfOpenForbidden, ""))
        }
        Ask::Assign { to, .. } => known(to),
        Ask::AddHelper { helper, .. } => known(helper),
        Ask::Reopen { order, .. } if desk.order(*order).is_some_and(|order| order.life == Life::Open) => {
            Err(Denial::new(Code::BeforeLife, "open"))
        }
        Ask::FixByPhone { order, .. } if desk.order(*order).is_some_and(|order| order.life != Life::Open) => {
            Err(Denial::new(Code::BeforeLife, "closed"))
        }
        Ask::SameAs { same, .. } if desk.order(*same).is_none() => {
            Err(Denial::new(Code::OrderUnknown, same.to_string()))
        }
        Ask::AcknowledgeCash { visit, charge, .. } => match desk.entry(*visit, *charge) {
            Some((_, Entry { body: Body::Charge { method: PayMethod::Cash, .. }, .. })) => Ok(()),
            _ => Err(Denial::new(Code::TargetUnknown, charge.to_string())),
        },
        Ask::PlaceCustomer { station, .. } if !desk.has_station(station) => {
            Err(Denial::new(Code::StationUnknown, station.as_str()))
        }
        // Nobody shuts himself out, so somebody is always left who could let others in.
        Ask::PutPerson { person } if person.user == actor.user && !(person.active && person.role == actor.role) => {
            Err(Denial::new(Code::NotAllowed, "yourself"))
        }
        Ask::PutPerson { person } => match &person.station {
            Some(station) if !desk.has_station(station) => Err(Denial::new(Code::StationUnknown, station.as_str())),
            _ => Ok(()),
        },
        // Versions tell decisions and refusals apart in time, so no two policies share one.
        Ask::PutPolicy { policy } => match desk.latest(Place::Records.page(desk.tenant()), &Question::Policy) {
            Some(Latest { ask: Ask::PutPolicy { policy: now }, .. })
                if policy != &now && policy.version <= now.version =>
            {
                Err(Denial::new(Code::StaleForm, format!("policy version {} is in force", now.version)))
            }
            // What people worked by isn't changed behind them.
            Some(Latest { ask: Ask::PutPolicy { policy: now }, .. })
                if !policy.keeps_the_past_of(&now, policy.zone.day(command.evidence.clock)) =>
            {
                Err(Denial::new(Code::BadCommand, "a day gone by would be read by other terms"))
            }
            _ => Ok(()),
        },
        Ask::PutForm { form } => check_next_version(form, desk),
        Ask::Enrol { device, user } => {
            desk.person(user).ok_or_else(|| Denial::new(Code::PersonUnknown, user.as_str()))?;
            match desk.device_owner(device) {
                Some(owner) if owner != *user => Err(Denial::new(Code::DeviceExists, device.as_str())),
                _ => Ok(()),
            }
        }
        Ask::Revoke { device, .. } if desk.device_owner(device).is_none() => {
            Err(Denial::new(Code::DeviceUnknown, device.as_str()))
        }
        _ => Ok(()),
    }
}

/// A version is put once and follows on the one before: what people filled in offline names it.
fn check_next_version(form: &Form, desk: &dyn Desk) -> Result<(), Denial> {
    if desk.form_put(&form.form, form.version).is_some_and(|put| put == *form) {
        return Ok(());
    }
    let stale = |detail: String| Err(Denial::new(Code::StaleForm, detail));
    if desk.form(&form.form, form.version).is_some() {
        return stale(format!("{} has a version {} already", form.form, form.version));
    }
    match form.version.checked_sub(1).and_then(|before| desk.form(&form.form, before)) {
        // Pages of a period have ids that follow from it.
        Some(before) if before.rhythm != form.rhythm => {
            Err(Denial::new(Code::BadCommand, format!("{} keeps its rhythm", form.form)))
        }
        Some(_) => Ok(()),
        None if form.version == 1 => Ok(()),
        None => stale(format!("{} has no version {}", form.form, form.version - 1)),
    }
}

/// A decision taken after what the author saw stands; the same outcome again changes nothing.
fn check_order_of_decisions(command: &Command, actor: &Actor, desk: &dyn Desk) -> Result<Option<CommandId>, Denial> {
    let place: Place = command.ask.place(desk.tenant(), &actor.user);
    let Some(latest) = desk.latest(place.page(desk.tenant()), &command.question()) else { return Ok(None) };
    if latest.ask.same_outcome(&command.ask) {
        return match &command.ask {
            // The days read differently since they were signed: the same answer again makes another revision.
            Ask::SignOff { person, month } if desk.signed_month_differs(person, *month) => Ok(None),
            _ => Ok(Some(latest.id)),
        };
    }
    if matches!(command.ask, Ask::Open { .. }) {
        return Err(Denial::new(Code::OrderExists, latest.id.to_string()));
    }
    let seen = command.after.and_then(|after| desk.seq_of(after)).unwrap_or(0);
    if latest.seq > seen {
        let by = Some((latest.by, latest.at));
        return Err(Denial { code: Code::Superseded, detail: latest.ask.name().to_owned(), by });
    }
    Ok(None)
}

fn pins(ask: &Ask, actor: &Actor, desk: &dyn Desk) -> Pins {
    let mut pins = Pins { policy: desk.policy().version, ..Pins::default() };
    if let Ask::Open { customer, number, .. } = ask {
        if let Some((station, distance_km)) = desk.customer(customer) {
            pins.station = Some(station);
            pins.distance_km = Some(distance_km);
        }
        pins.self_opened = actor.role == Role::Engineer;
        pins.number_duplicate = desk.number_taken(number);
        pins.number_unleased = pins.self_opened && !desk.number_leased(&actor.user, number);
    }
    pins
}

/// Whether what is written on a form answers the version that it names.
fn fits_form(header: &Header, body: &Body, desk: &dyn Desk) -> Result<(), Denial> {
    let (Subject::Record { form, key, .. }, Some(version)) = (&header.subject, body.form_version()) else {
        return Ok(());
    };
    let unknown = || Denial::new(Code::FormUnknown, format!("{form} {version}"));
    let definition = desk.form(form, version).ok_or_else(unknown)?;
    if !definition.rhythm.fits(key.period()) {
        return Err(Denial::new(Code::BadEntry, format!("period of {form}")));
    }
    let misfit = match body {
        Body::Answer { field, value, .. } => definition.takes(field, value),
        Body::Row { field, cells, .. } => definition.takes_row(field, cells),
        _ => Ok(()),
    };
    misfit.map_err(|misfit| Denial::new(Code::BadEntry, misfit.to_string()))
}

/// Step 5 of admission: whether this person may log these entries on that page.
pub fn may_log(header: &Header, entries: &[(EntryId, Entry)], actor: &Actor, desk: &dyn Desk) -> Result<(), Denial> {
    let thing = page_thing(header, actor, desk)?;
    for (_, entry) in entries {
        if entry.evidence.by != actor.user {
            return Err(Denial::new(Code::WrongAuthor, entry.evidence.by.as_str()));
        }
        match Action::of_entry(&entry.body) {
            Some(action) if !allows(actor, action, &thing) => {
                let code = match header.kind() {
                    Kind::Order | Kind::Visit if actor.role == Role::Engineer => Code::NotAssigned,
                    _ => Code::NotAllowed,
                };
                return Err(Denial::new(code, entry.body.name()));
            }
            _ => {}
        }
        fits_form(header, &entry.body, desk)?;
        let targets = match &entry.body {
            Body::Void { target, .. } => Some(target),
            _ => entry.replaces.as_ref(),
        };
        if let Some(target) = targets {
            match desk.entry(header.page(), *target) {
                Some((author, _)) if author == actor.user => {}
                Some(_) => return Err(Denial::new(Code::NotAuthor, target.to_string())),
                None => return Err(Denial::new(Code::TargetUnknown, target.to_string())),
            }
        }
    }
    Ok(())
}
