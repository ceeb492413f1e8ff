//! `orders.csv`: one row for each order.

use super::csv::{Table, time, yes};
use super::dossier::Dossier;
use super::state::state;
use super::visit::{self, Visit};
use crate::{Action, Org, action::VisitResult};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};

const HEADER: &str = "number,service_type,customer,asset,station,engineer,state,opened_at,replied_at,arrived_at,\
closed_at,reply_late,arrival_late,visits,labour_minutes,parts_amount,billable_amount,survey_score,first_time_fix";

pub fn csv(org: &Org, dossiers: &[Dossier]) -> String {
    let zone = org.zone();
    let mut table = Table::new(HEADER);
    for dossier in dossiers {
        table.push(row(org, &zone, dossier));
    }
    table.finish()
}

fn row(org: &Org, zone: &TimeZone, dossier: &Dossier) -> Vec<String> {
    let opened = dossier.opening.claimed;
    let replied = dossier.replied_at();
    let arrived = visit::first_arrival(&dossier.visits);
    let arrival_hours = org.sla.arrival_hours(dossier.customer.distance_km);
    let arrived_visits = dossier.visits.iter().filter(|visit| visit.arrival().is_some()).count();
    let first_time_fix = arrived_visits == 1 && visit::last_result(&dossier.visits) == Some(VisitResult::Fixed);
    let (parts, billable) = amounts(dossier);
    vec![
        dossier.number.to_owned(),
        format!("{:?}", dossier.service_type),
        dossier.customer.id.clone(),
        dossier.asset.to_owned(),
        dossier.customer.station.clone(),
        dossier.tenure.engineer().unwrap_or_default().to_owned(),
        state(dossier).to_owned(),
        time(Some(opened), zone),
        time(replied, zone),
        time(arrived, zone),
        time(dossier.closed_at(), zone),
        yes(is_late(opened, replied, org.sla.reply_hours)),
        yes(is_late(opened, arrived, arrival_hours)),
        arrived_visits.to_string(),
        dossier.visits.iter().map(Visit::minutes).sum::<i64>().to_string(),
        parts.to_string(),
        billable.to_string(),
        last_score(dossier).map(|score| score.to_string()).unwrap_or_default(),
        yes(first_time_fix),
    ]
}

/// At the limit is in time; what never happened isn't late.
fn is_late(opened: Timestamp, happened: Option<Timestamp>, hours: i64) -> bool {
    happened.is_some_and(|happened| happened > opened + SignedDuration::from_hours(hours))
}

/// All parts; and billable parts with all charges.
fn amounts(dossier: &Dossier) -> (i64, i64) {
    let mut parts = 0;
    let mut to_pay = 0;
    for action in dossier.actions() {
        match action {
            Action::UsePart { qty, unit_price, billable, .. } => {
                parts += qty * unit_price;
                to_pay += if *billable { qty * unit_price } else { 0 };
            }
            Action::Charge { amount, .. } => to_pay += amount,
            _ => {}
        }
    }
    (parts, to_pay)
}

fn last_score(dossier: &Dossier) -> Option<i64> {
    dossier
        .actions()
        .filter_map(|action| if let Action::Sign { score, .. } = action { Some(*score) } else { None })
        .last()
}
