//! Service levels: at the limit is in time, a second after is late; the customer's distance decides which limit.

use super::super::{
    acts::*,
    scene::{Scene, Who::*},
};
use super::{Story, story};
use jiff::SignedDuration;

pub const STORIES: [Story; 5] = [
    story("arrival_at_the_limit_first_band", |s| arrival_at_the_limit(s, 0)),
    story("arrival_at_the_limit_second_band", |s| arrival_at_the_limit(s, 1)),
    story("arrival_at_the_limit_third_band", |s| arrival_at_the_limit(s, 2)),
    story("arrival_at_the_limit_beyond", |s| arrival_at_the_limit(s, 3)),
    story("reply_at_the_limit", reply_at_the_limit),
];

/// One order reached at the limit, one a second later. The station's first four customers live at the bands' edges.
fn arrival_at_the_limit(s: &mut Scene, edge: usize) {
    let customer = s.customers()[edge].clone();
    let hours = s.stage.org.sla.arrival_hours(customer.distance_km);
    for late in [0, 1] {
        let minute = 60 + 60 * late;
        let opened = s.at(minute) - SignedDuration::from_hours(hours);
        let order = s.opened_at(opened, &customer);
        s.assign((2, late), &order, A);
        s.sync(4, A);
        let visit = visit(&order, 1);
        s.phone(minute - 20, A, depart(&order, &visit));
        s.phone((minute, late), A, arrive(&order, &visit));
        s.phone(minute + 30, A, fixed(&order, &visit));
    }
}

fn reply_at_the_limit(s: &mut Scene) {
    let customer = s.customer();
    let hours = s.stage.org.sla.reply_hours;
    for late in [0, 1] {
        let opened = s.at(30) - SignedDuration::from_hours(hours);
        let order = s.opened_at(opened, &customer);
        s.assign((2, late), &order, A);
        s.sync(4, A);
        s.phone((30, late), A, reached(&order));
    }
}
