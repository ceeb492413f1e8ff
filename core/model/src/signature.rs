//! What a signature pins: the list of exactly what the glass showed, and its fingerprint. The phone computes it when
//! the customer signs, the server again at admission, a replay before it writes the entry anew: all three from the
//! visit's page and the heads that were shown, so it must depend on nothing else; not on the order of admission. A form
//! that is sent is pinned the same way.

use crate::admission::PageIndex;
use crate::entry::{Body, Lang};
use crate::id::{EntryId, Hash};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// The entries of a visit that a signature covers, as of those heads; of a form, its answers and lines: id and
/// canonical text, by id. What had been voided or replaced by then wasn't shown.
pub fn covered(page: &PageIndex, heads: &[Hash]) -> Vec<(EntryId, String)> {
    let shown: Vec<_> = page.entries().filter(|row| page.covers(heads, &row.change)).collect();
    let gone: BTreeSet<EntryId> = shown
        .iter()
        .filter_map(|row| match &row.entry.body {
            Body::Void { target, .. } => Some(*target),
            _ => row.entry.replaces,
        })
        .collect();
    let mut covered: Vec<(EntryId, String)> = shown
        .iter()
        .filter(|row| row.entry.body.is_covered_by_signature() || row.entry.body.is_on_a_form())
        .filter(|row| !gone.contains(&row.id))
        .filter_map(|row| Some((row.id, row.entry.canonical().ok()?)))
        .collect();
    covered.sort_unstable();
    covered
}

/// The fingerprint of a list of covered entries in the language of the glass: SHA-256 over the language, a line feed,
/// and for each entry its id, a space, its canonical text and a line feed. Canonical JSON holds no line feed.
pub fn digest(covered: &[(EntryId, String)], lang: Lang) -> Hash {
    let lang = match lang {
        Lang::Zh => "zh-CN\n",
        Lang::En => "en\n",
    };
    fingerprint(lang, covered)
}

/// The fingerprint of a form as it is sent: the same, with `form` and a line feed in the place of the language.
pub fn sent(covered: &[(EntryId, String)]) -> Hash {
    fingerprint("form\n", covered)
}

fn fingerprint(head: &str, covered: &[(EntryId, String)]) -> Hash {
    let mut hash = Sha256::new();
    hash.update(head);
    for (id, text) in covered {
        hash.update(format!("{id} {text}\n"));
    }
    Hash(hash.finalize().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_tells_content_and_language_apart() {
        let entry = |n: u8, text: &str| (EntryId([n; 16]), text.to_owned());
        let list = [entry(1, "{}"), entry(2, "{}")];
        let digests =
            [digest(&list, Lang::Zh), digest(&list, Lang::En), digest(&list[..1], Lang::Zh), digest(&[], Lang::Zh)];
        let distinct: BTreeSet<_> = digests.iter().collect();
        assert_eq!(distinct.len(), digests.len());
    }
}
