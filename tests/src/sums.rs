//! The tables of one month against each other: what stands below an order sums up to the order's own row, and what was
//! decided is what holds. For tables that no witness writes down.

use outpost_model::table::Table;
use outpost_server::export::{self, Format};
use outpost_server::relay::Relay;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Tables that a witness works out by the rules alone, for each month.
pub const WITNESSED: [Table; 6] =
    [Table::Orders, Table::Parts, Table::Daily, Table::Attendance, Table::Flags, Table::Sealed];

type Row = Map<String, Value>;

fn rows(relay: &Relay, table: Table) -> Vec<Row> {
    let mut written = Vec::new();
    export::write(relay, table, None, Format::Jsonl, &mut written).unwrap();
    let text = String::from_utf8(written).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn text<'a>(row: &'a Row, column: &str) -> &'a str {
    row[column].as_str().unwrap_or_default()
}

/// The sum of a column for each order.
fn by_order(rows: &[Row], column: &str) -> BTreeMap<String, i64> {
    let mut sums = BTreeMap::new();
    for row in rows {
        *sums.entry(text(row, "order").to_owned()).or_insert(0) += row[column].as_i64().unwrap_or(0);
    }
    sums
}

/// Whether the tables of a played month agree.
pub fn agree(relay: &Relay) {
    let (orders, visits, charges) =
        (rows(relay, Table::Orders), rows(relay, Table::Visits), rows(relay, Table::Charges));
    let sum = |rows: &[Row], column: &str| rows.iter().filter_map(|row| row[column].as_i64()).sum::<i64>();
    assert_eq!(sum(&visits, "parts_amount"), sum(&rows(relay, Table::Parts), "amount"));
    let [minutes, parts, billable] =
        ["minutes", "parts_amount", "billable_amount"].map(|column| by_order(&visits, column));
    let charged = by_order(&charges, "amount");
    for column in ["parts_amount", "billable_amount"] {
        assert_eq!(sum(&visits, column), sum(&orders, column), "{column}");
    }
    assert_eq!(sum(&visits, "minutes"), sum(&orders, "labour_minutes"));
    // Two orders may bear one number: their rows can't be told apart, and only their sums are compared, above.
    let mut held: BTreeMap<&str, u32> = BTreeMap::new();
    orders.iter().for_each(|order| *held.entry(text(order, "number")).or_default() += 1);
    let single: Vec<Row> = orders.iter().filter(|order| held[text(order, "number")] == 1).cloned().collect();
    assert!(single.len() * 2 > orders.len());
    for order in &single {
        let number = text(order, "number");
        let of = |sums: &BTreeMap<String, i64>| sums.get(number).copied().unwrap_or(0);
        let arrived = visits.iter().filter(|row| text(row, "order") == number && !row["arrived_at"].is_null()).count();
        assert_eq!(order["visits"], arrived, "{number}");
        assert_eq!(order["labour_minutes"], of(&minutes), "{number}");
        assert_eq!(order["parts_amount"], of(&parts), "{number}");
        assert_eq!(order["billable_amount"], of(&billable), "{number}");
        let billed_parts = of(&billable) - of(&charged);
        assert!((0..=of(&parts)).contains(&billed_parts), "{number}: {billed_parts}");
    }
    surveys_agree(relay, &single);
    custody_agrees(relay, &single);
    decisions_agree(relay, &orders);
}

fn surveys_agree(relay: &Relay, orders: &[Row]) {
    let surveys = rows(relay, Table::Surveys);
    for order in orders {
        let number = text(order, "number");
        let signed: Vec<&Row> =
            surveys.iter().filter(|row| text(row, "order") == number && !row["signed_at"].is_null()).collect();
        // Within one second the log tells which was last; a file doesn't.
        let last = signed.iter().map(|row| text(row, "signed_at")).max();
        let scores: Vec<&Value> =
            signed.iter().filter(|row| Some(text(row, "signed_at")) == last).map(|row| &row["score"]).collect();
        let shown = &order["survey_score"];
        assert!(scores.contains(&shown) || (scores.is_empty() && shown.is_null()), "{number}: {shown} of {scores:?}");
    }
}

fn custody_agrees(relay: &Relay, orders: &[Row]) {
    let out: BTreeSet<String> = rows(relay, Table::Custody)
        .iter()
        .filter(|row| row["returned_at"].is_null())
        .map(|row| text(row, "order").to_owned())
        .collect();
    for order in orders.iter().filter(|order| !matches!(text(order, "state"), "closed" | "cancelled")) {
        assert_eq!(text(order, "state") == "in_custody", out.contains(text(order, "number")), "{order:?}");
    }
}

/// Each order was opened once, and the months that are sealed are those that were signed last.
fn decisions_agree(relay: &Relay, orders: &[Row]) {
    let decisions = rows(relay, Table::Decisions);
    let seqs: Vec<i64> = decisions.iter().filter_map(|row| row["seq"].as_i64()).collect();
    assert!(seqs.len() == decisions.len() && seqs.windows(2).all(|pair| pair[0] < pair[1]));
    let mut opened: Vec<&str> =
        decisions.iter().filter(|row| text(row, "decision") == "open_order").map(|row| text(row, "order")).collect();
    opened.sort_unstable();
    let numbers: Vec<&str> = orders.iter().map(|order| text(order, "number")).collect();
    assert_eq!(opened, numbers);
    let mut sealed = BTreeSet::new();
    for row in &decisions {
        let month = (text(row, "about").to_owned(), text(row, "outcome").to_owned());
        match text(row, "decision") {
            "seal_month" => drop(sealed.insert(month)),
            "unseal_month" => drop(sealed.remove(&month)),
            _ => {}
        }
    }
    let stands: BTreeSet<(String, String)> = rows(relay, Table::Sealed)
        .iter()
        .map(|row| (text(row, "engineer").to_owned(), text(row, "month").to_owned()))
        .collect();
    assert_eq!(sealed, stands);
}
