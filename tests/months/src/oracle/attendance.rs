//! `attendance.csv`: a row for each engineer and day of the month.

use super::csv::{Table, time};
use super::deed::Deed;
use super::{interval, leaves};
use crate::{Action, Org, org::AttendancePolicy};
use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};

pub fn csv(org: &Org, deeds: &[Deed]) -> String {
    let zone = org.zone();
    let approved = leaves::approved(deeds);
    let mut table = Table::new("engineer,date,status,leave,first_in,last_out,worked_minutes");
    for engineer in org.engineers() {
        let own: Vec<&Deed> = deeds.iter().filter(|deed| deed.user.id == engineer.id).collect();
        for day in org.attendance.days() {
            let events = Events::of(&own, day, &zone);
            let leave = leaves::covering(&approved, &engineer.id, day);
            let worked = match (events.first_in, events.last_out) {
                (Some(first_in), Some(last_out)) => interval::minutes(first_in, last_out),
                _ => 0,
            };
            table.push(vec![
                engineer.id.clone(),
                day.to_string(),
                events.status(&org.attendance, day, leave.is_some(), &zone).to_owned(),
                leave.map(|leave| leave.kind.to_owned()).unwrap_or_default(),
                time(events.first_in, &zone),
                time(events.last_out, &zone),
                worked.to_string(),
            ]);
        }
    }
    table.finish()
}

struct Events {
    first_in: Option<Timestamp>,
    last_out: Option<Timestamp>,
}

impl Events {
    fn of(own: &[&Deed], day: Date, zone: &TimeZone) -> Self {
        let that_day = || own.iter().filter(|deed| deed.claimed.to_zoned(zone.clone()).date() == day);
        let ins = that_day().filter(|deed| matches!(deed.action, Action::ClockIn { .. }));
        let outs = that_day().filter(|deed| matches!(deed.action, Action::ClockOut { .. }));
        Self { first_in: ins.map(|deed| deed.claimed).min(), last_out: outs.map(|deed| deed.claimed).max() }
    }

    fn status(&self, policy: &AttendancePolicy, day: Date, on_leave: bool, zone: &TimeZone) -> &'static str {
        let working = policy.is_working(day);
        let grace = SignedDuration::from_mins(policy.grace_minutes);
        let face = |at: Timestamp| at.to_zoned(zone.clone()).datetime();
        match (self.first_in, self.last_out) {
            (None, None) if working && on_leave => "leave",
            (None, None) if working => "absent",
            (None, None) => "rest",
            (None, Some(_)) | (Some(_), None) => "incomplete",
            (Some(_), Some(_)) if !working => "overtime",
            (Some(first_in), _) if face(first_in) > day.to_datetime(policy.start()) + grace => "late",
            (_, Some(last_out)) if face(last_out) < day.to_datetime(policy.end()) - grace => "left_early",
            (Some(_), Some(_)) => "present",
        }
    }
}
