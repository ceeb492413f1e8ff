//! The contract of a store under the relay, numbered, as functions over any store: whatever database comes next is
//! held to the same.

use crate::company::*;
use crate::phone::Phone;
use crate::scopes::{reached, register, remark};
use outpost_model::command::Ask;
use outpost_model::entry::{Body, VisitResult};
use outpost_model::id::PageId;
use outpost_server::store::Store;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// S1. A company at random, for a while: every phone holds exactly what is its person's, by rules worked out here
/// once more; and in the end the store is what its log says.
pub fn s1_everybody_holds_what_is_his(store: Arc<Store>, seed: u64) {
    let company = Company::on(store);
    let mut dice = Dice(seed);
    let mut world = World::default();
    let mut phones: Vec<Phone> =
        ["d-e1", "d-e2", "d-e3", "d-e5", "d-lead", "d-lead2", "d-hq"].iter().map(|name| company.phone(name)).collect();
    for turn in 0..150 {
        match dice.roll(10) {
            0 | 1 => world.open(&company, &mut dice),
            2 | 3 => world.assign(&company, &mut dice),
            4 => world.file(&company, &mut dice),
            5 => world.write(&company, &mut dice),
            6 | 7 => {
                let phone = &mut phones[dice.roll(4)];
                world.visit(phone, &mut dice, turn);
            }
            _ => {
                let at = dice.roll(phones.len());
                phones[at].sync();
                world.check(&phones[at], seed);
            }
        }
    }
    for phone in &mut phones {
        phone.sync();
        phone.sync();
        world.check(phone, seed);
    }
    company.verify();
}

/// S2. What was answered is read back in order, chained, with the envelope as it was answered.
pub fn s2_rows_come_back_as_they_were_answered(store: Arc<Store>) {
    let company = Company::on(store);
    let mut phone = company.phone("d-e1");
    phone.sync();
    phone.ask(open("WO-1", "c-1"));
    phone.log(&order("WO-1"), &[register(), remark("一号门")]);
    let answered = phone.sync_admitted();
    let mut hq = company.phone("d-hq");
    hq.sync();
    let held: BTreeSet<u64> = hq.rows[&named("WO-1")].values().map(|row| row.envelope.admitted.unwrap().seq).collect();
    assert_eq!(held, answered.iter().map(|envelope| envelope.admitted.unwrap().seq).collect());
    for row in hq.rows[&named("WO-1")].values() {
        assert!(answered.contains(&row.envelope));
    }
    company.verify();
}

/// S3. A cursor of another history begins anew, and the phone is asked for everything that it has.
pub fn s3_another_history_begins_anew(store: Arc<Store>) {
    let company = Company::on(store);
    let mut phone = company.phone("d-e1");
    phone.ask(open("WO-1", "c-1"));
    phone.sync_admitted();
    let mut request = phone.request();
    request.cursor.as_mut().unwrap().chain = [0; 16];
    let reply = company.relay.sync(&phone.device, request.clone()).unwrap();
    assert!(reply.offer_all && !reply.items.is_empty());
    phone.take(&request, reply);
    let mut request = phone.request();
    request.cursor.as_mut().unwrap().epoch = 9;
    assert!(company.relay.sync(&phone.device, request).unwrap().offer_all);
    assert!(!company.relay.sync(&phone.device, phone.request()).unwrap().offer_all);
}

/// S4. A drill-down finds the page that differs, and mends it.
pub fn s4_a_drill_down_mends(store: Arc<Store>) {
    use outpost_model::wire::{Drill, DrillReply, Sum};
    let company = Company::on(store);
    let mut phone = company.phone("d-e1");
    for n in 0..5 {
        phone.ask(open(&format!("WO-{n}"), "c-1"));
    }
    phone.sync_admitted();
    let lost = named("WO-3");
    let rows = phone.rows.remove(&lost).unwrap();
    let scope = "user:u-e1".to_owned();
    let sum_of = |phone: &Phone, page: PageId| {
        phone.hashes(page).iter().fold(Sum::default(), |sum, hash| sum.plus(Sum::of(hash)))
    };
    let DrillReply::Buckets(buckets) = company.relay.drill(&phone.device, Drill::Buckets(scope.clone())).unwrap()
    else {
        panic!()
    };
    let mut own = vec![Sum::default(); 256];
    for page in &phone.scopes[&scope] {
        let bucket = &mut own[usize::from(page.0[15])];
        *bucket = bucket.plus(sum_of(&phone, *page));
    }
    let differ: Vec<u8> = (0..=255u8).filter(|n| own[usize::from(*n)] != buckets[usize::from(*n)]).collect();
    assert_eq!(differ, [lost.0[15]]);
    let DrillReply::Pages(pages) = company.relay.drill(&phone.device, Drill::Pages(scope, differ.into())).unwrap()
    else {
        panic!()
    };
    let wrong: Vec<PageId> =
        pages.into_iter().filter(|(page, sum)| sum_of(&phone, *page) != *sum).map(|(page, _)| page).collect();
    assert_eq!(wrong, [lost]);
    let DrillReply::Rows(items) = company.relay.drill(&phone.device, Drill::Rows(wrong)).unwrap() else { panic!() };
    for item in items {
        phone.take_item(item);
    }
    assert_eq!(phone.rows[&lost], rows);
    let foreign = company.relay.drill(&phone.device, Drill::Buckets("tenant".into()));
    assert_eq!(foreign.unwrap_err().code.name(), "not_found");
    let foreign = company.relay.drill(&company.phone("d-e2").device, Drill::Rows(vec![lost])).unwrap();
    assert_eq!(foreign, DrillReply::Rows(vec![]));
}

/// S5. A sign-off pins the days; when they read differently, the next one is a revision.
pub fn s5_a_sign_off_pins_the_days(store: Arc<Store>) {
    let company = Company::on(store);
    let october = outpost_model::time::Month::parse("2026-10").unwrap();
    let mut phone = company.phone("d-e1");
    phone.log(&month("u-e1"), &[Body::ClockIn { place: None }]);
    phone.sync_admitted();
    let sign = || Ask::SignOff { person: user("u-e1"), month: october };
    company.ask("u-lead", sign());
    let again = company.ask("u-lead", sign());
    assert!(matches!(again.decided, Some(outpost_server::relay::Decided::AlreadySo(_))));
    company.clock.advance(8 * 3_600_000);
    phone.log(&month("u-e1"), &[Body::ClockOut { place: None }]);
    phone.sync_admitted();
    company.ask("u-lead", sign());
    let mut hq = company.phone("d-hq");
    hq.sync();
    let pins: Vec<String> = hq.rows[&month("u-e1").page()]
        .values()
        .filter_map(|row| match &row.content {
            outpost_model::wire::Content::Decision(_, pins) => Some(pins.clone()),
            _ => None,
        })
        .collect();
    assert_eq!(pins.len(), 2);
    assert!(pins.iter().any(|pins| pins.contains(r#""revision":2"#) && pins.contains("2026-10-08")), "{pins:?}");
    assert_eq!(company.relay.facts(|facts| facts.sealed()).unwrap(), [(user("u-e1"), october)]);
    assert_eq!(company.denied("u-lead2", sign()).name(), "not_allowed");
    company.verify();
}

#[derive(Default)]
struct World {
    orders: BTreeMap<String, Order>,
    visits: Vec<(String, outpost_model::header::Header, &'static str)>,
}

#[derive(Default)]
struct Order {
    station: &'static str,
    ever: BTreeSet<&'static str>,
    on: Option<&'static str>,
    closed: bool,
    authors: BTreeSet<String>,
}

const ENGINEERS: [&str; 4] = ["u-e1", "u-e2", "u-e3", "u-e5"];

impl World {
    fn open(&mut self, company: &Company, dice: &mut Dice) {
        let name = format!("WO-{}", self.orders.len());
        let (at, station) = if dice.roll(2) == 0 { ("c-1", "st-1") } else { ("c-2", "st-2") };
        company.ask("u-clerk", open(&name, at));
        self.orders.insert(name, Order { station, ..Order::default() });
    }

    fn pick(&self, dice: &mut Dice) -> Option<String> {
        (!self.orders.is_empty()).then(|| format!("WO-{}", dice.roll(self.orders.len())))
    }

    fn assign(&mut self, company: &Company, dice: &mut Dice) {
        let Some(name) = self.pick(dice) else { return };
        let to = ENGINEERS[dice.roll(4)];
        company.ask("u-hq", assign(&name, to));
        let order = self.orders.get_mut(&name).unwrap();
        order.on = Some(to);
        order.ever.insert(to);
    }

    fn file(&mut self, company: &Company, dice: &mut Dice) {
        let Some(name) = self.pick(dice) else { return };
        let order = self.orders.get_mut(&name).unwrap();
        let ask = match order.closed {
            true => Ask::Reopen { order: named(&name), reason: String::new() },
            false => close(&name),
        };
        company.ask("u-clerk", ask);
        order.closed = !order.closed;
    }

    fn write(&mut self, company: &Company, dice: &mut Dice) {
        let Some(name) = self.pick(dice) else { return };
        company.write("u-clerk", order(&name), vec![remark(&format!("{}", dice.roll(1_000)))]);
    }

    /// Whoever is or was on an order goes there, and says something on the order's page too.
    fn visit(&mut self, phone: &mut Phone, dice: &mut Dice, turn: usize) {
        let Some(name) = self.pick(dice) else { return };
        let Some(me) = ENGINEERS.into_iter().find(|name| *name == phone.user.as_str()) else { return };
        let known = self.orders.get_mut(&name).unwrap();
        if !known.ever.contains(me) {
            return;
        }
        phone.sync();
        let header = visit(&name, &format!("{turn}"));
        phone.log(&header, &[Body::Depart {}, Body::Leave { result: VisitResult::Fixed }]);
        if dice.roll(3) == 0 && phone.has_order(&name) {
            phone.log(&order(&name), &[reached()]);
            known.authors.insert(me.to_owned());
        }
        phone.sync_admitted();
        self.visits.push((name, header, me));
    }

    fn check(&self, phone: &Phone, seed: u64) {
        let me = phone.user.as_str();
        let leads = match me {
            "u-lead" => Some("st-1"),
            "u-lead2" => Some("st-2"),
            _ => None,
        };
        let people = |order: &Order| match order.closed {
            true => order.on == Some(me),
            false => order.ever.contains(me),
        };
        for (name, order) in &self.orders {
            let base = me == "u-hq" || leads == Some(order.station) || people(order);
            assert_eq!(phone.has_order(name), base || order.authors.contains(me), "seed {seed}: {me} and {name}");
            for (_, header, author) in self.visits.iter().filter(|(of, ..)| of == name) {
                assert_eq!(phone.sees(header.page()), base || *author == me, "seed {seed}: {me} and a visit of {name}");
            }
        }
    }
}

/// Numbers at random, the same for the same seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }
}

mod sqlite {
    use super::*;

    fn fresh(case: impl FnOnce(Arc<Store>)) {
        let folder = tempfile::tempdir().unwrap();
        case(Store::open(&folder.path().join("data")).unwrap());
    }

    #[test]
    fn s1() {
        for seed in 1..=6 {
            fresh(|store| s1_everybody_holds_what_is_his(store, seed));
        }
    }
    #[test]
    fn s2() {
        fresh(s2_rows_come_back_as_they_were_answered);
    }
    #[test]
    fn s3() {
        fresh(s3_another_history_begins_anew);
    }
    #[test]
    fn s4() {
        fresh(s4_a_drill_down_mends);
    }
    #[test]
    fn s5() {
        fresh(s5_a_sign_off_pins_the_days);
    }
}
