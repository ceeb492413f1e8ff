//! Exports: the tables that headquarters takes along, as files.
//!
//! In comes one snapshot of facts; out go rows of cells in the columns' one order ([`outpost_model::table`] has
//! both), and a cover that says how complete it all is: where the log ended, and when each phone was last heard of.
//! A row is written as it is made, so a file may be longer than memory is large; a workbook goes by way of the disk.

mod completeness;
mod cover;
mod format;
mod rows;
mod sheet;
mod tongue;
mod workbook;

pub use completeness::Completeness;
pub use cover::{Cover, Phone, devices_of, verdict};
pub use format::Format;
pub use tongue::Tongue;

use crate::relay::{Facts, Relay};
use crate::store::StoreError;
use format::TableWriter;
use outpost_model::access::Reach;
use outpost_model::table::{Column, Cut, Period, Table};
use outpost_model::time::{Day, Millis, Month};
use rows::each_row;
use std::io::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use workbook::Workbook;

/// One table of a file.
#[derive(Debug, Clone)]
pub struct Part {
    pub table: Table,
    pub cut: Cut,
    /// The attendance month where the cut names no days; the policy's current one if there is none.
    pub month: Option<Month>,
    /// Columns by their place in the table, in the order of the file; none chosen: all of them.
    pub columns: Vec<usize>,
    /// Attendance as personnel expect it: people down, days across.
    pub as_sheet: bool,
}

/// Longest span of days that attendance is written for.
pub const MOST_DAYS: i64 = 366;

impl Part {
    pub fn whole(table: Table) -> Self {
        Self { table, cut: Cut::whole(), month: None, columns: Vec::new(), as_sheet: false }
    }

    fn columns(&self) -> Vec<Column> {
        let all = self.table.columns();
        let chosen = || self.columns.iter().filter_map(|at| all.get(*at).copied());
        if self.columns.is_empty() { all.to_vec() } else { chosen().collect() }
    }

    /// Why it can't be written in that format, if it can't.
    pub fn problem(&self, format: Format) -> Option<Unfit> {
        let Period { from, to } = self.cut.period;
        if from.zip(to).is_some_and(|(from, to)| to < from) {
            return Some(Unfit::Backwards);
        }
        let is_long = from.zip(to).is_some_and(|(from, to)| days_between(from, to) > MOST_DAYS);
        if self.table == Table::Attendance && is_long {
            return Some(Unfit::TooManyDays);
        }
        if !self.table.has_stations() && self.cut.reach != Reach::All {
            return Some(Unfit::NoStations);
        }
        (self.as_sheet && (self.table != Table::Attendance || format == Format::Jsonl)).then_some(Unfit::NoSheet)
    }
}

fn days_between(from: Day, to: Day) -> i64 {
    let mut days = 1;
    let mut day = from;
    while day < to && days <= MOST_DAYS {
        (day, days) = (day.next(), days + 1);
    }
    days
}

/// Why a part can't be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// The period ends before it begins.
    Backwards,
    /// Attendance over more than a year at once.
    TooManyDays,
    /// Decisions belong to no station.
    NoStations,
    /// Only attendance has a sheet with days across, and not in JSON Lines.
    NoSheet,
}

/// A file to write.
#[derive(Debug, Clone)]
pub struct Export {
    pub format: Format,
    /// One table, or a package of several: a package is always a workbook.
    pub parts: Vec<Part>,
    pub paper: Paper,
}

/// Everything of a period, a sheet each: what headquarters takes along at the end of a month. `reach` says which rows
/// of a table there may be; a table with none is left out.
pub fn package(period: Period, reach: impl Fn(Table) -> Reach) -> Vec<Part> {
    let part = |table, as_sheet| {
        let cut = Cut { period, reach: reach(table) };
        Part { cut, as_sheet, ..Part::whole(table) }
    };
    let tables = Table::ALL.into_iter().filter(|table| table.has_stations()).map(|table| part(table, false));
    let parts = [part(Table::Attendance, true)].into_iter().chain(tables);
    parts.filter(|part| !part.cut.reach.is_nothing()).collect()
}

/// What a file says of itself.
#[derive(Debug, Clone)]
pub struct Paper {
    pub tongue: Tongue,
    pub now: Millis,
    /// Who had it made, by name.
    pub by: String,
    /// Whose phones its cover may name.
    pub people: Reach,
}

/// Writes a whole table, and says how complete it is. Reads one snapshot, with or without a relay running.
pub fn write(
    relay: &Relay,
    table: Table,
    month: Option<Month>,
    format: Format,
    out: &mut (dyn Write + Send),
) -> Result<Completeness, StoreError> {
    let paper = Paper { tongue: Tongue::Zh, now: relay.clock().now(), by: String::new(), people: Reach::All };
    let export = Export { format, parts: vec![Part { month, ..Part::whole(table) }], paper };
    export.write(relay, out, &AtomicU64::new(0)).map(|(complete, _)| complete)
}

impl Export {
    /// Writes the file; `rows` counts along, for whoever waits.
    pub fn write(
        &self,
        relay: &Relay,
        out: &mut (dyn Write + Send),
        rows: &AtomicU64,
    ) -> Result<(Completeness, Cover), StoreError> {
        relay.facts(|facts| {
            match self.format {
                Format::Xlsx => self.write_workbook(facts, out, rows)?,
                Format::Csv | Format::CsvForExcel | Format::Jsonl => self.write_table(facts, out, rows)?,
            }
            let count = usize::try_from(rows.load(Ordering::Relaxed)).unwrap_or(usize::MAX);
            Ok((Completeness::of(facts, count)?, Cover::of(facts, self)?))
        })
    }

    /// What the file would say of itself, before it is made.
    pub fn cover(&self, relay: &Relay) -> Result<Cover, StoreError> {
        relay.facts(|facts| Cover::of(facts, self))
    }

    fn write_table(&self, facts: &Facts<'_>, out: &mut dyn Write, rows: &AtomicU64) -> Result<(), StoreError> {
        for part in &self.parts {
            if part.as_sheet {
                let sheet = sheet::of(facts, part, &self.paper)?;
                rows.fetch_add(sheet.people() as u64, Ordering::Relaxed);
                sheet.write_csv(self.format, out)?;
                continue;
            }
            let mut writer = TableWriter::begin(part.columns(), self.format, &mut *out)?;
            self.each(facts, part, rows, &mut |row| Ok(writer.row(row)?))?;
            writer.finish()?;
        }
        Ok(())
    }

    fn write_workbook(
        &self,
        facts: &Facts<'_>,
        out: &mut (dyn Write + Send),
        rows: &AtomicU64,
    ) -> Result<(), StoreError> {
        let mut book = Workbook::begin(self.paper.tongue)?;
        for part in &self.parts {
            if part.as_sheet {
                let sheet = sheet::of(facts, part, &self.paper)?;
                rows.fetch_add(sheet.people() as u64, Ordering::Relaxed);
                book.sheet(&sheet)?;
                continue;
            }
            book.begin_table(part.table.title(), part.columns())?;
            self.each(facts, part, rows, &mut |row| book.row(&row))?;
            book.end_table()?;
        }
        book.finish(&Cover::of(facts, self)?, out)
    }

    /// Each row of a part, with the columns that were chosen.
    fn each(&self, facts: &Facts<'_>, part: &Part, rows: &AtomicU64, take: rows::Take<'_>) -> Result<(), StoreError> {
        each_row(facts, part.table, &part.cut, part.month, &mut |mut row| {
            rows.fetch_add(1, Ordering::Relaxed);
            if !part.columns.is_empty() {
                row = part.columns.iter().filter_map(|at| row.get(*at).cloned()).collect();
            }
            take(row)
        })
    }
}

/// How many rows each table has within the cut, where that is known without making them.
pub fn counts(relay: &Relay, tables: &[(Table, Cut)]) -> Result<Vec<Option<u64>>, StoreError> {
    relay.facts(|facts| tables.iter().map(|(table, cut)| count(facts, *table, cut)).collect())
}

fn count(facts: &Facts<'_>, table: Table, cut: &Cut) -> Result<Option<u64>, StoreError> {
    Ok(match table {
        Table::Orders | Table::Visits | Table::Charges | Table::Custody | Table::Surveys => {
            facts.count_orders(cut)?.get(&table).copied()
        }
        Table::Flags => {
            let mut flags = 0;
            facts.each_flag(cut, |_| {
                flags += 1;
                Ok(())
            })?;
            Some(flags)
        }
        Table::Attendance => {
            let (first, last) = rows::days_of(facts, cut, None);
            Some(rows::engineers(facts, cut)?.len() as u64 * days_between(first, last) as u64)
        }
        Table::Sealed => {
            let mut sealed = 0;
            each_row(facts, table, cut, None, &mut |_| {
                sealed += 1;
                Ok(())
            })?;
            Some(sealed)
        }
        // Sums, and what stands in the log alone: counted by making them.
        Table::Parts | Table::Daily | Table::Decisions => None,
    })
}
