//! Attacks on the grammar: changes that say what no page says.

use super::{Scene, scene};
use crate::crew::*;
use automerge::legacy::{Key, ObjectId, OpId, OpType};
use automerge::{ActorId, Change, ObjType, ScalarValue};
use outpost_model::admission::Verdict;
use outpost_model::entry::Entry;
use outpost_model::page::{Draft, ENTRIES, FIELDS, genesis_actor};

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
    let alone = |text: &str| Draft { entries: vec![(entry_id(2, 90), text.into())], fields: vec![] };
    let good = entry(2, 90, follow_up("x")).canonical().unwrap();
    let wrong_page = entry(2, 90, leave()).canonical().unwrap();
    for text in ["", "{}", "null", &good.replace('{', "{ "), &good.replace("90", "90.0"), &wrong_page] {
        assert_eq!(drafted(&mut scene, alone(text)), "bad_entry", "{text}");
    }
    assert_eq!(drafted(&mut scene, alone(&"[".repeat(4_000))), "bad_entry");
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
