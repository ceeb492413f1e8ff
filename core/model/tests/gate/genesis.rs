//! The genesis of every kind of page, fixed for ever: a phone that made other bytes could merge with nobody.
//! These are never regenerated; a new shape is a new version beside this one.

use crate::crew::*;
use automerge::transaction::{CommitOptions, Transactable};
use outpost_model::header::Header;
use outpost_model::page::{ENTRIES, FIELDS, Page, genesis, genesis_actor};

fn fixed(header: Header, canonical: &str, bytes: &str) {
    assert_eq!(header.canonical(), canonical);
    assert_eq!(hex::encode(genesis(&header)), bytes);
    assert_eq!(genesis_actor(&header), outpost_model::id::Hash::of(canonical.as_bytes()).0[..16]);
    let page = Page::begin(header.clone());
    assert_eq!(page.heads().len(), 1);
    assert!(page.raws().is_empty());
    assert_eq!(Page::load(header, &page.snapshot(), &page.heads()).unwrap().heads(), page.heads());
}

#[test]
fn the_genesis_of_an_order_is_these_bytes() {
    fixed(
        order("1"),
        r#"{"id":"7776ab0c-42fd-8564-b6a2-95a33aec2115","kind":"order","tenant":"acme","v":1}"#,
        "856f4a837017063b013900104608648dcffcaf5163672bf50675808f010100000005151034014202560270027e066669656c647307656e747269657302020002000200",
    );
}

#[test]
fn the_genesis_of_a_visit_is_these_bytes() {
    fixed(
        visit("1"),
        r#"{"id":"e0d0e97f-29fe-8355-8d88-9c8cc46c9c8c","kind":"visit","order":"7776ab0c-42fd-8564-b6a2-95a33aec2115","tenant":"acme","v":1}"#,
        "856f4a831422f7c401390010b3585ad0e9a8eb449a9fa3ef806a59d6010100000005151034014202560270027e066669656c647307656e747269657302020002000200",
    );
}

#[test]
fn the_genesis_of_an_attendance_month_is_these_bytes() {
    fixed(
        attendance("u-1"),
        r#"{"kind":"attendance","month":"2026-10","person":"u-1","tenant":"acme","v":1}"#,
        "856f4a835d8b954201390010049e6c7ac4fc0be6d30c16197412df06010100000005151034014202560270027e066669656c647307656e747269657302020002000200",
    );
}

#[test]
fn the_genesis_of_a_customer_is_these_bytes() {
    fixed(
        customer("C-1"),
        r#"{"customer":"C-1","kind":"customer","tenant":"acme","v":1}"#,
        "856f4a83af05b8dd01390010d7b2a75686679712ba7c7c6bc02c23a2010100000005151034014202560270027e066669656c647307656e747269657302020002000200",
    );
}

#[test]
fn the_genesis_of_an_asset_is_these_bytes() {
    fixed(
        asset("A-1"),
        r#"{"asset":"A-1","kind":"asset","tenant":"acme","v":1}"#,
        "856f4a83265ee34301390010b2b1a67e397b20b4d6160e4f16fdc083010100000005151034014202560270027e066669656c647307656e747269657302020002000200",
    );
}

#[test]
fn plain_automerge_makes_the_same_genesis() {
    let header = order("1");
    let mut doc = automerge::Automerge::new().with_actor(genesis_actor(&header).into());
    let mut making = doc.transaction();
    for (name, op) in [("fields", FIELDS), ("entries", ENTRIES)] {
        let container = making.put_object(automerge::ROOT, name, automerge::ObjType::Map).unwrap();
        assert!(matches!(container, automerge::ObjId::Id(number, ..) if number == op));
    }
    making.commit_with(CommitOptions::default().with_time(0));
    assert_eq!(doc.get_last_local_change().unwrap().raw_bytes(), genesis(&header));
}

#[test]
fn a_draft_is_written_as_plain_automerge_writes_it() {
    let header = order("1");
    let mut phone = Phone::new(1, &header);
    let mut doc = automerge::Automerge::new().with_actor(phone.actor.into());
    doc.apply_changes([automerge::Change::try_from(&genesis(&header)[..]).unwrap()]).unwrap();
    for value in ["a", "b"] {
        let draft = phone.draft(&[set("remark", value), follow_up("x")]);
        let ours = phone.page.write(phone.actor, &draft).unwrap();
        let mut writing = doc.transaction();
        for (container, puts) in [(FIELDS, draft.fields), (ENTRIES, keyed(draft.entries))] {
            let container = automerge::ObjId::Id(container, genesis_actor(&header).into(), 0);
            puts.into_iter().for_each(|(key, text)| writing.put(&container, key, text).unwrap());
        }
        writing.commit_with(CommitOptions::default().with_time(0));
        assert_eq!(hex::encode(doc.get_last_local_change().unwrap().raw_bytes()), hex::encode(ours.raw));
    }
}

fn keyed(entries: Vec<(outpost_model::id::EntryId, String)>) -> Vec<(String, String)> {
    entries.into_iter().map(|(id, text)| (id.to_string(), text)).collect()
}

#[test]
fn any_automerge_client_reads_the_same_page() {
    let mut phone = Phone::new(1, &order("1"));
    phone.log(&[set("remark", "漏水"), follow_up("x")]);
    let doc = automerge::Automerge::load(&phone.page.snapshot()).unwrap();
    let read = serde_json::to_value(automerge::AutoSerde::from(&doc)).unwrap();
    assert_eq!(read["fields"]["remark"], "漏水");
    assert_eq!(read["entries"].as_object().unwrap().len(), 2);
}
