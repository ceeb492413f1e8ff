//! Blocks of numbers that phones may give away without a network: each number is in one block only.

use super::Book;
use crate::store::{StoreError, change, probe};
use outpost_model::command::Series;
use outpost_model::decision::NumberBlock;
use rusqlite::params;

/// A prefix has six digits to count with, from 1.
const LAST: u64 = 999_999;

fn name(series: Series) -> (&'static str, &'static str) {
    match series {
        Series::Receipt => ("receipt", "R"),
        Series::Order => ("order", "P"),
    }
}

/// The block that begins at the first free place where it fits whole, and the next free place after it.
fn block(series: Series, next: u64, count: u32) -> (NumberBlock, u64) {
    let count = u64::from(count).clamp(1, LAST);
    let room = LAST - next % LAST;
    let start = if room < count { next + room } else { next };
    let (_, letter) = name(series);
    let prefix = match start / LAST {
        0 => letter.to_owned(),
        round => format!("{letter}{round}-"),
    };
    let first = (start % LAST + 1) as u32;
    (NumberBlock { series, prefix, first, last: first + count as u32 - 1 }, start + count)
}

/// The first place behind a block.
fn end_of(block: &NumberBlock) -> u64 {
    let (_, letter) = name(block.series);
    let round = block.prefix.strip_prefix(letter).and_then(|rest| rest.strip_suffix('-')?.parse::<u64>().ok());
    round.unwrap_or(0).saturating_mul(LAST).saturating_add(u64::from(block.last))
}

impl Book<'_> {
    fn next_number(&self, series: Series) -> Result<u64, StoreError> {
        let sql = "select next from series where tenant = $1 and series = $2";
        let next = probe(self.db, sql, params![self.tenant.as_str(), name(series).0], |row| row.get(0))?;
        Ok(next.unwrap_or(0))
    }

    /// The block that a lease would get now. Each epoch counts in a round of its own: what the log forgot as it was put
    /// back is on phones still.
    pub(in crate::relay) fn free_block(&self, series: Series, count: u32) -> Result<NumberBlock, StoreError> {
        let round = u64::from(self.end.epoch.saturating_sub(1)).saturating_mul(LAST);
        Ok(block(series, self.next_number(series)?.max(round), count).0)
    }

    /// A block was leased: nobody gets a number of it, or below it, any more.
    pub(super) fn advance_series(&mut self, block: &NumberBlock) -> Result<(), StoreError> {
        let next = self.next_number(block.series)?.max(end_of(block));
        let sql = "insert into series (tenant, series, next) values ($1, $2, $3) \
                   on conflict (tenant, series) do update set next = excluded.next";
        change(self.db, sql, params![self.tenant.as_str(), name(block.series).0, next]).map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_never_overlap_and_never_straddle_a_prefix() {
        let (first, next) = block(Series::Receipt, 0, 20);
        assert_eq!((first.number(1).as_str(), first.first, first.last, next), ("R000001", 1, 20, 20));
        let (near, next) = block(Series::Receipt, LAST - 5, 5);
        assert_eq!((near.prefix.as_str(), near.first, near.last), ("R", 999_995, 999_999));
        let (over, _) = block(Series::Receipt, next, 5);
        assert_eq!((over.prefix.as_str(), over.first), ("R1-", 1));
        let (skipped, next) = block(Series::Receipt, LAST - 3, 5);
        assert_eq!((skipped.prefix.as_str(), skipped.first, next), ("R1-", 1, LAST + 5));
        assert!(!first.holds(&skipped.number(1)));
        for start in [0, 7, LAST - 5, LAST, 3 * LAST + 20] {
            let (leased, next) = block(Series::Order, start, 5);
            assert_eq!(end_of(&leased), next, "from {start}");
        }
    }
}
