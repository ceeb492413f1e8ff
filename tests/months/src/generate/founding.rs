//! An organisation by seed: people, places, policies and the installed base.

use super::shape::Shape;
use crate::org::*;
use jiff::civil::Date;
use rand::{Rng, rngs::StdRng, seq::IndexedRandom};

const TOWNS: [(&str, f64, f64); 9] = [
    ("济南", 36.65, 117.12),
    ("武汉", 30.6, 114.3),
    ("西安", 34.27, 108.95),
    ("成都", 30.57, 104.07),
    ("沈阳", 41.8, 123.43),
    ("广州", 23.13, 113.26),
    ("兰州", 36.06, 103.83),
    ("长沙", 28.23, 112.94),
    ("南宁", 22.82, 108.37),
];
const TRADES: [&str; 8] = ["化工厂", "钢铁厂", "电力公司", "水泥厂", "铸造厂", "机床厂", "食品厂", "造纸厂"];
const MODELS: [&str; 4] = ["XH-850 加工中心", "BD-12 输送线", "LCM-64 袋式除尘器", "YZ-200 液压机"];
/// Some keep summer time, some live at half and quarter hours.
const ZONES: [&str; 8] = [
    "Asia/Shanghai",
    "Asia/Shanghai",
    "Asia/Shanghai",
    "Europe/Berlin",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "Asia/Kathmandu",
];

pub fn found(rng: &mut StdRng, shape: &Shape) -> Org {
    let sla = sla(rng);
    let mut org = Org {
        tenant: "示例制造".to_owned(),
        timezone: (*ZONES.choose(rng).expect("there are zones")).to_owned(),
        attendance: attendance(rng),
        sla,
        stations: Vec::new(),
        users: vec![user("u-hq", "总部管理员", Role::Hq, None), user("u-clerk", "总部业务员", Role::Clerk, None)],
        devices: Vec::new(),
        customers: Vec::new(),
        assets: Vec::new(),
    };
    for number in 1..=shape.stations {
        let (town, lat, lng) = TOWNS[number - 1];
        let station = format!("st-{number}");
        let lead = format!("u-lead-{station}");
        org.users.push(user(&lead, &format!("{town}驻点负责人"), Role::Lead, Some(&station)));
        org.devices.push(Device { id: format!("d-lead-{station}"), user: lead });
        org.stations.push(Station { id: station, name: format!("{town}驻点"), lat, lng });
    }
    for number in 1..=shape.stations * shape.engineers {
        let station = format!("st-{}", (number - 1) % shape.stations + 1);
        let id = format!("u-e{number}");
        org.users.push(user(&id, &format!("工程师{number:02}"), Role::Engineer, Some(&station)));
        org.devices.push(Device { id: format!("d-e{number}"), user: id });
    }
    for number in 1..=shape.stations * shape.customers {
        settle(rng, &mut org, number, shape);
    }
    org
}

fn user(id: &str, name: &str, role: Role, station: Option<&str>) -> User {
    User { id: id.to_owned(), name: name.to_owned(), role, station: station.map(str::to_owned) }
}

/// A customer with up to three machines. The first four of each station live at the edges of the arrival bands.
fn settle(rng: &mut StdRng, org: &mut Org, number: usize, shape: &Shape) {
    let station = &org.stations[(number - 1) % shape.stations];
    let edges: Vec<u32> = org.sla.arrival.iter().filter_map(|band| band.max_km).flat_map(|km| [km, km + 1]).collect();
    let distance_km = match edges.get((number - 1) / shape.stations) {
        Some(km) => *km,
        None => rng.random_range(1..2700),
    };
    let name = format!("{}{}{number}", &station.name[..6], TRADES[number % TRADES.len()]);
    let bearing = f64::from(rng.random_range(-400..400)) / 100.0;
    org.customers.push(Customer {
        id: format!("c-{number}"),
        address: format!("{name}工业园{number}号"),
        name,
        lat: hundredths(station.lat + bearing / 2.0),
        lng: hundredths(station.lng + bearing),
        station: station.id.clone(),
        distance_km,
        contact: format!("设备科{number}"),
        phone: format!("0531-8{number:07}"),
    });
    for machine in 1..=rng.random_range(1..=3) {
        let bought = Date::new(rng.random_range(2022..=2025), rng.random_range(1..=12), rng.random_range(1..=28));
        let bought = bought.expect("every month has 28 days");
        org.assets.push(Asset {
            id: format!("a-{number}-{machine}"),
            customer: format!("c-{number}"),
            model: MODELS[rng.random_range(0..MODELS.len())].to_owned(),
            serial: format!("SN{number:02}{machine:02}{:06}", rng.random_range(0..1_000_000)),
            bought: bought.to_string(),
            warranty_until: bought.saturating_add(jiff::Span::new().years(2)).to_string(),
            sold_by: if rng.random_bool(0.3) { "agent" } else { "own" }.to_owned(),
        });
    }
}

fn hundredths(degrees: f64) -> f64 {
    (degrees * 100.0).round() / 100.0
}

fn sla(rng: &mut StdRng) -> Sla {
    let (reply_hours, bands) = match rng.random_range(0..4) {
        0 => (12, [(Some(200), 12), (Some(800), 36), (None, 60)]),
        1 => (8, [(Some(300), 24), (Some(1500), 48), (None, 96)]),
        _ => (24, [(Some(300), 24), (Some(1000), 48), (None, 72)]),
    };
    Sla { reply_hours, arrival: bands.into_iter().map(|(max_km, hours)| Band { max_km, hours }).collect() }
}

fn attendance(rng: &mut StdRng) -> AttendancePolicy {
    // Months that begin and end summer time are as likely as all others together.
    let (year, month) = *[(2026, 10), (2026, 11), (2027, 1), (2027, 2), (2027, 3), (2027, 4), (2027, 6), (2027, 10)]
        .choose(rng)
        .expect("there are months");
    let closes_on = *[26, 26, 25, 21, 16].choose(rng).expect("there are days");
    let last = Date::new(year, month, closes_on).expect("no month ends before the 26th");
    let first = last.saturating_sub(jiff::Span::new().months(1));
    let (work_start, work_end) = *[("08:30", "17:30"), ("08:30", "17:30"), ("09:00", "18:00"), ("08:00", "16:45")]
        .choose(rng)
        .expect("there are hours");
    let weekend: &[&str] =
        [&["sat", "sun"][..], &["sat", "sun"], &["sun"], &["fri", "sat"]].choose(rng).expect("there are weekends");
    let mut holidays: Vec<String> = Vec::new();
    let begin = rng.random_range(3..18);
    for day in begin..begin + rng.random_range(1..=4) {
        holidays.push(first.saturating_add(jiff::Span::new().days(day)).to_string());
    }
    AttendancePolicy {
        month: format!("{year}-{month:02}"),
        first_day: first.to_string(),
        closes_on,
        work_start: work_start.to_owned(),
        work_end: work_end.to_owned(),
        grace_minutes: *[10, 10, 5, 0, 15].choose(rng).expect("there are graces"),
        weekend: weekend.iter().map(|day| (*day).to_owned()).collect(),
        holidays,
    }
}
