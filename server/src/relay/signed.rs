//! A signature at admission: what the glass showed is listed once more from what the log holds, and must have the
//! fingerprint that was signed. So nothing counts as signed that headquarters can't read.

use outpost_model::admission::PageIndex;
use outpost_model::entry::{Body, Entry, Signature};
use outpost_model::id::EntryId;
use outpost_model::judge::Denial;
use outpost_model::problem::Code;
use outpost_model::signature::{covered, digest};

/// Of entries that are to be logged on the page next.
pub(super) fn check(page: &PageIndex, entries: &[(EntryId, Entry)]) -> Result<(), Denial> {
    entries.iter().try_for_each(|(_, entry)| match &entry.body {
        Body::Sign(signature) => check_digest(page, signature),
        _ => Ok(()),
    })
}

fn check_digest(page: &PageIndex, signature: &Signature) -> Result<(), Denial> {
    let bad = |detail: String| Err(Denial::new(Code::BadEntry, detail));
    if let Some(unknown) = signature.visit_heads.iter().find(|head| !page.contains(head)) {
        return bad(format!("visit_heads: {unknown} isn't on the page"));
    }
    let shown = digest(&covered(page, &signature.visit_heads), signature.lang);
    if shown == signature.digest {
        return Ok(());
    }
    bad(format!("digest: what these heads show has {shown}"))
}
