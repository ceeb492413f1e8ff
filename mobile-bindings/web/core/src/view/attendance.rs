//! A person's month, and the daily report (006).

use super::today::{NextStep, home, outing};
use crate::host::now;
use crate::next::NextAct;
use crate::phone::{Names, Phone};
use outpost_device::error::DeviceError;
use outpost_model::command::ServiceType;
use outpost_model::fold::attendance::{DayRow, DayStatus};
use outpost_model::time::{Day, Millis, Month};
use serde_json::{Value, json};

const SHOWN: [DayStatus; 5] =
    [DayStatus::Present, DayStatus::Late, DayStatus::LeftEarly, DayStatus::Overtime, DayStatus::Leave];
const IF_ANY: [DayStatus; 2] = [DayStatus::Incomplete, DayStatus::Absent];

pub fn month(phone: &mut Phone, wanted: Option<&str>) -> Result<Value, DeviceError> {
    let names = phone.names()?;
    let policy = &names.records.policy;
    let today = policy.zone.day(now());
    let month = wanted.and_then(|text| Month::parse(text).ok()).unwrap_or_else(|| month_of(&names, today));
    let rows = phone.device.attendance(month)?;
    let own = phone.device.own_time(&names.me)?;
    let (first, last) = policy.attendance.days_of(month);
    let days: Vec<Value> = rows.iter().map(|row| day(row, &names, today, &own)).collect();
    let past = |row: &&DayRow| row.day < today;
    let count = |status| rows.iter().filter(past).filter(|row| row.status == status).count();
    let mut totals: Vec<Value> =
        SHOWN.iter().map(|status| json!({ "status": status, "days": count(*status) })).collect();
    totals.extend(
        IF_ANY
            .iter()
            .filter(|status| count(**status) > 0)
            .map(|status| json!({ "status": status, "days": count(*status) })),
    );
    let out = outing(phone, &names)?;
    let on_duty = own.on_duty_since.is_some();
    let current = (first..=last).contains(&today);
    let next = match &out {
        Some(out) => Some(NextStep { outing: Some(out.clone()), ..NextStep::plain(NextAct::Returned) }),
        None if !on_duty => Some(NextStep::plain(NextAct::ClockIn)),
        None => home(&names),
    };
    Ok(json!({
        "month": month, "first": first, "last": last, "today": today, "closes_on": last.next(),
        "days": days, "totals": totals, "sealed": null, "earlier": true, "later": true,
        "next": next.filter(|_| current), "on_duty": on_duty, "outing": out,
    }))
}

/// The attendance month that a day falls into.
fn month_of(names: &Names, day: Day) -> Month {
    let calendar = day.month();
    let (_, last) = names.records.policy.attendance.days_of(calendar);
    if day <= last {
        calendar
    } else {
        Month {
            ..Day::parse(&format!("{calendar}-28")).map_or(calendar, |day| {
                let mut after = day;
                while after.month() == calendar {
                    after = after.next();
                }
                after.month()
            })
        }
    }
}

fn day(row: &DayRow, names: &Names, today: Day, own: &outpost_model::fold::attendance::OwnTime) -> Value {
    let policy = &names.records.policy;
    let minutes = |at: Millis| policy.zone.time_of_day_ms(at) / Millis::minutes(1);
    // A day that runs has no verdict yet.
    let status = match row.status {
        DayStatus::Rest => Some(DayStatus::Rest),
        other => (row.day < today).then_some(other),
    };
    let off = match row.status {
        DayStatus::Late => row.first_in.map(|at| minutes(at) - i64::from(policy.attendance.work_start_min)),
        DayStatus::LeftEarly => row.last_out.map(|at| i64::from(policy.attendance.work_end_min) - minutes(at)),
        _ => None,
    };
    let unsaid = json!({ "is": "unsaid" });
    let event = |what: Value, at: Millis| {
        json!({
            "entry": at, "page": "", "what": what, "at": at, "state": "admitted", "suspect": false, "voided": null, "mine_to_void": false,
        })
    };
    let mut rows: Vec<Value> = Vec::new();
    rows.extend(row.first_in.map(|at| event(json!({ "is": "clock_in", "place": unsaid }), at)));
    rows.extend(row.last_out.map(|at| event(json!({ "is": "clock_out", "place": unsaid }), at)));
    rows.extend(own.leaves.iter().filter(|leave| (leave.from..=leave.to).contains(&row.day)).map(|leave| {
        let at = now();
        json!({
            "entry": leave.entry, "page": "", "at": at, "state": "admitted", "suspect": false, "voided": null, "mine_to_void": false,
            "what": { "is": "leave", "leave": leave.kind, "from": leave.from, "to": leave.to, "reason": leave.reason, "approved": leave.approved },
        })
    }));
    json!({
        "day": row.day, "status": status, "minutes": off, "worked_minutes": row.worked_minutes, "leave": row.leave, "rows": rows,
    })
}

/// Visits and minutes of this person's day.
pub fn day_totals(
    phone: &Phone,
    names: &Names,
    items: &[outpost_device::store::lists::OrderItem],
    day: Day,
) -> Result<(u32, i64), DeviceError> {
    let mut totals = (0, 0);
    for item in items {
        for work in item.facts.work.iter().filter(|work| work.engineer == names.me && work.day == day) {
            totals = (totals.0 + work.visits, totals.1 + work.minutes);
        }
    }
    let tasks = phone.device.own_time(&names.me)?.tasks;
    totals.1 += tasks.iter().filter(|task| task.day == day).map(|task| task.minutes).sum::<i64>();
    Ok(totals)
}

pub fn report(phone: &mut Phone, day: &str) -> Result<Value, DeviceError> {
    let names = phone.names()?;
    let zone = &names.records.policy.zone;
    let day = Day::parse(day).unwrap_or_else(|_| zone.day(now()));
    let mut visits = Vec::new();
    let mut minutes = [0_i64; 4];
    let slot = |of: ServiceType| match of {
        ServiceType::A => 0,
        ServiceType::B => 1,
        ServiceType::C => 2,
        ServiceType::D => 3,
    };
    for item in phone.device.orders()? {
        let facts = &item.facts;
        for work in facts.work.iter().filter(|work| work.engineer == names.me && work.day == day) {
            minutes[slot(facts.service_type)] += work.minutes;
        }
        for visit in &facts.visit_facts {
            let mine = visit.engineer.as_ref() == Some(&names.me);
            let Some(arrived) = visit.arrived_at.filter(|at| mine && zone.day(*at) == day) else { continue };
            let number = &facts.number;
            visits.push((
                arrived,
                json!({
                    "page": visit.page, "number": number.rsplit('-').next().unwrap_or(number),
                    "customer": names.customer_name(&facts.customer),
                    "model": names.asset(facts.asset.as_ref(), "model").unwrap_or_default(),
                    "service_type": facts.service_type, "minutes": visit.minutes(), "result": visit.result,
                }),
            ));
        }
    }
    visits.sort_by_key(|(at, _)| *at);
    let tasks: Vec<Value> = phone
        .device
        .own_time(&names.me)?
        .tasks
        .iter()
        .filter(|task| task.day == day)
        .enumerate()
        .map(|(n, task)| {
            minutes[3] += task.minutes;
            json!({ "entry": n.to_string(), "minutes": task.minutes, "note": "", "state": "admitted" })
        })
        .collect();
    let minutes: Vec<Value> =
        ["A", "B", "C", "D"].iter().zip(minutes).map(|(of, minutes)| json!({ "of": of, "minutes": minutes })).collect();
    Ok(json!({
        "day": day, "visits": visits.into_iter().map(|(_, visit)| visit).collect::<Vec<_>>(), "tasks": tasks,
        "minutes": minutes, "sent": null, "may_send": false,
    }))
}
