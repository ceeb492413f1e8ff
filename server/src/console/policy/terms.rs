//! The terms of a policy in words, one line a term: the same lines for what holds and for what a change made of it.

use super::super::words::Words;
use outpost_model::policy::{Band, Cash, Policy, Tool};

pub struct Term {
    pub word: &'static str,
    pub text: String,
}

pub fn of(w: Words, policy: &Policy) -> Vec<Term> {
    let (a, sla) = (&policy.attendance, &policy.sla);
    let term = |word, text| Term { word, text };
    let comma = w.of("、", ", ");
    let weekend: Vec<&str> = a.weekend.iter().map(|day| w.weekday(*day)).collect();
    let holidays: Vec<String> = a.holidays.iter().map(ToString::to_string).collect();
    let nothing = |text: String| if text.is_empty() { w.none().to_owned() } else { text };
    vec![
        term(w.policy_reply(), w.hours_word(sla.reply_hours)),
        term(
            w.policy_arrival(),
            sla.arrival.iter().map(|band| self::band(w, band)).collect::<Vec<_>>().join(w.of("；", "; ")),
        ),
        term(w.policy_follow_up(), w.hours_word(sla.follow_up_hours)),
        term(w.policy_closes(), w.policy_day_of_month(a.closes_on)),
        term(w.policy_hours(), format!("{} – {}", clock(a.work_start_min), clock(a.work_end_min))),
        term(w.policy_grace(), w.minutes_word(a.grace_min)),
        term(w.policy_weekend(), nothing(weekend.join(comma))),
        term(w.policy_holidays(), nothing(holidays.join(comma))),
        term(w.policy_cash(), cash(w, policy)),
        term(w.policy_self_open(), if policy.self_open { w.policy_yes() } else { w.policy_no() }.to_owned()),
        term(w.policy_lock(), w.days_word(policy.lock_after_days)),
        term(w.policy_toolkit(), nothing(policy.toolkit.iter().map(tool).collect::<Vec<_>>().join(comma))),
    ]
}

fn band(w: Words, band: &Band) -> String {
    match band.max_km {
        Some(km) => w.policy_band(km, band.hours),
        None => w.policy_band_beyond(band.hours),
    }
}

fn cash(w: Words, policy: &Policy) -> String {
    match (policy.cash, policy.cash_since) {
        (Cash::WithReceipt, _) => w.policy_cash_receipt().to_owned(),
        (Cash::Forbidden, None) => w.policy_cash_forbidden().to_owned(),
        (Cash::Forbidden, Some(since)) => format!("{} ({})", w.policy_cash_forbidden(), w.policy_from(since)),
    }
}

/// `08:30`.
pub fn clock(minutes: u16) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// A tool as the list spells it: with whose it is, where it isn't everybody's.
pub fn tool(tool: &Tool) -> String {
    let whose = tool.station.as_ref().map(ToString::to_string).or(tool.engineer.as_ref().map(ToString::to_string));
    whose.map_or_else(|| tool.name.clone(), |whose| format!("{} | {whose}", tool.name))
}
