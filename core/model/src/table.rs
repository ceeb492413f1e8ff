//! The exports' columns: one ordered list a table, for files, console and docs alike, and the cells of each row.
//! Times are RFC 3339 to the second in the tenant's zone, yes and no are 1 and 0, what there isn't is empty.

mod calls;
mod decisions;
mod heard;
mod period;
mod reading;

pub use calls::{charge_cells, custody_cells, survey_cells, visit_cells};
pub use decisions::{decision_cells, order_of};
pub use heard::{FRESH, Heard, heard};
pub use period::{Cut, Period, Tally, moments};
pub use reading::reach;

use crate::command::ServiceType;
use crate::fold::attendance::{DayRow, OwnTime};
use crate::fold::order::{OrderFacts, WorkLine};
use crate::id::UserId;
use crate::time::{Day, Millis, Month, Zone};
use std::collections::BTreeMap;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Table {
    Orders,
    Parts,
    Daily,
    Attendance,
    Flags,
    Sealed,
    Visits,
    Charges,
    Custody,
    Surveys,
    Decisions,
}

/// How a cell reads where types matter (JSON Lines, spreadsheets).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellType {
    Text,
    /// A whole number: a count, or minutes.
    Number,
    /// Money, in fen.
    Money,
    /// 1 or 0.
    YesNo,
    Moment,
    Date,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    pub name: &'static str,
    pub zh: &'static str,
    pub en: &'static str,
    pub cell: CellType,
}

const fn column(name: &'static str, zh: &'static str, en: &'static str, cell: CellType) -> Column {
    Column { name, zh, en, cell }
}

use CellType::{Date, Moment, Money, Number, Text, YesNo};

const ORDERS: &[Column] = &[
    column("number", "工单号", "Order no.", Text),
    column("service_type", "服务类别", "Service type", Text),
    column("customer", "客户", "Customer", Text),
    column("asset", "设备", "Unit", Text),
    column("station", "驻点", "Station", Text),
    column("engineer", "工程师", "Engineer", Text),
    column("state", "状态", "State", Text),
    column("opened_at", "开单", "Opened", Moment),
    column("replied_at", "回复", "Replied", Moment),
    column("arrived_at", "到场", "Arrived", Moment),
    column("closed_at", "归档", "Filed", Moment),
    column("reply_late", "回复超时", "Reply late", YesNo),
    column("arrival_late", "到场超时", "Arrival late", YesNo),
    column("visits", "上门次数", "Visits", Number),
    column("labour_minutes", "工时（分）", "Labour (min)", Number),
    column("parts_amount", "配件金额（分）", "Parts (fen)", Money),
    column("billable_amount", "应收金额（分）", "Billable (fen)", Money),
    column("survey_score", "满意度", "Rating", Number),
    column("first_time_fix", "一次修好", "First-time fix", YesNo),
];

const PARTS: &[Column] = &[
    column("part_no", "配件号", "Part no.", Text),
    column("name", "名称", "Name", Text),
    column("qty", "数量", "Quantity", Number),
    column("amount", "金额（分）", "Amount (fen)", Money),
];

const DAILY: &[Column] = &[
    column("engineer", "工程师", "Engineer", Text),
    column("date", "日期", "Date", Date),
    column("visits", "上门次数", "Visits", Number),
    column("minutes_a", "A 有费（分）", "A paid (min)", Number),
    column("minutes_b", "B 合同（分）", "B contract (min)", Number),
    column("minutes_c", "C 免费（分）", "C free (min)", Number),
    column("minutes_d", "D 一般（分）", "D general (min)", Number),
];

const ATTENDANCE: &[Column] = &[
    column("engineer", "工程师", "Engineer", Text),
    column("date", "日期", "Date", Date),
    column("status", "出勤", "Status", Text),
    column("leave", "请假", "Leave", Text),
    column("first_in", "上班", "First in", Moment),
    column("last_out", "下班", "Last out", Moment),
    column("worked_minutes", "在岗（分）", "Worked (min)", Number),
];

const FLAGS: &[Column] = &[
    column("kind", "旗标", "Flag", Text),
    column("order", "工单号", "Order no.", Text),
    column("detail", "说明", "Detail", Text),
];

const SEALED: &[Column] = &[column("engineer", "工程师", "Engineer", Text), column("month", "考勤月", "Month", Text)];

impl Table {
    pub const ALL: [Table; 11] = [
        Table::Orders,
        Table::Parts,
        Table::Daily,
        Table::Attendance,
        Table::Flags,
        Table::Sealed,
        Table::Visits,
        Table::Charges,
        Table::Custody,
        Table::Surveys,
        Table::Decisions,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Table::Orders => "orders",
            Table::Parts => "parts",
            Table::Daily => "daily",
            Table::Attendance => "attendance",
            Table::Flags => "flags",
            Table::Sealed => "sealed",
            Table::Visits => "visits",
            Table::Charges => "charges",
            Table::Custody => "custody",
            Table::Surveys => "surveys",
            Table::Decisions => "decisions",
        }
    }
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|table| table.name() == name)
    }
    /// What a sheet of it is called, in Chinese and in English.
    pub fn title(self) -> (&'static str, &'static str) {
        match self {
            Table::Orders => ("工单", "Orders"),
            Table::Parts => ("配件", "Parts"),
            Table::Daily => ("日报 006", "Daily report 006"),
            Table::Attendance => ("考勤", "Attendance"),
            Table::Flags => ("旗标", "Flags"),
            Table::Sealed => ("月度签认", "Months signed off"),
            Table::Visits => ("上门", "Visits"),
            Table::Charges => ("收费", "Charges"),
            Table::Custody => ("商品进出", "Customers' goods"),
            Table::Surveys => ("满意度", "Ratings"),
            Table::Decisions => ("决定", "Decisions"),
        }
    }
    pub fn columns(self) -> &'static [Column] {
        match self {
            Table::Orders => ORDERS,
            Table::Parts => PARTS,
            Table::Daily => DAILY,
            Table::Attendance => ATTENDANCE,
            Table::Flags => FLAGS,
            Table::Sealed => SEALED,
            Table::Visits => calls::VISITS,
            Table::Charges => calls::CHARGES,
            Table::Custody => calls::CUSTODY,
            Table::Surveys => calls::SURVEYS,
            Table::Decisions => decisions::DECISIONS,
        }
    }
}

/// One row's cells, in the order of its table's columns.
pub type Cells = Vec<String>;

fn yes(value: bool) -> String {
    String::from(if value { "1" } else { "0" })
}
fn moment(zone: &Zone, at: Option<Millis>) -> String {
    at.map(|at| zone.rfc3339(at)).unwrap_or_default()
}
fn or_empty<T: ToString>(value: &Option<T>) -> String {
    value.as_ref().map(T::to_string).unwrap_or_default()
}

pub fn order_cells(facts: &OrderFacts, zone: &Zone) -> Cells {
    vec![
        facts.number.clone(),
        format!("{:?}", facts.service_type),
        facts.customer.to_string(),
        or_empty(&facts.asset),
        or_empty(&facts.station),
        or_empty(&facts.engineer),
        facts.state.name().to_owned(),
        zone.rfc3339(facts.opened_at),
        moment(zone, facts.replied_at),
        moment(zone, facts.arrived_at),
        moment(zone, facts.closed_at),
        yes(facts.reply_late),
        yes(facts.arrival_late),
        facts.visits.to_string(),
        facts.labour_minutes.to_string(),
        facts.parts_amount.to_string(),
        facts.billable_amount.to_string(),
        or_empty(&facts.survey_score),
        yes(facts.first_time_fix),
    ]
}

pub fn flag_cells(facts: &OrderFacts) -> Vec<Cells> {
    let cells =
        |flag: &crate::fold::flag::Flag| vec![flag.kind.name().to_owned(), facts.number.clone(), flag.detail.clone()];
    facts.flags.iter().map(cells).collect()
}

pub fn attendance_cells(person: &UserId, row: &DayRow, zone: &Zone) -> Cells {
    vec![
        person.to_string(),
        row.day.to_string(),
        row.status.name().to_owned(),
        or_empty(&row.leave),
        moment(zone, row.first_in),
        moment(zone, row.last_out),
        row.worked_minutes.to_string(),
    ]
}

pub fn sealed_cells(person: &UserId, month: Month) -> Cells {
    vec![person.to_string(), month.to_string()]
}

/// Quantity and amount by part, over the orders that were added.
#[derive(Debug, Default)]
pub struct PartTotals(BTreeMap<(String, String), (i64, i64)>);

impl PartTotals {
    pub fn add(&mut self, facts: &OrderFacts) {
        self.add_in(facts, |_| true);
    }
    /// The parts of those visits alone that fall into the period.
    pub fn add_within(&mut self, facts: &OrderFacts, zone: &Zone, period: Period) {
        self.add_in(facts, |at| period.holds(zone.day(at)));
    }
    fn add_in(&mut self, facts: &OrderFacts, is_in: impl Fn(Millis) -> bool) {
        let visits = facts.visit_facts.iter().filter(|visit| is_in(period::of_visit(visit, facts)));
        for line in visits.flat_map(|visit| &visit.parts) {
            let total = self.0.entry((line.part_no.clone(), line.name.clone())).or_default();
            total.0 = total.0.saturating_add(i64::from(line.qty));
            total.1 = total.1.saturating_add(line.amount());
        }
    }
    pub fn cells(&self) -> impl Iterator<Item = Cells> + '_ {
        self.0.iter().map(|((number, name), (qty, amount))| {
            vec![number.clone(), name.clone(), qty.to_string(), amount.to_string()]
        })
    }
}

/// The technician's daily report (006), over the orders and people that were added.
#[derive(Debug, Default)]
pub struct DailyTotals(BTreeMap<(UserId, Day), DailyLine>);

#[derive(Debug, Default, Clone, Copy)]
struct DailyLine {
    visits: u32,
    minutes: [i64; 4],
}

impl DailyTotals {
    pub fn add_order(&mut self, facts: &OrderFacts) {
        for work in &facts.work {
            self.add_work(work, facts.service_type);
        }
    }
    pub fn add_work(&mut self, work: &WorkLine, service_type: ServiceType) {
        let line = self.0.entry((work.engineer.clone(), work.day)).or_default();
        line.visits += work.visits;
        line.minutes[slot(service_type)] += work.minutes;
    }
    pub fn add_person(&mut self, person: &UserId, own: &OwnTime) {
        for task in &own.tasks {
            let line = self.0.entry((person.clone(), task.day)).or_default();
            line.minutes[slot(ServiceType::D)] += task.minutes;
        }
    }
    /// The lines of one day, of these people.
    pub fn of_day(&self, day: Day, people: &[UserId]) -> Vec<Cells> {
        let day = day.to_string();
        self.cells().filter(|cells| cells[1] == day && people.iter().any(|user| user.as_str() == cells[0])).collect()
    }
    pub fn cells(&self) -> impl Iterator<Item = Cells> + '_ {
        self.0.iter().map(|((person, day), line)| {
            let minutes = line.minutes.iter().map(i64::to_string);
            [person.to_string(), day.to_string(), line.visits.to_string()].into_iter().chain(minutes).collect()
        })
    }
}

fn slot(service_type: ServiceType) -> usize {
    match service_type {
        ServiceType::A => 0,
        ServiceType::B => 1,
        ServiceType::C => 2,
        ServiceType::D => 3,
    }
}
