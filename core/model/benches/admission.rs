//! What the gate and the page cost. Read the ratios: the machine is shared.

use divan::{Bencher, black_box};
use outpost_model::admission::PageIndex;
use outpost_model::header::{Header, Subject};
use outpost_model::id::{DeviceId, EntryId, PageId, TenantId};
use outpost_model::page::{Draft, Page};

fn main() {
    divan::main();
}

fn header() -> Header {
    Header::new(TenantId::parse("acme").unwrap(), Subject::Order { id: PageId::derived(&["bench"]) })
}

fn phone(number: usize) -> DeviceId {
    DeviceId::parse(&format!("phone-{number}")).unwrap()
}

/// Every third change puts a field beside its entry.
fn draft(n: usize) -> Draft {
    let ev = format!(r#""ev":{{"by":"u-e1","clock":179000000{n:04},"contact":3,"epoch":1,"n":{n},"zone":480}}"#);
    let entry =
        |what: &str, body: String| (EntryId::derived(&[what, &n.to_string()]), format!(r#"{{"do":{body},{ev}}}"#));
    let mut draft = Draft::default();
    draft.entries.push(entry("note", format!(r#"{{"note":"called again, {n}","type":"follow_up"}}"#)));
    if n.is_multiple_of(3) {
        draft.fields.push(("remark".into(), format!("v{n}")));
        draft.entries.push(entry("set", format!(r#"{{"field":"remark","type":"set","value":"v{n}"}}"#)));
    }
    draft
}

/// A page of so many changes by three phones in turns, and one change more.
struct Written {
    page: Page,
    index: PageIndex,
    raws: Vec<(Vec<u8>, DeviceId)>,
    next: Vec<u8>,
}

fn written(changes: usize) -> Written {
    let (mut page, mut index, mut raws) = (Page::begin(header()), PageIndex::new(header()), Vec::new());
    for n in 0..changes {
        let writer = n / 5 % 3;
        let raw = page.write([writer as u8 + 1; 16], &draft(n)).unwrap().raw;
        index.admit(index.examine(&raw, &phone(writer)).unwrap());
        raws.push((raw, phone(writer)));
    }
    let next = page.clone().write([1; 16], &draft(9_999)).unwrap().raw;
    Written { page, index, raws, next }
}

#[divan::bench(args = [20, 200, 2_000])]
fn examine_one_change(bencher: Bencher, changes: usize) {
    let (w, phone) = (written(changes), phone(0));
    bencher.bench_local(|| w.index.examine(black_box(&w.next), &phone).unwrap());
}

#[divan::bench]
fn refuse_a_bomb(bencher: Bencher) {
    let (w, phone) = (written(20), phone(0));
    let mut bomb = w.next.clone();
    let end = bomb.len() - 1;
    bomb[end] ^= 1;
    bencher.bench_local(|| w.index.examine(black_box(&bomb), &phone).unwrap_err());
}

#[divan::bench(args = [20, 200, 2_000])]
fn parse_by_automerge(bencher: Bencher, changes: usize) {
    let w = written(changes);
    bencher.bench_local(|| automerge::Change::try_from(black_box(&w.next[..])).unwrap());
}

#[divan::bench(args = [200, 2_000])]
fn rebuild_the_index(bencher: Bencher, changes: usize) {
    let w = written(changes);
    bencher.bench_local(|| {
        let mut index = PageIndex::new(header());
        for (raw, device) in &w.raws {
            index.admit(index.examine(raw, device).unwrap());
        }
        index
    });
}

#[divan::bench(args = [200, 2_000])]
fn clone_the_index(bencher: Bencher, changes: usize) {
    let w = written(changes);
    bencher.bench_local(|| w.index.clone());
}

#[divan::bench(args = [20, 200, 2_000])]
fn apply_checked(bencher: Bencher, changes: usize) {
    let w = written(changes);
    bencher.bench_local(|| w.page.apply_checked(black_box(&[&w.next])).unwrap());
}

#[divan::bench(args = [20, 200, 2_000])]
fn write(bencher: Bencher, changes: usize) {
    let w = written(changes);
    let draft = draft(9_999);
    bencher
        .with_inputs(|| w.page.clone())
        .bench_local_values(|mut page| page.write([1; 16], black_box(&draft)).unwrap());
}

#[divan::bench(args = [20, 200, 2_000])]
fn rebuild_the_page(bencher: Bencher, changes: usize) {
    let w = written(changes);
    let raws: Vec<_> = w.raws.iter().map(|(raw, _)| raw).collect();
    bencher.bench_local(|| Page::rebuild(header(), &raws).unwrap());
}

#[divan::bench(args = [20, 200, 2_000])]
fn load_a_snapshot(bencher: Bencher, changes: usize) {
    let w = written(changes);
    let (snapshot, heads) = (w.page.snapshot(), w.page.heads());
    bencher.bench_local(|| Page::load(header(), &snapshot, &heads).unwrap());
}
