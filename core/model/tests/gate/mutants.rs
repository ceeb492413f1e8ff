//! Mutants: a hundred thousand changes that are almost right. Whatever of them the gate admits must do no harm: it is
//! applied, saved, reloaded, continued honestly by everybody, and replayed in another order.
//!
//! `OUTPOST_SEED` repeats a run, `OUTPOST_MUTANTS` sets how many.

use crate::crew::*;
use crate::mutator::{Choices, Class, Surroundings, mutate};
use outpost_model::admission::{PageIndex, Verdict};
use outpost_model::header::Header;
use outpost_model::page::{ENTRIES, FIELDS, Page, genesis_actor};
use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::Once;
use std::time::{SystemTime, UNIX_EPOCH};

/// One page, three phones that all know it, and what each would write next.
struct World {
    header: Header,
    phones: Vec<Phone>,
    next: Vec<Vec<u8>>,
    around: Vec<Surroundings>,
}

const FIELD_NAMES: [&str; 3] = ["remark", "caller", "phone"];

fn world(choices: &mut Choices<'_>) -> World {
    let header = order(&choices.below(1_000).to_string());
    let mut phones: Vec<Phone> = (1..4).map(|number| Phone::new(number, &header)).collect();
    // Everybody wrote before, so that actors are bound: a random one can't be guessed before it was seen.
    for turn in 0..3 + choices.below(9) {
        let who = if turn < 3 { turn } else { choices.below(3) };
        let bodies = bodies(choices);
        phones[who].log(&bodies);
        if choices.one_in(2) {
            let other = phones[choices.below(3)].clone();
            phones[who].pull(&other);
        }
    }
    // All meet, the second and third pass on what they got.
    for (to, from) in [(0, 1), (0, 2), (1, 0), (2, 0)] {
        let other = phones[from].clone();
        phones[to].pull(&other);
    }
    let next = phones.iter_mut().map(|phone| {
        let draft = phone.draft(&bodies(choices));
        phone.page.clone().write(phone.actor, &draft).unwrap().raw
    });
    let next: Vec<_> = next.collect();
    let around = (0..3).map(|by| surroundings(&header, &phones[0], &next, by)).collect();
    World { header, phones, next, around }
}

fn bodies(choices: &mut Choices<'_>) -> Vec<outpost_model::entry::Body> {
    let mut bodies: Vec<_> = (0..choices.below(3)).map(|n| follow_up(&format!("note {n}"))).collect();
    let names = &FIELD_NAMES[..choices.below(3)];
    bodies.extend(names.iter().map(|name| set(name, &format!("value {}", choices.below(4)))));
    if bodies.is_empty() { vec![follow_up("only")] } else { bodies }
}

/// All that a page's writers could know: everything on it, and of what isn't there yet, each his own entries.
fn surroundings(header: &Header, phone: &Phone, next: &[Vec<u8>], by: usize) -> Surroundings {
    let mut around = Surroundings {
        ops: vec![(FIELDS, genesis_actor(header)), (ENTRIES, genesis_actor(header))],
        ..Default::default()
    };
    around.hashes.push(Page::begin(header.clone()).heads()[0].0);
    around.actors.push(genesis_actor(header));
    let raws = phone.raws.iter().map(|(raw, _)| raw).chain(next);
    for raw in raws {
        let others = next.contains(raw) && next[by] != *raw;
        let change = automerge::Change::try_from(&raw[..]).unwrap();
        let actor: [u8; 16] = change.actor_id().to_bytes().try_into().unwrap();
        around.hashes.push(change.hash().0);
        around.actors.push(actor);
        for (number, op) in (change.start_op().get()..).zip(change.decode().operations) {
            around.ops.push((number, actor));
            if others {
                continue;
            }
            if let automerge::legacy::Key::Map(key) = &op.key {
                around.keys.push(key.to_string());
            }
            around.texts.extend(op.primitive_value().and_then(|value| value.into_string().ok()));
        }
    }
    around
}

impl World {
    /// What the mutant does to whoever admits it; the error says which promise it broke. It was made of what the
    /// first of `by` would write, and pushed by the second: what becomes of those two is their own affair.
    fn live_with(&self, mutant: &[u8], host: usize, by: [usize; 2], choices: &mut Choices<'_>) -> Result<(), String> {
        let mut phone = self.phones[host].clone();
        let taken = phone.take(mutant, &self.phones[by[1]].device);
        taken.map_err(|verdict| format!("examined, then {verdict:?}"))?;
        // Everybody else writes on: first what was written before the mutant was seen, then on top of it.
        let mut page = phone;
        for other in (0..3).filter(|other| !by.contains(other)) {
            // It may be had already: the mutant may hold the same entries under another actor.
            let before = page.take(&self.next[other], &self.phones[other].device);
            before.map_err(|verdict| format!("an honest change was refused: {verdict:?}"))?;
        }
        for other in (0..3).filter(|other| !by.contains(other)) {
            let Phone { number, device, actor, n, .. } = self.phones[other].clone();
            page = Phone { number, device, actor, n, ..page };
            let bodies = [set("remark", "on"), set("caller", "on"), follow_up("on")];
            page.try_log(&bodies).map_err(|fault| format!("writing on: {fault}"))?;
        }
        Page::load(self.header.clone(), &page.page.snapshot(), &page.heads())
            .map_err(|fault| format!("reload: {fault}"))?;
        self.replay(&page, choices)
    }

    /// The same changes in another order make the same page, for automerge and for the index.
    fn replay(&self, phone: &Phone, choices: &mut Choices<'_>) -> Result<(), String> {
        let mut waiting = phone.raws.clone();
        for place in (1..waiting.len()).rev() {
            waiting.swap(place, choices.below(place + 1));
        }
        let shuffled: Vec<_> = waiting.iter().map(|(raw, _)| raw).collect();
        let page = Page::rebuild(self.header.clone(), &shuffled).map_err(|fault| format!("rebuild: {fault}"))?;
        let mut index = PageIndex::new(self.header.clone());
        while !waiting.is_empty() {
            let before = waiting.len();
            let mut refused = None;
            waiting.retain(|(raw, device)| match index.examine(raw, device) {
                Ok(examined) => {
                    index.admit(examined);
                    false
                }
                Err(Verdict::Needs(_)) => true,
                Err(verdict) => {
                    refused = Some(verdict);
                    false
                }
            });
            if refused.is_some() || waiting.len() == before {
                return Err(format!("another order: {refused:?}"));
            }
        }
        let same_values = FIELD_NAMES.iter().all(|field| {
            let sorted = |index: &PageIndex| {
                let mut values: Vec<_> = index.values(field).map(|row| (row.value.to_owned(), row.change)).collect();
                values.sort();
                values
            };
            sorted(&index) == sorted(&phone.index)
        });
        match page.heads() == phone.heads() && index.heads() == phone.heads() && same_values {
            true => Ok(()),
            false => Err("another order made another page".into()),
        }
    }
}

fn from_environment(name: &str, otherwise: impl FnOnce() -> u64) -> u64 {
    std::env::var(name).map_or_else(|_| otherwise(), |text| text.parse().expect("a number"))
}

#[test]
fn whatever_a_mutant_is_admitted_as_hurts_nobody() {
    let now = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos() as u64;
    let seed = from_environment("OUTPOST_SEED", now);
    let count = from_environment("OUTPOST_MUTANTS", || 100_000);
    println!("OUTPOST_SEED={seed} OUTPOST_MUTANTS={count}");

    let mut choices = Choices::Seeded(seed);
    let mut scene = world(&mut choices);
    let (mut admitted, mut codes, mut by_class) = (0, BTreeMap::<&str, u64>::new(), BTreeMap::<Class, u64>::new());
    for number in 0..count {
        if number % 250 == 0 {
            scene = world(&mut choices);
        }
        let (by, host) = (choices.below(3), choices.below(3));
        let pushed_by = if choices.one_in(10) { choices.below(3) } else { by };
        let (classes, mutant) = quietly(|| mutate(&scene.next[by], &scene.around[by], &mut choices));
        match scene.phones[host].index.examine(&mutant, &scene.phones[pushed_by].device) {
            Ok(_) => {
                admitted += 1;
                classes.iter().for_each(|class| *by_class.entry(*class).or_default() += 1);
                if let Err(broken) = scene.live_with(&mutant, host, [by, pushed_by], &mut choices) {
                    panic!("OUTPOST_SEED={seed}: mutant {number} {classes:?}: {broken}\n{}", hex::encode(&mutant));
                }
            }
            Err(Verdict::Refused(refusal)) => *codes.entry(refusal.code.code()).or_default() += 1,
            Err(Verdict::AlreadyHad { .. }) => *codes.entry("(already had)").or_default() += 1,
            Err(Verdict::Needs(_)) => *codes.entry("(needs)").or_default() += 1,
        }
    }
    println!("{admitted} of {count} admitted: {by_class:?}\nrefused: {codes:?}");
    assert!(admitted > count / 50, "mutants that are all refused prove little");
}

#[test]
fn a_fuzzers_bytes_make_mutants_too() {
    let scene = world(&mut Choices::Seeded(1));
    for first in 0..=255 {
        let bytes: Vec<u8> = (0..60).map(|place: u8| place.wrapping_mul(37) ^ first).collect();
        let (_, mutant) = quietly(|| mutate(&scene.next[0], &scene.around[0], &mut Choices::Given(&bytes)));
        let _ = scene.phones[1].index.examine(&mutant, &scene.phones[0].device);
        live_with_given(&bytes);
    }
}

/// The fuzzer's way in: a mutant by its bytes, pushed by whom they say. Panics where what the gate admits hurts anybody.
#[allow(dead_code)]
pub fn live_with_given(bytes: &[u8]) {
    thread_local! {
        static SCENE: World = world(&mut Choices::Seeded(1));
    }
    SCENE.with(|scene| {
        let mut choices = Choices::Given(bytes);
        let (by, pushed_by, host) = (choices.below(3), choices.below(3), choices.below(3));
        let (classes, mutant) = quietly(|| mutate(&scene.next[by], &scene.around[by], &mut choices));
        if scene.phones[host].index.examine(&mutant, &scene.phones[pushed_by].device).is_ok()
            && let Err(broken) = scene.live_with(&mutant, host, [by, pushed_by], &mut choices)
        {
            panic!("{classes:?}: {broken}\n{}", hex::encode(&mutant));
        }
    });
}

thread_local! {
    static MUTATING: Cell<bool> = const { Cell::new(false) };
}

/// What automerge's own coder panics at while a mutant is made is caught there and of no interest.
fn quietly<T>(work: impl FnOnce() -> T) -> T {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let loud = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !MUTATING.get() {
                loud(info);
            }
        }));
    });
    MUTATING.set(true);
    let done = work();
    MUTATING.set(false);
    done
}
