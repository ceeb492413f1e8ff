//! How each story ends: the relay's store is what its log says, nothing is on its way any more, and every phone's
//! lists say what headquarters' say of whatever the phone holds.

use super::{Company, Hand};
use outpost_model::fold::attendance::OwnTime;
use outpost_model::fold::order::OrderFacts;
use outpost_model::fold::record::RecordFacts;
use outpost_model::id::{PageId, UserId};
use outpost_model::record::Role;
use outpost_server::verify::verify;
use std::collections::{BTreeMap, BTreeSet};

impl Company {
    /// Syncs these phones, twice since they are each other's news, and compares.
    pub fn ends_well(&self, hands: &mut [&mut Hand]) {
        for _ in 0..2 {
            hands.iter_mut().for_each(|hand| drop(hand.sync()));
        }
        self.verify();
        let orders = self.orders();
        for hand in hands {
            self.agrees(hand, &orders);
        }
    }

    pub fn verify(&self) {
        let report = verify(self.relay().store()).unwrap();
        assert!(report.is_clean(), "{:#?}", report.differences().collect::<Vec<_>>());
        assert!(report.played.rows > 0 && report.compared > 0);
    }

    /// What headquarters says of each order.
    pub fn orders(&self) -> BTreeMap<PageId, OrderFacts> {
        let mut orders = BTreeMap::new();
        let read = self.relay().facts(|facts| {
            facts.each_order(|order| {
                orders.insert(order.page, order);
                Ok(())
            })
        });
        read.unwrap();
        orders
    }

    pub fn order(&self, order: PageId) -> OrderFacts {
        self.orders().remove(&order).expect("headquarters has the order")
    }

    /// What headquarters says of each filled form.
    pub fn records(&self) -> BTreeMap<PageId, RecordFacts> {
        let records = self.relay().facts(|facts| facts.records(None)).unwrap();
        records.into_iter().map(|record| (record.page, record)).collect()
    }

    pub fn own_time(&self, person: &UserId) -> OwnTime {
        self.relay().facts(|facts| facts.own_time(person)).unwrap()
    }

    /// Sequence and chain at the end of the log.
    pub fn log_head(&self) -> (u64, [u8; 32]) {
        self.relay().facts(|facts| Ok(facts.end)).unwrap()
    }

    fn agrees(&self, hand: &mut Hand, orders: &BTreeMap<PageId, OrderFacts>) {
        let state = hand.device().sync_state().unwrap();
        assert!(state.items.is_empty(), "{}: still on its way: {:?}", hand.id, state.items);
        assert!(state.damaged.is_empty());
        let items = hand.device().orders().unwrap();
        let own: Vec<(UserId, OwnTime)> = self
            .watched_by(&hand.user)
            .into_iter()
            .map(|user| (user.clone(), hand.device().own_time(&user).unwrap()))
            .collect();
        let held = held_in_a_scope(hand);
        for item in items.iter().filter(|item| held.contains(&item.facts.page)) {
            assert_eq!(item.facts, orders[&item.facts.page], "{} of {}", item.facts.number, hand.id);
            assert!(!item.provisional);
        }
        let listed: BTreeSet<PageId> = items.iter().map(|item| item.facts.page).collect();
        let missing: Vec<_> = orders.keys().filter(|order| held.contains(order) && !listed.contains(order)).collect();
        assert!(missing.is_empty(), "{} holds {missing:?} and lists none of them", hand.id);
        let records: BTreeMap<PageId, RecordFacts> = self.records();
        for facts in hand.device().filled_forms().unwrap() {
            assert_eq!(facts, records[&facts.page], "{} of {} on {}", facts.form, facts.person, hand.id);
        }
        for (user, own) in own {
            assert_eq!(own, self.own_time(&user), "the time of {user} on {}", hand.id);
        }
    }

    /// Whose time this person's phone holds whole.
    fn watched_by(&self, user: &UserId) -> Vec<UserId> {
        let me = self.relay().person(user).unwrap().unwrap();
        let people = self.relay().people().unwrap().into_iter();
        let watched = people.filter(|other| match me.role {
            Role::Lead => other.user == me.user || other.station == me.station,
            Role::Clerk | Role::Hq | Role::Auditor => true,
            Role::Engineer | Role::Cashier => other.user == me.user,
        });
        watched.map(|person| person.user).collect()
    }
}

/// Pages that the relay still sends this phone the news of.
fn held_in_a_scope(hand: &mut Hand) -> BTreeSet<PageId> {
    let database = hand.database();
    let mut query = database.prepare("select distinct page from scope_page").unwrap();
    let pages = query.query_map([], |row| row.get(0).map(PageId)).unwrap();
    pages.map(Result::unwrap).collect()
}
