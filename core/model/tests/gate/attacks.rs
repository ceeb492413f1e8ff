//! The hand-made attacks, each by name. What they did to a page without the gate stands beside them.

use crate::crew::*;
use crate::mutator::parts::{self, Parts};
use automerge::legacy::{Key, ObjectId, OpId, OpType};
use automerge::{ActorId, Change, ExpandedChange, ObjType, ScalarValue};
use outpost_model::admission::Verdict;
use outpost_model::entry::{Body, Entry};
use outpost_model::id::{DeviceId, Hash};
use outpost_model::page::{Draft, ENTRIES, FIELDS, Page, genesis, genesis_actor, limits};

/// A page that two phones wrote on, and the next honest change of the second.
struct Scene {
    phone: Phone,
    mallory: Phone,
    next: Vec<u8>,
}

fn scene() -> Scene {
    let header = order("1");
    let (mut phone, mut mallory) = (Phone::new(1, &header), Phone::new(2, &header));
    phone.log(&[follow_up("honest"), set("remark", "a")]);
    mallory.log(&[follow_up("m"), set("remark", "b")]);
    phone.pull(&mallory);
    mallory.pull(&phone);
    let draft = mallory.draft(&[set("remark", "c"), follow_up("next")]);
    let next = mallory.page.clone().write(mallory.actor, &draft).unwrap().raw;
    Scene { phone, mallory, next }
}

impl Scene {
    fn judge(&self, raw: &[u8]) -> &'static str {
        refusal(self.phone.index.examine(raw, &self.mallory.device))
    }
    /// The next change, taken apart and spoilt.
    fn spoilt(&self, spoil: impl FnOnce(&mut Parts)) -> &'static str {
        let mut parts = Parts::of(&self.next);
        spoil(&mut parts);
        self.judge(&parts.encode())
    }
    /// The next change with other operations, put together by automerge itself.
    fn reworded(&self, reword: impl FnOnce(&mut ExpandedChange)) -> &'static str {
        let mut change = Change::try_from(&self.next[..]).unwrap().decode();
        reword(&mut change);
        self.judge(Change::from(change).raw_bytes())
    }
}

#[test]
fn the_next_honest_change_passes_and_taking_it_apart_loses_nothing() {
    let scene = scene();
    assert_eq!(Parts::of(&scene.next).encode(), scene.next);
    assert!(scene.phone.index.examine(&scene.next, &scene.mallory.device).is_ok());
}

/// Applied and saved cleanly, and panicked at load.
#[test]
fn a_second_change_on_the_genesis_alone_overlaps_the_first_and_is_refused() {
    let scene = scene();
    let header = scene.phone.index.header().clone();
    let genesis_hash = Page::begin(header).heads()[0];
    let code = scene.reworded(|change| {
        change.deps = vec![genesis_hash.into()];
        change.start_op = 3.try_into().unwrap();
    });
    assert_eq!(code, "own_previous_missing");
}

/// Converged on whichever value had the higher actor: a forger won half the time.
#[test]
fn a_second_value_under_an_entry_id_is_refused_even_where_the_forger_never_saw_the_first() {
    let header = order("1");
    let (mut phone, mut mallory) = (Phone::new(1, &header), Phone::new(2, &header));
    phone.log(&[follow_up("honest")]);
    let forged = draft(&[(entry_id(1, 1), entry(2, 1, follow_up("forged")))]);
    let forged = mallory.page.write(mallory.actor, &forged).unwrap();
    assert_eq!(refusal(phone.index.examine(&forged.raw, &mallory.device)), "entry_exists");
}

#[test]
fn the_same_entry_replayed_under_another_actor_is_already_had() {
    let header = order("1");
    let (mut phone, mut other) = (Phone::new(1, &header), Phone::new(1, &header));
    let first = phone.log(&[follow_up("once"), set("remark", "x")]);
    other.actor = actor(9);
    let again = other.log(&[follow_up("once"), set("remark", "x")]);
    assert_ne!(again.hash, first.hash);
    let verdict = phone.index.examine(&again.raw, &phone.device).unwrap_err();
    assert_eq!(verdict, Verdict::AlreadyHad { hash: first.hash });
}

/// Applied cleanly to any page with the same genesis.
#[test]
fn a_change_replayed_into_another_page_is_refused() {
    let scene = scene();
    let elsewhere = Phone::new(3, &order("2"));
    for raw in scene.phone.raws.iter().map(|(raw, _)| raw).chain([&scene.next]) {
        assert_eq!(refusal(elsewhere.index.examine(raw, &scene.mallory.device)), "other_page");
    }
}

#[test]
fn a_derived_id_pushed_as_another_kind_fits_no_page() {
    let mut phone = Phone::new(1, &attendance("u-1"));
    let written = phone.log(&[Body::Returned {}]);
    for header in [customer("u-1"), asset("u-1"), order("u-1"), attendance("u-2")] {
        assert_ne!(header.page(), phone.page.header().page());
        let index = Phone::new(2, &header).index;
        assert_eq!(refusal(index.examine(&written.raw, &phone.device)), "other_page");
    }
}

/// 104 to 122 bytes that stood for 10⁶ to 10⁹ operations: minutes, or an abort.
#[test]
fn runs_that_stand_for_a_billion_operations_are_refused_before_they_are_expanded() {
    let scene = scene();
    let billion = 1_000_000_000;
    let cases = [
        (parts::ACTION, parts::run(billion, 1), "too_many_operations"),
        (parts::ACTION, parts::run(i64::MAX, 1), "too_many_operations"),
        (parts::ACTION, parts::run(i64::MIN, 1), "too_many_operations"),
        (parts::ACTION, [0, 0xff, 0xff, 0xff, 0xff, 0xf].to_vec(), "not_a_put"),
        (parts::KEY, [parts::run(billion, 1), vec![b'k']].concat(), "malformed"),
        (parts::VALUE_KIND, parts::run(billion, 6), "malformed"),
        (parts::OBJ_OP, parts::run(billion, 1), "malformed"),
        (parts::OBJ_ACTOR, parts::run(billion, 1), "malformed"),
        (parts::INSERT, vec![0xff, 0xff, 0xff, 0xff, 7], "not_a_put"),
        (parts::PRED_COUNT, parts::run(3, billion as u64), "too_many_predecessors"),
        (parts::PRED_COUNT, parts::run(3, u64::MAX), "too_many_predecessors"),
        (parts::PRED_ACTOR, parts::run(billion, 0), "too_many_predecessors"),
        (parts::PRED_OP, parts::run(billion, 1), "too_many_predecessors"),
    ];
    for (column, bytes, code) in cases {
        assert_eq!(scene.spoilt(|parts| *parts.column(column) = bytes), code, "column {column:#x}");
    }
}

/// A key's declared length made the decoder allocate a gigabyte.
#[test]
fn lengths_that_promise_more_than_there_is_are_refused() {
    let scene = scene();
    let mut long_key = vec![0x7f];
    parts::unsigned(&mut long_key, 1_000_000_000);
    assert_eq!(scene.spoilt(|parts| *parts.column(parts::KEY) = long_key), "malformed");
    assert_eq!(scene.spoilt(|parts| parts.column(parts::VALUE).truncate(9)), "malformed");
    let kind = parts::run(3, (1 << 40) | 6);
    assert_eq!(scene.spoilt(|parts| *parts.column(parts::VALUE_KIND) = kind), "too_large");
    let body = |count: u64| {
        let mut body = Vec::new();
        parts::unsigned(&mut body, count);
        parts::chunk(1, &body)
    };
    assert_eq!(scene.judge(&body(u64::MAX)), "too_many_dependencies");
    assert_eq!(scene.judge(&body(0)), "too_many_dependencies");
    assert_eq!(scene.judge(&body(64)), "malformed");
}

/// One megabyte became one gigabyte, inflated before the checksum was looked at.
#[test]
fn nothing_deflated_is_ever_inflated() {
    let scene = scene();
    assert_eq!(scene.judge(&parts::chunk(2, &[0; 1_000])), "not_a_change");
    for place in 0..9 {
        assert_eq!(scene.spoilt(|parts| parts.columns[place].0 |= 8), "unknown_column");
    }
}

/// The next honest edit panicked on every replica.
#[test]
fn poisoned_start_ops_are_refused() {
    let scene = scene();
    let honest = Parts::of(&scene.next).start_op;
    for start in [0, 1, honest - 1, honest + 1, 1 << 30, u64::from(u32::MAX) - 1, u64::from(u32::MAX), u64::MAX] {
        assert_eq!(scene.spoilt(|parts| parts.start_op = start), "bad_start_op", "{start}");
    }
}

/// The owner's own next change became a duplicate: wedged.
#[test]
fn another_devices_actor_is_refused_and_so_is_the_genesis() {
    let scene = scene();
    let victim = ActorId::from(scene.phone.actor);
    assert_eq!(scene.reworded(|change| (change.actor_id, change.seq) = (victim, 2)), "actor_taken");
    let nobody = ActorId::from(genesis_actor(scene.phone.index.header()));
    assert_eq!(scene.reworded(|change| (change.actor_id, change.seq) = (nobody, 2)), "genesis_actor");
}

/// Panicked in `apply_changes` and left the document mutated.
#[test]
fn sequence_gaps_and_repetitions_are_refused() {
    let scene = scene();
    for seq in [0, 1, 3, 4, u64::from(u32::MAX) + 2, u64::MAX] {
        assert_eq!(scene.spoilt(|parts| parts.seq = seq), "sequence", "{seq}");
    }
}

/// Queued silently, and kept by save.
#[test]
fn an_orphan_is_told_what_it_needs_and_never_queued() {
    let scene = scene();
    let unknown = Hash([7; 32]);
    let mut parts = Parts::of(&scene.next);
    parts.deps.push(unknown.0);
    parts.deps.sort_unstable();
    let raw = parts.encode();
    let verdict = scene.phone.index.examine(&raw, &scene.mallory.device).unwrap_err();
    assert_eq!(verdict, Verdict::Needs(vec![unknown]));
    assert_eq!(scene.phone.page.apply_checked(&[&raw]).unwrap_err().code.code(), "unsound");
}

/// 3,562 of 30,000 such changes were accepted; stored, they vanished at the next load.
#[test]
fn every_flipped_bit_is_noticed() {
    let scene = scene();
    for bit in 0..scene.next.len() * 8 {
        let mut raw = scene.next.clone();
        raw[bit / 8] ^= 1 << (bit % 8);
        let code = scene.judge(&raw);
        assert!(["checksum", "not_a_change", "malformed", "too_large"].contains(&code), "bit {bit}: {code}");
    }
    for length in 0..scene.next.len() {
        assert!(["malformed", "not_a_change"].contains(&scene.judge(&scene.next[..length])), "{length} bytes");
    }
    assert_eq!(scene.judge(&[&scene.next[..], &[0]].concat()), "malformed");
    assert_eq!(scene.judge(&vec![0; limits::CHANGE_BYTES + 1]), "too_large");
}

/// Panics and hangs.
#[test]
fn documents_and_bundles_are_refused() {
    let scene = scene();
    assert_eq!(scene.judge(&scene.phone.page.snapshot()), "not_a_change");
    for (kind, code) in [(0, "not_a_change"), (3, "not_a_change"), (4, "not_a_change"), (255, "not_a_change")] {
        assert_eq!(scene.spoilt(|parts| parts.chunk = kind), code);
    }
    assert_eq!(scene.judge(&genesis(scene.phone.index.header())), "too_many_dependencies");
    assert_eq!(scene.judge(b"sync"), "not_a_change");
    assert_eq!(scene.judge(b""), "malformed");
}

/// Applied and saved, and failed to load: the page was bricked.
#[test]
fn predecessors_are_exactly_what_the_author_saw() {
    let scene = scene();
    let genesis = ActorId::from(genesis_actor(scene.phone.index.header()));
    let mallory = ActorId::from(scene.mallory.actor);
    let named = |preds: Vec<OpId>| scene.reworded(|change| change.operations[0].pred = preds.into_iter().collect());
    let seen = Change::try_from(&scene.next[..]).unwrap().decode().operations[0].pred.clone();
    let seen: Vec<OpId> = seen.into_iter().collect();
    assert_eq!(seen.len(), 2);
    assert_eq!(named(vec![]), "bad_predecessors");
    assert_eq!(named(vec![seen[0].clone()]), "bad_predecessors");
    assert_eq!(named(vec![seen[1].clone()]), "bad_predecessors");
    assert_eq!(named([seen.clone(), vec![OpId(99, mallory.clone())]].concat()), "bad_predecessors");
    assert_eq!(named([seen.clone(), vec![OpId(FIELDS, genesis)]].concat()), "bad_predecessors");
    assert_eq!(named([seen.clone(), vec![OpId(4, ActorId::from(actor(40)))]].concat()), "bad_predecessors");
    assert_eq!(named([seen.clone(), seen[..1].to_vec()].concat()), "not_canonical");
    // An entry replaces nothing.
    let code = scene.reworded(|change| change.operations[1].pred = vec![OpId(3, mallory)].into_iter().collect());
    assert_eq!(code, "bad_predecessors");
}

#[test]
fn nothing_but_puts_of_text_into_the_two_containers() {
    let scene = scene();
    let actions = [
        OpType::Make(ObjType::Map),
        OpType::Make(ObjType::List),
        OpType::Make(ObjType::Text),
        OpType::Delete,
        OpType::Increment(1),
        OpType::MarkEnd(false),
        OpType::Put(ScalarValue::Null),
        OpType::Put(ScalarValue::Int(1)),
        OpType::Put(ScalarValue::Uint(1)),
        OpType::Put(ScalarValue::F64(f64::NAN)),
        OpType::Put(ScalarValue::counter(1)),
        OpType::Put(ScalarValue::Timestamp(1)),
        OpType::Put(ScalarValue::Boolean(true)),
        OpType::Put(ScalarValue::Bytes(vec![1])),
    ];
    for action in actions {
        let name = format!("{action:?}");
        let code = scene.reworded(|change| change.operations[0].action = action);
        assert!(["not_a_put", "malformed"].contains(&code), "{name}: {code}");
    }
    assert_eq!(scene.reworded(|change| change.operations[0].insert = true), "not_a_put");
    let code = scene.reworded(|change| change.operations[0].key = Key::head());
    assert!(["unknown_column", "not_a_put"].contains(&code), "{code}");
    // The root; an object that isn't; a container of another's making.
    let obj = |obj: ObjectId| scene.reworded(|change| change.operations[0].obj = obj);
    let genesis = ActorId::from(genesis_actor(scene.phone.index.header()));
    assert_eq!(obj(ObjectId::Root), "not_a_put");
    for op in [0, ENTRIES + 1, 1 << 40] {
        let code = obj(ObjectId::Id(OpId(op, genesis.clone())));
        assert!(["outside_containers", "not_canonical", "not_a_put"].contains(&code), "{op}: {code}");
    }
    assert_eq!(obj(ObjectId::Id(OpId(FIELDS, ActorId::from(scene.mallory.actor)))), "outside_containers");
}

/// An author footer at sequence 2 panicked.
#[test]
fn times_messages_and_footers_have_no_place() {
    let scene = scene();
    assert_eq!(scene.spoilt(|parts| parts.time = 1), "annotated");
    assert_eq!(scene.spoilt(|parts| parts.time = i64::MIN), "annotated");
    assert_eq!(scene.spoilt(|parts| parts.message = b"hello".to_vec()), "annotated");
    assert_eq!(scene.spoilt(|parts| parts.footer = vec![1, 2, b'm', b'e']), "annotated");
}

#[test]
fn one_content_has_one_spelling() {
    let scene = scene();
    let unused = vec![0xff; 16];
    assert_eq!(scene.spoilt(|parts| parts.others.push(unused)), "not_canonical");
    assert_eq!(scene.spoilt(|parts| parts.deps.reverse()), "not_canonical");
    assert_eq!(scene.spoilt(|parts| parts.deps = vec![parts.deps[0]; 2]), "not_canonical");
    // Three puts in two runs instead of one.
    let split = [parts::run(1, 1), parts::run(2, 1)].concat();
    assert_eq!(scene.spoilt(|parts| *parts.column(parts::ACTION) = split), "not_canonical");
    let literal = vec![0x7d, 1, 1, 1];
    assert_eq!(scene.spoilt(|parts| *parts.column(parts::ACTION) = literal), "not_canonical");
    let padded = vec![0x83, 0, 1];
    assert_eq!(scene.spoilt(|parts| *parts.column(parts::ACTION) = padded), "malformed");
    assert_eq!(scene.spoilt(|parts| parts.columns.swap(0, 1)), "unknown_column");
    assert_eq!(scene.spoilt(|parts| parts.columns.push((0x73, vec![]))), "unknown_column");
    let length = scene.next[9];
    assert!(length >= 0x80, "two bytes of length");
    let body = Parts::of(&scene.next).body();
    let mut padded = vec![1, body.len() as u8 | 0x80, (body.len() >> 7) as u8 | 0x80, 0];
    padded.extend(&body);
    assert_eq!(scene.judge(&parts::seal(&padded)), "malformed");
}

#[test]
fn actors_are_sixteen_bytes() {
    let scene = scene();
    for length in [0, 15, 17, 20, 21] {
        assert_eq!(scene.spoilt(|parts| parts.actor = vec![9; length]), "bad_actor", "{length}");
        assert_eq!(scene.spoilt(|parts| parts.others[0] = vec![9; length]), "bad_actor", "{length}");
    }
}

fn drafted(scene: &mut Scene, draft: Draft) -> &'static str {
    let raw = scene.mallory.page.clone().write(scene.mallory.actor, &draft).unwrap().raw;
    scene.judge(&raw)
}

#[test]
fn a_put_has_one_witness_and_a_witness_its_put() {
    let mut scene = scene();
    let good = scene.mallory.draft(&[set("remark", "x")]);
    let but = |change: &dyn Fn(&mut Draft)| {
        let mut draft = good.clone();
        change(&mut draft);
        draft
    };
    assert_eq!(drafted(&mut scene, but(&|draft| draft.fields.clear())), "no_put");
    assert_eq!(drafted(&mut scene, but(&|draft| draft.fields[0].1 = "y".into())), "no_put");
    assert_eq!(drafted(&mut scene, but(&|draft| draft.fields[0].0 = "caller".into())), "no_put");
    assert_eq!(drafted(&mut scene, but(&|draft| draft.entries.clear())), "no_witness");
    assert_eq!(drafted(&mut scene, but(&|draft| draft.fields.push(("caller".into(), "x".into())))), "no_witness");
    let twice = scene.mallory.draft(&[set("remark", "x")]);
    assert_eq!(drafted(&mut scene, but(&|draft| draft.entries.extend(twice.entries.clone()))), "no_put");
    // The same field put twice in one change.
    let code = scene.reworded(|change| {
        let put = change.operations[0].clone();
        change.operations.push(put);
    });
    assert_eq!(code, "field_twice");
}

#[test]
fn fields_ids_and_entries_are_of_their_form() {
    let mut scene = scene();
    assert_eq!(scene.reworded(|change| change.operations[0].key = Key::Map("salary".into())), "unknown_field");
    for key in ["", "x", "0199A000-0000-7000-8000-000000000000", "0199a000000070008000000000000000"] {
        assert_eq!(scene.reworded(|change| change.operations[1].key = Key::Map(key.into())), "bad_entry_id", "{key}");
    }
    let code = scene.reworded(|change| {
        let put = change.operations[2].clone();
        change.operations.push(put);
    });
    assert_eq!(code, "entry_twice");
    let entry = |text: &str| Draft { entries: vec![(entry_id(2, 90), text.into())], fields: vec![] };
    let good = super::crew::entry(2, 90, follow_up("x")).canonical().unwrap();
    let wrong_page = super::crew::entry(2, 90, leave()).canonical().unwrap();
    for text in ["", "{}", "null", &good.replace('{', "{ "), &good.replace("90", "90.0"), &wrong_page] {
        assert_eq!(drafted(&mut scene, entry(text)), "bad_entry", "{text}");
    }
    assert_eq!(drafted(&mut scene, entry(&"[".repeat(4_000))), "bad_entry");
}

#[test]
fn entries_of_one_change_name_one_author_one_contact_and_one_epoch() {
    let mut scene = scene();
    let with = |spoil: &dyn Fn(&mut Entry)| {
        let (first, mut second) = (entry(2, 80, follow_up("1")), entry(2, 81, follow_up("2")));
        spoil(&mut second);
        draft(&[(entry_id(2, 80), first), (entry_id(2, 81), second)])
    };
    let other = evidence(7, 1).by;
    let codes = [
        drafted(&mut scene, with(&|entry| entry.evidence.by = other.clone())),
        drafted(&mut scene, with(&|entry| entry.evidence.contact = 4)),
        drafted(&mut scene, with(&|entry| entry.evidence.epoch = 2)),
    ];
    assert_eq!(codes, ["mixed_evidence"; 3]);
}

#[test]
fn a_verdict_is_the_same_for_whoever_asks_again() {
    let scene = scene();
    let stranger: DeviceId = device("phone-9");
    assert_eq!(refusal(scene.phone.index.examine(&scene.next, &stranger)), "actor_taken");
    assert_eq!(refusal(scene.phone.index.examine(&scene.next, &stranger)), "actor_taken");
    assert!(scene.phone.index.examine(&scene.next, &scene.mallory.device).is_ok());
}
