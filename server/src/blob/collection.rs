//! What nobody needs any more goes: uploads that were given up, files that no page names, bytes that a decision erased.
//!
//! Nothing is deleted on suspicion. A row moves to the trash in the commit that looks once more whether anybody needs
//! it; the bytes go after that commit; the trash's row goes last. A place is written once, so bytes that are being
//! deleted are never those of a file that came again. A file that is counted on (brought, or found to be here already)
//! has its lease extended in a commit of its own, and commits have one order: either collection sees the lease, or whoever
//! counts on the file sees that it is gone.
//!
//! Files without a row come back from an old copy of the database: they are taken in under a lease, so that the rows
//! that name them, which phones still hold, have time to come back.

use super::ledger::UploadId;
use super::proof::Proof;
use super::shelf::DRAFTS;
use super::upload::drop_upload;
use super::{BlobFault, BlobStore, ledger};
use outpost_model::id::{Hash, TenantId};
use outpost_model::time::Millis;

/// What a sweep did.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Swept {
    pub uploads: u64,
    pub orphans: u64,
    /// Places that were deleted.
    pub deleted: u64,
}

/// What an inventory did.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Inventory {
    /// Files that had no row.
    pub taken_in: u64,
    /// Copies and drafts that nobody knows.
    pub strays: u64,
    /// Files that aren't what they are named after; they are left where they are.
    pub damaged: Vec<String>,
}

impl BlobStore {
    /// Ends what was given up, collects orphans, and deletes what is trash.
    pub fn sweep(&self, tenant: &TenantId, now: Millis) -> Result<Swept, BlobFault> {
        let _one = self.sweeping.lock();
        let mut swept = Swept::default();
        for id in self.store.read(|db| ledger::given_up(db, tenant, now))? {
            swept.uploads += u64::from(self.end_given_up(tenant, id, now)?);
        }
        for blob in self.orphans(tenant, now)? {
            swept.orphans += u64::from(self.collect(tenant, &blob, now)?);
        }
        for place in self.trash(tenant)? {
            // One that can't be deleted now doesn't keep the others.
            match self.shelf.remove(&place) {
                Ok(()) => {
                    self.empty(tenant, &place)?;
                    swept.deleted += 1;
                }
                Err(error) => tracing::warn!(%error, place, "a file that nobody needs couldn't be deleted"),
            }
        }
        Ok(swept)
    }

    fn end_given_up(&self, tenant: &TenantId, id: UploadId, now: Millis) -> Result<bool, BlobFault> {
        let tenant = tenant.clone();
        self.in_commit(move |tx| match ledger::find_upload(tx, &tenant, &id)? {
            Some(upload) if upload.expires <= now => drop_upload(tx, &tenant, &upload).map(|()| true),
            Some(_) | None => Ok(false),
        })
    }

    /// Files whose lease has run out: perhaps nobody names them.
    pub(super) fn orphans(&self, tenant: &TenantId, now: Millis) -> Result<Vec<Hash>, BlobFault> {
        Ok(self.store.read(|db| ledger::run_out(db, tenant, now))?)
    }

    /// Looks again, in one commit: a file that a page names loses its lease and stays; one whose lease was extended
    /// stays; any other becomes trash.
    pub(super) fn collect(&self, tenant: &TenantId, blob: &Hash, now: Millis) -> Result<bool, BlobFault> {
        let (tenant, blob) = (tenant.clone(), *blob);
        self.in_commit(move |tx| {
            let Some(place) = ledger::run_out_place(tx, &tenant, &blob, now)? else { return Ok(false) };
            if ledger::is_named(tx, &tenant, &blob)? {
                ledger::settle_lease(tx, &tenant, &blob)?;
                return Ok(false);
            }
            ledger::throw_away(tx, &tenant, &place)?;
            ledger::forget(tx, &tenant, &blob)?;
            Ok(true)
        })
    }

    pub(super) fn trash(&self, tenant: &TenantId) -> Result<Vec<String>, BlobFault> {
        Ok(self.store.read(|db| ledger::trash(db, tenant))?)
    }

    pub(super) fn empty(&self, tenant: &TenantId, place: &str) -> Result<(), BlobFault> {
        let (tenant, place) = (tenant.clone(), place.to_owned());
        self.in_commit(move |tx| Ok(ledger::empty(tx, &tenant, &place)?))
    }

    /// Goes along the shelf: what has no row is taken in, or is trash.
    pub fn take_inventory(&self, tenant: &TenantId, now: Millis) -> Result<Inventory, BlobFault> {
        let _one = self.sweeping.lock();
        let mut inventory = Inventory::default();
        for (place, size) in self.shelf.list()? {
            match self.register(tenant, &place, size, now)? {
                Registered::TakenIn => inventory.taken_in += 1,
                Registered::Stray => inventory.strays += 1,
                Registered::Known => {}
            }
        }
        for (blob, file) in self.store.read(|db| ledger::unseen(db, tenant))? {
            if !self.look_at(tenant, &blob, &file, now)? {
                inventory.damaged.push(file.place);
            }
        }
        Ok(inventory)
    }

    /// What a place that is there is to the ledger.
    pub(super) fn register(
        &self,
        tenant: &TenantId,
        place: &str,
        size: u64,
        now: Millis,
    ) -> Result<Registered, BlobFault> {
        let known = self.store.read(|db| {
            if let Some(draft) = place.strip_prefix(DRAFTS) {
                let draft = format!("{DRAFTS}{}/", draft.trim_end_matches('/'));
                return Ok(ledger::has_draft(db, tenant, &draft)? || ledger::is_trash(db, tenant, &draft)?);
            }
            let Some(blob) = named_after(place) else { return Ok(true) };
            Ok(ledger::find(db, tenant, &blob)?.is_some_and(|kept| kept.place == place))
        })?;
        if known {
            return Ok(Registered::Known);
        }
        let (tenant, place, lease) = (tenant.clone(), place.to_owned(), now.plus(self.limits.orphan_life));
        self.in_commit(move |tx| {
            if let Some(draft) = place.strip_prefix(DRAFTS) {
                let draft = format!("{DRAFTS}{}/", draft.trim_end_matches('/'));
                if ledger::has_draft(tx, &tenant, &draft)? {
                    return Ok(Registered::Known);
                }
                ledger::throw_away(tx, &tenant, &draft)?;
                return Ok(Registered::Stray);
            }
            let Some(blob) = named_after(&place) else { return Ok(Registered::Known) };
            if ledger::is_trash(tx, &tenant, &place)? || ledger::upload_to(tx, &tenant, &blob, &place)? {
                return Ok(Registered::Known);
            }
            match ledger::find(tx, &tenant, &blob)? {
                Some(kept) if kept.place == place => return Ok(Registered::Known),
                None if !ledger::is_erased(tx, &tenant, &blob)? => {}
                Some(_) | None => {
                    ledger::throw_away(tx, &tenant, &place)?;
                    return Ok(Registered::Stray);
                }
            }
            ledger::keep(tx, &tenant, &blob, &ledger::Kept { place, size, kind: None }, now, Some(lease))?;
            Ok(Registered::TakenIn)
        })
    }

    /// Reads a file that was taken in: now it counts as here, or its row goes again.
    pub(super) fn look_at(
        &self,
        tenant: &TenantId,
        blob: &Hash,
        file: &ledger::Kept,
        now: Millis,
    ) -> Result<bool, BlobFault> {
        let mut proof = Proof::new(*blob, file.size);
        let there = self.shelf.read(&file.place, 0..file.size, &mut |bytes| {
            proof.at(bytes);
            true
        })?;
        let kind = proof.verdict().ok().filter(|_| there);
        let (tenant, blob, mut file) = (tenant.clone(), *blob, file.clone());
        let lease = now.plus(self.limits.orphan_life);
        self.in_commit(move |tx| {
            match ledger::find(tx, &tenant, &blob)? {
                Some(stands) if stands == file => {}
                // It came again meanwhile, or was erased.
                Some(_) | None => return Ok(()),
            }
            match kind {
                Some(_) => {
                    file.kind = kind;
                    ledger::keep(tx, &tenant, &blob, &file, now, Some(lease))?;
                }
                None => ledger::forget(tx, &tenant, &blob)?,
            }
            Ok(())
        })?;
        if there && kind.is_none() {
            tracing::error!(%blob, "a stored file isn't what it is named after");
        }
        Ok(!there || kind.is_some())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Registered {
    Known,
    TakenIn,
    Stray,
}

/// The hash that a place is named after; none for what isn't ours.
fn named_after(place: &str) -> Option<Hash> {
    let (room, file) = place.split_once('/')?;
    let name = file.split('.').next()?;
    Hash::parse(&format!("{room}{name}")).ok().filter(|_| room.len() == 2)
}
