//! One station's evening, given to one story: three engineers, their lead, and people who have no business there.
//!
//! Times are minutes (or minutes and seconds) after 19:00. All phones of the cast sync at 19:00 and again at 23:30, so
//! that a story begins with everybody knowing everything, and leaves nothing behind.

use super::acts::*;
use super::stage::Stage;
use crate::{
    Action, Line,
    action::{ServiceType, VisitResult},
    org::Customer,
};
use jiff::{SignedDuration, Timestamp, civil::Date};
use rand::{Rng, seq::IndexedRandom};

pub struct Scene<'s> {
    pub stage: &'s mut Stage,
    pub evening: Date,
    station: String,
    crew: [String; 3],
    stray: String,
}

/// The cast.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    A,
    B,
    C,
    /// An engineer of another station.
    Stray,
    Lead,
    OtherLead,
    Clerk,
    Hq,
}

/// Minutes after the beginning of the evening, or minutes and seconds.
pub trait When {
    fn seconds(self) -> i64;
}

impl When for i64 {
    fn seconds(self) -> i64 {
        self * 60
    }
}

impl When for (i64, i64) {
    fn seconds(self) -> i64 {
        self.0 * 60 + self.1
    }
}

const END: i64 = 270;

impl<'s> Scene<'s> {
    pub fn begin(stage: &'s mut Stage, station: &str, evening: Date) -> Self {
        let mut crew = stage.engineers_of(station);
        // The last of each station strays into the stories of others, and plays in none of his own.
        crew.pop();
        let first = stage.rng.random_range(0..crew.len());
        crew.rotate_left(first);
        let other = stage.org.stations.iter().find(|other| other.id != station).expect("there are two stations");
        let stray = stage.engineers_of(&other.id).pop().expect("every station has engineers");
        let crew = [crew[0].clone(), crew[1].clone(), crew[2].clone()];
        let mut scene = Self { stage, evening, station: station.to_owned(), crew, stray };
        scene.gather();
        scene
    }

    fn gather(&mut self) {
        for who in [Who::A, Who::B, Who::C, Who::Lead] {
            self.sync(0, who);
        }
    }

    /// Everybody has a network before he goes to bed.
    pub fn end(&mut self) {
        for who in [Who::A, Who::B, Who::C, Who::Lead] {
            self.sync(END, who);
        }
    }

    /// The story goes on a day later.
    pub fn next_evening(&mut self) {
        self.end();
        self.evening = self.evening.tomorrow().expect("a month has a next day");
        self.gather();
    }

    pub fn id(&self, who: Who) -> String {
        match who {
            Who::A => self.crew[0].clone(),
            Who::B => self.crew[1].clone(),
            Who::C => self.crew[2].clone(),
            Who::Stray => self.stray.clone(),
            Who::Lead => self.stage.lead_of(&self.station),
            Who::OtherLead => self.stage.other_lead(&self.station),
            Who::Clerk => "u-clerk".to_owned(),
            Who::Hq => "u-hq".to_owned(),
        }
    }

    pub fn at(&self, when: impl When) -> Timestamp {
        self.stage.at(self.evening, 19, 0, 0) + SignedDuration::from_secs(when.seconds())
    }

    pub fn console(&mut self, when: impl When, who: Who, action: Action) -> &mut Line {
        let (at, user) = (self.at(when), self.id(who));
        self.stage.diary.console(at, &user, action)
    }

    pub fn phone(&mut self, when: impl When, who: Who, action: Action) -> &mut Line {
        self.skewed(when, who, 0, action)
    }

    /// By his phone while its clock is off by so many seconds more than it was.
    pub fn skewed(&mut self, when: impl When, who: Who, seconds: i64, action: Action) -> &mut Line {
        let (at, user) = (self.at(when), self.id(who));
        let device = self.stage.diary.phone_of(&user, at);
        self.stage.diary.device(at, &device, action, seconds)
    }

    pub fn device(&mut self, when: impl When, device: &str, action: Action) -> &mut Line {
        let at = self.at(when);
        self.stage.diary.device(at, device, action, 0)
    }

    pub fn sync(&mut self, when: impl When, who: Who) {
        self.phone(when, who, Action::Sync);
    }

    pub fn customers(&self) -> Vec<Customer> {
        self.stage.org.customers.iter().filter(|customer| customer.station == self.station).cloned().collect()
    }

    pub fn customer(&mut self) -> Customer {
        self.customers().choose(&mut self.stage.rng).expect("every station has customers").clone()
    }

    /// A customer of another station.
    pub fn foreign_customer(&mut self) -> Customer {
        let foreign = |customer: &&Customer| customer.station != self.station;
        let all: Vec<Customer> = self.stage.org.customers.iter().filter(foreign).cloned().collect();
        all.choose(&mut self.stage.rng).expect("there are two stations").clone()
    }

    /// The opening of an order for this customer, under this number.
    pub fn opening(&mut self, order: &str, customer: &Customer, channel: &str) -> Action {
        let service_type = *[ServiceType::A, ServiceType::B, ServiceType::C, ServiceType::D]
            .choose_weighted(&mut self.stage.rng, |kind| if *kind == ServiceType::D { 1 } else { 4 })
            .expect("there are service types");
        self.stage.opening(order, customer, channel, service_type)
    }

    /// Opened by the clerk; nobody is sent yet.
    pub fn opened(&mut self, when: impl When) -> String {
        let at = self.at(when);
        let customer = self.customer();
        self.opened_at(at, &customer)
    }

    /// Opened by the clerk at any moment, evening or not.
    pub fn opened_at(&mut self, at: Timestamp, customer: &Customer) -> String {
        let order = self.stage.order_number(at, "");
        let opening = self.opening(&order, customer, "phone");
        self.stage.diary.console(at, "u-clerk", opening);
        order
    }

    pub fn assign(&mut self, when: impl When, order: &str, to: Who) {
        let action = assign(order, &self.id(to));
        self.console(when, Who::Lead, action);
    }

    pub fn assign_helper(&mut self, when: impl When, order: &str, to: Who) {
        let action = assign_helper(order, &self.id(to));
        self.console(when, Who::Lead, action);
    }

    /// An order opened at minute 1, assigned at 3, on his phone at 5.
    pub fn dispatched(&mut self, to: Who) -> String {
        let order = self.opened(1);
        self.assign(3, &order, to);
        self.sync(5, to);
        order
    }

    /// The same with somebody to help, who has it on his phone too.
    pub fn dispatched_with(&mut self, to: Who, helpers: &[Who]) -> String {
        let order = self.dispatched(to);
        for helper in helpers {
            self.assign_helper(6, &order, *helper);
            self.sync(8, *helper);
        }
        order
    }

    /// A visit of forty minutes: gone for twenty, then on site.
    pub fn visit(&mut self, from: i64, who: Who, order: &str, number: usize, result: VisitResult) -> String {
        let visit = visit(order, number);
        self.phone(from, who, depart(order, &visit));
        self.phone(from + 20, who, arrive(order, &visit));
        let second = self.stage.rng.random_range(0..60);
        self.phone((from + 60, second), who, leave(order, &visit, result));
        visit
    }

    pub fn chance(&mut self, probability: f64) -> bool {
        self.stage.rng.random_bool(probability)
    }
}
