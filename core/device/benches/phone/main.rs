//! What a phone's work costs, each group beside its bound, which is measured in the same run on the same disk: a durable
//! insert for what must be on disk, the same rows read and left alone for what only reads.
//!
//! ```text
//! cargo bench -p outpost-device
//! ```
//!
//! A ratio is a line of a group over its line `bare_…`.

mod server;

fn main() {
    divan::main();
}

/// Small rows, durable: what captures and syncs are measured against.
mod bare {
    use rusqlite::Connection;
    use tempfile::TempDir;

    pub fn disk() -> (TempDir, Connection) {
        let folder = tempfile::tempdir().unwrap();
        let db = Connection::open(folder.path().join("bare.db")).unwrap();
        db.pragma_update(None, "journal_mode", "wal").unwrap();
        db.pragma_update(None, "synchronous", "full").unwrap();
        db.execute_batch("create table row (no integer primary key, content blob)").unwrap();
        (folder, db)
    }

    pub fn insert(db: &Connection) {
        db.execute("insert into row (content) values (zeroblob(300))", []).unwrap();
    }

    /// Every list row, read and left alone.
    pub fn read(db: &Connection) -> usize {
        let mut query = db.prepare_cached("select facts from order_row").unwrap();
        query.query_map([], |row| row.get::<_, String>(0)).unwrap().map(|text| text.unwrap().len()).sum()
    }
}

/// One act, on disk before it returns.
#[divan::bench_group]
mod capture {
    use super::{bare, server};
    use divan::Bencher;
    use outpost_device::act::Act;
    use outpost_model::entry::Body;

    #[divan::bench]
    fn bare_durable_insert(bencher: Bencher) {
        let (_folder, db) = bare::disk();
        bencher.bench_local(|| bare::insert(&db));
    }

    /// One entry on a page that is open.
    #[divan::bench]
    fn on_an_open_page(bencher: Bencher) {
        let folder = tempfile::tempdir().unwrap();
        let mut device = server::open(&folder);
        let mut n = 0;
        bencher.bench_local(|| {
            n += 1;
            // A page of a few dozen entries, as orders are.
            let page = server::header(n / 40);
            device.capture(Act::logging(page, Body::FollowUp { note: "回访：运转正常".into() })).unwrap()
        });
    }

    /// A call registered on site: command, register line and two fields.
    #[divan::bench]
    fn of_a_new_order(bencher: Bencher) {
        let folder = tempfile::tempdir().unwrap();
        let mut device = server::open(&folder);
        let mut n = 0;
        bencher.bench_local(|| {
            n += 1;
            device.capture(server::act(n)).unwrap()
        });
    }
}

/// From the start of the app to the list on the screen, with so many orders on disk.
#[divan::bench_group]
mod cold_start {
    use super::{bare, server};
    use divan::Bencher;

    #[divan::bench(args = [1_000])]
    fn bare_open_and_read(bencher: Bencher, orders: usize) {
        let (folder, device) = server::held(orders);
        drop(device);
        let path = folder.path().join("outpost.db");
        bencher.bench_local(|| bare::read(&rusqlite::Connection::open(&path).unwrap()));
    }

    #[divan::bench(args = [1_000])]
    fn open_and_list(bencher: Bencher, orders: usize) {
        let (folder, device) = server::held(orders);
        drop(device);
        bencher.bench_local(|| {
            let device = server::open(&folder);
            assert_eq!(device.orders().unwrap().len(), orders);
            assert_eq!(device.page_parses(), 0);
        });
    }
}

/// The list of an app that runs.
#[divan::bench_group]
mod list {
    use super::{bare, server};
    use divan::Bencher;

    #[divan::bench(args = [1_000])]
    fn bare_read(bencher: Bencher, orders: usize) {
        let (folder, device) = server::held(orders);
        drop(device);
        let db = rusqlite::Connection::open(folder.path().join("outpost.db")).unwrap();
        bencher.bench_local(|| bare::read(&db));
    }

    #[divan::bench(args = [1_000])]
    fn orders(bencher: Bencher, orders: usize) {
        let (_folder, device) = server::held(orders);
        bencher.bench_local(|| device.orders().unwrap().len());
    }
}

/// A sync but for the network.
#[divan::bench_group]
mod sync {
    use super::{bare, server};
    use divan::Bencher;

    /// An idle one is two transactions: the send counter before the bytes leave, and what the answer brought.
    #[divan::bench]
    fn bare_two_durable_inserts(bencher: Bencher) {
        let (_folder, db) = bare::disk();
        bencher.bench_local(|| {
            bare::insert(&db);
            bare::insert(&db);
        });
    }

    /// By the number of pages held.
    #[divan::bench(args = [10, 1_000])]
    fn idle(bencher: Bencher, orders: usize) {
        let mut server = server::server(orders);
        let folder = tempfile::tempdir().unwrap();
        let mut device = server::open(&folder);
        device.sync(&mut server).unwrap();
        bencher.bench_local(|| device.sync(&mut server).unwrap().tally.requests);
    }

    /// A new phone reads a thousand orders, and folds each.
    #[divan::bench(sample_count = 3, sample_size = 1)]
    fn of_a_new_phone(bencher: Bencher) {
        let mut server = server::server(1_000);
        bencher.bench_local(|| {
            let folder = tempfile::tempdir().unwrap();
            let mut device = server::open(&folder);
            assert!(device.sync(&mut server).unwrap().is_settled());
            assert_eq!(device.orders().unwrap().len(), 1_000);
        });
    }
}
