//! What things cost, in statements and in steps of SQLite's machine: the same for ten pages and for ten thousand.

use crate::company::*;
use crate::scopes::register;
use outpost_model::wire::frame;
use outpost_server::store::Work;
use std::sync::atomic::Ordering;

fn spent(company: &Company, work: impl FnOnce()) -> Work {
    let before = company.relay.store().work();
    work();
    let after = company.relay.store().work();
    Work { statements: after.statements - before.statements, steps: after.steps - before.steps }
}

/// Orders for one engineer, opened by himself in pushes of a hundred.
fn fill(company: &Company, from: usize, to: usize) {
    let mut phone = company.phone("d-e1");
    phone.epoch = from as u32 + 10;
    for chunk in (from..to).collect::<Vec<_>>().chunks(100) {
        // As many steps as a device may send.
        company.clock.advance(1_000);
        for n in chunk {
            phone.ask(open(&format!("WO-{n}"), "c-1"));
        }
        let reply = company.relay.sync(&phone.device, phone.request()).unwrap();
        assert!(reply.verdicts.iter().all(|step| matches!(step.verdict, outpost_model::wire::Verdict::Admitted(_))));
        phone.cursor = Some(reply.cursor);
        phone.steps.clear();
    }
}

#[test]
fn an_idle_sync_costs_the_same_whatever_the_phone_holds() {
    let company = Company::new();
    let mut costs = Vec::new();
    let mut filled = 0;
    for pages in [10, 1_000, 10_000] {
        fill(&company, filled, pages);
        filled = pages;
        let mut phone = company.phone("d-e1");
        phone.sync();
        assert!(phone.scopes["user:u-e1"].len() >= pages);
        phone.sync();
        let request = phone.request();
        let mut bytes = 0;
        let work = spent(&company, || {
            let reply = company.relay.sync(&phone.device, request.clone()).unwrap();
            assert!(reply.items.is_empty() && !reply.more && reply.digests.len() == 3);
            bytes = frame(&request).len() + frame(&reply).len();
        });
        assert!(bytes < 400, "{bytes} bytes both ways");
        costs.push(work);
    }
    assert!(costs.iter().all(|cost| cost.statements == costs[0].statements), "{costs:?}");
    assert!(costs.iter().all(|cost| cost.steps == costs[0].steps), "{costs:?}");
    assert!(costs[0].statements <= 30, "{costs:?}");
}

#[test]
fn hot_pages_are_not_read_again_and_orders_are_folded_once_a_push() {
    let company = Company::new();
    company.ask("u-clerk", open("WO-1", "c-1"));
    company.ask("u-lead", assign("WO-1", "u-e1"));
    let mut phone = company.phone("d-e1");
    phone.sync();
    let counts = company.relay.counts();
    let (loads, folds) = (counts.page_loads.load(Ordering::Relaxed), counts.folds.load(Ordering::Relaxed));
    for push in 0..5 {
        for n in 0..20 {
            let body = outpost_model::entry::Body::Toolkit { missing: vec![format!("{push}.{n}")] };
            phone.log(&order("WO-1"), &[body]);
        }
        phone.sync_admitted();
    }
    assert_eq!(counts.page_loads.load(Ordering::Relaxed), loads, "the page stays in hand");
    assert_eq!(counts.folds.load(Ordering::Relaxed) - folds, 5, "once a push, not once a change");
    company.verify();
}

#[test]
fn what_a_pull_costs_follows_what_it_brings() {
    let company = Company::new();
    fill(&company, 0, 500);
    let mut other = company.phone("d-e3");
    other.sync();
    let quiet = spent(&company, || drop(other.sync()));
    fill(&company, 500, 600);
    company.ask("u-lead", assign("WO-3", "u-e3"));
    company.write("u-clerk", order("WO-3"), vec![register()]);
    let busy = spent(&company, || drop(other.sync()));
    assert!(other.has_order("WO-3"));
    assert!(busy.statements < quiet.statements + 20, "{quiet:?} {busy:?}");
}

#[test]
fn a_new_phone_gets_its_pages_many_at_a_time() {
    let company = Company::new();
    fill(&company, 0, 500);
    let mut phone = company.phone("d-e1");
    let whole = spent(&company, || drop(phone.sync()));
    assert!(phone.scopes["user:u-e1"].len() >= 500);
    let quiet = spent(&company, || drop(phone.sync()));
    println!("{whole:?} {quiet:?}");
    assert!(whole.statements < quiet.statements + 20, "{whole:?} {quiet:?}");
}

#[test]
fn a_push_asks_for_each_thing_once() {
    let company = Company::new();
    fill(&company, 0, 100);
    let mut phone = company.phone("d-e1");
    phone.sync();
    let mut push = || {
        for n in 0..100 {
            let body = outpost_model::entry::Body::FollowUp { note: "again".into() };
            phone.log(&order(&format!("WO-{n}")), &[body]);
        }
        spent(&company, || drop(phone.sync_admitted()))
    };
    push();
    let work = push();
    println!("{work:?}");
    // Before the lock one look at the page; then the page and its scopes, the log, the page's total, visits, and the
    // order's row with its three lists, marks on it among them.
    assert!(work.statements < 100 * 12 + 60, "{work:?}");
}
