//! `outpost export`: a table into a file, from one snapshot, with or without a relay running.

use crate::office::{Data, Office};
use crate::trouble::Trouble;
use clap::ValueEnum;
use outpost_model::table::Table;
use outpost_model::time::Month;
use outpost_server::export::{self, Completeness};
use outpost_server::store::StoreError;
use std::fs::File;
use std::io::{BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    outpost export orders --data DIR --out orders.csv\n  \
    outpost export attendance --month 2026-10 --data DIR\n  \
    outpost export flags --format jsonl --data DIR\n\n\
    The table goes to standard output unless --out names a file; how complete it is goes to standard error.")]
pub struct Args {
    /// orders, parts, daily, attendance, flags, sealed, visits, charges, custody, surveys or decisions
    #[arg(value_name = "NAME", value_parser = table)]
    name: Table,
    #[command(flatten)]
    data: Data,
    #[arg(long, default_value = "csv")]
    format: Format,
    /// File to write; replaced as a whole once it is complete
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Attendance month, for `attendance`; the policy's current one where it is left out
    #[arg(long, value_name = "YYYY-MM", value_parser = Month::parse)]
    month: Option<Month>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// UTF-8 with a header line
    Csv,
    /// One JSON object a line
    Jsonl,
}

impl From<Format> for export::Format {
    fn from(format: Format) -> Self {
        match format {
            Format::Csv => Self::Csv,
            Format::Jsonl => Self::Jsonl,
        }
    }
}

fn table(name: &str) -> Result<Table, String> {
    let names = || Table::ALL.map(Table::name).join(", ");
    Table::parse(name).ok_or_else(|| format!("one of {}", names()))
}

pub fn run(args: Args) -> Result<(), Trouble> {
    let office = Office::open(&args.data)?;
    let write = |out: &mut dyn Write| export::write(&office.relay, args.name, args.month, args.format.into(), out);
    let complete = match &args.out {
        Some(file) => into_file(file, write)?,
        None => match write(&mut BufWriter::new(std::io::stdout().lock())) {
            // Whoever reads has seen enough (`| head`).
            Err(StoreError::Folder(error)) if error.kind() == ErrorKind::BrokenPipe => return Ok(()),
            done => done?,
        },
    };
    eprintln!("{}: {complete}", args.name.name());
    Ok(())
}

/// Written aside and moved into place: a file of that name is always a whole table.
fn into_file(
    file: &Path,
    write: impl FnOnce(&mut dyn Write) -> Result<Completeness, StoreError>,
) -> Result<Completeness, Trouble> {
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
