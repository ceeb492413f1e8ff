//! Who may take a table along: whoever may read all that its rows are made of, and no more rows than he may read.

use super::Table;
use crate::access::{Actor, Reach, ThingKind};
use crate::id::StationId;

impl Table {
    /// What its rows tell of.
    fn tells_of(self) -> &'static [ThingKind] {
        match self {
            Table::Orders
            | Table::Parts
            | Table::Flags
            | Table::Visits
            | Table::Charges
            | Table::Custody
            | Table::Surveys => &[ThingKind::Order],
            // Where somebody worked, and how long, is his own time.
            Table::Daily | Table::Attendance | Table::Sealed => &[ThingKind::Attendance],
            // Whatever was ever decided, about phones and forms too.
            Table::Decisions => {
                &[ThingKind::Order, ThingKind::Attendance, ThingKind::Form, ThingKind::Records, ThingKind::Devices]
            }
        }
    }

    /// Whether its rows belong to stations; decisions are the whole company's.
    pub fn has_stations(self) -> bool {
        self != Table::Decisions
    }
}

/// The stations whose rows of a table this person may take along.
pub fn reach<'a>(actor: &Actor, table: Table, stations: impl Iterator<Item = &'a StationId> + Clone) -> Reach {
    let each = table.tells_of().iter().map(|kind| Reach::of(actor, *kind, stations.clone()));
    let shared = each.fold(Reach::All, Reach::and);
    match shared {
        Reach::These(_) if !table.has_stations() => Reach::These(Vec::new()),
        shared => shared,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::UserId;
    use crate::record::Role;

    fn reached(role: Role, at: Option<&str>, table: Table) -> Reach {
        let stations = ["st-1", "st-2"].map(|name| StationId::parse(name).unwrap());
        let station = at.map(|name| StationId::parse(name).unwrap());
        reach(&Actor { user: UserId::parse("u").unwrap(), role, station }, table, stations.iter())
    }

    #[test]
    fn nobody_takes_along_what_he_may_not_read() {
        let here = Reach::These(vec![StationId::parse("st-1").unwrap()]);
        let nothing = Reach::These(Vec::new());
        for table in Table::ALL {
            assert_eq!(reached(Role::Hq, None, table), Reach::All, "{table:?}");
            assert_eq!(reached(Role::Auditor, None, table), Reach::All, "{table:?}");
            assert_eq!(reached(Role::Engineer, Some("st-1"), table), nothing, "{table:?}");
            let of_lead = if table == Table::Decisions { &nothing } else { &here };
            assert_eq!(reached(Role::Lead, Some("st-1"), table), *of_lead, "{table:?}");
        }
        assert_eq!(reached(Role::Cashier, None, Table::Charges), Reach::All);
        assert_eq!(reached(Role::Cashier, None, Table::Attendance), nothing);
        assert_eq!(reached(Role::Clerk, None, Table::Decisions), nothing);
    }
}
