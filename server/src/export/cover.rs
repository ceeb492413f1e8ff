//! The cover: what a file holds, and how complete that is. Nothing forbids an incomplete export; it says so.

use super::{Export, Part, Tongue};
use crate::relay::{Device, DeviceKind, Facts};
use crate::store::StoreError;
use outpost_model::access::Reach;
use outpost_model::id::UserId;
use outpost_model::record::Person;
use outpost_model::table::{FRESH, Heard, heard};
use outpost_model::time::{Day, Millis};
use std::fmt::Write as _;

#[derive(Debug, Clone)]
pub struct Cover {
    pub tongue: Tongue,
    /// Tables, period and stations, a line each.
    pub holds: Vec<String>,
    pub by: String,
    pub made: String,
    /// Last row of the log that was read, and the chain there.
    pub seq: u64,
    pub chain: String,
    pub policy: u32,
    pub verdict: String,
    pub is_whole: bool,
    /// The phones that its reader may know of.
    pub phones: Vec<Phone>,
}

/// One phone, with what it may still hold.
#[derive(Debug, Clone)]
pub struct Phone {
    pub device: String,
    pub owner: String,
    pub contact: Option<Millis>,
    /// The same as it is printed.
    pub contact_text: String,
    pub unsent: u32,
    pub heard: Heard,
}

impl Cover {
    pub(super) fn of(facts: &Facts<'_>, export: &Export) -> Result<Self, StoreError> {
        let (paper, zone) = (&export.paper, &facts.policy.zone);
        let people = facts.people()?;
        let reach = export.parts.iter().map(|part| &part.cut.reach);
        let concerned = |person: Option<&Person>| {
            let station = person.and_then(|person| person.station.as_ref());
            reach.clone().any(|reach| reach.holds(station))
        };
        let until = until(export, facts);
        let devices = facts.devices()?;
        let all: Vec<(Phone, Option<&Person>)> = devices_of(&devices, &people)
            .filter(|(_, person)| concerned(*person))
            .map(|(device, person)| (phone(device, person, until, facts), person))
            .collect();
        let states: Vec<Heard> = all.iter().map(|(phone, _)| phone.heard).collect();
        let may_know = |person: Option<&Person>| {
            paper.people.holds(person.and_then(|person| person.station.as_ref())) && !paper.people.is_nothing()
        };
        Ok(Self {
            tongue: paper.tongue,
            holds: export.parts.iter().map(|part| holds(part, facts, paper.tongue)).collect(),
            by: paper.by.clone(),
            made: stamp(&zone.rfc3339(paper.now)),
            seq: facts.end.0,
            chain: hex::encode(facts.end.1),
            policy: facts.policy.version,
            verdict: verdict(&states, paper.tongue),
            is_whole: !states.iter().any(|state| state.may_lack()),
            phones: all.into_iter().filter(|(_, person)| may_know(*person)).map(|(phone, _)| phone).collect(),
        })
    }

    /// As a page of plain text.
    pub fn text(&self) -> String {
        let t = self.tongue;
        let mut page = format!("{}\n\n{}\n\n", t.of("Outpost 导出封面", "Outpost export: cover"), self.verdict);
        for line in self.lines() {
            let _ = writeln!(page, "{}: {}", line.0, line.1);
        }
        if !self.phones.is_empty() {
            page.push('\n');
        }
        for phone in &self.phones {
            let _ = writeln!(
                page,
                "{}\t{}\t{}\t{}",
                phone.owner,
                phone.device,
                if phone.contact_text.is_empty() { "–" } else { &phone.contact_text },
                state(phone.heard, t)
            );
        }
        page
    }

    /// What stands above the phones: word and value.
    pub fn lines(&self) -> Vec<(&'static str, String)> {
        let t = self.tongue;
        let mut lines: Vec<(&str, String)> =
            self.holds.iter().map(|holds| (t.of("内容", "Holds"), holds.clone())).collect();
        lines.push((t.of("生成时间", "Made at"), self.made.clone()));
        if !self.by.is_empty() {
            lines.push((t.of("导出人", "Made by"), self.by.clone()));
        }
        lines.push((t.of("日志到第几号", "Log up to row"), self.seq.to_string()));
        lines.push((t.of("链首", "Chain head"), self.chain.clone()));
        lines.push((t.of("制度参数版本", "Policy version"), self.policy.to_string()));
        lines
    }
}

/// The phones that ever were, with whose they are.
pub fn devices_of<'a>(
    devices: &'a [Device],
    people: &'a [Person],
) -> impl Iterator<Item = (&'a Device, Option<&'a Person>)> {
    let owner = |user: &UserId| people.iter().find(|person| person.user == *user);
    devices.iter().filter(|device| device.kind == DeviceKind::Phone).map(move |device| (device, owner(&device.user)))
}

/// The moment up to which phones must have been heard of: the end of the period, but what still runs is as complete as
/// phones of the last day make it.
fn until(export: &Export, facts: &Facts<'_>) -> Millis {
    let fresh = export.paper.now.plus(-FRESH);
    let ends = export.parts.iter().map(|part| match part.cut.period.is_open() && part.month.is_none() {
        true => fresh,
        false => span(part, facts).1.map_or(fresh, |last| facts.policy.zone.begins(last.next())),
    });
    ends.map(|end| end.min(fresh)).max().unwrap_or(fresh)
}

/// The days that a part is about.
fn span(part: &Part, facts: &Facts<'_>) -> (Option<Day>, Option<Day>) {
    match (part.cut.period.is_open(), part.month) {
        (true, Some(month)) => {
            let (first, last) = facts.policy.days_of(month);
            (Some(first), Some(last))
        }
        _ => (part.cut.period.from, part.cut.period.to),
    }
}

fn holds(part: &Part, facts: &Facts<'_>, t: Tongue) -> String {
    let title = t.pair(part.table.title());
    let period = match span(part, facts) {
        (None, None) => t.of("全部日期", "all days").to_owned(),
        (Some(from), None) => t.of(format!("{from} 起"), format!("from {from}")),
        (None, Some(to)) => t.of(format!("到 {to}"), format!("up to {to}")),
        (Some(from), Some(to)) => t.of(format!("{from} 至 {to}"), format!("{from} to {to}")),
    };
    let stations = match &part.cut.reach {
        Reach::All => t.of("全部驻点", "all stations").to_owned(),
        Reach::These(stations) => stations.iter().map(|one| one.as_str()).collect::<Vec<_>>().join(t.of("、", ", ")),
    };
    t.of(format!("{title}，{period}，{stations}"), format!("{title}, {period}, {stations}"))
}

fn phone(device: &Device, person: Option<&Person>, until: Millis, facts: &Facts<'_>) -> Phone {
    let contact = device.contact.map(|(_, at)| at);
    Phone {
        device: device.device.to_string(),
        owner: person.map_or_else(|| device.user.to_string(), |person| person.name.clone()),
        contact,
        contact_text: contact.map(|at| stamp(&facts.policy.zone.rfc3339(at))).unwrap_or_default(),
        unsent: device.unsent,
        heard: heard(contact, device.unsent, device.revoked.is_some(), until),
    }
}

/// `2026-10-20 16:30`.
fn stamp(rfc3339: &str) -> String {
    rfc3339.get(..16).unwrap_or(rfc3339).replace('T', " ")
}

/// How complete it is, in one sentence.
pub fn verdict(phones: &[Heard], t: Tongue) -> String {
    let count = |wanted: fn(Heard) -> bool| phones.iter().filter(|one| wanted(**one)).count();
    let whole = count(|one| one == Heard::Whole);
    let in_use = count(|one| one != Heard::Ended);
    let silent = count(|one| matches!(one, Heard::SilentSince(_)));
    let never = count(|one| one == Heard::Never);
    let holding = count(|one| matches!(one, Heard::Holds(_)));
    let held: u64 = phones.iter().map(|one| if let Heard::Holds(n) = one { u64::from(*n) } else { 0 }).sum();
    if in_use == 0 {
        return t.of("没有在用的手机。", "No phone is in use.").to_owned();
    }
    if whole == in_use {
        return t.of(format!("{in_use} 台在用手机，都已齐。"), format!("{in_use} phones in use, all complete."));
    }
    let mut parts =
        vec![t.of(format!("{in_use} 台在用手机，{whole} 台已齐"), format!("{in_use} phones in use, {whole} complete"))];
    if holding > 0 {
        parts.push(t.of(format!("{holding} 台可能还有 {held} 条"), format!("{holding} may hold {held} more")));
    }
    if silent > 0 {
        parts.push(t.of(format!("{silent} 台之后没联系过"), format!("{silent} not heard of since")));
    }
    if never > 0 {
        parts.push(t.of(format!("{never} 台从没联系过"), format!("{never} never heard of")));
    }
    parts.join(t.of("，", ", ")) + t.of("。", ".")
}

/// A phone's state, in words.
pub fn state(heard: Heard, t: Tongue) -> String {
    match heard {
        Heard::Whole => t.of("齐", "complete").to_owned(),
        Heard::Holds(n) => t.of(format!("可能缺 {n} 条"), format!("may lack {n}")),
        Heard::SilentSince(_) => t.of("之后没联系过", "not heard of since").to_owned(),
        Heard::Never => t.of("从没联系过", "never heard of").to_owned(),
        Heard::Ended => t.of("已停用，不再计入", "no longer in use").to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_verdict_names_what_may_be_missing() {
        let all = [Heard::Whole, Heard::Whole, Heard::Ended];
        assert_eq!(verdict(&all, Tongue::Zh), "2 台在用手机，都已齐。");
        let some = [Heard::Whole, Heard::Holds(6), Heard::SilentSince(Millis(1)), Heard::Never, Heard::Ended];
        assert_eq!(
            verdict(&some, Tongue::Zh),
            "4 台在用手机，1 台已齐，1 台可能还有 6 条，1 台之后没联系过，1 台从没联系过。"
        );
        assert_eq!(
            verdict(&some, Tongue::En),
            "4 phones in use, 1 complete, 1 may hold 6 more, 1 not heard of since, 1 never heard of."
        );
        assert_eq!(verdict(&[], Tongue::Zh), "没有在用的手机。");
    }
}
