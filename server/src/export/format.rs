//! How a table reads in a file: CSV as programs take it (UTF-8, a header line, LF), CSV as Excel opens it, JSON Lines
//! with types; a workbook is made in `workbook`.

use outpost_model::table::{CellType, Cells, Column};
use serde_json::{Map, Value};
use std::io::{self, Write};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Csv,
    /// With a mark at the beginning by which Excel knows UTF-8, and no text that it would take for a formula.
    CsvForExcel,
    Jsonl,
    Xlsx,
}

impl Format {
    pub fn extension(self) -> &'static str {
        match self {
            Format::Csv | Format::CsvForExcel => "csv",
            Format::Jsonl => "jsonl",
            Format::Xlsx => "xlsx",
        }
    }

    pub fn media_type(self) -> &'static str {
        match self {
            Format::Csv | Format::CsvForExcel => "text/csv; charset=utf-8",
            Format::Jsonl => "application/x-ndjson",
            Format::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// The mark of UTF-8.
const BOM: &str = "\u{feff}";

/// Writes one table, row by row as they come.
pub struct TableWriter<W: Write> {
    columns: Vec<Column>,
    kind: Kind<W>,
}

enum Kind<W: Write> {
    Csv { out: Box<csv::Writer<W>>, for_excel: bool },
    Jsonl(W),
}

/// CSV as all of our files have it.
pub fn csv_writer<W: Write>(mut out: W, format: Format) -> io::Result<csv::Writer<W>> {
    if format == Format::CsvForExcel {
        out.write_all(BOM.as_bytes())?;
    }
    Ok(csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(out))
}

impl<W: Write> TableWriter<W> {
    /// Begins the table: a CSV has its header line even where there are no rows.
    pub fn begin(columns: Vec<Column>, format: Format, out: W) -> io::Result<Self> {
        let kind = match format {
            Format::Csv | Format::CsvForExcel => {
                let mut csv = csv_writer(out, format)?;
                csv.write_record(columns.iter().map(|column| column.name))?;
                Kind::Csv { out: Box::new(csv), for_excel: format == Format::CsvForExcel }
            }
            Format::Jsonl => Kind::Jsonl(out),
            Format::Xlsx => return Err(io::Error::other("a workbook isn't written line by line")),
        };
        Ok(Self { columns, kind })
    }

    pub fn row(&mut self, mut row: Cells) -> io::Result<()> {
        match &mut self.kind {
            Kind::Csv { out, for_excel } => {
                if *for_excel {
                    let texts = row.iter_mut().zip(&self.columns).filter(|(_, column)| column.cell == CellType::Text);
                    texts.for_each(|(cell, _)| disarm(cell));
                }
                Ok(out.write_record(&row)?)
            }
            Kind::Jsonl(out) => {
                let cells = self.columns.iter().zip(row);
                let line: Map<String, Value> =
                    cells.map(|(column, cell)| (column.name.to_owned(), typed(column.cell, cell))).collect();
                writeln!(out, "{}", Value::Object(line))
            }
        }
    }

    pub fn finish(self) -> io::Result<()> {
        match self.kind {
            Kind::Csv { mut out, .. } => out.flush(),
            Kind::Jsonl(mut out) => out.flush(),
        }
    }
}

/// What somebody typed must not run as a formula at headquarters: an apostrophe before it makes it text.
pub fn disarm(cell: &mut String) {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        cell.insert(0, '\'');
    }
}

/// What there isn't is null.
fn typed(cell: CellType, text: String) -> Value {
    match cell {
        _ if text.is_empty() => Value::Null,
        CellType::Number | CellType::Money => text.parse::<i64>().map_or(Value::String(text), Value::from),
        CellType::YesNo => Value::Bool(text == "1"),
        CellType::Text | CellType::Moment | CellType::Date => Value::String(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use outpost_model::table::Table;

    fn written(format: Format, detail: &str) -> String {
        let mut out = Vec::new();
        let mut table = TableWriter::begin(Table::Flags.columns().to_vec(), format, &mut out).unwrap();
        table.row(vec!["conflict".into(), "WO-1".into(), detail.into()]).unwrap();
        table.finish().unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_cell_with_commas_and_quotes_reads_back() {
        let detail = "remark: a, b | \"c\"";
        assert_eq!(written(Format::Csv, detail), "kind,order,detail\nconflict,WO-1,\"remark: a, b | \"\"c\"\"\"\n");
        let line: Value = serde_json::from_str(&written(Format::Jsonl, detail)).unwrap();
        assert_eq!(line["detail"], detail);
    }

    #[test]
    fn excel_knows_the_encoding_and_runs_nothing_that_somebody_typed() {
        let formula = "=HYPERLINK(\"x\")";
        assert_eq!(
            written(Format::CsvForExcel, formula),
            "\u{feff}kind,order,detail\nconflict,WO-1,\"'=HYPERLINK(\"\"x\"\")\"\n"
        );
        assert!(written(Format::Csv, formula).contains(",\"=HYPERLINK"), "programs get what was typed");
    }

    #[test]
    fn types_show_in_json_lines() {
        assert_eq!(typed(CellType::Number, "12".into()), Value::from(12));
        assert_eq!(typed(CellType::YesNo, "0".into()), Value::from(false));
        assert_eq!(typed(CellType::Number, String::new()), Value::Null);
    }
}
