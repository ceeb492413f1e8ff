//! Bringing back: what a phone holds of the time that the log lost. Rows come in the order of the sequence that they
//! had, each with the code that this server gave it; whoever wrote them, they are taken as they were.

use super::book::Book;
use super::context::Context;
use super::counts::count;
use super::row::Row;
use super::take::{Halt, Taking};
use super::{Denied, Relay, device, epoch};
use crate::store::{StoreError, Tx};
use outpost_model::header::Header;
use outpost_model::id::{DeviceId, TenantId};
use outpost_model::problem::Code;
use outpost_model::wire::{BackRow, BringBack, MAX_PAGES, MAX_STEPS, Verdict};
use std::collections::HashMap;
use std::sync::Arc;

impl Relay {
    /// A verdict a row. Blocks.
    pub fn bring_back(&self, device: &DeviceId, mut brought: BringBack) -> Result<Vec<Verdict>, Denied> {
        let tenant = self.context.tenant.get().ok_or_else(|| Denied::new(Code::DeviceUnknown, device.as_str()))?;
        for (count, most, what) in [(brought.rows.len(), MAX_STEPS, "rows"), (brought.pages.len(), MAX_PAGES, "pages")]
        {
            if count > most {
                return Err(Denied::new(Code::TooLarge, format!("{count} {what}, at most {most}")));
            }
        }
        self.store.read(|db| device::actor(db, tenant, device))??;
        let rows = brought.rows.len();
        let (taken, later) = self.context.budgets.spend(device, rows, self.context.clock.now());
        brought.rows.truncate(taken);
        let (context, tenant, device) = (self.context.clone(), tenant.clone(), device.clone());
        let mut verdicts = self.store.write(move |tx| take_all(tx, &context, &tenant, &device, brought))??;
        verdicts.resize(rows, later);
        Ok(verdicts)
    }
}

fn take_all(
    tx: &mut Tx<'_>,
    context: &Arc<Context>,
    tenant: &TenantId,
    device: &DeviceId,
    brought: BringBack,
) -> Result<Result<Vec<Verdict>, Denied>, StoreError> {
    let actor = match device::actor(tx, tenant, device)? {
        Ok(actor) => actor,
        Err(denied) => return Ok(Err(denied)),
    };
    let mut book = Book::open(tx, tenant, context)?;
    book.set_moment(context.clock.now());
    let headers: Vec<Option<Header>> = brought.pages.iter().map(|text| Header::parse(text).ok()).collect();
    let mut taking = Taking::new(book, actor, device.clone(), HashMap::new());
    let (mut verdicts, mut closed) = (Vec::with_capacity(brought.rows.len()), Ok(None));
    for BackRow { page, row } in brought.rows {
        let header = page.and_then(|page| headers.get(page as usize)?.as_ref());
        let was = row.envelope.admitted.map_or(0, |admitted| admitted.seq);
        let verdict = match Row::proved(row, tenant, &context.mac_key) {
            Some(row) => taking.take_back(header, row),
            None => Ok(taking.refuse(Code::RowUnproven, "")),
        };
        match verdict {
            Ok(verdict) => {
                // Here, now or before: whoever looks for gaps needn't miss it.
                if matches!(verdict, Verdict::Admitted(_) | Verdict::AlreadyHad(_)) {
                    epoch::note_return(tx, tenant, was)?;
                }
                verdicts.push(verdict);
            }
            Err(halt) => {
                closed = Err(halt);
                break;
            }
        }
    }
    match closed.and_then(|_: Option<()>| taking.finish()) {
        Ok(closed) => {
            let back = verdicts.iter().filter(|verdict| matches!(verdict, Verdict::Admitted(_))).count();
            count(&context.counts.rows_brought_back, back as u64);
            context.publish(tx, closed);
            Ok(Ok(verdicts))
        }
        Err(Halt::Store(error)) => Err(error),
        Err(Halt::Again) => {
            tx.undo();
            Ok(Err(Denied::new(Code::ServerBusy, "")))
        }
    }
}
