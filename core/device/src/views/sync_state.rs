//! The Sync screen: how far each captured thing got, what needs somebody, and what was asked of authority.

use crate::device::Device;
use crate::error::DeviceError;
use crate::store::blobs::{self, BlobItem};
use crate::store::outbox::{self, Step, StepKind, StepState};
use crate::store::quarantine::{self, Quarantined, Reason};
use crate::store::{contacts, pages, rows};
use outpost_model::command::Command;
use outpost_model::envelope::ContactMark;
use outpost_model::id::{CommandId, PageId};
use outpost_model::time::Millis;

/// How many admitted things the screen shows.
const RECENT: u32 = 50;
/// How many commands it looks back on.
const COMMANDS: u32 = 500;

#[derive(Debug, Clone, PartialEq)]
pub struct SyncState {
    pub kept: u32,
    pub sending: u32,
    pub deferred: u32,
    pub admitted: u32,
    pub refused: u32,
    /// Commands on which nobody has decided yet.
    pub pending: u32,
    /// What isn't settled, in sending order.
    pub items: Vec<SyncItem>,
    /// The last that were settled, the newest first.
    pub recent: Vec<SyncItem>,
    pub last_contact: Option<ContactMark>,
    pub enrolled: bool,
    pub revoked: bool,
    /// The store was once put back from a backup.
    pub restored: bool,
    /// So long without contact that other people's data are to be hidden. Capture goes on.
    pub locked: bool,
    pub files: Vec<BlobItem>,
    /// Pages that can't be read, and wait to be fetched anew.
    pub damaged: Vec<PageId>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct SyncItem {
    pub no: u32,
    /// Number of the act's first step: steps of one act go together.
    pub act: u32,
    /// The action's name.
    pub name: String,
    pub page: PageId,
    /// By the phone's own clock.
    pub at: Millis,
    pub is_command: bool,
    pub state: StepState,
    /// Why it was put off.
    pub code: Option<String>,
    /// When it goes again.
    pub retry_at: Option<Millis>,
}

/// What was asked of authority on this phone.
#[derive(Debug, Clone, PartialEq)]
pub struct DecisionItem {
    pub command: Command,
    pub page: PageId,
    pub state: DecisionState,
}

#[derive(Debug, Clone, PartialEq)]
pub enum DecisionState {
    Pending,
    Admitted {
        seq: u64,
    },
    /// The same had been decided before.
    AlreadySo,
    Refused(Reason),
}

impl Device {
    pub fn sync_state(&self) -> Result<SyncState, DeviceError> {
        let db = self.store.read();
        let life = self.life()?;
        let items: Vec<SyncItem> = outbox::pending(db)?.into_iter().map(item).collect();
        let count = |state| items.iter().filter(|item| item.state == state).count() as u32;
        Ok(SyncState {
            kept: count(StepState::Kept),
            sending: count(StepState::Sending),
            deferred: count(StepState::Deferred),
            admitted: outbox::count(db, StepState::Admitted)? + outbox::count(db, StepState::AlreadySo)?,
            refused: self.quarantine()?.len() as u32,
            pending: items.iter().filter(|item| item.is_command).count() as u32,
            items,
            recent: outbox::last_admitted(db, RECENT)?.into_iter().map(item).collect(),
            locked: self.is_locked()?,
            last_contact: contacts::last(db)?,
            enrolled: life.enrolled,
            revoked: life.revoked,
            restored: life.restored,
            files: blobs::list(db)?,
            damaged: pages::damaged(db)?,
        })
    }

    fn is_locked(&self) -> Result<bool, DeviceError> {
        let now = self.host.clock.now();
        let db = self.store.read();
        let days = i64::from(crate::desk::policy(db, now)?.at(now).lock_after_days);
        Ok(contacts::last(db)?.is_some_and(|mark| now.since(mark.device) > days * Millis::hours(24)))
    }

    /// What was asked of authority here, the newest first.
    pub fn decisions(&self) -> Result<Vec<DecisionItem>, DeviceError> {
        let db = self.store.read();
        let mut decisions = Vec::new();
        for step in outbox::commands(db, COMMANDS)? {
            let text = match step.content.is_empty() {
                true => rows::content(db, step.page, &step.hash)?.unwrap_or_default(),
                false => step.content.clone(),
            };
            let state = match step.state {
                StepState::Kept | StepState::Sending | StepState::Deferred => DecisionState::Pending,
                StepState::AlreadySo => DecisionState::AlreadySo,
                StepState::Admitted => DecisionState::Admitted { seq: seq_of(db, &step.kind)? },
            };
            decisions.extend(decision(&text, step.page, state));
        }
        for held in self.quarantine()? {
            if held.kind != StepKind::Change {
                decisions.extend(decision(&held.content, held.page, DecisionState::Refused(held.reason)));
            }
        }
        decisions.sort_by_key(|item| std::cmp::Reverse((item.command.evidence.epoch, item.command.evidence.n)));
        Ok(decisions)
    }

    /// What the server refused and isn't just being written anew, in capture order.
    pub fn quarantine(&self) -> Result<Vec<Quarantined>, DeviceError> {
        let mut held = quarantine::list(self.store.read())?;
        held.retain(|held| held.replaced_by.is_none());
        Ok(held)
    }
}

fn item(step: Step) -> SyncItem {
    SyncItem {
        no: step.no,
        act: step.act,
        name: step.name,
        page: step.page,
        at: step.at,
        is_command: step.kind != StepKind::Change,
        state: step.state,
        code: step.code,
        retry_at: step.retry_at,
    }
}

fn decision(text: &[u8], page: PageId, state: DecisionState) -> Option<DecisionItem> {
    let command = Command::parse(std::str::from_utf8(text).ok()?).ok()?;
    Some(DecisionItem { command, page, state })
}

fn seq_of(db: &rusqlite::Connection, kind: &StepKind) -> Result<u64, DeviceError> {
    let id: Option<CommandId> = match kind {
        StepKind::Command { id, .. } => Some(*id),
        StepKind::Change => None,
    };
    Ok(match id {
        Some(id) => rows::seq_of(db, id)?.unwrap_or(0),
        None => 0,
    })
}
