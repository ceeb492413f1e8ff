//! How a table reads in a file: CSV as spreadsheets take it (UTF-8, a header line, LF), or JSON Lines with types.

use outpost_model::table::{CellType, Cells, Table};
use serde_json::{Map, Value};
use std::io::{self, Write};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Csv,
    Jsonl,
}

/// Writes one table, row by row as they come.
pub enum TableWriter<W: Write> {
    Csv(Box<csv::Writer<W>>),
    Jsonl(Table, W),
}

impl<W: Write> TableWriter<W> {
    /// Begins the table: a CSV has its header line even where there are no rows.
    pub fn begin(table: Table, format: Format, out: W) -> io::Result<Self> {
        match format {
            Format::Csv => {
                let mut csv = csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(out);
                csv.write_record(table.columns().iter().map(|column| column.name))?;
                Ok(Self::Csv(Box::new(csv)))
            }
            Format::Jsonl => Ok(Self::Jsonl(table, out)),
        }
    }

    pub fn row(&mut self, row: Cells) -> io::Result<()> {
        match self {
            Self::Csv(csv) => Ok(csv.write_record(&row)?),
            Self::Jsonl(table, out) => {
                let cells = table.columns().iter().zip(row);
                let line: Map<String, Value> =
                    cells.map(|(column, cell)| (column.name.to_owned(), typed(column.cell, cell))).collect();
                writeln!(out, "{}", Value::Object(line))
            }
        }
    }

    pub fn finish(self) -> io::Result<()> {
        match self {
            Self::Csv(mut csv) => csv.flush(),
            Self::Jsonl(_, mut out) => out.flush(),
        }
    }
}

/// What there isn't is null.
fn typed(cell: CellType, text: String) -> Value {
    match cell {
        _ if text.is_empty() => Value::Null,
        CellType::Number => text.parse::<i64>().map_or(Value::String(text), Value::from),
        CellType::YesNo => Value::Bool(text == "1"),
        CellType::Text | CellType::Moment | CellType::Date => Value::String(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(format: Format) -> String {
        let mut out = Vec::new();
        let mut table = TableWriter::begin(Table::Flags, format, &mut out).unwrap();
        table.row(vec!["conflict".into(), "WO-1".into(), "remark: a, b | \"c\"".into()]).unwrap();
        table.finish().unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_cell_with_commas_and_quotes_reads_back() {
        assert_eq!(written(Format::Csv), "kind,order,detail\nconflict,WO-1,\"remark: a, b | \"\"c\"\"\"\n");
        let line: Value = serde_json::from_str(&written(Format::Jsonl)).unwrap();
        assert_eq!(line["detail"], "remark: a, b | \"c\"");
    }

    #[test]
    fn types_show_in_json_lines() {
        assert_eq!(typed(CellType::Number, "12".into()), Value::from(12));
        assert_eq!(typed(CellType::YesNo, "0".into()), Value::from(false));
        assert_eq!(typed(CellType::Number, String::new()), Value::Null);
    }
}
