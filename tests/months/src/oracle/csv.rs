//! Rows to text: a header line, rows sorted by their columns as strings, LF.

use jiff::{Timestamp, tz::TimeZone};

pub struct Table {
    header: &'static str,
    rows: Vec<Vec<String>>,
}

impl Table {
    pub fn new(header: &'static str) -> Self {
        Self { header, rows: Vec::new() }
    }

    pub fn push(&mut self, row: Vec<String>) {
        self.rows.push(row);
    }

    pub fn finish(mut self) -> String {
        self.rows.sort();
        self.rows.dedup();
        let mut text = format!("{}\n", self.header);
        for row in &self.rows {
            let cells: Vec<String> = row.iter().map(|cell| quoted(cell)).collect();
            text += &cells.join(",");
            text.push('\n');
        }
        text
    }
}

fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_owned() }
}

/// RFC 3339 to the second, with the tenant's offset at that instant; empty where there is none.
pub fn time(instant: Option<Timestamp>, zone: &TimeZone) -> String {
    instant.map(|instant| crate::Moment::in_zone(instant, zone).to_string()).unwrap_or_default()
}

pub fn yes(value: bool) -> String {
    u8::from(value).to_string()
}
