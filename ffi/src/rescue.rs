//! A phone that can't sync any more hands its work over in a sealed file.

use crate::bridge::Bridge;
use crate::host::Host;
use crate::trouble::Trouble;
use outpost_device::rescue::{RescueReport, rescue_folder};
use std::path::PathBuf;

/// From a store that can't be opened any more: it is only read, as far as it can be.
#[uniffi::export]
pub fn rescue_damaged(host: Host, path: String) -> Result<RescueReport, Trouble> {
    let bridge = Bridge::new(host)?;
    let store = PathBuf::from(&bridge.host.folder).join("store");
    signed(&bridge, &path, |file| Ok(rescue_folder(&store, bridge.lent()?, file)?))
}

/// Writes the file; once more, where the key had to be asked outside of the lock. A key that is gone with the rest
/// doesn't keep the work back: then the file says that nobody signed it.
pub(crate) fn signed(
    bridge: &Bridge,
    path: &str,
    rescue: impl Fn(&mut Vec<u8>) -> Result<RescueReport, Trouble>,
) -> Result<RescueReport, Trouble> {
    let mut file = Vec::new();
    let mut report = rescue(&mut file)?;
    if !report.signed
        && let Some(desk) = bridge.keys()
        && let Some(signature) = desk.wanted().and_then(|message| bridge.sign(message).ok())
    {
        desk.lay(signature);
        file.clear();
        report = rescue(&mut file)?;
    }
    std::fs::write(path, &file).map_err(Trouble::host)?;
    Ok(report)
}
