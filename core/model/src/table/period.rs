//! Which rows a period takes. Each row has one moment that it is about: a call that it was opened, a visit that somebody
//! arrived, money that it was taken. What has no moment of its own has its order's.

use super::Table;
use crate::access::Reach;
use crate::fold::order::OrderFacts;
use crate::fold::visit::VisitFacts;
use crate::time::{Day, Millis, Zone};

/// Days from one to another, both included; open where an end isn't named.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Period {
    pub from: Option<Day>,
    pub to: Option<Day>,
}

impl Period {
    pub fn holds(self, day: Day) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }

    pub fn is_open(self) -> bool {
        self == Self::default()
    }

    /// The moments between which it lies, the last one excluded.
    pub fn moments(self, zone: &Zone) -> (Millis, Millis) {
        let begins = |day: Day| zone.begins(day);
        let after = self.to.map(Day::next).filter(|next| Some(*next) != self.to);
        (self.from.map_or(Millis(i64::MIN), begins), after.map_or(Millis(i64::MAX), begins))
    }
}

/// A part of a table: rows of these days, of these stations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut {
    pub period: Period,
    pub reach: Reach,
}

impl Cut {
    pub fn whole() -> Self {
        Self { period: Period::default(), reach: Reach::All }
    }
}

/// When a visit was: the arrival, or the nearest thing to it that is known.
pub(super) fn of_visit(visit: &VisitFacts, facts: &OrderFacts) -> Millis {
    let signed = visit.signed.as_ref().map(|signed| signed.at);
    visit.arrived_at.or(visit.departed_at).or(visit.left_at).or(signed).unwrap_or(facts.opened_at)
}

/// The moments of an order's rows in a table, in the order of its cells there. Nothing for tables whose rows aren't an
/// order's.
pub fn moments(table: Table, facts: &OrderFacts) -> Vec<Millis> {
    let visits = facts.visit_facts.iter();
    match table {
        Table::Orders => vec![facts.opened_at],
        Table::Flags => vec![facts.opened_at; facts.flags.len()],
        Table::Visits => visits.map(|visit| of_visit(visit, facts)).collect(),
        Table::Charges => visits.flat_map(|visit| visit.charges.iter().map(|charge| charge.at)).collect(),
        Table::Custody => facts.goods.iter().map(|goods| goods.taken_at).collect(),
        Table::Surveys => {
            let asked = visits.filter(|visit| super::calls::was_asked(visit));
            asked.map(|visit| visit.signed.as_ref().map_or_else(|| of_visit(visit, facts), |one| one.at)).collect()
        }
        Table::Parts | Table::Daily | Table::Attendance | Table::Sealed | Table::Decisions => Vec::new(),
    }
}

/// How many rows an order has in each table, and between which moments they all lie: enough to leave an order out, or
/// to count it, without reading it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    pub first: Millis,
    pub last: Millis,
    /// In the order of [`Tally::TABLES`].
    pub rows: [u32; Tally::TABLES.len()],
}

impl Tally {
    pub const TABLES: [Table; 4] = [Table::Visits, Table::Charges, Table::Custody, Table::Surveys];

    pub fn of(facts: &OrderFacts) -> Self {
        let each = Self::TABLES.map(|table| moments(table, facts));
        let all = || each.iter().flatten().copied().chain([facts.opened_at]);
        Self {
            first: all().min().unwrap_or(facts.opened_at),
            last: all().max().unwrap_or(facts.opened_at),
            rows: each.each_ref().map(|moments| u32::try_from(moments.len()).unwrap_or(u32::MAX)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_lies_between_midnights_of_the_companys_zone() {
        let zone = Zone::parse("Asia/Shanghai").unwrap();
        let day = Day::parse("2026-10-25").unwrap();
        let (from, to) = Period { from: Some(day), to: Some(day) }.moments(&zone);
        assert_eq!((zone.rfc3339(from).as_str(), to.since(from)), ("2026-10-25T00:00:00+08:00", Millis::hours(24)));
        assert_eq!(Period::default().moments(&zone), (Millis(i64::MIN), Millis(i64::MAX)));
    }

    #[test]
    fn a_period_holds_its_ends_and_is_open_where_none_is_named() {
        let day = |text: &str| Day::parse(text).unwrap();
        let october = Period { from: Some(day("2026-09-26")), to: Some(day("2026-10-25")) };
        let held = ["2026-09-25", "2026-09-26", "2026-10-25", "2026-10-26"].map(|text| october.holds(day(text)));
        assert_eq!(held, [false, true, true, false]);
        assert!(Period::default().holds(day("1970-01-01")) && Period::default().is_open());
        assert!(!Period { to: october.to, ..Period::default() }.holds(day("2026-10-26")));
    }
}
