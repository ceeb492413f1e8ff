//! Exports: the tables that headquarters takes along, as files.
//!
//! In comes one snapshot of facts; out go rows of cells in the columns' one order ([`outpost_model::table`] has
//! both), and a note of how complete it all is: where the log ended, and when each phone was last heard of.

mod completeness;
mod format;
mod rows;

pub use completeness::Completeness;
pub use format::Format;

use crate::relay::Relay;
use crate::store::StoreError;
use format::TableWriter;
use outpost_model::table::Table;
use outpost_model::time::Month;
use std::io::Write;

/// Writes a table, and says how complete it is. Reads one snapshot, with or without a relay running.
pub fn write(
    relay: &Relay,
    table: Table,
    month: Option<Month>,
    format: Format,
    out: &mut dyn Write,
) -> Result<Completeness, StoreError> {
    relay.facts(|facts| {
        let mut writer = TableWriter::begin(table, format, out)?;
        let mut count = 0;
        rows::each_row(facts, table, month, &mut |row| {
            count += 1;
            Ok(writer.row(row)?)
        })?;
        writer.finish()?;
        Completeness::of(facts, count)
    })
}
