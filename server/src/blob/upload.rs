//! One file on its way in: begun, growing, settled. Each step is a commit by itself, and each can be made again after a
//! crash anywhere.
//!
//! ```text
//! begin → [write … commit]* → settle → enter
//! ```
//!
//! What was committed is acknowledged: it is on disk and in the ledger. Settling puts the draft under its place if it is
//! the file that it should be; entering writes the ledger's row. Between the two the upload's row names the place.

use super::ledger::{Upload, UploadId};
use super::proof::{Disproof, Proof};
use super::shelf::{DRAFTS, Piece};
use super::{BlobFault, BlobStore, DAY, ledger};
use crate::store::Tx;
use outpost_model::blob::{BlobKind, MAX_BLOB};
use outpost_model::id::{DeviceId, Hash, PageId, TenantId};
use outpost_model::time::Millis;

/// Who brings what.
#[derive(Debug, Clone)]
pub struct Bringing {
    pub tenant: TenantId,
    pub device: DeviceId,
    pub page: PageId,
    pub blob: Hash,
    pub length: u64,
}

/// What is being written to an upload, and not yet acknowledged.
pub struct Writing {
    pub upload: Upload,
    /// Written so far, beyond what is acknowledged.
    pub at: u64,
    fresh: Vec<Piece>,
}

impl Writing {
    pub fn on(upload: Upload) -> Self {
        Self { at: upload.reached, upload, fresh: Vec::new() }
    }

    pub fn left(&self) -> u64 {
        self.upload.length - self.at
    }
}

impl BlobStore {
    /// Begins an upload, or finds the one that this device has begun of this file. Of a file that is here already
    /// nothing more is wanted: its upload is at its end.
    pub fn begin(&self, bringing: Bringing, id: UploadId, now: Millis) -> Result<Upload, BlobFault> {
        if bringing.length > MAX_BLOB {
            return Err(BlobFault::TooLarge);
        }
        let limits = self.limits;
        self.in_commit(move |tx| Self::begin_in(tx, bringing, id, limits, now))
    }

    fn begin_in(
        tx: &mut Tx<'_>,
        bringing: Bringing,
        id: UploadId,
        limits: super::BlobLimits,
        now: Millis,
    ) -> Result<Upload, BlobFault> {
        let Bringing { tenant, device, page, blob, length } = bringing;
        if ledger::is_erased(tx, &tenant, &blob)? {
            return Err(BlobFault::Erased);
        }
        let expires = now.plus(limits.upload_life);
        let here = ledger::find(tx, &tenant, &blob)?.filter(|kept| kept.kind.is_some());
        if here.as_ref().is_some_and(|kept| kept.size != length) {
            return Err(BlobFault::Mismatch);
        }
        if let Some(begun) = ledger::upload_of(tx, &tenant, &device, &blob)? {
            if begun.length == length && begun.expires > now && begun.is_here() == here.is_some() {
                ledger::put_off_expiry(tx, &tenant, &begun.id, expires)?;
                ledger::extend_lease(tx, &tenant, &blob, now.plus(limits.orphan_life))?;
                return Ok(Upload { expires, ..begun });
            }
            drop_upload(tx, &tenant, &begun)?;
        }
        let mut upload = Upload { id, device, page, blob, draft: String::new(), length, reached: length, expires };
        if here.is_some() {
            ledger::extend_lease(tx, &tenant, &blob, now.plus(limits.orphan_life))?;
        } else {
            take_share(tx, &tenant, &upload, limits, now)?;
            (upload.draft, upload.reached) = (format!("{DRAFTS}{id}/"), 0);
        }
        ledger::begin_upload(tx, &tenant, &upload)?;
        Ok(upload)
    }

    /// How far an upload of this device has come.
    pub fn upload(
        &self,
        tenant: &TenantId,
        device: &DeviceId,
        id: &UploadId,
        now: Millis,
    ) -> Result<Upload, BlobFault> {
        let found = self.store.read(|db| ledger::find_upload(db, tenant, id))?;
        found.filter(|upload| upload.device == *device && upload.expires > now).ok_or(BlobFault::UploadUnknown)
    }

    /// Writes a piece at the end of what was written. It is on disk then, but not acknowledged.
    pub fn write(&self, writing: &mut Writing, bytes: &[u8]) -> Result<(), BlobFault> {
        let piece = self.shelf.append(&writing.upload.draft, writing.at, bytes)?;
        writing.at += piece.size;
        if !piece.place.is_empty() {
            writing.fresh.push(piece);
        }
        Ok(())
    }

    /// Acknowledges what was written.
    pub fn commit(&self, tenant: &TenantId, writing: &mut Writing, now: Millis) -> Result<(), BlobFault> {
        let (tenant, from, to) = (tenant.clone(), writing.upload.clone(), writing.at);
        let (fresh, expires) = (writing.fresh.clone(), now.plus(self.limits.upload_life));
        let committed = self.in_commit(move |tx| {
            if !ledger::reach(tx, &tenant, &from, to, expires)? {
                let stands = ledger::find_upload(tx, &tenant, &from.id)?;
                return Err(stands.map_or(BlobFault::UploadUnknown, |upload| BlobFault::Offset(upload.reached)));
            }
            fresh.iter().try_for_each(|piece| ledger::add_piece(tx, &tenant, &from.id, piece))?;
            Ok(())
        });
        match committed {
            Ok(()) => {
                writing.fresh.clear();
                (writing.upload.reached, writing.upload.expires) = (writing.at, expires);
            }
            // Whether it was committed isn't known: its pieces stay, the draft's end takes them along.
            Err(BlobFault::Store(_)) => {}
            Err(BlobFault::UploadUnknown) => {
                // It ended meanwhile, and its draft with it: what was written since is nobody's.
                self.take_back(writing);
                let _ = self.shelf.remove(&writing.upload.draft);
            }
            Err(_) => self.take_back(writing),
        }
        committed
    }

    /// Throws away what was written and isn't acknowledged.
    pub fn take_back(&self, writing: &mut Writing) {
        for piece in writing.fresh.drain(..) {
            if let Err(error) = self.shelf.remove(&piece.place) {
                tracing::warn!(%error, "a piece that nobody needs stays until its upload ends");
            }
        }
        writing.at = writing.upload.reached;
    }

    /// All bytes are here: settles and enters the file.
    pub fn finish(&self, tenant: &TenantId, upload: &Upload, now: Millis) -> Result<(), BlobFault> {
        if upload.is_here() {
            return Ok(());
        }
        let kind = self.settle(tenant, upload)?;
        self.enter(tenant, upload, kind, now)
    }

    /// Puts the draft under its place, if it is the file that it should be; if it isn't, it goes.
    pub(super) fn settle(&self, tenant: &TenantId, upload: &Upload) -> Result<BlobKind, BlobFault> {
        let pieces = self.store.read(|db| ledger::pieces(db, tenant, &upload.id))?;
        let mut proof = Proof::new(upload.blob, upload.length);
        self.shelf.settle(&upload.draft, &pieces, &upload.destination(), &mut proof)?;
        proof.verdict().map_err(|disproof| {
            if let Err(error) = self.give_up(tenant, upload.id) {
                tracing::warn!(%error, "an upload that came to nothing stays until it expires");
            }
            match disproof {
                Disproof::Mismatch => BlobFault::Mismatch,
                Disproof::Kind => BlobFault::Kind,
            }
        })
    }

    /// Writes the row of a file that stands under its place.
    pub(super) fn enter(
        &self,
        tenant: &TenantId,
        upload: &Upload,
        kind: BlobKind,
        now: Millis,
    ) -> Result<(), BlobFault> {
        let (tenant, upload, limits) = (tenant.clone(), upload.clone(), self.limits);
        self.in_commit(move |tx| {
            let place = upload.destination();
            let Some(stands) = ledger::find_upload(tx, &tenant, &upload.id)? else {
                // Given up meanwhile, with its place.
                ledger::throw_away(tx, &tenant, &place)?;
                return Ok(Err(BlobFault::UploadUnknown));
            };
            if stands.is_here() {
                return Ok(Ok(()));
            }
            if ledger::is_erased(tx, &tenant, &upload.blob)? {
                drop_upload(tx, &tenant, &stands)?;
                return Ok(Err(BlobFault::Erased));
            }
            let lease = now.plus(limits.orphan_life);
            match ledger::find(tx, &tenant, &upload.blob)? {
                // Somebody else brought it meanwhile: this copy isn't needed.
                Some(other) if other.kind.is_some() && other.place != place => {
                    ledger::throw_away(tx, &tenant, &place)?;
                    ledger::extend_lease(tx, &tenant, &upload.blob, lease)?;
                }
                other => {
                    if let Some(unseen) = other.filter(|other| other.place != place) {
                        ledger::throw_away(tx, &tenant, &unseen.place)?;
                    }
                    let lease = (!ledger::is_named(tx, &tenant, &upload.blob)?).then_some(lease);
                    let file = ledger::Kept { place, size: upload.length, kind: Some(kind) };
                    ledger::keep(tx, &tenant, &upload.blob, &file, now, lease)?;
                }
            }
            ledger::end_upload(tx, &tenant, &upload.id, now.plus(limits.upload_life))?;
            ledger::forget_pieces(tx, &tenant, &upload.id)?;
            // Where pieces were kept apart they are left over.
            ledger::throw_away(tx, &tenant, &stands.draft)?;
            Ok(Ok(()))
        })?
    }

    /// Ends an upload before its time.
    pub fn give_up(&self, tenant: &TenantId, id: UploadId) -> Result<bool, BlobFault> {
        let tenant = tenant.clone();
        self.in_commit(move |tx| match ledger::find_upload(tx, &tenant, &id)? {
            Some(upload) => drop_upload(tx, &tenant, &upload).map(|()| true),
            None => Ok(false),
        })
    }
}

/// The row goes, and what it named becomes trash.
pub(super) fn drop_upload(tx: &Tx<'_>, tenant: &TenantId, upload: &Upload) -> Result<(), BlobFault> {
    if !upload.is_here() {
        ledger::throw_away(tx, tenant, &upload.draft)?;
        ledger::throw_away(tx, tenant, &upload.destination())?;
    }
    ledger::forget_pieces(tx, tenant, &upload.id)?;
    Ok(ledger::forget_upload(tx, tenant, &upload.id)?)
}

/// Counts the file to its device's day, and against the room that the company has.
fn take_share(
    tx: &Tx<'_>,
    tenant: &TenantId,
    upload: &Upload,
    limits: super::BlobLimits,
    now: Millis,
) -> Result<(), BlobFault> {
    let day = now.0.div_euclid(DAY);
    let used = ledger::share(tx, tenant, &upload.device, day)?;
    // The first of a day always goes: no file is too large for ever.
    if used > 0 && used + upload.length > limits.bytes_a_day {
        return Err(BlobFault::Share(DAY - now.0.rem_euclid(DAY)));
    }
    if ledger::bytes(tx, tenant)? + upload.length > limits.bytes {
        return Err(BlobFault::NoRoom);
    }
    Ok(ledger::count_share(tx, tenant, &upload.device, day, upload.length)?)
}
