//! What a step rests on: earlier steps of this phone's that aren't settled yet. The server judges steps in order, and
//! whoever needs a refused one is refused with it; so these lists must be complete, and no longer than that.

use crate::store::outbox::StepKind;
use crate::store::{Stored, outbox};
use outpost_model::command::Question;
use outpost_model::header::Header;
use outpost_model::id::{CommandId, Hash, PageId};
use rusqlite::Connection;

/// Steps that wrote one of these heads.
pub(crate) fn writers(db: &Connection, page: PageId, heads: &[Hash]) -> Stored<Vec<u32>> {
    let waiting = outbox::waiting_on(db, page)?;
    Ok(waiting.iter().filter(|step| heads.contains(&step.hash)).map(|step| step.no).collect())
}

/// The last command of this phone's on that question that is under way: its step, and its id.
pub(crate) fn asked(db: &Connection, page: PageId, wanted: &Question) -> Stored<Option<(u32, CommandId)>> {
    let wanted = wanted.to_string();
    let waiting = outbox::waiting_on(db, page)?;
    Ok(waiting.into_iter().rev().find_map(|step| match step.kind {
        StepKind::Command { id, question } if question == wanted => Some((step.no, id)),
        _ => None,
    }))
}

/// The opening of the order that a page belongs to, while it is under way.
fn opening(db: &Connection, order: PageId) -> Stored<Option<u32>> {
    Ok(asked(db, order, &Question::Opening)?.map(|(no, _)| no))
}

/// What a change rests on: who wrote the heads it was written at, its order's opening, and what it pins elsewhere.
pub(crate) fn of_change(db: &Connection, header: &Header, heads: &[Hash], pinned: &[Hash]) -> Stored<Vec<u32>> {
    let mut needs = writers(db, header.page(), heads)?;
    if let Some(order) = header.order() {
        needs.extend(opening(db, order)?);
        if !pinned.is_empty() {
            needs.extend(writers(db, order, pinned)?);
        }
    }
    Ok(tidy(needs))
}

/// What a command rests on: who wrote the heads it saw, the earlier command on its question, its order's opening.
pub(crate) fn of_command(db: &Connection, page: PageId, heads: &[Hash], question: &Question) -> Stored<Vec<u32>> {
    let mut needs = writers(db, page, heads)?;
    needs.extend(asked(db, page, question)?.map(|(no, _)| no));
    needs.extend(opening(db, page)?);
    Ok(tidy(needs))
}

fn tidy(mut needs: Vec<u32>) -> Vec<u32> {
    needs.sort_unstable();
    needs.dedup();
    needs
}
