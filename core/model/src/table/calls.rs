//! What stands below a service call: its visits, the money taken, the goods in our hands, what the customer said.
//! One row each; their sums are those of the order's own row.

use super::CellType::{Moment, Money, Number, Text, YesNo};
use super::{Cells, Column, column, moment, or_empty, yes};
use crate::entry::{PayMethod, VisitResult};
use crate::fold::order::OrderFacts;
use crate::fold::visit::{PartLine, VisitFacts};
use crate::time::Zone;

pub(super) const VISITS: &[Column] = &[
    column("order", "工单号", "Order no.", Text),
    column("visit", "服务报告单", "Service report", Text),
    column("customer", "客户", "Customer", Text),
    column("station", "驻点", "Station", Text),
    column("engineer", "到场人", "Who arrived", Text),
    column("departed_at", "出发", "Set out", Moment),
    column("arrived_at", "到场", "Arrived", Moment),
    column("left_at", "离开", "Left", Moment),
    column("minutes", "在场（分）", "On site (min)", Number),
    column("result", "结果", "Result", Text),
    column("parts_amount", "配件金额（分）", "Parts (fen)", Money),
    column("billable_amount", "应收金额（分）", "Billable (fen)", Money),
    column("signed_at", "签字", "Signed", Moment),
    column("amended", "签后有改", "Amended after signature", YesNo),
    column("lat_e7", "纬度（×10⁷）", "Latitude (×10⁷)", Number),
    column("lng_e7", "经度（×10⁷）", "Longitude (×10⁷)", Number),
    column("accuracy_m", "精度（米）", "Accuracy (m)", Number),
    column("mock", "模拟定位", "Made-up place", YesNo),
];

pub(super) const CHARGES: &[Column] = &[
    column("order", "工单号", "Order no.", Text),
    column("visit", "服务报告单", "Service report", Text),
    column("customer", "客户", "Customer", Text),
    column("station", "驻点", "Station", Text),
    column("engineer", "收款人", "Taken by", Text),
    column("at", "时间", "Taken", Moment),
    column("item", "项目", "Item", Text),
    column("amount", "金额（分）", "Amount (fen)", Money),
    column("method", "方式", "Method", Text),
    column("receipt_no", "收据号", "Receipt no.", Text),
    column("acknowledged_at", "会计确认", "With the cashier", Moment),
    column("acknowledged_by", "会计员", "Cashier", Text),
];

pub(super) const CUSTODY: &[Column] = &[
    column("order", "工单号", "Order no.", Text),
    column("receipt_no", "收据号", "Receipt no.", Text),
    column("customer", "客户", "Customer", Text),
    column("station", "驻点", "Station", Text),
    column("item", "商品", "Item", Text),
    column("serial", "编号", "Serial no.", Text),
    column("taken_by", "领取人", "Taken by", Text),
    column("taken_at", "带回", "Taken back", Moment),
    column("bench_minutes", "修理（分）", "Bench (min)", Number),
    column("inspected", "验讫", "Inspected", YesNo),
    column("inspected_at", "检验", "Inspected on", Moment),
    column("returned_at", "送还", "Returned", Moment),
    column("receipt_voided", "收据作废", "Receipt voided", YesNo),
];

pub(super) const SURVEYS: &[Column] = &[
    column("order", "工单号", "Order no.", Text),
    column("visit", "服务报告单", "Service report", Text),
    column("customer", "客户", "Customer", Text),
    column("station", "驻点", "Station", Text),
    column("engineer", "到场人", "Who arrived", Text),
    column("signed_at", "签字", "Signed", Moment),
    column("name", "签字人", "Signed by", Text),
    column("score", "满意度", "Rating", Number),
    column("comment", "意见", "Comment", Text),
    column("unsigned", "未签原因", "Why not signed", Text),
];

/// One row a visit.
pub fn visit_cells(facts: &OrderFacts, zone: &Zone) -> Vec<Cells> {
    let cells = |visit: &VisitFacts| {
        let parts = |billable_only: bool| {
            let lines = visit.parts.iter().filter(|line| line.billable || !billable_only);
            lines.map(PartLine::amount).fold(0, i64::saturating_add)
        };
        let charges = visit.charges.iter().map(|charge| charge.amount).fold(0, i64::saturating_add);
        vec![
            facts.number.clone(),
            visit.page.to_string(),
            facts.customer.to_string(),
            or_empty(&facts.station),
            or_empty(&visit.engineer),
            moment(zone, visit.departed_at),
            moment(zone, visit.arrived_at),
            moment(zone, visit.left_at),
            visit.minutes().unwrap_or(0).to_string(),
            visit.result.map(result_name).unwrap_or_default().to_owned(),
            parts(false).to_string(),
            parts(true).saturating_add(charges).to_string(),
            moment(zone, visit.signed.as_ref().map(|signed| signed.at)),
            yes(visit.signed.as_ref().is_some_and(|signed| signed.amended)),
            or_empty(&visit.place.map(|place| place.lat_e7)),
            or_empty(&visit.place.map(|place| place.lng_e7)),
            or_empty(&visit.place.map(|place| place.accuracy_m)),
            visit.place.map(|place| yes(place.mock)).unwrap_or_default(),
        ]
    };
    facts.visit_facts.iter().map(cells).collect()
}

/// One row a charge.
pub fn charge_cells(facts: &OrderFacts, zone: &Zone) -> Vec<Cells> {
    let charges = facts.visit_facts.iter().flat_map(|visit| visit.charges.iter().map(move |charge| (visit, charge)));
    charges
        .map(|(visit, charge)| {
            vec![
                facts.number.clone(),
                visit.page.to_string(),
                facts.customer.to_string(),
                or_empty(&facts.station),
                charge.by.to_string(),
                zone.rfc3339(charge.at),
                charge.item.clone(),
                charge.amount.to_string(),
                method_name(charge.method).to_owned(),
                or_empty(&charge.receipt_no),
                moment(zone, charge.acknowledged_at),
                or_empty(&charge.acknowledged_by),
            ]
        })
        .collect()
}

/// One row a receipt of goods taken back (003, 004, 005).
pub fn custody_cells(facts: &OrderFacts, zone: &Zone) -> Vec<Cells> {
    let goods = facts.goods.iter().map(|goods| {
        vec![
            facts.number.clone(),
            goods.receipt_no.clone(),
            facts.customer.to_string(),
            or_empty(&facts.station),
            goods.item.clone(),
            goods.serial.clone(),
            or_empty(&goods.taken_by),
            zone.rfc3339(goods.taken_at),
            goods.bench_minutes.to_string(),
            goods.inspected.map(yes).unwrap_or_default(),
            moment(zone, goods.inspected_at),
            moment(zone, goods.returned_at),
            yes(goods.receipt_voided),
        ]
    });
    goods.collect()
}

pub(super) fn was_asked(visit: &VisitFacts) -> bool {
    visit.signed.is_some() || visit.unsigned.is_some()
}

/// One row a visit whose customer was asked: what he said, or why he didn't.
pub fn survey_cells(facts: &OrderFacts, zone: &Zone) -> Vec<Cells> {
    let asked = facts.visit_facts.iter().filter(|visit| was_asked(visit));
    asked
        .map(|visit| {
            let signed = visit.signed.as_ref();
            vec![
                facts.number.clone(),
                visit.page.to_string(),
                facts.customer.to_string(),
                or_empty(&facts.station),
                or_empty(&visit.engineer),
                moment(zone, signed.map(|signed| signed.at)),
                signed.map(|signed| signed.name.clone()).unwrap_or_default(),
                or_empty(&signed.map(|signed| signed.score)),
                signed.map(|signed| signed.comment.clone()).unwrap_or_default(),
                or_empty(&visit.unsigned),
            ]
        })
        .collect()
}

fn result_name(result: VisitResult) -> &'static str {
    match result {
        VisitResult::Fixed => "fixed",
        VisitResult::FollowUp => "follow_up",
        VisitResult::TakenBack => "taken_back",
        VisitResult::NoFault => "no_fault",
    }
}

fn method_name(method: PayMethod) -> &'static str {
    match method {
        PayMethod::Cash => "cash",
        PayMethod::Invoice => "invoice",
    }
}
