//! What was chosen on the page of exports, read from the address or from the form that was sent; and what of it this
//! person may take along.

use super::Pick;
use crate::console::visit::{Fields, Visitor};
use crate::export::{Format, Part, Unfit, package};
use crate::http::Problem;
use outpost_model::id::StationId;
use outpost_model::problem::Code;
use outpost_model::table::{Cut, Period, Table};
use outpost_model::time::{Day, Millis, Month};

pub const FORMATS: [(&str, &str, Format); 3] =
    [("xlsx", "XLSX", Format::Xlsx), ("csv", "CSV", Format::CsvForExcel), ("jsonl", "JSON Lines", Format::Jsonl)];

/// How the tables stand on the page: what is asked for most comes first.
const ORDER: [Table; 11] = [
    Table::Orders,
    Table::Attendance,
    Table::Daily,
    Table::Visits,
    Table::Charges,
    Table::Surveys,
    Table::Parts,
    Table::Custody,
    Table::Flags,
    Table::Sealed,
    Table::Decisions,
];

/// Those of which this person may take any row.
pub fn tables(visitor: &Visitor) -> Vec<Table> {
    let may = |table: &Table| !visitor.sight.table(*table, &visitor.directory).is_nothing();
    ORDER.into_iter().filter(may).collect()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    NoDay,
    Backwards,
    TooManyDays,
}

pub struct Choice {
    pub table: Table,
    /// Everything of the period, in one workbook.
    is_package: bool,
    /// As typed.
    pub from: String,
    pub to: String,
    period: Period,
    pub at: Option<StationId>,
    pub format: Format,
    pub as_sheet: bool,
    columns: Vec<usize>,
    pub trouble: Option<Trouble>,
}

impl Choice {
    pub fn of(visitor: &Visitor, fields: &Fields) -> Result<Self, Problem> {
        let tables = tables(visitor);
        let first = *tables.first().ok_or(Problem::of(Code::NotFound))?;
        let table = match fields.get("table") {
            "" => first,
            name => {
                let table = Table::parse(name).filter(|table| tables.contains(table));
                table.ok_or(Problem::of(Code::NotFound))?
            }
        };
        let is_package = fields.has("package");
        let mut trouble = None;
        let (from, to) = match Month::parse(fields.get("package")).ok() {
            Some(month) if is_package => days_of(visitor, month),
            _ => typed(visitor, fields),
        };
        let mut day = |text: &str| match (text.is_empty(), Day::parse(text)) {
            (true, _) => None,
            (false, Ok(day)) => Some(day),
            (false, Err(_)) => {
                trouble = Some(Trouble::NoDay);
                None
            }
        };
        let period = Period { from: day(&from), to: day(&to) };
        let as_sheet = !is_package && table == Table::Attendance && fields.get("layout") == "sheet";
        let format = FORMATS.iter().find(|(name, ..)| *name == fields.get("format")).map_or(Format::Xlsx, |one| one.2);
        let format = if is_package || (as_sheet && format == Format::Jsonl) { Format::Xlsx } else { format };
        let mut columns: Vec<usize> = match fields.get("of") == table.name() {
            true => fields
                .all("c")
                .filter_map(|name| table.columns().iter().position(|column| column.name == name))
                .collect(),
            false => Vec::new(),
        };
        columns.sort_unstable();
        columns.dedup();
        if columns.len() == table.columns().len() || is_package {
            columns.clear();
        }
        let at = StationId::parse(fields.get("at")).ok();
        let mut choice = Self { table, is_package, from, to, period, at, format, as_sheet, columns, trouble };
        if choice.trouble.is_none() {
            let unfit = choice.parts(visitor).iter().find_map(|part| part.problem(choice.format));
            choice.trouble = unfit.and_then(|unfit| match unfit {
                Unfit::Backwards => Some(Trouble::Backwards),
                Unfit::TooManyDays => Some(Trouble::TooManyDays),
                // The page offers neither.
                Unfit::NoStations | Unfit::NoSheet => None,
            });
        }
        Ok(choice)
    }

    pub fn columns(&self) -> &[usize] {
        &self.columns
    }

    /// The rows of a table that are chosen and may be read.
    pub fn cut(&self, visitor: &Visitor, table: Table) -> Cut {
        let reach = visitor.sight.table(table, &visitor.directory);
        let at = self.at.as_ref().filter(|_| table.has_stations());
        Cut { period: self.period, reach: reach.at(at) }
    }

    pub fn parts(&self, visitor: &Visitor) -> Vec<Part> {
        if self.is_package {
            return package(self.period, |table| self.cut(visitor, table).reach);
        }
        let (cut, columns) = (self.cut(visitor, self.table), self.columns.clone());
        let columns = if self.as_sheet { Vec::new() } else { columns };
        vec![Part { table: self.table, cut, month: None, columns, as_sheet: self.as_sheet }]
    }

    fn name(&self) -> &'static str {
        match (self.is_package, self.as_sheet) {
            (true, _) => "package",
            (false, true) => "attendance-sheet",
            (false, false) => self.table.name(),
        }
    }

    /// For the audit: what was taken along.
    pub fn told(&self) -> String {
        let at = self.at.as_ref().map_or("*", |at| at.as_str());
        let columns: Vec<&str> = self.columns.iter().map(|at| self.table.columns()[*at].name).collect();
        let columns = if columns.is_empty() { String::new() } else { format!(" ({})", columns.join(", ")) };
        format!("{}.{} {}..{} {at}{columns}", self.name(), self.format.extension(), self.from, self.to)
    }

    pub fn file_name(&self) -> String {
        let parts = ["outpost", self.name(), &self.from, &self.to, self.at.as_ref().map_or("", |at| at.as_str())];
        let named: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        format!("{}.{}", named.join("-"), self.format.extension())
    }

    pub fn format_word(&self) -> &'static str {
        FORMATS.iter().find(|(.., format)| *format == self.format).map_or("", |(_, word, _)| word)
    }

    /// Attendance months to jump to, and all days: word, address, whether it is this.
    pub fn months(&self, visitor: &Visitor) -> Vec<(String, String, bool)> {
        let mut choices: Vec<(String, String, String)> = recent(visitor)
            .into_iter()
            .map(|month| {
                let (from, to) = days_of(visitor, month);
                (visitor.w.export_month(month.month), from, to)
            })
            .collect();
        choices.push((visitor.w.export_all_days().to_owned(), String::new(), String::new()));
        let link = |from: &str, to: &str| {
            let mut query = form_urlencoded::Serializer::new(String::new());
            query.append_pair("table", self.table.name()).append_pair("from", from).append_pair("to", to);
            if let Some(at) = &self.at {
                query.append_pair("at", at.as_str());
            }
            if self.as_sheet {
                query.append_pair("layout", "sheet");
            }
            let format = FORMATS.iter().find(|(.., format)| *format == self.format).map_or("", |one| one.0);
            query.append_pair("format", format);
            format!("/exports?{}", query.finish())
        };
        let is_this = |from: &str, to: &str| self.from == from && self.to == to;
        choices.into_iter().map(|(word, from, to)| (word, link(&from, &to), is_this(&from, &to))).collect()
    }

    /// Months that can be taken along whole.
    pub fn packages(&self, visitor: &Visitor) -> Vec<Pick> {
        let likely = likely(visitor);
        let months = recent(visitor).into_iter();
        months
            .map(|month| {
                let (from, to) = days_of(visitor, month);
                let word = visitor.w.export_package_month(month.month, from, to);
                Pick { value: month.to_string(), word, is_chosen: month == likely }
            })
            .collect()
    }
}

fn month_at(visitor: &Visitor, at: Millis) -> Month {
    let policy = &visitor.directory.policy;
    policy.month_of(policy.zone.day(at))
}

/// This attendance month and the two before it.
fn recent(visitor: &Visitor) -> [Month; 3] {
    let this = month_at(visitor, visitor.now);
    [this, this.previous(), this.previous().previous()]
}

/// The month that somebody comes for: in the first week after it has closed still the one before.
fn likely(visitor: &Visitor) -> Month {
    month_at(visitor, visitor.now.plus(-Millis::hours(7 * 24)))
}

fn days_of(visitor: &Visitor, month: Month) -> (String, String) {
    let (first, last) = visitor.directory.policy.days_of(month);
    (first.to_string(), last.to_string())
}

/// The days that were typed; where nobody has typed yet, those of the month that he comes for.
fn typed(visitor: &Visitor, fields: &Fields) -> (String, String) {
    if !fields.has("from") && !fields.has("to") {
        return days_of(visitor, likely(visitor));
    }
    let short = |name| fields.get(name).chars().take(10).collect();
    (short("from"), short("to"))
}
