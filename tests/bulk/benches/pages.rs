//! What the console's pages cost over many orders, beside the bare query for the same rows and filter: read the ratios.
//! `cargo bench -p outpost-bulk --bench pages` (ORDERS=100000 unless it says otherwise, 200 engineers; FOLDER keeps the
//! company for the next run).

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use divan::Bencher;
use outpost_bulk::{CLERK, HQ, LEAD, Size, fill, now, tenant, user};
use outpost_server::auth::password;
use outpost_server::clock::VirtualClock;
use outpost_server::config::DataFolder;
use outpost_server::console;
use outpost_server::http::{Gateway, Settings};
use outpost_server::relay::Relay;
use outpost_server::store::{Store, all, one};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use tokio::runtime::Runtime;
use tower::ServiceExt;

fn main() {
    divan::main();
}

const PASSWORD: &str = "correct horse battery";

struct House {
    runtime: Runtime,
    app: Router,
    relay: Arc<Relay>,
    hq: String,
    lead: String,
    clerk: String,
    _folder: tempfile::TempDir,
}

fn house() -> &'static House {
    static HOUSE: OnceLock<House> = OnceLock::new();
    HOUSE.get_or_init(|| {
        let orders = std::env::var("ORDERS").ok().and_then(|text| text.parse().ok()).unwrap_or(100_000);
        let folder = tempfile::tempdir().expect("a folder");
        let path = std::env::var("FOLDER").map_or_else(|_| folder.path().to_owned(), PathBuf::from);
        if !path.join("outpost.db").exists() {
            fill(&path, Size::of(orders));
        }
        open(&path, folder)
    })
}

fn open(path: &Path, folder: tempfile::TempDir) -> House {
    let data = DataFolder::prepare(path).expect("a data folder");
    let key = data.row_key([7; 32]).expect("a key");
    let relay = Relay::open(Store::open(path).expect("a store"), Arc::new(VirtualClock::at(now())), key);
    let relay = relay.expect("a relay");
    let phc = password::hash(PASSWORD, [1; 16]).expect("a hash");
    for name in [HQ, LEAD, CLERK] {
        let phc = phc.clone();
        relay.store().write(move |tx| password::keep(tx, &tenant(), &user(name), &phc, now())).expect("a password");
    }
    let gateway = Gateway::open(relay.clone(), Settings::new(data)).expect("a gateway");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let app = console::app(gateway);
    let sign_in = |name: &str| {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs([("user", name), ("password", PASSWORD), ("to", "/")]);
        let request = Request::post("/sign-in").header("content-type", "application/x-www-form-urlencoded");
        let request = request.body(Body::from(form.finish())).expect("a request");
        let answer = runtime.block_on(app.clone().oneshot(request)).expect("an answer");
        let cookie = answer.headers().get("set-cookie").and_then(|value| value.to_str().ok()).unwrap_or_default();
        cookie.split(';').next().unwrap_or_default().to_owned()
    };
    let (hq, lead, clerk) = (sign_in(HQ), sign_in(LEAD), sign_in(CLERK));
    House { app, relay, hq, lead, clerk, runtime, _folder: folder }
}

impl House {
    fn get(&self, cookie: &str, path: &str) -> usize {
        let request = Request::get(path).header("cookie", cookie).body(Body::empty()).expect("a request");
        self.runtime.block_on(async {
            let answer = self.app.clone().oneshot(request).await.expect("an answer");
            assert_eq!(answer.status().as_u16(), 200, "{path}");
            to_bytes(answer.into_body(), 1 << 24).await.expect("a page").len()
        })
    }

    /// Reads so many rows, whole.
    fn bare(&self, sql: &str) -> usize {
        let read = |db: &_| all(db, sql, [], |row| row.get::<_, String>(0).map(|text| text.len()));
        self.relay.store().read(read).expect("rows").iter().sum()
    }

    fn text(&self, sql: &str) -> String {
        self.relay.store().read(|db| one(db, sql, [], |row| row.get(0))).expect("a row")
    }
}

fn page(bencher: Bencher, cookie: fn(&House) -> &str, path: &str) {
    let house = house();
    house.get(cookie(house), path);
    bencher.bench_local(|| house.get(cookie(house), path));
}

fn bare(bencher: Bencher, sql: &str) {
    let house = house();
    bencher.bench_local(|| house.bare(sql));
}

const OPEN: &str =
    "select facts from order_row where tenant = 'bulk' and is_open = 1 order by urgent_at, page limit 31";
const OPEN_HERE: &str = "select facts from order_row where tenant = 'bulk' and station = 'st-0' and is_open = 1 \
                         order by urgent_at, page limit 31";

#[divan::bench]
fn a1_orders_bare(bencher: Bencher) {
    bare(bencher, OPEN);
}
#[divan::bench]
fn a2_orders(bencher: Bencher) {
    page(bencher, |house| &house.clerk, "/orders");
}
#[divan::bench]
fn a3_orders_all_newest(bencher: Bencher) {
    page(bencher, |house| &house.hq, "/orders?state=all");
}
#[divan::bench]
fn b1_orders_of_a_station_bare(bencher: Bencher) {
    bare(bencher, OPEN_HERE);
}
#[divan::bench]
fn b2_orders_of_a_station(bencher: Bencher) {
    page(bencher, |house| &house.lead, "/orders");
}
#[divan::bench]
fn c1_search_bare(bencher: Bencher) {
    let sql = "select facts from order_row where tenant = 'bulk' and number >= 'WO-00123' and number < 'WO-00124' \
               order by opened_at desc limit 31";
    bare(bencher, sql);
}
#[divan::bench]
fn c2_search(bencher: Bencher) {
    page(bencher, |house| &house.clerk, "/orders?q=WO-00123");
}
#[divan::bench]
fn d1_today_bare(bencher: Bencher) {
    bare(bencher, OPEN);
}
#[divan::bench]
fn d2_today(bencher: Bencher) {
    page(bencher, |house| &house.hq, "/today");
}
#[divan::bench]
fn d3_today_of_a_lead(bencher: Bencher) {
    page(bencher, |house| &house.lead, "/today");
}
#[divan::bench]
fn e1_story_bare(bencher: Bencher) {
    let sql = "select hex(l.payload) from log l where tenant = 'bulk' and page in (select page from visit \
               where tenant = 'bulk' and service_call = (select page from order_row where tenant = 'bulk' \
               and number = 'WO-0000123') union select page from order_row where tenant = 'bulk' and number = 'WO-0000123')";
    bare(bencher, sql);
}
#[divan::bench]
fn e2_story(bencher: Bencher) {
    let id = house().text("select lower(hex(page)) from order_row where number = 'WO-0000123'");
    let parts = [&id[..8], &id[8..12], &id[12..16], &id[16..20], &id[20..]];
    page(bencher, |house| &house.hq, &format!("/orders/{}", parts.join("-")));
}
#[divan::bench]
fn f1_exports_bare(bencher: Bencher) {
    let sql = "select cast(count(*) as text) from order_row where tenant = 'bulk' and first_at >= 1790000000000";
    bare(bencher, sql);
}
#[divan::bench]
fn f2_exports(bencher: Bencher) {
    page(bencher, |house| &house.hq, "/exports");
}
