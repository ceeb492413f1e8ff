//! Who sees and changes what, by every way in: each role at its own station, at another and at none, asks every route
//! of the console and of `/v1`, to read and to write, about things of both stations. The routes are read from the
//! sources, so that a new one is asked too.
//!
//! Nothing here says which page is whose. What comes back is searched for marks, each on a thing; what was written is
//! read from the log. Both are held against `core/model/src/access.rs`, the one home of rights.

use super::desk::{Answer, Browser, Desk, fields, post, station, tenant, user};
use axum::body::Body;
use axum::http::Request;
use outpost_model::access::{Action, Actor, Thing, ThingKind, allows};
use outpost_model::admission::entries_in;
use outpost_model::command::{Ask, Command, RevokeReason, Series};
use outpost_model::entry::{Body as Logged, Evidence, Reach};
use outpost_model::header::{Header, Subject};
use outpost_model::id::{CommandId, CustomerCode, DeviceId, EntryId, Hash, PageId};
use outpost_model::record::{Part, Person, Role, Station};
use outpost_model::table::Table;
use outpost_model::time::{Day, Millis, Month};
use outpost_model::wire::{HandIn, Step, SyncRequest, VERSION, What, frame};
use outpost_server::clock::Clock;
use outpost_server::relay::{After, ConsoleAct, ConsoleWrite, Heads, Source};
use outpost_server::store::all;
use rusqlite::params;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

const ACTORS: [&str; 9] = ["u-hq", "u-auditor", "u-clerk", "u-cashier", "u-lead-1", "u-lead-2", "u-e1", "u-e2", "u-e3"];

/// One station's things.
struct Place {
    n: u32,
    station: &'static str,
    customer: &'static str,
    phone_no: &'static str,
    engineer: &'static str,
    /// Somebody on record there on whom headquarters' acts are tried.
    other: &'static str,
    device: DeviceId,
    order: PageId,
    visit: PageId,
    attendance: PageId,
    leave: EntryId,
    refused: Hash,
}

/// A text that stands on one thing: whoever reads it has read that.
struct Mark {
    text: String,
    action: Action,
    thing: Thing,
    readers: BTreeSet<&'static str>,
}

struct World {
    desk: Desk,
    places: Vec<Place>,
    review: String,
    marks: Vec<Mark>,
    /// Who was ever on which order.
    on: BTreeMap<PageId, BTreeSet<String>>,
}

fn thing(kind: ThingKind, at: Option<&str>) -> Thing {
    Thing { kind, station: at.map(station), person: None, involved: false }
}

fn act_as(desk: &Desk, by: &str, ask: Option<Ask>, write: Option<(Header, Vec<Logged>)>) -> Vec<EntryId> {
    let write = write.map(|(header, bodies)| ConsoleWrite {
        header,
        entries: bodies.into_iter().map(|body| (None, body)).collect(),
        seen: Heads::Now,
    });
    let act = ConsoleAct { id: desk.command(), ask, after: After::Now, heads: Heads::Now, write };
    desk.relay.act(&user(by), act).unwrap().entries
}

impl World {
    fn new() -> Self {
        let desk = Desk::open();
        let mut world = World { desk, places: vec![], review: String::new(), marks: vec![], on: BTreeMap::new() };
        for (n, station, customer, phone_no, engineer, other) in
            [(1, "st-1", "C-1", "0531-80000001", "u-e1", "u-x1"), (2, "st-2", "C-2", "027-80000002", "u-e3", "u-x2")]
        {
            world.settle(n, station, customer, phone_no, engineer, other);
        }
        let names = [("青岛化工", "st-1"), ("武汉钢铁", "st-2")];
        for (name, at) in names {
            world.mark(name, Action::Read, thing(ThingKind::Customer, Some(at)));
        }
        world
    }

    fn mark(&mut self, text: impl Into<String>, action: Action, thing: Thing) {
        self.marks.push(Mark { text: text.into(), action, thing, readers: BTreeSet::new() });
    }

    fn settle(
        &mut self,
        n: u32,
        at: &'static str,
        customer: &'static str,
        phone_no: &'static str,
        engineer: &'static str,
        other: &'static str,
    ) {
        let desk = &self.desk;
        let person = Person {
            user: user(other),
            name: other.into(),
            role: Role::Engineer,
            station: Some(station(at)),
            active: true,
        };
        act_as(desk, "u-hq", Some(Ask::PutPerson { person }), None);
        let path = desk.sign_in("u-clerk").register(phone_no, &format!("现象标记{n}"));
        let order = PageId::parse(path.rsplit('/').next().unwrap()).unwrap();
        act_as(desk, "u-hq", Some(Ask::Assign { order, to: user(engineer) }), None);
        let visit = PageId::v7(desk.clock.now().0 as u64, [n as u8; 10]);
        let header = Header::new(tenant(), Subject::Visit { id: visit, order });
        act_as(desk, engineer, None, Some((header, vec![Logged::Depart {}])));
        let month = Month::parse("2026-10").unwrap();
        let header = Header::new(tenant(), Subject::Attendance { person: user(engineer), month });
        let attendance = header.page();
        let (from, to) = (Day::parse("2026-10-27").unwrap(), Day::parse("2026-10-28").unwrap());
        let asked = Logged::RequestLeave { leave: "annual".into(), from, to, reason: format!("请假标记{n}") };
        let leave = act_as(desk, engineer, None, Some((header, vec![asked])))[0];
        let device = DeviceId::parse(&format!("d-mark-{n}")).unwrap();
        act_as(desk, "u-hq", Some(Ask::Enrol { device: device.clone(), user: user(engineer) }), None);
        desk.relay.certify(&device, [n as u8; 32]).unwrap();
        let source = self.question(engineer, u64::from(n), &format!("拒收标记{n}"));
        let refused = Hash::of(source.as_bytes());
        let step = |source: String| vec![Step { no: 1, needs: vec![], what: What::Command(source) }];
        let request = SyncRequest {
            version: VERSION,
            clock: desk.clock.now(),
            epoch: 1,
            captured: 1,
            sends: 1,
            cursor: None,
            pages: vec![],
            steps: step(source),
            unsent: 0,
            app: format!("手机标记{n}"),
        };
        desk.relay.sync(&device, request).unwrap();
        if n == 2 {
            let old = DeviceId::parse("d-old").unwrap();
            act_as(desk, "u-hq", Some(Ask::Enrol { device: old.clone(), user: user(engineer) }), None);
            act_as(desk, "u-hq", Some(Ask::Revoke { device: old.clone(), reason: RevokeReason::Replaced }), None);
            let steps = step(self.question(engineer, 9, "交来标记"));
            let (version, clock, app) = (VERSION, desk.clock.now(), "test".into());
            let hand_in = HandIn { version, clock, epoch: 1, captured: 9, pages: vec![], steps, app };
            self.review = desk.relay.hand_in(&old, frame(&hand_in), Source::Phone).unwrap().id.to_string();
        }
        let own = Thing { person: Some(user(engineer)), ..thing(ThingKind::Attendance, Some(at)) };
        self.mark(format!("现象标记{n}"), Action::Read, thing(ThingKind::Order, Some(at)));
        self.mark(format!("请假标记{n}"), Action::Read, own);
        self.mark(format!("手机标记{n}"), Action::Read, thing(ThingKind::Devices, None));
        self.mark(format!("拒收标记{n}"), Action::Read, thing(ThingKind::Devices, None));
        if n == 2 {
            self.mark("交来标记", Action::Administer, thing(ThingKind::Devices, None));
        }
        self.on.insert(order, BTreeSet::from([engineer.to_owned()]));
        self.places.push(Place {
            n,
            station: at,
            customer,
            phone_no,
            engineer,
            other,
            device,
            order,
            visit,
            attendance,
            leave,
            refused,
        });
    }

    /// A question that no relay takes: there is no such order.
    fn question(&self, by: &str, n: u64, reason: &str) -> String {
        let clock = self.desk.clock.now();
        let id = CommandId::v7(clock.0 as u64 + n, [n as u8; 10]);
        let ask = Ask::Cancel { order: PageId([7; 16]), reason: reason.into() };
        let evidence = Evidence { by: user(by), clock, zone: 480, contact: 0, epoch: 1, n, mono: None };
        Command { id, ask, evidence, heads: vec![], after: None }.canonical().unwrap()
    }

    fn actor(&self, id: &str) -> Actor {
        let person = self.desk.relay.person(&user(id)).unwrap().unwrap();
        Actor { user: person.user, role: person.role, station: person.station }
    }

    /// The thing as it is to him: an order may be his.
    fn to_him(&self, actor: &Actor, thing: &Thing) -> Thing {
        let at = |place: &&Place| thing.kind == ThingKind::Order && thing.station == Some(station(place.station));
        let involved =
            self.places.iter().find(at).is_some_and(|place| self.on[&place.order].contains(actor.user.as_str()));
        Thing { involved: thing.involved || involved, ..thing.clone() }
    }

    /// Every mark in an answer has to be his to read. What he reads out of his rights is told.
    fn hold_answer(&mut self, id: &'static str, probe: &str, answer: &Answer) -> Vec<String> {
        let actor = self.actor(id);
        let mut wrong = Vec::new();
        for place in 0..self.marks.len() {
            let mark = &self.marks[place];
            if !answer.text.contains(&mark.text) {
                continue;
            }
            if allows(&actor, mark.action, &self.to_him(&actor, &mark.thing)) {
                self.marks[place].readers.insert(id);
            } else {
                wrong.push(format!("{id} reads {} by {probe}", mark.text));
            }
        }
        wrong
    }

    fn last_row(&self) -> u64 {
        self.desk.count("select max(seq) from log").into()
    }

    /// What stands beside the log: passwords, codes, the review.
    fn beside(&self) -> Vec<String> {
        let sqls = [
            "select person || phc from password order by person",
            "select device || code_hash from enrolment_code order by device",
            "select state from review order by id",
        ];
        sqls.iter().flat_map(|sql| self.desk.texts(sql)).collect()
    }

    /// Every row after that one has to be his to write.
    fn hold_rows(&mut self, id: &str, probe: &str, before: u64) -> Vec<String> {
        let actor = self.actor(id);
        let rows: Vec<(String, String, Vec<u8>, String)> = self
            .desk
            .relay
            .store()
            .read(|db| {
                let sql = "select l.person, l.kind, l.payload, coalesce(p.header, '') from log l \
                           left join page p on p.tenant = l.tenant and p.page = l.page where l.seq > $1 order by l.seq";
                all(db, sql, params![before], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
            })
            .unwrap();
        let mut wrong = Vec::new();
        for (person, kind, payload, header) in rows {
            let mut hold = |may: bool, what: String| {
                if !may || person != id {
                    wrong.push(format!("{person} writes {what} by {probe} of {id}"));
                }
            };
            if kind == "decision" {
                let command: Command = serde_json::from_slice(&payload).unwrap();
                let thing = self.thing_of(&command.ask, &actor);
                hold(allows(&actor, Action::of_ask(&command.ask), &thing), command.ask.name().to_owned());
                match command.ask {
                    // Whoever opens an order for himself is on it.
                    Ask::Open { order, .. } if actor.role == Role::Engineer => {
                        self.on.entry(order).or_default().insert(person.clone());
                    }
                    Ask::Assign { order, to: who } | Ask::AddHelper { order, helper: who } => {
                        self.on.entry(order).or_default().insert(who.to_string());
                    }
                    _ => {}
                }
                continue;
            }
            let header = Header::parse(&header).unwrap();
            for (_, entry) in entries_in(&payload, header.kind()).unwrap() {
                let thing = self.thing_at(&header, &actor);
                let may = Action::of_entry(&entry.body).is_none_or(|action| allows(&actor, action, &thing));
                hold(may, entry.body.name().to_owned());
            }
        }
        wrong
    }

    fn order_thing(&self, order: PageId, actor: &Actor) -> Thing {
        let at = self.places.iter().find(|place| place.order == order).map(|place| place.station.to_owned());
        let opened = self.desk.relay.store().read(|db| {
            let sql = "select station from service_call where page = $1";
            all(db, sql, params![order.0], |row| row.get::<_, Option<String>>(0))
        });
        let at = at.or_else(|| opened.unwrap().into_iter().flatten().next());
        let involved = self.on.get(&order).is_some_and(|on| on.contains(actor.user.as_str()));
        Thing { involved, ..thing(ThingKind::Order, at.as_deref()) }
    }

    fn person_thing(&self, kind: ThingKind, person: &outpost_model::id::UserId) -> Thing {
        let station = self.desk.relay.person(person).unwrap().and_then(|person| person.station);
        Thing { kind, station, person: Some(person.clone()), involved: false }
    }

    fn thing_of(&self, ask: &Ask, actor: &Actor) -> Thing {
        if let Some(order) = ask.order() {
            return self.order_thing(order, actor);
        }
        let page = |page: PageId| {
            let visit = self.places.iter().find(|place| place.visit == page);
            let own = self.places.iter().find(|place| place.attendance == page);
            match (visit, own) {
                (Some(place), _) => self.order_thing(place.order, actor),
                (_, Some(place)) => self.person_thing(ThingKind::Attendance, &user(place.engineer)),
                _ => self.order_thing(page, actor),
            }
        };
        match ask {
            Ask::SignOff { person, .. } | Ask::Unseal { person, .. } => {
                self.person_thing(ThingKind::Attendance, person)
            }
            Ask::DecideLeave { page: on, .. } | Ask::Correct { page: on, .. } | Ask::EraseBlob { page: on, .. } => {
                page(*on)
            }
            Ask::PlaceCustomer { .. } => thing(ThingKind::Customer, None),
            Ask::Enrol { .. } | Ask::Revoke { .. } => thing(ThingKind::Devices, None),
            _ => thing(ThingKind::Records, None),
        }
    }

    fn thing_at(&self, header: &Header, actor: &Actor) -> Thing {
        match &header.subject {
            Subject::Order { id } => self.order_thing(*id, actor),
            Subject::Visit { order, .. } => self.order_thing(*order, actor),
            Subject::Attendance { person, .. } => self.person_thing(ThingKind::Attendance, person),
            Subject::Record { person, .. } => self.person_thing(ThingKind::Form, person),
            Subject::Customer { customer } => {
                let at = self.places.iter().find(|place| place.customer == customer.as_str());
                thing(ThingKind::Customer, at.map(|place| place.station))
            }
            Subject::Asset { .. } => Thing { station: actor.station.clone(), ..thing(ThingKind::Asset, None) },
        }
    }

    /// The addresses that a route stands for, with things of that place; an unknown name is tried with all of them.
    fn addresses(&self, route: &str, place: &Place) -> Vec<String> {
        let mut paths = vec![route.to_owned()];
        while let Some(at) = paths[0].find('{') {
            let end = at + paths[0][at..].find('}').unwrap();
            let name = paths[0][at + 1..end].to_owned();
            let values: Vec<String> = match name.as_str() {
                "user" | "person" => vec![place.engineer.into(), place.other.into()],
                "device" => vec![place.device.to_string()],
                "hash" => vec![place.refused.to_string()],
                "station" => vec![place.station.into()],
                "visit" => vec![place.visit.to_string()],
                "entry" => vec![place.leave.to_string()],
                "page" => vec![place.attendance.to_string(), place.order.to_string()],
                "id" => vec![place.order.to_string(), self.review.clone()],
                "tag" => vec!["en".into()],
                "day" => vec!["2026-10-20".into(), "2026-10-27".into()],
                "month" => vec!["2026-10".into()],
                "sha256" => vec![Hash([9; 32]).to_string()],
                _ => {
                    vec![place.order.to_string(), place.engineer.into(), place.attendance.to_string(), "2026-10".into()]
                }
            };
            let filled = |path: &String| {
                values.iter().map(|value| path.replacen(&format!("{{{name}}}"), value, 1)).collect::<Vec<_>>()
            };
            paths = paths.iter().flat_map(filled).collect();
        }
        let more: Vec<String> = match route {
            "/orders" => vec![format!("?state=all&at={}", place.station), format!("?q=标记{}", place.n)],
            "/today" => vec![format!("?at={}", place.station)],
            "/orders/new" => vec![format!("?phone={}", place.phone_no), format!("?customer={}", place.customer)],
            "/people" => vec![format!("?state=all&at={}", place.station)],
            _ => vec![],
        };
        let query = |path: &str, rest: &String| {
            let encoded: String = form_urlencoded::byte_serialize(rest.as_bytes()).collect();
            // Only the letters outside of ASCII need it.
            let rest = if rest.is_ascii() { rest.clone() } else { encoded.replace("%3F", "?").replace("%3D", "=") };
            format!("{path}{rest}")
        };
        let asked: Vec<String> = more.iter().map(|rest| query(route, rest)).collect();
        paths.into_iter().chain(asked).collect()
    }

    /// Forms that would write about that place, the gentle ones first.
    fn forms(&self, place: &Place) -> Vec<(String, Vec<(&'static str, String)>)> {
        let text = |text: &str| text.to_owned();
        let order = format!("/orders/{}", place.order);
        let deed = |deed: &str, more: &[(&'static str, &str)]| {
            let more = more.iter().map(|(name, value)| (*name, text(value)));
            (format!("{order}/do"), [("do", text(deed))].into_iter().chain(more).collect())
        };
        let person = format!("/person/{}", place.other);
        let form = |path: &str, typed: &[(&'static str, &str)]| {
            (path.to_owned(), typed.iter().map(|(name, value)| (*name, text(value))).collect())
        };
        let exports = Table::ALL
            .map(|table| form("/exports/file", &[("table", table.name()), ("format", "jsonl"), ("at", place.station)]));
        let forms = vec![
            deed("edit", &[("field", "remark"), ("value", "改过")]),
            deed("rebook", &[("at", "2026-10-29T09:00"), ("reason", "x")]),
            deed("phone_fix", &[("fix_note", "x")]),
            deed("follow_up", &[("note", "x")]),
            form(&format!("{order}/helper"), &[("to", "u-e2")]),
            deed("helper_out", &[("helper", "u-e2")]),
            form(&format!("{order}/dispatch"), &[("to", place.engineer)]),
            form(&format!("{order}/inspect"), &[("receipt", "R-1"), ("pass", "yes")]),
            deed("void", &[("receipt", "R-1"), ("reason", "x")]),
            form(&format!("/leave/{}/{}", place.attendance, place.leave), &[("answer", "approve")]),
            form(
                "/cash",
                &[
                    ("order", &place.order.to_string()),
                    ("visit", &place.visit.to_string()),
                    ("charge", &place.leave.to_string()),
                ],
            ),
            form(
                "/orders/new",
                &[
                    ("phone", place.phone_no),
                    ("customer", place.customer),
                    ("fault", "x"),
                    ("channel", "phone"),
                    ("type", "C"),
                    ("do", "register"),
                ],
            ),
            form("/customers/new", &[("code", &format!("C-9{}", place.n)), ("name", "x"), ("phone", "1")]),
            form(&person, &[("name", "x"), ("role", "hq"), ("station", "")]),
            form(&format!("{person}/phones"), &[("server", "https://a.example")]),
            form(&format!("{person}/password"), &[]),
            form(&format!("/person/{}/phones/{}", place.engineer, place.device), &[("reason", "lost")]),
            form(&format!("{person}/leave"), &[]),
            form(&format!("{person}/back"), &[]),
            form("/people/new", &[("user", &format!("u-n{}", place.n)), ("name", "x"), ("role", "clerk")]),
            form("/stations/new", &[("station", &format!("st-9{}", place.n)), ("name", "x")]),
            form(&format!("/station/{}", place.station), &[("name", "x")]),
            form("/policy/parts/new", &[("part_no", &format!("P-{}", place.n)), ("name", "x"), ("unit_price", "1")]),
            form("/policy/part", &[("part_no", "P-1"), ("name", "y"), ("unit_price", "2"), ("active", "yes")]),
            form("/policy/edit", &[("from", "2026-12-01"), ("reply_hours", "1")]),
            form(&format!("/review/{}", self.review), &[("answer", "decline"), ("reason", "x")]),
            deed("file", &[]),
            deed("reopen", &[("reason", "x")]),
            deed("cancel", &[("reason", "x")]),
        ];
        exports.into_iter().chain(forms).collect()
    }

    /// The same and more, as tools ask it.
    fn acts(&self, place: &Place) -> Vec<ConsoleAct> {
        let (order, person, receipt_no) = (place.order, user(place.engineer), "R-1".to_owned());
        let (customer, reason) = (CustomerCode::parse(place.customer).unwrap(), "x".to_owned());
        let month = Month::parse("2026-09").unwrap();
        let other = self.places.iter().find(|known| known.n != place.n).unwrap_or(place).order;
        let device = DeviceId::parse(&format!("d-new-{}", place.n)).unwrap();
        let opened = PageId::v7(self.desk.clock.now().0 as u64, [20 + place.n as u8; 10]);
        let mut policy = outpost_model::policy::Policy::clone(&self.desk.relay.policy().unwrap());
        (policy.version, policy.lock_after_days) = (policy.version + 1, 3);
        let asks = vec![
            Ask::Open {
                order: opened,
                number: format!("N-{}", place.n),
                customer: customer.clone(),
                asset: None,
                service_type: outpost_model::command::ServiceType::C,
            },
            Ask::AddHelper { order, helper: user("u-e2") },
            Ask::RemoveHelper { order, helper: user("u-e2") },
            Ask::Assign { order, to: person.clone() },
            Ask::Inspect { order, receipt_no: receipt_no.clone(), pass: true },
            Ask::VoidReceipt { order, receipt_no, reason: reason.clone() },
            Ask::AcknowledgeCash { order, visit: place.visit, charge: place.leave },
            Ask::SameAs { order, same: other, reason: reason.clone() },
            Ask::DecideLeave { page: place.attendance, leave: place.leave, approve: false, reason: reason.clone() },
            Ask::SignOff { person: person.clone(), month },
            Ask::Unseal { person: person.clone(), month, reason: reason.clone() },
            Ask::Correct { page: place.attendance, target: place.leave, reason: reason.clone(), replacement: None },
            Ask::EraseBlob { page: place.visit, target: place.leave, blob: Hash([1; 32]), reason: reason.clone() },
            Ask::PlaceCustomer { customer: customer.clone(), station: station(place.station), distance_km: 9 },
            Ask::LeaseNumbers { series: Series::Receipt, count: 1 },
            Ask::Enrol { device: device.clone(), user: user(place.other) },
            Ask::Revoke { device, reason: RevokeReason::Lost },
            Ask::PutPerson {
                person: Person {
                    user: user(place.other),
                    name: "y".into(),
                    role: Role::Hq,
                    station: None,
                    active: true,
                },
            },
            Ask::PutStation {
                station: Station { station: station(place.station), name: "y".into(), lat_e7: 1, lng_e7: 1 },
            },
            Ask::PutPart { part: Part { part_no: "P-7".into(), name: "y".into(), unit_price: 7, active: true } },
            Ask::PutPolicy { policy: Box::new(policy) },
            Ask::FixByPhone { order, note: "x".into() },
            Ask::Close { order },
            Ask::Reopen { order, reason: reason.clone() },
            Ask::Cancel { order, reason },
        ];
        let header = |subject| Header::new(tenant(), subject);
        let set = |field: &str| Logged::Set { field: field.into(), value: "x".into() };
        let contact = Logged::Contact { outcome: Reach::Reached, note: "x".into(), appointment: None };
        let at = self.desk.clock.now().plus(Millis::hours(5));
        let month = Month::parse("2026-10").unwrap();
        let writes = vec![
            (header(Subject::Order { id: order }), set("remark")),
            (header(Subject::Order { id: order }), contact),
            (header(Subject::Order { id: order }), Logged::Rebook { appointment: at, reason: "x".into() }),
            (header(Subject::Order { id: order }), Logged::FollowUp { note: "x".into() }),
            (header(Subject::Visit { id: place.visit, order }), Logged::Arrive { place: None }),
            (header(Subject::Attendance { person, month }), Logged::ClockIn { place: None }),
            (header(Subject::Customer { customer: customer.clone() }), set("contact")),
            (header(Subject::Customer { customer }), Logged::StaffChange { text: "x".into() }),
        ];
        let act = |ask, write| ConsoleAct { id: self.desk.command(), ask, after: After::Now, heads: Heads::Now, write };
        let written = writes.into_iter().map(|(header, body)| {
            act(None, Some(ConsoleWrite { header, entries: vec![(None, body)], seen: Heads::Now }))
        });
        let written: Vec<ConsoleAct> = written.collect();
        written.into_iter().chain(asks.into_iter().map(|ask| act(Some(ask), None))).collect()
    }
}

/// Every route of the sources.
fn routes() -> BTreeSet<String> {
    fn read(folder: &Path, found: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() {
                read(&path, found);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let source = std::fs::read_to_string(&path).unwrap();
                for rest in source.split(".route(").skip(1) {
                    let named = rest.trim_start().strip_prefix('"').and_then(|rest| rest.split('"').next());
                    found
                        .insert(named.unwrap_or_else(|| panic!("a route without a name in {}", path.display())).into());
                }
            }
        }
    }
    let mut found = BTreeSet::new();
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    found
}

/// A stream of news that is never to end is no page to read.
const STREAM: &str = "/v1/live";

fn proof_of(browser: &Browser<'_>) -> String {
    let answer = browser.get("/v1/session").text;
    serde_json::from_str::<serde_json::Value>(&answer).unwrap()["csrf"].as_str().unwrap().to_owned()
}

#[test]
fn nobody_reads_or_writes_out_of_role_station_or_tenant_by_any_route() {
    let routes = routes();
    assert!(routes.contains("/people") && routes.contains("/v1/commands") && routes.len() > 50, "{routes:?}");
    let (mut probes, mut wrong) = (0_u32, Vec::new());
    let (mut read_by, mut written) = (BTreeMap::<String, BTreeSet<&str>>::new(), BTreeMap::<&str, u64>::new());
    for id in ACTORS {
        let mut world = World::new();
        let cookie = world.desk.sign_in(id).cookie;
        let secret = cookie.split(';').next().unwrap().split_once('=').unwrap().1.to_owned();
        let proof = proof_of(&world.desk.browse(&cookie));
        let began = world.last_row();
        for turn in 0..world.places.len() {
            for route in routes.iter().filter(|route| *route != STREAM) {
                for path in world.addresses(route, &world.places[turn]) {
                    let answer = world.desk.browse(&cookie).get(&path);
                    probes += 1;
                    wrong.extend(world.hold_answer(id, &format!("GET {path}"), &answer));
                    // Without anything said, and with everything that forms of ours say.
                    let blank = [("csrf", proof.as_str()), ("id", &world.desk.command().to_string())];
                    if !matches!(route.as_str(), "/sign-out" | "/v1/session") {
                        let before = (world.last_row(), world.beside());
                        let answer = world.desk.send(post(&path, &cookie, fields(&blank)));
                        probes += 1;
                        wrong.extend(world.hold_answer(id, &format!("POST {path}"), &answer));
                        wrong.extend(world.hold_rows(id, &format!("POST {path}"), before.0));
                        wrong.extend(world.hold_beside(id, &path, before.1));
                    }
                }
            }
            for act in world.acts(&world.places[turn]) {
                let what = act.ask.as_ref().map_or("entries".to_owned(), |ask| ask.name().to_owned());
                let before = world.last_row();
                let request = Request::post("/v1/commands").header("authorization", format!("Bearer {secret}"));
                let body = Body::from(serde_json::to_string(&act).unwrap());
                let answer = world.desk.send(request.body(body).unwrap());
                probes += 1;
                wrong.extend(world.hold_answer(id, &what, &answer));
                wrong.extend(world.hold_rows(id, &format!("/v1/commands {what}"), before));
            }
        }
        *written.entry(id).or_default() += world.last_row() - began;
        // The forms over a company as it was: what tools did doesn't stand in their way.
        let mut fresh = World::new();
        let cookie = fresh.desk.sign_in(id).cookie;
        let proof = proof_of(&fresh.desk.browse(&cookie));
        let began = fresh.last_row();
        for turn in 0..fresh.places.len() {
            for (path, typed) in fresh.forms(&fresh.places[turn]) {
                let before = (fresh.last_row(), fresh.beside());
                let (command, after) = (fresh.desk.command().to_string(), fresh.desk.newest_decision());
                let hidden = [("csrf", proof.as_str()), ("id", command.as_str()), ("after", after.as_str())];
                let all = hidden.into_iter().chain(typed.iter().map(|(name, value)| (*name, value.as_str())));
                let all: Vec<(&str, &str)> = all.collect();
                let answer = fresh.desk.send(post(&path, &cookie, fields(&all)));
                probes += 1;
                wrong.extend(fresh.hold_answer(id, &format!("POST {path}"), &answer));
                wrong.extend(fresh.hold_rows(id, &format!("POST {path} {typed:?}"), before.0));
                wrong.extend(fresh.hold_beside(id, &path, before.1));
            }
        }
        *written.entry(id).or_default() += fresh.last_row() - began;
        for mark in world.marks.into_iter().chain(fresh.marks) {
            read_by.entry(mark.text).or_default().extend(mark.readers);
        }
    }
    println!("reads and writes out of role, station or tenant: {} of {probes}", wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // It would see something: every mark was read by somebody who may, and who may write has written.
    for (mark, readers) in &read_by {
        assert!(readers.contains("u-hq"), "nobody at headquarters came to read {mark}: {readers:?}");
    }
    let leads = |mark: &str| read_by[mark].iter().filter(|id| id.starts_with("u-lead")).copied().collect::<Vec<_>>();
    assert_eq!((leads("现象标记1"), leads("现象标记2")), (vec!["u-lead-1"], vec!["u-lead-2"]));
    for id in ["u-hq", "u-clerk", "u-lead-1", "u-lead-2", "u-e1", "u-e3"] {
        assert!(written[id] > 0, "{id} wrote nothing");
    }
    assert_eq!(written["u-auditor"], 0, "an auditor writes nothing, whatever he asks");
}

impl World {
    /// What stands beside the log is headquarters' to change.
    fn hold_beside(&self, id: &str, probe: &str, before: Vec<String>) -> Option<String> {
        let changed = self.beside() != before;
        let may = allows(&self.actor(id), Action::Administer, &thing(ThingKind::Devices, None));
        (changed && !may).then(|| format!("{id} changes passwords, codes or the review by {probe}"))
    }
}

impl Desk {
    /// The newest decision of all: who names it has seen everything.
    fn newest_decision(&self) -> String {
        let sql = "select id from answer order by seq desc limit 1";
        let newest: Vec<[u8; 16]> = self.relay.store().read(|db| all(db, sql, [], |row| row.get(0))).unwrap();
        CommandId(newest[0]).to_string()
    }
}

#[test]
fn news_is_heard_by_those_alone_who_may_read_what_is_new() {
    let world = World::new();
    for place in &world.places {
        for id in ACTORS {
            let cookie = world.desk.sign_in(id).cookie;
            let header = Header::new(tenant(), Subject::Order { id: place.order });
            let news = Logged::Set { field: "remark".into(), value: format!("新消息 {id}") };
            let heard =
                world.desk.hears(&cookie, || drop(act_as(&world.desk, "u-hq", None, Some((header, vec![news])))));
            let actor = world.actor(id);
            let order = world.order_thing(place.order, &actor);
            let may = allows(&actor, Action::Read, &order);
            assert!(may || !heard, "{id} hears of order {}", place.n);
            // A cashier reads orders and follows no scope: his page asks by itself.
            assert!(heard || !may || id == "u-cashier", "{id} hears nothing of order {}", place.n);
        }
    }
}
