//! Step 4, the trial: the changes are applied to a clone of the page, which is saved, loaded and compared. The rules
//! before it have never yet let anything in that fails here; it stays, because a bricked page is for ever.

use super::refusal::{Refusal, RefusalCode};
use crate::page::{Page, engine, parse_changes};
use automerge::Change;

impl Page {
    /// The page with these changes. The caller swaps it in when its transaction has committed.
    pub fn apply_checked(&self, raws: &[impl AsRef<[u8]>]) -> Result<Self, Refusal> {
        let unsound = |what: &str| Refusal::new(RefusalCode::Unsound, what);
        let changes = parse_changes(raws).map_err(|fault| unsound(&fault.to_string()))?;
        let hashes: Vec<_> = changes.iter().map(Change::hash).collect();
        let next = self.with(changes).map_err(|fault| unsound(&fault.to_string()))?;
        let saved = engine::guarded(|| next.doc().save_nocompress()).ok_or_else(|| unsound("not saved"))?;
        let loaded = engine::load(&saved).ok_or_else(|| unsound("not loaded"))?;
        if engine::sorted_heads(&loaded) != next.heads() {
            return Err(unsound("other heads after loading"));
        }
        if hashes.iter().any(|hash| loaded.get_change_meta_by_hash(hash).is_none()) {
            return Err(unsound("a change is missing after loading"));
        }
        Ok(next)
    }
}
