//! A service call's story: from the opening to the file, with everything that lists, clocks and exports show.

mod flags;
mod goods;
mod limit;
mod state;
mod wait;

pub use goods::GoodsFacts;
pub use limit::{Limit, LimitKind};
pub use state::State;
pub use wait::Wait;

use super::event::{Event, Sheet};
use super::flag::Flag;
use super::visit::{self, PartLine, VisitFacts};
use crate::command::{Ask, ServiceType};
use crate::decision::{Decision, Standing};
use crate::entry::{Body, Channel, Reach, VisitResult};
use crate::field;
use crate::header::Kind;
use crate::id::{AssetCode, CustomerCode, PageId, StationId, UserId};
use crate::policy::Policy;
use crate::record::{Person, Role};
use crate::time::{Day, Millis};
use flags::flags;
use goods::goods;
use serde::{Deserialize, Serialize};
use state::{Told, last_result, state};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderFacts {
    pub page: PageId,
    pub number: String,
    pub service_type: ServiceType,
    pub customer: CustomerCode,
    pub asset: Option<AssetCode>,
    pub station: Option<StationId>,
    pub engineer: Option<UserId>,
    pub helpers: BTreeSet<UserId>,
    pub state: State,
    pub opened_at: Millis,
    pub replied_at: Option<Millis>,
    pub arrived_at: Option<Millis>,
    pub closed_at: Option<Millis>,
    pub reply_due: Millis,
    pub arrival_due: Millis,
    pub reply_late: bool,
    pub arrival_late: bool,
    /// Visits with an arrival.
    pub visits: u32,
    pub labour_minutes: i64,
    pub parts_amount: i64,
    pub billable_amount: i64,
    pub survey_score: Option<u8>,
    pub first_time_fix: bool,
    pub channel: Option<Channel>,
    pub fault_code: String,
    pub fault: String,
    /// Each field's visible values, the one to show first; more than one is a conflict.
    pub fields: BTreeMap<String, Vec<String>>,
    /// Another order that was opened for the same call.
    pub same_as: Option<PageId>,
    /// The time last agreed with the customer.
    pub appointment: Option<Millis>,
    /// When the customer has to be asked again whether what was mended by telephone holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follow_up_due: Option<Millis>,
    /// Why the engineer whose order it is asked that somebody else go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handed_back: Option<String>,
    pub visit_facts: Vec<VisitFacts>,
    pub goods: Vec<GoodsFacts>,
    pub work: Vec<WorkLine>,
    /// The last look into the toolkit.
    pub toolkit: Option<ToolkitFacts>,
    pub flags: BTreeSet<Flag>,
}

/// Work of one person on one day, under the order's service type: a visit that was left, or time on the bench.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkLine {
    pub engineer: UserId,
    pub day: Day,
    pub visits: u32,
    pub minutes: i64,
}

/// The toolkit against the standard list: what was missing is known, and blocks nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToolkitFacts {
    pub by: UserId,
    pub at: Millis,
    pub missing: Vec<String>,
}

/// What the fold may ask of the records.
pub struct Records<'a> {
    pub policy: &'a Policy,
    pub person: &'a dyn Fn(&UserId) -> Option<Person>,
}

impl Records<'_> {
    fn role_of(&self, user: &UserId) -> Option<Role> {
        (self.person)(user).map(|person| person.role)
    }

    fn station_of(&self, user: &UserId) -> Option<StationId> {
        (self.person)(user)?.station
    }
}

/// An order's decisions and pages in; its facts out, or nothing before it is opened.
/// `decisions` are those of the order's page, `visits` each with the decisions that hang on it.
pub fn facts(
    decisions: &[Decision],
    order: Option<Sheet<'_>>,
    visits: &[(Sheet<'_>, &[Decision])],
    records: &Records<'_>,
) -> Option<OrderFacts> {
    let standing = Standing::after(decisions)?;
    let policy = records.policy;
    let events = order.map(|sheet| sheet.live(decisions)).unwrap_or_default();
    let mut visit_facts: Vec<VisitFacts> =
        visits.iter().map(|(sheet, decisions)| visit::facts(*sheet, decisions)).collect();

    acknowledge(&mut visit_facts, decisions);

    let desk_fixed = wait::fixed_at_the_desk(decisions);
    let contacts = || events.iter().filter_map(|event| contact(event).map(|reach| (reach, event.at)));
    let reached = contacts().find(|(reach, _)| *reach != Reach::NoAnswer).map(|(_, at)| at);
    let replied_at = reached.into_iter().chain(wait::first_fixed_at_the_desk(decisions)).min();
    let remote_fixed = desk_fixed.is_some() || contacts().any(|(reach, _)| reach == Reach::RemoteFixed);
    let arrived_at = visit_facts.iter().filter_map(|visit| visit.arrived_at).min();
    let arrivals = visit_facts.iter().filter(|visit| visit.arrived_at.is_some()).count() as u32;
    let last_result = last_result(&visit_facts);
    let goods = goods(&events, &visit_facts, decisions);
    let signed = visit_facts.iter().filter_map(|visit| visit.signed.as_ref()).max_by_key(|sign| (sign.at, sign.seq));
    let (reply_due, arrival_due) = (
        policy.at(standing.opened_at).sla.reply_limit(standing.opened_at),
        policy.at(standing.opened_at).sla.arrival_limit(standing.opened_at, standing.distance_km),
    );
    let lines = || visit_facts.iter().flat_map(|visit| &visit.parts);
    let charges = total(visit_facts.iter().flat_map(|visit| &visit.charges).map(|charge| charge.amount));
    let state =
        state(&standing, &visit_facts, Told { replied: replied_at.is_some(), remote_fixed, last_result }, &goods);
    let mut facts = OrderFacts {
        page: standing.order,
        number: standing.number.clone(),
        service_type: standing.service_type,
        customer: standing.customer.clone(),
        asset: standing.asset.clone(),
        station: standing.station.clone(),
        engineer: standing.engineer.clone(),
        helpers: standing.helpers.clone(),
        state,
        opened_at: standing.opened_at,
        replied_at,
        arrived_at,
        closed_at: standing.first_closed_at,
        reply_due,
        arrival_due,
        reply_late: replied_at.is_some_and(|at| at > reply_due),
        arrival_late: arrived_at.is_some_and(|at| at > arrival_due),
        visits: arrivals,
        labour_minutes: visit_facts.iter().filter_map(VisitFacts::minutes).sum(),
        parts_amount: total(lines().map(PartLine::amount)),
        billable_amount: total(lines().filter(|line| line.billable).map(PartLine::amount)).saturating_add(charges),
        survey_score: signed.map(|sign| sign.score),
        first_time_fix: arrivals == 1 && last_result == Some(VisitResult::Fixed),
        channel: None,
        fault_code: String::new(),
        fault: String::new(),
        fields: order.map(fields).unwrap_or_default(),
        same_as: decisions.iter().rev().find_map(|decision| match decision.ask() {
            Ask::SameAs { same, .. } => Some(*same),
            _ => None,
        }),
        appointment: events.iter().rev().find_map(appointment),
        follow_up_due: wait::follow_up_due(&events, desk_fixed, policy),
        handed_back: wait::handed_back(&events, &standing),
        work: work(&events, &visit_facts, policy),
        toolkit: events.iter().rev().find_map(toolkit),
        goods,
        visit_facts,
        flags: BTreeSet::new(),
    };
    if let Some((channel, code, fault)) = events.iter().find_map(register) {
        (facts.channel, facts.fault_code, facts.fault) = (Some(channel), code, fault);
    }
    facts.flags = flags(&facts, &standing, decisions, order, visits, records);
    Some(facts)
}

/// Sums that people typed stay sums, however large.
fn total(amounts: impl Iterator<Item = i64>) -> i64 {
    amounts.fold(0, i64::saturating_add)
}

/// Marks the charges whose money the cashier has.
fn acknowledge(visits: &mut [VisitFacts], decisions: &[Decision]) {
    for decision in decisions {
        if let Ask::AcknowledgeCash { charge, .. } = decision.ask() {
            let mut charges = visits.iter_mut().flat_map(|visit| &mut visit.charges);
            if let Some(line) = charges.find(|line| line.entry == *charge) {
                line.acknowledged = true;
                line.acknowledged_by = Some(decision.by().clone());
                line.acknowledged_at = Some(decision.at());
            }
        }
    }
}

fn contact(event: &Event<'_>) -> Option<Reach> {
    match event.body {
        Body::Contact { outcome, .. } => Some(*outcome),
        _ => None,
    }
}

fn appointment(event: &Event<'_>) -> Option<Millis> {
    match event.body {
        Body::Contact { appointment, .. } => *appointment,
        Body::Rebook { appointment, .. } => Some(*appointment),
        _ => None,
    }
}

fn toolkit(event: &Event<'_>) -> Option<ToolkitFacts> {
    match event.body {
        Body::Toolkit { missing } => {
            Some(ToolkitFacts { by: event.by.clone(), at: event.at, missing: missing.clone() })
        }
        _ => None,
    }
}

fn register(event: &Event<'_>) -> Option<(Channel, String, String)> {
    match event.body {
        Body::Register { channel, fault_code, fault } => Some((*channel, fault_code.clone(), fault.clone())),
        _ => None,
    }
}

/// Values of each field; the first admitted leads.
fn fields(sheet: Sheet<'_>) -> BTreeMap<String, Vec<String>> {
    let mut fields = BTreeMap::new();
    for field in field::of(Kind::Order) {
        let mut values: Vec<String> = Vec::new();
        for row in sheet.index.values(field.name) {
            if !values.iter().any(|known| known == row.value) {
                values.push(row.value.to_owned());
            }
        }
        if !values.is_empty() {
            fields.insert(field.name.to_owned(), values);
        }
    }
    fields
}

/// A visit counts once it has been left, for who arrived and on the day of arrival; the bench on its own day.
fn work(events: &[Event<'_>], visits: &[VisitFacts], policy: &Policy) -> Vec<WorkLine> {
    let on_site = visits.iter().filter_map(|visit| {
        let minutes = visit.minutes()?;
        let day = policy.zone.day(visit.arrived_at?);
        Some(WorkLine { engineer: visit.engineer.clone()?, day, visits: 1, minutes })
    });
    let bench = events.iter().filter_map(|event| match event.body {
        Body::Repair { minutes, .. } => Some(WorkLine {
            engineer: event.by.clone(),
            day: policy.zone.day(event.at),
            visits: 0,
            minutes: i64::from(*minutes),
        }),
        _ => None,
    });
    on_site.chain(bench).collect()
}
