//! The customer signs: what the glass shows is listed from the visit's page, and the signature pins exactly that.

use crate::act::{Act, Captured, Log};
use crate::device::Device;
use crate::error::{CaptureError, DeviceError};
use outpost_model::admission::PageIndex;
use outpost_model::entry::{Body, Lang, Signature};
use outpost_model::header::Header;
use outpost_model::id::{EntryId, Hash, PageId};
use outpost_model::signature::{covered, digest};

/// What the customer gave on the glass.
#[derive(Debug, Clone, PartialEq)]
pub struct Glass {
    pub visit: Header,
    pub name: String,
    /// The strokes as the platform drew them, an SVG path.
    pub strokes: Vec<u8>,
    /// 1 to 5.
    pub score: u8,
    pub comment: String,
    pub lang: Lang,
    /// The name was typed instead of drawn, for this reason.
    pub typed: Option<String>,
    /// Id of the entry, where it must be a given one.
    pub entry: Option<EntryId>,
}

impl Device {
    /// What a signature on that visit would cover: each entry with its canonical text.
    pub fn covered(&mut self, visit: &Header) -> Result<Vec<(EntryId, String)>, DeviceError> {
        let Some(index) = self.index_of(visit.page())? else { return Ok(Vec::new()) };
        Ok(covered(&index, &index.heads()))
    }

    /// The act that signs: order and visit heads as they are, and the digest of what they show.
    pub fn signing(&mut self, glass: Glass) -> Result<Act, CaptureError> {
        let visit = self.index_of(glass.visit.page())?;
        let order = match glass.visit.order() {
            Some(order) => self.index_of(order)?,
            None => None,
        };
        let visit_heads = heads(visit.as_ref());
        let shown = visit.map(|index| covered(&index, &visit_heads)).unwrap_or_default();
        let signature = Signature {
            name: glass.name,
            strokes: Hash::of(&glass.strokes),
            score: glass.score,
            comment: glass.comment,
            order_heads: heads(order.as_ref()),
            digest: digest(&shown, glass.lang),
            visit_heads,
            lang: glass.lang,
            typed: glass.typed,
        };
        let log = Log { id: glass.entry, ..Body::Sign(signature).into() };
        Ok(Act::logging(glass.visit, log).with_blob(glass.strokes))
    }

    /// Signs, and stores the strokes for upload.
    pub fn sign(&mut self, glass: Glass) -> Result<Captured, CaptureError> {
        let act = self.signing(glass)?;
        self.capture(act)
    }

    pub(crate) fn index_of(&mut self, page: PageId) -> Result<Option<PageIndex>, DeviceError> {
        let owner = self.identity()?.owner;
        self.opening([page], |device| {
            let open = device.shelf.open(device.store.read(), &owner, page)?;
            Ok::<_, DeviceError>(open.map(|open| open.index().clone()))
        })?
    }
}

/// At most 16 may be pinned; a page of more heads is rare, and then what the others hold counts as unseen.
pub(crate) fn heads(index: Option<&PageIndex>) -> Vec<Hash> {
    let mut heads = index.filter(|index| !index.is_empty()).map(PageIndex::heads).unwrap_or_default();
    heads.truncate(16);
    heads
}
