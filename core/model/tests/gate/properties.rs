//! Properties of honest phones, over random days: whatever they write, whenever they meet, in whatever order changes
//! arrive, nothing of it is refused, all end on the same page, and the index knows what automerge knows.

use crate::crew::*;
use automerge::{Automerge, Change, ReadDoc};
use outpost_model::admission::{PageIndex, Verdict};
use outpost_model::header::Header;
use outpost_model::id::{EntryId, Hash};
use outpost_model::page::{FIELDS, genesis, genesis_actor};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Clone)]
enum Step {
    Log {
        who: usize,
        notes: usize,
        fields: Vec<(usize, u8)>,
    },
    Pull {
        who: usize,
        from: usize,
    },
    /// The phone's store comes back from a backup: an earlier page, and a new actor.
    Restore {
        who: usize,
    },
    /// A refused command is replayed at the heads that it saw, under a new actor.
    Replay {
        who: usize,
        seen: usize,
        field: usize,
    },
}

const PHONES: usize = 4;
const NAMES: [&str; 3] = ["remark", "caller", "phone"];

fn step() -> impl Strategy<Value = Step> {
    let fields = proptest::collection::vec((0..NAMES.len(), 0..3_u8), 0..3);
    prop_oneof![
        5 => (0..PHONES, 0..3_usize, fields).prop_map(|(who, notes, fields)| Step::Log { who, notes, fields }),
        4 => (0..PHONES, 0..PHONES).prop_map(|(who, from)| Step::Pull { who, from }),
        1 => (0..PHONES).prop_map(|who| Step::Restore { who }),
        1 => (0..PHONES, any::<usize>(), 0..NAMES.len()).prop_map(|(who, seen, field)| Step::Replay { who, seen, field }),
    ]
}

fn live(header: &Header, steps: &[Step]) -> Vec<Phone> {
    let mut phones: Vec<Phone> = (1..=PHONES as u32).map(|number| Phone::new(number, header)).collect();
    let mut backups = phones.clone();
    let mut fresh = 100;
    for step in steps {
        fresh += 1;
        match step {
            Step::Log { who, notes, fields } => {
                let mut bodies = vec![follow_up("note"); *notes];
                let chosen: BTreeMap<_, _> = fields.iter().copied().collect();
                bodies.extend(chosen.into_iter().map(|(name, value)| set(NAMES[name], &format!("v{value}"))));
                if !bodies.is_empty() {
                    backups[*who] = phones[*who].clone();
                    phones[*who].log(&bodies);
                }
            }
            Step::Pull { who, from } => {
                let other = phones[*from].clone();
                phones[*who].pull(&other);
            }
            Step::Restore { who } => {
                // What the lost store had sent survives elsewhere; what it hadn't is nowhere but there.
                let lost = phones[*who].clone();
                phones[(*who + 1) % PHONES].pull(&lost);
                phones[*who] = Phone { number: fresh, actor: actor(fresh), n: 0, ..backups[*who].clone() };
            }
            Step::Replay { who, seen, field } => {
                let phone = &mut phones[*who];
                let known: Vec<Hash> = phone.index.changes().map(|row| row.hash).collect();
                if known.is_empty() {
                    continue;
                }
                let draft = phone.draft(&[set(NAMES[*field], "replayed")]);
                let written = phone.page.clone().write_at(actor(fresh), &[known[seen % known.len()]], &draft).unwrap();
                let device = phone.device.clone();
                assert!(phone.take(&written.raw, &device).unwrap());
            }
        }
    }
    phones
}

/// All that an index says of a page, without the order of arrival.
#[derive(Debug, PartialEq)]
struct Said {
    heads: Vec<Hash>,
    changes: BTreeSet<Hash>,
    entries: BTreeMap<EntryId, (Hash, String)>,
    values: Vec<BTreeSet<(String, Hash)>>,
}

fn said(index: &PageIndex) -> Said {
    let entries = index.entries().map(|row| (row.id, (row.change, row.entry.canonical().unwrap())));
    let values = |field: &&str| index.values(field).map(|row| (row.value.to_owned(), row.change)).collect();
    Said {
        heads: index.heads(),
        changes: index.changes().map(|row| row.hash).collect(),
        entries: entries.collect(),
        values: NAMES.iter().map(values).collect(),
    }
}

/// The page as plain automerge has it.
fn plain(phone: &Phone) -> Automerge {
    let mut doc = Automerge::new();
    let raws = [genesis(phone.index.header())].into_iter().chain(phone.raws.iter().map(|(raw, _)| raw.clone()));
    doc.apply_changes(raws.map(|raw| Change::try_from(&raw[..]).unwrap()).collect::<Vec<_>>()).unwrap();
    doc
}

fn check_values(phone: &Phone) {
    let doc = plain(phone);
    let fields = automerge::ObjId::Id(FIELDS, genesis_actor(phone.index.header()).into(), 0);
    for field in NAMES {
        let theirs = doc.get_all(&fields, field).unwrap().into_iter();
        let theirs = theirs.map(|(value, id)| (value.into_string().unwrap(), doc.hash_for_opid(&id).unwrap().into()));
        let ours: BTreeSet<_> = phone.index.values(field).map(|row| (row.value.to_owned(), row.change)).collect();
        assert_eq!(ours, theirs.collect::<BTreeSet<(String, Hash)>>(), "{field}");
        let places = |change: Hash| phone.index.changes().position(|row| row.hash == change);
        assert!(phone.index.values(field).map(|row| places(row.change)).is_sorted());
    }
}

fn check_ancestry(phone: &Phone) {
    let doc = plain(phone);
    let all: Vec<Hash> = doc.get_changes(&[]).iter().map(|change| change.hash().into()).collect();
    for head in &all {
        let (mut ancestors, mut queue) = (BTreeSet::new(), vec![*head]);
        while let Some(hash) = queue.pop() {
            if ancestors.insert(hash) {
                let meta = doc.get_change_meta_by_hash(&hash.into()).unwrap();
                queue.extend(meta.deps.iter().map(|dep| Hash::from(*dep)));
            }
        }
        for change in &all {
            assert_eq!(phone.index.covers(&[*head], change), ancestors.contains(change));
        }
    }
    assert!(all.iter().all(|change| phone.index.covers(&phone.index.heads(), change)));
    assert!(!phone.index.covers(&[Hash([9; 32])], &all[0]) && !phone.index.covers(&all, &Hash([9; 32])));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn whatever_phones_write_apart_comes_together(steps in proptest::collection::vec(step(), 1..40)) {
        let mut phones = live(&order("p"), &steps);
        for round in 0..2 {
            for who in 0..PHONES {
                let other = phones[(who + 1 + round) % PHONES].clone();
                phones[who].pull(&other);
                let third = phones[(who + 2) % PHONES].clone();
                phones[who].pull(&third);
            }
        }
        for phone in &phones {
            prop_assert_eq!(phone.heads(), phones[0].heads());
            prop_assert_eq!(said(&phone.index), said(&phones[0].index));
            check_values(phone);
        }
        check_ancestry(&phones[0]);
    }

    #[test]
    fn the_order_of_arrival_makes_no_difference(
        steps in proptest::collection::vec(step(), 1..30), order_of in any::<u64>()
    ) {
        let phones = live(&order("q"), &steps);
        let phone = &phones[0];
        let mut waiting = phone.raws.clone();
        waiting.sort_by_key(|(raw, _)| Hash::of(&[&order_of.to_be_bytes()[..], raw].concat()));
        let mut index = PageIndex::new(phone.index.header().clone());
        while !waiting.is_empty() {
            let before = waiting.len();
            waiting.retain(|(raw, device)| match index.examine(raw, device) {
                Ok(examined) => {
                    assert!(examined.fits(&index));
                    index.admit(examined);
                    false
                }
                Err(Verdict::Needs(_)) => true,
                Err(verdict) => panic!("honest changes are never refused: {verdict:?}"),
            });
            prop_assert!(waiting.len() < before);
        }
        prop_assert_eq!(said(&index), said(&phone.index));
    }
}
