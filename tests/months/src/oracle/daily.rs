//! `daily.csv`: the technician's daily report, by the engineer who did the work and the day of arrival, repair or task.

use super::csv::Table;
use super::deed::Deed;
use super::dossier::Dossier;
use crate::{Action, Org, action::ServiceType};
use jiff::{Timestamp, civil::Date};
use std::collections::BTreeMap;

#[derive(Default)]
struct Report {
    visits: u32,
    minutes: BTreeMap<ServiceType, i64>,
}

impl Report {
    fn add(&mut self, service_type: ServiceType, minutes: i64) {
        *self.minutes.entry(service_type).or_default() += minutes;
    }
}

pub fn csv(org: &Org, dossiers: &[Dossier], deeds: &[Deed]) -> String {
    let zone = org.zone();
    let day = |at: Timestamp| at.to_zoned(zone.clone()).date();
    let mut reports: BTreeMap<(&str, Date), Report> = BTreeMap::new();
    for dossier in dossiers {
        for visit in &dossier.visits {
            // A visit counts once it has been left.
            if let (Some(arrival), Some(_)) = (visit.arrival(), visit.leave()) {
                let report = reports.entry((&arrival.user.id, day(arrival.claimed))).or_default();
                report.visits += 1;
                report.add(dossier.service_type, visit.minutes());
            }
        }
        for deed in &dossier.deeds {
            if let Action::Repair { minutes, .. } = deed.action {
                let report = reports.entry((&deed.user.id, day(deed.claimed))).or_default();
                report.add(dossier.service_type, *minutes);
            }
        }
    }
    for deed in deeds {
        if let Action::Task { minutes, .. } = deed.action {
            reports.entry((&deed.user.id, day(deed.claimed))).or_default().add(ServiceType::D, *minutes);
        }
    }
    let mut table = Table::new("engineer,date,visits,minutes_a,minutes_b,minutes_c,minutes_d");
    for ((engineer, date), report) in reports {
        let mut row = vec![engineer.to_owned(), date.to_string(), report.visits.to_string()];
        for service_type in [ServiceType::A, ServiceType::B, ServiceType::C, ServiceType::D] {
            row.push(report.minutes.get(&service_type).copied().unwrap_or_default().to_string());
        }
        table.push(row);
    }
    table.finish()
}
