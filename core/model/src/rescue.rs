//! A rescue file: what a phone that can't sync any more hands to headquarters by hand. It is signed with the phone's
//! key and sealed to headquarters', so that it may travel by any way; what is in it is judged there like a push.
//!
//! ```text
//! "OUTPOST RESCUE 1\n", sealed box of: Signed { body: frame of Rescue, key, signature over SIGNED_TEXT ‖ SHA-256(body) }
//! ```

use crate::id::{DeviceId, EntryId, Hash, PageId, TenantId, UserId};
use crate::time::Millis;
use crate::wire::{HandIn, MAX_HAND_IN, MAX_HAND_IN_STEPS, Refused, Step, VERSION, What};
use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

/// How a rescue file begins.
pub const MAGIC: &[u8] = b"OUTPOST RESCUE 1\n";
/// What is signed begins so: no signature of a phone's means anything else.
const SIGNED_TEXT: &[u8] = b"outpost-rescue-v1\n";
/// The largest rescue file that is opened.
pub const MAX_RESCUE: usize = 64 << 20;
/// More steps than this no phone keeps.
pub const MAX_RESCUED: usize = 100_000;

/// What was sealed.
#[derive(Debug, Clone, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct Signed {
    #[n(0)]
    pub body: ByteVec,
    /// The phone's public key, and its signature; none where the keystore didn't answer any more.
    #[n(1)]
    #[cbor(with = "minicbor::bytes")]
    pub key: Option<[u8; 32]>,
    #[n(2)]
    #[cbor(with = "minicbor::bytes")]
    pub signature: Option<[u8; 64]>,
}

impl Signed {
    /// The bytes that a phone signs.
    pub fn text(body: &[u8]) -> Vec<u8> {
        [SIGNED_TEXT, &Hash::of(body).0].concat()
    }
}

#[derive(Debug, Clone, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct Rescue {
    #[n(0)]
    pub tenant: TenantId,
    #[n(1)]
    pub device: DeviceId,
    #[n(2)]
    pub user: UserId,
    /// The device's own clock as it was written.
    #[n(3)]
    pub clock: Millis,
    #[n(4)]
    pub app: String,
    /// Headers (canonical JSON) of the pages that the steps write to.
    #[n(5)]
    pub pages: Vec<String>,
    /// In capture order.
    #[n(6)]
    pub steps: Vec<Rescued>,
    #[n(7)]
    pub files: Vec<File>,
    /// What couldn't be read of a damaged store, in a sentence each.
    #[n(8)]
    pub missing: Vec<String>,
    /// Store epoch, and the highest capture counter given away in it.
    #[n(9)]
    pub epoch: u32,
    #[n(10)]
    pub captured: u64,
}

impl Rescue {
    /// As a phone hands it in that still reaches its server: in as many frames as their size asks for, each with what
    /// its own steps rest on as far as that is in it.
    pub fn hand_ins(&self) -> Vec<HandIn> {
        let mut frames = Vec::new();
        let (mut steps, mut pages, mut size) = (Vec::new(), Places::default(), 0);
        for step in &self.steps {
            let weight = step.weight() + self.header_of(step).map_or(0, String::len);
            let is_full = size + weight > MAX_HAND_IN * 3 / 4 || steps.len() >= MAX_HAND_IN_STEPS;
            if is_full && !steps.is_empty() {
                frames.push(self.hand_in(std::mem::take(&mut steps), std::mem::take(&mut pages)));
                size = 0;
            }
            size += weight;
            let what = match &step.what {
                What::Change(_, raw) => What::Change(pages.place(self.header_of(step)), raw.clone()),
                command => command.clone(),
            };
            // Numbers rise, and a step rests on earlier ones only: whatever a damaged store says.
            let needs = step.needs.iter().copied().filter(|need| *need < step.no).collect();
            steps.push(Step { no: step.no, needs, what });
        }
        if !steps.is_empty() {
            frames.push(self.hand_in(steps, pages));
        }
        frames
    }

    fn header_of(&self, step: &Rescued) -> Option<&String> {
        match &step.what {
            What::Change(place, _) => self.pages.get(*place as usize),
            What::Command(_) => None,
        }
    }

    fn hand_in(&self, steps: Vec<Step>, pages: Places) -> HandIn {
        let Self { clock, epoch, captured, app, .. } = self;
        let (clock, epoch, captured, app) = (*clock, *epoch, *captured, app.clone());
        HandIn { version: VERSION, clock, epoch, captured, pages: pages.0, steps, app }
    }
}

impl Rescued {
    fn weight(&self) -> usize {
        let content = match &self.what {
            What::Change(_, raw) => raw.len(),
            What::Command(text) => text.len(),
        };
        content + self.needs.len() * 5 + 32
    }
}

/// Headers of one frame, each once.
#[derive(Default)]
struct Places(Vec<String>);

impl Places {
    fn place(&mut self, header: Option<&String>) -> u32 {
        let header = header.cloned().unwrap_or_default();
        let known = self.0.iter().position(|known| *known == header);
        let place = known.unwrap_or_else(|| {
            self.0.push(header);
            self.0.len() - 1
        });
        u32::try_from(place).unwrap_or(u32::MAX)
    }
}

/// A step that headquarters hasn't got: never sent, not answered, or refused.
#[derive(Debug, Clone, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct Rescued {
    #[n(0)]
    pub no: u32,
    /// The first step of the same tap.
    #[n(1)]
    pub act: u32,
    #[n(2)]
    pub page: PageId,
    /// The action, as lists call it.
    #[n(3)]
    pub name: String,
    #[n(4)]
    pub at: Millis,
    /// Steps that it rests on.
    #[n(5)]
    pub needs: Vec<u32>,
    #[n(6)]
    pub what: What,
    /// Why it was refused, if it was.
    #[n(7)]
    pub refused: Option<Refused>,
    /// What a change says: its entries, as canonical JSON.
    #[n(8)]
    pub entries: Vec<(EntryId, String)>,
}

/// A file that headquarters hasn't got: strokes whole, of a photo its hash.
#[derive(Debug, Clone, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct File {
    #[n(0)]
    pub hash: Hash,
    #[n(1)]
    pub page: PageId,
    #[n(2)]
    pub size: u64,
    #[n(3)]
    pub bytes: Option<ByteVec>,
}
