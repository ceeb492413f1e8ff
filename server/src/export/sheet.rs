//! The attendance sheet (考勤表) as personnel expect it: people down, days across, one character a day, what they come
//! to, and whether the month is signed off.

use super::format::{csv_writer, disarm};
use super::{Format, Paper, Part, Tongue, rows};
use crate::relay::Facts;
use crate::store::StoreError;
use outpost_model::fold::attendance::DayRow;
use outpost_model::id::UserId;
use outpost_model::roster::{LEGEND, Roster, RosterLine, mark_of, roster};
use outpost_model::time::{Day, Month};
use std::collections::BTreeSet;
use std::io::Write;

pub(super) struct Sheet {
    pub tongue: Tongue,
    pub roster: Roster,
    pub weekend: Vec<bool>,
    signed: BTreeSet<UserId>,
}

pub(super) fn of(facts: &Facts<'_>, part: &Part, paper: &Paper) -> Result<Sheet, StoreError> {
    let (first, last) = rows::days_of(facts, &part.cut, part.month);
    let rules = &facts.policy;
    let month: Month = rules.month_of(last);
    let mut each: Vec<(UserId, String, Vec<DayRow>)> = Vec::new();
    for person in rows::engineers(facts, &part.cut)? {
        let days = facts.days_between(&facts.own_time(&person.user)?, (first, last));
        each.push((person.user, person.name, days));
    }
    // A day that runs has no verdict yet.
    let zone = &facts.policy.zone;
    let yesterday = zone.day(zone.begins(zone.day(paper.now)).plus(-1));
    let lines = each.iter().map(|(user, name, days)| (user.clone(), name.clone(), days.as_slice()));
    let roster = roster(month, Some(yesterday), lines);
    // Only a whole month is signed.
    let signed = match rules.days_of(month) == (first, last) {
        true => facts.sealed()?.into_iter().filter(|(_, sealed)| *sealed == month).map(|(user, _)| user).collect(),
        false => BTreeSet::new(),
    };
    let weekend = roster.days.iter().map(|day| !rules.on(*day).attendance.is_working_day(*day)).collect();
    Ok(Sheet { tongue: paper.tongue, roster, weekend, signed })
}

impl Sheet {
    pub fn people(&self) -> usize {
        self.roster.lines.len()
    }

    pub fn title(&self) -> String {
        let Month { year, month } = self.roster.month;
        self.tongue.of(format!("{year} 年 {month} 月考勤表"), format!("Attendance {year}-{month:02}"))
    }

    pub fn span(&self) -> String {
        match (self.roster.days.first(), self.roster.days.last()) {
            (Some(first), Some(last)) => self.tongue.of(format!("{first} 至 {last}"), format!("{first} to {last}")),
            _ => String::new(),
        }
    }

    /// Before the days.
    pub fn heads(&self) -> [&'static str; 2] {
        [self.tongue.of("姓名", "Name"), self.tongue.of("工号", "Staff no.")]
    }

    /// After the days: days of each kind, days there at all, hours, whether it is signed.
    pub fn sums(&self) -> Vec<&'static str> {
        let kinds = LEGEND.iter().map(|mark| self.tongue.of(mark.zh_name, mark.en_name));
        let rest = [
            self.tongue.of("到岗天数", "Days there"),
            self.tongue.of("在岗工时", "Hours"),
            self.tongue.of("签认", "Signed off"),
        ];
        kinds.chain(rest).collect()
    }

    pub fn mark(&self, line: &RosterLine, day: usize) -> String {
        let mark = line.marks.get(day).copied().flatten().map(mark_of);
        mark.map(|mark| self.tongue.of(mark.zh, mark.en).to_string()).unwrap_or_default()
    }

    pub fn is_signed(&self, line: &RosterLine) -> bool {
        self.signed.contains(&line.person)
    }

    /// What the characters mean, in one line.
    pub fn legend(&self) -> String {
        let marks = LEGEND.iter().map(|mark| match self.tongue {
            Tongue::Zh => format!("{} {}", mark.zh, mark.zh_name),
            Tongue::En => format!("{} {}", mark.en, mark.en_name),
        });
        marks.collect::<Vec<_>>().join(self.tongue.of("　", "   "))
    }

    pub fn weekday(&self, day: Day) -> &'static str {
        const ZH: [&str; 7] = ["一", "二", "三", "四", "五", "六", "日"];
        const EN: [&str; 7] = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];
        let at = usize::try_from(day.weekday() - 1).unwrap_or(0) % 7;
        self.tongue.of(ZH[at], EN[at])
    }

    pub fn write_csv(&self, format: Format, out: &mut dyn Write) -> Result<(), StoreError> {
        let mut csv = csv_writer(out, format)?;
        let days = self.roster.days.iter().map(Day::to_string);
        let heads = self.heads().into_iter().map(str::to_owned).chain(days);
        csv.write_record(heads.chain(self.sums().into_iter().map(str::to_owned))).map_err(std::io::Error::from)?;
        for line in &self.roster.lines {
            let mut name = line.name.clone();
            if format == Format::CsvForExcel {
                disarm(&mut name);
            }
            let mut row = vec![name, line.person.to_string()];
            row.extend((0..self.roster.days.len()).map(|day| self.mark(line, day)));
            row.extend(line.totals.days.iter().map(u32::to_string));
            let hours = format!("{}:{:02}", line.totals.worked_minutes / 60, line.totals.worked_minutes % 60);
            row.extend([line.totals.attended.to_string(), hours]);
            row.push(String::from(if self.is_signed(line) { "1" } else { "0" }));
            csv.write_record(&row).map_err(std::io::Error::from)?;
        }
        csv.flush()?;
        Ok(())
    }
}
