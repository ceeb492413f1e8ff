//! A tenant's first records, decided by the system itself: there is nobody yet who could.

use super::book::Book;
use super::take::{Halt, Taking};
use super::{Denied, Relay};
use crate::store::StoreError;
use outpost_model::access::Actor;
use outpost_model::command::{Ask, Command};
use outpost_model::entry::Evidence;
use outpost_model::id::{CommandId, DeviceId, TenantId, UserId};
use outpost_model::policy::Policy;
use outpost_model::problem::Code;
use outpost_model::record::Role;
use outpost_model::wire::Verdict;
use std::collections::HashMap;

/// Who decides what the system decides itself, and through what.
pub const SYSTEM: &str = "system";

impl Relay {
    pub(super) fn found(&self, tenant: &TenantId, policy: Policy, asks: Vec<Ask>) -> Result<(), Denied> {
        if let Some(tenant) = self.context.tenant.get() {
            return Err(Denied::new(Code::BadRequest, format!("{tenant} has its records already")));
        }
        let all: Vec<Ask> = std::iter::once(Ask::PutPolicy { policy: Box::new(policy) }).chain(asks).collect();
        let (context, name) = (self.context.clone(), tenant.clone());
        self.store.write(move |tx| {
            let moment = context.clock.now();
            Book::found(tx, &name, moment)?;
            let closed = {
                let mut book = Book::open(tx, &name, &context)?;
                book.set_moment(moment);
                decide(book, all)?
            };
            match closed {
                Ok(closed) => {
                    context.publish(tx, closed);
                    Ok(Ok(()))
                }
                Err(denied) => {
                    tx.undo();
                    Ok(Err(denied))
                }
            }
        })??;
        // Set once; whoever came second was turned away by the store.
        self.context.tenant.get_or_init(|| tenant.clone());
        Ok(())
    }
}

fn decide(book: Book<'_>, asks: Vec<Ask>) -> Result<Result<super::context::Closed, Denied>, StoreError> {
    let user = UserId::parse(SYSTEM).map_err(StoreError::damaged)?;
    let device = DeviceId::parse(SYSTEM).map_err(StoreError::damaged)?;
    let actor = Actor { user: user.clone(), role: Role::Hq, station: None };
    let mut taking = Taking::new(book, actor, device, HashMap::new());
    for (place, ask) in asks.into_iter().enumerate() {
        let clock = taking.book.end.moment;
        let id = CommandId::derived(&["bootstrap", taking.book.tenant.as_str(), &place.to_string()]);
        let zone = taking.book.policy.zone.offset_minutes(clock);
        let n = place as u64 + 1;
        let evidence = Evidence { by: user.clone(), clock, zone, contact: 0, epoch: 1, n, mono: None };
        let command = Command { id, ask, evidence, heads: Vec::new(), after: None };
        let source = command.check().and_then(|()| command.canonical());
        let source = match source {
            Ok(source) => source,
            Err(fault) => return Ok(Err(Denied::new(Code::BadCommand, fault.to_string()))),
        };
        if let Verdict::Refused(refused) = taking.take_command(&command, &source)? {
            let code = Code::parse(&refused.code.0).unwrap_or(Code::BadCommand);
            return Ok(Err(Denied::new(code, format!("{}: {}", command.ask.name(), refused.detail))));
        }
    }
    match taking.finish() {
        Ok(closed) => Ok(Ok(closed)),
        Err(Halt::Store(error)) => Err(error),
        Err(Halt::Again) => Ok(Err(Denied::new(Code::ServerBusy, ""))),
    }
}
