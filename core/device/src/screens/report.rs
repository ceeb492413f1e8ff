//! The technician's daily report (006), written by the day's visits.

use super::Screens;
use super::forms::FormSent;
use super::names::short;
use crate::error::DeviceError;
use crate::store::outbox::StepState;
use outpost_model::command::ServiceType;
use outpost_model::entry::{Body, VisitResult};
use outpost_model::id::{EntryId, PageId};
use outpost_model::time::Day;
use serde::Serialize;

#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct DayReport {
    pub day: Day,
    pub visits: Vec<ReportVisit>,
    pub tasks: Vec<ReportTask>,
    pub minutes: Vec<ServiceMinutes>,
    /// Its last sending.
    pub sent: Option<FormSent>,
    /// It wasn't sent, or would say something else now.
    pub may_send: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct ReportVisit {
    pub page: PageId,
    pub number: String,
    pub customer: String,
    pub model: String,
    pub service_type: ServiceType,
    pub minutes: Option<i64>,
    pub result: Option<VisitResult>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct ReportTask {
    pub entry: EntryId,
    pub minutes: u32,
    pub note: String,
    pub state: StepState,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct ServiceMinutes {
    pub of: ServiceType,
    pub minutes: i64,
}

impl Screens<'_> {
    pub fn report(&mut self, day: Day) -> Result<DayReport, DeviceError> {
        let names = self.names()?;
        let zone = &names.records.policy.zone;
        let kinds = [ServiceType::A, ServiceType::B, ServiceType::C, ServiceType::D];
        let mut minutes = kinds.map(|of| ServiceMinutes { of, minutes: 0 });
        let mut visits = Vec::new();
        for item in self.device.orders()? {
            let facts = &item.facts;
            let work = facts.work.iter().filter(|it| it.engineer == names.me && it.day == day);
            let worked: i64 = work.map(|it| it.minutes).sum();
            minutes.iter_mut().filter(|it| it.of == facts.service_type).for_each(|it| it.minutes += worked);
            for visit in facts.visit_facts.iter().filter(|visit| visit.engineer.as_ref() == Some(&names.me)) {
                let Some(arrived) = visit.arrived_at.filter(|at| zone.day(*at) == day) else { continue };
                let visit = ReportVisit {
                    page: visit.page,
                    number: short(&facts.number),
                    customer: names.customer_name(&facts.customer),
                    model: names.asset(facts.asset.as_ref(), "model").unwrap_or_default(),
                    service_type: facts.service_type,
                    minutes: visit.minutes(),
                    result: visit.result,
                };
                visits.push((arrived, visit));
            }
        }
        visits.sort_by_key(|(arrived, _)| *arrived);
        let tasks = self.tasks(day)?;
        let general: i64 = tasks.iter().map(|task| i64::from(task.minutes)).sum();
        minutes.iter_mut().filter(|it| it.of == ServiceType::D).for_each(|it| it.minutes += general);
        let visits = visits.into_iter().map(|(_, visit)| visit).collect();
        let (sent, may_send) = self.daily_report(day)?;
        Ok(DayReport { day, visits, tasks, minutes: minutes.into(), sent, may_send })
    }

    /// General tasks (D) of a day that still stand.
    fn tasks(&mut self, day: Day) -> Result<Vec<ReportTask>, DeviceError> {
        let zone = self.device.records()?.policy.zone;
        let events = self.own_events(day, day)?;
        let gone = super::story::gone(&events);
        let tasks = events.iter().filter(|event| zone.day(event.at) == day && !gone.contains(&event.id));
        let tasks = tasks.filter_map(|event| match &event.entry.body {
            Body::Task { minutes, note } => {
                Some(ReportTask { entry: event.id, minutes: *minutes, note: note.clone(), state: event.state })
            }
            _ => None,
        });
        Ok(tasks.collect())
    }
}
