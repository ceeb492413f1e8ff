//! The envelope: what the server saw of a row when it admitted it. Evidence to read a claim against.

use crate::entry::Evidence;
use crate::id::{DeviceId, UserId};
use crate::time::Millis;
use minicbor::{Decode, Encode};

/// The two clocks at one contact of a device with the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct ContactMark {
    #[n(0)]
    pub number: u32,
    #[n(1)]
    pub server: Millis,
    #[n(2)]
    pub device: Millis,
}

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Envelope {
    #[n(0)]
    pub device: DeviceId,
    #[n(1)]
    pub user: UserId,
    /// The contact that the entries name, if the server knows it.
    #[n(2)]
    pub contact: Option<ContactMark>,
    /// Server time of the last contact that these entries were certainly captured after (by the counter).
    #[n(3)]
    pub floor: Option<Millis>,
    /// Place in the tenant's log and time of receipt; none while the row is only on the phone.
    #[n(4)]
    pub admitted: Option<Admitted>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct Admitted {
    #[n(0)]
    pub seq: u64,
    #[n(1)]
    pub received: Millis,
}

/// How far a claim may lie outside the attested interval before it is in doubt.
pub const TOLERANCE: i64 = Millis::minutes(2);

/// What the server attests of a moment: not before, not after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attested {
    pub earliest: Option<Millis>,
    pub latest: Option<Millis>,
}

impl Attested {
    /// The same, reaching back as far as another does.
    pub fn back_to(self, other: Attested) -> Self {
        Self { earliest: other.earliest, latest: self.latest }
    }

    /// Whether a claim lies outside, by more than the tolerance.
    pub fn excludes(self, claimed: Millis) -> bool {
        self.earliest.is_some_and(|earliest| claimed < earliest.plus(-TOLERANCE))
            || self.latest.is_some_and(|latest| claimed > latest.plus(TOLERANCE))
    }
}

impl Envelope {
    /// The moment that a device's clock claimed, corrected by what it knew of that clock at its last contact.
    pub fn corrected(&self, clock: Millis) -> Millis {
        match self.contact {
            Some(mark) => clock.plus(-mark.device.since(mark.server)),
            None => clock,
        }
    }

    pub fn attested(&self) -> Attested {
        let earliest = self.contact.map(|mark| mark.server).max(self.floor);
        Attested { earliest, latest: self.admitted.map(|admitted| admitted.received) }
    }

    /// Whether the claim lies outside what the server attests.
    pub fn is_suspect(&self, evidence: &Evidence) -> bool {
        self.attested().excludes(self.corrected(evidence.clock))
    }
}
