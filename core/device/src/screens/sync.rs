//! How far each captured thing got: what waits, what needs somebody, what came of it.

use super::Screens;
use super::names::Names;
use super::order::{FieldConflict, conflicts};
use crate::error::DeviceError;
use crate::store::blobs::BlobState;
use crate::store::lists::OrderItem;
use crate::store::outbox::{StepKind, StepState};
use crate::store::quarantine::Quarantined;
use crate::views::{DecisionState, SyncItem, SyncState};
use outpost_model::command::{Ask, Command};
use outpost_model::fold::flag::FlagKind;
use outpost_model::id::{Hash, PageId};
use outpost_model::problem::Code;
use outpost_model::time::Millis;
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct Outbox {
    pub kept: u32,
    pub sending: u32,
    pub deferred: u32,
    pub admitted: u32,
    pub refused: u32,
    pub conflicts: u32,
    /// By the phone's own clock.
    pub last_contact: Option<Millis>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct SyncView {
    pub outbox: Outbox,
    pub refused: Vec<RefusedItem>,
    pub conflicts: Vec<ConflictItem>,
    pub waiting: Vec<Transit>,
    pub blobs: Option<FilesWaiting>,
    pub pending: Vec<PendingItem>,
    pub settled: Vec<Transit>,
    /// When it goes again, where the server put it off.
    pub retry_at: Option<Millis>,
    pub storage: Storage,
    pub damaged: Vec<DamagedPage>,
    /// When this phone and headquarters last agreed.
    pub agreed_at: Option<Millis>,
}

/// One captured thing on its way.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct Transit {
    pub no: u32,
    pub act: String,
    /// Whom or what it is about.
    pub about: String,
    pub at: Millis,
    pub state: StepState,
    pub code: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct RefusedItem {
    pub no: u32,
    pub act: String,
    pub about: String,
    /// Whom or what the asker wanted.
    pub wish: Option<String>,
    pub at: Millis,
    pub code: String,
    /// What the code means.
    pub why: Sentence,
    pub detail: String,
    pub by: Option<String>,
    pub decided_at: Option<Millis>,
    pub refused_at: Millis,
    pub order: Option<PageId>,
    /// It can be asked again, knowing what was decided meanwhile.
    pub again: bool,
    pub bytes: u32,
    pub hash: Hash,
}

/// A sentence in both languages.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct Sentence {
    #[serde(rename = "zh-CN")]
    pub zh: String,
    pub en: String,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct ConflictItem {
    pub order: PageId,
    pub number: String,
    pub customer: String,
    pub conflict: FieldConflict,
}

/// Asked of authority, and not decided yet.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct PendingItem {
    pub no: String,
    pub act: String,
    pub about: String,
    pub since: Millis,
    pub with: String,
}

/// Photos and strokes that aren't at the server yet.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct FilesWaiting {
    pub count: u32,
    pub bytes: u64,
    pub state: StepState,
}

/// Bytes. What the platform grants, and whether it is used up, is the host's to say.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct Storage {
    pub used: u64,
    pub quota: u64,
    /// In files that the server has too.
    pub freeable: u64,
    pub freeable_photos: u32,
    pub full: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct DamagedPage {
    pub page: PageId,
    pub kind: String,
    pub about: String,
    pub unsent: u32,
}

/// What a code means, in both languages; a newer server's code has only its name.
pub fn sentence(code: &str) -> Sentence {
    let code = Code::parse(code);
    Sentence { zh: code.map_or("", Code::zh).to_owned(), en: code.map_or("", Code::en).to_owned() }
}

impl Screens<'_> {
    pub(super) fn outbox(&self, items: &[OrderItem]) -> Result<Outbox, DeviceError> {
        Ok(counted(&self.device.sync_state()?, conflicted(items).len()))
    }

    pub fn sync(&mut self) -> Result<SyncView, DeviceError> {
        let names = self.names()?;
        let state = self.device.sync_state()?;
        let items = self.device.orders()?;
        let subjects = Subjects::of(&items, &names);
        let quarantine = self.device.quarantine()?;
        let retries = state.items.iter().filter(|item| item.state == StepState::Deferred);
        Ok(SyncView {
            outbox: counted(&state, conflicted(&items).len()),
            refused: quarantine.iter().map(|held| refused(held, &subjects, &names, &state)).collect(),
            conflicts: self.all_conflicts(&items, &names)?,
            waiting: state.items.iter().map(|item| subjects.transit(item)).collect(),
            blobs: files_waiting(&state),
            pending: self.pending(&subjects)?,
            settled: state.recent.iter().map(|item| subjects.transit(item)).collect(),
            retry_at: retries.filter_map(|item| item.retry_at).min(),
            storage: storage(&state),
            damaged: state.damaged.iter().map(|page| damaged(*page, &subjects, &state)).collect(),
            agreed_at: state.last_contact.map(|mark| mark.device),
        })
    }

    fn all_conflicts(&mut self, items: &[OrderItem], names: &Names) -> Result<Vec<ConflictItem>, DeviceError> {
        let mut all = Vec::new();
        for order in conflicted(items) {
            let Some(detail) = self.device.order(order)? else { continue };
            let facts = &detail.item.facts;
            all.extend(conflicts(&detail, names).into_iter().map(|conflict| ConflictItem {
                order,
                number: facts.number.clone(),
                customer: names.customer_name(&facts.customer),
                conflict,
            }));
        }
        Ok(all)
    }

    fn pending(&self, subjects: &Subjects) -> Result<Vec<PendingItem>, DeviceError> {
        let mut asked = self.device.decisions()?;
        asked.retain(|item| item.state == DecisionState::Pending);
        // The phone's own errands need nobody's patience.
        asked.retain(|item| !matches!(item.command.ask, Ask::LeaseNumbers { .. }));
        let item = |item: &crate::views::DecisionItem| PendingItem {
            no: item.command.id.to_string(),
            act: item.command.ask.name().to_owned(),
            about: subjects.about(&item.page),
            since: item.command.evidence.clock,
            with: String::new(),
        };
        Ok(asked.iter().map(item).collect())
    }
}

fn counted(state: &SyncState, conflicts: usize) -> Outbox {
    Outbox {
        kept: state.kept,
        sending: state.sending,
        deferred: state.deferred,
        admitted: state.admitted,
        refused: state.refused,
        conflicts: conflicts as u32,
        last_contact: state.last_contact.map(|mark| mark.device),
    }
}

fn conflicted(items: &[OrderItem]) -> Vec<PageId> {
    let has = |item: &&OrderItem| item.mine && item.facts.flags.iter().any(|flag| flag.kind == FlagKind::Conflict);
    items.iter().filter(has).map(|item| item.facts.page).collect()
}

/// Whom or what each page is about: its order and the customer's name.
struct Subjects(BTreeMap<PageId, (PageId, String)>);

impl Subjects {
    fn of(items: &[OrderItem], names: &Names) -> Self {
        let mut subjects = BTreeMap::new();
        for item in items {
            let name = names.customer_name(&item.facts.customer);
            for page in item.facts.visit_facts.iter().map(|visit| visit.page).chain([item.facts.page]) {
                subjects.insert(page, (item.facts.page, name.clone()));
            }
        }
        Self(subjects)
    }

    fn about(&self, page: &PageId) -> String {
        self.0.get(page).map(|(_, name)| name.clone()).unwrap_or_default()
    }

    fn order(&self, page: &PageId) -> Option<PageId> {
        self.0.get(page).map(|(order, _)| *order)
    }

    fn transit(&self, item: &SyncItem) -> Transit {
        Transit {
            no: item.no,
            act: item.name.clone(),
            about: self.about(&item.page),
            at: item.at,
            state: item.state,
            code: item.code.clone(),
        }
    }
}

fn refused(held: &Quarantined, subjects: &Subjects, names: &Names, state: &SyncState) -> RefusedItem {
    let command = std::str::from_utf8(&held.content).ok().and_then(|text| Command::parse(text).ok());
    let wish = command.as_ref().and_then(|command| match &command.ask {
        Ask::Assign { to, .. } => Some(names.person(to)),
        Ask::AddHelper { helper, .. } => Some(names.person(helper)),
        _ => None,
    });
    let reason = &held.reason;
    RefusedItem {
        no: held.no,
        act: held.name.clone(),
        about: subjects.about(&held.page),
        wish,
        at: held.at,
        code: reason.code.clone(),
        why: sentence(&reason.code),
        detail: reason.detail.clone(),
        by: reason.by.as_ref().map(|by| names.person(by)),
        decided_at: reason.at,
        refused_at: reason.at.or(state.last_contact.map(|mark| mark.device)).unwrap_or(held.at),
        order: subjects.order(&held.page),
        again: held.kind != StepKind::Change,
        bytes: held.content.len() as u32,
        hash: held.hash,
    }
}

fn files_waiting(state: &SyncState) -> Option<FilesWaiting> {
    let waiting = state.files.iter().filter(|file| matches!(file.state, BlobState::Kept | BlobState::Deferred));
    let (count, bytes) = waiting.fold((0, 0), |(count, bytes), file| (count + 1, bytes + file.size));
    (count > 0).then_some(FilesWaiting { count, bytes, state: StepState::Kept })
}

fn storage(state: &SyncState) -> Storage {
    let there = state.files.iter().filter(|file| file.state == BlobState::Stored);
    let (freeable_photos, freeable) = there.fold((0, 0), |(count, bytes), file| (count + 1, bytes + file.size));
    Storage { freeable, freeable_photos, ..Storage::default() }
}

fn damaged(page: PageId, subjects: &Subjects, state: &SyncState) -> DamagedPage {
    let unsent = state.items.iter().filter(|item| item.page == page).count() as u32;
    DamagedPage { page, kind: String::new(), about: subjects.about(&page), unsent }
}
