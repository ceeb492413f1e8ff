//! What must hold at rest, whatever happened. Each rule has a number; what breaks it is said in a sentence.
//!
//! - C1 Every page that a phone holds by grant is the server's, row by row, envelope by envelope.
//! - C2 Everything captured is admitted, or in quarantine with a code; lost and forgotten work apart.
//! - C3 What was once acknowledged is still in the log.
//! - C4 Phone and server fold what both hold to the same facts.
//! - C5 The sums agree.
//! - C6 Each command was taken at most once, under whatever id.
//! - C7 Nobody's phone holds what he may not see, nor lacks what he may.
//! - C8 The store is what its log says.
//! - M1–M5 What the relay answered and took is what the model of it would have ([`crate::reference`]).
//! - C9 An honest phone is never refused for the form of what it wrote.

mod captured;
mod facts;
mod held;

use crate::cast;
use crate::log_book::LogBook;
use crate::sight::Sight;
use crate::world::World;
use outpost_device::report::SyncReport;
use outpost_model::id::{DeviceId, UserId};
use outpost_server::verify::verify;
use std::collections::BTreeSet;

/// What all checks read.
struct Inspection<'a> {
    book: &'a LogBook,
    sight: &'a Sight,
    troubles: Vec<String>,
}

/// A phone, as the checks see it.
struct Subject {
    place: usize,
    name: &'static str,
    device: DeviceId,
    user: UserId,
}

impl World {
    /// Everything that doesn't hold.
    pub fn inspect(&mut self, last: &[Option<SyncReport>]) -> Vec<String> {
        self.hq.catch_up();
        let relay = self.hq.relay();
        let book = LogBook::read(&relay);
        self.hq.reference.compare(&book.rows);
        let people: BTreeSet<UserId> = self.phones.iter().map(|phone| cast::user(phone.owner)).collect();
        let sight = Sight::over(&book, &people.into_iter().collect::<Vec<_>>());
        let mut inspection = Inspection { book: &book, sight: &sight, troubles: book.troubles.clone() };
        let report = verify(relay.store()).expect("the store can be verified");
        inspection.troubles.extend(report.differences().map(|difference| format!("C8 {difference}")));
        inspection.acknowledged(&self.ledger);
        inspection.commands(&self.ledger);
        for (place, last) in last.iter().enumerate() {
            let phone = &mut self.phones[place];
            let subject =
                Subject { place, name: phone.name, device: cast::device(phone.name), user: cast::user(phone.owner) };
            let revoked = phone.revoked;
            let db = phone.open_store();
            if revoked && self.put_back {
                // It may hold rows of the time that was lost: nobody can ask for them any more.
                continue;
            }
            inspection.seen(&subject, db.read());
            if revoked {
                continue;
            }
            if let Some(report) = last.as_ref().filter(|report| !report.disagreeing.is_empty()) {
                inspection.troubles.push(format!("C5 {}: {:?}", subject.name, report.disagreeing));
            }
            inspection.held(&subject, db.read());
            inspection.captured(&subject, &self.ledger, db.read(), phone.installed);
            for code in inspection.refused(&subject, db.read()) {
                self.ledger.tally.count(&format!("in quarantine as {code}"), 1);
            }
            inspection.facts(&subject, self.phones[place].device(), &relay, db.read());
        }
        self.ledger.tally.count("rows admitted", book.rows.len() as u64);
        let mut troubles = std::mem::take(&mut self.ledger.troubles);
        troubles.append(&mut self.hq.reference.troubles);
        troubles.append(&mut inspection.troubles);
        troubles
    }
}
