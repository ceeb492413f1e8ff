//! Many at once: one gapless chained sequence, transactions shared, nothing seen before it is durable.

use crate::company::*;
use crate::scopes::register;
use outpost_model::entry::Body;
use outpost_server::relay::{Relay, rebuild};
use outpost_server::store::{Store, StoreError, all, change};
use rusqlite::params;
use std::sync::{Arc, Barrier};

#[test]
fn eight_writers_leave_one_gapless_chain() {
    let company = Company::new();
    let before = company.relay.facts(|facts| Ok(facts.end.0)).unwrap();
    std::thread::scope(|scope| {
        for writer in 0..8 {
            let company = &company;
            scope.spawn(move || {
                for n in 0..10 {
                    let name = format!("WO-{writer}-{n}");
                    company.ask("u-clerk", open(&name, "c-1"));
                    company.write("u-clerk", order(&name), vec![register()]);
                    company.ask("u-lead", assign(&name, if n % 2 == 0 { "u-e1" } else { "u-e3" }));
                }
            });
        }
        let mut phone = company.phone("d-e1");
        for _ in 0..20 {
            phone.sync();
        }
    });
    let after = company.relay.facts(|facts| Ok(facts.end.0)).unwrap();
    assert_eq!(after - before, 8 * 10 * 3);
    let mut phone = company.phone("d-e1");
    phone.sync();
    assert_eq!((0..8).filter(|writer| phone.has_order(&format!("WO-{writer}-4"))).count(), 8);
    company.verify();
}

#[test]
fn jobs_that_wait_together_share_a_transaction_and_fail_alone() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let gate = Arc::new(Barrier::new(2));
    let blocked = {
        let (store, gate) = (store.clone(), gate.clone());
        std::thread::spawn(move || {
            store
                .write(move |_| {
                    gate.wait();
                    Ok(())
                })
                .unwrap()
        })
    };
    let note = |store: Arc<Store>, n: i64| {
        std::thread::spawn(move || {
            store.write(move |tx| {
                let sql = "insert into series (tenant, series, next) values ('t', $1, $2)";
                change(tx, sql, params![format!("s{n}"), n])?;
                if n % 5 == 0 { Err(StoreError::damaged("on purpose")) } else { Ok(n) }
            })
        })
    };
    let before = store.commits();
    let jobs: Vec<_> = (0..20).map(|n| note(store.clone(), n)).collect();
    std::thread::sleep(std::time::Duration::from_millis(500));
    gate.wait();
    blocked.join().unwrap();
    let failed = jobs.into_iter().filter_map(|job| job.join().unwrap().err()).count();
    assert_eq!(failed, 4);
    let commits = store.commits() - before;
    assert!(commits < 6, "21 jobs in {commits} transactions");
    let kept: Vec<i64> =
        store.read(|db| all(db, "select next from series order by next", [], |row| row.get(0))).unwrap();
    assert_eq!(kept.len(), 16);
    assert!(kept.iter().all(|n| n % 5 != 0));
}

#[test]
fn a_job_that_panics_harms_nobody_else() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let broken = store.write(|tx| -> Result<(), StoreError> {
        change(tx, "insert into series (tenant, series, next) values ('t', 's', 1)", [])?;
        panic!("on purpose")
    });
    assert!(broken.is_err());
    let left: Vec<i64> = store.read(|db| all(db, "select next from series", [], |row| row.get(0))).unwrap();
    assert!(left.is_empty());
    store.write(|_| Ok(())).unwrap();
}

#[test]
fn what_was_answered_is_there_after_opening_again() {
    let folder = tempfile::tempdir().unwrap();
    let company = Company::on(Store::open(folder.path()).unwrap());
    let mut phone = company.phone("d-e1");
    phone.ask(open("WO-1", "c-1"));
    phone.log(&visit("WO-1", "v1"), &[Body::Depart {}]);
    phone.sync_admitted();
    let end = company.relay.facts(|facts| Ok(facts.end)).unwrap();
    drop((phone, company));
    let clock = Arc::new(outpost_server::clock::VirtualClock::at(start()));
    let relay = Relay::open(Store::open(folder.path()).unwrap(), clock.clone(), [7; 32]).unwrap();
    assert_eq!(relay.facts(|facts| Ok(facts.end)).unwrap(), end);
    let mut phone = crate::phone::Phone::new(relay.clone(), clock, device("d-e1"), user("u-e1"));
    phone.sync();
    assert!(phone.has_order("WO-1"));
}

#[test]
fn the_books_can_be_made_again_and_damage_is_found() {
    let company = Company::new();
    company.ask("u-clerk", open("WO-1", "c-1"));
    company.write("u-clerk", order("WO-1"), vec![register()]);
    company.ask("u-lead", assign("WO-1", "u-e1"));
    company.verify();
    let store = company.relay.store();
    let spoil = |sql: &'static str| store.write(move |tx| change(tx, sql, [])).unwrap();
    spoil("update order_row set state = 'closed'");
    spoil("delete from scope_page where scope = 'user:u-e1'");
    let report = outpost_server::verify::verify(store).unwrap();
    assert!(report.played.differences.iter().any(|what| what.starts_with("order_row")));
    assert!(report.played.differences.iter().any(|what| what.starts_with("scope_page")));
    assert_eq!(rebuild(store).unwrap().differences, Vec::<String>::new());
    company.verify();
    spoil("update log set received = received + 1 where seq = 5");
    let report = outpost_server::verify::verify(store).unwrap();
    assert!(report.played.differences.iter().any(|what| what.contains("row 5 doesn't follow from the chain")));
}
