//! How complete an export is. What a phone still holds is in no table, so each export says what it can't know.

use crate::relay::{DeviceKind, Facts};
use crate::store::StoreError;
use std::fmt;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completeness {
    pub rows: usize,
    /// Last row of the log that was read, and the first digits of the chain there.
    pub seq: u64,
    pub chain: String,
    pub phones: usize,
    /// When the phone that has been silent longest was last heard of; those that never were count apart.
    pub oldest_contact: Option<String>,
    pub never_heard: usize,
    /// Steps that phones said they hold and hadn't sent at their last contact.
    pub unsent: u64,
}

impl Completeness {
    pub(super) fn of(facts: &Facts<'_>, rows: usize) -> Result<Self, StoreError> {
        let devices = facts.devices()?;
        let phones: Vec<_> =
            devices.iter().filter(|device| device.kind == DeviceKind::Phone && device.revoked.is_none()).collect();
        let oldest = phones.iter().filter_map(|phone| phone.contact.map(|(_, at)| at)).min();
        Ok(Self {
            rows,
            seq: facts.end.0,
            chain: hex::encode(&facts.end.1[..8]),
            phones: phones.len(),
            oldest_contact: oldest.map(|at| facts.policy.zone.rfc3339(at)),
            never_heard: phones.iter().filter(|phone| phone.contact.is_none()).count(),
            unsent: phones.iter().map(|phone| u64::from(phone.unsent)).sum(),
        })
    }
}

impl fmt::Display for Completeness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} rows, as of log row {} (chain {})", self.rows, self.seq, self.chain)?;
        write!(f, "; {} phones", self.phones)?;
        if let Some(oldest) = &self.oldest_contact {
            write!(f, ", all heard of since {oldest}")?;
        }
        if self.never_heard > 0 {
            write!(f, ", {} never heard of", self.never_heard)?;
        }
        if self.unsent > 0 {
            write!(f, ", {} steps known to be unsent", self.unsent)?;
        }
        Ok(())
    }
}
