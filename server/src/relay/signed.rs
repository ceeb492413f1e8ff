//! A signature at admission: what the glass showed is listed once more from what the log holds, and must have the
//! fingerprint that was signed. So nothing counts as signed that headquarters can't read.

use outpost_model::admission::PageIndex;
use outpost_model::entry::{Body, Entry, Signature};
use outpost_model::id::{EntryId, Hash};
use outpost_model::judge::Denial;
use outpost_model::problem::Code;
use outpost_model::signature::{covered, digest, sent};

/// Of entries that are to be logged on the page next.
pub(super) fn check(page: &PageIndex, entries: &[(EntryId, Entry)]) -> Result<(), Denial> {
    entries.iter().try_for_each(|(_, entry)| match &entry.body {
        Body::Sign(signature) => check_digest(page, signature),
        Body::Submit { heads, digest, .. } => check_sending(page, heads, digest),
        _ => Ok(()),
    })
}

/// A form that is sent pins what it says: the same, of its answers and lines.
fn check_sending(page: &PageIndex, heads: &[Hash], digest: &Hash) -> Result<(), Denial> {
    let bad = |detail: String| Err(Denial::new(Code::BadEntry, detail));
    if let Some(unknown) = heads.iter().find(|head| !page.contains(head)) {
        return bad(format!("heads: {unknown} isn't on the page"));
    }
    let shown = sent(&covered(page, heads));
    if shown == *digest { Ok(()) } else { bad(format!("digest: what these heads show has {shown}")) }
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
