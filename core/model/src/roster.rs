//! The attendance month as personnel expect it (考勤表): people down, days across, one character a day, a legend, totals.
//! Made from the fold's day rows alone; the phone, the console and the files all draw this.

use crate::fold::attendance::{DayRow, DayStatus};
use crate::id::UserId;
use crate::time::{Day, Month};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roster {
    pub month: Month,
    pub days: Vec<Day>,
    pub lines: Vec<RosterLine>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RosterLine {
    pub person: UserId,
    pub name: String,
    /// One a day, in the order of the days; none where the day hasn't ended yet.
    pub marks: Vec<Option<DayStatus>>,
    pub totals: Totals,
}

/// What the days of one person come to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Totals {
    /// Days, in the order of [`LEGEND`].
    pub days: [u32; LEGEND.len()],
    /// Days on which he was there at all, overtime included.
    pub attended: u32,
    pub worked_minutes: i64,
}

impl Totals {
    pub fn of(&self, status: DayStatus) -> u32 {
        self.days[place(status)]
    }
}

/// What a character means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    pub status: DayStatus,
    /// One character, in either language.
    pub zh: char,
    pub en: char,
    pub zh_name: &'static str,
    pub en_name: &'static str,
}

const fn mark(status: DayStatus, zh: char, en: char, zh_name: &'static str, en_name: &'static str) -> Mark {
    Mark { status, zh, en, zh_name, en_name }
}

/// The legend, in the order in which it is printed under the sheet.
pub const LEGEND: [Mark; 8] = [
    mark(DayStatus::Present, '√', '+', "出勤", "Present"),
    mark(DayStatus::Late, '迟', 'L', "迟到", "Late"),
    mark(DayStatus::LeftEarly, '早', 'E', "早退", "Left early"),
    mark(DayStatus::Incomplete, '漏', '?', "漏打卡", "Clock missing"),
    mark(DayStatus::Absent, '缺', 'A', "缺勤", "Absent"),
    mark(DayStatus::Leave, '假', 'V', "请假", "Leave"),
    mark(DayStatus::Overtime, '加', 'O', "加班", "Overtime"),
    mark(DayStatus::Rest, '休', '-', "休息", "Rest"),
];

fn place(status: DayStatus) -> usize {
    match status {
        DayStatus::Present => 0,
        DayStatus::Late => 1,
        DayStatus::LeftEarly => 2,
        DayStatus::Incomplete => 3,
        DayStatus::Absent => 4,
        DayStatus::Leave => 5,
        DayStatus::Overtime => 6,
        DayStatus::Rest => 7,
    }
}

/// What a day's status looks like on the sheet.
pub fn mark_of(status: DayStatus) -> &'static Mark {
    &LEGEND[place(status)]
}

/// The sheet of these people, in their order. Days after `until` are still to come and stay empty.
pub fn roster<'a>(
    month: Month,
    until: Option<Day>,
    people: impl IntoIterator<Item = (UserId, String, &'a [DayRow])>,
) -> Roster {
    let (mut days, mut lines): (Vec<Day>, Vec<RosterLine>) = (Vec::new(), Vec::new());
    for (person, name, rows) in people {
        if days.is_empty() {
            days = rows.iter().map(|row| row.day).collect();
        }
        let mut totals = Totals::default();
        let mut marks = Vec::with_capacity(days.len());
        for day in &days {
            let row = rows.iter().find(|row| row.day == *day).filter(|_| until.is_none_or(|until| *day <= until));
            if let Some(row) = row {
                totals.days[place(row.status)] += 1;
                totals.attended += u32::from(was_there(row.status));
                totals.worked_minutes = totals.worked_minutes.saturating_add(row.worked_minutes);
            }
            marks.push(row.map(|row| row.status));
        }
        lines.push(RosterLine { person, name, marks, totals });
    }
    Roster { month, days, lines }
}

fn was_there(status: DayStatus) -> bool {
    match status {
        DayStatus::Present | DayStatus::Late | DayStatus::LeftEarly | DayStatus::Incomplete | DayStatus::Overtime => {
            true
        }
        DayStatus::Absent | DayStatus::Leave | DayStatus::Rest => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn rows() -> Vec<DayRow> {
        let row = |day: &str, status, worked_minutes| DayRow {
            day: Day::parse(day).unwrap(),
            status,
            leave: None,
            first_in: None,
            last_out: None,
            worked_minutes,
        };
        vec![
            row("2026-10-12", DayStatus::Present, 480),
            row("2026-10-13", DayStatus::Late, 430),
            row("2026-10-14", DayStatus::Leave, 0),
            row("2026-10-15", DayStatus::Absent, 0),
        ]
    }

    #[test]
    fn each_status_has_a_character_of_its_own_in_either_language() {
        let chars = |of: fn(&Mark) -> char| LEGEND.iter().map(of).collect::<BTreeSet<_>>().len();
        assert_eq!((chars(|mark| mark.zh), chars(|mark| mark.en)), (LEGEND.len(), LEGEND.len()));
        assert!(LEGEND.iter().all(|mark| mark_of(mark.status) == mark));
    }

    #[test]
    fn people_stand_down_and_days_across_with_what_they_come_to() {
        let (rows, month) = (rows(), Month::parse("2026-10").unwrap());
        let wang = UserId::parse("wang").unwrap();
        let sheet = roster(month, None, [(wang.clone(), "王".to_owned(), rows.as_slice())]);
        let line = &sheet.lines[0];
        let text: String = line.marks.iter().map(|status| status.map_or(' ', |status| mark_of(status).zh)).collect();
        assert_eq!((text.as_str(), sheet.days.len()), ("√迟假缺", 4));
        assert_eq!((line.totals.attended, line.totals.worked_minutes), (2, 910));
        assert_eq!(line.totals.of(DayStatus::Absent), 1);
        assert_eq!(line.totals.days.iter().sum::<u32>(), 4, "each day counts once");

        // The 15th hasn't ended: nobody is absent yet.
        let today = Day::parse("2026-10-14").unwrap();
        let sheet = roster(month, Some(today), [(wang, "王".to_owned(), rows.as_slice())]);
        assert_eq!(sheet.lines[0].marks[3], None);
        assert_eq!(sheet.lines[0].totals.of(DayStatus::Absent), 0);
    }
}
