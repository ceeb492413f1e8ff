//! What the relay's doings cost, beside what the disk alone would: read the ratios, not the times.

#[path = "../tests/relay/company.rs"]
#[allow(dead_code)]
mod company;
#[path = "../tests/relay/phone.rs"]
#[allow(dead_code)]
mod phone;

use company::{Company, assign, named, open, order, visit};
use divan::Bencher;
use divan::counter::ItemsCount;
use outpost_model::entry::{Body, VisitResult};
use outpost_model::table::Table;
use outpost_model::wire::{StepVerdict, Verdict};
use outpost_server::export;
use outpost_server::relay::Relay;
use outpost_server::store::{Store, change};
use phone::Phone;
use rusqlite::params;

fn main() {
    divan::main();
}

/// A company in which u-e1 has so many orders, one change on each.
fn busy(orders: usize) -> (Company, Phone) {
    let company = Company::new();
    let mut phone = company.phone("d-e1");
    for chunk in (0..orders).collect::<Vec<_>>().chunks(50) {
        for n in chunk {
            let name = format!("WO-{n}");
            phone.ask(open(&name, "c-1"));
            phone.log(&visit(&name, "v"), &[Body::Depart {}]);
        }
        phone.sync_admitted();
    }
    (company, phone)
}

/// The bound of everything that is answered only once it is durable.
#[divan::bench]
fn one_commit(bencher: Bencher) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    bencher.bench_local(|| {
        store.write(|tx| {
            let sql = "insert into series (tenant, series, next) values ('t', 's', 1) \
                       on conflict (tenant, series) do update set next = series.next + 1";
            change(tx, sql, [])
        })
    });
}

/// The bound of a push: the same bytes into one table.
#[divan::bench]
fn bare_insert_of_100_rows(bencher: Bencher) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let mut next = 0;
    bencher.counter(ItemsCount::new(100_u32)).bench_local(|| {
        next += 100;
        let from = next;
        store.write(move |tx| {
            for n in from..from + 100 {
                let sql = "insert into refused (tenant, device, hash, code, detail, raw, received) \
                           values ('t', 'd', $1, '', '', $2, 0)";
                change(tx, sql, params![i64::from(n).to_be_bytes(), [7_u8; 240]])?;
            }
            Ok(())
        })
    });
}

/// Each time in a company of its own, so that pages don't grow and nobody is put off for sending too much.
#[divan::bench(args = [1, 10, 100], sample_count = 30)]
fn push_of_100_changes_on_so_many_pages(bencher: Bencher, pages: usize) {
    bencher
        .counter(ItemsCount::new(100_u32))
        .with_inputs(|| {
            let (company, mut phone) = busy(100);
            for n in 0..100 {
                let name = format!("WO-{}", n % pages);
                phone.log(&visit(&name, "v"), &[Body::Leave { result: VisitResult::Fixed }]);
            }
            (company, phone.request())
        })
        .bench_local_values(|(company, request)| {
            let reply = company.relay.sync(&company::device("d-e1"), request).unwrap();
            let is_admitted = |said: &StepVerdict| matches!(said.verdict, Verdict::Admitted(_));
            assert!(reply.verdicts.iter().all(is_admitted), "a push that isn't taken costs nothing");
            company
        });
}

#[divan::bench(args = [10, 1_000])]
fn idle_sync_with_so_many_orders(bencher: Bencher, orders: usize) {
    let (company, mut phone) = busy(orders);
    phone.sync();
    let request = phone.request();
    bencher.bench_local(|| company.relay.sync(&phone.device, request.clone()).unwrap());
}

#[divan::bench]
fn pull_of_1_000_rows(bencher: Bencher) {
    let (company, _) = busy(500);
    let phone = company.phone("d-e1");
    let request = phone.request();
    bencher.counter(ItemsCount::new(1_000_u32)).bench_local(|| {
        let mut request = request.clone();
        loop {
            let reply = company.relay.sync(&phone.device, request.clone()).unwrap();
            if !reply.more {
                return reply.digests.len();
            }
            request.cursor = Some(reply.cursor);
        }
    });
}

/// A decision on an order of ten visits: judged, logged, folded, written down.
#[divan::bench]
fn projection_of_an_order_of_10_visits(bencher: Bencher) {
    let company = Company::new();
    company.ask("u-clerk", open("WO-1", "c-1"));
    company.ask("u-lead", assign("WO-1", "u-e1"));
    let mut phone = company.phone("d-e1");
    phone.sync();
    for n in 0..10 {
        let header = visit("WO-1", &format!("{n}"));
        phone.log(&header, &[Body::Depart {}, Body::Arrive { place: None }]);
        phone.log(&header, &[Body::Leave { result: VisitResult::FollowUp }]);
    }
    phone.log(&order("WO-1"), &[Body::FollowUp { note: "three weeks".into() }]);
    phone.sync_admitted();
    assert!(phone.sees(named("WO-1")));
    let mut there = false;
    bencher.bench_local(|| {
        there = !there;
        company.ask("u-lead", assign("WO-1", if there { "u-e3" } else { "u-e1" }))
    });
}

#[divan::bench]
fn cold_start_with_1_000_orders(bencher: Bencher) {
    let (company, _) = busy(1_000);
    let clock = company.clock.clone();
    bencher.bench_local(|| Relay::open(company.relay.store().clone(), clock.clone(), [7; 32]).unwrap());
}

/// The bound of an export: the same rows read, and nothing made of them.
#[divan::bench]
fn bare_read_of_1_000_orders(bencher: Bencher) {
    let (company, _) = busy(1_000);
    bencher.counter(ItemsCount::new(1_000_u32)).bench_local(|| {
        company.relay.store().read(|db| {
            outpost_server::store::all(db, "select number, facts from order_row order by number", [], |row| {
                Ok(row.get::<_, String>(1)?.len())
            })
        })
    });
}

#[divan::bench]
fn export_of_1_000_orders(bencher: Bencher) {
    let (company, _) = busy(1_000);
    bencher.counter(ItemsCount::new(1_000_u32)).bench_local(|| {
        let mut csv = Vec::new();
        export::write(&company.relay, Table::Orders, None, export::Format::Csv, &mut csv).unwrap();
        csv
    });
}
