//! Numbers that must exist on site: receipts, provisional order numbers. They come from blocks that this phone leased;
//! each is given away once. A store put back from a backup can't know what it gave away since: its blocks of before
//! count as used up, and it leases others.

use crate::device::Device;
use crate::error::DeviceError;
use crate::store::records::{self, Lease};
use crate::store::{Stored, life};
use outpost_model::command::Series;
use rusqlite::Connection;

impl Device {
    /// The number that would be given away next, to show before saving.
    pub fn next_number(&self, series: Series) -> Result<Option<String>, DeviceError> {
        let (db, id) = (self.store.read(), self.identity()?.owner.device);
        let epoch = self.life()?.epoch;
        let next = open_lease(db, |lease| lease.device == id && lease.epoch == epoch && lease.block.series == series)?;
        Ok(next.map(|(lease, given)| lease.block.number(lease.block.first + given)))
    }

    /// Gives the next number away; none when the blocks are used up, or none was leased.
    pub fn take_number(&mut self, series: Series) -> Result<Option<String>, DeviceError> {
        let id = self.identity()?.owner.device;
        let tx = self.store.begin()?;
        let epoch = life::load(&tx)?.epoch;
        let next = open_lease(&tx, |lease| lease.device == id && lease.epoch == epoch && lease.block.series == series)?;
        let Some((lease, given)) = next else { return Ok(None) };
        records::set_given(&tx, lease.id, given + 1)?;
        tx.commit()?;
        Ok(Some(lease.block.number(lease.block.first + given)))
    }

    /// How many numbers are left, to lease others in time.
    pub fn numbers_left(&self, series: Series) -> Result<u32, DeviceError> {
        let (db, id) = (self.store.read(), self.identity()?.owner.device);
        let epoch = self.life()?.epoch;
        let mut left = 0;
        for lease in records::leases(db)? {
            if lease.device == id && lease.epoch == epoch && lease.block.series == series {
                left += size(&lease).saturating_sub(records::given(db, lease.id)?);
            }
        }
        Ok(left)
    }
}

fn size(lease: &Lease) -> u32 {
    (lease.block.last + 1).saturating_sub(lease.block.first)
}

/// The first block with a number left, and how many were given away from it.
fn open_lease(db: &Connection, fits: impl Fn(&Lease) -> bool) -> Stored<Option<(Lease, u32)>> {
    for lease in records::leases(db)?.into_iter().filter(|lease| fits(lease)) {
        let given = records::given(db, lease.id)?;
        if given < size(&lease) {
            return Ok(Some((lease, given)));
        }
    }
    Ok(None)
}
