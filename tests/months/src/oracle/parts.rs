//! `parts.csv`: quantity and amount by part over all orders.

use super::csv::Table;
use super::dossier::Dossier;
use crate::Action;
use std::collections::BTreeMap;

pub fn csv(dossiers: &[Dossier]) -> String {
    let mut totals: BTreeMap<(&str, &str), (i64, i64)> = BTreeMap::new();
    for action in dossiers.iter().flat_map(Dossier::actions) {
        if let Action::UsePart { part_no, name, qty, unit_price, .. } = action {
            let (quantity, amount) = totals.entry((part_no, name)).or_default();
            *quantity += qty;
            *amount += qty * unit_price;
        }
    }
    let mut table = Table::new("part_no,name,qty,amount");
    for ((part_no, name), (quantity, amount)) in totals {
        table.push(vec![part_no.to_owned(), name.to_owned(), quantity.to_string(), amount.to_string()]);
    }
    table.finish()
}
