//! Stores, frames and exports of the first release. They were made once, by that release, and are never made again:
//! whatever comes later must open them, find them sound, sync with them and export from them what they exported then.

use outpost_cli::replay::Stage;
use outpost_device::act::Act;
use outpost_device::device::Device;
use outpost_device::host::files::{FileKeystore, FileOutside};
use outpost_device::host::{Clock as PhoneClock, Host, Randomness};
use outpost_device::report::Fault;
use outpost_device::session::frame::{Answer, Call};
use outpost_device::sync::Transport;
use outpost_device::transport::http::HttpTransport;
use outpost_model::command::Ask;
use outpost_model::entry::{Body, Value as Cell, VisitResult};
use outpost_model::fold;
use outpost_model::id::{Hash, TenantId};
use outpost_model::table::Table;
use outpost_model::time::{Day, Millis, Month};
use outpost_model::wire::{Drill, DrillReply, SyncReply, SyncRequest, frame, parse_frame};
use outpost_server::config::DataFolder;
use outpost_server::export::{self, Format};
use outpost_server::life::rescue;
use outpost_server::relay::Relay;
use outpost_server::verify::verify;
use outpost_tests::company::call::{arrive, leave, part, set};
use outpost_tests::company::{Company, Hand, Network, tenant};
use rusqlite::Connection;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

const PHONES: [&str; 3] = ["d-wang", "d-li", "d-zhou"];

fn put_down() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/first-release")
}

fn pack(from: &Path, to: &Path) {
    let mut tar = tar::Builder::new(zstd::Encoder::new(File::create_new(to).unwrap(), 19).unwrap());
    tar.append_dir_all(".", from).unwrap();
    tar.into_inner().unwrap().finish().unwrap();
}

fn unpack(name: &str, to: &Path) {
    let file = File::open(put_down().join(name)).unwrap();
    tar::Archive::new(zstd::Decoder::new(file).unwrap()).unpack(to).unwrap();
}

/// What a table says, line by line.
fn exported(relay: &Relay, table: Table) -> Vec<Value> {
    let mut out = Vec::new();
    let month = Some(Month::parse("2026-10").unwrap());
    export::write(relay, table, month, Format::Jsonl, &mut out).unwrap();
    String::from_utf8(out).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn said() -> Value {
    serde_json::from_slice(&fs::read(put_down().join("expected.json")).unwrap()).unwrap()
}

/// Columns may be added; what was there says what it said.
fn says_the_same(then: &Value, now: &[Value], table: &str) {
    let then = then.as_array().unwrap();
    assert_eq!(then.len(), now.len(), "rows of {table}");
    for (then, now) in then.iter().zip(now) {
        for (column, value) in then.as_object().unwrap() {
            assert_eq!(&now[column], value, "{table}: {column}");
        }
    }
}

struct Stopped(Millis);

impl PhoneClock for Stopped {
    fn now(&self) -> Millis {
        self.0
    }
    fn zone_minutes(&self) -> i16 {
        480
    }
}

struct Any;

impl Randomness for Any {
    fn fill(&mut self, bytes: &mut [u8]) {
        rand::fill(bytes);
    }
}

fn phone(folder: &Path, now: Millis) -> Device {
    let outside = folder.join("outside");
    let host = Host {
        clock: Box::new(Stopped(now)),
        randomness: Box::new(Any),
        keystore: Box::new(FileKeystore::open(&outside.join("key"), &mut Any).unwrap()),
        outside: Box::new(FileOutside::new(outside.join("sends"))),
        app: "later".into(),
    };
    Device::open(folder.join("store"), host).unwrap()
}

#[test]
fn the_first_releases_company_opens_is_sound_says_what_it_said_and_goes_on() {
    let expected = said();
    let now = Millis(expected["now"].as_i64().unwrap());
    let dir = tempfile::tempdir().unwrap();
    unpack("relay.tar.zst", &dir.path().join("relay"));
    unpack("phones.tar.zst", &dir.path().join("phones"));
    let stage = Stage::reopen(&dir.path().join("relay"), tenant(), now).unwrap();
    let relay = &stage.relay;
    let sound = |relay: &Relay| {
        let report = verify(relay.store()).unwrap();
        assert!(report.is_clean(), "{:#?}", report.differences().collect::<Vec<_>>());
        report.played.rows
    };
    assert_eq!(sound(relay), expected["rows"].as_u64().unwrap());
    for (table, then) in expected["tables"].as_object().unwrap() {
        says_the_same(then, &exported(relay, Table::parse(table).unwrap()), table);
    }

    let mut admitted = 0;
    for id in PHONES {
        let mut device = phone(&dir.path().join("phones").join(id), now);
        let then = &expected["phones"][id];
        let orders: Vec<String> = device.orders().unwrap().into_iter().map(|item| item.facts.number).collect();
        assert_eq!(json!(orders), then["orders"], "{id}");
        let refused: Vec<String> = device.quarantine().unwrap().into_iter().map(|held| held.reason.code).collect();
        assert_eq!(json!(refused), then["refused"], "{id}");
        let report = device.sync(&mut HttpTransport::new(&stage.address).unwrap()).unwrap();
        assert!(report.is_settled() && report.disagreeing.is_empty(), "{id}: {report:?}");
        admitted += report.tally.admitted;
        assert!(device.sync_state().unwrap().items.is_empty(), "{id}: nothing waits any more");
    }
    assert_eq!(u64::from(admitted), expected["waiting"].as_u64().unwrap());
    assert!(sound(relay) > expected["rows"].as_u64().unwrap());
}

/// The store of that release, opened by this one and closed again.
fn opened_store(dir: &Path) -> Connection {
    unpack("relay.tar.zst", dir);
    let now = Millis(said()["now"].as_i64().unwrap());
    drop(Stage::reopen(dir, tenant(), now).unwrap());
    Connection::open(dir.join("outpost.db")).unwrap()
}

#[test]
fn what_an_earlier_program_worked_out_is_worked_out_anew_when_a_relay_opens_the_store() {
    let dir = tempfile::tempdir().unwrap();
    let now = Millis(said()["now"].as_i64().unwrap());
    let db = opened_store(dir.path());
    let is_sound = || {
        let stage = Stage::reopen(dir.path(), tenant(), now).unwrap();
        verify(stage.relay.store()).unwrap().is_clean()
    };
    assert_eq!(db.query_row("select books from tenant", [], |row| row.get::<_, u32>(0)).unwrap(), fold::VERSION);
    // As a program left it whose fold knew less: facts without what came since, and a row that it didn't write.
    let tampered =
        "update order_row set facts = json_remove(facts, '$.toolkit'), state = 'open'; delete from work_line;";
    db.execute_batch(&format!("{tampered} update tenant set books = {}", fold::VERSION - 1)).unwrap();
    assert!(is_sound());
    // Of the same version nothing is worked out again, and `verify` is who finds it.
    db.execute_batch(tampered).unwrap();
    assert!(!is_sound());
}

/// What the fold says of that release's rows. Where it comes to say something else, its version is raised, so that
/// relays and phones have it said anew; then `OUTPOST_BLESS=1` notes what it says under that version.
#[test]
fn what_the_fold_says_of_old_rows_changes_with_its_version_alone() {
    let dir = tempfile::tempdir().unwrap();
    let db = opened_store(dir.path());
    let mut words = String::new();
    for table in ["order_row", "record"] {
        let mut query = db.prepare(&format!("select facts from {table} order by page")).unwrap();
        let facts = query.query_map([], |row| row.get::<_, String>(0)).unwrap();
        facts.for_each(|facts| words += &format!("{table} {}\n", facts.unwrap()));
    }
    let says = json!({ "version": fold::VERSION, "says": Hash::of(words.as_bytes()).to_string() });
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/fold.json");
    let noted: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    if std::env::var_os("OUTPOST_BLESS").is_some() && noted["version"] != says["version"] {
        fs::write(&file, serde_json::to_string_pretty(&says).unwrap() + "\n").unwrap();
        return;
    }
    assert_eq!(noted, says, "raise fold::VERSION (core/model/src/fold.rs), then run this with OUTPOST_BLESS=1");
}

#[test]
fn the_first_releases_frames_are_read_and_spelled_as_then() {
    let frames: Vec<Value> = serde_json::from_slice(&fs::read(put_down().join("frames.json")).unwrap()).unwrap();
    assert!(frames.len() > 12);
    for kept in frames {
        let (what, hex) = (kept["what"].as_str().unwrap(), kept["cbor"].as_str().unwrap());
        let bytes: Vec<u8> =
            (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect();
        let again = match what.split(':').next().unwrap() {
            "request" => frame(&parse_frame::<SyncRequest>(&bytes).unwrap()),
            "reply" => frame(&parse_frame::<SyncReply>(&bytes).unwrap()),
            "drill" => frame(&parse_frame::<Drill>(&bytes).unwrap()),
            "drill reply" => frame(&parse_frame::<DrillReply>(&bytes).unwrap()),
            other => panic!("{other} was no kind of frame then"),
        };
        assert_eq!(again, bytes, "{what}");
    }
}

#[test]
fn a_rescue_file_of_the_first_release_opens() {
    let dir = tempfile::tempdir().unwrap();
    unpack("relay.tar.zst", dir.path());
    let key = DataFolder::prepare(dir.path()).unwrap().seal_key([0; 32]).unwrap();
    let opened = rescue::open(&fs::read(put_down().join("li.rescue")).unwrap(), &key, &tenant()).unwrap();
    assert!(matches!(opened.standing, rescue::Standing::Signed(_)));
    assert_eq!(json!(opened.rescue.steps.len()), said()["rescued"]);
    let other = TenantId::parse("another").unwrap();
    assert!(rescue::open(&fs::read(put_down().join("li.rescue")).unwrap(), &key, &other).is_err());
}

/// Keeps what goes by.
struct Recording<'a> {
    network: &'a mut Network,
    frames: &'a mut Vec<Value>,
}

impl Transport for Recording<'_> {
    fn call(&mut self, call: &Call) -> Result<Answer, Fault> {
        let answer = self.network.call(call)?;
        if call.path == "/v1/sync" && answer.status == 200 {
            let plain = |bytes: &[u8]| zstd::decode_all(bytes).unwrap_or_else(|_| bytes.to_vec());
            for (kind, bytes) in [("request", plain(&call.body)), ("reply", plain(&answer.body))] {
                let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
                self.frames.push(json!({ "what": format!("{kind}: as a phone sent and got it"), "cbor": hex }));
            }
        }
        Ok(answer)
    }
}

/// A sync that is written down.
fn recorded(hand: &mut Hand, frames: &mut Vec<Value>) {
    hand.device();
    let Hand { phone, network, .. } = hand;
    let report = phone.switch_on().unwrap().sync(&mut Recording { network, frames }).unwrap();
    assert!(report.is_settled(), "{report:?}");
}

#[test]
#[ignore = "it was done, once, by the first release; what it made is never made again"]
fn the_first_release_is_put_down() {
    let to = put_down();
    assert!(!to.join("relay.tar.zst").exists(), "it stands there already");
    fs::create_dir_all(&to).unwrap();
    let mut company = Company::open();
    let [mut wang, mut li, mut zhou] = PHONES.map(|id| company.met(id));
    let call = company.dispatched("WO-1", "steel", "wang");
    let other = company.dispatched("WO-2", "paper", "li");
    let mut frames: Vec<Value> = serde_json::from_str(include_str!("../../docs/vectors/frames.json")).unwrap();
    recorded(&mut wang, &mut frames);
    // A visit from beginning to end, a day's attendance, a plan, a leave that is granted.
    wang.log(wang.month("2026-10"), [Body::ClockIn { place: None }]);
    wang.log(call.visit("V1"), [arrive()]);
    wang.log(call.header(), [set("fault_cause", "密封老化")]);
    wang.log(call.visit("V1"), [part("P-1", 2), leave(VisitResult::Fixed)]);
    wang.sign(call.visit("V1"), 5);
    wang.log(wang.month("2026-10"), [Body::ClockOut { place: None }]);
    let plan = wang.device().forms().unwrap().into_iter().find(|form| form.form.as_str() == "weekly_plan").unwrap();
    let page = wang.device().form_page(&plan, Day::parse("2026-10-14").unwrap()).unwrap();
    let cells = [("day", "2026-10-12"), ("work", "巡检")];
    let cells = cells.map(|(name, text)| (name.to_owned(), Cell::Text(text.into())));
    wang.log(page.clone(), [Body::Row { field: "plan".into(), cells: cells.into(), v: 1 }]);
    let sending = wang.device().sending(page.clone(), &plan).unwrap();
    let sending = wang.capture(sending).entries[0];
    recorded(&mut wang, &mut frames);
    company.desk("hq").ask(Ask::DecideForm { page: page.page(), sending, approve: true, reason: String::new() });
    company.desk("zhou").ask(call.close());
    // What one disagrees about with another, and what is refused.
    li.sync();
    zhou.sync();
    li.log(other.header(), [set("remark", "李")]);
    zhou.log(other.header(), [set("remark", "周")]);
    zhou.sync();
    li.trespass(Act::asking(Ask::Close { order: call.id() }));
    recorded(&mut li, &mut frames);
    // What waits: on every phone something that its relay hasn't got.
    wang.sync();
    zhou.sync();
    wang.log(wang.month("2026-10"), [Body::ClockIn { place: None }]);
    li.log(other.visit("V1"), [arrive(), part("P-2", 1)]);
    li.sign(other.visit("V1"), 4);
    zhou.log(other.header(), [set("address_note", "三号门")]);

    let mut rescued = Vec::new();
    let steps = li.device().rescue(&mut rescued).unwrap().steps;
    fs::write(to.join("li.rescue"), rescued).unwrap();
    let mut phones = BTreeMap::new();
    let mut waiting = 0;
    for hand in [&mut wang, &mut li, &mut zhou] {
        let device = hand.device();
        let orders: Vec<String> = device.orders().unwrap().into_iter().map(|item| item.facts.number).collect();
        let refused: Vec<String> = device.quarantine().unwrap().into_iter().map(|held| held.reason.code).collect();
        let left = device.rescue(&mut Vec::new()).unwrap();
        waiting += left.steps - left.refused;
        phones.insert(hand.id.to_string(), json!({ "orders": orders, "refused": refused }));
        hand.phone.switch_off();
    }
    let tables: BTreeMap<&str, Vec<Value>> =
        Table::ALL.into_iter().map(|table| (table.name(), exported(company.relay(), table))).collect();
    let expected = json!({
        "now": company.world.now().0, "rows": company.log_head().0, "tables": tables, "phones": phones,
        "waiting": waiting, "rescued": steps,
    });
    fs::write(to.join("expected.json"), serde_json::to_string_pretty(&expected).unwrap()).unwrap();
    fs::write(to.join("frames.json"), serde_json::to_string_pretty(&frames).unwrap()).unwrap();
    let folder = company.relay_folder();
    company.shut();
    pack(&folder, &to.join("relay.tar.zst"));
    let copies = tempfile::tempdir().unwrap();
    for id in PHONES {
        for part in ["store", "outside"] {
            let (from, into) =
                (folder.parent().unwrap().join("phones").join(id).join(part), copies.path().join(id).join(part));
            fs::create_dir_all(&into).unwrap();
            for file in fs::read_dir(from).unwrap() {
                let file = file.unwrap();
                fs::copy(file.path(), into.join(file.file_name())).unwrap();
            }
        }
    }
    pack(copies.path(), &to.join("phones.tar.zst"));
}
