//! Long random histories: captures, lost answers, kills, refusals, delays, restores and other people's work. Whatever
//! happens, what was captured ends at the server or in quarantine, once, and phone and server agree on their sums.

use crate::capture::{open_order, set};
use crate::quarantine::glass;
use crate::relay::{Relay, refused};
use crate::rig::{Dice, Rig, START, order, visit};
use crate::sync::others_set;
use outpost_device::act::Act;
use outpost_device::device::Device;
use outpost_model::entry::{Body, VisitResult};
use outpost_model::id::EntryId;
use outpost_model::problem::Code;
use outpost_model::wire::{Content, Item, Verdict};
use std::collections::BTreeSet;

struct Season {
    rig: Rig,
    relay: Relay,
    device: Option<Device>,
    dice: Dice,
    /// Entries that must not be lost.
    captured: BTreeSet<EntryId>,
    backup: Option<BTreeSet<EntryId>>,
    opened: u32,
    others: u64,
}

impl Season {
    fn new(seed: u64) -> Self {
        let rig = Rig::engineer();
        let device = Some(rig.open());
        let dice = Dice(seed.wrapping_mul(0x5851_f42d_4c95_7f2d));
        let relay = Relay::new(START);
        Self { rig, relay, device, dice, captured: BTreeSet::new(), backup: None, opened: 0, others: 0 }
    }

    fn roll(&mut self, sides: u32) -> u32 {
        self.dice.roll(sides)
    }

    fn device(&mut self) -> &mut Device {
        let rig = &self.rig;
        self.device.get_or_insert_with(|| rig.open())
    }

    fn there(&self) -> BTreeSet<EntryId> {
        self.relay.pages.values().flat_map(|index| index.entries().map(|row| row.id)).collect()
    }

    fn capture(&mut self) {
        let name = format!("WO-{}", self.roll(3));
        let value = format!("{}", self.roll(1_000));
        let act = match self.roll(8) {
            0 => {
                self.opened += 1;
                open_order(&format!("WO-{}", self.opened))
            }
            1 => Act::logging(visit(&name), Body::Depart {}),
            2 => Act::logging(visit(&name), Body::Arrive { place: None }),
            3 => Act::logging(visit(&name), Body::Leave { result: VisitResult::Fixed }),
            4 => self.device().signing(glass(&name)).unwrap(),
            5 => Act::default().and(order(&name), [set("caller", &value).into(), set("phone", &value).into()]),
            _ => Act::logging(order(&name), set("remark", &value)),
        };
        let captured = self.device().capture(act).unwrap();
        self.captured.extend(captured.entries);
    }

    fn sync(&mut self) {
        let (bad, late, lost) = (self.roll(4) == 0, self.roll(6) == 0, self.roll(4) == 0);
        let (nth, code) = (self.roll(5), self.roll(5) as usize);
        let mut count = 0;
        self.relay.word = Some(Box::new(move |_, _| {
            count += 1;
            match count - 1 == nth {
                true if bad => Some(refused(
                    [Code::ActorTaken, Code::ChecksumWrong, Code::NotAllowed, Code::BadChange, Code::SawUnknown][code],
                    "",
                )),
                true if late => Some(Verdict::Deferred(Code::ServerBusy.into(), 120_000)),
                _ => None,
            }
        }));
        self.relay.room = 2 + self.roll(30) as usize;
        self.relay.loses_answers = lost;
        let mut relay = std::mem::replace(&mut self.relay, Relay::new(START));
        let report = self.device().sync(&mut relay).unwrap();
        self.relay = relay;
        assert!(report.tally.requests < 60, "a sync that doesn't end: {report:?}");
        assert!(lost || report.is_settled() && report.disagreeing.is_empty(), "{report:?}");
    }

    fn turn(&mut self) {
        self.rig.watch.pass(30_000);
        match self.roll(20) {
            0..10 => self.capture(),
            10..15 => self.sync(),
            15 | 16 => {
                self.others += 1;
                let name = format!("WO-{}", self.roll(3));
                let (n, value) = (self.others, format!("theirs {}", self.others));
                self.relay.other_logs(&order(&name), &others_set(n, "remark", &value), [200; 16]);
            }
            // Killed, nothing closed.
            17 => std::mem::forget(self.device.take()),
            18 => {
                self.device = None;
                let copy = self.rig.folder.path().join("copy");
                let _ = std::fs::remove_dir_all(&copy);
                self.rig.backup(&copy);
                self.backup = Some(self.captured.clone());
            }
            _ => {
                if let Some(held) = self.backup.clone() {
                    self.device = None;
                    self.rig.restore(&self.rig.folder.path().join("copy"));
                    // What was captured since and never reached the server is gone with the phone that held it.
                    let there = self.there();
                    self.captured.retain(|id| held.contains(id) || there.contains(id));
                }
            }
        }
    }

    fn close(mut self, seed: u64) {
        self.relay.word = None;
        self.relay.loses_answers = false;
        self.rig.watch.pass(3_600_000);
        let mut relay = std::mem::replace(&mut self.relay, Relay::new(START));
        let report = self.device().sync(&mut relay).unwrap();
        self.relay = relay;
        assert!(report.is_settled() && report.disagreeing.is_empty(), "seed {seed}: {report:?}");
        let quarantine = self.device().quarantine().unwrap();
        let held: BTreeSet<EntryId> = quarantine
            .iter()
            .filter_map(|held| held.intent.as_ref())
            .flat_map(|intent| intent.entries.iter().map(|(id, _)| *id))
            .collect();
        let there = self.there();
        let lost: Vec<_> = self.captured.iter().filter(|id| !there.contains(id) && !held.contains(id)).collect();
        assert!(lost.is_empty(), "seed {seed}: lost {lost:?}; {quarantine:?}");
        let state = self.device().sync_state().unwrap();
        assert_eq!((state.kept, state.sending, state.deferred), (0, 0, 0), "seed {seed}");
        let mut hashes = BTreeSet::new();
        for item in &self.relay.log {
            if let Item::Row(row) = item
                && let Content::Change(_) = row.content
            {
                assert!(hashes.insert(row.content_hash()), "seed {seed}: a row twice");
            }
        }
        // A phone that begins anew reads the same.
        let mut orders = self.device().orders().unwrap();
        let other = Rig::engineer();
        let mut fresh = other.open();
        assert!(fresh.sync(&mut self.relay).unwrap().disagreeing.is_empty(), "seed {seed}");
        let mut read = fresh.orders().unwrap();
        orders.sort_by_key(|item| item.facts.page);
        read.sort_by_key(|item| item.facts.page);
        assert_eq!(orders, read, "seed {seed}");
    }
}

#[test]
fn whatever_happens_nothing_is_lost_and_everybody_reads_the_same() {
    for seed in 0..12 {
        let mut season = Season::new(seed);
        for _ in 0..150 {
            season.turn();
        }
        season.close(seed);
    }
}
