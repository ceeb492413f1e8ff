//! `outpost export`: a table into a file, from one snapshot, with or without a relay running.

use crate::office::{Data, Office};
use crate::progress::Counter;
use crate::trouble::Trouble;
use clap::ValueEnum;
use outpost_model::access::Reach;
use outpost_model::id::StationId;
use outpost_model::table::{Cut, Period, Table};
use outpost_model::time::{Day, Month};
use outpost_server::export::{Completeness, Cover, Export, Format, Paper, Part, Tongue, Unfit, package};
use outpost_server::store::StoreError;
use std::fs::File;
use std::io::{BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    outpost export orders --data DIR --out orders.csv\n  \
    outpost export attendance --month 2026-10 --data DIR\n  \
    outpost export attendance --sheet --format xlsx --month 2026-10 --out attendance.xlsx --data DIR\n  \
    outpost export charges --from 2026-10-01 --to 2026-10-31 --station jinan --columns at,engineer,amount --data DIR\n  \
    outpost export package --month 2026-10 --out october.xlsx --data DIR\n  \
    outpost export flags --format jsonl --data DIR\n\n\
    The table goes to standard output unless --out names a file; how complete it is goes to standard error.\n\
    docs/exports.md lists the columns of each table.")]
pub struct Args {
    /// orders, parts, daily, attendance, flags, sealed, visits, charges, custody, surveys or decisions; package: all of
    /// a month in one workbook
    #[arg(value_name = "NAME", value_parser = name)]
    name: Name,
    #[command(flatten)]
    data: Data,
    #[arg(long, default_value = "csv", default_value_if("name", "package", "xlsx"))]
    format: Kind,
    /// File to write; replaced as a whole once it is complete
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Attendance month, for `attendance` and `package`; the policy's current one where it is left out
    #[arg(long, value_name = "YYYY-MM", value_parser = Month::parse, conflicts_with_all = ["from", "to"])]
    month: Option<Month>,
    /// First day, in the company's zone: of calls opened, visits begun, money taken, days worked
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = Day::parse)]
    from: Option<Day>,
    /// Last day
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = Day::parse)]
    to: Option<Day>,
    /// Only this station's rows; may be given more than once
    #[arg(long, value_name = "CODE", value_parser = StationId::parse)]
    station: Vec<StationId>,
    /// Only these columns, in this order, with commas between
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    columns: Vec<String>,
    /// Attendance with people down and days across, as personnel files it
    #[arg(long)]
    sheet: bool,
    /// CSV that Excel opens with the right characters, and in which no text runs as a formula
    #[arg(long)]
    bom: bool,
    /// Writes to this file how complete the export is, phone by phone
    #[arg(long, value_name = "FILE")]
    cover: Option<PathBuf>,
    /// Language of sheets, heads and cover: zh or en
    #[arg(long, value_name = "LANGUAGE", default_value = "zh")]
    language: Language,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Name {
    One(Table),
    Package,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// UTF-8 with a header line
    Csv,
    /// One JSON object a line
    Jsonl,
    /// A workbook with a cover; long tables go on in further sheets
    Xlsx,
}

#[derive(Clone, Copy, ValueEnum)]
enum Language {
    Zh,
    En,
}

fn name(name: &str) -> Result<Name, String> {
    let names = || Table::ALL.map(Table::name).join(", ");
    if name == "package" {
        return Ok(Name::Package);
    }
    Table::parse(name).map(Name::One).ok_or_else(|| format!("one of {}, package", names()))
}

impl Args {
    fn format(&self) -> Result<Format, Trouble> {
        match (self.kind(), self.bom) {
            (Kind::Csv, false) => Ok(Format::Csv),
            (Kind::Csv, true) => Ok(Format::CsvForExcel),
            (_, true) => Err(Trouble::Export("--bom is for CSV".into())),
            (Kind::Jsonl, false) => Ok(Format::Jsonl),
            (Kind::Xlsx, false) => Ok(Format::Xlsx),
        }
    }

    fn kind(&self) -> Kind {
        self.format
    }

    fn parts(&self, office: &Office, cut: Cut) -> Result<Vec<Part>, Trouble> {
        let table = match self.name {
            Name::Package => {
                if self.kind() != Kind::Xlsx {
                    return Err(Trouble::Export("a package is a workbook: leave --format out, or give xlsx".into()));
                }
                let rules = office.relay.records()?.policy.clone();
                let period = match cut.period.is_open() {
                    true => {
                        let (first, last) = rules.days_of(self.month.unwrap_or(rules.attendance.current));
                        Period { from: Some(first), to: Some(last) }
                    }
                    false => cut.period,
                };
                let reach = |_| cut.reach.clone();
                return Ok(package(period, reach));
            }
            Name::One(table) => table,
        };
        let place = |name: &String| {
            let place = table.columns().iter().position(|column| column.name == name);
            place.ok_or_else(|| {
                let names: Vec<&str> = table.columns().iter().map(|column| column.name).collect();
                Trouble::Export(format!("{} has no column {name}. It has {}.", table.name(), names.join(", ")))
            })
        };
        let columns = self.columns.iter().map(place).collect::<Result<_, _>>()?;
        Ok(vec![Part { table, cut, month: self.month, columns, as_sheet: self.sheet }])
    }

    fn export(&self, office: &Office) -> Result<Export, Trouble> {
        let stations = &office.relay.records()?.stations;
        if let Some(unknown) = self.station.iter().find(|station| !stations.contains_key(*station)) {
            return Err(Trouble::NoStation(unknown.clone()));
        }
        let reach = if self.station.is_empty() { Reach::All } else { Reach::These(self.station.clone()) };
        let cut = Cut { period: Period { from: self.from, to: self.to }, reach };
        let (format, parts) = (self.format()?, self.parts(office, cut)?);
        if let Some(unfit) = parts.iter().find_map(|part| part.problem(format)) {
            return Err(Trouble::Export(String::from(match unfit {
                Unfit::Backwards => "--to is before --from",
                Unfit::TooManyDays => "attendance is written for a year at a time: give a nearer --from or --to",
                Unfit::NoStations => "decisions are the whole company's: leave --station out",
                Unfit::NoSheet => "--sheet is for attendance, as csv or xlsx",
            })));
        }
        let tongue = match self.language {
            Language::Zh => Tongue::Zh,
            Language::En => Tongue::En,
        };
        let paper = Paper { tongue, now: office.now(), by: String::new(), people: Reach::All };
        Ok(Export { format, parts, paper })
    }
}

pub fn run(args: Args) -> Result<(), Trouble> {
    let office = Office::open(&args.data)?;
    let export = args.export(&office)?;
    let rows = Arc::new(AtomicU64::new(0));
    let counter = args.out.is_some().then(|| Counter::over(&rows));
    let write = |out: &mut (dyn Write + Send)| export.write(&office.relay, out, &rows);
    let (complete, cover) = match &args.out {
        Some(file) => into_file(file, write)?,
        None => match write(&mut BufWriter::new(std::io::stdout())) {
            // Whoever reads has seen enough (`| head`).
            Err(StoreError::Folder(error)) if error.kind() == ErrorKind::BrokenPipe => return Ok(()),
            done => done?,
        },
    };
    drop(counter);
    if let Some(file) = &args.cover {
        std::fs::write(file, cover.text()).map_err(|error| Trouble::File(file.clone(), error))?;
    }
    let name = match args.name {
        Name::One(table) => table.name(),
        Name::Package => "package",
    };
    eprintln!("{name}: {complete}");
    Ok(())
}

/// Written aside and moved into place: a file of that name is always a whole table.
fn into_file(
    file: &Path,
    write: impl FnOnce(&mut (dyn Write + Send)) -> Result<(Completeness, Cover), StoreError>,
) -> Result<(Completeness, Cover), Trouble> {
    let fault = |error| Trouble::File(file.to_owned(), error);
    let mut part = file.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    let mut out = BufWriter::new(File::create(&part).map_err(fault)?);
    let written = write(&mut out).map_err(Trouble::from);
    let kept =
        out.into_inner().map_err(|error| fault(error.into_error())).and_then(|out| out.sync_all().map_err(fault));
    match written.and_then(|complete| kept.map(|()| complete)) {
        Ok(complete) => std::fs::rename(&part, file).map_err(fault).map(|()| complete),
        Err(trouble) => {
            let _ = std::fs::remove_file(&part);
            Err(trouble)
        }
    }
}
