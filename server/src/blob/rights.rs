//! Which blobs a phone may bring: those that an admitted entry of the page names, if its person may read the page
//! or wrote on it himself: his own photo he may still deliver after the order was taken from him.

use crate::store::{StoreError, probe};
use outpost_model::id::{DeviceId, Hash, PageId, TenantId};
use rusqlite::{Connection, params};

pub fn is_named_by(store: &Connection, tenant: &TenantId, page: &PageId, blob: &Hash) -> Result<bool, StoreError> {
    let sql = "select 1 from blob_mention where tenant = $1 and blob = $2 and page = $3";
    Ok(probe(store, sql, params![tenant.as_str(), blob.0, page.0], |_| Ok(()))?.is_some())
}

pub fn wrote_on(store: &Connection, tenant: &TenantId, page: &PageId, device: &DeviceId) -> Result<bool, StoreError> {
    let sql = "select 1 from log where tenant = $1 and page = $2 and device = $3 limit 1";
    Ok(probe(store, sql, params![tenant.as_str(), page.0, device.as_str()], |_| Ok(()))?.is_some())
}
