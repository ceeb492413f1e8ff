//! The hand-made attacks on a page, each by name, pushed through the front door. What they do to a document without the
//! gate is told beside `core/model/tests/gate/attacks`.

use crate::parts::{self, Parts};
use crate::scene::{Scene, scene};
use automerge::{ActorId, Change, ExpandedChange};
use outpost_model::entry::Body;
use outpost_model::header::{Header, Subject};
use outpost_model::page::{Page, genesis, genesis_actor, limits};
use outpost_tests::company::call::{arrive, part, set};
use outpost_tests::company::{tenant, user};
use outpost_tests::wire::words;

/// Li, of the order's own station, who may log on it; and the next honest change that he would send.
struct Stage {
    scene: Scene,
    header: Header,
    page: Page,
    next: Vec<u8>,
}

fn stage() -> Stage {
    let mut scene = scene("d-li");
    let header = scene.call.header();
    let mut page = scene.page(&header);
    // Two honest ones first, so that there is an actor to go on with.
    let actor = [7; 16];
    let draft = scene.mallory.draft([set("remark", "a")]);
    let first = page.write(actor, &draft).unwrap();
    scene.mallory.push_raw(&header, first.raw);
    assert_eq!(words(&scene.mallory.send().unwrap()), ["admitted"]);
    let draft = scene.mallory.draft([set("remark", "b"), Body::FollowUp { note: "x".into() }]);
    let draft2 = outpost_model::page::Draft { entries: draft.entries[..1].to_vec(), ..draft };
    let next = page.clone().write(actor, &draft2).unwrap().raw;
    Stage { scene, header, page, next }
}

impl Stage {
    fn told(&mut self, raw: Vec<u8>) -> String {
        self.scene.mallory.push_raw(&self.header, raw);
        let reply = self.scene.mallory.send().unwrap();
        words(&reply).remove(0)
    }

    fn spoilt(&mut self, spoil: impl FnOnce(&mut Parts)) -> String {
        let mut parts = Parts::of(&self.next);
        spoil(&mut parts);
        self.told(parts.encode())
    }

    fn reworded(&mut self, reword: impl FnOnce(&mut ExpandedChange)) -> String {
        let mut change = Change::try_from(&self.next[..]).unwrap().decode();
        reword(&mut change);
        self.told(Change::from(change).raw_bytes().to_vec())
    }

    /// After all of it the honest change is taken, and only that.
    fn ends(mut self) {
        let before = self.scene.company.log_head().0;
        let next = self.next.clone();
        assert_eq!(self.told(next), "admitted");
        assert_eq!(self.scene.company.log_head().0, before + 1);
        self.scene.wang.sync();
        assert_eq!(self.scene.wang.sees(self.scene.call.id()).unwrap().facts.fields["remark"], ["b"]);
        self.scene.goes_on();
    }
}

#[test]
fn run_length_and_deflate_bombs() {
    let mut stage = stage();
    let billion = 1_000_000_000;
    for (column, bytes) in [
        (parts::ACTION, parts::run(billion, 1)),
        (parts::ACTION, parts::run(i64::MIN, 1)),
        (parts::KEY, [parts::run(billion, 1), vec![b'k']].concat()),
        (parts::VALUE_KIND, parts::run(3, (1 << 40) | 6)),
        (parts::PRED_COUNT, parts::run(3, u64::MAX)),
        (parts::INSERT, vec![0xff, 0xff, 0xff, 0xff, 7]),
    ] {
        let word = stage.spoilt(|parts| *parts.column(column) = bytes);
        assert!(["bad_change", "too_large"].contains(&word.as_str()), "column {column:#x}: {word}");
    }
    assert_eq!(stage.told(parts::chunk(2, &[0; 1_000])), "bad_change");
    for place in 0..5 {
        assert_eq!(stage.spoilt(|parts| parts.columns[place].0 |= 8), "bad_change");
    }
    assert_eq!(stage.told(vec![0; limits::CHANGE_BYTES + 1]), "too_large");
    stage.ends();
}

#[test]
fn overlapping_op_ids_and_poisoned_start_ops() {
    let mut stage = stage();
    let genesis_hash = Page::begin(stage.header.clone()).heads()[0];
    let word = stage.reworded(|change| {
        change.deps = vec![genesis_hash.into()];
        change.start_op = 3.try_into().unwrap();
    });
    assert_eq!(word, "bad_change");
    let honest = Parts::of(&stage.next).start_op;
    for start in [0, 1, honest - 1, honest + 1, u64::from(u32::MAX), u64::MAX] {
        assert_eq!(stage.spoilt(|parts| parts.start_op = start), "bad_change", "{start}");
    }
    for seq in [0, 1, 3, u64::MAX] {
        assert_eq!(stage.spoilt(|parts| parts.seq = seq), "bad_change", "{seq}");
    }
    stage.ends();
}

#[test]
fn foreign_actors_and_the_genesis_actor() {
    let mut stage = stage();
    let nobody = ActorId::from(genesis_actor(&stage.header));
    assert_eq!(stage.reworded(|change| change.actor_id = nobody), "bad_change");
    // The actor of Wang's own phone, taken from a row that everybody on the order can read.
    let row = stage.scene.page(&stage.header.clone());
    let wang = row.snapshot();
    assert!(!wang.is_empty());
    let database = stage.scene.wang.database();
    let actor: [u8; 16] = database
        .query_row("select actor from actor where page = ?1", [stage.header.page().0], |row| row.get(0))
        .unwrap();
    drop(database);
    let victim = ActorId::from(actor);
    assert_eq!(stage.reworded(|change| (change.actor_id, change.seq) = (victim, 2)), "actor_taken");
    for length in [0, 15, 17] {
        assert_eq!(stage.spoilt(|parts| parts.actor = vec![9; length]), "bad_change");
    }
    stage.ends();
}

#[test]
fn a_second_value_under_an_entry_id() {
    let mut stage = stage();
    let detail = stage.scene.wang.device().order(stage.scene.call.id()).unwrap().unwrap();
    let honest =
        detail.events.iter().find(|event| event.page == stage.header.page() && event.by == user("wang")).unwrap().id;
    // Written on the genesis alone: the forger claims never to have seen the first.
    let mut draft = stage.scene.mallory.draft([Body::FollowUp { note: "forged".into() }]);
    draft.entries[0].0 = honest;
    let entry = outpost_model::entry::Entry {
        body: outpost_tests::company::call::reached(),
        evidence: stage.scene.mallory.evidence(),
        replaces: None,
        at: None,
    };
    draft.entries[0].1 = entry.canonical().unwrap();
    let forged = Page::begin(stage.header.clone()).write([8; 16], &draft).unwrap().raw;
    assert_eq!(stage.told(forged), "entry_exists");
    stage.ends();
}

#[test]
fn a_change_replayed_into_another_page_and_a_derived_id_pushed_as_another_kind() {
    let mut stage = stage();
    let visit = stage.scene.call.visit("V9");
    let mut page = Page::begin(visit.clone());
    let elsewhere = stage.scene.mallory.change(&mut page, [arrive()]);
    assert_eq!(stage.told(elsewhere), "page_mismatch");
    // A visit of the order under the id of the order itself; somebody's month under a unit's name.
    let order = stage.scene.call.id();
    let lie = Header::new(tenant(), Subject::Visit { id: order, order });
    let mut page = Page::begin(lie.clone());
    let raw = stage.scene.mallory.change(&mut page, [arrive()]);
    stage.scene.mallory.push_raw(&lie, raw);
    let word = words(&stage.scene.mallory.send().unwrap()).remove(0);
    assert_eq!(word, "page_mismatch");
    let text = stage.scene.wang.month("2026-10").canonical().replace("attendance", "asset");
    stage.scene.mallory.headers.push(text);
    stage.scene.mallory.step(outpost_model::wire::What::Change(0, stage.next.clone().into()));
    stage.scene.mallory.step(outpost_model::wire::What::Change(7, stage.next.clone().into()));
    assert_eq!(words(&stage.scene.mallory.send().unwrap()), ["page_mismatch", "page_mismatch"]);
    stage.ends();
}

#[test]
fn unknown_fields_entries_out_of_form_and_puts_without_a_witness() {
    let mut stage = stage();
    let mallory = &mut stage.scene.mallory;
    let mut send = |draft: outpost_model::page::Draft, page: &Page| {
        let raw = page.clone().write([9; 16], &draft).unwrap().raw;
        mallory.push_raw(&stage.header, raw);
        words(&mallory.send().unwrap()).remove(0)
    };
    let page = stage.page.clone();
    let entry = |text: &str| outpost_model::page::Draft {
        entries: vec![(outpost_model::id::EntryId::v7(1_790_000_000_000, rand::random()), text.into())],
        fields: vec![],
    };
    for text in ["", "{}", "null", "[[[[", "{\"do\":{\"type\":\"fly\"}}"] {
        assert_eq!(send(entry(text), &page), "bad_entry", "{text}");
    }
    assert_eq!(send(entry(&"[".repeat(4_000)), &page), "bad_entry");
    let code = stage.reworded(|change| {
        for operation in &mut change.operations {
            if operation.key == automerge::legacy::Key::Map("remark".into()) {
                operation.key = automerge::legacy::Key::Map("salary".into());
            }
        }
    });
    assert_eq!(code, "unknown_field");
    let naked =
        outpost_model::page::Draft { entries: vec![], fields: vec![("remark".into(), "nobody said so".into())] };
    let raw = stage.page.clone().write([9; 16], &naked).unwrap().raw;
    assert_eq!(stage.told(raw), "bad_change");
    stage.ends();
}

#[test]
fn damaged_bytes_documents_and_orphans() {
    let mut stage = stage();
    for bit in (0..stage.next.len() * 8).step_by(97) {
        let mut raw = stage.next.clone();
        raw[bit / 8] ^= 1 << (bit % 8);
        let word = stage.told(raw);
        assert!(["checksum_wrong", "bad_change", "too_large"].contains(&word.as_str()), "bit {bit}: {word}");
    }
    let snapshot = stage.page.snapshot();
    assert_eq!(stage.told(snapshot), "bad_change");
    let first = genesis(&stage.header);
    assert_eq!(stage.told(first), "bad_change");
    assert_eq!(stage.told(Vec::new()), "bad_change");
    let orphan = stage.spoilt(|parts| {
        parts.deps.push([7; 32]);
        parts.deps.sort_unstable();
    });
    assert_eq!(orphan, "needs");
    stage.ends();
}

#[test]
fn more_parts_than_one_change_may_hold() {
    let mut stage = stage();
    let visit = stage.scene.call.visit("V9");
    let bodies: Vec<Body> = (0..500).map(|n| part(&format!("P-{n}"), 1)).collect();
    let draft = stage.scene.mallory.draft(bodies);
    match Page::begin(visit.clone()).write([9; 16], &draft) {
        Err(_) => {}
        Ok(written) => {
            stage.scene.mallory.push_raw(&visit, written.raw);
            let words = words(&stage.scene.mallory.send().unwrap());
            assert!(["too_large", "bad_change"].contains(&words[0].as_str()), "{words:?}");
        }
    }
    stage.ends();
}
