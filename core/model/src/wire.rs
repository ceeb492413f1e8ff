//! Sync v1: one round trip. A phone sends what it captured, in order, and how far it has read; the answer holds a
//! verdict for each step and what is new. Frames are CBOR maps with integer keys: unknown keys are skipped, numbers
//! are never reused. `docs/protocol.md` says the same in prose.

mod back;
mod check;
mod hand_in;

pub use back::{BackRow, BringBack, BroughtBack};
pub use check::{checked_frame, is_intact};
pub use hand_in::{HandIn, MAX_HAND_IN, MAX_HAND_IN_STEPS, SealedHandIn};

use crate::envelope::Envelope;
use crate::id::{CommandId, Hash, PageId, UserId};
use crate::problem::Code;
use crate::time::Millis;
use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

/// The version spoken here.
pub const VERSION: u16 = 1;
/// Largest body of a request, after decompression.
pub const MAX_REQUEST: usize = 1 << 20;
/// Most steps in one push.
pub const MAX_STEPS: usize = 2_000;
/// Most pages that one request may name.
pub const MAX_PAGES: usize = 1_000;
/// About how many bytes of rows one answer holds.
pub const REPLY_BUDGET: usize = 512 * 1024;
/// Largest blob taken whole.
pub const MAX_WHOLE_BLOB: usize = 256 * 1024;

#[derive(Debug, Clone, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct SyncRequest {
    #[n(0)]
    pub version: u16,
    /// The device's own clock as it sends.
    #[n(1)]
    pub clock: Millis,
    /// Store epoch, and the highest capture counter given away in it. What comes above was captured after this.
    #[n(2)]
    pub epoch: u32,
    #[n(3)]
    pub captured: u64,
    /// Sends so far, raised before these bytes left.
    #[n(4)]
    pub sends: u64,
    /// How far the phone has read; none at first.
    #[n(5)]
    pub cursor: Option<Cursor>,
    /// Headers (canonical JSON) of the pages that the steps write to.
    #[n(6)]
    pub pages: Vec<String>,
    #[n(7)]
    pub steps: Vec<Step>,
    /// Captured, but not in this request.
    #[n(8)]
    pub unsent: u32,
    /// Version of the app, for the console's list of phones.
    #[n(9)]
    pub app: String,
}

/// One captured step: a change of a page, or a command.
#[derive(Debug, Clone, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct Step {
    /// Number of the step, rising within the request.
    #[n(0)]
    pub no: u32,
    /// Steps of this request that this one rests on.
    #[n(1)]
    pub needs: Vec<u32>,
    #[n(2)]
    pub what: What,
}

#[derive(Debug, Clone, PartialEq, Encode, Decode)]
pub enum What {
    /// A change: index of its page's header, and its raw bytes.
    #[n(0)]
    Change(#[n(0)] u32, #[n(1)] ByteVec),
    /// A command, in canonical JSON.
    #[n(1)]
    Command(#[n(0)] String),
}

/// How far a phone has read. Only the server reads inside; phones keep it and hand it back.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Cursor {
    /// The server's epoch: another after a restore.
    #[n(0)]
    pub epoch: u32,
    #[n(1)]
    pub seq: u64,
    /// Chain hash at that sequence, first 16 bytes.
    #[n(2)]
    #[cbor(with = "minicbor::bytes")]
    pub chain: [u8; 16],
    /// Inside a backfill: the page, and the row of it that was read last.
    #[n(3)]
    pub backfill: Option<(PageId, u64)>,
    /// The server's own proof that it gave this place out. A place of this epoch that its log knows nothing of shows
    /// that the log was put back to an earlier time.
    #[n(4)]
    #[cbor(with = "minicbor::bytes")]
    pub mac: Option<[u8; 16]>,
}

#[derive(Debug, Clone, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct SyncReply {
    #[n(0)]
    pub version: u16,
    #[n(1)]
    pub server: Millis,
    /// Number of this contact.
    #[n(2)]
    pub contact: u32,
    #[n(3)]
    pub verdicts: Vec<StepVerdict>,
    #[n(4)]
    pub items: Vec<Item>,
    #[n(5)]
    pub cursor: Cursor,
    /// One sum a scope over what it holds, when nothing more is to come.
    #[n(6)]
    pub digests: Vec<ScopeDigest>,
    #[n(7)]
    pub more: bool,
    /// The cursor was of another epoch or chain: offer everything again.
    #[n(8)]
    pub offer_all: bool,
}

#[derive(Debug, Clone, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct StepVerdict {
    #[n(0)]
    pub no: u32,
    #[n(1)]
    pub verdict: Verdict,
}

#[derive(Debug, Clone, PartialEq, Encode, Decode)]
pub enum Verdict {
    /// Durable, merged and visible, at this place in the log; with the envelope as the log has it.
    #[n(0)]
    Admitted(#[n(0)] Envelope),
    /// The log had it; with the envelope as the log has it.
    #[n(1)]
    AlreadyHad(#[n(0)] Envelope),
    /// The same was decided before, by this command.
    #[n(2)]
    AlreadySo(#[n(0)] CommandId),
    /// For good.
    #[n(3)]
    Refused(#[n(0)] Refused),
    /// Send it again, unchanged, after so many milliseconds.
    #[n(4)]
    Deferred(#[n(0)] CodeName, #[n(1)] u32),
    /// Changes that it rests on and that aren't here.
    #[n(5)]
    Needs(#[n(0)] Vec<Hash>),
}

#[derive(Debug, Clone, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct Refused {
    #[n(0)]
    pub code: CodeName,
    /// What exactly, for the person who mends it.
    #[n(1)]
    pub detail: String,
    /// Who decided meanwhile, and when.
    #[n(2)]
    pub by: Option<UserId>,
    #[n(3)]
    pub at: Option<Millis>,
    /// Policy version that it was judged under.
    #[n(4)]
    pub policy: u32,
}

/// A problem's stable name on the wire; one from a newer server stays readable.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(transparent)]
pub struct CodeName(#[n(0)] pub String);

impl From<Code> for CodeName {
    fn from(code: Code) -> Self {
        Self(code.name().to_owned())
    }
}

#[derive(Debug, Clone, PartialEq, Encode, Decode)]
pub enum Item {
    /// This page is in this scope of yours from now on; its header (empty for what is no page).
    #[n(0)]
    Granted(#[n(0)] String, #[n(1)] PageId, #[n(2)] String),
    /// This page is in that scope no more.
    #[n(1)]
    Withdrawn(#[n(0)] String, #[n(1)] PageId),
    #[n(2)]
    Row(#[n(0)] LogRow),
}

/// A row of the log, verbatim.
#[derive(Debug, Clone, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct LogRow {
    #[n(0)]
    pub page: PageId,
    #[n(1)]
    pub envelope: Envelope,
    #[n(2)]
    pub content: Content,
    /// By a key kept outside the database: whoever brings the row back after a restore proves that it was here.
    #[n(3)]
    #[cbor(with = "minicbor::bytes")]
    pub mac: [u8; 16],
}

#[derive(Debug, Clone, PartialEq, Encode, Decode)]
pub enum Content {
    /// Raw bytes of a change.
    #[n(0)]
    Change(#[n(0)] ByteVec),
    /// A command in canonical JSON, and the pins in canonical JSON.
    #[n(1)]
    Decision(#[n(0)] String, #[n(1)] String),
}

impl LogRow {
    /// What names the row in digests: the content, not its place.
    pub fn content_hash(&self) -> Hash {
        self.content.hash()
    }
}

impl Content {
    /// A change's own hash; a decision's is that of its command.
    pub fn hash(&self) -> Hash {
        match self {
            // The hash of a plain change chunk is that of type, length and body: all but magic and checksum.
            Content::Change(raw) => Hash::of(raw.get(8..).unwrap_or_default()),
            Content::Decision(command, _) => Hash::of(command.as_bytes()),
        }
    }
}

/// The sum of what a scope holds: for each page in it, the hashes of its rows, added up modulo 2¹²⁸.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ScopeDigest {
    #[n(0)]
    pub scope: String,
    #[n(1)]
    pub sum: Sum,
}

/// A 128-bit sum of row hashes; the order of adding doesn't matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sum(pub u128);

impl Sum {
    pub fn of(hash: &Hash) -> Self {
        let mut first = [0; 16];
        first.copy_from_slice(&hash.0[..16]);
        Self(u128::from_be_bytes(first))
    }
    pub fn plus(self, other: Self) -> Self {
        Self(self.0.wrapping_add(other.0))
    }
    pub fn minus(self, other: Self) -> Self {
        Self(self.0.wrapping_sub(other.0))
    }
}
impl<C> Encode<C> for Sum {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.bytes(&self.0.to_be_bytes())?.ok()
    }
}
impl<'b, C> Decode<'b, C> for Sum {
    fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        let bytes = d.bytes()?;
        let sum: [u8; 16] = bytes.try_into().map_err(|_| minicbor::decode::Error::message("a sum is 16 bytes"))?;
        Ok(Self(u128::from_be_bytes(sum)))
    }
}

/// Drill-down after a digest disagreed (`POST /v1/drill`): the pages of a scope by the last byte of their id, then
/// the pages of some of those buckets, then all rows of some pages.
#[derive(Debug, Clone, PartialEq, Encode, Decode)]
pub enum Drill {
    /// 256 sums, one a bucket.
    #[n(0)]
    Buckets(#[n(0)] String),
    /// Each page in these buckets, with its sum.
    #[n(1)]
    Pages(#[n(0)] String, #[n(1)] ByteVec),
    /// These pages whole.
    #[n(2)]
    Rows(#[n(0)] Vec<PageId>),
}

#[derive(Debug, Clone, PartialEq, Encode, Decode)]
pub enum DrillReply {
    #[n(0)]
    Buckets(#[n(0)] Vec<Sum>),
    #[n(1)]
    Pages(#[n(0)] Vec<(PageId, Sum)>),
    /// Grants and rows, as in a pull.
    #[n(2)]
    Rows(#[n(0)] Vec<Item>),
}

/// Reads a frame from outside; bytes left over are refused too.
pub fn parse_frame<'b, T: Decode<'b, ()>>(bytes: &'b [u8]) -> Result<T, minicbor::decode::Error> {
    let mut decoder = minicbor::Decoder::new(bytes);
    let frame = decoder.decode()?;
    if decoder.position() == bytes.len() {
        Ok(frame)
    } else {
        Err(minicbor::decode::Error::message("bytes are left over"))
    }
}

pub fn frame<T: Encode<()>>(value: &T) -> Vec<u8> {
    minicbor::to_vec(value).expect("writing to memory can't go wrong")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn idle() -> SyncRequest {
        SyncRequest {
            version: VERSION,
            clock: Millis(1_790_000_000_000),
            epoch: 1,
            captured: 40_000,
            sends: 9_000,
            cursor: Some(Cursor { epoch: 1, seq: 1_000_000, chain: [7; 16], backfill: None, mac: Some([9; 16]) }),
            pages: vec![],
            steps: vec![],
            unsent: 0,
            app: "outpost-web 0.1.0".into(),
        }
    }

    #[test]
    fn an_idle_request_is_small_and_reads_back() {
        let bytes = frame(&idle());
        assert!(bytes.len() < 140, "{} bytes", bytes.len());
        assert_eq!(parse_frame::<SyncRequest>(&bytes).unwrap(), idle());
    }

    #[test]
    fn truncated_and_overlong_frames_are_refused() {
        let bytes = frame(&idle());
        for end in 0..bytes.len() {
            assert!(parse_frame::<SyncRequest>(&bytes[..end]).is_err());
        }
        assert!(parse_frame::<SyncRequest>(&[bytes, vec![0]].concat()).is_err());
    }
}
