//! A notebook for small logs: one call a line, times without date are 12 October 2026, in Shanghai.

use outpost_months::{Expected, Line, Org, oracle};

pub struct Bench {
    org: Org,
    log: Vec<Line>,
}

const ORG: &str = r#"{
 "tenant": "t", "timezone": "Asia/Shanghai",
 "attendance": {"month": "2026-10", "first_day": "2026-10-12", "closes_on": 14, "work_start": "08:30",
  "work_end": "17:30", "grace_minutes": 10, "weekend": ["sat", "sun"], "holidays": ["2026-10-13"]},
 "sla": {"reply_hours": 24, "arrival": [{"max_km": 300, "hours": 24}, {"max_km": 1000, "hours": 48}, {"max_km": null, "hours": 72}]},
 "stations": [{"id": "st-1", "name": "", "lat": 0, "lng": 0}, {"id": "st-2", "name": "", "lat": 0, "lng": 0}],
 "users": [
  {"id": "hq", "name": "", "role": "hq", "station": null}, {"id": "clerk", "name": "", "role": "clerk", "station": null},
  {"id": "lead", "name": "", "role": "lead", "station": "st-1"}, {"id": "lead9", "name": "", "role": "lead", "station": "st-2"},
  {"id": "e1", "name": "", "role": "engineer", "station": "st-1"}, {"id": "e2", "name": "", "role": "engineer", "station": "st-1"},
  {"id": "e3", "name": "", "role": "engineer", "station": "st-1"}, {"id": "e9", "name": "", "role": "engineer", "station": "st-2"}],
 "devices": [{"id": "d1", "user": "e1"}, {"id": "d2", "user": "e2"}, {"id": "d3", "user": "e3"}, {"id": "d9", "user": "e9"},
  {"id": "dl", "user": "lead"}],
 "customers": [CUSTOMERS],
 "assets": []
}"#;

impl Bench {
    pub fn new() -> Self {
        let customers: Vec<String> = [("c-300", 1, 300), ("c-301", 1, 301), ("c-1000", 1, 1000), ("c-1001", 1, 1001), ("c-9", 2, 9)]
            .into_iter()
            .map(|(id, station, km)| {
                format!(
                    r#"{{"id": "{id}", "name": "", "address": "", "lat": 0, "lng": 0, "station": "st-{station}", "distance_km": {km}, "contact": "", "phone": ""}}"#
                )
            })
            .collect();
        let org = serde_json::from_str(&ORG.replace("CUSTOMERS", &customers.join(","))).unwrap();
        Self { org, log: Vec::new() }
    }

    /// At a time of the day (or `MM-DD HH:MM:SS`), by a device or `console:`, do this with these further fields.
    pub fn line(&mut self, at: &str, by: &str, act: &str, fields: &str) -> &mut Self {
        self.write(at, by, act, fields, "")
    }

    /// The same on a device whose clock shows something else.
    pub fn clocked(&mut self, at: &str, clock: &str, by: &str, act: &str, fields: &str) -> &mut Self {
        let clock = format!(r#", "clock": "{}""#, moment(clock));
        self.write(at, by, act, fields, &clock)
    }

    fn write(&mut self, at: &str, by: &str, act: &str, fields: &str, clock: &str) -> &mut Self {
        let by = if by.starts_with('d') { by.to_owned() } else { format!("console:{by}") };
        let fields = if fields.is_empty() { String::new() } else { format!(", {fields}") };
        let text = format!(r#"{{"at": "{}", "by": "{by}", "do": "{act}"{fields}{clock}}}"#, moment(at));
        self.log.push(Line::parse(&text).unwrap_or_else(|error| panic!("{text}: {error}")));
        self
    }

    /// Order `W` opened by the clerk at 08:00 for a customer, assigned to e1 at 08:01, on his phone at 08:02.
    pub fn dispatched(&mut self, customer: &str) -> &mut Self {
        self.open("08:00:00", "clerk", "W", customer);
        self.line("08:01:00", "lead", "assign", r#""order": "W", "to": "e1""#);
        self.line("08:02:00", "d1", "sync", "")
    }

    pub fn open(&mut self, at: &str, by: &str, order: &str, customer: &str) -> &mut Self {
        let fields = format!(
            r#""order": "{order}", "customer": "{customer}", "asset": "a", "caller": "", "phone": "", "fault_code": "", "fault": "", "service_type": "A", "channel": "phone""#
        );
        self.line(at, by, "open_order", &fields)
    }

    /// Something of visit `V` (or `V2`…) of order `W`.
    pub fn visit(&mut self, at: &str, by: &str, act: &str, visit: &str) -> &mut Self {
        let rest = match act {
            "arrive" => r#", "lat": 1, "lng": 1, "accuracy_m": 1"#,
            "leave" => r#", "result": "fixed""#,
            "use_part" => r#", "part_no": "P", "name": "n", "qty": 2, "unit_price": 50, "billable": true"#,
            "sign" => r#", "name": "", "strokes": "", "score": 4, "comment": """#,
            "depart" => "",
            _ => panic!("{act} is not in the bench's drawer"),
        };
        self.line(at, by, act, &format!(r#""order": "W", "visit": "{visit}"{rest}"#))
    }

    pub fn cause(&mut self, at: &str, by: &str, value: &str) -> &mut Self {
        self.line(at, by, "set", &format!(r#""order": "W", "field": "fault_cause", "value": "{value}""#))
    }

    pub fn sync(&mut self, at: &str, device: &str) -> &mut Self {
        self.line(at, device, "sync", "")
    }

    pub fn expected(&self) -> Expected {
        oracle::expected(&self.org, &self.log)
    }

    /// The flags without their header.
    pub fn flags(&self) -> String {
        rows(&self.expected().flags)
    }

    /// One column of order `W`'s row, by name.
    pub fn order(&self, column: &str) -> String {
        let text = self.expected().orders;
        let mut lines = text.lines();
        let place = lines.next().unwrap().split(',').position(|name| name == column).unwrap();
        let row = lines.find(|line| line.starts_with("W,")).expect("order W has a row");
        row.split(',').nth(place).unwrap().to_owned()
    }
}

pub fn rows(csv: &str) -> String {
    csv.split_once('\n').unwrap().1.to_owned()
}

fn moment(text: &str) -> String {
    match text.split_once(' ') {
        Some((day, time)) => format!("2026-{day}T{time}+08:00"),
        None => format!("2026-10-12T{text}+08:00"),
    }
}
