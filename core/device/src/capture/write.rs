//! What is logged on a page: all entries and field values of one write become one change.

use super::{Capture, needs};
use crate::act::{Log, Write};
use crate::desk::PhoneDesk;
use crate::error::CaptureError;
use crate::store::outbox::{Intent, NewStep, StepKind};
use crate::store::{Stored, outbox, pages, proofs, unreadable};
use outpost_model::entry::{Body, Entry};
use outpost_model::header::Header;
use outpost_model::id::{EntryId, Hash, PageId};
use outpost_model::judge::may_log;
use outpost_model::page::{Draft, NotWritten};

impl Capture<'_> {
    pub(super) fn write(&mut self, write: Write) -> Result<(), CaptureError> {
        let Write { header, entries } = write;
        self.check_header(&header)?;
        let page = header.page();
        let entries = entries.into_iter().map(|log| self.entry(&header, log)).collect::<Result<Vec<_>, _>>()?;
        if self.checked {
            self.check_rights(&header, &entries)?;
        }
        let (intent, pinned) = self.intent(&header, &entries)?;
        let draft = Draft { entries: intent.entries.clone(), fields: intent.fields.clone() };
        let actor = self.actor(page)?;
        let open = self
            .shelf
            .open(self.db, &self.identity.owner, page)?
            .ok_or_else(|| unreadable("a page whose header was just told"))?;
        let written = open.write(self.db, &self.identity.owner, actor, None, &draft)?.map_err(not_written)?;
        open.note_heads(self.db, page)?;
        let mut needs = needs::of_change(self.db, &header, &intent.heads, &pinned)?;
        // Within one act, what is logged rests on what was asked.
        if let Some(command) = self.command
            && !needs.contains(&command)
        {
            needs.push(command);
            needs.sort_unstable();
        }
        let step = NewStep {
            act: self.first,
            page,
            name: entries.first().map_or("set", |(_, entry)| entry.body.name()).to_owned(),
            at: self.stamp.clock,
            kind: StepKind::Change,
            hash: written.hash,
            content: written.raw,
            intent: Some(intent),
            needs,
            origin: None,
        };
        let no = outbox::append(self.db, &step)?;
        self.first.get_or_insert(no);
        pages::set_own(self.db, page)?;
        self.captured.entries.extend(entries.iter().map(|(id, _)| *id));
        self.captured.changes.push(written.hash);
        self.touched.pages.insert(page);
        Ok(())
    }

    fn entry(&mut self, header: &Header, log: Log) -> Result<(EntryId, Entry), CaptureError> {
        let id = log.id.unwrap_or_else(|| {
            let (millis, random) = self.host.id_parts();
            EntryId::v7(millis, random)
        });
        let entry = Entry { body: log.body, evidence: self.stamp.evidence(), replaces: log.replaces, at: log.at };
        entry.check(header.kind())?;
        Ok((id, entry))
    }

    fn check_rights(&mut self, header: &Header, entries: &[(EntryId, Entry)]) -> Result<(), CaptureError> {
        let (db, identity) = (self.db, self.identity);
        let desk = PhoneDesk::new(db, self.shelf, &identity.owner, &identity.tenant, self.stamp.clock)?;
        let Some(actor) = desk.actor()? else { return Ok(()) };
        match may_log(header, entries, &actor, &desk) {
            Err(denial) if !desk.is_blind(denial.code, header.page())? => Err(denial.into()),
            _ => Ok(()),
        }
    }

    /// What is to be written, at which heads; and the heads that it pins on its order's page.
    fn intent(&mut self, header: &Header, entries: &[(EntryId, Entry)]) -> Result<(Intent, Vec<Hash>), CaptureError> {
        let page = header.page();
        pages::know(self.db, page, Some(header))?;
        let open = self.shelf.open(self.db, &self.identity.owner, page)?;
        let heads = open.map(|open| open.index().heads()).unwrap_or_default();
        let mut intent = Intent { entries: Vec::new(), fields: Vec::new(), heads };
        let mut pinned = Vec::new();
        for (id, entry) in entries {
            intent.entries.push((*id, entry.canonical()?));
            match &entry.body {
                Body::Set { field, value } => intent.fields.push((field.clone(), value.clone())),
                Body::Sign(signature) => {
                    pinned.extend(&signature.order_heads);
                    proofs::want(self.db, page, *id)?;
                }
                _ => {}
            }
        }
        Ok((intent, pinned))
    }

    /// The actor under which this phone writes on that page: random, made at its first change.
    fn actor(&mut self, page: PageId) -> Stored<[u8; 16]> {
        if let Some(actor) = pages::actor(self.db, page)? {
            return Ok(actor);
        }
        let actor = self.host.random();
        pages::set_actor(self.db, page, actor, self.stamp.epoch)?;
        Ok(actor)
    }
}

pub(crate) fn not_written(fault: NotWritten) -> CaptureError {
    match fault {
        NotWritten::Empty => CaptureError::NothingToLog,
        NotWritten::TooMuch => CaptureError::TooMuch,
        NotWritten::Twice => CaptureError::NamedTwice,
        NotWritten::EntryExists(id) => CaptureError::IdTaken(id),
        NotWritten::UnknownField(field) => unreadable(format!("a field that was checked: {field}")).into(),
        NotWritten::GenesisActor | NotWritten::OwnPreviousMissing => unreadable("an actor that isn't ours").into(),
        NotWritten::Page(fault) => unreadable(fault).into(),
    }
}
