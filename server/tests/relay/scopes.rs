//! Who sees what, and from when. The phones' own digests prove that each answer was complete; here stands what the
//! answers must hold.

use crate::company::*;
use outpost_model::command::{Ask, RevokeReason};
use outpost_model::entry::{Body, Channel, Reach};
use outpost_model::record::Role;
use outpost_model::wire::{Drill, DrillReply, Sum};

pub fn remark(text: &str) -> Body {
    Body::Set { field: "remark".into(), value: text.into() }
}

pub fn register() -> Body {
    Body::Register { channel: Channel::Phone, fault_code: "E1".into(), fault: "leaks".into() }
}

pub fn reached() -> Body {
    Body::Contact { outcome: Reach::Reached, note: String::new(), appointment: None }
}

#[test]
fn an_assigned_order_comes_whole_with_its_customer() {
    let company = Company::new();
    let mut phone = company.phone("d-e2");
    phone.sync();
    company.ask("u-clerk", open("WO-1", "c-1"));
    company.write("u-clerk", order("WO-1"), vec![register(), remark("gate 3")]);
    phone.sync();
    assert!(!phone.has_order("WO-1"), "nobody has told him yet");
    // He is of another station: the customer comes with the order, not with the site.
    company.ask("u-lead", assign("WO-1", "u-e2"));
    phone.sync();
    assert_eq!(phone.hashes(named("WO-1")).len(), 3);
    assert!(phone.scopes["user:u-e2"].contains(&customer_page("c-1").page()));
    assert!(!phone.scopes["site:st-2"].contains(&customer_page("c-1").page()));
    company.verify();
}

#[test]
fn what_was_taken_away_stays_until_the_order_is_closed() {
    let company = Company::new();
    let (mut first, mut second) = (company.phone("d-e1"), company.phone("d-e3"));
    company.ask("u-clerk", open("WO-1", "c-1"));
    company.ask("u-lead", assign("WO-1", "u-e1"));
    first.sync();
    first.log(&visit("WO-1", "v1"), &[Body::Depart {}]);
    first.sync_admitted();
    company.ask("u-lead", assign("WO-1", "u-e3"));
    second.sync();
    second.log(&visit("WO-1", "v2"), &[Body::Depart {}]);
    second.sync_admitted();
    first.sync();
    assert!(first.has_order("WO-1") && first.sees(visit("WO-1", "v2").page()), "still his to finish and to see");
    company.ask("u-clerk", close("WO-1"));
    first.sync();
    second.sync();
    assert!(!first.has_order("WO-1"), "closed, and no longer his");
    assert!(!first.sees(visit("WO-1", "v2").page()));
    assert!(first.sees(visit("WO-1", "v1").page()), "whoever wrote a page keeps it");
    assert!(second.has_order("WO-1"));
    company.ask("u-clerk", Ask::Reopen { order: named("WO-1"), reason: String::new() });
    first.sync();
    assert_eq!(first.hashes(named("WO-1")).len(), 5);
    assert!(first.sees(visit("WO-1", "v2").page()));
    company.verify();
}

#[test]
fn a_visit_joins_every_scope_that_holds_its_order() {
    let company = Company::new();
    let (mut lead, mut helper, mut worker) = (company.phone("d-lead"), company.phone("d-e3"), company.phone("d-e1"));
    company.ask("u-clerk", open("WO-1", "c-1"));
    company.ask("u-lead", assign("WO-1", "u-e1"));
    company.ask("u-lead", Ask::AddHelper { order: named("WO-1"), helper: user("u-e3") });
    worker.sync();
    worker.log(&visit("WO-1", "v1"), &[Body::Depart {}, Body::Arrive { place: None }]);
    worker.sync_admitted();
    for phone in [&mut lead, &mut helper] {
        phone.sync();
        assert_eq!(phone.hashes(visit("WO-1", "v1").page()).len(), 1, "{}", phone.device);
    }
    let mut stranger = company.phone("d-e5");
    stranger.sync();
    assert!(!stranger.sees(visit("WO-1", "v1").page()), "nobody gets a colleague's places");
    company.verify();
}

#[test]
fn own_time_is_ones_own_and_the_leads() {
    let company = Company::new();
    let mut worker = company.phone("d-e1");
    worker.sync();
    worker.log(&month("u-e1"), &[Body::ClockIn { place: None }]);
    worker.sync_admitted();
    let seen = |name: &str| {
        let mut phone = company.phone(name);
        phone.sync();
        phone.sees(month("u-e1").page())
    };
    assert_eq!(["d-e1", "d-lead", "d-hq", "d-e3", "d-lead2"].map(seen), [true, true, true, false, false]);
    // He moves to the other station: so does whoever may see his time.
    let mut old_lead = company.phone("d-lead");
    old_lead.sync();
    company.ask("u-hq", person("u-e1", Role::Engineer, Some("st-2")));
    assert_eq!(["d-e1", "d-lead", "d-lead2"].map(seen), [true, false, true]);
    old_lead.sync();
    assert!(!old_lead.sees(month("u-e1").page()), "withdrawn from a phone that had it");
    company.verify();
}

#[test]
fn a_new_role_brings_everything_that_was_there_before() {
    let company = Company::new();
    for name in ["WO-1", "WO-2", "WO-3"] {
        company.ask("u-clerk", open(name, "c-1"));
        company.write("u-clerk", order(name), vec![register()]);
    }
    let mut phone = company.phone("d-e3");
    phone.sync();
    assert!(!phone.has_order("WO-2"));
    company.ask("u-hq", person("u-e3", Role::Lead, Some("st-1")));
    phone.sync();
    assert!(["WO-1", "WO-2", "WO-3"].iter().all(|name| phone.has_order(name)));
    company.ask("u-hq", person("u-e3", Role::Engineer, Some("st-1")));
    phone.sync();
    assert!(!phone.has_order("WO-2"), "and takes it away again");
    company.verify();
}

#[test]
fn customers_and_units_follow_the_station_that_serves_them() {
    let company = Company::new();
    company.write("u-clerk", customer_page("c-1"), vec![Body::Set { field: "name".into(), value: "Plant".into() }]);
    let stands = |at: &str| vec![Body::Set { field: "customer".into(), value: at.into() }];
    company.write("u-clerk", asset_page("a-1"), stands("c-1"));
    let (mut here, mut there) = (company.phone("d-e1"), company.phone("d-e2"));
    let unit = asset_page("a-1").page();
    here.sync();
    there.sync();
    assert!(here.sees(unit) && !there.sees(unit));
    company.write("u-clerk", asset_page("a-1"), stands("c-2"));
    here.sync();
    there.sync();
    assert!(!here.sees(unit) && there.sees(unit), "the unit was sold on");
    company.ask("u-hq", place("c-2", "st-1"));
    here.sync();
    there.sync();
    assert!(here.sees(unit) && here.sees(customer_page("c-2").page()), "another station took over");
    assert!(!there.sees(unit) && !there.sees(customer_page("c-2").page()));
    company.verify();
}

#[test]
fn a_long_pull_comes_in_parts_and_misses_nothing() {
    let company = Company::new();
    let long = "x".repeat(1_500);
    for order_no in 0..8 {
        let name = format!("WO-{order_no}");
        company.ask("u-clerk", open(&name, "c-1"));
        for _ in 0..100 {
            company.write("u-clerk", order(&name), vec![Body::FollowUp { note: long.clone() }]);
        }
        if order_no % 2 == 0 {
            company.ask("u-lead", assign(&name, "u-e1"));
        }
    }
    let mut phone = company.phone("d-e1");
    let request = phone.request();
    let reply = company.relay.sync(&phone.device, request.clone()).unwrap();
    assert!(reply.more && reply.digests.is_empty());
    phone.take(&request, reply);
    phone.sync();
    assert_eq!(phone.hashes(named("WO-6")).len(), 102);
    let mut lead = company.phone("d-lead");
    lead.sync();
    assert_eq!(lead.hashes(named("WO-7")).len(), 101);
    company.verify();
}

#[test]
fn everybody_who_meanwhile_came_and_went_is_told_of_the_end_only() {
    let company = Company::new();
    let mut phone = company.phone("d-e1");
    company.ask("u-clerk", open("WO-1", "c-1"));
    company.ask("u-lead", assign("WO-1", "u-e1"));
    phone.sync();
    company.ask("u-lead", assign("WO-1", "u-e3"));
    company.ask("u-clerk", close("WO-1"));
    company.ask("u-clerk", Ask::Reopen { order: named("WO-1"), reason: String::new() });
    phone.sync();
    assert!(phone.has_order("WO-1"));
    company.ask("u-clerk", close("WO-1"));
    phone.sync();
    assert!(!phone.has_order("WO-1"));
    let sees_again = phone.received;
    phone.sync();
    assert_eq!(phone.received, sees_again, "nothing is said twice");
}

#[test]
fn an_authors_pages_are_counted_whatever_becomes_of_his_order() {
    let company = Company::new();
    let (mut author, mut heir) = (company.phone("d-e1"), company.phone("d-e3"));
    let scope = "user:u-e1".to_owned();
    for name in ["WO-1", "WO-2"] {
        company.ask("u-clerk", open(name, "c-1"));
        company.ask("u-lead", assign(name, "u-e1"));
    }
    author.sync();
    let pages = ["WO-1", "WO-2"].map(|name| visit(name, "v").page());
    for name in ["WO-1", "WO-2"] {
        author.log(&visit(name, "v"), &[Body::Depart {}]);
    }
    author.sync_admitted();
    // What is compared: at the end of each sync the phone adds up what its scopes hold, and finds the relay's sum.
    let mut meet = |what: &str| {
        author.sync();
        heir.sync();
        assert!(pages.iter().all(|page| author.scopes[&scope].contains(page)), "{what}");
        company.verify();
    };
    company.ask("u-lead", assign("WO-1", "u-e3"));
    company.ask("u-lead", assign("WO-2", "u-e3"));
    meet("transferred");
    company.ask("u-clerk", close("WO-1"));
    meet("closed");
    company.ask("u-lead", Ask::Cancel { order: named("WO-2"), reason: "called off".into() });
    meet("cancelled");
    company.ask("u-clerk", Ask::Reopen { order: named("WO-1"), reason: String::new() });
    meet("opened again");
    company.ask("u-clerk", close("WO-1"));
    company.ask("u-hq", place("c-1", "st-2"));
    meet("closed again, and the customer moved");
    company.ask("u-hq", person("u-e1", Role::Clerk, None));
    company.ask("u-hq", person("u-e1", Role::Engineer, Some("st-2")));
    meet("clerk for a while, then at another station");

    let gone = RevokeReason::Replaced;
    company.ask("u-hq", Ask::Revoke { device: device("d-e1"), reason: gone });
    company.ask("u-hq", Ask::Enrol { device: device("d-e1"), user: user("u-e1") });
    let mut fresh = company.phone("d-e1");
    fresh.sync();
    assert!(!fresh.has_order("WO-1") && pages.iter().all(|page| fresh.sees(*page)), "a new phone is given them");

    // Only the author's phone has this page by now: it is told which one it lost, and gets it.
    let lost = fresh.rows.remove(&pages[0]).unwrap();
    let bucket = vec![pages[0].0[15]];
    let Ok(DrillReply::Pages(told)) = company.relay.drill(&fresh.device, Drill::Pages(scope, bucket.into())) else {
        panic!("it holds the scope")
    };
    let sum = lost.keys().fold(Sum::default(), |sum, hash| sum.plus(Sum::of(hash)));
    assert!(told.contains(&(pages[0], sum)));
    let Ok(DrillReply::Rows(items)) = company.relay.drill(&fresh.device, Drill::Rows(vec![pages[0]])) else {
        panic!("it sees the page")
    };
    items.into_iter().for_each(|item| fresh.take_item(item));
    assert_eq!(fresh.rows[&pages[0]], lost);
}
