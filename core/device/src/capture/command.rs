//! What is asked of authority: a command that names what its author saw, durable here until the server has judged it.

use super::{Capture, needs};
use crate::desk::PhoneDesk;
use crate::error::CaptureError;
use crate::store::outbox::{NewStep, StepKind};
use crate::store::{outbox, pages, rows};
use outpost_model::command::{Ask, Command};
use outpost_model::header::{Header, Subject};
use outpost_model::id::{CommandId, Hash, PageId};
use outpost_model::judge::judge;

/// No command names more heads than this.
const MAX_HEADS: usize = 64;

impl Capture<'_> {
    pub(super) fn ask(&mut self, ask: Ask, id: Option<CommandId>) -> Result<(), CaptureError> {
        let tenant = self.identity.tenant.clone();
        let page = ask.place(&tenant, &self.identity.owner.user).page(&tenant);
        let id = id.unwrap_or_else(|| {
            let (millis, random) = self.host.id_parts();
            CommandId::v7(millis, random)
        });
        if let Some(header) = header_of(&ask, &tenant) {
            pages::know(self.db, page, Some(&header))?;
        }
        let question = ask.question(id);
        let mut heads = match self.shelf.open(self.db, &self.identity.owner, page)? {
            Some(open) => open.seen_heads(),
            None => Vec::new(),
        };
        heads.truncate(MAX_HEADS);
        // A decision of another's that came between would be overturned unseen if a command of one's own on another
        // question stood for it: only one on this very question does.
        let after = match needs::asked(self.db, page, &question)? {
            Some((_, own)) => Some(own),
            None => rows::last_decision(self.db, page)?,
        };
        let command = Command { id, ask, evidence: self.stamp.evidence(), heads, after };
        command.check()?;
        if self.checked {
            self.check_command(&command, page)?;
        }
        let text = command.canonical()?;
        let needs = needs::of_command(self.db, page, &command.heads, &question)?;
        let step = NewStep {
            act: self.first,
            page,
            name: command.ask.name().to_owned(),
            at: self.stamp.clock,
            kind: StepKind::Command { id, question: question.to_string() },
            hash: Hash::of(text.as_bytes()),
            content: text.into_bytes(),
            intent: None,
            needs,
            origin: None,
        };
        let no = outbox::append(self.db, &step)?;
        self.first.get_or_insert(no);
        self.command = Some(no);
        self.captured.command = Some(id);
        self.touched.pages.insert(page);
        Ok(())
    }

    fn check_command(&mut self, command: &Command, page: PageId) -> Result<(), CaptureError> {
        let (db, identity) = (self.db, self.identity);
        let desk = PhoneDesk::new(db, self.shelf, &identity.owner, &identity.tenant, self.stamp.clock)?;
        // Nobody knows who he is before the records have come down.
        let Some(actor) = desk.actor()? else { return Ok(()) };
        match judge(command, &actor, &desk) {
            Err(denial) if !desk.is_blind(denial.code, page)? => Err(denial.into()),
            _ => Ok(()),
        }
    }
}

/// The header of the page that a decision hangs on, where the command tells it.
fn header_of(ask: &Ask, tenant: &outpost_model::id::TenantId) -> Option<Header> {
    let subject = match ask {
        Ask::SignOff { person, month } | Ask::Unseal { person, month, .. } => {
            Subject::Attendance { person: person.clone(), month: *month }
        }
        Ask::PlaceCustomer { customer, .. } => Subject::Customer { customer: customer.clone() },
        _ => Subject::Order { id: ask.order()? },
    };
    Some(Header::new(tenant.clone(), subject))
}
