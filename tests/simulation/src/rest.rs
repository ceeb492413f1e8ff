//! The end of a history: the network is good, late requests arrive, everybody who is still in the company syncs until
//! nothing moves any more.

use crate::world::World;
use outpost_device::report::{Outcome, SyncReport};
use outpost_model::time::Millis;

/// Rounds in which everything must come to rest.
const MOST_ROUNDS: usize = 8;

impl World {
    /// Brings everybody to rest; the last report of each phone that is still in use.
    pub fn rest(&mut self) -> Vec<Option<SyncReport>> {
        self.hq.mend();
        self.hq.set_skew(0);
        self.bury();
        for phone in &mut self.phones {
            phone.cut_off = false;
            phone.dies_after(0);
            phone.refuses_after(0);
            phone.disk.lives();
            phone.disk.free();
        }
        for call in std::mem::take(&mut self.late) {
            self.deliver(&call);
        }
        self.reinstate();
        let mut last = vec![None; self.phones.len()];
        for round in 0..MOST_ROUNDS {
            // What was put off may go again.
            self.hq.clock.advance(Millis::hours(1));
            let mut moved = false;
            for (phone, last) in last.iter_mut().enumerate() {
                let report = self.sync_well(phone);
                if let Some(report) = &report {
                    moved |= self.has_moved(phone, report);
                }
                *last = report;
            }
            if !moved && round > 0 {
                return last;
            }
        }
        self.ledger.troubles.push(format!("C0 after {MOST_ROUNDS} rounds something still moves: {last:?}"));
        last
    }

    fn has_moved(&mut self, phone: usize, report: &SyncReport) -> bool {
        let name = self.phones[phone].name;
        match (&report.outcome, self.phones[phone].revoked) {
            (Outcome::Settled, false) => report.tally.sent + report.tally.rows + report.tally.withdrawn > 0,
            // After the log was put back the relay may never have heard of a phone that was lost meanwhile.
            (Outcome::Revoked | Outcome::TurnedAway(_), true) => false,
            (outcome, revoked) => {
                let trouble = format!("C0 {name} (revoked: {revoked}) ended with {outcome:?} on a good network");
                if !self.ledger.troubles.contains(&trouble) {
                    self.ledger.troubles.push(trouble);
                }
                false
            }
        }
    }
}
