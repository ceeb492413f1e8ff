//! A row that comes back after the log was put back to an earlier time: taken word for word, under its own envelope,
//! at a new place of the log. Its code proves that it was in the log once, so rights aren't asked for again; the gate
//! is, as for everything that stands on a page. A decision that was taken anew meanwhile stands.

use super::{Stop, Taking, denial_of};
use crate::relay::book::header_of;
use crate::relay::row::Row;
use crate::relay::{log, records};
use crate::store::StoreError;
use outpost_model::admission::Verdict as Gate;
use outpost_model::command::{Command, Place};
use outpost_model::decision::Pins;
use outpost_model::envelope::Envelope;
use outpost_model::header::Header;
use outpost_model::judge::Denial;
use outpost_model::problem::Code;
use outpost_model::wire::{Content, Verdict};

use super::Halt;

impl Taking<'_> {
    /// A row whose code was found to be ours.
    pub(in crate::relay) fn take_back(&mut self, header: Option<&Header>, row: Row) -> Result<Verdict, Halt> {
        if let Some(known) = log::find(self.book.db(), &self.book.tenant, row.page, &row.hash)? {
            return Ok(Verdict::AlreadyHad(known.envelope));
        }
        let page = row.page;
        let taken = match &row.content {
            Content::Change(raw) => self.change_back(header, page, raw, row.envelope.clone()),
            Content::Decision(command, pins) => self.decision_back(header, &row, command, pins),
        };
        match taken {
            Ok(verdict) => Ok(verdict),
            Err(Stop::Halt(halt)) => Err(halt),
            Err(Stop::Refused(denial)) => {
                self.book.forget_if_empty(page);
                Ok(self.refusal(denial))
            }
        }
    }

    fn change_back(
        &mut self,
        header: Option<&Header>,
        page: outpost_model::id::PageId,
        raw: &[u8],
        envelope: Envelope,
    ) -> Result<Verdict, Stop> {
        let Some(header) = header.filter(|header| header.page() == page) else {
            return Err(refused(Code::PageMismatch, format!("{page}: its header isn't named")));
        };
        self.book.meet_page(header)?.map_err(Stop::Refused)?;
        let hot = self.book.expect_page(page)?;
        let examined = match hot.index.examine(raw, &envelope.device) {
            Ok(examined) => examined,
            Err(Gate::AlreadyHad { hash }) => {
                let known = hot.envelope(&hash).cloned();
                let known = known.ok_or_else(|| StoreError::damaged(format!("change {hash} has no envelope")))?;
                return Ok(Verdict::AlreadyHad(known));
            }
            Err(Gate::Needs(hashes)) => return Ok(Verdict::Needs(hashes)),
            Err(Gate::Refused(refusal)) => return Err(Stop::Refused(denial_of(&refusal))),
        };
        drop(hot);
        let tried = self.try_on(page, &examined)?;
        let envelope = self.book.append_change(page, examined, envelope)?;
        if let Some(doc) = tried {
            self.book.with_page(page, |hot| hot.set_doc(doc))?;
        }
        Ok(Verdict::Admitted(envelope))
    }

    fn decision_back(&mut self, header: Option<&Header>, row: &Row, source: &str, pins: &str) -> Result<Verdict, Stop> {
        let command = Command::parse(source).map_err(|fault| refused(Code::BadCommand, fault.to_string()))?;
        let pins: Pins = serde_json::from_str(pins).map_err(|fault| refused(Code::BadCommand, fault.to_string()))?;
        let place = command.ask.place(&self.book.tenant, &row.envelope.user);
        if place.page(&self.book.tenant) != row.page {
            return Err(refused(Code::PageMismatch, row.page.to_string()));
        }
        if records::seq_of(self.book.db(), &self.book.tenant, command.id)?.is_some() {
            return Err(refused(Code::CommandReused, command.id.to_string()));
        }
        self.stands_over_what_came_later(row, &command)?;
        if let Place::Page(page) = place {
            let header = header_of(&command.ask, &self.book.tenant).or(header.cloned());
            match header.filter(|header| header.page() == page) {
                Some(header) => self.book.meet_page(&header)?.map_err(Stop::Refused)?,
                None if self.book.page(page)?.is_some() => {}
                None => return Err(refused(Code::PageMismatch, format!("{page}: its header isn't named"))),
            }
        }
        let ask = command.ask.clone();
        let envelope = self.book.append_decision(command, source.to_owned(), pins, row.envelope.clone())?;
        self.settle_device(&ask)?;
        Ok(Verdict::Admitted(envelope))
    }

    /// Whoever decided the same question after the log was put back didn't know of this one; his word is the later.
    fn stands_over_what_came_later(&self, row: &Row, command: &Command) -> Result<(), Stop> {
        let received = |envelope: &Envelope| envelope.admitted.map(|admitted| admitted.received);
        let Some(latest) = self.book.latest_on(row.page, &command.question())? else { return Ok(()) };
        if received(&latest.envelope) <= received(&row.envelope) {
            return Ok(());
        }
        let by = Some((latest.by().clone(), latest.at()));
        Err(Stop::Refused(Denial { code: Code::Superseded, detail: latest.command.ask.name().to_owned(), by }))
    }
}

fn refused(code: Code, detail: String) -> Stop {
    Stop::Refused(Denial::new(code, detail))
}
