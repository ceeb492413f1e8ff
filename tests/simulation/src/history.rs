//! One history: a list of deeds drawn from a seed, played, brought to rest and inspected. Each deed has chance of its
//! own, so that a list stays playable when deeds are struck from it, and a failing history can be made short.

use crate::dice::Dice;
use crate::platform::Died;
use crate::tally::Tally;
use crate::world::World;
use outpost_model::time::Millis;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind, set_hook, take_hook};
use std::sync::Once;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// First of all: a few phones that have heard of the first calls, rather than six that have just been unpacked.
    SmallCompany,
    Morning,
    Work,
    /// Past the app's own check.
    Trespass,
    Sync,
    SyncWell,
    Desk,
    Administer,
    TimePasses,
    ClockSet,
    PhoneDies,
    /// Somewhere inside the next steps.
    DiesInside,
    /// Keystore or send counter fail once.
    PlatformFails,
    /// The disk under the store fails in its next steps.
    PhoneDiskDies,
    PhoneFills,
    RelayDies,
    RelayDiskDies,
    RelayFills,
    RoomAgain,
    RelayClockSet,
    RelayBackUp,
    RelayRestored,
    /// More is written than one answer holds.
    Fill,
    LateRequest,
    CutOff,
    BackUp,
    Restore,
    Revoke,
    EnrolAnew,
    Reinstall,
    Forge,
}

const DAYS: [(usize, Deed); 29] = [
    (320, Deed::Work),
    (30, Deed::Trespass),
    (170, Deed::Sync),
    (70, Deed::SyncWell),
    (190, Deed::Desk),
    (60, Deed::Administer),
    (60, Deed::TimePasses),
    (20, Deed::ClockSet),
    (15, Deed::PhoneDies),
    (40, Deed::DiesInside),
    (10, Deed::PlatformFails),
    (1, Deed::Fill),
    (30, Deed::PhoneDiskDies),
    (12, Deed::PhoneFills),
    (10, Deed::RelayDies),
    (30, Deed::RelayDiskDies),
    (10, Deed::RelayFills),
    (24, Deed::RoomAgain),
    (6, Deed::RelayClockSet),
    (10, Deed::RelayBackUp),
    (8, Deed::RelayRestored),
    (25, Deed::LateRequest),
    (20, Deed::CutOff),
    (18, Deed::BackUp),
    (14, Deed::Restore),
    (6, Deed::Revoke),
    (8, Deed::EnrolAnew),
    (5, Deed::Reinstall),
    (34, Deed::Forge),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    pub deed: Deed,
    pub chance: u64,
}

/// What came of a history.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    pub tally: Tally,
    pub troubles: Vec<String>,
    /// Chain at the end of the log: two plays of one seed end alike.
    pub end: Option<(u64, [u8; 32])>,
}

/// The deeds of a seed. Each seed has a weather of its own, in which three sorts of deeds come four times as often. Of
/// eight seeds seven are small: few phones and few deeds break most of what breaks, and so many more can be played.
pub fn steps(seed: u64) -> Vec<Step> {
    let mut dice = Dice::new(seed);
    let small = !seed.is_multiple_of(8);
    let count = if small { 6 + dice.below(13) } else { 30 + dice.below(51) };
    let mut days = DAYS;
    for _ in 0..3 {
        days[dice.below(DAYS.len())].0 *= 4;
    }
    let company = small.then(|| Step { deed: Deed::SmallCompany, chance: dice.number() });
    let morning = (!small && !dice.one_in(4)).then(|| Step { deed: Deed::Morning, chance: dice.number() });
    let day = (0..count).map(|_| Step { deed: dice.weigh(&days), chance: dice.number() });
    company.into_iter().chain(morning).chain(day).collect()
}

/// Plays them, brings the company to rest, and inspects it. Whoever panics on the way is a trouble, too.
pub fn play(steps: &[Step]) -> Outcome {
    quieten();
    let played = catch_unwind(|| {
        let small = steps.first().filter(|step| step.deed == Deed::SmallCompany);
        let mut world = match small.map(|step| Dice::new(step.chance)) {
            Some(mut dice) => World::settled(2 + dice.below(2), &mut dice),
            None => World::new(),
        };
        for step in steps {
            world.hq.clock.advance(Millis::minutes(1));
            world.live_through(*step);
        }
        let last = world.rest();
        let troubles = world.inspect(&last);
        let end = world.hq.relay().facts(|facts| Ok(facts.end)).ok();
        Outcome { tally: world.ledger.tally.clone(), troubles, end }
    });
    played.unwrap_or_else(|thrown| {
        let said = thrown.downcast_ref::<String>().cloned();
        let said = said.or_else(|| thrown.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        let troubles = vec![format!("C0 somebody panicked: {}", said.unwrap_or_default())];
        Outcome { troubles, ..Outcome::default() }
    })
}

/// Deaths that the history asked for are nothing to print, nor is what automerge says of a forgery while it is
/// being made or tried.
fn quieten() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = take_hook();
        set_hook(Box::new(move |panic| {
            let foreign = panic.location().is_some_and(|place| place.file().contains("automerge"));
            if !foreign && !panic.payload().is::<Died>() {
                usual(panic);
            }
        }));
    });
}

/// A shorter list of deeds that still breaks a rule of the same number.
pub fn minimise(steps: &[Step], rule: &str) -> Vec<Step> {
    let breaks = |steps: &[Step]| play(steps).troubles.iter().any(|trouble| trouble.starts_with(rule));
    let mut kept = steps.to_vec();
    let mut size = kept.len() / 2;
    while size > 0 {
        let mut at = 0;
        while at < kept.len() {
            let mut shorter = kept.clone();
            shorter.drain(at..(at + size).min(kept.len()));
            if breaks(&shorter) {
                kept = shorter;
            } else {
                at += size;
            }
        }
        size /= 2;
    }
    kept
}

impl World {
    /// A phone whose process dies in the middle is switched off; everybody else lives on.
    pub fn live_through(&mut self, step: Step) {
        let died = match catch_unwind(AssertUnwindSafe(|| self.perform(step))) {
            Ok(()) => return,
            Err(thrown) => thrown,
        };
        if !died.is::<Died>() {
            resume_unwind(died);
        }
        self.bury();
    }

    /// Switches off whoever died inside a step: known by his fuse or his disk alone.
    pub fn bury(&mut self) {
        for phone in 0..self.phones.len() {
            if self.phones[phone].has_died() {
                self.crash_phone(phone);
            }
        }
    }

    fn perform(&mut self, Step { deed, chance }: Step) {
        let mut dice = Dice::new(chance);
        let phone = dice.below(self.phones.len());
        match deed {
            Deed::SmallCompany => {}
            Deed::Morning => self.morning(&mut dice),
            Deed::Work => self.work(phone, &mut dice),
            Deed::Trespass => self.tap(phone, &mut dice, false),
            Deed::Sync => drop(self.sync_badly(phone, &mut dice)),
            Deed::SyncWell if !self.phones[phone].cut_off => drop(self.sync_well(phone)),
            Deed::SyncWell => {}
            Deed::Desk => self.desk(&mut dice),
            Deed::Administer => self.administer(&mut dice),
            Deed::TimePasses => self.hq.clock.advance(Millis::minutes(1 + dice.below(60 * 30) as i64)),
            Deed::ClockSet => self.phones[phone].set_skew(skew(&mut dice)),
            Deed::PhoneDies => self.crash_phone(phone),
            Deed::DiesInside => self.phones[phone].dies_after(1 + dice.below(60)),
            Deed::PlatformFails => self.phones[phone].refuses_after(1 + dice.below(6)),
            Deed::Fill => self.fill(&mut dice),
            Deed::RelayDies => self.crash_relay(),
            Deed::PhoneDiskDies => self.phones[phone].disk.dies_after(1 + dice.below(50) as u64),
            Deed::PhoneFills => self.phones[phone].disk.fills_after(1 + dice.below(30) as u64),
            Deed::RelayDiskDies => self.hq.disk.dies_after(1 + dice.below(120) as u64),
            Deed::RelayFills => self.hq.disk.fills_after(1 + dice.below(60) as u64),
            Deed::RoomAgain => {
                self.hq.disk.free();
                self.phones.iter().for_each(|phone| phone.disk.free());
            }
            Deed::RelayClockSet => self.hq.set_skew(skew(&mut dice)),
            Deed::RelayBackUp => self.back_up_relay(),
            Deed::RelayRestored => self.restore_relay(&mut dice),
            Deed::LateRequest => {
                if !self.late.is_empty() {
                    let call = self.late.remove(dice.below(self.late.len()));
                    self.deliver(&call);
                }
            }
            Deed::CutOff => self.phones[phone].cut_off ^= true,
            Deed::BackUp => {
                self.phones[phone].back_up();
                self.backups[phone] = self.ledger.captured.len();
            }
            Deed::Restore => {
                let saved: Vec<usize> =
                    (0..self.phones.len()).filter(|place| self.phones[*place].has_backup()).collect();
                if let Some(phone) = dice.pick(&saved).copied() {
                    self.phones[phone].restore();
                    let installed = self.phones[phone].installed;
                    self.ledger.forget(phone, installed, self.backups[phone]);
                    self.ledger.tally.count("backups put back", 1);
                }
            }
            Deed::Revoke => self.revoke(phone, &mut dice),
            Deed::EnrolAnew => {
                let revoked = (0..self.phones.len()).find(|place| self.phones[*place].revoked);
                self.enrol_anew(revoked.unwrap_or(phone), &mut dice);
            }
            Deed::Reinstall => {
                self.phones[phone].reinstall();
                self.enrol_anew(phone, &mut dice);
            }
            Deed::Forge => self.forge(&mut dice),
        }
    }
}

/// How far a clock is off: right again, minutes, hours, days, years; fast or slow.
fn skew(dice: &mut Dice) -> i64 {
    let span = match dice.below(5) {
        0 => return 0,
        1 => Millis::minutes(1 + dice.below(120) as i64),
        2 => Millis::hours(1 + dice.below(48) as i64),
        3 => Millis::hours(24 * (1 + dice.below(60) as i64)),
        _ => Millis::hours(24 * 365 * (1 + dice.below(10) as i64)),
    };
    if dice.one_in(2) { span } else { -span }
}
