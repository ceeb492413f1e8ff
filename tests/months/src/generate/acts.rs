//! Actions in the words of those who tell the stories. What a story doesn't turn on has one plausible value.

use crate::{
    Action,
    action::{Outcome, VisitResult},
};

pub const PARTS: [(&str, &str, i64); 8] = [
    ("P-1001", "主轴轴承 7014C", 128_000),
    ("P-1002", "密封圈组件", 4_500),
    ("P-1003", "PLC 输入模块 DI16", 96_000),
    ("P-1004", "接近开关 M12", 6_800),
    ("P-1005", "散热风扇 120mm", 5_200),
    ("P-1006", "滤袋 2450mm", 8_800),
    ("P-1007", "电磁阀线圈 DC24V", 7_600),
    ("P-1008", "张紧轮组件", 23_500),
];

pub fn visit(order: &str, number: usize) -> String {
    format!("{order}-V{number}")
}

pub fn assign(order: &str, to: &str) -> Action {
    Action::Assign { order: order.into(), to: to.into() }
}

pub fn assign_helper(order: &str, to: &str) -> Action {
    Action::AssignHelper { order: order.into(), to: to.into() }
}

pub fn contact(order: &str, outcome: Outcome) -> Action {
    let note = match outcome {
        Outcome::Reached => "已约定上门时间",
        Outcome::NoAnswer => "电话无人接听,已短信通知",
        Outcome::RemoteFixed => "电话指导,用户自行复位",
    };
    Action::Contact { order: order.into(), outcome, note: note.into(), appointment: None }
}

pub fn reached(order: &str) -> Action {
    contact(order, Outcome::Reached)
}

pub fn depart(order: &str, visit: &str) -> Action {
    Action::Depart { order: order.into(), visit: visit.into() }
}

pub fn arrive(order: &str, visit: &str) -> Action {
    arrive_at(order, visit, 36.07, 120.38)
}

pub fn arrive_at(order: &str, visit: &str, lat: f64, lng: f64) -> Action {
    Action::Arrive { order: order.into(), visit: visit.into(), lat, lng, accuracy_m: 10 }
}

pub fn leave(order: &str, visit: &str, result: VisitResult) -> Action {
    Action::Leave { order: order.into(), visit: visit.into(), result }
}

pub fn fixed(order: &str, visit: &str) -> Action {
    leave(order, visit, VisitResult::Fixed)
}

pub fn set(order: &str, field: &str, value: &str) -> Action {
    Action::Set { order: order.into(), field: field.into(), value: value.into() }
}

pub fn cause(order: &str, value: &str) -> Action {
    set(order, "fault_cause", value)
}

pub fn use_part(order: &str, visit: &str, part: usize, qty: i64, billable: bool) -> Action {
    let (part_no, name, unit_price) = PARTS[part % PARTS.len()];
    let (order, visit) = (order.into(), visit.into());
    Action::UsePart { order, visit, part_no: part_no.into(), name: name.into(), qty, unit_price, billable }
}

/// A fee: in cash against a receipt of this number, or by invoice.
pub fn charge(order: &str, visit: &str, amount: i64, receipt_no: Option<String>) -> Action {
    let method = if receipt_no.is_some() { "cash" } else { "invoice" }.into();
    let (order, visit, item) = (order.into(), visit.into(), "上门维修费".into());
    Action::Charge { order, visit, item, amount, method, receipt_no }
}

pub fn take_back(order: &str, visit: &str, receipt_no: &str) -> Action {
    let (item, serial) = ("故障模块".into(), format!("M{}", receipt_no.len() * 7919));
    Action::TakeBack { order: order.into(), visit: visit.into(), item, serial, receipt_no: receipt_no.into() }
}

pub fn repair(order: &str, receipt_no: &str, minutes: i64) -> Action {
    Action::Repair { order: order.into(), receipt_no: receipt_no.into(), minutes, note: "更换损坏零件".into() }
}

pub fn inspect(order: &str, receipt_no: &str) -> Action {
    Action::Inspect { order: order.into(), receipt_no: receipt_no.into(), pass: true }
}

pub fn return_item(order: &str, receipt_no: &str) -> Action {
    Action::ReturnItem { order: order.into(), receipt_no: receipt_no.into() }
}

pub fn sign(order: &str, visit: &str, score: i64) -> Action {
    let strokes = format!("M{} {} l12 -9 l4 22 m9 -15 l15 3", 10 + score, 20 - score);
    let (order, visit, name) = (order.into(), visit.into(), "客户代表".into());
    Action::Sign { order, visit, name, strokes, score, comment: String::new() }
}

pub fn close(order: &str) -> Action {
    Action::Close { order: order.into() }
}

pub fn clock_in(lat: f64, lng: f64) -> Action {
    Action::ClockIn { lat, lng, accuracy_m: 12 }
}

pub fn clock_out(lat: f64, lng: f64) -> Action {
    Action::ClockOut { lat, lng, accuracy_m: 30 }
}

pub fn seal(user: &str, month: &str) -> Action {
    Action::SealMonth { user: user.into(), month: month.into() }
}

pub fn enrol(device: &str, user: &str) -> Action {
    Action::Enrol { device: device.into(), user: user.into() }
}

pub fn revoke(device: &str, reason: &str) -> Action {
    Action::Revoke { device: device.into(), reason: reason.into() }
}
